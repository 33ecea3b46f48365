import { describe, expect, it } from 'vitest';
import { bedrockEnvironment, functionEnvironment, scrubEnvironment } from '../../../local/environment.ts';
import { parseOptions } from '../../../local/options.ts';
import { seedKeys } from '../../../local/seed/keys.ts';
import { findProviders } from '../../../local/seed/real-providers.ts';
import { seedModels } from '../../../local/seed/seed-models.ts';
import { MemoryConfigStore } from '../../../shared/adapters/memory/config-store.ts';
import { MemoryKeyStore } from '../../../shared/adapters/memory/key-store.ts';
import { MemorySecretStore } from '../../../shared/adapters/memory/secret-store.ts';
import { systemClock, systemRandom } from '../../../shared/adapters/runtime/system.ts';
import { DEFAULT_FLAGS, DEFAULT_POLICY } from '../../../shared/config/default-policy.ts';
import { adminEnv, completionsEnv, feedbackEnv, statusEnv } from '../../../shared/config/env.ts';
import { Authenticator } from '../../../shared/services/authenticate.ts';

const clock = systemClock();
const random = systemRandom();

const nothingThere = async (): Promise<unknown> => {
  throw new Error('refused');
};

describe('seedKeys', () => {
  it('makes keys that authenticate with their roles', async () => {
    const values = new Map<string, string>();
    const keys = new MemoryKeyStore();
    const made = await seedKeys({ secrets: values, keys, random, clock });
    const secrets = new MemorySecretStore();
    for (const [name, value] of values) await secrets.put(name.replace(/^[^/]+\//, ''), value);
    const authenticator = new Authenticator({ keys, secrets, clock, env: 'local' });

    const [admin, tenant] = await Promise.all([
      authenticator.authenticate(made.adminKey),
      authenticator.authenticate(made.tenantKey),
    ]);

    expect([admin.roles, tenant.roles, tenant.tenant_id]).toEqual([['operator'], ['owner'], 'default']);
  });

  it('answers the same keys at the next start, and other ones elsewhere', async () => {
    const secrets = new Map<string, string>();
    const keys = new MemoryKeyStore();

    const first = await seedKeys({ secrets, keys, random, clock });
    const again = await seedKeys({ secrets, keys, random, clock });
    const elsewhere = await seedKeys({ secrets: new Map(), keys: new MemoryKeyStore(), random, clock });

    expect(again).toEqual(first);
    expect(elsewhere.tenantKey).not.toBe(first.tenantKey);
    expect(elsewhere.adminKey).not.toBe(first.adminKey);
  });
});

describe('the secrets of a data directory', () => {
  const made = async (): Promise<Map<string, string>> => {
    const secrets = new Map<string, string>();
    await seedKeys({ secrets, keys: new MemoryKeyStore(), random, clock });
    return secrets;
  };

  it('are made at random, each of them, and none is known beforehand', async () => {
    const [here, there] = [await made(), await made()];

    expect([...here.keys()].map((name) => name.split('/').at(-1)).sort()).toEqual(
      ['audit-key', 'local-admin-key', 'local-tenant-key', 'pepper', 'reply-key', 'socket-key'].sort(),
    );
    expect(new Set([...here.values(), ...there.values()]).size).toBe(2 * here.size);
    for (const value of here.values()) expect(value.length).toBeGreaterThanOrEqual(64);
  });
});

describe('seedModels', () => {
  const seed = (options: { empty?: boolean; over?: boolean; env?: Record<string, string> }) => {
    const config = new MemoryConfigStore({ policy: DEFAULT_POLICY, flags: DEFAULT_FLAGS });
    const secrets = new Map<string, string>();
    let over = options.over ?? false;
    const notes = seedModels({
      config,
      secrets,
      clock,
      empty: options.empty ?? false,
      first: {
        isOver: () => over,
        end: () => {
          over = true;
        },
      },
      find: () => findProviders(options.env ?? {}, nothingThere),
    });
    return { config, secrets, notes, isOver: () => over };
  };

  it('registers models of different price, quality and latency', async () => {
    const { config, notes, isOver } = seed({});
    await notes;

    const adapters = await config.listAdapters();

    expect(adapters.length).toBeGreaterThanOrEqual(4);
    for (const field of ['quality', 'latency_ms'] as const) {
      expect(new Set(adapters.map((adapter) => adapter[field])).size).toBeGreaterThan(3);
    }
    expect([isOver(), adapters.every((adapter) => adapter.provider === 'simulated')]).toEqual([true, true]);
  });

  it.each([{ empty: true }, { over: true }])('registers nothing with %o', async (options) => {
    const { config, notes } = seed(options);
    await notes;

    expect(await config.listAdapters()).toEqual([]);
  });

  it("puts a provider's key into the secrets and nowhere else", async () => {
    const { config, secrets, notes } = seed({ env: { OPENAI_API_KEY: 'sk-planted' } });
    const lines = await notes;

    const stored = JSON.stringify(await config.listAdapters());

    expect(stored).toContain('gpt-4o-mini');
    expect(stored + lines.join()).not.toContain('sk-planted');
    expect([...secrets.values()]).toContain('sk-planted');
  });
});

describe('findProviders', () => {
  it('finds nothing on a bare machine', async () => {
    const found = await findProviders({}, nothingThere);

    expect(found).toEqual({ models: [], secrets: {}, notes: [] });
  });

  it('registers Anthropic’s models for its key', async () => {
    const { models, secrets, notes } = await findProviders({ ANTHROPIC_API_KEY: 'sk-planted' }, nothingThere);

    expect(models.length).toBeGreaterThan(0);
    for (const { provider, secret_name = '', capabilities } of models) {
      expect([provider, secrets[secret_name]]).toEqual(['anthropic', 'sk-planted']);
      expect(capabilities).not.toContain('json');
    }
    expect(notes).toEqual([expect.stringContaining(models[0]?.id ?? '')]);
  });

  it("registers an Ollama's models under ids that are valid", async () => {
    const found = await findProviders({}, async () => ({
      models: [{ name: 'Llama3.2:3B' }, { other: 1 }, null],
    }));

    expect(found.models).toMatchObject([
      { id: 'ollama-llama3.2-3b', model: 'Llama3.2:3B', base_url: 'http://127.0.0.1:11434/v1' },
    ]);
  });
});

describe('the environment', () => {
  it('satisfies every function', () => {
    const env = {
      ...functionEnvironment({ aws: 'http://127.0.0.1:1', dynamodb: 'http://127.0.0.1:2' }, '0.1.0'),
      // Each gateway process has one of its own.
      CONNECTIONS_URL: 'http://127.0.0.1:3',
    };

    const results = [adminEnv, completionsEnv, feedbackEnv, statusEnv].map(
      (schema) => schema.safeParse(env).success,
    );

    expect(results).toEqual([true, true, true, true]);
  });

  it("hands the person's own AWS keys on for Bedrock alone, under names of its own", () => {
    const personal = {
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: '',
      AWS_DEFAULT_REGION: 'eu-west-1',
    };

    expect(bedrockEnvironment(personal)).toEqual({
      BEDROCK_ACCESS_KEY_ID: 'id',
      BEDROCK_SECRET_ACCESS_KEY: 'secret',
      BEDROCK_REGION: 'eu-west-1',
    });
    expect(bedrockEnvironment({ OPENAI_API_KEY: 'k' })).toEqual({});
  });

  it("gives children none of the person's own accounts", () => {
    const env = { AWS_PROFILE: 'work', OPENAI_API_KEY: 'sk-1', PATH: '/bin', MY_AWS_X: '1' };

    const taken = scrubEnvironment(env);

    expect([env, taken]).toEqual([
      { PATH: '/bin', MY_AWS_X: '1' },
      { AWS_PROFILE: 'work', OPENAI_API_KEY: 'sk-1' },
    ]);
  });
});

describe('parseOptions', () => {
  it('has defaults', () => {
    expect(parseOptions([])).toEqual({
      port: 8787,
      host: '127.0.0.1',
      data: '.atp',
      workers: 1,
      fresh: false,
      empty: false,
      quiet: false,
    });
  });

  it.each([
    ['--port=1e3'],
    ['--port=-1'],
    ['--workers=65'],
    ['--data='],
    ['--host=a b'],
    ['--nope'],
    ['stray'],
    ['--port'],
  ])('refuses %s in one line, as a usage error', (argument) => {
    expect(() => parseOptions([argument])).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringMatching(/^[^\n]+$/) }),
    );
  });
});
