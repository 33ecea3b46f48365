/** Every function with its environment (typed: a missing variable does not compile) and its grants. */
import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import manifest from '../../package.json' with { type: 'json' };
import type {
  AdminEnvironment,
  CompletionsEnvironment,
  FeedbackEnvironment,
  McpEnvironment,
  ProbeAdaptersEnvironment,
  ReplayEnvironment,
  StatusEnvironment,
  WsGateEnvironment,
  WsMessageEnvironment,
  WsWorkerEnvironment,
} from '../../shared/config/env.ts';
import { TABLES, type TableName } from '../../shared/config/tables.ts';
import type { DataStack } from '../stacks/data-stack.ts';
import type { StageOptions } from '../stage.ts';
import { type EventFunctions, eventPublisher } from './event-publisher.ts';
import { NodeFunction, RustFunction } from './functions.ts';
import { grant } from './grant.ts';
import { grantAuditing, grantBedrock, grantKeyUses, grantProviderKeys, grantReading } from './grants.ts';
import { auditExporter, secretRotator } from './maintenance.ts';
import { type NamesFunctions, nameFinding, telemetryOf } from './name-finding.ts';
import { flag, pascalCase } from './naming.ts';
import { adminFunction, seriesFunction } from './operator-functions.ts';
import { grantTracing, tracingVariables } from './tracing.ts';

export interface FunctionSet extends NamesFunctions, EventFunctions {
  completions: NodeFunction;
  feedback: NodeFunction;
  admin: NodeFunction;
  series: NodeFunction;
  status: NodeFunction;
  mcp: NodeFunction;
  replay: NodeFunction;
  probeAdapters: NodeFunction;
  rotateSecret: NodeFunction;
  /** Where the stage copies its audit log. */
  exportAudit?: NodeFunction;
  wsGate: NodeFunction;
  wsMessage: NodeFunction;
  wsWorker: NodeFunction;
  select: RustFunction;
  learn: RustFunction;
}

export type Variables = Record<string, string>;

/** Of those who keep replies, and give them again. */
const REPLY_ACTIONS = ['GetItem', 'PutItem', 'UpdateItem'] as const;

