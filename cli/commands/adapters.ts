/** adapters: which models there are, and by whose keys they are called. */
import type { Command } from 'commander';
import { EXIT, Failure } from '../failure.ts';
import { given, numberOf, type World } from '../session.ts';
import { bodyIn, keyIn } from './body.ts';
import { addGet, addGroup, addRemove, operating, type Resource } from './resource.ts';

const ADAPTERS: Resource = {
  name: 'adapters',
  one: 'model',
  description: 'The registered models',
  path: '/admin/adapters',
  columns: ['id', 'provider', 'model', 'price', 'quality', 'latency_ms', 'enabled', 'health'],
  example:
    'atp adapters put my-llama --provider openai-compatible --base-url http://127.0.0.1:11434/v1 --cost-per-1k 0',
};

interface PutAdapterOptions {
  provider?: string;
  model?: string;
  costPer1k?: number;
  baseUrl?: string;
  quality?: number;
  latency?: number;
  capability?: string[];
  apiKeyEnv?: string;
  disabled?: boolean;
  file?: string;
}

export const addAdapters = (program: Command, world: World): void => {
  const group = addGroup(program, world, ADAPTERS);
  addGet(group, world, ADAPTERS);
  group
    .command('put')
    .description('Register a model, or replace it')
    .argument('<id>', 'its id')
    .option('--provider <kind>', 'simulated, openai, anthropic, bedrock or openai-compatible')
    .option('--model <name>', "the provider's name of it")
    .option('--cost-per-1k <usd>', 'price of 1,000 tokens', numberOf)
    .option('--base-url <url>', 'where the provider is')
    .option('--quality <share>', 'expected quality, 0 to 1', numberOf)
    .option('--latency <ms>', 'expected latency', numberOf)
    .option('--capability <name...>', 'tools, vision, json, streaming, embeddings')
    .option('--api-key-env <name>', "variable with the provider's key; it goes into the secret store")
    .option('--disabled', 'known, but not used')
    .option('--file <path>', 'the other fields as JSON; - is standard input')
    .action(
      operating(world, async ({ api, out }, id: string, options: PutAdapterOptions) => {
        const fields = given({
          provider: options.provider,
          model: options.model,
          cost_per_1k: options.costPer1k,
          base_url: options.baseUrl,
          quality: options.quality,
          latency_ms: options.latency,
          capabilities: options.capability,
          api_key: keyIn(world, options.apiKeyEnv),
          enabled: options.disabled === true ? false : undefined,
        });
        const body = { ...(await bodyIn(world, options.file)), ...fields, id };
        out.record(await api.json('POST', '/admin/adapters', { body }));
      }),
    );
  addRemove(group, world, ADAPTERS);
  group
    .command('test')
    .description(
      'Call a model once, by the key of the tenant of --as where it has one; exit code 1 where it fails',
    )
    .argument('<id>', 'its id')
    .action(
      operating(world, async ({ api, out, acting }, id: string) => {
        const call = { body: {}, headers: acting };
        const trial = (await api.json('POST', `${at(id)}/test`, call)) as { ok: boolean; error: unknown };
        out.record(trial);
        if (!trial.ok) throw new Failure(EXIT.refused, `The model ${id} does not answer.`, trial.error);
      }),
    );
  addTenantKeys(group, world);
};

const at = (id: string): string => `/admin/adapters/${encodeURIComponent(id)}`;

const addTenantKeys = (group: Command, world: World): void => {
  const keyAt = (id: string, tenant: string): string => `${at(id)}/keys/${encodeURIComponent(tenant)}`;
  group
    .command('set-key')
    .description("Give a tenant a key of its own at a model's provider")
    .argument('<id>', "the model's id")
    .argument('<tenant>', "the tenant's id")
    .requiredOption('--api-key-env <name>', 'variable with the key; it goes into the secret store')
    .action(
      operating(world, async ({ api, out }, id: string, tenant: string, options: { apiKeyEnv: string }) => {
        const body = { api_key: keyIn(world, options.apiKeyEnv) };
        out.record(await api.json('PUT', keyAt(id, tenant), { body }));
      }),
    );
  group
    .command('remove-key')
    .description("Remove a tenant's own key")
    .argument('<id>', "the model's id")
    .argument('<tenant>', "the tenant's id")
    .action(
      operating(world, async ({ api, out }, id: string, tenant: string) => {
        await api.json('DELETE', keyAt(id, tenant));
        out.done(`The key of ${tenant} for the model ${id} is removed.`);
      }),
    );
};
