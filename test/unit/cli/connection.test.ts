import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../../cli/connection.ts';

const HOME = 'http://127.0.0.1:8787';
let data = '';

beforeAll(() => {
  data = mkdtempSync(join(tmpdir(), 'atp-cli-'));
  const runtime = { url: HOME, admin_key: 'admin', tenant_key: 'tenant' };
  writeFileSync(join(data, 'runtime.json'), JSON.stringify(runtime));
});
afterAll(() => rmSync(data, { recursive: true, force: true }));

describe('where the router is, and the key', () => {
  it('are those of the local runtime, by what the command needs', () => {
    expect(connect({ data }, {}, 'admin')).toEqual({ url: HOME, key: 'admin' });
    expect(connect({ data }, {}, 'tenant')).toEqual({ url: HOME, key: 'tenant' });
  });

  it('are those of the environment before that, and the options before all', () => {
    const env = { ATP_URL: 'https://b.example/live/', ATP_API_KEY: 'from-env' };

    expect(connect({ data }, env, 'admin')).toEqual({ url: 'https://b.example/live', key: 'from-env' });
    expect(connect({ data, url: 'http://c.example', key: 'k' }, env, 'admin')).toEqual({
      url: 'http://c.example',
      key: 'k',
    });
  });

  it("never send the local runtime's key elsewhere", () => {
    expect(() => connect({ data, url: 'https://b.example' }, {}, 'admin')).toThrow(/No key is known/);
    expect(connect({ data, url: `${HOME}/` }, {}, 'admin').key).toBe('admin');
    expect(connect({ data, url: 'https://b.example' }, {}, 'none').key).toBe('');
  });

  it.each(['ключ', 'two words', 'a\nb'])('that no header could carry is wrong usage: %j', (key) => {
    expect(() => connect({ data, key }, {}, 'admin')).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.not.stringContaining(key) }),
    );
  });

  it.each([
    [{ data: '/nowhere' }, /No router is known/],
    [{ data: '/nowhere', url: 'ftp://x' }, /must be an address/],
    [{ data: '/nowhere', url: 'x' }, /must be an address/],
  ])('%j is wrong usage', (options, message) => {
    expect(() => connect(options, {}, 'admin')).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringMatching(message) }),
    );
  });
});
