/** Asks with scores for as long as a test looks, so that pages have something to show. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Traffic {
  stop(): Promise<void>;
}

const PROMPTS = [
  'Explain how tides work to a child',
  'Write a SQL query that counts orders by month',
  'Summarise: the meeting moved to Thursday, tell ana.silva@example.com',
  'Translate "good morning" into Portuguese',
  'Prove that the square root of two is irrational',
  'Refactor this function so that it reads a file once',
];
const QUALITIES = ['fast', 'balanced', 'high'] as const;
const PAUSE_MS = 150;

export const startTraffic = async (url: string, key: string, first: number): Promise<Traffic> => {
  const ending = new AbortController();
  const send = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const reply = await fetch(url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await reply.json()) as Record<string, unknown>;
  };
  let asked = 0;
  const askOne = async (): Promise<void> => {
    const index = asked++;
    const reply = await send('/v1/ask', {
      prompt: PROMPTS[index % PROMPTS.length],
      quality: QUALITIES[index % QUALITIES.length],
      max_tokens: 40,
    });
    const { request_id } = reply;
    // Good and bad by turns, so that there is a spread to see.
    if (typeof request_id === 'string' && index % 2 === 0)
      await send('/v1/observe', { request_id, quality_score: 0.4 + ((index * 7) % 60) / 100 });
  };
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      while (asked < first) await askOne();
    }),
  );
  const going = (async () => {
    while (!ending.signal.aborted) {
      // A limit that a test sets, or an end that comes first, is no fault of the traffic's.
      await askOne().catch(() => undefined);
      await sleep(PAUSE_MS, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      ending.abort();
      await going;
    },
  };
};
