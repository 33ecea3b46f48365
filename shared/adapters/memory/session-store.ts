import type { Clock } from '../../ports/runtime.ts';
import type { SessionModel, SessionStore } from '../../ports/session-store.ts';

export class MemorySessionStore implements SessionStore {
  readonly #clock: Clock;
  readonly #sessions = new Map<string, SessionModel>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async get(key: string): Promise<SessionModel | undefined> {
    const session = this.#sessions.get(key);
    return session !== undefined && session.expires_at > this.#clock.now() ? { ...session } : undefined;
  }

  async put(key: string, session: SessionModel): Promise<void> {
    this.#sessions.set(key, { ...session });
  }
}
