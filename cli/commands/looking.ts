/** observations, usage, events, audit, health: what happened, and how it is. */
import type { Command } from 'commander';
import { EXIT, Failure } from '../failure.ts';
import { given, numberOf, sessionOf, type World } from '../session.ts';
import { EVERYTHING, operating } from './resource.ts';

interface Filters {
  tenant?: string;
  model?: string;
  outcome?: string;
  type?: string;
  since?: string;
  until?: string;
  kind?: string;
  action?: string;
  actor?: string;
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
    const { tenant, limit = SOME, ...rest } = filters;
    const query = { tenant_id: tenant, ...rest, limit: String(Math.min(limit, MOST_A_PAGE)) };
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

/** The listing that a command stands under takes the option too, and gets it. */
const tenantOf = (command: Command): string | undefined =>
  command.optsWithGlobals<{ tenant?: string }>().tenant;

const addListings = (program: Command, world: World): void => {
  const observations = between(program.command('observations'))
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
  observations
    .command('get')
    .description('One request, its decision and its steps')
    .argument('<request-id>', 'as the reply named it')
    .option('--tenant <id>', 'whose it was, where not the own')
    .action(async (id: string, _: object, command: Command) => {
      const { api, out } = sessionOf(world, command, 'admin');
      const query = { tenant_id: tenantOf(command) };
      out.record(await api.json('GET', `/admin/observations/${encodeURIComponent(id)}`, { query }));
    });
  between(program.command('events'))
    .description('What the gateway noticed, newest first')
    .option('--type <name>', 'of one type, such as adapter.breaker_opened')
    .option('--tenant <id>', 'of one tenant')
    .addHelpText('after', '\nExample:\n  atp events --type adapter.breaker_opened')
    .action(listed(world, '/admin/events', ['created_at', 'type', 'subject', 'tenant_id', 'by']));
  const audit = between(program.command('audit'))
    .description('What operators changed and who was refused, newest first')
    .option('--tenant <id>', 'of one tenant')
    .option('--kind <name>', 'change, denied or system')
    .option('--outcome <name>', 'begun, succeeded, failed, unauthenticated or forbidden')
    .option('--action <route>', 'of one route, such as "POST /admin/keys"')
    .option('--actor <key-id>', 'by one key')
    .addHelpText('after', '\nExample:\n  atp audit --since 2026-01-01T00:00:00Z --json')
    .action(listed(world, '/admin/audit', AUDIT));
  audit
    .command('verify')
    .description('Is the audit log as it was written; exit code 1 where it is not')
    .option('--tenant <id>', "one tenant's chain alone")
    .action(async (_: object, command: Command) => {
      const { api, out } = sessionOf(world, command, 'admin');
      const query = { tenant_id: tenantOf(command) };
      const found = (await api.json('GET', '/admin/audit/verify', { query })) as { ok: boolean };
      out.record(found);
      if (!found.ok) throw new Failure(EXIT.refused, 'The audit log is not as it was written.', found);
    });
};

const AUDIT = ['at', 'kind', 'action', 'outcome', 'tenant_id', 'actor', 'target', 'count'];

const SERIES = [
  'at',
  'requests',
  'errors',
  'limit_hits',
  'p50_ms',
  'p95_ms',
  'cost_usd',
  'tokens_in',
  'tokens_out',
];

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
    .command('series')
    .description('What happened over time')
    .option('--minutes <n>', 'so far back')
    .option('--step <seconds>', 'a row for so many')
    .addHelpText('after', '\nExample:\n  atp series --minutes 60 --json')
    .action(
      operating(world, async ({ api, out }, { minutes, step }: { minutes?: string; step?: string }) => {
        const query = { minutes, step_s: step };
        const report = (await api.json('GET', '/admin/series', { query })) as { points: unknown[] };
        if (out.isJson) out.json(report);
        else out.rows(report.points, SERIES);
      }),
    );
  program
    .command('preview')
    .description('What would be masked of a text; nothing of it is kept')
    .argument('<text...>', 'the text; - reads it from standard input')
    .option('--mode <name>', 'observe, redact, pseudonymise or block')
    .addHelpText('after', '\nExample:\n  atp preview "Write to jane@example.com"')
    .action(
      operating(world, async ({ api, out }, words: string[], { mode }: { mode?: string }) => {
        const text = words.length === 1 && words[0] === '-' ? await world.readInput() : words.join(' ');
        out.record(await api.json('POST', '/admin/privacy/preview', { body: { text, ...given({ mode }) } }));
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
