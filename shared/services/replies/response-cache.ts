/**
 * Answers that are given again to the very same request of the same tenant, where its policy asks for that. Fails open: where
 * the cache cannot be read or written a model answers, as if there were none.
 */
import type { ModelEvent } from '../../model/completion.ts';
import { type AnswerCache, LARGEST_ANSWER } from '../../ports/reply-store.ts';
import type { Sealer } from '../sealer.ts';
import { canonicalJson } from './canonical-json.ts';

export type CacheStatus = 'hit' | 'miss' | 'bypass';

/** What a model said, its texts joined. */
export interface KeptAnswer {
  model: string;
  events: ModelEvent[];
}

export interface Recalled {
  answer?: KeptAnswer;
  /** Never rejects. */
  keep(answer: KeptAnswer): Promise<void>;
}

export interface CachedRequest {
  tenantId: string;
  policy: { id: string; version: number };
  ttlMs: number;
  /** All that an answer depends on, without personal data. */
  asked: unknown;
}

const FORGETFUL: Recalled = { keep: () => Promise.resolve() };

/**
 * What holds personal data is answered anew each time: an answer may repeat what it was asked, and has the names of one person
 * where another asks the same about somebody else.
 */
export const mayBeKept = (findings: number): boolean => findings === 0;

export class ResponseCache {
  readonly #store: AnswerCache;
  readonly #sealer: Sealer;

  constructor(deps: { store: AnswerCache; sealer: Sealer }) {
    this.#store = deps.store;
    this.#sealer = deps.sealer;
  }

  /** Never rejects. */
  async recall({ tenantId, policy, ttlMs, asked }: CachedRequest): Promise<Recalled> {
    try {
      const scope = ['cache', tenantId, policy.id, String(policy.version)];
      const key = await this.#sealer.hash([...scope, canonicalJson(asked)].join('\0'));
      const place = `cache:${key}`;
      const keep = (answer: KeptAnswer): Promise<void> =>
        this.#keep(key, place, answer, ttlMs).catch(() => undefined);
      const sealed = await this.#store.get(key);
      if (sealed === undefined) return { keep };
      return { answer: await this.#sealer.open<KeptAnswer>(place, sealed), keep };
    } catch {
      return FORGETFUL;
    }
  }

  async #keep(key: string, place: string, answer: KeptAnswer, ttlMs: number): Promise<void> {
    const sealed = await this.#sealer.seal(place, answer);
    if (sealed.length <= LARGEST_ANSWER) await this.#store.put(key, sealed, ttlMs);
  }
}
