import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DeadLetterFile } from '../../../local/aws/dead-letter-file.ts';
import { AwsEndpoint, type Operation } from '../../../local/aws/endpoint.ts';
import { LambdaFunction } from '../../../local/aws/lambda-function.ts';
import { RuntimeApi } from '../../../local/aws/runtime-api.ts';
import { SecretFile } from '../../../local/aws/secret-file.ts';
import { secretsManager } from '../../../local/aws/secrets-manager.ts';
import { deadLetterQueueUrl, sqs } from '../../../local/aws/sqs.ts';
import { systemClock, systemRandom } from '../../../shared/adapters/runtime/system.ts';
import { makeSecretsClient } from '../../../shared/adapters/secrets/secrets-client.ts';
import { SecretsManagerStore } from '../../../shared/adapters/secrets/secrets-manager.ts';

const INVOCATION = '/2018-06-01/runtime/invocation';

describe('the emulated AWS services, to the SDK', () => {
  const home = mkdtempSync(join(tmpdir(), 'atp-endpoint-'));
  let initErrors = 0;
  const fn = new LambdaFunction({
    name: 'select',
    timeoutMs: 2_000,
    newId: randomUUID,
    now: () => Date.now(),
    onHang: () => undefined,
  });
  const runtime = new RuntimeApi(fn, () => {
    initErrors += 1;
  });
  const letters = new DeadLetterFile(join(home, 'dead-letters.jsonl'));
  const aws = new AwsEndpoint({
    functions: new Map([['select', fn]]),
    targets: new Map<string, Operation>([
      ['secretsmanager', secretsManager(new SecretFile(join(home, 'secrets.json')))],
      ['AmazonSQS', sqs(letters)],
    ]),
  });
  let endpoint: string;
  let runtimeUrl: string;
  let lambda: LambdaClient;
  const config = () => ({
    endpoint,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

  /** For the client that the functions use. */
  const signed = () => ({ endpoint, region: 'us-east-1', credentials: async () => config().credentials });

  beforeAll(async () => {
    endpoint = await aws.listen();
    runtimeUrl = `http://${await runtime.listen()}`;
    lambda = new LambdaClient(config());
    fn.processStarted();
  });

  afterAll(() => {
    aws.close();
    runtime.close();
    rmSync(home, { recursive: true, force: true });
  });

  /** What a function's process does with one invocation. */
  const serveOne = async (
    kind: 'response' | 'error',
    answer: (payload: string) => string,
  ): Promise<Response> => {
    const next = await fetch(`${runtimeUrl}${INVOCATION}/next`);
    const id = next.headers.get('lambda-runtime-aws-request-id');
    const body = answer(await next.text());
    return fetch(`${runtimeUrl}${INVOCATION}/${id}/${kind}`, { method: 'POST', body });
  };

  const invoke = (FunctionName: string, Payload: string) =>
    lambda.send(new InvokeCommand({ FunctionName, Payload }));

  it('invokes a function, payload and answer as they are', async () => {
    const [reply, accepted] = await Promise.all([
      invoke('select', '{"n": 1e-7}'),
      serveOne('response', (payload) => `{"got":${payload}}`),
    ]);

    expect([reply.Payload?.transformToString(), reply.FunctionError, accepted.status]).toEqual([
      '{"got":{"n": 1e-7}}',
      undefined,
      202,
    ]);
  });

  it('lets several polls wait at once', async () => {
    const polls = [1, 2, 3].map(() => serveOne('response', (payload) => payload));

    const replies = await Promise.all(['1', '2', '3'].map((payload) => invoke('select', payload)));

    expect(replies.map((reply) => reply.Payload?.transformToString())).toEqual(['1', '2', '3']);
    await Promise.all(polls);
  });

  it("tells of a function's own error", async () => {
    const [reply] = await Promise.all([
      invoke('select', '{}'),
      serveOne('error', () => '{"errorType":"Broken"}'),
    ]);

    expect([reply.FunctionError, reply.Payload?.transformToString()]).toEqual([
      'Unhandled',
      '{"errorType":"Broken"}',
    ]);
  });

  it('knows no function that does not run', async () => {
    const failing = invoke('nobody', '{}');

    await expect(failing).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it.each([
    ['POST', `${INVOCATION}/${randomUUID()}/response`, 400],
    ['GET', '/2018-06-01/runtime/else', 404],
  ])('answers %s %s on the Runtime API with %i', async (method, path, status) => {
    const reply = await fetch(runtimeUrl + path, { method });

    expect(reply.status).toBe(status);
  });

  it('hears of a function that could not start', async () => {
    const reply = await fetch(`${runtimeUrl}/2018-06-01/runtime/init/error`, { method: 'POST', body: '{}' });

    expect([reply.status, initErrors]).toEqual([202, 1]);
  });

  it('keeps secrets for the adapter that the functions use', async () => {
    const sdk = new SecretsManagerClient(config());
    const own = makeSecretsClient({ ...signed(), clock: systemClock(), random: systemRandom() });
    const store = new SecretsManagerStore(own, 'atp-local', systemClock());
    await store.put('provider', 'first');
    await store.put('provider', 'second');

    const read = await store.get('provider');
    await store.delete('provider');

    expect([read, await store.get('provider')]).toEqual(['second', undefined]);
    await expect(sdk.send(new GetSecretValueCommand({ SecretId: 'none' }))).rejects.toThrow(
      ResourceNotFoundException,
    );
    await own.close();
  });

  it('takes messages, with the checksum that the SDK verifies', async () => {
    const client = new SQSClient(config());
    await client.send(
      new SendMessageCommand({ QueueUrl: deadLetterQueueUrl(endpoint), MessageBody: '{"a":"ü"}' }),
    );
    const seen: string[] = [];

    await letters.replay(async (bodies) => {
      seen.push(...bodies);
      return new Set();
    });

    expect(seen).toEqual(['{"a":"ü"}']);
  });

  it.each([
    ['a browser', { origin: 'https://evil.example' }, 'POST', 403],
    ['another method', {}, 'GET', 404],
    ['an unknown service', { 'x-amz-target': 'Kinesis.PutRecord' }, 'POST', 404],
    ['no JSON', { 'x-amz-target': 'AmazonSQS.SendMessage' }, 'POST', 400],
  ])('refuses %s', async (_name, headers: Record<string, string>, method, status) => {
    const reply = await fetch(endpoint, { method, headers, ...(method === 'POST' ? { body: '[' } : {}) });

    expect([reply.status, typeof ((await reply.json()) as { __type: unknown }).__type]).toEqual([
      status,
      'string',
    ]);
  });
});
