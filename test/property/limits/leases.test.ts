/**
 * Leases of several processes under any interleaving, with swaps whose answer is lost: the oracle is a plain list of when each
 * request was let in.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AdmissionRequest, Verdict } from '../../../shared/model/quota.ts';
import {
  accepts,
  afterSettlement,
  afterSwap,
  type LedgerItem,
  useOf,
} from '../../../shared/ports/usage-ledger.ts';
import { admit, isLimited } from '../../../shared/services/admission/admit.ts';
import { Lease } from '../../../shared/services/admission/lease.ts';
import { itemOf, NOON, requestOf, settlementOf, TODAY } from '../../support/fakes/limits.ts';

const PROCESSES = 3;
const HOLD_MS = 30_000;

type Step =
  | { kind: 'ask'; process: number; count: number; tokens: number; isLost: boolean }
  /** A swap is decided now, and its answer comes with a later step of the same process. */
  | { kind: 'renew'; process: number; isLost: boolean }
  | { kind: 'answer'; process: number }
  | { kind: 'give back'; process: number }
  | { kind: 'settle'; which: number; share: number }
  | { kind: 'wait'; ms: number };

const process = fc.nat({ max: PROCESSES - 1 });
const isLost = fc.integer({ max: 15, min: 0 }).map((draw) => draw === 0);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('ask' as const),
        process,
        count: fc.integer({ min: 1, max: 30 }),
        tokens: fc.integer({ min: 0, max: 20 }),
        isLost,
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('renew' as const), process, isLost }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('answer' as const), process }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('give back' as const), process }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('settle' as const),
        which: fc.nat(),
        share: fc.integer({ min: 0, max: 100 }),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('wait' as const),
        ms: fc.oneof(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 300, max: 700 })),
      }),
    },
  ),
  { minLength: 20, maxLength: 60 },
);

interface Open {
  process: number;
  request: AdmissionRequest;
  verdict: Extract<Verdict, { admitted: true }>;
}

class World {
  item: LedgerItem;
  now = NOON;
  open: Open[] = [];
  /** When each request was let in. */
  readonly letIn: number[] = [];
  drawn = 0;
  readonly #leases = Array.from({ length: PROCESSES }, (_, index) => new Lease(`lease-${index}`));
  /** What the swap under way of a process comes to. */
  readonly #answers = new Map<number, () => void>();
  #asked = 0;

  constructor(item: LedgerItem) {
    this.item = item;
  }

  take(step: Step): void {
    if (step.kind === 'wait') this.now += step.ms;
    else if (step.kind === 'settle') this.#settle(step.which, step.share);
    else if (step.kind === 'give back') this.#giveBack(step.process);
    else if (step.kind === 'renew') this.#renew(step.process, step.isLost);
    else if (step.kind === 'answer') this.#answer(step.process);
    else this.#ask(step.process, step.count, step.tokens, step.isLost);
  }

