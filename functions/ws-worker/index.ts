/** Composition root of `ws-worker`: answers the asks of WebSockets. */
import { DynamoAskStore } from '../../shared/adapters/dynamodb/ask-store.ts';
import { DynamoConnectionStore } from '../../shared/adapters/dynamodb/connection-store.ts';
import { SocketTable } from '../../shared/adapters/dynamodb/socket-table.ts';
import { ApiGatewaySockets } from '../../shared/adapters/websocket/api-gateway-sockets.ts';
import { composeAnswering } from '../../shared/composition/answering.ts';
import { wsWorkerEnv } from '../../shared/config/env.ts';
import { makeTelemetry } from '../../shared/observability/telemetry.ts';
import { Sealer, SOCKET_SECRET } from '../../shared/services/sealer.ts';
import { makeHandler } from './handler.ts';

const env = wsWorkerEnv.parse(process.env);
const { aws, clock, random, dynamo, secrets, redactor, answers, calls } = composeAnswering(env, process.env);
const { log } = await makeTelemetry();
const table = new SocketTable(dynamo, env.CONNECTIONS_TABLE, () => clock.now());

export const handler = makeHandler({
  calls,
  answers,
  asks: new DynamoAskStore(table),
  connections: new DynamoConnectionStore(table),
  sockets: new ApiGatewaySockets({ ...aws.account, url: env.CONNECTIONS_URL, clock, random }),
  sealer: new Sealer({ secrets, random, secret: SOCKET_SECRET }),
  clock,
  log,
  redact: (text) => redactor.text(text),
});
