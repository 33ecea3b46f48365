/** Composition root of `feedback`. */
import { connections } from '../../shared/adapters/aws/connection.ts';
import { makeDynamoClient } from '../../shared/adapters/dynamodb/client.ts';
import { DocumentTable } from '../../shared/adapters/dynamodb/documents.ts';
import { DynamoFeedbackStore } from '../../shared/adapters/dynamodb/feedback-store.ts';
import { DynamoObservationStore } from '../../shared/adapters/dynamodb/observation-store.ts';
import { patternDetector } from '../../shared/adapters/pii/pattern-detector.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';
import { uuidv7Source } from '../../shared/adapters/runtime/uuidv7.ts';
import { composeAuthenticator } from '../../shared/composition/authenticator.ts';
import { composeDenials } from '../../shared/composition/denials.ts';
import { composeOnce } from '../../shared/composition/replies.ts';
import { composeSecrets } from '../../shared/composition/secrets.ts';
import { awsEnv, feedbackEnv, readEnv } from '../../shared/config/env.ts';
import { buildChain } from '../../shared/middleware/chain.ts';
import { observeSchema } from '../../shared/model/observe-schema.ts';
import { makeTelemetry } from '../../shared/observability/telemetry.ts';
import { FEATURE_VERSIONS } from '../../shared/services/features/feature-kinds.ts';
import { Redactor } from '../../shared/services/redact/redactor.ts';
import { makeHandlers } from './handler.ts';

const env = readEnv(feedbackEnv, process.env);
const clock = systemClock();
const random = systemRandom();
const aws = connections(readEnv(awsEnv, process.env), clock);
const dynamo = makeDynamoClient({ ...aws.dynamodb, clock, random });
const secrets = composeSecrets({ connection: aws.secrets, env, clock, random });
const redactor = new Redactor(patternDetector());
const redact = (text: string): string => redactor.text(text);

const shared = { client: dynamo, shards: env.OBSERVATION_SHARDS, clock, random };
const observations = new DynamoObservationStore({
  ...shared,
  table: env.OBSERVATIONS_TABLE,
  settlementUpdates: () => [],
});
const feedback = new DynamoFeedbackStore({
  ...shared,
  feedbackTable: env.FEEDBACK_TABLE,
  observationsTable: env.OBSERVATIONS_TABLE,
  observations,
  featureVersions: FEATURE_VERSIONS,
});

const ids = uuidv7Source(clock, random);

const telemetry = makeTelemetry('feedback');

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
    redact,
    holdsPersonalData: (text) => redactor.holdsPersonalData(text),
    once: composeOnce({ dynamo, table: env.REPLIES_TABLE, secrets, random, clock }),
  },
  { schemas: { 'POST /v1/observe': observeSchema }, handlers: makeHandlers({ feedback, redact }) },
);