/** `connectionsUrl` is where the functions of the WebSocket API reach its clients. */
export const makeFunctions = (
  scope: Construct,
  stage: StageOptions,
  data: DataStack,
  connectionsUrl: string,
): FunctionSet => {
  const { tables } = data;
  const table = <Name extends TableName>(name: Name) =>
    ({ [TABLES[name].variable]: tables[name].tableName }) as Record<
      (typeof TABLES)[Name]['variable'],
      string
    >;
  const base = (service: string) => ({
    ATP_STAGE: stage.name,
    ATP_VERSION: manifest.version,
    ...telemetryOf(stage, service),
    SECRETS_PREFIX: data.secretsPrefix,
    ...table('Config'),
  });
  /** Of functions that know who calls. */
  const guarded = (service: string) => ({
    ...base(service),
    ...stage.identity.variables,
    ...table('Audit'),
  });
  const shards = { OBSERVATION_SHARDS: String(stage.observationShards) };
  const node = (
    source: string,
    description: string,
    environment: Variables,
    timeout?: Duration,
  ): NodeFunction =>
    new NodeFunction(scope, pascalCase(source), {
      stage,
      source,
      description,
      environment,
      ...(timeout === undefined ? {} : { timeout }),
    });

  const select = new RustFunction(scope, 'Select', {
    stage,
    source: 'select',
    description: 'Ranks the models of a batch of requests',
    environment: table('Learning'),
    timeout: Duration.seconds(5),
  });
  grant(select, tables.Learning, ['Query']);

  const learn = new RustFunction(scope, 'Learn', {
    stage,
    source: 'learn',
    description: 'Turns feedback into learnt state',
    environment: { ...table('Learning'), ...table('Feedback') },
  });
  grant(learn, tables.Learning, ['Query', 'PutItem', 'UpdateItem']);
  grant(learn, tables.Feedback, ['UpdateItem'], 'pending-index', ['Query', 'Scan']);

  const names = nameFinding(scope, stage, telemetryOf(stage, 'find-names'));
  const answering = {
    ...names.variables,
    ...shards,
    ...table('Usage'),
    ...table('Observations'),
    ...table('Learning'),
    ...table('Replies'),
    SELECT_FUNCTION: select.live.functionArn,
    DEAD_LETTER_QUEUE_URL: data.deadLetters.queueUrl,
    ALLOW_PRIVATE_URLS: flag(stage.allowPrivateUrls),
    ...tracingVariables(stage),
  };
  const grantAnswering = (fn: NodeFunction): void => {
    names.equip(fn);
    select.live.grantInvoke(fn.function);
    data.deadLetters.grantSendMessages(fn.function);
    grant(fn, tables.Config, ['GetItem', 'Query']);
    grant(fn, tables.Usage, ['GetItem', 'Query', 'UpdateItem']);
    grant(fn, tables.Observations, ['PutItem']);
    grant(fn, tables.Learning, ['Query']);
    grant(fn, tables.Replies, REPLY_ACTIONS);
    grantBedrock(fn);
    grantTracing(fn, stage);
  };
  const completionsEnvironment: CompletionsEnvironment = { ...guarded('completions'), ...answering };
  const completions = node('completions', 'Ask and plan', completionsEnvironment, Duration.minutes(5));
  grantAnswering(completions);

  const sockets = { ...table('Connections'), CONNECTIONS_URL: connectionsUrl };
  const gateEnvironment: WsGateEnvironment = { ...guarded('ws-gate'), ...sockets };
  const wsGate = node('ws-gate', 'Opens, sweeps and forgets WebSockets', gateEnvironment);
  grant(wsGate, tables.Config, ['GetItem']);
  grant(wsGate, tables.Connections, ['PutItem', 'UpdateItem', 'DeleteItem', 'Scan']);

  const messageEnvironment: WsMessageEnvironment = {
    ...guarded('ws-message'),
    ...sockets,
    ASK_QUEUE_URL: data.asks.queueUrl,
  };
  const wsMessage = node('ws-message', 'Messages of WebSockets', messageEnvironment);
  data.asks.grantSendMessages(wsMessage.function);
  grant(wsMessage, tables.Config, ['GetItem']);
  grant(wsMessage, tables.Connections, ['GetItem', 'UpdateItem', 'DeleteItem']);

  const workerEnvironment: WsWorkerEnvironment = {
    ...base('ws-worker'),
    ...answering,
    ...sockets,
    ...table('Feedback'),
  };
  const patience = Duration.seconds(90);
  const wsWorker = node('ws-worker', 'Answers the asks of WebSockets', workerEnvironment, patience);
  grantAnswering(wsWorker);
  grant(wsWorker, tables.Connections, ['GetItem', 'PutItem', 'UpdateItem']);
  // For the tool that scores an answer.
  grant(wsWorker, tables.Observations, ['GetItem', 'UpdateItem']);
  grant(wsWorker, tables.Feedback, ['GetItem', 'PutItem']);

  const feedbackEnvironment: FeedbackEnvironment = {
    ...guarded('feedback'),
    ...shards,
    ...table('Observations'),
    ...table('Feedback'),
    ...table('Replies'),
  };
  const feedback = node('feedback', 'Scores of earlier answers', feedbackEnvironment);
  grant(feedback, tables.Config, ['GetItem']);
  grant(feedback, tables.Observations, ['GetItem', 'UpdateItem']);
  grant(feedback, tables.Feedback, ['GetItem', 'PutItem']);
  grant(feedback, tables.Replies, REPLY_ACTIONS);

  const adminEnvironment: AdminEnvironment = {
    ...guarded('admin'),
    ...shards,
    ...table('Usage'),
    ...table('Observations'),
    ...table('Learning'),
    ...table('Replies'),
    ...sockets,
    ALLOW_PRIVATE_URLS: flag(stage.allowPrivateUrls),
    ALLOW_SIMULATED: flag(stage.allowSimulated),
  };
  const admin = adminFunction(node, adminEnvironment, data);
  const series = seriesFunction(node, { ...guarded('series'), ...shards, ...table('Observations') }, data);

  const statusEnvironment: StatusEnvironment = {
    ...guarded('status'),
    ...names.variables,
    ...table('Usage'),
    SELECT_FUNCTION: select.live.functionArn,
  };
  const status = node('status', 'Health and the list of models', statusEnvironment);
  names.equip(status);
  select.live.grantInvoke(status.function);
  grant(status, tables.Config, ['GetItem', 'Query']);
  grant(status, tables.Usage, ['GetItem', 'Query']);

  const mcpEnvironment: McpEnvironment = guarded('mcp');
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

  const probeEnvironment: ProbeAdaptersEnvironment = {
    ...base('probe-adapters'),
    ...table('Usage'),
    ALLOW_PRIVATE_URLS: flag(stage.allowPrivateUrls),
    PROBE_IDLE_MINUTES: String(stage.probeIdleMinutes),
  };
  const probeAdapters = node('probe-adapters', 'Asks models whose health nobody knows', probeEnvironment);
  grant(probeAdapters, tables.Config, ['Query']);
  grant(probeAdapters, tables.Usage, ['Query', 'UpdateItem']);
  grantBedrock(probeAdapters);

  const rotateSecret = secretRotator(node, { ...base('rotate-secret'), ...table('Usage') }, data);
  grant(rotateSecret, tables.Config, ['Query']);
  const exportAuditLog =
    stage.auditExportDays > 0 ? auditExporter(node, base('export-audit'), stage) : undefined;

  const { pepper, adminKey, socketKey, replyKey, auditKey } = data;
  for (const fn of [completions, feedback, admin, series, status, mcp, wsGate])
    grantReading(fn, [pepper.secretArn, adminKey.secretArn]);
  for (const fn of [completions, feedback, series, status, mcp, wsGate, wsMessage])
    grantKeyUses(fn, tables.Config);
  grantAuditing(
    [completions, feedback, admin, series, status, mcp, wsGate, wsMessage],
    admin,
    tables.Audit,
    auditKey,
  );
  grantReading(wsMessage, [pepper.secretArn, adminKey.secretArn, socketKey.secretArn]);
  grantReading(wsWorker, [socketKey.secretArn]);
  for (const fn of [completions, feedback, admin, wsWorker]) grantReading(fn, [replyKey.secretArn]);
  grantProviderKeys(data, { readers: [completions, wsWorker, probeAdapters, admin], writer: admin });
  return {
    completions,
    feedback,
    admin,
    series,
    status,
    mcp,
    replay,
    probeAdapters,
    rotateSecret,
    ...(exportAuditLog === undefined ? {} : { exportAudit: exportAuditLog }),
    ...names.functions,
    ...eventPublisher(scope, stage, data),
    wsGate,
    wsMessage,
    wsWorker,
    select,
    learn,
  };
};
