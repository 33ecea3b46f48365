/** The environment of each function: read once by its composition root, typed for the CDK app and the local runtime. */
import * as z from 'zod';
import { identityEnv } from './identity.ts';
import { tracingEnv } from './tracing.ts';

/** Made once each: making a schema costs a cold start more than using it. */
const text = z.string().min(1);
const optionalText = text.optional();
const anything = z.string().optional();
const logLevel = z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']);

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

const shards = z
  .string()
  .regex(/^[1-9][0-9]{0,2}$/)
  .transform(Number);

/** Of every function. */
const common = {
  ATP_STAGE: text,
  ATP_VERSION: text,
  POWERTOOLS_SERVICE_NAME: text,
  POWERTOOLS_METRICS_NAMESPACE: text,
  POWERTOOLS_LOG_LEVEL: logLevel,
  /** Secrets are named `<prefix>/<name>`. */
  SECRETS_PREFIX: text,
} as const;

const base = { ...common, CONFIG_TABLE: text, ...identityEnv } as const;

/** What Lambda itself sets, and where the services are when they are not AWS's own. */
export const awsEnv = z.object({
  AWS_REGION: text,
  AWS_ACCESS_KEY_ID: anything,
  AWS_SECRET_ACCESS_KEY: anything,
  AWS_SESSION_TOKEN: anything,
  AWS_ENDPOINT_URL: anything,
  AWS_ENDPOINT_URL_DYNAMODB: anything,
  AWS_ENDPOINT_URL_LAMBDA: anything,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: anything,
});
export type AwsEnvironment = z.output<typeof awsEnv>;

/** Of every function that may refuse somebody. */
const audit = {
  AUDIT_TABLE: text,
} as const;

const piiModel = {
  /** Where the model is that finds names and addresses; patterns alone where both are left out. */
  PII_MODEL_DIR: optionalText,
  /** The function that has the model, in place of the directory. */
  PII_FUNCTION: optionalText,
} as const;

export const statusEnv = z.object({
  ...base,
  ...audit,
  ...piiModel,
  USAGE_TABLE: text,
  /** The Rust selector's function name or ARN. */
  SELECT_FUNCTION: text,
});

const encoder = {
  /** Where `npm run setup:encoder` put the sentence encoder, for policies whose features are embedded. */
  ENCODER_DIR: optionalText,
} as const;

const replies = {
  /** Where replies are kept to be given again. */
  REPLIES_TABLE: text,
} as const;

const sockets = {
  CONNECTIONS_TABLE: text,
  /** Base of `POST /@connections/{id}`, the stage's path with it. */
  CONNECTIONS_URL: text,
} as const;
/** Of an account whose Bedrock is called where AWS's services are emulated; elsewhere the function's role does it. */
const bedrock = {
  BEDROCK_ACCESS_KEY_ID: optionalText,
  BEDROCK_SECRET_ACCESS_KEY: optionalText,
  BEDROCK_SESSION_TOKEN: optionalText,
  BEDROCK_REGION: optionalText,
} as const;
export type BedrockSettings = z.output<z.ZodObject<typeof bedrock>>;

const answering = {
  ...base,
  ...replies,
  USAGE_TABLE: text,
  OBSERVATIONS_TABLE: text,
  /** Partitions of a day; may grow only where a day begins. */
  OBSERVATION_SHARDS: shards,
  LEARNING_TABLE: text,
  SELECT_FUNCTION: text,
  DEAD_LETTER_QUEUE_URL: text,
  /** Is the process never frozen, also while it has nothing to answer? */
  RUNS_BETWEEN_REQUESTS: flag.optional(),
  /** May a provider's base URL lead to a loopback, private or link-local address? */
  ALLOW_PRIVATE_URLS: flag,
  ...encoder,
  ...piiModel,
  ...bedrock,
  ...tracingEnv,
} as const;

export const completionsEnv = z.object({ ...answering, ...audit });
/** Of every function that answers prompts. */
export type AnsweringSettings = z.output<z.ZodObject<typeof answering>>;

export const wsGateEnv = z.object({ ...base, ...audit, ...sockets });

export const wsMessageEnv = z.object({
  ...base,
  ...audit,
  ...sockets,
  /** Where asks wait for their worker. */
  ASK_QUEUE_URL: text,
});

export const wsWorkerEnv = z.object({ ...answering, ...sockets, FEEDBACK_TABLE: text });

export const feedbackEnv = z.object({
  ...base,
  ...audit,
  ...replies,
  OBSERVATIONS_TABLE: text,
  OBSERVATION_SHARDS: shards,
  FEEDBACK_TABLE: text,
});

