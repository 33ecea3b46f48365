/** Two versions side by side behind one alias of the local gateway, with load running: a good one takes over, a broken one goes. */
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { Agent, request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StreamingHandler } from '../../../local/lambda/awslambda-global.ts';
import { collectResponse } from '../../../local/lambda/collect-response.ts';
import { shiftTraffic } from '../../../local/lambda/traffic-shift.ts';
import { WeightedAlias } from '../../../local/lambda/weighted-alias.ts';
import { systemClock } from '../../../shared/adapters/runtime/system.ts';
import { ReleaseVerifier } from '../../../shared/services/release/verify-release.ts';
import { ADMIN_KEY, FakeGateway } from '../../support/fakes/gateway.ts';
import { aContext } from '../../support/fakes/http.ts';
import { seededRandom } from '../../support/fakes/seeded-random.ts';
import { openGateway, type TestGateway } from '../../support/local-gateway.ts';

const CLIENTS = 12;
/** As the alarm on a function's errors while a version of it gets its traffic: none. */
const MOST_ERRORS = 0;
/** Traffic goes on after a release, as it does for days. */
const REQUESTS = 600;
const PLAN = { step: 0.1, stepMs: 120, watchMs: 5 };

interface Version {
  handler: StreamingHandler;
  calls: number;
  errors: number;
}

let gateway: FakeGateway;
let front: TestGateway;
let alias: WeightedAlias<Version>;
let key: string;
const agent = new Agent({ connections: CLIENTS });

const version = (spoil?: (event: APIGatewayProxyEvent) => void): Version => {
  const sound = gateway.anotherVersion() as unknown as StreamingHandler;
  const made: Version = {
    calls: 0,
    errors: 0,
    handler: async (event, stream, context) => {
      made.calls += 1;
      try {
        spoil?.(event as APIGatewayProxyEvent);
        await sound(event, stream, context);
      } catch (error) {
        made.errors += 1;
        throw error;
      }
    },
  };
  return made;
};

beforeEach(async () => {
  gateway = new FakeGateway();
  await gateway.withModel('m');
  key = await gateway.keyOf('acme');
  alias = new WeightedAlias(version(), seededRandom(11));
  front = await openGateway({
    streaming: (event, stream, context) => alias.pick().handler(event, stream, context),
  });
});

afterEach(() => front.close());

interface Load {
  sent: number;
  answered: string[];
  failed: number;
  /** No reply came at all. */
  lost: number;
}

/** Asks without a pause, by several clients, until `whole` has ended and what was sent is answered. */
const underLoad = async <Result>(whole: (load: Load) => Promise<Result>): Promise<[Result, Load]> => {
  const load: Load = { sent: 0, answered: [], failed: 0, lost: 0 };
  let isOver = false;
  const client = async (): Promise<void> => {
    while (!isOver) {
      load.sent += 1;
      try {
        const { statusCode, body } = await request(`${front.url}/v1/ask`, {
          method: 'POST',
          dispatcher: agent,
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          body: JSON.stringify({ prompt: 'Explain tides' }),
        });
        const reply = (await body.json()) as { request_id: string };
        if (statusCode === 200) load.answered.push(reply.request_id);
        else load.failed += 1;
      } catch {
        load.lost += 1;
      }
    }
  };
  const clients = Array.from({ length: CLIENTS }, client);
  const result = await whole(load);
  isOver = true;
  await Promise.all(clients);
  return [result, load];
};

/** The hook as it is deployed, which reaches a version here without Lambda. */
const verifierOf = (next: Version) =>
  new ReleaseVerifier({
    stage: 'test',
    key: async () => ADMIN_KEY,
    invoker: {
      invoke: async (_, payload) => {
        try {
          const reply = await collectResponse(next.handler, JSON.parse(payload), aContext() as Context);
          return { text: JSON.stringify(reply), failed: false };
        } catch {
          return { text: '{"errorType":"TypeError"}', failed: true };
        }
      },
    },
  });

const release = (next: Version, requests = 0) => {
  const former = alias.version;
  return underLoad(async (load) => {
    const outcome = await shiftTraffic(
      {
        alias,
        clock: systemClock(),
        verify: async () => {
          const [verdict] = await verifierOf(next).verify([
            { functionName: 'atp-test-completions', version: '2' },
          ]);
          return verdict?.ok === true;
        },
        inAlarm: () => former.errors + next.errors > MOST_ERRORS,
      },
      next,
      PLAN,
    );
    while (load.sent < requests) await systemClock().sleep(PLAN.watchMs);
    return outcome;
  });
};

const observed = (): number =>
  gateway.log.endings.filter(
    ({ scope }) => scope.route?.resource === '/v1/ask' && scope.principal?.tenant_id === 'acme',
  ).length;

describe('game day', () => {
  it('a good version takes over: nothing is lost, nothing fails', async () => {
    const next = version();

    const [outcome, load] = await release(next);

    expect(outcome).toBe('shifted');
    expect(alias.version).toBe(next);
    expect(load).toMatchObject({ lost: 0, failed: 0 });
    expect(new Set(load.answered).size).toBe(load.sent);
    expect(observed()).toBe(load.sent);
    expect(next.calls).toBeGreaterThan(10);
  });

  it('one that breaks under traffic goes back by itself: nothing is lost, and less than a hundredth fails', async () => {
    const former = alias.version;
    const next = version(({ resource, headers }) => {
      // It answers the hook, and fails for tenants.
      if (resource === '/v1/ask' && headers['x-tenant-id'] === undefined)
        throw new TypeError('undefined is not a function');
    });

    const [outcome, load] = await release(next, REQUESTS);

    expect(outcome).toBe('rolled back');
    expect(alias.version).toBe(former);
    expect(alias.pick()).toBe(former);
    expect(load.lost).toBe(0);
    expect(load.failed).toBeGreaterThan(0);
    expect(load.failed / load.sent).toBeLessThan(0.01);
    expect(former.errors).toBe(0);
  });

  it('one that cannot answer the hook gets no request of a caller', async () => {
    const next = version(() => {
      throw new TypeError('undefined is not a function');
    });

    const [outcome, load] = await release(next);

    expect(outcome).toBe('refused');
    expect(next.calls).toBe(1);
    expect(load).toMatchObject({ lost: 0, failed: 0 });
  });

  it('what a version has begun it ends, also when the alias has moved', async () => {
    let begin = (): void => undefined;
    let proceed = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const may = new Promise<void>((resolve) => {
      proceed = resolve;
    });
    const next = version();
    const slow: Version = {
      ...next,
      handler: async (event, stream, context) => {
        begin();
        await may;
        await next.handler(event, stream, context);
      },
    };
    alias.shift(slow, 1);
    const former = alias.version;
    const reply = request(`${front.url}/v1/ask`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ prompt: 'Explain tides' }),
    });
    await begun;

    alias.point(former);
    proceed();

    expect((await reply).statusCode).toBe(200);
  });
});
