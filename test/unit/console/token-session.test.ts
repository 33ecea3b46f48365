import { beforeEach, describe, expect, test } from 'vitest';
import type { Grant } from '../../../console/src/sign-in/issuer.ts';
import { TokenSession } from '../../../console/src/sign-in/token-session.ts';

const PENDING = { state: 's', nonce: 'n', verifier: 'v' };

/** Time that passes when it is told to. */
class ToldClock {
  #now = 1_000_000;
  #timers: { at: number; then: () => void }[] = [];

  readonly now = (): number => this.#now;

  readonly after = (ms: number, then: () => void): (() => void) => {
    const timer = { at: this.#now + ms, then };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  };

  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.#now = next.at;
      next.then();
      await this.settle();
    }
    this.#now = until;
    await this.settle();
  }

  /** As a computer that sleeps: no timer comes. */
  sleep(ms: number): void {
    this.#now += ms;
  }

  readonly settle = (): Promise<void> => new Promise((done) => setImmediate(done));
}

describe("an issuer's tokens", () => {
  let clock: ToldClock;
  let renewed: number;
  let isAway: boolean;

  beforeEach(() => {
    clock = new ToldClock();
    renewed = 0;
    isAway = false;
  });

  const grant = (fields: Partial<Grant> = {}): Grant => ({
    accessToken: 'first',
    refreshToken: undefined,
    subject: 'ada',
    endsAt: clock.now() + 600_000,
    ...fields,
  });

  const open = (first: Grant, second: Partial<Grant> = {}) => {
    const next = () =>
      grant({ accessToken: `token ${renewed}`, refreshToken: first.refreshToken, ...second });
    return new TokenSession(
      {
        renew: async ({ refreshToken }) => {
          if (isAway) throw new TypeError('fetch failed');
          if (refreshToken === undefined) return undefined;
          renewed += 1;
          return next();
        },
        finish: async () => {
          renewed += 1;
          return next();
        },
      },
      first,
      clock,
    );
  };

  test('are renewed a minute before they end, time and again, without a word', async () => {
    const session = open(grant({ refreshToken: 'r' }));
    await clock.pass(539_000);
    expect([renewed, await session.value()]).toEqual([0, 'first']);
    await clock.pass(2_000);
    expect([renewed, await session.value(), session.state().kind]).toEqual([1, 'token 1', 'good']);
    await clock.pass(540_000);
    expect([renewed, session.renewals]).toEqual([2, 2]);
  });

  test('that may not be renewed are said to end, and then to have ended', async () => {
    const session = open(grant());
    const seen: string[] = [];
    session.subscribe(() => seen.push(session.state().kind));
    await clock.pass(545_000);
    expect([seen, await session.value()]).toEqual([['ending'], 'first']);
    await clock.pass(56_000);
    expect(seen).toEqual(['ending', 'ended']);
    await expect(session.value()).rejects.toThrow('Your sign-in has ended');
  });

  test('go on when the same person signs in again, before the end or after it', async () => {
    const session = open(grant());
    await clock.pass(601_000);
    await session.again(new URLSearchParams(), PENDING);
    expect([session.state().kind, await session.value()]).toEqual(['good', 'token 1']);
    await clock.pass(545_000);
    expect(session.state().kind).toBe('ending');
  });

  test('do not go on when somebody else signs in', async () => {
    const session = open(grant(), { subject: 'eve' });
    await expect(session.again(new URLSearchParams(), PENDING)).rejects.toThrow('Somebody else');
    expect(await session.value()).toBe('first');
  });

  test('that ended while the computer slept are renewed when they are next wanted, once for all who want them', async () => {
    const session = open(grant({ refreshToken: 'r' }));
    clock.sleep(3_600_000);
    expect(await Promise.all([session.value(), session.value()])).toEqual(['token 1', 'token 1']);
    expect(renewed).toBe(1);
  });

  test('last to their end while the issuer is away', async () => {
    const session = open(grant({ refreshToken: 'r' }));
    isAway = true;
    await clock.pass(545_000);
    expect([session.state().kind, await session.value()]).toEqual(['ending', 'first']);
    isAway = false;
    await clock.pass(60_000);
    expect(await session.value()).toBe('token 1');
  });

  test('have ended when the router refuses them, or never where the issuer sets no end', async () => {
    const session = open(grant({ endsAt: undefined }));
    await clock.pass(86_400_000 * 30);
    expect(await session.value()).toBe('first');
    session.refused();
    expect(session.state().kind).toBe('ended');
  });
});
