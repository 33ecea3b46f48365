/** Runs a scenario and tells what held, and what a request took in time and memory. */
import type { Scenario } from './world.ts';
import { World } from './world.ts';

export interface Outcome {
  readonly tenants: number;
  readonly tenants_seen: number;
  readonly requests: number;
  readonly simulated_s: number;
  readonly admitted: number;
  readonly answered: number;
  readonly failed: number;
  readonly unavailable: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly swaps: number;
  readonly conflicts: number;
  readonly most_in_flight: number;
  readonly most_holds: number;
  readonly breaker: { readonly opened: number; readonly closed: number; readonly probes: number };
  /** Share of the calls that went to the best model, in the first and in the last tenth. */
  readonly best_share: { readonly first: number; readonly last: number };
  /** Nothing of this may have happened. */
  readonly broken: Readonly<Record<string, number>>;
  /** Of the whole, and of its second and last tenth. */
  readonly us_a_request: { readonly whole: number; readonly early: number; readonly late: number };
  readonly bytes_a_tenant: number;
}

export interface Watch {
  /** Milliseconds of CPU time. */
  readonly clock: () => number;
  readonly heapBytes: () => number;
  readonly progress: (done: number, of: number) => void;
}

const TENTHS = 10;
const SLICE = 2_000;

export const simulate = (scenario: Scenario, watch: Watch): Outcome => {
  const before = watch.heapBytes();
  const world = new World(scenario);
  const tenths: number[] = [];
  for (let tenth = 1; tenth <= TENTHS; tenth += 1) {
    const until = Math.floor((scenario.requests * tenth) / TENTHS);
    const began = [watch.clock(), world.asked] as const;
    while (world.asked < until) {
      world.advance(Math.min(SLICE, until - world.asked));
      watch.progress(world.asked, scenario.requests);
    }
    tenths.push(((watch.clock() - began[0]) * 1_000) / Math.max(1, world.asked - began[1]));
  }
  world.finish();
  const heap = watch.heapBytes() - before;
  return outcome(scenario, world, tenths, heap);
};

const outcome = (scenario: Scenario, world: World, tenths: readonly number[], heap: number): Outcome => {
  const { limits, models, first, last } = world;
  const { oracle } = models;
  const share = ({ calls, best }: { calls: number; best: number }): number =>
    calls === 0 ? 0 : best / calls;
  const { requests } = scenario;
  return {
    tenants: scenario.tenants,
    tenants_seen: limits.tenants,
    requests,
    simulated_s: Math.round(world.simulatedMs / 1_000),
    admitted: limits.admitted,
    answered: world.answered,
    failed: world.failed,
    unavailable: models.unavailable,
    refused: limits.refused,
    swaps: limits.swaps,
    conflicts: limits.conflicts,
    most_in_flight: limits.mostInFlight,
    most_holds: limits.mostHolds,
    breaker: { opened: oracle.opened, closed: oracle.closed, probes: oracle.probes },
    best_share: { first: share(first), last: share(last) },
    broken: { windows: limits.brokenWindows, budgets: limits.brokenBudgets, ...oracle.broken },
    us_a_request: {
      whole: tenths.reduce((sum, one) => sum + one, 0) / tenths.length,
      early: tenths[1] ?? 0,
      late: tenths.at(-1) ?? 0,
    },
    bytes_a_tenant: Math.round(Math.max(0, heap) / Math.max(1, limits.tenants)),
  };
};
