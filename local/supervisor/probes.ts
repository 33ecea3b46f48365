/** What a schedule does on AWS, a poll does at home. The clients of providers are loaded when the first turn comes. */
import { makeHandler } from '../../functions/probe-adapters/handler.ts';
import { bedrockAccount } from '../../shared/adapters/aws/bedrock-account.ts';
import { connections } from '../../shared/adapters/aws/connection.ts';
import { uuidv7Source } from '../../shared/adapters/runtime/uuidv7.ts';
import { awsEnv } from '../../shared/config/env.ts';
import type { Adapter } from '../../shared/model/adapter.ts';
import type { SecretStore } from '../../shared/ports/secret-store.ts';
import { AdapterHealth } from '../../shared/services/health/adapter-health.ts';
import { ModelProber } from '../../shared/services/health/probe-models.ts';
import { type Periodic, startPeriodic } from '../periodic.ts';
import type { LogDirectory } from '../processes/log-directory.ts';
import type { Stores } from './stores.ts';

export interface ProbesOptions {
  stores: Stores;
  secrets: Pick<SecretStore, 'get'>;
  logs: LogDirectory;
  /** The gateway's own, where the keys for Bedrock are. */
  environment: Readonly<Record<string, string>>;
}

const EVERY_MS = 10_000;
const MOST_MS = 60_000;
const SIMULATED_IDLE_MS = 60_000;

/** Whoever runs a gateway at home pays for every call, so real models are asked only when their breaker waits for a try. */
const idleMs = ({ provider }: Adapter): number =>
  provider === 'simulated' ? SIMULATED_IDLE_MS : Number.POSITIVE_INFINITY;

const loadProbe = async ({
  stores,
  secrets,
  logs,
  environment,
}: ProbesOptions): Promise<() => Promise<unknown>> => {
  const { modelClients } = await import('../../shared/composition/model-clients.ts');
  const { clock, random, config, health } = stores;
  const aws = awsEnv.parse(environment);
  return makeHandler({
    prober: new ModelProber({
      config,
      health: new AdapterHealth({ store: health, clock, random }),
      ...modelClients({
        secrets,
        clock,
        allowPrivate: true,
        bedrock: () => bedrockAccount(environment, aws, connections(aws, clock).account),
      }),
      clock,
      ids: uuidv7Source(clock, random),
      idleMs,
    }),
    probed: ({ probed, failed }) => {
      if (probed > 0) logs.write('supervisor', 'INFO', 'Models were asked', { probed, failed });
    },
  });
};

export const startProbes = (options: ProbesOptions): Periodic => {
  let probe: Promise<() => Promise<unknown>> | undefined;
  return startPeriodic({
    everyMs: EVERY_MS,
    mostMs: MOST_MS,
    task: async () => {
      probe ??= loadProbe(options);
      await (await probe)();
    },
    onError: (error) =>
      options.logs.write('supervisor', 'WARN', 'Models could not be asked', {
        error: error instanceof Error ? error.name : typeof error,
      }),
  });
};
