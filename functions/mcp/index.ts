/** Composition root of `mcp`. */
import { connections } from '../../shared/adapters/aws/connection.ts';
import { makeDynamoClient } from '../../shared/adapters/dynamodb/client.ts';
import { DocumentTable } from '../../shared/adapters/dynamodb/documents.ts';
import { HttpRestApi, makeRestClient } from '../../shared/adapters/http/rest-api.ts';
import { patternDetector } from '../../shared/adapters/pii/pattern-detector.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';
import { uuidv7Source } from '../../shared/adapters/runtime/uuidv7.ts';
import { composeAuthenticator } from '../../shared/composition/authenticator.ts';
import { composeDenials } from '../../shared/composition/denials.ts';
import { composeSecrets } from '../../shared/composition/secrets.ts';
import { awsEnv, mcpEnv, readEnv } from '../../shared/config/env.ts';
import { buildChain } from '../../shared/middleware/chain.ts';
import { makeTelemetry } from '../../shared/observability/telemetry.ts';
import { Redactor } from '../../shared/services/redact/redactor.ts';
import { apiUrl } from './api-url.ts';
import { makeHandlers } from './handler.ts';
import { sameOrigin } from './origin.ts';

const env = readEnv(mcpEnv, process.env);
const variables = readEnv(awsEnv, process.env);
const clock = systemClock();
const random = systemRandom();
const aws = connections(variables, clock);
const dynamo = makeDynamoClient({ ...aws.dynamodb, clock, random });
const secrets = composeSecrets({ connection: aws.secrets, env, clock, random });
const redactor = new Redactor(patternDetector());
const client = makeRestClient();

const ids = uuidv7Source(clock, random);

const telemetry = makeTelemetry('mcp');

export const handler = buildChain(
  {
    clock,
    ids,
    ...telemetry,
    denials: composeDenials(
      { dynamo, auditTable: env.AUDIT_TABLE, secrets, clock, random, ids },
      telemetry.logger,
    ),
    authenticator: composeAuthenticator({
      configTable: new DocumentTable(dynamo, env.CONFIG_TABLE),
      secrets,
      clock,
      env,
    }),
    redact: (text) => redactor.text(text),
    holdsPersonalData: (text) => redactor.holdsPersonalData(text),
  },
  {
    streams: true,
    own: [sameOrigin()],
    handlers: makeHandlers({
      apiFor: (event) =>
        new HttpRestApi(client, apiUrl(event, { own: env.API_URL, emulator: variables.AWS_ENDPOINT_URL })),
      version: env.ATP_VERSION,
    }),
  },
);
