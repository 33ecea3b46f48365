/** A stopwatch for what may take only so long: it counts what this process was let run, not what a busy machine kept from it. */

const STEP_MS = 10;

/** Milliseconds since now when it is called; of each time that this process had to wait for its turn, at most a step. */
export const ownTime = (): (() => number) => {
  let ownMs = 0;
  let last = performance.now();
  const count = (): void => {
    const now = performance.now();
    ownMs += Math.min(now - last, 2 * STEP_MS);
    last = now;
  };
  const timer = setInterval(count, STEP_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    count();
    return ownMs;
  };
};

/** What the work came to, and the own milliseconds that it took. */
export const timed = async <Result>(work: () => Promise<Result>): Promise<{ result: Result; ms: number }> => {
  const taken = ownTime();
  const result = await work();
  return { result, ms: taken() };
};
