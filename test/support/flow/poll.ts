import { setTimeout as sleep } from 'node:timers/promises';

const STEP_MS = 100;

/** Tries until `probe` answers something, and answers that. Throws where one that began after `withinMs` still finds nothing. */
export const until = async <Found>(
  what: string,
  withinMs: number,
  probe: () => Promise<Found | undefined> | Found | undefined,
): Promise<Found> => {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const isLast = performance.now() > deadline;
    const found = await probe();
    if (found !== undefined) return found;
    if (isLast) throw new Error(`not within ${withinMs} ms: ${what}`);
    await sleep(STEP_MS);
  }
};
