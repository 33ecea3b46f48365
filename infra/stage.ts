/** What differs between stages; everything else is the same everywhere. */

import type { StageIdentity } from '../shared/config/identity-file.ts';

export type StageName = 'dev' | 'staging' | 'prod';

/** On demand: an instance a request, nothing while idle. Managed instances: many requests an instance, and always some. */
export type Compute = 'on-demand' | 'managed-instances';

export interface WebAclOptions {
  /** From one address in five minutes, health checks included. */
  requestsPerAddress: number;
  /** Whether the managed rules block or only count. */
  managedRules: 'block' | 'count';
}

/** `xray`, or a collector's address. */
export interface TracingOptions {
  to: string;
  /** Share of new traces. */
  sampleRatio: number;
  /** Do providers see the trace? */
  handOn: boolean;
}

export interface StageOptions {
  name: StageName;
  logLevel: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  logRetentionDays: number;
  /** Tables and secrets outlive the stack, and cannot be deleted by mistake. */
  keepData: boolean;
  /** Partitions of a day of observations: about 500 asks a second each. */
  observationShards: number;
  throttle: { requestsPerSecond: number; burst: number };
  functionMemoryMb: number;
  /** After so many minutes without a call a model is asked whether it is there, a token's worth; 0 for never. */
  probeIdleMinutes: number;
  /** Days after which the stage's own secrets are rotated by themselves; 0 for by hand alone. */
  rotateSecretsDays: number;
  compute: Compute;
  /** Beyond which managed instances do not grow. */
  mostVcpus: number;
  /** Days for which the audit log's copy in S3 is locked; 0 for no copy. It costs a stream and a bucket. */
  auditExportDays: number;
  /** Names and addresses are found by the model; patterns alone where this is false. */
  piiModel: boolean;
  /** The model has a function of its own, and is not in those that answer prompts. */
  piiFunction: boolean;
  /** The console's pages and a distribution before them. It costs nothing while nobody looks. */
  console: boolean;
  /** A web ACL before the REST API. It costs something also while nobody calls, so that dev has none. */
  webAcl?: WebAclOptions;
  /** Models that only simulate one may be registered. */
  allowSimulated: boolean;
  /** May a provider's address lead into a private network? Only where an emulator is the network. */
  allowPrivateUrls: boolean;
  /** What happens is told on an event bus. The emulator reads streams without their filters, so that each write would cost a call. */
  publishEvents: boolean;
  /** Where spans go; nowhere where it is left out. */
  tracing?: TracingOptions;
  /** Trusted issuers and certificates, and the domain that asks for the latter. */
  identity: StageIdentity;
  /** What models may cost in a day before somebody is told. Limits are quotas' business. */
  alarmUsdPerDay: number;
  /** Who is told of alarms; nobody where it is left out. */
  alarmEmail?: string;
  /** Deployed into an emulator: what it cannot do is left out by infra/emulator-aspect.ts. */
  emulated: boolean;
  /** Its address, where that is known. */
  emulator?: string;
}

const STAGES: Readonly<
  Record<
    StageName,
    Omit<
      StageOptions,
      | 'name'
      | 'emulated'
      | 'emulator'
      | 'allowPrivateUrls'
      | 'piiModel'
      | 'piiFunction'
      | 'identity'
      | 'publishEvents'
      | 'console'
    >
  >