  #ask(index: number, count: number, tokens: number, isLost: boolean): void {
    const lease = this.#leaseOf(index);
    const waiting: AdmissionRequest[] = [];
    for (let asked = 0; asked < count; asked += 1) {
      const request = requestOf(`r${this.#asked++}`, { tokens, hold_ms: HOLD_MS });
      lease.note(request, this.now);
      const verdict = lease.draw(request, this.now, this.now);
      if (verdict === undefined) waiting.push(request);
      else this.#pass(index, request, verdict);
      if (verdict !== undefined) this.drawn += 1;
    }
    if (waiting.length === 0) return;
    // One swap of a process is under way at a time.
    this.#answer(index);
    this.#decide(index, waiting, isLost, true)();
  }

  #renew(index: number, isLost: boolean): void {
    this.#answer(index);
    this.#answers.set(index, this.#decide(index, [], isLost, true));
  }

  #giveBack(index: number): void {
    this.#answer(index);
    this.#decide(index, [], false, false)();
  }

  #answer(index: number): void {
    this.#answers.get(index)?.();
    this.#answers.delete(index);
  }

  /** One swap from a fresh copy; where its answer is lost it is not known here that it was written. */
  #decide(index: number, requests: AdmissionRequest[], isLost: boolean, mayLease: boolean): () => void {
    const lease = this.#leaseOf(index);
    const since = this.now;
    const { verdicts, change, grant } = admit(
      this.item,
      requests,
      since,
      lease.request({ blocks: mayLease, ahead: mayLease }, since, since),
    );
    if (change === undefined) return () => lease.forget();
    expect(accepts(this.item, this.item.version, change)).toBe(true);
    this.item = afterSwap(this.item, change);
    if (isLost) return () => lease.forget();
    return () => {
      lease.adopt(grant, since);
      for (const [at, verdict] of verdicts.entries()) {
        const request = requests[at];
        if (request !== undefined) this.#pass(index, request, verdict);
      }
    };
  }

  #pass(index: number, request: AdmissionRequest, verdict: Verdict): void {
    if (!verdict.admitted) return;
    this.letIn.push(this.now);
    this.open.push({ process: index, request, verdict });
  }

  #settle(which: number, share: number): void {
    const [settled] = this.open.splice(which % Math.max(1, this.open.length), 1);
    if (settled === undefined) return;
    const { request, verdict } = settled;
    const tokens = Math.floor((request.tokens * share) / 100);
    this.item = afterSettlement(this.item, settlementOf(request.id, { tokens }, verdict.held));
    if (verdict.leased === true) this.#leaseOf(settled.process).release(request.id);
  }

  #leaseOf(index: number): Lease {
    const lease = this.#leases[index];
    if (lease === undefined) throw new Error('there is no such process');
    return lease;
  }
}

/** The most that were let in within any window of this length. */
const mostWithin = (times: readonly number[], lengthMs: number): number => {
  let most = 0;
  for (let first = 0, last = 0; last < times.length; last += 1) {
    while ((times[last] ?? 0) - (times[first] ?? 0) >= lengthMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
};

describe('leases', () => {
  it('never let more in within any window than its limit', () => {
    let drawn = 0;
    fc.assert(
      fc.property(steps, fc.integer({ min: 40, max: 1_500 }), (sequence, rps) => {
        const world = new World(itemOf({ rps, rpm: rps * 2 }));
        for (const step of sequence) world.take(step);

        expect(mostWithin(world.letIn, 1_000)).toBeLessThanOrEqual(rps);
        expect(mostWithin(world.letIn, 60_000)).toBeLessThanOrEqual(rps * 2);
        drawn += world.drawn;
      }),
      { numRuns: 300 },
    );
    expect(drawn).toBeGreaterThan(1_000);
  });

  it('never let a budget or the number in flight be exceeded', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const world = new World(itemOf({ tokens_per_day: 2_000, concurrent: 400 }));
        for (const step of sequence) {
          world.take(step);
          const { tokens_used } = useOf(world.item, TODAY, world.now);
          const inFlight = world.open.reduce((sum, { request }) => sum + request.tokens, 0);
          expect(tokens_used + inFlight).toBeLessThanOrEqual(2_000);
          expect(world.open.length).toBeLessThanOrEqual(400);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('end with the books agreeing once all has settled and every process has given back', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const world = new World(itemOf({ tokens_per_day: 5_000, rph: 5_000 }));
        for (const step of sequence) world.take({ ...step, ...('isLost' in step ? { isLost: false } : {}) });
        world.take({ kind: 'wait', ms: 600 });
        while (world.open.length > 0) world.take({ kind: 'settle', which: 0, share: 50 });
        for (let index = 0; index < PROCESSES; index += 1) world.take({ kind: 'give back', process: index });

        expect(world.item.holds).toEqual({});
        if (!isLimited(world.item)) throw new Error('the item has limits');
        const [verdict] = admit(world.item, [requestOf('probe')], world.now).verdicts;
        expect(verdict?.limits?.[0]?.remaining).toBe(5_000 - world.letIn.length - 1);
      }),
      { numRuns: 150 },
    );
  });
});
