/** Everything between a parsed request and its durable observation, put together once for each function that answers prompts. */
import { bedrockAccount } from '../adapters/aws/bedrock-account.ts';
import { connections } from '../adapters/aws/connection.ts';
import { makeDynamoClient } from '../adapters/dynamodb/client.ts';
import { DynamoConfigStore } from '../adapters/dynamodb/config-store.ts';
import { DocumentTable } from '../adapters/dynamodb/documents.ts';
import { DynamoHealthStore } from '../adapters/dynamodb/health-store.ts';
import { DynamoLearningState } from '../adapters/dynamodb/learning-state.ts';
import { DynamoObservationStore } from '../adapters/dynamodb/observation-store.ts';
import { DynamoSessionStore } from '../adapters/dynamodb/session-store.ts';
import { DynamoUsageLedger, settlementUpdates } from '../adapters/dynamodb/usage-ledger.ts';
import { ruleFirewall } from '../adapters/firewall/rule-firewall.ts';
import { makeInvoker } from '../adapters/lambda/invoker.ts';
import { RustSelector } from '../adapters/lambda/rust-selector.ts';
import { patternDetector } from '../adapters/pii/pattern-detector.ts';
import { makeSqsClient } from '../adapters/queue/sqs-client.ts';
import { SqsDeadLetters } from '../adapters/queue/sqs-dead-letters.ts';
import { systemClock, systemRandom } from '../adapters/runtime/system.ts';
import { DEFAULT_FLAGS, DEFAULT_POLICY } from '../config/default-policy.ts';
import { type AnsweringSettings, awsEnv, readEnv } from '../config/env.ts';
import { decodeArmState } from '../model/selection.ts';
import { AdmissionService } from '../services/admission/admit-requests.ts';
import { LateBookings } from '../services/admission/late-bookings.ts';
import { AnswerService } from '../services/answer/answer-prompt.ts';
import { CallService } from '../services/answer/call-service.ts';
import { Settler } from '../services/answer/settle.ts';
import { CachedConfig } from '../services/cached-config.ts';
import { DrainGate } from '../services/drain/drain-gate.ts';
import { BoundedEncoder, type OpenEncoder } from '../services/features/bounded-encoder.ts';
import { FeatureExtractor } from '../services/features/feature-extractor.ts';
import { PromptGuard } from '../services/guard/prompt-guard.ts';
import { AdapterHealth } from '../services/health/adapter-health.ts';
import { noticeBreakers } from '../services/notice.ts';
import { PEPPER_SECRET } from '../services/pepper.ts';
import { QuotaNotices } from '../services/quota-notices.ts';
import { GuardedReader, READER_BOUNDS } from '../services/redact/guarded-reader.ts';
import { PersonalData } from '../services/redact/personal-data.ts';
import { Redactor } from '../services/redact/redactor.ts';
import { ModelChooser } from '../services/routing/choose-model.ts';
import { SelectorBreaker } from '../services/routing/selector-breaker.ts';
import { SelectorSwitch } from '../services/routing/selector-switch.ts';
import { StickySessions } from '../services/routing/sticky-sessions.ts';
import { TypescriptSelector } from '../services/routing/typescript-selector.ts';
import { composeNotices } from './breaker-notices.ts';
import { modelClients } from './model-clients.ts';
import { namesModelIn } from './names-model.ts';
import { composeResponseCache } from './replies.ts';
import { composeSecrets } from './secrets.ts';

/** Neither loaded nor looked for before a policy wants it: it is far larger than all the rest. */
const encoderIn =
  (directory: string | undefined): OpenEncoder =>
  async () => {
    if (directory === undefined) return undefined;
    const { openEncoderThread } = await import('../adapters/embedding/encoder-thread.ts');
    return openEncoderThread(directory);
  };

