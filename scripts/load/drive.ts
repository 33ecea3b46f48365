/**
 * Asks at a fixed rate, however slow the answers are: a request that waits for a connection counts as slow, where a closed loop
 * would just ask less.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Api, Reply } from './api.ts';
import { asksBy, type Phase } from './options.ts';
import { type Ledger, PhaseTally } from './tally.ts';

export interface Caller {
  readonly tenant: string;
  readonly key: string;
  /** Its limit is meant to be reached. */
  readonly limited: boolean;
}

export interface Drive {
  readonly api: Api;
  readonly phase: Phase;
  readonly rate: number;
  /** The last one takes every tenth ask. */
  readonly callers: readonly [main: Caller, limited: Caller];
  readonly ledger: Ledger;
  /** Called about once a second. */
  readonly watch: (tally: PhaseTally, elapsed: number) => void;
}

const TICK_MS = 4;
const EVERY = 10;
const LEVELS = 5;
/** Beyond that many on their way, an ask fails unsent: the gateway has stopped answering. */
const MOST_IN_FLIGHT = 20_000;
const WATCH_MS = 1_000;

export const drive = async (options: Drive): Promise<{ tally: PhaseTally; due: number }> => {
  const { phase, rate, callers, watch } = options;
  const tally = new PhaseTally();
  const underWay = new Set<Promise<void>>();
  const began = performance.now();
  const length = phase.seconds * 1_000;
  let asked = 0;
  let watchedAt = began;
  const until = (now: number): number => Math.floor(asksBy(phase, rate, Math.min(1, (now - began) / length)));
  for (let now = began; now < began + length; now = performance.now()) {
    for (const due = until(now); asked < due; asked += 1) {
      const caller = callers[asked % EVERY === EVERY - 1 ? 1 : 0];
      if (underWay.size >= MOST_IN_FLIGHT) {
        tally.fail('unsent');
        continue;
      }
      const one = ask(options, tally, caller, asked, now).finally(() => underWay.delete(one));
      underWay.add(one);
    }
    if (now - watchedAt >= WATCH_MS) {
      watchedAt = now;
      watch(tally, (now - began) / 1_000);
    }
    await sleep(TICK_MS);
  }
  await Promise.all(underWay);
  return { tally, due: asked };
};

const ask = async (
  { api, ledger, phase }: Drive,
  tally: PhaseTally,
  { tenant, key, limited }: Caller,
  index: number,
  dueAt: number,
): Promise<void> => {
  // Where models hang, the goal is what ends them.
  const goal = phase.shape === 'chaos' ? { latency_slo_ms: 500 } : {};
  const reply = await attempt(() => api.call('POST', '/v1/ask', key, { prompt: `Say ${index}`, ...goal }));
  if (typeof reply === 'string') {
    ledger.lose(tenant);
    tally.fail(reply);
    return;
  }
  const { request_id } = (reply.body ?? {}) as { request_id?: string };
  if (reply.status === 200 && request_id !== undefined) {
    tally.answer(performance.now() - dueAt);
    if (!ledger.answer(tenant, request_id)) tally.fail('repeated id');
    if (index % EVERY === 0)
      await score(api, ledger, key, request_id, (Math.floor(index / EVERY) % LEVELS) / (LEVELS - 1));
  } else if (reply.status === 429 && limited) {
    tally.refuse();
    ledger.refuse(tenant);
  } else {
    // It may have been answered, and its reply lost inside.
    ledger.lose(tenant);
    tally.fail(String(reply.status));
  }
};

const score = async (
  api: Api,
  { scores }: Ledger,
  key: string,
  request_id: string,
  quality_score: number,
): Promise<void> => {
  const reply = await attempt(() => api.call('POST', '/v1/observe', key, { request_id, quality_score }));
  if (typeof reply === 'string' || reply.status !== 200) scores.unknown += 1;
  else {
    scores.confirmed += 1;
    scores.sum += quality_score;
  }
};

/** The reply, or the code of what went wrong on the way. */
const attempt = async (call: () => Promise<Reply>): Promise<Reply | string> => {
  try {
    return await call();
  } catch (error) {
    const { code, name } = error as { code?: string; name: string };
    return code ?? name;
  }
};
