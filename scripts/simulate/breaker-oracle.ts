/** Judges a breaker by what can be seen from outside: when calls went out, how they ended, and when it let none through. */
import type { HealthRecord } from '../../shared/model/health.ts';

/** docs/operations/resilience.md: five failures in a row, or half of at least ten recent calls. */
const IN_A_ROW = 5;
const RECENT_MS = 30_000;
const CALLS = 10;
/** Half of the first period: no call may follow an opening sooner. */
const LEAST_OPEN_MS = 5_000;

interface Seen {
  failedInARow: number;
  /** Fading by half in RECENT_MS. */
  calls: number;
  failures: number;
  at: number;
  openedAt: number | undefined;
  probing: number;
}

interface Ended {
  readonly isOk: boolean;
  readonly isProbe: boolean;
  readonly now: number;
  readonly before: HealthRecord;
  readonly after: HealthRecord;
}

export class BreakerOracle {
  readonly #models = new Map<string, Seen>();
  opened = 0;
  closed = 0;
  probes = 0;
  /** What must not happen, by what it is. */
  readonly broken = {
    calledWhileOpen: 0,
    probedTwiceAtOnce: 0,
    openedForNothing: 0,
    closedWithoutProbe: 0,
    stayedClosed: 0,
  };

  called(model: string, now: number, isProbe: boolean): void {
    const seen = this.#seen(model);
    if (isProbe) {
      this.probes += 1;
      if (seen.probing > 0) this.broken.probedTwiceAtOnce += 1;
      seen.probing += 1;
    }
    if (seen.openedAt !== undefined && (!isProbe || now - seen.openedAt < LEAST_OPEN_MS))
      this.broken.calledWhileOpen += 1;
  }

  ended(model: string, { isOk, isProbe, now, before, after }: Ended): void {
    const seen = this.#seen(model);
    if (isProbe) seen.probing -= 1;
    seen.failedInARow = isOk ? 0 : seen.failedInARow + 1;
    const faded = 2 ** (-(now - seen.at) / RECENT_MS);
    seen.calls = seen.calls * faded + 1;
    seen.failures = seen.failures * faded + (isOk ? 0 : 1);
    seen.at = now;
    if (before.open === undefined && after.open !== undefined) this.#open(seen, now);
    else if (before.open !== undefined && after.open === undefined) this.#close(seen, isOk && isProbe);
    else if (isProbe && !isOk && after.open !== undefined) seen.openedAt = now;
    else if (after.open === undefined && seen.failedInARow >= IN_A_ROW) this.broken.stayedClosed += 1;
  }

  #open(seen: Seen, now: number): void {
    this.opened += 1;
    seen.openedAt = now;
    const isReason =
      seen.failedInARow >= IN_A_ROW || (seen.calls >= CALLS - 1 && seen.failures >= seen.calls * 0.5 - 1e-6);
    if (!isReason) this.broken.openedForNothing += 1;
  }

  /** A new start: what was counted belongs to the time of trouble. */
  #close(seen: Seen, isReason: boolean): void {
    this.closed += 1;
    if (!isReason) this.broken.closedWithoutProbe += 1;
    seen.openedAt = undefined;
    seen.calls = 1;
    seen.failures = 0;
    seen.failedInARow = 0;
  }

  #seen(model: string): Seen {
    const known = this.#models.get(model);
    if (known !== undefined) return known;
    const seen: Seen = { failedInARow: 0, calls: 0, failures: 0, at: 0, openedAt: undefined, probing: 0 };
    this.#models.set(model, seen);
    return seen;
  }
}
