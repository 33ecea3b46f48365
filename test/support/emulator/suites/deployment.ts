/** The stacks deploy into the emulator as they are, and their parts are joined as the templates say. */
import { GetFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROUTES } from '../../../../shared/config/routes.ts';
import { PROBES } from '../../../../shared/services/release/probes.ts';
import { connectMcpSocket } from '../../flow/mcp-socket.ts';
import { SocketClient } from '../../flow/socket.ts';
import { CREDENTIALS } from '../ministack.ts';
import type { EmulatorTarget } from '../target.ts';

const CONCURRENT = 10;

const lambdaOf = (target: EmulatorTarget): LambdaClient =>
  new LambdaClient({
    endpoint: target.endpoint,
    region: CREDENTIALS.AWS_REGION,
    credentials: {
      accessKeyId: CREDENTIALS.AWS_ACCESS_KEY_ID,
      secretAccessKey: CREDENTIALS.AWS_SECRET_ACCESS_KEY,
    },
  });

export const deployment = (deployed: () => EmulatorTarget) =>
  describe('the deployed stacks', () => {
    let target: EmulatorTarget;

    beforeAll(() => {
      target = deployed();
    });

    const call = (path: string, init: RequestInit = {}): Promise<Response> =>
      fetch(target.url + path, {
        ...init,
        headers: { authorization: `Bearer ${target.adminKey}`, 'content-type': 'application/json' },
      });

    const post = (path: string, body: object): Promise<Response> =>
      call(path, { method: 'POST', body: JSON.stringify(body) });

    test('answer a health check without a key', async () => {
      const response = await fetch(`${target.url}/healthz`);

      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ status: 'ok' });
    });

    test('are ready: tables, secrets and the Rust selector answer', async () => {
      // The selector's first start may take longer than a probe waits.
      await expect
        .poll(async () => (await fetch(`${target.url}/readyz`)).json(), { timeout: 30_000, interval: 1_000 })
        .toMatchObject({
          status: 'healthy',
          checks: {
            dynamodb: { status: 'healthy' },
            secrets: { status: 'healthy' },
            selector: { status: 'healthy', message: 'the Rust selector answers' },
          },
        });
      expect((await fetch(`${target.url}/readyz`)).status).toBe(200);
    });

    test.each(['/nothing', '/v1/nothing', '/admin/adapters/a/b', '/v1', '/'])(
      'answer 404 as a problem where there is no route: %s',
      async (path) => {
        const response = await call(path);

        expect(response.status).toBe(404);
        expect(response.headers.get('content-type')).toBe('application/problem+json');
        expect(await response.json()).toMatchObject({ status: 404, code: 'not_found' });
      },
    );

    test.each([
      ['GET', '/v1/ask', 'POST'],
      ['DELETE', '/v1/models', 'GET'],
      ['PUT', '/admin/adapters/some-id', 'GET, DELETE'],
    ])('answer 405 to %s %s and say what is allowed', async (method, path, allowed) => {
      const response = await call(path, { method });

      expect(response.status).toBe(405);
      expect(response.headers.get('allow')?.split(', ').sort()).toEqual(allowed.split(', ').sort());
      expect(await response.json()).toMatchObject({ status: 405, code: 'method_not_allowed' });
    });

    test.each(ROUTES.filter(({ access }) => access !== 'public'))(
      'ask for a key on $method $resource',
      async ({ method, resource }) => {
        const path = resource.replaceAll(/\{[a-z]+\}/g, 'some-id');

        const response = await fetch(target.url + path, { method });

        expect(response.status).toBe(401);
      },
    );

    test('refuse a wrong bootstrap key', async () => {
      const wrong = `${target.adminKey.slice(0, -4)}AAAA`;

      const response = await fetch(`${target.url}/admin/adapters`, {
        headers: { authorization: `Bearer ${wrong}` },
      });

      expect(response.status).toBe(401);
    });

    test('are good in the eyes of the hook that stands before each release', async () => {
      const lambda = lambdaOf(target);
      const absent = ['export-audit', 'find-names', 'publish-events'];
      const released = Object.keys(PROBES).filter((name) => !absent.includes(name));
      const versions = released.map((name) => ({ functionName: `atp-dev-${name}`, version: 'live' }));

      const { Payload, FunctionError } = await lambda.send(
        new InvokeCommand({
          FunctionName: 'atp-dev-verify-release',
          Payload: Buffer.from(JSON.stringify({ versions })),
        }),
      );

      const reply: unknown = JSON.parse(Buffer.from(Payload ?? []).toString('utf8'));
      expect(FunctionError).toBeUndefined();
      expect(reply).toEqual({ ok: true, verdicts: versions.map((version) => ({ ...version, ok: true })) });
      lambda.destroy();
    });

    test('call functions through their alias', async () => {
      const lambda = lambdaOf(target);

      const { Configuration } = await lambda.send(
        new GetFunctionCommand({ FunctionName: 'atp-dev-select', Qualifier: 'live' }),
      );

      expect(Configuration?.Version).toMatch(/^\d+$/);
      expect(Configuration?.Runtime).toBe('provided.al2023');
    });

    test('serve concurrent asks, decided by Rust, and learn from their scores by the stream alone', async () => {
      await post('/admin/adapters', { id: 'only-model', cost_per_1k: 0.002 });
      const statuses = new Set<number>();
      let answers: Response[] = [];
      const deciders = async (): Promise<(string | null)[]> => {
        const asks = Array.from({ length: CONCURRENT }, () => post('/v1/ask', { prompt: 'Explain tides' }));
        answers = await Promise.all(asks);
        for (const { status } of answers) statuses.add(status);
        return answers.map(({ headers }) => headers.get('x-atp-selector'));
      };

      // On a busy machine the selector may take longer than an ask waits for it.
      await expect
        .poll(deciders, { timeout: 120_000, interval: 250 })
        .toEqual(Array(CONCURRENT).fill('rust'));

      expect([...statuses]).toEqual([200]);
      for (const answer of answers) {
        const { request_id } = (await answer.json()) as { request_id: string };
        expect((await post('/v1/observe', { request_id, quality_score: 1 })).status).toBe(200);
      }
      await expect
        .poll(() => learntVersion(post), { timeout: 120_000, interval: 250 })
        .toBeGreaterThanOrEqual(1);
    });

    test('answer an ask over a WebSocket, and again after a lost connection', async () => {
      await post('/admin/adapters', {
        id: 'only-model',
        cost_per_1k: 0.002,
        simulated: { latency_ms: 300, jitter: 0, chunks: 5 },
      });
      const headers = { authorization: `Bearer ${target.adminKey}` };
      const client = await SocketClient.open(target.wsUrl, { headers });
      client.send({ type: 'ping' });
      client.send({ type: 'ask', id: 'one', prompt: 'Explain tides', stream: true });
      client.send({ type: 'shout' });

      expect(await client.frame('pong')).toBeDefined();
      expect(await client.frame('error')).toMatchObject({ code: 'invalid_request' });
      const response = await client.frame('response');
      const texts = client.chunks('one').map(({ text }) => text);
      await client.close();
      const again = await SocketClient.open(target.wsUrl, { headers });
      again.send({ type: 'resume', request_id: response.request_id, after_seq: 0 });

      expect(texts.join('')).toBe(response.text);
      expect(await again.frame('response')).toEqual(response);
      expect(again.chunks('one').map(({ text }) => text)).toEqual(texts.slice(1));
      await again.close();
    });

    test('serve MCP over a WebSocket', async () => {
      const client = await connectMcpSocket(target.wsUrl, target.adminKey, false);
      const { tools } = await client.listTools();
      const pieces: string[] = [];
      const onprogress = ({ message }: { message?: string }): void => void pieces.push(message ?? '');
      const ask = { name: 'ask', arguments: { prompt: 'Explain tides' } };
      const { structuredContent } = await client.callTool(ask, undefined, { onprogress });
      const { request_id, text } = structuredContent as { request_id: string; text: string };
      const observe = { name: 'observe', arguments: { request_id, quality_score: 0.5 } };
      const scored = await client.callTool(observe);
      await client.close();

      expect(tools.map(({ name }) => name)).toEqual(['ask', 'plan', 'observe', 'list_models']);
      expect(pieces.join('')).toBe(text);
      expect(scored.structuredContent).toEqual({ status: 'ok' });
    });

    test('take no WebSocket without a key', async () => {
      expect((await SocketClient.refused(target.wsUrl, {})).status).toBeGreaterThanOrEqual(400);
    });

    test('keep what the functions log', async () => {
      await call('/v1/models');

      await expect
        .poll(() => target.readEverythingStored(), { timeout: 120_000, interval: 250 })
        .toContain('"route":"GET /v1/models"');
    });
  });

/** The state's version as a decision sees it; zero until something is learnt. */
const learntVersion = async (post: (path: string, body: object) => Promise<Response>): Promise<number> => {
  const plan = (await (await post('/v1/plan', { prompt: 'Explain tides' })).json()) as {
    state_version: number;
  };
  return plan.state_version;
};
