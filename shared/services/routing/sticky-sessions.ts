/**
 * A conversation keeps its model: changing it amid one would lose the provider's prompt cache and change the tone. Fails
 * open: where sessions cannot be read or written the policy's own choice stands.
 */
import { createHmac } from 'node:crypto';
import type { Clock } from '../../ports/runtime.ts';
import type { SecretStore } from '../../ports/secret-store.ts';
import type { SessionStore } from '../../ports/session-store.ts';
import { PEPPER_SECRET } from '../pepper.ts';
import { RingReader } from '../secrets/ring-reader.ts';
import type { Choice } from './choose-model.ts';

export interface Session {
  /** The model that answered last. */
  readonly model?: string;
  /** Notes which model answered; never rejects. */
  keep(model: string): Promise<void>;
}

export interface StickySessionsDeps {
  store: SessionStore;
  secrets: SecretStore;
  clock: Clock;
}

const TTL_MS = 3_600_000;
/** A session that goes on is written anew no more often than this. */
const RENEW_MS = 600_000;

const FORGETFUL: Session = { keep: () => Promise.resolve() };

export class StickySessions {
  readonly #deps: StickySessionsDeps;
  readonly #pepper: RingReader;

  constructor(deps: StickySessionsDeps) {
    this.#deps = deps;
    this.#pepper = new RingReader(deps.secrets, PEPPER_SECRET);
  }

  /** Never rejects. */
  async recall(tenantId: string, sessionId: string): Promise<Session> {
    const { store, clock } = this.#deps;
    try {
      const { root } = await this.#pepper.ring();
      const key = createHmac('sha256', root).update(`${tenantId}\0${sessionId}`).digest('base64url');
      const known = await store.get(key);
      const keep = async (model: string): Promise<void> => {
        const expires_at = clock.now() + TTL_MS;
        if (known?.model === model && expires_at - known.expires_at < RENEW_MS) return;
        await store.put(key, { model, expires_at }).catch(() => undefined);
      };
      return known === undefined ? { keep } : { model: known.model, keep };
    } catch {
      return FORGETFUL;
    }
  }
}

/** The choice with the session's model first, as long as that may serve. */
export const stick = (choice: Choice, model: string | undefined): Choice => {
  const { ranked, decision } = choice;
  const kept = ranked.find(({ adapter }) => adapter.id === model);
  if (kept === undefined) return choice;
  const isKept = ({ id }: { id: string }): boolean => id === model;
  return {
    ...choice,
    decision: {
      ...decision,
      candidates: [
        ...decision.candidates.filter(isKept),
        ...decision.candidates.filter((one) => !isKept(one)),
      ],
    },
    ranked: [kept, ...ranked.filter((one) => one !== kept)],
    sticky: true,
  };
};
