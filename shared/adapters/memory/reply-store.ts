import type { ClaimResult, ReplyClaim, ReplyStore } from '../../ports/reply-store.ts';
import type { Clock } from '../../ports/runtime.ts';

interface Entry {
  fingerprint: string;
  owner: string;
  leaseUntil: number;
  keptUntil: number;
  isAnswered: boolean;
  sealed?: string | undefined;
}

export class MemoryReplyStore implements ReplyStore {
  readonly entries = new Map<string, Entry>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async claim({ key, fingerprint, owner, leaseMs, keptMs }: ReplyClaim): Promise<ClaimResult> {
    const now = this.#clock.now();
    const known = this.entries.get(key);
    const isFree =
      known === undefined || known.keptUntil <= now || (!known.isAnswered && known.leaseUntil <= now);
    if (isFree) {
      const entry = { fingerprint, owner, leaseUntil: now + leaseMs, keptUntil: now + keptMs };
      this.entries.set(key, { ...entry, isAnswered: false });
      return { state: 'claimed' };
    }
    if (known.fingerprint !== fingerprint) return { state: 'other' };
    if (!known.isAnswered) return { state: 'busy' };
    return known.sealed === undefined ? { state: 'lost' } : { state: 'answered', sealed: known.sealed };
  }

  async keep(key: string, owner: string, sealed?: string): Promise<void> {
    const known = this.entries.get(key);
    if (known?.owner === owner && !known.isAnswered) Object.assign(known, { isAnswered: true, sealed });
  }

  async free(key: string, owner: string): Promise<void> {
    const known = this.entries.get(key);
    if (known?.owner === owner && !known.isAnswered) known.leaseUntil = 0;
  }
}
