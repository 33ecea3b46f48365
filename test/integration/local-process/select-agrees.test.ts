/** Rust and TypeScript decide alike whatever was learnt: states are generated, and the binary reads them from its store. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createSocket } from 'node:net';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ArmState, decodeArmState, type PolicyState } from '../../../shared/model/selection.ts';
import { selectBatch } from '../../../shared/services/selection/select-batch.ts';
import { type Situation, situation } from '../../contract/selector/asked.ts';
import { eventually } from '../../support/local-process.ts';
import { packArm } from '../../support/packed-arm.ts';
import { selectEnvironment } from '../../support/select-environment.ts';

const BINARY = join(resolve(import.meta.dirname, '../../..'), 'rust-selector/target/release/select');
const TOLERANCE = 1e-9;
const VERSION = 7;
const TIMEOUT_MS = 20_000;
/** Relative; well above what a score is rounded by. */
const ROUNDING = 1e-12;

/** Is each of these the same as every other, or told apart from it? */
const areTold = (values: readonly number[], scale: number): boolean => {
  const least = ROUNDING * Math.max(scale, ...values);
  return values.every((one) => values.every((other) => one === other || Math.abs(one - other) > least));
};

/**
 * Are any two models alike, or told apart, by what needs no learning and by what was learnt? Where they differ by no more
 * than rounding, as weights of 1e-159 or scores of 1e-14 make them, the two languages' `exp` may put draws in another
 * order, and propensities jump.
 */
const isTold = ({ request: { weights, candidates, params }, arms }: Situation): boolean => {
  const offsets = candidates.map(
    ({ cost_usd, latency_ms, availability = 1 }) =>
      (weights.cost * cost_usd) / weights.cost_scale_usd +
      (weights.latency * latency_ms) / weights.latency_scale_ms +
      weights.quality * (1 - availability),
  );
  const strength = params?.prior_strength ?? 1;
  const learnt = candidates.map(
    ({ id, prior_quality }) => strength * prior_quality + (arms.get(id)?.sum ?? 0),
  );
  return areTold(offsets, weights.quality) && areTold(learnt, strength);
};

/** Learnt states by policy, as DynamoDB answers a Query for one. */
const makeStore = (states: ReadonlyMap<string, ReadonlyMap<string, Buffer>>) =>
  createServer(async (request, response) => {
    const asked = JSON.parse(await text(request)) as {
      ExpressionAttributeValues: Record<string, { S: string }>;
    };
    const policy = Object.values(asked.ExpressionAttributeValues)[0]?.S ?? '';
    const item = (arm: string, state?: Buffer) => ({
      ...{ policy: { S: policy }, arm: { S: arm }, version: { N: String(VERSION) } },
      ...(state && { state: { B: state.toString('base64') } }),
    });
    const arms = [...(states.get(policy) ?? [])].map(([arm, state]) => item(arm, state));
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify({ Items: [item('#head'), ...arms], Count: arms.length + 1 }));
  });

interface Answered {
  readonly id: string;
  readonly state: string;
  readonly state_version: number;
  readonly ranking: readonly Readonly<Record<string, string | number>>[];
}

async function freePort(): Promise<number> {
  const socket = createSocket().listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address() as AddressInfo;
  socket.close();
  await once(socket, 'close');
  return port;
}

describe('the two selectors', () => {
  const states = new Map<string, ReadonlyMap<string, Buffer>>();
  const store = makeStore(states);
  let child: ChildProcess;
  let url: string;

  beforeAll(async () => {
    await new Promise<void>((done) => store.listen(0, '127.0.0.1', done));
    const { port } = store.address() as AddressInfo;
    const address = `127.0.0.1:${await freePort()}`;
    url = `http://${address}`;
    child = spawn(BINARY, {
      stdio: ['pipe', 'ignore', 'inherit'],
      env: {
        ...selectEnvironment(port),
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
        ATP_INVOKE_ADDRESS: address,
        ATP_EXIT_WITH_PARENT: '1',
      },
    });
    const answers = () =>
      fetch(`${url}/ping`).then(
        ({ ok }) => ok || undefined,
        () => undefined,
      );
    await eventually(answers, TIMEOUT_MS);
  });

  afterAll(() => {
    child.kill('SIGKILL');
    store.close();
    store.closeAllConnections();
  });

  /** Until the state was read in time: on a busy machine priors may have decided before. */
  async function byRust(event: string): Promise<readonly Answered[]> {
    for (;;) {
      const reply = await fetch(`${url}/2015-03-31/functions/select/invocations`, {
        method: 'POST',
        body: event,
      });
      const { results } = (await reply.json()) as { results: readonly Answered[] };
      if (results.every(({ state }) => state !== 'none')) return results;
    }
  }

  function byTypescript(batch: Parameters<typeof selectBatch>[0]): readonly Answered[] {
    const unpacked = [...states].map(([policy, arms]): [string, PolicyState] => {
      const entries = [...arms].map(([id, packed]) => [id, decodeArmState(packed) as ArmState] as const);
      return [policy, { version: VERSION, freshness: 'fresh', arms: new Map(entries) }];
    });
    return (selectBatch(batch, new Map(unpacked)) as unknown as { results: readonly Answered[] }).results;
  }

  let policies = 0;
  /** What a policy learnt is read once a second, so each situation has a policy of its own. */
  function place(all: readonly Situation[]): Parameters<typeof selectBatch>[0] {
    states.clear();
    const requests = all.map(({ request, arms }, index) => {
      policies += 1;
      const policy = `policy-${policies}`;
      states.set(policy, new Map([...arms].map(([id, arm]) => [id, packArm(arm)])));
      return { ...request, id: `r${index}`, policy };
    });
    return { contract: 1, requests };
  }

  it('rank alike, by every strategy, to a billionth', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(situation.filter(isTold), { minLength: 1, maxLength: 6 }), async (all) => {
        const batch = place(all);

        const rust = await byRust(JSON.stringify(batch));
        const typescript = byTypescript(batch);

        expect(rust).toHaveLength(all.length);
        for (const [index, { id, state_version, ranking }] of rust.entries()) {
          const twin = typescript[index];
          expect([twin?.id, twin?.state_version]).toEqual([id, state_version]);
          expect(twin?.ranking.map((one) => one.id)).toEqual(ranking.map((one) => one.id));
          for (const [place, { id: _, ...numbers }] of ranking.entries()) {
            for (const [name, value] of Object.entries(numbers) as [string, number][]) {
              const difference = Math.abs(Number(twin?.ranking[place]?.[name]) - value);
              expect(difference, name).toBeLessThanOrEqual(TOLERANCE * Math.max(1, Math.abs(value)));
            }
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});
