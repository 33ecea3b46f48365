/** The load that a month's bill is worked out for, and what is taken for granted where the caller says nothing. */

export const SECONDS_A_MONTH = 730 * 3_600;
export const HOURS_A_MONTH = 730;

export type Compute = 'on-demand' | 'managed-instances';
export type Capacity = 'on-demand' | 'provisioned';

export interface Load {
  /** Asks a second, averaged over the month. */
  readonly rps: number;
  /** The busiest time, as a multiple of the average: what always runs has to be sized for it. */
  readonly peak: number;
  /** Prompt and answer of one ask. */
  readonly tokens: number;
  readonly tokensOut: number;
  /** How long a provider takes for a whole answer. */
  readonly latencyMs: number;
  /** Tenants that ask at the same time, each as often as the others. */
  readonly tenants: number;
  /** Share of asks that are scored afterwards. */
  readonly feedback: number;
  /** Registered models, each with a key of its own. */
  readonly models: number;
  readonly functionMemoryMb: number;
  readonly logRetentionDays: number;
  readonly withWaf: boolean;
}

/** Of an ask's tokens, where only their sum is told. */
export const ANSWER_SHARE = 0.25;

/** What is not measured, because it is AWS's or the stage's own; each is said in the report. */
export const ASSUMED = {
  /** An ask's own part of a function's time: two round trips within the region, and CPU. */
  ownMs: 30,
  /** One `select`: its Query, shared by those within a second, and the decision. */
  selectMs: 8,
  selectMemoryMb: 512,
  feedbackMs: 30,
  learnMs: 15,
  /** `publish-events`: a batch's own part, and one call of PutEvents, ten events each. */
  publishMs: 5,
  putEventsMs: 10,
  /** Shards of the observations' stream, as many as an on-demand table begins with; each wakes it once a second at most, or for a hundred. */
  streamShards: 4,
  /**
   * CPU of one ask outside on-demand Lambda, all processes: `npm run bench:gateway` saw .6 ms with 32 connections on loopback;
   * TLS to AWS and providers is not in that.
   */
  cpuMs: 1.5,
  /** Beyond it a process's latency suffers. */
  utilisation: 0.5,
  /** Lambda Managed Instances: requests at once for each vCPU of a Node function. */
  requestsPerVcpu: 64,
  /** A process in a container has no such bound but its memory. */
  requestsPerTask: 500,
  /** One in each availability zone. */
  fewestInstances: 3,
  /** What holds the environments that always run: `infra/constructs/managed-functions.ts`. */
  fewestManaged: 5,
  /** Of the managed instances' VPC. */
  zones: 2,
  endpoints: 5,
  instanceVcpus: 2,
  taskVcpus: 1,
  taskGb: 2,
  /** A transaction within the region; so long gather those that share the next one. */
  transactionMs: 10,
  /** Admissions of one busy tenant in one process: one swap a bucket, since a lease covers it. */
  swapsPerSecond: 20,
  /** Of provisioned capacity, at the peak. */
  capacityUse: 0.7,
  /** X-Ray's default rule. */
  tracesPerSecond: 1,
  tracedShare: 0.05,
  /** UTF-8. */
  bytesPerToken: 4,
  /** HTTP heads and JSON around prompt and answer, each way. */
  envelopeBytes: 1_000,
  /** A stream's events around each token. */
  eventBytes: 60,
  /** An idle queue that a function reads: five pollers, twenty seconds each. */
  pollsPerSecond: 0.25,
  /** Start, end and report of an invocation, in Lambda's JSON format. */
  platformLogBytes: 900,
  /** Logs are charged compressed once they lie there. */
  logCompression: 0.15,
} as const;
