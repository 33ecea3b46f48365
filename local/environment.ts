/** The environment that AWS would give the functions, pointed at this machine; checked against each one's schema. */
import type {
  AdminEnvironment,
  CompletionsEnvironment,
  FeedbackEnvironment,
  McpEnvironment,
  ProbeAdaptersEnvironment,
  ReplayEnvironment,
  SeriesEnvironment,
  StatusEnvironment,
  WsGateEnvironment,
  WsMessageEnvironment,
  WsWorkerEnvironment,
} from '../shared/config/env.ts';
import { TABLES } from '../shared/config/tables.ts';
import { deadLetterQueueUrl } from './aws/sqs.ts';

export const STAGE = 'local';
export const SECRETS_PREFIX = 'atp-local';
export const SELECT_FUNCTION = 'select';
export const LEARN_FUNCTION = 'learn';
const SHARDS = '1';

export interface Endpoints {
  /** Secrets Manager, SQS, CloudWatch and, where nobody else does, Lambda. */
  aws: string;
  dynamodb: string;
  /** Lambda's Invoke, where it is answered at an address of its own. */
  lambda?: string;
}

type FunctionEnvironment = Omit<AdminEnvironment, 'CONNECTIONS_URL'> &
  CompletionsEnvironment &
  FeedbackEnvironment &
  McpEnvironment &
  ProbeAdaptersEnvironment &
  ReplayEnvironment &
  SeriesEnvironment &
  StatusEnvironment &
  // Each gateway process has these of its own.
  Omit<WsGateEnvironment & WsMessageEnvironment & WsWorkerEnvironment, 'CONNECTIONS_URL' | 'ASK_QUEUE_URL'>;

/** Credentials that name nobody: the emulated services check none, but the clients sign. */
export const awsEnvironment = (endpoints: Endpoints): Record<string, string> => ({
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_ENDPOINT_URL: endpoints.aws,
  AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
  ...(endpoints.lambda === undefined ? {} : { AWS_ENDPOINT_URL_LAMBDA: endpoints.lambda }),
});

export const functionEnvironment = (endpoints: Endpoints, version: string): Record<string, string> => {
  const own: FunctionEnvironment = {
    ATP_STAGE: STAGE,
    ATP_VERSION: version,
    POWERTOOLS_SERVICE_NAME: 'atp-router',
    POWERTOOLS_METRICS_NAMESPACE: 'AtpRouter',
    POWERTOOLS_LOG_LEVEL: 'INFO',
    CONFIG_TABLE: 'Config',
    USAGE_TABLE: 'Usage',
    OBSERVATIONS_TABLE: 'Observations',
    FEEDBACK_TABLE: 'Feedback',
    LEARNING_TABLE: 'Learning',
    CONNECTIONS_TABLE: 'Connections',
    REPLIES_TABLE: 'Replies',
    AUDIT_TABLE: 'Audit',
    OBSERVATION_SHARDS: SHARDS,
    RUNS_BETWEEN_REQUESTS: 'true',
    SECRETS_PREFIX,
    SELECT_FUNCTION,
    DEAD_LETTER_QUEUE_URL: deadLetterQueueUrl(endpoints.aws),
    ALLOW_PRIVATE_URLS: 'true',
    ALLOW_SIMULATED: 'true',
    PROBE_IDLE_MINUTES: '0',
    // As local/metrics keeps them.
    METRICS_STEP_S: '2',
  };
  const tables = Object.entries(TABLES).map(([name, table]) => [table.variable, name]);
  return {
    ...awsEnvironment(endpoints),
    ...Object.fromEntries(tables),
    ...own,
    // There is no X-Ray daemon here.
    POWERTOOLS_TRACE_ENABLED: 'false',
    AWS_XRAY_CONTEXT_MISSING: 'IGNORE_ERROR',
  };
};

/** For a Rust function's process, besides what its Lambda host adds. */
export const rustEnvironment = (endpoints: Endpoints): Record<string, string> => ({
  ...awsEnvironment(endpoints),
  PATH: process.env.PATH ?? '',
  LEARNING_TABLE: 'Learning',
  FEEDBACK_TABLE: 'Feedback',
  ATP_EXIT_WITH_PARENT: '1',
  // A batch takes less than waking a second thread for it.
  TOKIO_WORKER_THREADS: '1',
});

/** The person's own AWS keys, under names that only calls of Bedrock read: they must not mix with those that name nobody. */
export const bedrockEnvironment = (personal: Readonly<Record<string, string>>): Record<string, string> => {
  const own = {
    BEDROCK_ACCESS_KEY_ID: personal.AWS_ACCESS_KEY_ID,
    BEDROCK_SECRET_ACCESS_KEY: personal.AWS_SECRET_ACCESS_KEY,
    BEDROCK_SESSION_TOKEN: personal.AWS_SESSION_TOKEN,
    BEDROCK_REGION: personal.AWS_REGION ?? personal.AWS_DEFAULT_REGION,
  };
  return Object.fromEntries(
    Object.entries(own).filter((entry): entry is [string, string] => (entry[1] ?? '') !== ''),
  );
};

/** Takes AWS settings and provider keys of the person's own out of what children inherit. Answers what was taken. */
export const scrubEnvironment = (env: NodeJS.ProcessEnv): Record<string, string> => {
  const taken: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (!/^AWS_|_API_KEY$/.test(name) || value === undefined) continue;
    taken[name] = value;
    delete env[name];
  }
  return taken;
};
