import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AccessLog } from '../../../local/gateway/access-log.ts';
import { BatchedOutput } from '../../../local/gateway/batched-output.ts';
import { startPeriodic } from '../../../local/periodic.ts';
import { Backoff } from '../../../local/processes/backoff.ts';
import { copyLines } from '../../../local/processes/json-lines.ts';
import { LogDirectory } from '../../../local/processes/log-directory.ts';
import { ManagedProcess } from '../../../local/processes/managed-process.ts';
import { buildState, rustCrate } from '../../../local/rust/build.ts';
import { PATIENT } from '../../support/patience.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'atp-processes-'));
});

afterEach(() => {
  vi.useRealTimers();
  rmSync(home, { recursive: true, force: true });
});

describe('Backoff', () => {
  it('doubles up to its most, and forgives after a healthy life', () => {
    const backoff = new Backoff({ firstMs: 100, mostMs: 350, healthyMs: 1_000 });

    const delays = [10, 10, 10, 10, 1_000, 10].map((lived) => backoff.delay(lived));

    expect(delays).toEqual([100, 200, 350, 350, 100, 200]);
  });
});

describe('LogDirectory', () => {
  it('moves a full log aside, keeps a few, and goes on in the same file', () => {
    const logs = new LogDirectory(join(home, 'logs'), { maxBytes: 10, keep: 2, checkMs: 1_000 });

    for (const message of ['one', 'two', 'three']) {
      logs.write('gateway', 'INFO', message);
      logs.rotate();
    }
    logs.write('gateway', 'WARN', 'four', { code: 7 });

    const read = (name: string) => JSON.parse(readFileSync(logs.file(name), 'utf8')) as { message: string };
    expect(readdirSync(join(home, 'logs')).sort()).toEqual([
      'gateway.1.jsonl',
      'gateway.2.jsonl',
      'gateway.jsonl',
    ]);
    expect(['gateway', 'gateway.1', 'gateway.2'].map((name) => read(name).message)).toEqual([
      'four',
      'three',
      'two',
    ]);
    expect(statSync(logs.file('gateway.1')).mode & 0o777).toBe(0o600);
  });
});

describe('copyLines', () => {
  it('passes JSON through and wraps the rest, across chunks', async () => {
    const path = join(home, 'out.jsonl');
    const stream = new PassThrough();
    copyLines(stream, openSync(path, 'a'), 'child');
    stream.write('{"a":');
    stream.write('1}\nplain\n\n');
    stream.end('last');

    await finished(stream);

    const lines = readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toEqual([
      { a: 1 },
      expect.objectContaining({ source: 'child', message: 'plain' }),
      expect.objectContaining({ source: 'child', message: 'last' }),
    ]);
  });
});

describe('AccessLog', () => {
  it('writes in batches, at the latest after 100 ms', () => {
    vi.useFakeTimers();
    const path = join(home, 'access.jsonl');
    const log = new AccessLog(openSync(path, 'a'));
    log.record('GET /healthz', 200, 1.234, 'r-1');
    log.record('GET /healthz', 200, 1, 'r-2');

    const before = readFileSync(path, 'utf8');
    vi.advanceTimersByTime(100);

    expect([before, readFileSync(path, 'utf8').trim().split('\n').length]).toEqual(['', 2]);
  });
});

describe('BatchedOutput', () => {
  it('lets nothing wait behind much', () => {
    vi.useFakeTimers();
    const path = join(home, 'output.jsonl');
    const output = new BatchedOutput(openSync(path, 'a'), 20);
    output.write('é\n');
    expect(readFileSync(path, 'utf8')).toBe('');

    output.write('x'.repeat(65_536));
    expect(readFileSync(path, 'utf8')).toBe(`é\n${'x'.repeat(65_536)}`);
  });

  it('ends nobody where the disk is full', () => {
    const output = new BatchedOutput(openSync('/dev/full', 'a'), 20);
    output.write('one\n');
    expect(() => output.flush()).not.toThrow();
  });
});

describe('startPeriodic', () => {
  it('runs without overlap, and less often while it fails', async () => {
    vi.useFakeTimers();
    const times: number[] = [];
    const start = Date.now();
    const errors: unknown[] = [];
    const periodic = startPeriodic({
      everyMs: 100,
      mostMs: 300,
      task: async () => {
        times.push(Date.now() - start);
        if (times.length < 4) throw new Error('not yet');
      },
      onError: (error) => errors.push(error),
    });

    await vi.advanceTimersByTimeAsync(1_250);
    periodic.stop();
    await vi.advanceTimersByTimeAsync(1_000);

    expect([times, errors.length]).toEqual([[100, 300, 600, 900, 1_000, 1_100, 1_200], 3]);
  });
});

describe('ManagedProcess', () => {
  const collect = () => {
    const events: string[] = [];
    return { events, up: () => events.push('up'), down: () => events.push('down') };
  };

  it('starts a child again when it ends, and no more after stop', async () => {
    const logs = new LogDirectory(join(home, 'logs'));
    const seen = collect();
    const child = new ManagedProcess(
      { name: 'child', command: 'sleep', args: ['60'], env: { PATH: process.env.PATH ?? '' } },
      logs,
      seen,
    );
    child.start();
    const first = child.pid;
    child.kill();

    await vi.waitFor(() => expect(child.pid).not.toBe(null), { ...PATIENT, interval: 5 });
    await vi.waitFor(() => expect([null, first]).not.toContain(child.pid), PATIENT);
    await child.stop();

    expect([seen.events, child.pid]).toEqual([['up', 'down', 'up', 'down'], null]);
  });

  it('survives a command that is not there', async () => {
    const logs = new LogDirectory(join(home, 'logs'));
    const seen = collect();
    const child = new ManagedProcess(
      { name: 'child', command: join(home, 'nothing'), args: [], env: {} },
      logs,
      seen,
    );
    child.start();

    await vi.waitFor(() => expect(seen.events).toContain('down'), PATIENT);
    await child.stop();

    expect(readFileSync(logs.file('supervisor'), 'utf8')).toContain('"how":"ENOENT"');
  });
});

describe('buildState', () => {
  it('asks for a build where binaries are missing, and for none where they were given', () => {
    writeFileSync(join(home, 'Cargo.lock'), '');

    const states = [
      buildState(rustCrate(home, undefined), ['select']),
      buildState(rustCrate(home, join(home, 'elsewhere')), ['select']),
    ];

    expect(states[0]).not.toBe('ready');
    expect(states[1]).toBe('ready');
  });
});
