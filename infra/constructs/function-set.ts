/** Every function with its environment (typed: a missing variable does not compile) and its grants. */
import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import manifest from '../../package.json' with { type: 'json' };
import type {
  AdminEnvironment,
  CompletionsEnvironment,
  FeedbackEnvironment,
  McpEnvironment,
  ReplayEnvironment,
  StatusEnvironment,
} from '../../shared/config/env.ts';
import { TABLES, type TableName } from '../../shared/config/tables.ts';
import type { DataStack } from '../stacks/data-stack.ts';
import type { StageOptions } from '../stage.ts';
import { NodeFunction, RustFunction } from './functions.ts';

export interface FunctionSet {
  completions: NodeFunction;
  feedback: NodeFunction;
  admin: NodeFunction;
  status: NodeFunction;
  mcp: NodeFunction;
  replay: NodeFunction;
  select: RustFunction;
  learn: RustFunction;
}

type Variables = Record<string, string>;

const flag = (value: boolean): 'true' | 'false' => (value ? 'true' : 'false');

/** Actions on a table, and on its indexes where it is queried by one. */
const grant = (
  fn: NodeFunction | RustFunction,
  table: Table,
  actions: readonly string[],
  index?: string,
): void => {
  fn.function.addToRolePolicy(
    new PolicyStatement({
      actions: actions.map((action) => `dynamodb:${action}`),
      resources: [table.tableArn],
    }),
  );
  if (index !== undefined) {
    fn.function.addToRolePolicy(
      new PolicyStatement({ actions: ['dynamodb:Query'], resources: [`${table.tableArn}/index/${index}`] }),
    );
  }
};

export const makeFunctions = (scope: Construct, stage: StageOptions, data: DataStack): FunctionSet => {
  const { tables } = data;
  const table = <Name extends TableName>(name: Name) =>
    ({ [TABLES[name].variable]: tables[name].tableName }) as Record<
      (typeof TABLES)[Name]['variable'],
      string
    >;
  const base = (service: string) => ({
    ATP_STAGE: stage.name,
    ATP_VERSION: manifest.version,
    POWERTOOLS_SERVICE_NAME: service,
    POWERTOOLS_METRICS_NAMESPACE: 'AtpRouter',
    POWERTOOLS_LOG_LEVEL: stage.logLevel,
    POWERTOOLS_TRACE_ENABLED: 'true',
    SECRETS_PREFIX: data.secretsPrefix,
    ...table('Config'),
  });
  const shards = { OBSERVATION_SHARDS: String(stage.observationShards) };
  const node = (
    source: string,
    description: string,
    environment: Variables,
    timeout?: Duration,
  ): NodeFunction =>
    new NodeFunction(scope, source.charAt(0).toUpperCase() + source.slice(1), {
      stage,
      source,
      description,
      environment,
      ...(timeout === undefined ? {} : { timeout }),
    });

  const learning: Variables = table('Learning');
  const select = new RustFunction(scope, 'Select', {
    stage,
    source: 'select',
    description: 'Ranks the models of a batch of requests',
    environment: learning,
    timeout: Duration.seconds(5),
  });
  grant(select, tables.Learning, ['Query']);

  const learn = new RustFunction(scope, 'Learn', {
    stage,
    source: 'learn',
    description: 'Turns feedback into learnt state',
    environment: { ...learning, ...table('Feedback') },
  });
  grant(learn, tables.Learning, ['Query', 'PutItem', 'UpdateItem']);
  grant(learn, tables.Feedback, ['UpdateItem'], 'pending-index');

  const completionsEnvironment: CompletionsEnvironment = {
    ...base('completions'),
    ...shards,
    ...table('Usage'),
    ...table('Observations'),
    ...table('Learning'),
    SELECT_FUNCTION: select.live.functionArn,
    DEAD_LETTER_QUEUE_URL: data.deadLetters.queueUrl,
    ALLOW_PRIVATE_URLS: flag(stage.allowPrivateUrls),
  };
  const completions = node('completions', 'Ask and plan', completionsEnvironment, Duration.minutes(5));
  select.live.grantInvoke(completions.function);
  data.deadLetters.grantSendMessages(completions.function);
  grant(completions, tables.Config, ['GetItem', 'Query']);
  grant(completions, tables.Usage, ['GetItem', 'UpdateItem']);
  grant(completions, tables.Observations, ['PutItem']);
  grant(completions, tables.Learning, ['Query']);

  const feedbackEnvironment: FeedbackEnvironment = {
    ...base('feedback'),
    ...shards,
    ...table('Observations'),
    ...table('Feedback'),
  };
  const feedback = node('feedback', 'Scores of earlier answers', feedbackEnvironment);
  grant(feedback, tables.Config, ['GetItem']);
  grant(feedback, tables.Observations, ['GetItem', 'UpdateItem']);
  grant(feedback, tables.Feedback, ['GetItem', 'PutItem']);

  const adminEnvironment: AdminEnvironment = {
    ...base('admin'),
    ...shards,
    ...table('Usage'),
    ...table('Observations'),
    ALLOW_PRIVATE_URLS: flag(stage.allowPrivateUrls),
    ALLOW_SIMULATED: flag(stage.allowSimulated),
  };
  const admin = node('admin', 'Models, keys, limits, observations, flags', adminEnvironment);
  grant(admin, tables.Config, ['GetItem', 'Query', 'PutItem', 'DeleteItem']);
  grant(admin, tables.Usage, ['GetItem', 'Query', 'UpdateItem']);
  grant(admin, tables.Observations, ['GetItem', 'Query'], 'tenant-index');

  const statusEnvironment: StatusEnvironment = {
    ...base('status'),
    SELECT_FUNCTION: select.live.functionArn,
  };
  const status = node('status', 'Health and the list of models', statusEnvironment);
  select.live.grantInvoke(status.function);
  grant(status, tables.Config, ['GetItem', 'Query']);

  const mcpEnvironment: McpEnvironment = base('mcp');
  const mcp = node('mcp', 'Model Context Protocol', mcpEnvironment, Duration.minutes(5));
  grant(mcp, tables.Config, ['GetItem']);

  const replayEnvironment: ReplayEnvironment = {
    ...base('replay'),
    ...shards,
    ...table('Usage'),
    ...table('Observations'),
  };
  const replay = node('replay', 'Stores what its table could not take before', replayEnvironment);
  grant(replay, tables.Usage, ['UpdateItem']);
  grant(replay, tables.Observations, ['PutItem']);

  grantSecrets(data, { completions, feedback, admin, status, mcp });
  return { completions, feedback, admin, status, mcp, replay, select, learn };
};

/** Everybody reads the pepper and the bootstrap key; providers' keys are read by `completions` and written by `admin`. */
const grantSecrets = (
  data: DataStack,
  {
    completions,
    feedback,
    admin,
    status,
    mcp,
  }: Pick<FunctionSet, 'completions' | 'feedback' | 'admin' | 'status' | 'mcp'>,
): void => {
  for (const fn of [completions, feedback, admin, status, mcp]) {
    fn.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['secretsmanager:GetSecretValue'],
        resources: [data.pepper.secretArn, data.adminKey.secretArn],
      }),
    );
  }
  const providerKeys = Stack.of(data).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${data.secretsPrefix}/adapters/*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  completions.function.addToRolePolicy(
    new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [providerKeys] }),
  );
  admin.function.addToRolePolicy(
    new PolicyStatement({
      actions: [
        'secretsmanager:CreateSecret',
        'secretsmanager:PutSecretValue',
        'secretsmanager:DeleteSecret',
      ],
      resources: [providerKeys],
    }),
  );
};
