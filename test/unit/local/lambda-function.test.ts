import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Invocation, LambdaFunction } from '../../../local/aws/lambda-function.ts';

const TIMEOUT_MS = 2_000;

describe('LambdaFunction', () => {
  let hangs = 0;
  let count = 0;
  let fn: LambdaFunction;

  const deliveredTo = (): { deliver: (invocation: Invocation) => void; got: Invocation[] } => {
    const got: Invocation[] = [];
    return { got, deliver: (invocation) => got.push(invocation) };
  };

  const text = (payload: Buffer | undefined): unknown => JSON.parse(payload?.toString() ?? 'null');

  beforeEach(() => {
    vi.useFakeTimers();
    hangs = 0;
    count = 0;
    fn = new LambdaFunction({
      name: 'select',
      timeoutMs: TIMEOUT_MS,
      newId: () => `id-${++count}`,
      now: () => 1_000,
      onHang: () => {
        hangs += 1;
      },
    });
  });

  afterEach(() => vi.useRealTimers());

  it('takes no invocation while its process is away', () => {
    const before = fn.invoke(Buffer.from('1'));

    expect(before).toBeUndefined();
  });

  it('hands a payload to a poll that waits, and the answer back, byte for byte', async () => {
    fn.processStarted();
    const poller = deliveredTo();
    fn.poll(poller);

    const result = fn.invoke(Buffer.from('{ "a":1e-7 }'));
    const known = fn.complete('id-1', { payload: Buffer.from('done') });

    expect(poller.got).toMatchObject([{ id: 'id-1', deadlineMs: 1_000 + TIMEOUT_MS }]);
    expect(poller.got[0]?.payload.toString()).toBe('{ "a":1e-7 }');
    expect([known, (await result)?.payload.toString()]).toEqual([true, 'done']);
  });

  it('keeps invocations in order until somebody polls', async () => {
    fn.processStarted();
    void fn.invoke(Buffer.from('first'));
    void fn.invoke(Buffer.from('second'));
    const [one, two] = [deliveredTo(), deliveredTo()];

    fn.poll(one);
    fn.poll(two);

    expect([one.got[0]?.payload.toString(), two.got[0]?.payload.toString()]).toEqual(['first', 'second']);
  });

  it('gives nothing to a poll that has left', () => {
    fn.processStarted();
    const [gone, there] = [deliveredTo(), deliveredTo()];
    fn.poll(gone);
    fn.poll(there);
    fn.leave(gone);

    void fn.invoke(Buffer.from('1'));

    expect([gone.got.length, there.got.length]).toEqual([0, 1]);
  });

  it('fails what waits when its process ends', async () => {
    fn.processStarted();
    const waiting = [fn.invoke(Buffer.from('1')), fn.invoke(Buffer.from('2'))];

    fn.processEnded();

    const results = await Promise.all(waiting);
    expect(results.map((result) => [result?.functionError, text(result?.payload)])).toEqual(
      Array(2).fill(['Unhandled', expect.objectContaining({ errorType: 'Runtime.ExitError' })]),
    );
  });

  it('gives up a process that does not answer in time', async () => {
    fn.processStarted();
    const result = fn.invoke(Buffer.from('1'));

    vi.advanceTimersByTime(TIMEOUT_MS);

    expect(text((await result)?.payload)).toMatchObject({
      errorMessage: 'Task timed out after 2.00 seconds',
    });
    expect(hangs).toBe(1);
  });

  it('does not offer an invocation whose time is over', () => {
    fn.processStarted();
    void fn.invoke(Buffer.from('1'));
    vi.advanceTimersByTime(TIMEOUT_MS);
    const poller = deliveredTo();

    fn.poll(poller);

    expect(poller.got).toEqual([]);
  });

  it('refuses an answer that nobody waits for', () => {
    fn.processStarted();

    const known = fn.complete('id-9', { payload: Buffer.from('') });

    expect(known).toBe(false);
  });
});
