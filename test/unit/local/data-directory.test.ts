import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readJson, writeAtomically } from '../../../local/data-dir/files.ts';
import { claimDirectory, layout, StartError, wipeDirectory } from '../../../local/data-dir/layout.ts';
import { acquireLock } from '../../../local/data-dir/lock.ts';
import { identify, ProcessRecords } from '../../../local/data-dir/process-records.ts';
import { RuntimeFile } from '../../../local/supervisor/runtime-file.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'atp-data-'));
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('the data directory', () => {
  it('is made private, and claimed again by the next start', () => {
    const data = layout(join(home, 'a', 'b'));

    claimDirectory(data);
    claimDirectory(data);

    expect([statSync(data.root).mode & 0o777, existsSync(data.marker)]).toEqual([0o700, true]);
  });

  it('is refused where it holds other things', () => {
    writeFileSync(join(home, 'thesis.txt'), '');

    expect(() => claimDirectory(layout(home))).toThrow(StartError);
  });

  it('is refused where it is a file', () => {
    writeFileSync(join(home, 'file'), '');

    expect(() => claimDirectory(layout(join(home, 'file')))).toThrow(/cannot be used: E/);
  });

  it('is wiped but for what marks and locks it', () => {
    const data = layout(join(home, 'd'));
    claimDirectory(data);
    for (const path of [data.lock, data.secrets, data.database]) writeFileSync(path, '');

    wipeDirectory(data);

    expect(readdirSync(data.root).sort()).toEqual(['atp-data.json', 'atp.lock']);
  });
});

describe('writeAtomically', () => {
  it('replaces the file and leaves nothing beside it', () => {
    const path = join(home, 'x.json');
    writeAtomically(path, '{"a":1}');
    writeAtomically(path, '{"a":2}');

    expect([readJson(path), readdirSync(home), statSync(path).mode & 0o777]).toEqual([
      { a: 2 },
      ['x.json'],
      0o600,
    ]);
  });

  it('answers nothing for what is no JSON', () => {
    writeFileSync(join(home, 'x.json'), '{');

    expect(readJson(join(home, 'x.json'))).toBeUndefined();
  });
});

describe('the lock', () => {
  it('is held by one at a time', () => {
    const path = join(home, 'lock');
    const first = acquireLock(path);
    const second = acquireLock(path);

    first?.release();
    const third = acquireLock(path);

    expect([first !== undefined, second, third !== undefined]).toEqual([true, undefined, true]);
    third?.release();
  });
});

describe('ProcessRecords', () => {
  const path = (): string => join(home, 'processes.json');

  const spawnSleeper = async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    const ended = new Promise<NodeJS.Signals | null>((resolve) => {
      child.once('exit', (_code, signal) => resolve(signal));
    });
    await new Promise((resolve) => child.once('spawn', resolve));
    return { child, pid: child.pid ?? 0, ended };
  };

  it('kills what a former run left alive', async () => {
    const { pid, ended } = await spawnSleeper();
    new ProcessRecords(path()).add(pid);

    const killed = new ProcessRecords(path()).killOrphans();

    expect([killed, await ended]).toEqual([1, 'SIGKILL']);
    expect(readFileSync(path(), 'utf8')).toBe('[]\n');
  });

  it('spares another process that got the same id', async () => {
    const { child, pid } = await spawnSleeper();
    writeFileSync(
      path(),
      JSON.stringify([{ pid, started: 'long ago' }, 'nonsense', { pid: 1, started: '' }]),
    );

    const killed = new ProcessRecords(path()).killOrphans();

    expect([killed, identify(pid)?.pid]).toEqual([0, pid]);
    child.kill('SIGKILL');
  });

  it('forgets what ended in order', async () => {
    const { child, pid, ended } = await spawnSleeper();
    const records = new ProcessRecords(path());
    records.add(pid);
    child.kill('SIGKILL');
    await ended;

    records.remove(pid);

    expect([readFileSync(path(), 'utf8'), identify(pid)]).toEqual(['[]\n', undefined]);
  });
});

describe('RuntimeFile', () => {
  const describing = (select: number | null) => ({
    url: 'http://127.0.0.1:1',
    ws_url: 'ws://127.0.0.1:1/ws',
    pid: 1,
    version: '0',
    admin_key: 'a',
    tenant_id: 'default',
    tenant_key: 't',
    processes: { select, learn: null, dynamodb: null },
  });

  it('appears when published, follows changes, and goes', () => {
    const path = join(home, 'runtime.json');
    let select: number | null = null;
    const file = new RuntimeFile(path, () => describing(select));

    file.refresh();
    const before = existsSync(path);
    file.publish();
    select = 7;
    file.refresh();
    const during = readJson(path);
    file.remove();
    file.refresh();

    expect([before, during, existsSync(path)]).toEqual([false, describing(7), false]);
  });
});
