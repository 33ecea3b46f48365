/** Composition root of `completions`: environment, clients, services, chain; once for each instance. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { connections } from '../../shared/adapters/aws/connection.ts';
import { makeDynamoClient } from '../../shared/adapters/dynamodb/client.ts';
import { DynamoConfigStore } from '../../shared/adapters/dynamodb/config-store.ts';
import { DocumentTable } from '../../shared/adapters/dynamodb/documents.ts';
import { DynamoKeyStore } from '../../shared/adapters/dynamodb/key-store.ts';
import { DynamoLearningState } from '../../shared/adapters/dynamodb/learning-state.ts';
import { DynamoObservationStore } from '../../shared/adapters/dynamodb/observation-store.ts';
import { DynamoUsageLedger, settlementUpdates } from '../../shared/adapters/dynamodb/usage-ledger.ts';
import { makeInvoker } from '../../shared/adapters/lambda/invoker.ts';
import { RustSelector } from '../../shared/adapters/lambda/rust-selector.ts';
import { patternDetector } from '../../shared/adapters/pii/pattern-detector.ts';
import { AnthropicClient } from '../../shared/adapters/providers/anthropic/client.ts';
import { ProviderHttpClient } from '../../shared/adapters/providers/http-client.ts';
import { OpenAiCompatibleClient } from '../../shared/adapters/providers/openai-compatible/client.ts';
import { ProviderRouter } from '../../shared/adapters/providers/provider-router.ts';
import { SimulatedClient } from '../../shared/adapters/providers/simulated/client.ts';
import { SqsDeadLetters } from '../../shared/adapters/queue/sqs-dead-letters.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';
import { uuidv7Source } from '../../shared/adapters/runtime/uuidv7.ts';
import { SecretsManagerStore } from '../../shared/adapters/secrets/secrets-manager.ts';
import { DEFAULT_FLAGS, DEFAULT_POLICY } from '../../shared/config/default-policy.ts';
import { awsEnv, completionsEnv } from '../../shared/config/env.ts';
import { buildChain } from '../../shared/middleware/chain.ts';
import type { GatewayEvent } from '../../shared/middleware/scope.ts';
import { decodeArmState } from '../../shared/model/selection.ts';
import { makeTelemetry } from '../../shared/observability/telemetry.ts';
import { AdmissionService } from '../../shared/services/admission/admit-requests.ts';
import { AnswerService } from '../../shared/services/answer/answer-prompt.ts';
import { Settler } from '../../shared/services/answer/settle.ts';
import { Authenticator } from '../../shared/services/authenticate.ts';
import { isPrivateAddress } from '../../shared/services/base-url.ts';
import { CachedConfig } from '../../shared/services/cached-config.ts';
import { estimateTokens } from '../../shared/services/count-tokens.ts';
import { Redactor } from '../../shared/services/redact/redactor.ts';
import { ModelChooser } from '../../shared/services/routing/choose-model.ts';
import { SelectorBreaker } from '../../shared/services/routing/selector-breaker.ts';
import { SelectorSwitch } from '../../shared/services/routing/selector-switch.ts';
import { TypescriptSelector } from '../../shared/services/routing/typescript-selector.ts';
import { makeHandlers } from './handler.ts';
import { type CallState, ownMiddleware } from './own-middleware.ts';
import { schemas } from './schemas.ts';

const env = completionsEnv.parse(process.env);
const clock = systemClock();
const random = systemRandom();
const aws = connections(awsEnv.parse(process.env), clock);
const dynamo = makeDynamoClient({ ...aws.dynamodb, clock, random });
const secrets = new SecretsManagerStore(new SecretsManagerClient({}), env.SECRETS_PREFIX, clock);
const configTable = new DocumentTable(dynamo, env.CONFIG_TABLE);
const redactor = new Redactor(patternDetector());

const chooser = new ModelChooser({
  config: new CachedConfig(
    new DynamoConfigStore(configTable, { policy: DEFAULT_POLICY, flags: DEFAULT_FLAGS }),
    clock,
  ),
  selector: new SelectorSwitch({
    rust: new RustSelector({
      invoker: makeInvoker({ ...aws.lambda, clock, random }),
      functionName: env.SELECT_FUNCTION,
    }),
    typescript: new TypescriptSelector(
      new DynamoLearningState(dynamo, env.LEARNING_TABLE, decodeArmState),
      clock,
    ),
    breaker: new SelectorBreaker(clock),
    random,
  }),
  random,
});

const observations = new DynamoObservationStore({
  client: dynamo,
  table: env.OBSERVATIONS_TABLE,
  shards: env.OBSERVATION_SHARDS,
  clock,
  random,
  settlementUpdates: settlementUpdates(env.USAGE_TABLE),
});

const http = new ProviderHttpClient({ isPrivateAddress, allowPrivate: env.ALLOW_PRIVATE_URLS });
const answers = new AnswerService({
  client: new ProviderRouter({
    simulated: new SimulatedClient(clock, estimateTokens),
    openai: new OpenAiCompatibleClient({ http, secrets, clock }),
    'openai-compatible': new OpenAiCompatibleClient({ http, secrets, clock }),
    anthropic: new AnthropicClient({ http, secrets, clock }),
  }),
  settler: new Settler(observations, new SqsDeadLetters(new SQSClient({}), env.DEAD_LETTER_QUEUE_URL)),
  clock,
  random,
});

const admission = new AdmissionService({
  ledger: new DynamoUsageLedger(dynamo, env.USAGE_TABLE),
  clock,
  random,
});
const states = new WeakMap<GatewayEvent, CallState>();

export const handler = buildChain(
  {
    clock,
    ids: uuidv7Source(clock, random),
    ...(await makeTelemetry()),
    authenticator: new Authenticator({
      keys: new DynamoKeyStore(configTable),
      secrets,
      clock,
      env: env.ATP_STAGE,
    }),
    redact: (text) => redactor.text(text),
    holdsPersonalData: (text) => redactor.holdsPersonalData(text),
  },
  {
    streams: true,
    schemas,
    own: ownMiddleware({
      chooser,
      redact: (text) => redactor.redact(text),
      admit: (request) => admission.admit(request),
      now: () => clock.now(),
      states,
    }),
    handlers: makeHandlers({ chooser, answers, states, clock }),
  },
);
