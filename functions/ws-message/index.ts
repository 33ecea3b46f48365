/** Composition root of `ws-message`. */
import { connections } from '../../shared/adapters/aws/connection.ts';
import { DynamoAskStore } from '../../shared/adapters/dynamodb/ask-store.ts';
import { makeDynamoClient } from '../../shared/adapters/dynamodb/client.ts';
import { DynamoConnectionStore } from '../../shared/adapters/dynamodb/connection-store.ts';
import { DocumentTable } from '../../shared/adapters/dynamodb/documents.ts';
import { SocketTable } from '../../shared/adapters/dynamodb/socket-table.ts';
import { patternDetector } from '../../shared/adapters/pii/pattern-detector.ts';
import { SqsAskQueue } from '../../shared/adapters/queue/sqs-ask-queue.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';
import { uuidv7Source } from '../../shared/adapters/runtime/uuidv7.ts';
import { ApiGatewaySockets } from '../../shared/adapters/websocket/api-gateway-sockets.ts';
import { composeAuthenticator } from '../../shared/composition/authenticator.ts';
import { composeDenials } from '../../shared/composition/denials.ts';
import { composeSecrets } from '../../shared/composition/secrets.ts';
import { socketGate } from '../../shared/composition/socket-gate.ts';
import { awsEnv, readEnv, wsMessageEnv } from '../../shared/config/env.ts';
import { makeTelemetry } from '../../shared/observability/telemetry.ts';
import { once } from '../../shared/services/once.ts';
import { Redactor } from '../../shared/services/redact/redactor.ts';
import { Sealer, SOCKET_SECRET } from '../../shared/services/sealer.ts';
import { makeHandler } from './handler.ts';

const env = readEnv(wsMessageEnv, process.env);
const clock = systemClock();
const random = systemRandom();
const aws = connections(readEnv(awsEnv, process.env), clock);
const dynamo = makeDynamoClient({ ...aws.dynamodb, clock, random });
const secrets = composeSecrets({ connection: aws.secrets, env, clock, random });
const table = new SocketTable(dynamo, env.CONNECTIONS_TABLE, () => clock.now());
const configTable = new DocumentTable(dynamo, env.CONFIG_TABLE);
const redactor = new Redactor(patternDetector());
const { log, logger } = makeTelemetry('ws-message');
const ids = uuidv7Source(clock, random);

const shared = {
  gate: socketGate(configTable, clock),
  authenticator: composeAuthenticator({ configTable, secrets, clock, env }),
  connections: new DynamoConnectionStore(table),
  sockets: new ApiGatewaySockets({ ...aws.account, url: env.CONNECTIONS_URL, clock, random }),
  queue: new SqsAskQueue({ ...aws.account, queueUrl: env.ASK_QUEUE_URL, clock, random }),
  sealer: new Sealer({ secrets, random, secret: SOCKET_SECRET }),
};

const mcp = once(async () => {
  const { makeMcp } = await import('./mcp.ts');
  return makeMcp({ ...shared, version: env.ATP_VERSION });
});

export const handler = makeHandler({
  ...shared,
  asks: new DynamoAskStore(table),
  clock,
  ids,
  log,
  denials: composeDenials({ dynamo, auditTable: env.AUDIT_TABLE, secrets, clock, random, ids }, logger),
  mcp,
  redact: (text) => redactor.text(text),
});
