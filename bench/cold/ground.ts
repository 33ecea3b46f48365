/** What the functions need around them: tables, secrets, `select`, a model; made once, filled through the functions. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { cloudWatch } from '../../local/aws/cloudwatch.ts';
import { DeadLetterFile } from '../../local/aws/dead-letter-file.ts';
import { AwsEndpoint } from '../../local/aws/endpoint.ts';
import type { LambdaFunction } from '../../local/aws/lambda-function.ts';
import { SecretFile } from '../../local/aws/secret-file.ts';
import { type SecretsInput, secretsManager } from '../../local/aws/secrets-manager.ts';
import { type SqsInput, sqs } from '../../local/aws/sqs.ts';
import { createTables } from '../../local/dynamodb/create-tables.ts';
import { engineSpec, findEngine, untilAnswering } from '../../local/dynamodb/engine.ts';
import {
  type Endpoints,
  functionEnvironment,
  SECRETS_PREFIX,
  SELECT_FUNCTION,
} from '../../local/environment.ts';
import { SeriesStore } from '../../local/metrics/series-store.ts';
import { OWN_SECRET_NAMES } from '../../shared/services/secrets/own-secrets.ts';
import { freePort, start } from '../support/processes.ts';

export interface Ground {
  endpoints: Endpoints;
  /** The environment of every Node function. */
  environment: Record<string, string>;
  /** A key with the operator's role. */
  adminKey: string;
  /** Base URL of an OpenAI-compatible model that answers at once. */
  modelUrl: string;
  /** What was queued last for the worker of WebSockets. */
  takeAsk(): string;
  /** Puts the running `select` where the functions invoke it. */
  serveSelect(select: LambdaFunction): void;
  scratch: string;
  stop(): Promise<void>;
}

/** Of a secret that is being rotated. */
export const PENDING_VERSION = 'bench-pending-version-00000000000000';
const ROOT = resolve(import.meta.dirname, '../..');
const ASKS = '/000000000000/asks';
const ROTATING = { VersionIdsToStages: { now: ['AWSCURRENT'], [PENDING_VERSION]: ['AWSPENDING'] } };
const STORE_STARTS_WITHIN_MS = 20_000;

const COMPLETION = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'bench',
  choices: [{ index: 0, message: { role: 'assistant', content: 'A short answer.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 12, completion_tokens: 4, total_tokens: 16 },
});

const startModel = async () => {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(COMPLETION);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, server };
};

const startStore = async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { command, args } = engineSpec(findEngine(ROOT, process.env.DYNOXIDE_PATH), port, undefined);
  const store = start(command, [...args]);
  await untilAnswering(url, STORE_STARTS_WITHIN_MS);
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const client = new DynamoDBClient({ endpoint: url, region: 'us-east-1', credentials });
  await createTables(client);
  client.destroy();
  return { url, store };
};

export const startGround = async (): Promise<Ground> => {
  const scratch = mkdtempSync(join(tmpdir(), 'atp-cold-'));
  const { url: dynamodb, store } = await startStore();
  const model = await startModel();
  const secrets = new SecretFile(join(scratch, 'secrets.json'));
  const secret = randomBytes(24).toString('hex');
  for (const name of OWN_SECRET_NAMES)
    secrets.set(`${SECRETS_PREFIX}/${name}`, randomBytes(32).toString('hex'));
  secrets.set(`${SECRETS_PREFIX}/admin-key`, secret);
  const functions = new Map<string, LambdaFunction>();
  const answerSecrets = secretsManager(secrets);
  const answerSqs = sqs(new DeadLetterFile(join(scratch, 'dead-letters')));
  let ask: string | undefined;
  const endpoint = new AwsEndpoint({
    functions,
    targets: new Map([
      [
        'secretsmanager',
        (operation, input) =>
          operation === 'DescribeSecret' ? ROTATING : answerSecrets(operation, input as SecretsInput),
      ],
      [
        'AmazonSQS',
        (operation, input) => {
          const { QueueUrl, MessageBody } = input as SqsInput;
          if (!String(QueueUrl).endsWith(ASKS)) return answerSqs(operation, input as SqsInput);
          ask = String(MessageBody);
          return { MessageId: 'bench', MD5OfMessageBody: createHash('md5').update(ask).digest('hex') };
        },
      ],
      ['AWSEvents', () => ({ FailedEntryCount: 0, Entries: [{ EventId: 'bench' }] })],
      ['GraniteServiceVersion20100801', cloudWatch(new SeriesStore())],
    ]),
  });
  const endpoints = { aws: await endpoint.listen(), dynamodb };
  const { ATP_STAGE = '', ...environment } = functionEnvironment(endpoints, '0.1.0');
  return {
    endpoints,
    // As deployed, tracing is on.
    environment: {
      ...environment,
      ATP_STAGE,
      POWERTOOLS_TRACE_ENABLED: 'true',
      // The model's server takes frames too: it answers whatever is posted.
      CONNECTIONS_URL: new URL(model.url).origin,
      ASK_QUEUE_URL: `${endpoints.aws}${ASKS}`,
    },
    adminKey: `atp_${ATP_STAGE}_admin_${secret}`,
    modelUrl: model.url,
    takeAsk: () => {
      if (ask === undefined) throw new Error('nothing was queued');
      return ask;
    },
    serveSelect: (select) => functions.set(SELECT_FUNCTION, select),
    scratch,
    stop: async () => {
      endpoint.close();
      model.server.close();
      model.server.closeAllConnections();
      await store.stop();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
};
