import { setTimeout as sleep } from 'node:timers/promises';

const STEP_MS = 100;

/** Tries until `probe` answers something, and answers that. Throws after `withinMs`. */
export const until = async <Found>(
  what: string,
  withinMs: number,
  probe: () => Promise<Found | undefined> | Found | undefined,
): Promise<Found> => {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await sleep(STEP_MS);
  }
};
