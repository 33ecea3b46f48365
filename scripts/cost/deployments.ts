/** The amounts of a month for each way to run the gateway, as pure functions of the load and the measured sizes. */
import type { Footprint } from './footprint.ts';
import { footprint, instancesOf } from './footprint.ts';
import { ASSUMED, type Capacity, type Compute, HOURS_A_MONTH, type Load, SECONDS_A_MONTH } from './load.ts';
import type { Amounts } from './prices.ts';
import type { Sizes } from './sizes.ts';

/** What a stage has, whatever the load; compared with the templates by test/infra/cost.test.ts. */
export const STAGE = {
  alarmMetrics: 67,
  compositeAlarms: 3,
  secrets: 6,
  /** Read by a function, also while they are empty. */
  queuesRead: 2,
  dashboards: 1,
  keys: 1,
  scheduledPerMinute: 3.2,
  /** Detailed metrics of the methods in use, and what the other functions count. */
  otherMetrics: 50,
  wafRules: 5,
} as const;

const GB = 2 ** 30;
const MINUTES = SECONDS_A_MONTH / 60;

export interface Deployment {
  readonly name: string;
  readonly amounts: Amounts;
  /** What it runs on, in words. */
  readonly runsOn: string;
}

const month = (aSecond: number): number => aSecond * SECONDS_A_MONTH;

/** What costs the same wherever the code runs. */
const common = (load: Load, sizes: Sizes, print: Footprint): Amounts => ({
  dynamoStorage: print.storedBytes / GB,
  dynamoBackup: print.restorableBytes / GB,
  secrets: STAGE.secrets + load.models,
  secretCalls: month(print.secretCalls),
  alarmMetrics: STAGE.alarmMetrics,
  compositeAlarms: STAGE.compositeAlarms,
  dashboards: STAGE.dashboards,
  keys: STAGE.keys,
  metrics: sizes.metricNames + STAGE.otherMetrics,
  traces: month(Math.min(load.rps, ASSUMED.tracesPerSecond + load.rps * ASSUMED.tracedShare)),
  transferOut: month(print.bytesOut) / GB,
  events: month(print.events),
  ...(load.withWaf
    ? { wafAcls: 1, wafRules: STAGE.wafRules, wafRequests: month(load.rps + print.feedback) }
    : {}),
});

const onDemandTables = (print: Footprint): Amounts => ({
  dynamoWrites: month(print.writeUnits),
  dynamoReads: month(print.readUnits),
});

const provisionedTables = (print: Footprint, { peak }: Load): Amounts => ({
  dynamoProvisionedWrites: ((print.writeUnits * peak) / ASSUMED.capacityUse) * HOURS_A_MONTH,
  dynamoProvisionedReads: ((print.readUnits * peak) / ASSUMED.capacityUse) * HOURS_A_MONTH,
});

const kept = (gb: number, { logRetentionDays }: Load): number =>
  gb * (logRetentionDays / 30) * ASSUMED.logCompression;

/** Requests that each function gets in a month. */
const invocations = ({ rps }: Load, { feedback, learnRuns, eventRuns }: Footprint): number =>
  month(rps * 2 + feedback + learnRuns + eventRuns) + STAGE.scheduledPerMinute * MINUTES;

const EVENTS_A_CALL = 10;

/** GB-seconds a second of the functions that are on demand however a stage computes. */
const aside = (load: Load, { feedback, learnRuns, events, eventRuns }: Footprint): number => {
  const memory = load.functionMemoryMb / 1_024;
  const calls = Math.max(eventRuns, events / EVENTS_A_CALL);
  const publishMs = eventRuns * ASSUMED.publishMs + calls * ASSUMED.putEventsMs;
  return (
    ((feedback * ASSUMED.feedbackMs + publishMs) / 1_000) * memory +
    learnRuns * (ASSUMED.learnMs / 1_000) * (ASSUMED.selectMemoryMb / 1_024)
  );
};

/** API Gateway, queues and logs of a stage with functions. */
const serverless = (load: Load, sizes: Sizes, print: Footprint) => {
  const answers = month(load.rps + print.feedback);
  const functionLogs =
    (answers * sizes.functionLog + month(load.rps + print.eventRuns) * ASSUMED.platformLogBytes) / GB;
  const otherLogs = (answers * sizes.accessLog) / GB;
  return {
    gatewayRequests: answers,
    lambdaRequests: invocations(load, print),
    lambdaGbSeconds: month(aside(load, print)),
    queueRequests: month(STAGE.queuesRead * ASSUMED.pollsPerSecond),
    functionLogs,
    otherLogs,
    logStorage: kept(functionLogs + otherLogs, load),
  } satisfies Amounts;
};

