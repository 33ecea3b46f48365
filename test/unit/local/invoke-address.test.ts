/** Where the gateway and a function of this machine meet. */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { invokeAddress } from '../../../local/rust/invoke-address.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'atp-base-'));
});
afterEach(() => rmSync(base, { recursive: true }));

describe('the address of a function', () => {
  it('is a socket in a directory that only its owner may enter, and goes with it', async () => {
    const { address, endpoint, target, remove } = await invokeAddress('select', base, 'linux');

    expect(endpoint).toBe(`unix:${address}`);
    expect(target).toEqual({ socketPath: address });
    expect(statSync(dirname(address)).mode & 0o777).toBe(0o700);
    remove();
    expect(existsSync(dirname(address))).toBe(false);
  });

  it.each([
    ['of a system without sockets', 'win32', (path: string) => path],
    ['of a path that no socket can have', 'linux', (path: string) => join(path, 'x'.repeat(90))],
  ] as const)('is a port of 127.0.0.1 in place %s', async (_, platform, within) => {
    const { address, endpoint, target, remove } = await invokeAddress('select', within(base), platform);

    expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(endpoint).toBe(`http://${address}`);
    expect(target).toEqual({ host: '127.0.0.1', port: Number(address.split(':')[1]) });
    remove();
    expect(readdirSync(base)).toEqual([]);
  });
});