> = {
  dev: {
    logLevel: 'DEBUG',
    logRetentionDays: 7,
    keepData: false,
    observationShards: 1,
    throttle: { requestsPerSecond: 200, burst: 400 },
    functionMemoryMb: 1_024,
    probeIdleMinutes: 15,
    alarmUsdPerDay: 10,
    rotateSecretsDays: 0,
    compute: 'on-demand',
    mostVcpus: 32,
    auditExportDays: 0,
    allowSimulated: true,
  },
  staging: {
    logLevel: 'INFO',
    logRetentionDays: 30,
    keepData: false,
    observationShards: 4,
    throttle: { requestsPerSecond: 1_000, burst: 2_000 },
    functionMemoryMb: 1_792,
    probeIdleMinutes: 15,
    alarmUsdPerDay: 100,
    rotateSecretsDays: 90,
    compute: 'on-demand',
    mostVcpus: 64,
    auditExportDays: 0,
    webAcl: { requestsPerAddress: 30_000, managedRules: 'count' },
    allowSimulated: false,
  },
  prod: {
    logLevel: 'INFO',
    logRetentionDays: 90,
    keepData: true,
    observationShards: 16,
    throttle: { requestsPerSecond: 10_000, burst: 5_000 },
    functionMemoryMb: 1_792,
    probeIdleMinutes: 15,
    alarmUsdPerDay: 1_000,
    rotateSecretsDays: 90,
    compute: 'on-demand',
    mostVcpus: 400,
    auditExportDays: 0,
    webAcl: { requestsPerAddress: 300_000, managedRules: 'block' },
    allowSimulated: false,
  },
};

const DEFAULT_WEB_ACL: WebAclOptions = { requestsPerAddress: 30_000, managedRules: 'count' };

const webAclWhere = (stage: StageName, isWanted: boolean): WebAclOptions | undefined =>
  isWanted ? (STAGES[stage].webAcl ?? DEFAULT_WEB_ACL) : undefined;

const computeOf = (name: string, emulated: boolean): Compute => {
  if (name !== 'on-demand' && name !== 'managed-instances')
    throw new Error('compute must be on-demand or managed-instances');
  if (emulated && name === 'managed-instances') throw new Error('an emulator has no managed instances');
  return name;
};

/** The emulator has no CloudFront; and CloudFront has no certificate for an API that asks for one. */
const hasConsole = (overrides: {
  emulated?: boolean;
  identity?: StageIdentity | undefined;
  console?: boolean | undefined;
}): boolean => {
  const asksForCertificates = overrides.identity?.domain?.truststore !== undefined;
  if (overrides.console === true && asksForCertificates)
    throw new Error('a stage whose domain asks for certificates cannot have a console');
  return (overrides.console ?? true) && overrides.emulated !== true && !asksForCertificates;
};

export const stageOptions = (
  name: string,
  overrides: {
    emulated?: boolean;
    emulator?: string | undefined;
    auditExportDays?: number | undefined;
    alarmEmail?: string | undefined;
    /** Switches the web ACL on, with defaults of its own where the stage has none, or off. */
    webAcl?: boolean | undefined;
    piiFunction?: boolean | undefined;
    identity?: StageIdentity | undefined;
    compute?: string | undefined;
    tracing?: TracingOptions | undefined;
    console?: boolean | undefined;
  } = {},
): StageOptions => {
  if (!Object.hasOwn(STAGES, name))
    throw new Error(`there is no stage "${name}": choose one of ${Object.keys(STAGES).join(', ')}`);
  const stage = name as StageName;
  const emulated = overrides.emulated ?? false;
  const { webAcl: _, ...others } = STAGES[stage];
  const webAcl = overrides.webAcl === undefined ? STAGES[stage].webAcl : webAclWhere(stage, overrides.webAcl);
  return {
    name: stage,
    ...others,
    compute: computeOf(overrides.compute ?? (emulated ? 'on-demand' : STAGES[stage].compute), emulated),
    ...(overrides.auditExportDays === undefined ? {} : { auditExportDays: overrides.auditExportDays }),
    ...(webAcl === undefined ? {} : { webAcl }),
    emulated,
    allowPrivateUrls: emulated,
    // The emulator runs functions without their layers.
    piiModel: !emulated,
    publishEvents: !emulated,
    piiFunction: overrides.piiFunction ?? false,
    identity: overrides.identity ?? { variables: {}, domain: undefined },
    ...(overrides.tracing === undefined ? {} : { tracing: overrides.tracing }),
    console: hasConsole(overrides),
    ...(overrides.emulator === undefined ? {} : { emulator: overrides.emulator }),
    ...(overrides.alarmEmail === undefined ? {} : { alarmEmail: overrides.alarmEmail }),
  };
};
