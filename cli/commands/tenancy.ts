/** tenants, keys, quotas: who may call, and how much. */
import type { Command } from 'commander';
import { given, numberOf, sessionOf, type World } from '../session.ts';
import { type LimitOptions, limiting, rateLimitOf } from './limits.ts';
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
  columns: ['id', 'tenant_id', 'roles', 'name', 'created_at', 'last_used_at', 'expires_at'],
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

interface KeyOptions extends LimitOptions {
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
  limiting(group.command('create'))
    .description("Make a key; it is shown this once. Limits are its own, beside the tenant's")
    .argument('<tenant>', 'whose it is')
    .option('--role <name...>', 'owner, operator, auditor, developer or caller')
    .option('--scope <name...>', 'less than the roles permit, such as ask or models:read')
    .option('--name <text>', 'what it is for')
    .option('--expires <time>', 'until when it is valid, ISO 8601')
    .action(
      operating(world, async ({ api, out }, tenant_id: string, options: KeyOptions) => {
        const { role, scope, name, expires } = options;
        const limits = rateLimitOf(options);
        const rate_limit = Object.keys(limits).length === 0 ? undefined : limits;
        const fields = { roles: role, scopes: scope, name, expires_at: expires, rate_limit };
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

interface QuotaOptions extends LimitOptions {
  tier?: string;
  burst?: number;
}

interface OwnUsage {
  limits: Record<string, object>;
  key?: { limits: Record<string, object> };
}

const rowsOf = (whose: string, limits: Record<string, object> = {}): object[] =>
  Object.entries(limits).map(([of, rest]) => ({ whose, of, ...rest }));

const addQuotas = (program: Command, world: World): void => {
  const group = addGroup(program, world, QUOTAS);
  addGet(group, world, QUOTAS);
  group
    .command('own')
    .description("What the caller's tenant has used and has left; its own key will do")
    .action(async (_: object, command: Command) => {
      const { api, out, acting } = sessionOf(world, command, 'tenant');
      const usage = (await api.json('GET', '/v1/usage', { headers: acting })) as OwnUsage;
      if (out.isJson) out.json(usage);
      else
        out.rows(
          [...rowsOf("the tenant's", usage.limits), ...rowsOf("the key's", usage.key?.limits)],
          ['whose', 'of', 'limit', 'used', 'held', 'free', 'resets_at'],
        );
    });
  limiting(group.command('set'))
    .description("Set a tenant's limits; what is left out is the tier's default")
    .argument('<tenant>', 'its id')
    .option('--tier <name>', 'free, pro or enterprise')
    .option('--burst <factor>', 'multiplies the requests a second', numberOf)
    .action(
      operating(world, async ({ api, out }, tenant_id: string, options: QuotaOptions) => {
        const rate_limit = rateLimitOf(options);
        const rest = given({ tier: options.tier, burst_multiplier: options.burst });
        out.record(await api.json('POST', QUOTAS.path, { body: { tenant_id, rate_limit, ...rest } }));
      }),
    );
};

const addWhoAmI = (program: Command, world: World): void => {
  program
    .command('whoami')
    .description("Whose key this is: an operator's or an auditor's")
    .addHelpText('after', '\nExample:\n  atp whoami')
    .action(operating(world, async ({ api, out }) => out.record(await api.json('GET', '/admin/me'))));
};

export const addTenancy = (program: Command, world: World): void => {
  addGet(addGroup(program, world, TENANTS), world, TENANTS);
  addKeys(program, world);
  addQuotas(program, world);
  addWhoAmI(program, world);
};
