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
  const take = (length: number): Buffer => {
    if (pool.length < length) pool = randomBytes(Math.max(POOL_BYTES, length));
    const taken = pool.subarray(0, length);
    pool = pool.subarray(length);
    return taken;
  };
  const seed = (): number => {
    const bytes = take(8);
    return (bytes.readUInt32LE(0) >>> 5) * TWO_POW_26 + (bytes.readUInt32LE(4) >>> 6);
  };
  return { seed, next: () => seed() / TWO_POW_53, bytes: (length) => new Uint8Array(take(length)) };
};
