/** The real clock and chance. */
import { randomBytes } from 'node:crypto';
import type { Clock, Random } from '../../ports/runtime.ts';

export const systemClock = (): Clock => ({
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
});

const POOL_BYTES = 8_192;
const TWO_POW_26 = 0x4000000;
const TWO_POW_53 = 0x20000000000000;

/** Cryptographic randomness, drawn from the system a pool at a time. */
export const systemRandom = (): Random => {
  let pool = Buffer.alloc(0);
  let taken = 0;
  /** Where in the pool they begin. */
  const take = (length: number): number => {
    if (pool.length - taken < length) {
      pool = randomBytes(Math.max(POOL_BYTES, length));
      taken = 0;
    }
    taken += length;
    return taken - length;
  };
  const seed = (): number => {
    const at = take(8);
    return (pool.readUInt32LE(at) >>> 5) * TWO_POW_26 + (pool.readUInt32LE(at + 4) >>> 6);
  };
  const bytes = (length: number): Uint8Array => {
    const at = take(length);
    return new Uint8Array(pool.subarray(at, taken));
  };
  return { seed, next: () => seed() / TWO_POW_53, bytes };
};
