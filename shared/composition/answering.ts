/** Everything between a parsed request and its durable observation, put together once for each function that answers prompts. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { connections } from '../adapters/aws/connection.ts';
import { makeDynamoClient } from '../adapters/dynamodb/client.ts';
import { DynamoConfigStore } from '../adapters/dynamodb/config-store.ts';
import { DocumentTable } from '../adapters/dynamodb/documents.ts';
import { DynamoLearningState } from '../adapters/dynamodb/learning-state.ts';
import { DynamoObservationStore } from '../adapters/dynamodb/observation-store.ts';
import { DynamoSessionStore } from '../adapters/dynamodb/session-store.ts';
import { DynamoUsageLedger, settlementUpdates } from '../adapters/dynamodb/usage-ledger.ts';
import { makeInvoker } from '../adapters/lambda/invoker.ts';
import { RustSelector } from '../adapters/lambda/rust-selector.ts';
import { patternDetector } from '../adapters/pii/pattern-detector.ts';
import { AnthropicClient } from '../adapters/providers/anthropic/client.ts';
import { ProviderHttpClient } from '../adapters/providers/http-client.ts';
import { OpenAiCompatibleClient } from '../adapters/providers/openai-compatible/client.ts';
import { OpenAiEmbeddings } from '../adapters/providers/openai-compatible/embeddings.ts';
import { ProviderRouter } from '../adapters/providers/provider-router.ts';
import { SimulatedClient } from '../adapters/providers/simulated/client.ts';
import { SimulatedEmbeddings } from '../adapters/providers/simulated/embeddings.ts';
import { SqsDeadLetters } from '../adapters/queue/sqs-dead-letters.ts';
import { systemClock, systemRandom } from '../adapters/runtime/system.ts';
import { SecretsManagerStore } from '../adapters/secrets/secrets-manager.ts';
import { DEFAULT_FLAGS, DEFAULT_POLICY } from '../config/default-policy.ts';
import { type AnsweringSettings, awsEnv } from '../config/env.ts';
import { decodeArmState } from '../model/selection.ts';
import type { Clock } from '../ports/runtime.ts';
import { AdmissionService } from '../services/admission/admit-requests.ts';
import { AnswerService } from '../services/answer/answer-prompt.ts';
import { CallService } from '../services/answer/call-service.ts';
import { Settler } from '../services/answer/settle.ts';
import { isPrivateAddress } from '../services/base-url.ts';
import { CachedConfig } from '../services/cached-config.ts';
import { estimateTokens } from '../services/count-tokens.ts';
import { BoundedEncoder, type OpenEncoder } from '../services/features/bounded-encoder.ts';
import { FeatureExtractor } from '../services/features/feature-extractor.ts';
import { GuardedReader } from '../services/redact/guarded-reader.ts';
import { PersonalData } from '../services/redact/personal-data.ts';
import { Redactor } from '../services/redact/redactor.ts';
import { ModelChooser } from '../services/routing/choose-model.ts';
import { SelectorBreaker } from '../services/routing/selector-breaker.ts';
import { SelectorSwitch } from '../services/routing/selector-switch.ts';
import { StickySessions } from '../services/routing/sticky-sessions.ts';
import { TypescriptSelector } from '../services/routing/typescript-selector.ts';

/** Neither loaded nor looked for before a policy wants it: it is far larger than all the rest. */
const encoderIn =
  (directory: string | undefined): OpenEncoder =>
  async () => {
    if (directory === undefined) return undefined;
    const { openEncoderThread } = await import('../adapters/embedding/encoder-thread.ts');
    return openEncoderThread(directory);
  };

const readerIn = (directory: string | undefined, clock: Clock): GuardedReader | undefined => {
  if (directory === undefined) return undefined;
  return new GuardedReader(async () => {
    const { openModelThread } = await import('../adapters/pii/model/model-thread.ts');
    return openModelThread(directory);
  }, clock);
};

/** `variables` holds what Lambda itself sets. */
export const composeAnswering = (env: AnsweringSettings, variables: NodeJS.ProcessEnv) => {
  const clock = systemClock();
  const random = systemRandom();
  const aws = connections(awsEnv.parse(variables), clock);
  const dynamo = makeDynamoClient({ ...aws.dynamodb, clock, random });
  const secrets = new SecretsManagerStore(new SecretsManagerClient({}), env.SECRETS_PREFIX, clock);
  const configTable = new DocumentTable(dynamo, env.CONFIG_TABLE);
  const rules = patternDetector();
  const reader = readerIn(env.PII_MODEL_DIR, clock);
  const redactor = new Redactor(rules);

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
      clock,
    }),
    features: new FeatureExtractor(new BoundedEncoder(encoderIn(env.ENCODER_DIR), clock)),
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
  const settler = new Settler(observations, new SqsDeadLetters(new SQSClient({}), env.DEAD_LETTER_QUEUE_URL));
  const answers = new AnswerService({
    client: new ProviderRouter({
      simulated: new SimulatedClient(clock, estimateTokens),
      openai: new OpenAiCompatibleClient({ http, secrets, clock }),
      'openai-compatible': new OpenAiCompatibleClient({ http, secrets, clock }),
      anthropic: new AnthropicClient({ http, secrets, clock }),
    }),
    settler,
    clock,
    random,
  });
  const embeddings = new AnswerService({
    client: new ProviderRouter({
      simulated: new SimulatedEmbeddings(clock, estimateTokens),
      openai: new OpenAiEmbeddings({ http, secrets, clock }),
      'openai-compatible': new OpenAiEmbeddings({ http, secrets, clock }),
    }),
    settler,
    clock,
    random,
  });

  const admission = new AdmissionService({
    ledger: new DynamoUsageLedger(dynamo, env.USAGE_TABLE),
    clock,
    random,
  });
  const sessions = new StickySessions({
    store: new DynamoSessionStore(dynamo, env.USAGE_TABLE, clock),
    secrets,
    clock,
  });
  const calls = new CallService({
    chooser,
    personalData: new PersonalData({ rules, reader, secrets }),
    admit: (request) => admission.admit(request),
    release: (tenantId, id) => admission.release(tenantId, id),
    recall: (tenantId, sessionId) => sessions.recall(tenantId, sessionId),
    now: () => clock.now(),
  });

  return {
    clock,
    random,
    aws,
    dynamo,
    secrets,
    configTable,
    redactor,
    chooser,
    answers,
    embeddings,
    calls,
    /** Opens what the first request would else have to wait for. */
    warmUp: () => reader?.warm(),
  };
};
