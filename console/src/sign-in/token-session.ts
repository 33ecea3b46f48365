/**
 * An issuer's tokens while somebody is signed in: renewed before they end where the issuer lets them be, else it is said in
 * time. What the page shows stays in any case.
 */
import type { Credential } from '../api/credential.ts';
import { RefusedError } from '../api/refusal.ts';
import type { Grant, Pending } from './issuer.ts';

export type TokenState =
  | { readonly kind: 'good' }
  | { readonly kind: 'ending'; readonly at: number }
  | { readonly kind: 'ended' };

/** What it needs of the issuer. */
export interface Renewing {
  renew(grant: Grant): Promise<Grant | undefined>;
  finish(answer: URLSearchParams, pending: Pending): Promise<Grant>;
}

export interface Clock {
  now(): number;
  /** Answers how to call it off. */
  after(ms: number, then: () => void): () => void;
}

export const wallClock: Clock = {
  now: () => Date.now(),
  after: (ms, then) => {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};

/** Before the end: a minute, a quarter of a token that lives for less than four. */
const BEFORE_MS = 60_000;
/** Browsers count no further than 2^31 ms. */
const FURTHEST_MS = 86_400_000;
const ENDED = 'Your sign-in has ended.';

const GOOD: TokenState = { kind: 'good' };

export class TokenSession implements Credential {
  readonly #issuer: Renewing;
  readonly #clock: Clock;
  readonly #told = new Set<() => void>();
  #grant: Grant;
  #state: TokenState = GOOD;
  #renewing: Promise<void> | undefined;
  #callOff: () => void = () => undefined;
  /** How often it was renewed: whoever depends on who is signed in asks again. */
  renewals = 0;

  constructor(issuer: Renewing, grant: Grant, clock: Clock = wallClock) {
    this.#issuer = issuer;
    this.#clock = clock;
    this.#grant = grant;
    this.#arm();
  }

  get grant(): Grant {
    return this.#grant;
  }

  readonly state = (): TokenState => this.#state;

  readonly subscribe = (told: () => void): (() => void) => {
    this.#told.add(told);
    return () => this.#told.delete(told);
  };

  /** A page may have slept past its timers. */
  async value(): Promise<string> {
    if (this.#isOver()) await this.#renew();
    if (this.#isOver() || this.#state.kind === 'ended') throw new RefusedError('unauthenticated', ENDED, 401);
    return this.#grant.accessToken;
  }

  refused(): void {
    this.#enter({ kind: 'ended' });
  }

  /** Somebody signed in once more, in another window. Throws where it was somebody else. */
  async again(answer: URLSearchParams, pending: Pending): Promise<void> {
    const grant = await this.#issuer.finish(answer, pending);
    if (grant.subject !== this.#grant.subject)
      throw new RefusedError('forbidden', 'Somebody else signed in. Sign out first.', 403);
    this.#take(grant);
  }

  stop(): void {
    this.#callOff();
    this.#told.clear();
  }

  #isOver(): boolean {
    return this.#grant.endsAt !== undefined && this.#clock.now() >= this.#grant.endsAt;
  }

  #take(grant: Grant): void {
    this.#grant = grant;
    this.renewals += 1;
    this.#arm();
    this.#enter(GOOD);
  }

  /** Those who ask at once share one renewal: a refresh token may be good for one use. */
  #renew(): Promise<void> {
    this.#renewing ??= this.#renewOnce().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #renewOnce(): Promise<void> {
    const grant = await this.#issuer.renew(this.#grant).catch(() => undefined);
    if (grant !== undefined) return this.#take(grant);
    const at = this.#grant.endsAt;
    if (at === undefined) return;
    if (this.#isOver()) return this.#enter({ kind: 'ended' });
    this.#enter({ kind: 'ending', at });
    this.#callOff = this.#clock.after(at - this.#clock.now(), () => this.#enter({ kind: 'ended' }));
  }

  #arm(): void {
    this.#callOff();
    const { endsAt } = this.#grant;
    if (endsAt === undefined) return;
    const left = endsAt - this.#clock.now();
    const wait = left - Math.min(BEFORE_MS, left / 4);
    this.#callOff =
      wait > FURTHEST_MS
        ? this.#clock.after(FURTHEST_MS, () => this.#arm())
        : this.#clock.after(Math.max(0, wait), () => void this.#renew());
  }

  #enter(state: TokenState): void {
    this.#state = state;
    for (const told of this.#told) told();
  }
}
