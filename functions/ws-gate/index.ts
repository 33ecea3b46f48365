/** Composition root of `ws-gate`. */
import { connections as awsConnections } from '../../shared/adapters/aws/connection.ts';
import { makeDynamoClient } from '../../shared/adapters/dynamodb/client.ts';
import { DynamoConnectionStore } from '../../shared/adapters/dynamodb/connection-store.ts';
import { DocumentTable } from '../../shared/adapters/dynamodb/documents.ts';
import { SocketTable } from '../../shared/adapters/dynamodb/socket-table.ts';
import { patternDetector } from '../../shared/adapters/pii/pattern-detector.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';
import { uuidv7Source } from '../../shared/adapters/runtime/uuidv7.ts';
import { ApiGatewaySockets } from '../../shared/adapters/websocket/api-gateway-sockets.ts';
import { composeAuthenticator } from '../../shared/composition/authenticator.ts';
import { composeDenials } from '../../shared/composition/denials.ts';
import { composeSecrets } from '../../shared/composition/secrets.ts';
import { socketGate } from '../../shared/composition/socket-gate.ts';
import { awsEnv, readEnv, wsGateEnv } from '../../shared/config/env.ts';
import { CALLERS } from '../../shared/config/routes.ts';
import { connectChain } from '../../shared/middleware/connect-chain.ts';
import { makeTelemetry } from '../../shared/observability/telemetry.ts';
import { Redactor } from '../../shared/services/redact/redactor.ts';
import { makeConnect } from './connect.ts';
import { makeHandler } from './handler.ts';
import { makeSweep } from './sweep.ts';

const env = readEnv(wsGateEnv, process.env);
const clock = systemClock();
const random = systemRandom();
const aws = awsConnections(readEnv(awsEnv, process.env), clock);
const dynamo = makeDynamoClient({ ...aws.dynamodb, clock, random });
const connections = new DynamoConnectionStore(
  new SocketTable(dynamo, env.CONNECTIONS_TABLE, () => clock.now()),
);
const secrets = composeSecrets({ connection: aws.secrets, env, clock, random });
const configTable = new DocumentTable(dynamo, env.CONFIG_TABLE);
const redactor = new Redactor(patternDetector());
const telemetry = makeTelemetry('ws-gate');
const holdsPersonalData = (text: string): boolean => redactor.holdsPersonalData(text);

const ids = uuidv7Source(clock, random);
const gate = socketGate(configTable, clock);

const authenticator = composeAuthenticator({
  configTable,
  secrets,
  clock,
  env,
});
const connect = makeConnect({
  authenticator,
  access: CALLERS,
  connections,
  gate,
  clock,
  holdsPersonalData,
});

export const handler = makeHandler({
  connect: connectChain(
    {
      clock,
      ids,
      ...telemetry,
      denials: composeDenials(
        { dynamo, auditTable: env.AUDIT_TABLE, secrets, clock, random, ids },
        telemetry.logger,
      ),
      authenticator,
      redact: (text) => redactor.text(text),
      holdsPersonalData,
    },
    connect,
  ),
  connections,
  sweep: makeSweep({
    connections,
    sockets: new ApiGatewaySockets({ ...aws.account, url: env.CONNECTIONS_URL, clock, random }),
    gate,
    clock,
  }),
  swept: (result) => {
    telemetry.logger.info('sweep', { ...result });
    telemetry.gauge('ActiveConnections', result.open + result.announced);
  },
  disconnected: () => telemetry.logger.info('disconnected'),
});
