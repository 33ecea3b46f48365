/** adapters, policies: which models there are, and how requests are routed among them. */
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { EXIT, Failure } from '../failure.ts';
import { given, numberOf, parseJson, type World } from '../session.ts';
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

const POLICIES: Resource = {
  name: 'policies',
  one: 'policy',
  description: 'How requests are routed',
  path: '/admin/policies',
  columns: ['id', 'version', 'strategy', 'pii_mode', 'tenants', 'description'],
  example: 'echo \'{"strategy": "greedy"}\' | atp policies put careful --file -',
};

/** A body from a file; - is standard input. */
const bodyIn = async (world: World, file: string | undefined): Promise<Record<string, unknown>> => {
  if (file === undefined) return {};
  if (file === '-') return parseJson(await world.readInput(), 'What came by standard input');
  try {
    return parseJson(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(EXIT.usage, `${file} cannot be read.`);
  }
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

const keyIn = (world: World, name: string | undefined): string | undefined => {
  if (name === undefined) return undefined;
  const key = world.env[name];
  if (key === undefined || key === '') throw new Failure(EXIT.usage, `The variable ${name} is not set.`);
  return key;
};

const addAdapters = (program: Command, world: World): void => {
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
};

const policyAt = (id: string, rest = ''): string => `/admin/policies/${encodeURIComponent(id)}${rest}`;

const addPolicies = (program: Command, world: World): void => {
  const group = addGroup(program, world, POLICIES);
  addGet(group, world, POLICIES);
  group
    .command('put')
    .description("Make a policy, or a policy's next version")
    .argument('<id>', 'its id')
    .requiredOption('--file <path>', 'the policy as JSON; - is standard input')
    .option('--if-version <n>', 'only where it stands at this version')
    .action(
      operating(world, async ({ api, out }, id: string, options: { file: string; ifVersion?: string }) => {
        const body = await bodyIn(world, options.file);
        const headers = options.ifVersion === undefined ? {} : { 'if-match': `"${options.ifVersion}"` };
        out.record(await api.json('PUT', policyAt(id), { body, headers }));
      }),
    );
  group
    .command('versions')
    .description('List the versions of a policy, newest first')
    .argument('<id>', 'its id')
    .action(
      operating(world, async ({ api, out }, id: string) =>
        out.rows((await api.json('GET', policyAt(id, '/versions'))) as unknown[], [
          'version',
          'strategy',
          'updated_at',
          'description',
        ]),
      ),
    );
  group
    .command('evaluate')
    .description('What a policy would have earned on past traffic')
    .argument('<id>', 'its id')
    .option('--days <n>', 'of how many days')
    .action(
      operating(world, async ({ api, out }, id: string, { days }: { days?: string }) =>
        out.record(await api.json('GET', policyAt(id, '/evaluation'), { query: { days } })),
      ),
    );
  group
    .command('promote')
    .description("Put a policy's challenger in its place, where it is shown to be better")
    .argument('<id>', 'its id')
    .option('--days <n>', 'judged by how many days', numberOf)
    .action(
      operating(world, async ({ api, out }, id: string, { days }: { days?: number }) =>
        out.record(await api.json('POST', policyAt(id, '/promote'), { body: given({ days }) })),
      ),
    );
  addRemove(group, world, POLICIES);
};

export const addRouting = (program: Command, world: World): void => {
  addAdapters(program, world);
  addPolicies(program, world);
};