/** `variables` holds what Lambda itself sets. */
export const composeAnswering = (env: AnsweringSettings, variables: NodeJS.ProcessEnv) => {
  const clock = systemClock();
  const random = systemRandom();
  const awsVariables = readEnv(awsEnv, variables);
  const aws = connections(awsVariables, clock);
  const { journal, ...store } = aws.dynamodb;
  // No model waits for the journal; what has to see all that was answered does.
  const dynamo = makeDynamoClient({ ...store, clock, random });
  const upToDate = journal === undefined ? dynamo : makeDynamoClient({ ...store, journal, clock, random });
  const secrets = composeSecrets({ connection: aws.secrets, env, clock, random });
  const configTable = new DocumentTable(dynamo, env.CONFIG_TABLE);
  const rules = patternDetector();
  const openModel = namesModelIn(env, () =>
    makeInvoker({ ...aws.lambda, clock, random, timeoutMs: READER_BOUNDS.openMs }),
  );
  const reader = openModel === undefined ? undefined : new GuardedReader(openModel, clock);
  const redactor = new Redactor(rules);

  const notices = composeNotices(dynamo, env.USAGE_TABLE, clock, random);
  const health = new AdapterHealth({
    store: new DynamoHealthStore(dynamo, env.USAGE_TABLE, { clock, random }),
    noticed: noticeBreakers(notices),
    clock,
    random,
  });
  const config = new CachedConfig(
    new DynamoConfigStore(configTable, { policy: DEFAULT_POLICY, flags: DEFAULT_FLAGS }),
    clock,
    () => health.read(),
  );
  const gate = new DrainGate(async () => (await config.current()).drain);
  const chooser = new ModelChooser({
    config,
    standings: (adapter) => health.standingOf(adapter),
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
    client: upToDate,
    table: env.OBSERVATIONS_TABLE,
    shards: env.OBSERVATION_SHARDS,
    clock,
    random,
    settlementUpdates: settlementUpdates(env.USAGE_TABLE),
  });

  const models = modelClients({
    secrets,
    clock,
    allowPrivate: env.ALLOW_PRIVATE_URLS,
    bedrock: () => bedrockAccount(env, awsVariables, aws.account),
  });
  const deadLetters = makeSqsClient({
    ...{ ...aws.account, queueUrl: env.DEAD_LETTER_QUEUE_URL, clock, random },
    endpoint: awsVariables.AWS_ENDPOINT_URL,
    // A caller waits for its reply meanwhile, and has waited for the table.
    ...{ timeoutMs: 1_500, attempts: 2 },
  });
  const settler = new Settler(observations, new SqsDeadLetters(deadLetters), journal);
  const answering = { settler, health, clock, random };
  const answers = new AnswerService({ ...answering, client: models.chat });
  const embeddings = new AnswerService({ ...answering, client: models.embeddings });

  const admission = new AdmissionService({
    ledger: new DynamoUsageLedger(dynamo, env.USAGE_TABLE),
    clock,
    random,
    runsBetween: env.RUNS_BETWEEN_REQUESTS === true,
    booked: () => journal?.booked(),
  });
  const late = new LateBookings({
    clock,
    isBooked: async (tenantId, id) => (await observations.find(tenantId, id)) !== undefined,
    release: (tenantId, id) => admission.release(tenantId, id),
  });
  const sessions = new StickySessions({
    store: new DynamoSessionStore(dynamo, env.USAGE_TABLE, clock),
    secrets,
    clock,
  });
  const cache = composeResponseCache({ dynamo, table: env.REPLIES_TABLE, secrets, random, clock });
  const guard = new PromptGuard(ruleFirewall);
  const personalData = new PersonalData({ rules, reader, secrets });
  const calls = new CallService({
    chooser,
    guard,
    personalData,
    admit: (request) => admission.admit(request),
    release: (tenantId, id) => admission.release(tenantId, id),
    bookedLate: (tenantId, id, forMs) => late.watch(tenantId, id, forMs),
    recall: (tenantId, sessionId) => sessions.recall(tenantId, sessionId),
    lookUp: (request) => cache.recall(request),
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
  });

  return {
    clock,
    random,
    aws,
    dynamo,
    /** For what must see every answer that was given. */
    upToDate,
    secrets,
    configTable,
    observations,
    redactor,
    chooser,
    answers,
    embeddings,
    calls,
    gate,
    personalData,
    flags: async () => (await config.current()).flags,
    limits: new QuotaNotices(notices),
    /**
     * Opens and reads what the first request would else have to wait for. Not the configuration: an instance that was
     * started ahead would serve its first requests what was true before them.
     */
    warmUp: () => {
      // What fails here is asked for again, and fails there.
      secrets.get(PEPPER_SECRET).catch(() => undefined);
      guard.warm();
      reader?.warm();
    },
  };
};