export const replayEnv = z.object({
  ...base,
  USAGE_TABLE: text,
  OBSERVATIONS_TABLE: text,
  OBSERVATION_SHARDS: shards,
});

export const probeAdaptersEnv = z.object({
  ...base,
  ...bedrock,
  USAGE_TABLE: text,
  ALLOW_PRIVATE_URLS: flag,
  /** After so many minutes without a call a model is asked; 0 for never. */
  PROBE_IDLE_MINUTES: z
    .string()
    .regex(/^[0-9]{1,5}$/)
    .transform(Number),
});

export const adminEnv = z.object({
  ...base,
  ...audit,
  ...encoder,
  ...replies,
  ...sockets,
  USAGE_TABLE: text,
  OBSERVATIONS_TABLE: text,
  OBSERVATION_SHARDS: shards,
  LEARNING_TABLE: text,
  ALLOW_PRIVATE_URLS: flag,
  ...bedrock,
  /** May models be registered that only simulate one? */
  ALLOW_SIMULATED: flag,
});

export const seriesEnv = z.object({
  ...base,
  ...audit,
  OBSERVATIONS_TABLE: text,
  OBSERVATION_SHARDS: shards,
  /** The finest step of the metrics: a minute where CloudWatch keeps them. */
  METRICS_STEP_S: z
    .string()
    .regex(/^[1-9][0-9]{0,2}$/)
    .transform(Number),
});

export const mcpEnv = z.object({
  ...base,
  ...audit,
  /** Where the REST API is, if that is known; else it is taken from API Gateway's event. */
  API_URL: z.url().optional(),
});

export const rotateSecretEnv = z.object({ ...base, USAGE_TABLE: text });

export const publishEventsEnv = z.object({
  ATP_STAGE: text,
  POWERTOOLS_SERVICE_NAME: text,
  POWERTOOLS_METRICS_NAMESPACE: text,
  POWERTOOLS_LOG_LEVEL: logLevel,
  /** Its name. */
  EVENT_BUS: text,
});

/** It has no tables and no secrets. */
export const findNamesEnv = z.object({
  POWERTOOLS_SERVICE_NAME: base.POWERTOOLS_SERVICE_NAME,
  POWERTOOLS_METRICS_NAMESPACE: base.POWERTOOLS_METRICS_NAMESPACE,
  POWERTOOLS_LOG_LEVEL: base.POWERTOOLS_LOG_LEVEL,
  PII_MODEL_DIR: text,
});

export const exportAuditEnv = z.object({
  ...base,
  /** Where the audit log is copied to. */
  EXPORT_BUCKET: text,
});

export const verifyReleaseEnv = z.object(common);

/** `API_URL` is where callers reach the API. */
export const canaryEnv = z.object({ ...common, API_URL: z.url() });

/** Throws where a variable is missing or not valid. It is read once, so nothing is compiled for it. */
export const readEnv = <Schema extends z.ZodType>(
  schema: Schema,
  variables: NodeJS.ProcessEnv,
): z.output<Schema> => schema.parse(variables, { jitless: true });

/** What infra and the local runtime have to supply, as strings. */
export type EnvironmentOf<Schema extends z.ZodType> = z.input<Schema>;
export type CompletionsEnvironment = EnvironmentOf<typeof completionsEnv>;
export type FeedbackEnvironment = EnvironmentOf<typeof feedbackEnv>;
export type AdminEnvironment = EnvironmentOf<typeof adminEnv>;
export type SeriesEnvironment = EnvironmentOf<typeof seriesEnv>;
export type StatusEnvironment = EnvironmentOf<typeof statusEnv>;
export type McpEnvironment = EnvironmentOf<typeof mcpEnv>;
export type ReplayEnvironment = EnvironmentOf<typeof replayEnv>;
export type ProbeAdaptersEnvironment = EnvironmentOf<typeof probeAdaptersEnv>;
export type ExportAuditEnvironment = EnvironmentOf<typeof exportAuditEnv>;
export type FindNamesEnvironment = EnvironmentOf<typeof findNamesEnv>;
export type PublishEventsEnvironment = EnvironmentOf<typeof publishEventsEnv>;
export type RotateSecretEnvironment = EnvironmentOf<typeof rotateSecretEnv>;
export type VerifyReleaseEnvironment = EnvironmentOf<typeof verifyReleaseEnv>;
export type CanaryEnvironment = EnvironmentOf<typeof canaryEnv>;
export type WsGateEnvironment = EnvironmentOf<typeof wsGateEnv>;
export type WsMessageEnvironment = EnvironmentOf<typeof wsMessageEnv>;
export type WsWorkerEnvironment = EnvironmentOf<typeof wsWorkerEnv>;
