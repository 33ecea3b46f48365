/** `atp` as a process of its own, against a runtime as a newcomer starts it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BINARY, commandsIn } from '../../support/atp-command.ts';
import { eventually, LocalProcess, makeHome } from '../../support/local-process.ts';

const home = makeHome();
let runtime: LocalProcess;

beforeAll(async () => {
  runtime = await LocalProcess.start(home.data);
});
afterAll(async () => {
  await runtime.stop();
  home.remove();
});

const { run, shell, atp, json } = commandsIn(home.data);

describe('asking', () => {
  it('prints the answer for people, and what it cost beside it', async () => {
    const { code, stdout, stderr } = await atp('ask', 'Why', 'is the sky blue?');

    expect(code).toBe(0);
    expect(stdout).toContain('simulated answer');
    expect(stderr).toMatch(/^sim-\w+, \d+ \+ \d+ tokens, \$[\d.]+, \d+ ms, request /);
    expect(stdout + stderr).not.toContain('\u001b');
  });

  it('streams text for people, and events as lines of JSON for scripts', async () => {
    const text = await atp('ask', '--stream', 'hello');
    const lines = (await atp('ask', '--stream', '--json', 'hello')).stdout.trimEnd().split('\n');
    const events = lines.map((line) => JSON.parse(line) as { event: string; data: { text: string } });

    expect([text.code, text.stdout.endsWith('\n')]).toEqual([0, true]);
    expect(events.at(-1)?.event).toBe('response');
    const pieces = events.slice(0, -1).map(({ data }) => data.text);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('')).toBe(events.at(-1)?.data.text);
  });

  it('reads a prompt from standard input, plans, and scores', async () => {
    const { stdout } = await run(['--data', home.data, 'ask', '-', '--json'], {}, 'From a file');
    const { request_id } = JSON.parse(stdout) as { request_id: string };
    const plan = (await json('plan', 'hello', '--quality', 'high')) as { candidates: unknown[] };

    expect(plan.candidates.length).toBeGreaterThan(1);
    expect(await json('observe', request_id, '0.9', '--label', 'team=search')).toEqual({ status: 'ok' });
    const scored = (await json('observations', '--limit', '5')) as Record<string, unknown>[];
    expect(scored).toContainEqual(
      expect.objectContaining({ request_id, quality_score: 0.9, prompt: 'From a file' }),
    );
  });

  it('lists models as a table', async () => {
    const { code, stdout } = await atp('models');

    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toMatch(/^id\s+owned_by$/);
    expect(stdout).toContain('sim-large');
  });
});

describe('operating', () => {
  it('registers a model, shows it, and removes it', async () => {
    expect(await json('adapters', 'put', 'mine', '--cost-per-1k', '0.5', '--quality', '0.7')).toMatchObject({
      id: 'mine',
      quality: 0.7,
    });
    expect(await json('adapters', 'get', 'mine')).toMatchObject({ id: 'mine' });
    expect(await json('adapters')).toContainEqual(expect.objectContaining({ id: 'mine' }));
    expect(await json('adapters', 'test', 'mine')).toMatchObject({ ok: true, model: 'mine' });
    expect((await atp('adapters', 'remove', 'mine')).code).toBe(0);
    expect((await atp('adapters', 'get', 'mine')).code).toBe(1);
  });

  it("takes a provider's key from the environment, and shows it nowhere", async () => {
    const secret = 'sk-of-the-provider-0123456789';
    const args = [
      '--data',
      home.data,
      'adapters',
      'put',
      'far',
      '--cost-per-1k',
      '1',
      '--provider',
      'openai',
    ];
    const made = await run([...args, '--api-key-env', 'THE_KEY', '--disabled'], { THE_KEY: secret });
    const unset = await run([...args, '--api-key-env', 'NO_KEY']);

    expect([made.code, unset.code]).toEqual([0, 2]);
    expect(made.stdout + made.stderr + (await atp('adapters', '--json')).stdout).not.toContain(secret);
  });

  it("gives a tenant its own key at a model's provider, and takes it away", async () => {
    const secret = 'sk-of-the-tenant-0123456789';
    await json('adapters', 'put', 'shared', '--cost-per-1k', '1');
    const args = ['--data', home.data, 'adapters', 'set-key', 'shared', 'acme', '--api-key-env', 'THE_KEY'];
    const made = await run(args, { THE_KEY: secret });
    const shown = await atp('adapters', 'get', 'shared', '--json');

    expect([made.code, (await run(args)).code]).toEqual([0, 2]);
    expect(JSON.parse(shown.stdout)).toMatchObject({ tenant_keys: [{ tenant_id: 'acme' }] });
    expect(made.stdout + made.stderr + shown.stdout).not.toContain(secret);
    expect((await atp('adapters', 'remove-key', 'shared', 'acme')).code).toBe(0);
    expect((await atp('adapters', 'remove-key', 'shared', 'acme')).code).toBe(1);
  });

  it('makes policies of a file, and tells of their versions', async () => {
    const file = join(home.data, '..', 'policy.json');
    writeFileSync(file, JSON.stringify({ strategy: 'greedy', description: 'from a file' }));

    expect(await json('policies', 'put', 'careful', '--file', file)).toMatchObject({ version: 1 });
    expect((await atp('policies', 'put', 'careful', '--file', file, '--if-version', '7')).code).toBe(1);
    expect(await json('policies', 'versions', 'careful')).toHaveLength(1);
    expect(await json('policies', 'arms', 'careful', '--hours', '1')).toMatchObject({ policy: 'careful' });
    expect(await json('policies', 'evaluate', 'careful', '--days', '1')).toMatchObject({ policy: 'careful' });
    expect((await atp('policies', 'promote', 'careful')).code).toBe(1);
    expect(await json('policies', 'remove', 'careful')).toBeNull();
  });

  it('shows a key once, where it is made', async () => {
    const made = (await json('keys', 'create', 'acme', '--role', 'caller', '--name', 'build')) as {
      id: string;
      key: string;
    };
    const secret = made.key.split('_').at(-1) ?? '';
    const shown = await Promise.all([
      atp('keys'),
      atp('keys', 'of', 'acme'),
      atp('keys', 'list', '--json'),
      atp('tenants', 'get', 'acme'),
      atp('events', '--type', 'key.created'),
    ]);
    const asked = await run(['--url', runtime.first.url, 'ask', 'hi'], { ATP_API_KEY: made.key });
    const rotated = (await json('keys', 'rotate', made.id, '--overlap', '60')) as { rotated_from: string };
    const revoked = await atp('keys', 'revoke', made.id);

    expect(secret.length).toBeGreaterThan(20);
    for (const { code, stdout, stderr } of shown) {
      expect(code).toBe(0);
      expect(stdout).toContain(made.id);
      expect(stdout + stderr).not.toContain(secret);
    }
    expect([asked.code, revoked.code, rotated.rotated_from]).toEqual([0, 0, made.id]);
  });

  it("makes a key with limits of its own, and shows what the caller's tenant has left", async () => {
    const { key } = (await json('keys', 'create', 'initech', '--rps', '7')) as { key: string };
    const own = await run(['--url', runtime.first.url, '--json', 'quotas', 'own'], { ATP_API_KEY: key });

    expect(JSON.parse(own.stdout)).toMatchObject({
      tenant_id: 'initech',
      key: { limits: { second: { limit: 7 } } },
    });
    const table = await run(['--url', runtime.first.url, 'quotas', 'own'], { ATP_API_KEY: key });
    expect(table.stdout).toMatch(/^the key's +second +7 +0 +0 +7/m);
    expect(await json('--as', 'globex', 'quotas', 'own')).toMatchObject({ tenant_id: 'globex' });
  });

  it('sets limits and flags, drains and takes work again', async () => {
    expect(await json('quotas', 'set', 'acme', '--tier', 'free', '--rps', '3')).toMatchObject({
      rate_limit: { rps: 3 },
    });
    expect(await json('quotas', 'get', 'acme')).toMatchObject({ tier: 'free', use: { in_flight: 0 } });
    expect(await json('quotas')).toContainEqual(expect.objectContaining({ tenant_id: 'acme' }));
    expect(await json('flags', 'set', '--rust-percent', '50', '--selector', 'off')).toMatchObject({
      selector: { rust_percent: 50, enabled: false },
    });
    expect(await json('flags', 'set', '--rust-percent', '100', '--selector', 'on')).toEqual(
      await json('flags'),
    );
    expect(await json('drain', 'begin', '--reason', 'a test', '--patience', '0')).toMatchObject({
      enabled: true,
    });
    expect((await atp('health')).code).toBe(1);
    expect(await json('drain', 'end')).toEqual({ enabled: false });
    expect(await json('drain')).toEqual({ enabled: false });
  });

  it('tells who there is, what was used, and how it is', async () => {
    const { request_id } = (await json('--as', 'globex', 'ask', 'hi')) as { request_id: string };

    expect(await json('tenants')).toContainEqual(expect.objectContaining({ tenant_id: 'default' }));
    const usage = (await json('usage', '--tenant', 'globex')) as { tenant_id: string; requests: number }[];
    expect(usage).toEqual([expect.objectContaining({ tenant_id: 'globex', requests: 1, failed: 0 })]);
    expect(await json('observations', '--tenant', 'globex', '--outcome', 'timeout')).toEqual([]);
    expect(await json('observations', 'get', request_id, '--tenant', 'globex')).toMatchObject({
      tenant_id: 'globex',
    });
    expect((await atp('observations', 'get', request_id)).code).toBe(1);
    expect(await json('whoami')).toMatchObject({ roles: ['operator'] });
    expect(await json('series', '--minutes', '5')).toHaveProperty('points');
    expect(await json('preview', 'Write to jane@example.com')).toMatchObject({
      masked: 'Write to [REDACTED:EMAIL]',
    });
    await eventually(async () => ((await atp('health')).code === 0 ? true : undefined));
    expect(await json('health')).toMatchObject({ status: 'healthy' });
  });
});

describe('the audit log', () => {
  it('lists what was changed, by whom and how, and is as it was written', async () => {
    const { key_id } = (await json('whoami')) as { key_id: string };
    await json('quotas', 'set', 'umbrella', '--rps', '9');
    const of = ['audit', '--tenant', 'umbrella', '--kind', 'change', '--actor', key_id];

    expect(await json(...of, '--outcome', 'begun', '--action', 'POST /admin/quotas')).toEqual([
      expect.objectContaining({ action: 'POST /admin/quotas', outcome: 'begun', tenant_id: 'umbrella' }),
    ]);
    expect(await json(...of, '--outcome', 'failed')).toEqual([]);
    const all = (await json('audit', 'verify')) as { ok: boolean; chains: number };
    const own = (await json('audit', 'verify', '--tenant', 'umbrella')) as { ok: boolean; chains: number };
    expect([all.ok, own.ok]).toEqual([true, true]);
    expect(own.chains).toBeLessThan(all.chains);
  });
});

describe('docs/api/admin.md', () => {
  it('shows commands that can be run, in that order', async () => {
    const guide = readFileSync(resolve(import.meta.dirname, '../../../docs/api/admin.md'), 'utf8');
    const block = /```sh\n([\s\S]*?)```/.exec(guide)?.[1] ?? '';
    const lines = block.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(15);
    for (const line of lines) {
      const command = line.replace('npx atp', `"${process.execPath}" "${BINARY}" --data "${home.data}"`);
      expect(command).not.toBe(line);
      const { code, stderr } = await shell(command);
      expect([line, code], stderr).toEqual([line, 0]);
    }
  });
});

describe('how it ends', () => {
  it('with 1 where the server refuses, by the names of the fields', async () => {
    const { code, stderr } = await atp('quotas', 'set', 'acme', '--rps', '-1');
    const forScripts = await atp('observations', '--outcome', 'great', '--json');

    expect([code, stderr]).toEqual([1, expect.stringMatching(/400 invalid_request[\s\S]*\/rate_limit\/rps/)]);
    expect(forScripts.code).toBe(1);
    expect(JSON.parse(forScripts.stderr)).toMatchObject({ errors: [{ path: '/query/outcome' }] });
  });

  it.each([
    [['nonsense']],
    [['ask']],
    [['keys', 'create']],
    [['quotas', 'set', 'acme', '--rps', 'many']],
    [['models', '--unknown']],
    [['policies', 'put', 'x', '--file', '/nowhere.json']],
    [['--url', 'ftp://x', 'models']],
    [['--url', 'http://127.0.0.1:1', 'models']],
    [['--key', 'ключ', 'models']],
    [['audit', 'nonsense']],
  ])('with 2 for %j', async (args) => {
    const { code, stdout, stderr } = await atp(...args);

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.trim()).not.toBe('');
  });

  it('with 3 where nobody answers', async () => {
    const { code, stderr } = await run(['--url', 'http://127.0.0.1:1', '--key', 'k-secret', 'models']);

    expect([code, stderr]).toEqual([3, expect.stringContaining('Nobody answers at http://127.0.0.1:1')]);
    expect(stderr).not.toContain('k-secret');
  });

  it('with help and an example for every command', async () => {
    const { code, stdout } = await run(['--help']);
    const names = [...stdout.matchAll(/^ {2}([a-z]+)[ [|<]/gm)].map(([, name]) => name ?? '');
    const commands = names.filter((name) => !['atp', 'help'].includes(name));

    expect(code).toBe(0);
    expect(commands.sort()).toEqual(
      (
        'adapters ask audit drain events flags health keys models observations observe plan policies preview quotas ' +
        'series tenants usage whoami'
      ).split(' '),
    );
    const helps = await Promise.all(commands.map((name) => run([name, '--help'])));
    for (const { code: ended, stdout: help } of helps) {
      expect(ended).toBe(0);
      expect(help).toMatch(/Example:\n {2}/);
    }
  });
});
