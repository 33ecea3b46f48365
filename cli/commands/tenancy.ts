/** tenants, keys, quotas: who may call, and how much. */
import type { Command } from 'commander';
import { given, numberOf, type World } from '../session.ts';
import { addGet, addGroup, addRemove, EVERYTHING, operating, type Resource } from './resource.ts';

const TENANTS: Resource = {
  name: 'tenants',
  one: 'tenant',
  description: 'Who there is',
  path: '/admin/tenants',
  columns: ['tenant_id', 'keys', 'tier', 'policy'],
  example: 'atp tenants get default',
};

const KEYS: Resource = {
  name: 'keys',
  one: 'key',
  description: 'API keys; a secret is shown when it is made, and never again',
  path: '/admin/keys',
  columns: ['id', 'tenant_id', 'roles', 'name', 'created_at', 'expires_at'],
  example: 'atp keys create acme --role caller --name build-server',
};

const QUOTAS: Resource = {
  name: 'quotas',
  one: 'quota',
  description: "Tenants' limits",
  path: '/admin/quotas',
  columns: ['tenant_id', 'tier', 'rate_limit', 'burst_multiplier', 'updated_at'],
  example: 'atp quotas set acme --tier pro --rps 20',
};

interface KeyOptions {
  role?: string[];
  scope?: string[];
  name?: string;
  expires?: string;
}

const addKeys = (program: Command, world: World): void => {
  const group = addGroup(program, world, KEYS);
  group
    .command('of')
    .description('List the keys of one tenant')
    .argument('<tenant>', 'its id')
    .action(
      operating(world, async ({ api, out }, tenant_id: string) =>
        out.rows(await api.list(KEYS.path, { tenant_id }, EVERYTHING), KEYS.columns),
      ),
    );
  group
    .command('create')
    .description('Make a key; it is shown this once')
    .argument('<tenant>', 'whose it is')
    .option('--role <name...>', 'owner, operator, auditor, developer or caller')
    .option('--scope <name...>', 'less than the roles permit, such as ask or models:read')
    .option('--name <text>', 'what it is for')
    .option('--expires <time>', 'until when it is valid, ISO 8601')
    .action(
      operating(world, async ({ api, out }, tenant_id: string, options: KeyOptions) => {
        const { role, scope, name, expires } = options;
        const fields = { roles: role, scopes: scope, name, expires_at: expires };
        const body = { tenant_id, ...given(fields) };
        out.record(await api.json('POST', KEYS.path, { body }));
      }),
    );
  group
    .command('rotate')
    .description('Make a key that takes the place of another; it is shown this once')
    .argument('<id>', 'id of the other')
    .option('--overlap <seconds>', 'how long the other stays valid', numberOf)
    .option('--expires <time>', 'until when the new one is valid, ISO 8601')
    .action(
      operating(world, async ({ api, out }, id: string, options: { overlap?: number; expires?: string }) => {
        const body = given({ overlap_seconds: options.overlap, expires_at: options.expires });
        out.record(await api.json('POST', `${KEYS.path}/${encodeURIComponent(id)}/rotate`, { body }));
      }),
    );
  addRemove(group, world, KEYS, 'revoke');
};

interface QuotaOptions {
  tier?: string;
  rps?: number;
  rpm?: number;
  rph?: number;
  tokensPerDay?: number;
  costPerDay?: number;
  concurrent?: number;
  burst?: number;
}

const addQuotas = (program: Command, world: World): void => {
  const group = addGroup(program, world, QUOTAS);
  addGet(group, world, QUOTAS);
  group
    .command('set')
    .description("Set a tenant's limits; what is left out is the tier's default")
    .argument('<tenant>', 'its id')
    .option('--tier <name>', 'free, pro or enterprise')
    .option('--rps <n>', 'requests a second', numberOf)
    .option('--rpm <n>', 'requests a minute', numberOf)
    .option('--rph <n>', 'requests an hour', numberOf)
    .option('--tokens-per-day <n>', 'tokens a day', numberOf)
    .option('--cost-per-day <usd>', 'dollars a day', numberOf)
    .option('--concurrent <n>', 'requests at once', numberOf)
    .option('--burst <factor>', 'multiplies the requests a second', numberOf)
    .action(
      operating(world, async ({ api, out }, tenant_id: string, options: QuotaOptions) => {
        const rate_limit = given({
          rps: options.rps,
          rpm: options.rpm,
          rph: options.rph,
          tokens_per_day: options.tokensPerDay,
          cost_per_day_usd: options.costPerDay,
          concurrent: options.concurrent,
        });
        const body = {
          tenant_id,
          rate_limit,
          ...given({ tier: options.tier, burst_multiplier: options.burst }),
        };
        out.record(await api.json('POST', QUOTAS.path, { body }));
      }),
    );
};

export const addTenancy = (program: Command, world: World): void => {
  addGet(addGroup(program, world, TENANTS), world, TENANTS);
  addKeys(program, world);
  addQuotas(program, world);
};
