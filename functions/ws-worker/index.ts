/** Composition root of `ws-worker`: answers the asks of WebSockets. */
import { DynamoAskStore } from '../../shared/adapters/dynamodb/ask-store.ts';
import { DynamoConfigStore } from '../../shared/adapters/dynamodb/config-store.ts';
import { DynamoConnectionStore } from '../../shared/adapters/dynamodb/connection-store.ts';
import { DynamoFeedbackStore } from '../../shared/adapters/dynamodb/feedback-store.ts';
import { SocketTable } from '../../shared/adapters/dynamodb/socket-table.ts';
import { ApiGatewaySockets } from '../../shared/adapters/websocket/api-gateway-sockets.ts';
import { composeAnswering } from '../../shared/composition/answering.ts';
import { composeTracing } from '../../shared/composition/tracing.ts';
import { DEFAULT_FLAGS, DEFAULT_POLICY } from '../../shared/config/default-policy.ts';
import { readEnv, wsWorkerEnv } from '../../shared/config/env.ts';
import { makeTelemetry } from '../../shared/observability/telemetry.ts';
import { FEATURE_VERSIONS } from '../../shared/services/features/feature-kinds.ts';
import { once } from '../../shared/services/once.ts';
import { Sealer, SOCKET_SECRET } from '../../shared/services/sealer.ts';
import { makeHandler } from './handler.ts';
import type { ServeCall } from './serve-ask.ts';

const env = readEnv(wsWorkerEnv, process.env);
const {
  aws,
  clock,
  random,
  dynamo,
  upToDate,
  secrets,
  redactor,
  answers,
  calls,
  limits,
  configTable,
  observations,
} = composeAnswering(env, process.env);
const { log, logger } = makeTelemetry('ws-worker');
const holdsPersonalData = (text: string): boolean => redactor.holdsPersonalData(text);
const tracing = await composeTracing(env, {
  ...{ clock, random, account: aws.account, holdsPersonalData, logger },
});
const table = new SocketTable(dynamo, env.CONNECTIONS_TABLE, () => clock.now());

const shared = {
  calls,
  answers,
  asks: new DynamoAskStore(table),
  connections: new DynamoConnectionStore(table),
  sockets: new ApiGatewaySockets({ ...aws.account, url: env.CONNECTIONS_URL, clock, random }),
  sealer: new Sealer({ secrets, random, secret: SOCKET_SECRET }),
  clock,
  log,
  tracing,
  limits,
  redact: (text: string) => redactor.text(text),
};

const serveCall: () => Promise<ServeCall> = once(async () => {
  const { serveCall: serve } = await import('./serve-call.ts');
  const deps = {
    ...shared,
    serveCall,
    version: env.ATP_VERSION,
    config: new DynamoConfigStore(configTable, { policy: DEFAULT_POLICY, flags: DEFAULT_FLAGS }),
    feedback: new DynamoFeedbackStore({
      client: upToDate,
      feedbackTable: env.FEEDBACK_TABLE,
      observationsTable: env.OBSERVATIONS_TABLE,
      shards: env.OBSERVATION_SHARDS,
      observations,
      featureVersions: FEATURE_VERSIONS,
      clock,
      random,
    }),
  };
  return (queued, isLost, remainingMs) => serve(deps, queued, isLost, remainingMs);
});

export const handler = makeHandler({ ...shared, serveCall });