const onDemand = (load: Load, sizes: Sizes): Deployment => {
  const instances = instancesOf(load);
  const print = footprint(load, sizes, { processes: instances, isShared: false });
  const memory = load.functionMemoryMb / 1_024;
  const gbSeconds =
    load.rps * ((load.latencyMs + ASSUMED.ownMs) / 1_000) * memory +
    load.rps * (ASSUMED.selectMs / 1_000) * (ASSUMED.selectMemoryMb / 1_024) +
    aside(load, print);
  return {
    name: 'Lambda, on demand',
    runsOn: `${instances.toFixed(1)} instances at work on average, ${(instances * load.peak).toFixed(0)} at the peak`,
    amounts: {
      ...common(load, sizes, print),
      ...onDemandTables(print),
      ...serverless(load, sizes, print),
      lambdaGbSeconds: month(gbSeconds),
    },
  };
};

/** What always runs has to hold the peak, by CPU and by requests at once. */
const vcpusFor = (load: Load, requestsAtOnce: number): number =>
  Math.max(
    (load.rps * load.peak * ASSUMED.cpuMs) / 1_000 / ASSUMED.utilisation,
    (load.rps * load.peak * load.latencyMs) / 1_000 / requestsAtOnce,
  );

/** An ask's, to its provider and back. */
const providerBytes = ({ tokens }: Load): number =>
  tokens * ASSUMED.bytesPerToken + 2 * ASSUMED.envelopeBytes;

const managed = (load: Load, sizes: Sizes): Deployment => {
  const instances = Math.max(
    ASSUMED.fewestManaged,
    Math.ceil(vcpusFor(load, ASSUMED.requestsPerVcpu) / ASSUMED.instanceVcpus),
  );
  const print = footprint(load, sizes, {
    processes: instances * ASSUMED.instanceVcpus,
    isShared: true,
  });
  const hours = instances * HOURS_A_MONTH;
  const amounts = serverless(load, sizes, print);
  return {
    name: 'Lambda, managed instances',
    runsOn: `${instances} m7i.large`,
    amounts: {
      ...common(load, sizes, print),
      ...onDemandTables(print),
      ...amounts,
      instanceHours: hours,
      managementHours: hours,
      natHours: ASSUMED.zones * HOURS_A_MONTH,
      natGb: (month(load.rps) * providerBytes(load)) / GB,
      endpointHours: ASSUMED.endpoints * ASSUMED.zones * HOURS_A_MONTH,
      endpointGb: amounts.functionLogs,
    },
  };
};

/** Load Balancer Capacity Units: what one of connections, bytes and rules needs most of. */
const balancerUnits = (load: Load, print: Footprint): number =>
  Math.max((load.rps * load.latencyMs) / 1_000 / 3_000, (print.bytesOut * 3_600) / GB, load.rps / 1_000);

export const containers = (load: Load, sizes: Sizes, capacity: Capacity): Deployment => {
  const tasks = Math.max(
    ASSUMED.fewestInstances,
    Math.ceil(vcpusFor(load, ASSUMED.requestsPerTask) / ASSUMED.taskVcpus),
  );
  const print = footprint(load, sizes, { processes: tasks, isShared: true });
  const logs = (month(load.rps + print.feedback) * (sizes.functionLog - ASSUMED.platformLogBytes)) / GB;
  return {
    name: `Containers, tables ${capacity}`,
    runsOn: `${tasks} Fargate tasks of ${ASSUMED.taskVcpus} vCPU and ${ASSUMED.taskGb} GB, one load balancer`,
    amounts: {
      ...common(load, sizes, print),
      ...(capacity === 'on-demand' ? onDemandTables(print) : provisionedTables(print, load)),
      fargateCpuHours: tasks * ASSUMED.taskVcpus * HOURS_A_MONTH,
      fargateGbHours: tasks * ASSUMED.taskGb * HOURS_A_MONTH,
      balancerHours: HOURS_A_MONTH,
      balancerUnitHours: balancerUnits(load, print) * HOURS_A_MONTH,
      addressHours: tasks * HOURS_A_MONTH,
      otherLogs: logs,
      logStorage: kept(logs, load),
    },
  };
};

export const functions = (load: Load, sizes: Sizes, compute: Compute): Deployment =>
  compute === 'on-demand' ? onDemand(load, sizes) : managed(load, sizes);
