/** What one second of the load does to AWS, whoever computes it: writes, reads, calls, bytes. The reasons are in docs/operations/scaling.md. */
import { ASSUMED, type Load } from './load.ts';
import type { Sizes } from './sizes.ts';

/** How the same code is run. */
export interface Fleet {
  /** Processes, or instances of a function, that each keep their own copies of configuration and secrets. */
  readonly processes: number;
  /** Requests that come at once share swaps and transactions; an on-demand instance serves one at a time. */
  readonly isShared: boolean;
}

/** A second's worth. */
export interface Footprint {
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly secretCalls: number;
  readonly storedBytes: number;
  readonly restorableBytes: number;
  readonly bytesOut: number;
  readonly feedback: number;
  readonly learnRuns: number;
  /** Told on the event bus: each observation. */
  readonly events: number;
  /** Batches of them. */
  readonly eventRuns: number;
}

const WRITE_BYTES = 1_024;
const READ_BYTES = 4_096;
export const writeUnits = (bytes: number): number => Math.ceil(bytes / WRITE_BYTES);
export const readUnits = (bytes: number): number => Math.ceil(bytes / READ_BYTES);

/** A transaction writes everything twice. */
export const TRANSACTION = 2;
/** A swap from a copy that other instances have overtaken fails, is charged, and is tried again with the fresh item. */
export const SWAPS_ALONE = 2;
const KEY_FRESH_S = 10;
const SECRET_FRESH_S = 45;
const CONFIG_FRESH_S = 1;
/** Days that observations and feedback are kept (shared/adapters/dynamodb/observation-item.ts). */
const KEPT_S = 90 * 86_400;
/** Records of a stream that come at once at most (infra/constructs/event-publisher.ts). */
const EVENTS_A_BATCH = 100;
/** Keys and model in the tenants' index, at most. */
const INDEX_ENTRY = 200;
/** DynamoDB's own, for each item and each entry of an index. */
const ITEM_OVERHEAD = 100;

/** Instances that are at work on average; one is, whenever something is. */
export const instancesOf = ({ rps, latencyMs }: Load): number =>
  Math.max(1, (rps * (latencyMs + ASSUMED.ownMs)) / 1_000);

/** Writes a second of something that a process does at most so often for each tenant, and once an ask at most. */
const perTenant = ({ rps, tenants }: Load, { processes, isShared }: Fleet, most: number): number => {
  if (!isShared) return rps;
  const each = rps / processes / tenants;
  return processes * tenants * Math.min(each, most);
};

const asked = (load: Load, sizes: Sizes, fleet: Fleet): number => {
  const swaps = fleet.isShared ? perTenant(load, fleet, ASSUMED.swapsPerSecond) : load.rps * SWAPS_ALONE;
  const bookings = perTenant(load, fleet, 1_000 / ASSUMED.transactionMs);
  return (
    swaps * writeUnits(sizes.usage) +
    bookings * TRANSACTION * writeUnits(sizes.usage) +
    // The observation, and its key in the tenants' index.
    load.rps * (TRANSACTION * writeUnits(sizes.observation) + 1)
  );
};

/** Feedback and its outbox, the score beside the observation, and the mark that it is learnt. */
const scored = (sizes: Sizes): number =>
  (TRANSACTION + 1) * writeUnits(sizes.feedback) * 2 + TRANSACTION * writeUnits(sizes.observation);

/** At most once a second, a head and an arm. */
const learnt = (runs: number): number => runs * TRANSACTION * 2;

export const footprint = (load: Load, sizes: Sizes, fleet: Fleet): Footprint => {
  const { rps, models } = load;
  const feedback = rps * load.feedback;
  const learnRuns = Math.min(feedback, 1);
  const refreshes = Math.min(rps, fleet.processes / CONFIG_FRESH_S);
  const selectors = fleet.isShared ? fleet.processes : Math.max(1, (rps * ASSUMED.selectMs) / 1_000);
  const bytesIn = (load.tokens - load.tokensOut) * ASSUMED.bytesPerToken + ASSUMED.envelopeBytes;
  const bytesBack = load.tokensOut * (ASSUMED.bytesPerToken + ASSUMED.eventBytes) + ASSUMED.envelopeBytes;
  const kept = (bytes: number): number => bytes + ITEM_OVERHEAD;
  return {
    writeUnits: asked(load, sizes, fleet) + feedback * scored(sizes) + learnt(learnRuns),
    readUnits:
      refreshes * (readUnits(sizes.config) + 1) +
      Math.min(rps, fleet.processes / KEY_FRESH_S) +
      (Math.min(rps, selectors / CONFIG_FRESH_S) * readUnits(sizes.learning)) / 2 +
      feedback * (readUnits(sizes.observation) + 1) +
      learnRuns,
    secretCalls: Math.min(rps * 2, (fleet.processes * (1 + models)) / SECRET_FRESH_S),
    storedBytes:
      KEPT_S * (rps * (kept(sizes.observation) + kept(INDEX_ENTRY)) + feedback * kept(sizes.feedback)),
    restorableBytes: KEPT_S * (rps * kept(sizes.observation) + feedback * kept(sizes.feedback)),
    bytesOut: rps * (bytesIn + bytesBack),
    feedback,
    learnRuns,
    events: rps,
    eventRuns: Math.max(Math.min(rps, ASSUMED.streamShards), rps / EVENTS_A_BATCH),
  };
};
