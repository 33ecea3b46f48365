/** observations, usage, events, audit, health: what happened, and how it is. */
import type { Command } from 'commander';
import { EXIT, Failure } from '../failure.ts';
import { numberOf, sessionOf, type World } from '../session.ts';
import { EVERYTHING, operating } from './resource.ts';

interface Filters {
  tenant?: string;
  model?: string;
  outcome?: string;
  type?: string;
  since?: string;
  until?: string;
  from?: string;
  to?: string;
  limit?: number;
}

/** As many as a person reads at once. */
const SOME = 50;
const MOST_A_PAGE = 1_000;

const between = (command: Command): Command =>
  command
    .option('--since <time>', 'from then on, ISO 8601')
    .option('--until <time>', 'before then, ISO 8601')
    .option('--limit <n>', 'so many at most', numberOf, SOME);

const listed = (world: World, path: string, columns: readonly string[]) =>
  operating(world, async ({ api, out }, filters: Filters) => {
    const { tenant, model, outcome, type, since, until, limit = SOME } = filters;
    const page = String(Math.min(limit, MOST_A_PAGE));
    const query = { tenant_id: tenant, model, outcome, type, since, until, limit: page };
    out.rows(await api.list(path, query, limit), columns);
  });

interface UsageRow {
  day: string;
  tenant_id: string;
  model: string;
  requests: number;
  failed: number;
  tokens_in: number;
  tokens_out: number;
  cost_usd: number;
}

/** Rows of several pages that are of one day, tenant and model. */
const merged = (rows: readonly UsageRow[]): UsageRow[] => {
  const found = new Map<string, UsageRow>();
  for (const row of rows) {
    const key = JSON.stringify([row.day, row.tenant_id, row.model]);
    const known = found.get(key);
    if (known === undefined) found.set(key, { ...row });
    else
      for (const name of ['requests', 'failed', 'tokens_in', 'tokens_out', 'cost_usd'] as const)
        known[name] += row[name];
  }
  return [...found.values()];
};

const USAGE = ['day', 'tenant_id', 'model', 'requests', 'failed', 'tokens_in', 'tokens_out', 'cost_usd'];

const addListings = (program: Command, world: World): void => {
  between(program.command('observations'))
    .description('What happened, newest first')
    .option('--tenant <id>', 'of one tenant')
    .option('--model <id>', 'of one model')
    .option('--outcome <name>', 'success, upstream_error, timeout, aborted or cut')
    .addHelpText('after', '\nExample:\n  atp observations --outcome timeout --limit 20')
    .action(
      listed(world, '/admin/observations', [
        ...['created_at', 'request_id', 'tenant_id', 'model', 'outcome', 'cost_usd', 'latency_ms'],
        ...['quality_score', 'prompt'],
      ]),
    );
  between(program.command('events'))
    .description('What the gateway noticed, newest first')
    .option('--type <name>', 'of one type, such as adapter.breaker_opened')
    .option('--tenant <id>', 'of one tenant')
    .addHelpText('after', '\nExample:\n  atp events --type adapter.breaker_opened')
    .action(listed(world, '/admin/events', ['created_at', 'type', 'subject', 'tenant_id', 'by']));
  between(program.command('audit'))
    .description('What operators changed and who was refused, newest first')
    .option('--tenant <id>', 'of one tenant')
    .addHelpText('after', '\nExample:\n  atp audit --since 2026-01-01T00:00:00Z --json')
    .action(listed(world, '/admin/audit', AUDIT));
};

const AUDIT = ['at', 'kind', 'action', 'outcome', 'tenant_id', 'actor', 'target', 'count'];

export const addLooking = (program: Command, world: World): void => {
  addListings(program, world);
  program
    .command('usage')
    .description('What tenants used, by day and model')
    .option('--tenant <id>', 'of one tenant')
    .option('--model <id>', 'of one model')
    .option('--from <day>', 'first day, YYYY-MM-DD (UTC)')
    .option('--to <day>', 'last day')
    .addHelpText('after', '\nExample:\n  atp usage --tenant acme --from 2026-01-01 --to 2026-01-31')
    .action(
      operating(world, async ({ api, out }, { tenant, model, from, to }: Filters) => {
        const query = { tenant_id: tenant, model, from, to };
        out.rows(merged((await api.list('/admin/usage', query, EVERYTHING)) as UsageRow[]), USAGE);
      }),
    );
  program
    .command('health')
    .description('Can the router serve; exit code 1 where it cannot')
    .addHelpText('after', '\nExample:\n  atp health --json')
    .action(async (_: object, command: Command) => {
      const { api, out } = sessionOf(world, command, 'none');
      const report = (await api.json('GET', '/readyz')) as {
        status: string;
        checks: Record<string, { status: string; message: string; latency_ms: number }>;
      };
      if (out.isJson) out.json(report);
      else
        out.rows(
          Object.entries(report.checks).map(([check, rest]) => ({ check, ...rest })),
          ['check', 'status', 'message', 'latency_ms'],
        );
      if (report.status !== 'healthy')
        throw new Failure(EXIT.refused, `The router is ${report.status}.`, report);
    });
};
