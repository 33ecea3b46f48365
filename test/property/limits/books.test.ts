/**
 * Budgets under any interleaving: instances that decide from copies as old as they like, settlements that come early, late or
 * after their hold has expired, quotas that change meanwhile. The oracle is a plain list of what was asked and used.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AdmissionRequest } from '../../../shared/model/quota.ts';
import {
  accepts,
  afterSettlement,
  afterSwap,
  type LedgerItem,
  usedOn,
  useOf,
} from '../../../shared/ports/usage-ledger.ts';
import { admit, isLimited } from '../../../shared/services/admission/admit.ts';
import { itemOf, NOON, requestOf, settlementOf, TODAY } from '../../support/fakes/limits.ts';

const INSTANCES = 3;
const HOLD_MS = 1_000;

type Step =
  | { kind: 'ask'; instance: number; tokens: number; cents: number }
  | { kind: 'refresh'; instance: number }
  | { kind: 'settle'; which: number; share: number }
  | { kind: 'wait'; ms: number };

const instance = fc.nat({ max: INSTANCES - 1 });
const steps = (maxShare: number): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('ask' as const),
          instance,
          tokens: fc.integer({ min: 0, max: 60 }),
          cents: fc.integer({ min: 0, max: 60 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('refresh' as const), instance }) },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('settle' as const),
          which: fc.nat(),
          share: fc.integer({ min: 0, max: maxShare }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 1_500 }) }),
      },
    ),
    { maxLength: 80 },
  );

interface Open {
  request: AdmissionRequest;
  expiresAt: number;
}

/** The table and its instances, each deciding from the copy that it last saw, as the service does. */
class World {
  item: LedgerItem = itemOf({ tokens_per_day: 200, cost_per_day_usd: 2 });
  now = NOON;
  open: Open[] = [];
  /** Use of which no living hold knew when it was booked. */
  unforeseen = { tokens: 0, cost_nano: 0 };
  settled = { tokens: 0, cost_nano: 0 };
  readonly #copies: LedgerItem[] = Array.from({ length: INSTANCES }, () => this.item);
  #asked = 0;

  take(step: Step): void {
    if (step.kind === 'wait') this.now += step.ms;
    else if (step.kind === 'refresh') this.#copies[step.instance] = this.item;
    else if (step.kind === 'settle') this.#settle(step.which, step.share);
    else this.#ask(step.instance, step.tokens, step.cents);
  }

  /** One try; an instance that loses keeps the fresh item and gives up. */
  #ask(index: number, tokens: number, cents: number): void {
    const copy = this.#copies[index];
    if (copy === undefined || !isLimited(copy)) throw new Error('every instance has a limited copy');
    const request = requestOf(`r${this.#asked++}`, { tokens, cost_usd: cents / 100, hold_ms: HOLD_MS });
    const { change } = admit(copy, [request], this.now);
    if (change === undefined) return;
    if (accepts(this.item, copy.version, change)) {
      this.item = afterSwap(this.item, change);
      this.open.push({ request, expiresAt: this.now + HOLD_MS });
    }
    this.#copies[index] = this.item;
  }

  #settle(which: number, share: number): void {
    const [settled] = this.open.splice(which % Math.max(1, this.open.length), 1);
    if (settled === undefined) return;
    const { request, expiresAt } = settled;
    const tokens = Math.floor((request.tokens * share) / 100);
    const cost_nano = Math.floor(request.cost_usd * 1e9 * (share / 100));
    this.settled = {
      tokens: this.settled.tokens + tokens,
      cost_nano: this.settled.cost_nano + cost_nano,
    };
    const isLive = expiresAt > this.now && request.id in this.item.holds;
    this.unforeseen.tokens += isLive ? Math.max(0, tokens - request.tokens) : tokens;
    this.unforeseen.cost_nano += isLive ? Math.max(0, cost_nano - request.cost_usd * 1e9) : cost_nano;
    this.item = afterSettlement(this.item, settlementOf(request.id, { tokens, cost_nano }));
  }
}

const played = (sequence: Step[], each: (world: World) => void): void => {
  const world = new World();
  for (const step of sequence) {
    world.take(step);
    each(world);
  }
};

describe('budgets', () => {
  it('are never exceeded but by what settles after its hold has expired', () => {
    fc.assert(
      fc.property(steps(100), (sequence) => {
        played(sequence, ({ item, now, unforeseen }) => {
          const use = useOf(item, TODAY, now);
          expect(use.tokens_used + use.tokens_held).toBeLessThanOrEqual(200 + unforeseen.tokens);
          expect(usedOn(item, TODAY).cost_nano).toBeLessThanOrEqual(2e9 + unforeseen.cost_nano);
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it('let nothing more pass once use has outgrown its holds', () => {
    fc.assert(
      fc.property(steps(300), (sequence) => {
        let before = { held: 0, used: 0 };
        played(sequence, ({ item, now }) => {
          const { tokens_used: used, tokens_held: held } = useOf(item, TODAY, now);
          if (held > before.held) expect(used + held).toBeLessThanOrEqual(200);
          before = { held, used };
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it('are free again for all that was neither used nor is held', () => {
    fc.assert(
      fc.property(steps(100), (sequence) => {
        played(sequence, ({ item, now }) => {
          if (!isLimited(item)) throw new Error('the item has limits');
          const { tokens_used, tokens_held, cost_used_usd, cost_held_usd } = useOf(item, TODAY, now);
          const tokens = 200 - tokens_used - tokens_held;
          fc.pre(tokens >= 0 && cost_used_usd + cost_held_usd <= 2);

          const passes = (asked: number): boolean =>
            admit(item, [requestOf('probe', { tokens: asked })], now).change !== undefined;
          expect(passes(tokens)).toBe(true);
          expect(passes(tokens + 1)).toBe(false);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('end with the books agreeing: used is what was settled, and nothing is held', () => {
    fc.assert(
      fc.property(steps(150), fc.integer({ min: 0, max: 100 }), (sequence, share) => {
        const world = new World();
        for (const step of sequence) world.take(step);
        while (world.open.length > 0) world.take({ kind: 'settle', which: 0, share });

        expect(usedOn(world.item, TODAY)).toEqual(world.settled);
        expect(world.item.holds).toEqual({});
        expect(useOf(world.item, TODAY, world.now)).toMatchObject({ tokens_held: 0, in_flight: 0 });
      }),
      { numRuns: 300 },
    );
  });
});
