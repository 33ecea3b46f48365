/** Where the gateway and a function of this machine meet. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { invokeAddress } from '../../../local/rust/invoke-address.ts';

let home: string;
let base: string;
let record: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'atp-home-'));
  base = join(home, 'tmp');
  record = join(home, 'socket');
  mkdirSync(base);
});
afterEach(() => rmSync(home, { recursive: true }));

describe('the address of a function', () => {
  it('is a socket in a directory that only its owner may enter, and goes with it', async () => {
    const { address, endpoint, target, remove } = await invokeAddress('select', record, base, 'linux');

    expect(endpoint).toBe(`unix:${address}`);
    expect(target).toEqual({ socketPath: address });
    expect(statSync(dirname(address)).mode & 0o777).toBe(0o700);
    remove();
    expect([readdirSync(base), existsSync(record)]).toEqual([[], false]);
  });

  it('replaces what a killed process left, and removes nothing else', async () => {
    const left = await invokeAddress('select', record, base, 'linux');

    const { address, remove } = await invokeAddress('select', record, base, 'linux');

    expect(readdirSync(base)).toEqual([basename(dirname(address))]);
    expect(address).not.toBe(left.address);
    remove();
    for (const other of [home, join(base, 'other'), join(home, 'atp-other')]) {
      mkdirSync(other, { recursive: true });
      writeFileSync(record, `${other}\n`);
      (await invokeAddress('select', record, base, 'linux')).remove();
      expect(existsSync(other)).toBe(true);
    }
  });

  it.each([
    ['of a system without sockets', 'win32', (path: string) => path],
    ['of a path that no socket can have', 'linux', (path: string) => join(path, 'x'.repeat(90))],
  ] as const)('is a port of 127.0.0.1 in place %s', async (_, platform, within) => {
    const { address, endpoint, target, remove } = await invokeAddress(
      'select',
      record,
      within(base),
      platform,
    );

    expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(endpoint).toBe(`http://${address}`);
    expect(target).toEqual({ host: '127.0.0.1', port: Number(address.split(':')[1]) });
    remove();
    expect(readdirSync(base)).toEqual([]);
  });
});
