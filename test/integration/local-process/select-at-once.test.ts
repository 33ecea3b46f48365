/** `select` as managed instances run it: one process takes many invocations at once, and each gets its own answer. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LambdaFunction } from '../../../local/aws/lambda-function.ts';
import { RuntimeApi } from '../../../local/aws/runtime-api.ts';
import { selectEnvironment } from '../../support/select-environment.ts';

const BINARY = join(resolve(import.meta.dirname, '../../..'), 'rust-selector/target/release/select');
const TENANTS = 8;
const EACH = 8;
const TIMEOUT_MS = 20_000;

interface Reply {
  results: { id: string; state_version: number; ranking: { id: string }[] }[];
}

/** A store that answers nobody before each policy was asked for, and then the last first. */
const gathering = () => {
  const waiting: (readonly [ServerResponse, string])[] = [];
  return createServer(async (request, response) => {
    const input = JSON.parse(await text(request)) as {
      ExpressionAttributeValues: Record<string, { S: string }>;
    };
    const policy = Object.values(input.ExpressionAttributeValues)[0]?.S ?? '';
    waiting.push([response, policy]);
    if (waiting.length < TENANTS) return;
    for (const [held, of] of waiting.splice(0).reverse()) {
      const version = { N: of.replace('policy-', '') };
      held.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
      held.end(JSON.stringify({ Items: [{ policy: { S: of }, arm: { S: '#head' }, version }], Count: 1 }));
    }
  });
};

const asked = (tenant: number, number: number) => ({
  contract: 1,
  requests: [
    {
      ...{ id: `r-${tenant}-${number}`, policy: `policy-${tenant}`, strategy: 'thompson', seed: number },
      weights: { quality: 1, cost: 0.3, latency: 0.1, cost_scale_usd: 0.01, latency_scale_ms: 1_000 },
      candidates: [{ id: `model-${tenant}-${number}`, prior_quality: 0.9, cost_usd: 0.01, latency_ms: 800 }],
    },
  ],
});

describe('64 invocations of 8 tenants in one process of select', () => {
  const store = gathering();
  const select = new LambdaFunction({
    ...{ name: 'select', timeoutMs: TIMEOUT_MS, newId: randomUUID, now: Date.now },
    onHang: () => undefined,
  });
  const host = new RuntimeApi(select, () => undefined);
  let child: ChildProcess;

  beforeAll(async () => {
    await new Promise<void>((done) => store.listen(0, '127.0.0.1', done));
    const { port } = store.address() as AddressInfo;
    child = spawn(BINARY, {
      stdio: ['pipe', 'ignore', 'inherit'],
      env: {
        ...selectEnvironment(port),
        AWS_LAMBDA_RUNTIME_API: await host.listen(),
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '2048',
        AWS_LAMBDA_MAX_CONCURRENCY: String(TENANTS * EACH),
        ATP_EXIT_WITH_PARENT: '1',
      },
    });
    select.processStarted();
  });

  afterAll(() => {
    child.kill('SIGKILL');
    select.processEnded();
    host.close();
    store.close();
    store.closeAllConnections();
  });

  it('are each answered with their own models, by the state of their own policy', async () => {
    const all = Array.from({ length: TENANTS * EACH }, (_, index) => [
      (index % TENANTS) + 1,
      Math.floor(index / TENANTS),
    ]);

    const replies = await Promise.all(
      all.map(async ([tenant = 0, number = 0]) => {
        const result = await select.invoke(Buffer.from(JSON.stringify(asked(tenant, number))));
        return JSON.parse(result?.payload.toString() ?? '{}') as Reply;
      }),
    );

    expect(
      replies.map(({ results }) =>
        results.map(({ id, state_version, ranking }) => [id, state_version, ranking[0]?.id]),
      ),
    ).toEqual(
      all.map(([tenant, number]) => [[`r-${tenant}-${number}`, tenant, `model-${tenant}-${number}`]]),
    );
  });
});
