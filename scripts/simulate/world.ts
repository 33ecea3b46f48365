/** One simulated run: requests of many tenants by a clock of its own, through admission, selection, breaker and settlement. */
import { Sfc32 } from '../../shared/services/selection/random.ts';
import { Events } from './events.ts';
import { type Booking, LimitWorld } from './limit-world.ts';
import { BEST, type Call, ModelWorld, type Outage } from './model-world.ts';

export interface Scenario {
  readonly tenants: number;
  readonly requests: number;
  readonly seed: number;
}

interface Settlement {
  readonly at: number;
  /** Absent where a model was tried that nobody asked for. */
  readonly booking: Booking | undefined;
  readonly call: Call | undefined;
  readonly isOk: boolean;
}

/** 20:00 UTC, so that a long run passes midnight. */
const START = Date.parse('2026-01-05T20:00:00.000Z');
/** Requests a second of an average tenant. */
const RATE = 0.1;
/** One tenant in a hundred asks for a third of everything. */
const BUSY_TENANTS = 0.01;
const BUSY_SHARE = 0.33;
/** Share of requests whose process dies before it settles: their holds expire. */
const LOST = 0.001;
const SCORED = 0.2;
const HOLD_MS = 320_000;
const FAILURE_MS = 200;

export class World {
  readonly limits: LimitWorld;
  readonly models: ModelWorld;
  readonly #rng: Sfc32;
  readonly #scenario: Scenario;
  readonly #settlements = new Events<Settlement>();
  #now = START;
  #asked = 0;
  answered = 0;
  failed = 0;
  /** Of the first and the last tenth's calls, those that went to the best model. */
  readonly first = { calls: 0, best: 0 };
  readonly last = { calls: 0, best: 0 };

  constructor(scenario: Scenario) {
    const { seed, requests, tenants } = scenario;
    this.#scenario = scenario;
    this.#rng = new Sfc32(seed);
    const length = (requests / (tenants * RATE)) * 1_000;
    this.limits = new LimitWorld(new Sfc32(seed + 1));
    this.models = new ModelWorld(new Sfc32(seed + 2), outages(length));
  }

  get simulatedMs(): number {
    return this.#now - START;
  }

  get asked(): number {
    return this.#asked;
  }

  /** Takes so many more requests, and all that ends meanwhile. */
  advance(requests: number): void {
    const aSecond = this.#scenario.tenants * RATE;
    const until = Math.min(this.#scenario.requests, this.#asked + requests);
    for (; this.#asked < until; this.#asked += 1) {
      this.#now += (-Math.log(this.#rng.nextUnit()) / aSecond) * 1_000;
      this.#settleDue();
      this.#probe();
      this.#ask();
    }
  }

  /** Waits for what is under way. */
  finish(): void {
    this.#now += HOLD_MS;
    this.#settleDue();
  }

  #ask(): void {
    const now = Math.floor(this.#now);
    const tokens = 100 + Math.floor(this.#rng.nextUnit() * 900);
    const cost_usd = tokens * (2 + 6 * this.#rng.nextUnit()) * 1e-6;
    const request = { id: `r${this.#asked}`, tokens, cost_usd, hold_ms: HOLD_MS };
    const booking = this.limits.ask(this.#tenant(), request, now);
    if (booking === undefined || this.#rng.nextUnit() < LOST) return;
    const call = this.models.choose(now);
    const isOk = call !== undefined && this.models.succeeds(call.model, now);
    if (call !== undefined) this.#count(call);
    const takes = call === undefined ? 0 : this.#takes(call, isOk);
    this.#settlements.add({ at: now + takes, booking, call, isOk });
  }

  #probe(): void {
    const now = Math.floor(this.#now);
    for (const call of this.models.probes(now)) {
      const isOk = this.models.succeeds(call.model, now);
      this.#settlements.add({ at: now + this.#takes(call, isOk), booking: undefined, call, isOk });
    }
  }

  #takes({ model }: Call, isOk: boolean): number {
    return isOk ? Math.ceil(model.latencyMs * (0.5 + this.#rng.nextUnit())) : FAILURE_MS;
  }

  #settleDue(): void {
    for (
      let due = this.#settlements.due(this.#now);
      due !== undefined;
      due = this.#settlements.due(this.#now)
    ) {
      const { booking, call, isOk, at } = due;
      if (booking !== undefined) this.limits.settle(booking, isOk ? this.#rng.nextUnit() : 0, at);
      if (call === undefined) continue;
      this.models.ended(call, isOk, at);
      if (booking === undefined) continue;
      if (!isOk) {
        this.failed += 1;
        continue;
      }
      this.answered += 1;
      if (this.#rng.nextUnit() < SCORED) this.models.score(call.model);
    }
  }

  #tenant(): number {
    const { tenants } = this.#scenario;
    const busy = Math.max(1, Math.floor(tenants * BUSY_TENANTS));
    const isBusy = this.#rng.nextUnit() < BUSY_SHARE;
    return Math.floor(this.#rng.nextUnit() * (isBusy ? busy : tenants));
  }

  #count({ model }: Call): void {
    const share = this.#asked / this.#scenario.requests;
    const tenth = share < 0.1 ? this.first : share >= 0.9 ? this.last : undefined;
    if (tenth === undefined) return;
    tenth.calls += 1;
    if (model.id === BEST) tenth.best += 1;
  }
}

/** The best model is away for a while, another one fails half of the time, and all of them at once for a moment. */
const outages = (length: number): Outage[] => {
  const between = (from: number, to: number) => ({ from: START + length * from, to: START + length * to });
  return [
    { model: BEST, ...between(0.2, 0.3), share: 1 },
    { model: 'model-b', ...between(0.4, 0.5), share: 0.5 },
    ...['model-a', 'model-b', 'model-c', 'model-d'].map((model) => ({
      model,
      ...between(0.6, 0.62),
      share: 1,
    })),
  ];
};
