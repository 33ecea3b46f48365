import { describe, expect, it } from 'vitest';
import { makeHandler } from '../../../../functions/verify-release/handler.ts';
import { isStreaming } from '../../../../local/lambda/awslambda-global.ts';
import { collectResponse } from '../../../../local/lambda/collect-response.ts';
import type { FunctionName } from '../../../../shared/config/routes.ts';
import type { VersionReply } from '../../../../shared/ports/release.ts';
import { PROBES } from '../../../../shared/services/release/probes.ts';
import { proxyReplyOf } from '../../../../shared/services/release/proxy-reply.ts';
import {
  ReleaseVerifier,
  sourceOf,
  type Verdict,
} from '../../../../shared/services/release/verify-release.ts';
import { ADMIN_KEY, FakeGateway } from '../../../support/fakes/gateway.ts';
import { aContext } from '../../../support/fakes/http.ts';

const verifierOf = (invoke: (functionName: string, payload: string) => Promise<VersionReply>) =>
  new ReleaseVerifier({
    stage: 'test',
    key: async () => ADMIN_KEY,
    invoker: { invoke: ({ functionName }, payload) => invoke(functionName, payload) },
  });

/** The handlers as they are, called as Lambda calls a version. */
const throughGateway = (gateway: FakeGateway) =>
  verifierOf(async (functionName, payload) => {
    const handler = gateway.handlerOf(sourceOf(functionName, 'test') as FunctionName);
    const event: unknown = JSON.parse(payload);
    const reply = isStreaming(handler)
      ? await collectResponse(handler, event, aContext())
      : await handler(event as never, aContext());
    return { text: JSON.stringify(reply), failed: false };
  });

const HTTP = ['completions', 'feedback', 'admin', 'series', 'status', 'mcp'];
const versions = (names: readonly string[]) =>
  names.map((name) => ({ functionName: `atp-test-${name}`, version: '7' }));

describe('asking a version', () => {
  it('finds sound functions good, with models and without, and leaves nothing behind', async () => {
    const gateway = new FakeGateway();
    const fresh = await throughGateway(gateway).verify(versions(HTTP));
    await gateway.withModel('m');

    const verdicts = await throughGateway(gateway).verify(versions(HTTP));

    for (const verdict of [...fresh, ...verdicts]) expect(verdict).toMatchObject({ ok: true, version: '7' });
    expect((await gateway.asAdmin('GET /admin/observations')).json).toEqual([]);
  });

  it.each(HTTP)('finds %s bad where its stores are away', async (name) => {
    const gateway = new FakeGateway();
    for (const store of [gateway.config, gateway.observations, gateway.secrets])
      for (const method of ['listAdapters', 'getFlags', 'score', 'get', 'observe', 'find', 'record'])
        if (method in store)
          Object.defineProperty(store, method, { value: () => Promise.reject(new Error('away')) });

    const [verdict] = await throughGateway(gateway).verify(versions([name]));

    expect(verdict?.ok).toBe(false);
  });

  it.each(Object.keys(PROBES))('finds %s bad where it does not start', async (name) => {
    const failing = verifierOf(async () => ({ text: '{"errorType":"Runtime.ExitError"}', failed: true }));

    const [verdict] = await failing.verify(versions([name]));

    expect(verdict?.ok).toBe(false);
  });

  it('finds bad what it cannot reach, and what it knows no question for', async () => {
    const away = verifierOf(async () => {
      throw new Error('connect ECONNREFUSED 10.0.0.1 with sk-secret');
    });

    expect(await away.verify(versions(['status', 'unheard-of']))).toEqual([
      { functionName: 'atp-test-status', version: '7', ok: false, reason: 'it could not be asked' },
      { functionName: 'atp-test-unheard-of', version: '7', ok: false, reason: 'nothing is known to ask it' },
    ]);
  });

  it('reads the answers of functions that are no part of the API', async () => {
    const answers: Record<string, VersionReply> = {
      select: { text: '{"results": []}', failed: false },
      'find-names': { text: '{"readings":[{"spans":[],"complete":true}]}', failed: false },
      learn: { text: '{"learnt":0}', failed: false },
      replay: { text: '{"batchItemFailures":[]}', failed: false },
      'rotate-secret': { text: '{"errorType":"ZodError","errorMessage":"Step"}', failed: true },
      'ws-message': { text: '{"errorType":"Error","errorMessage":"","trace":["AwsError"]}', failed: true },
    };
    const verdicts = await verifierOf(async (name) => answers[sourceOf(name, 'test')] as VersionReply).verify(
      versions(Object.keys(answers)),
    );

    expect(verdicts.filter(({ ok }) => !ok)).toEqual([]);
  });
});

describe('an answer that is none', () => {
  it.each(['', 'null', '{}', '{"results":1}', 'no json'])('is not taken for one of select: %j', async (text) => {
    const [verdict] = await verifierOf(async () => ({ text, failed: false })).verify(versions(['select']));

    expect(verdict).toMatchObject({ ok: false, reason: 'it did not answer' });
  });
});

describe("a function's name", () => {
  it.each([
    ['atp-prod-completions', 'completions'],
    ['atp-prod-ws-worker-managed', 'ws-worker'],
  ])('%s is %s', (name, source) => {
    expect(sourceOf(name, 'prod')).toBe(source);
  });
});

describe('a reply in a payload', () => {
  it('is read whole, and streamed behind its head', () => {
    expect(proxyReplyOf('{"statusCode":200,"body":"{\\"a\\":1}"}')).toEqual({
      status: 200,
      body: { a: 1 },
      text: '{"a":1}',
    });
    expect(proxyReplyOf(`{"statusCode":404}${'\0'.repeat(8)}{"code":"not_found"}`)).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
  });

  it.each(['', 'null', '[]', '{"statusCode":"200"}', '{"errorType":"X"}', 'no json'])(
    'is not %j',
    (payload) => {
      expect(proxyReplyOf(payload)).toBeUndefined();
    },
  );
});

describe('the hook', () => {
  const good: Verdict = { functionName: 'atp-test-status', version: '7', ok: true };
  const EVENT = { DeploymentId: 'd-1', LifecycleEventHookExecutionId: 'hook-1' };

  const hook = (options: { verdicts?: readonly Verdict[]; isAway?: boolean } = {}) => {
    const reports: string[][] = [];
    const handler = makeHandler({
      verifier: { verify: async () => [...(options.verdicts ?? [good])] },
      deployments: {
        versionsOf: async () => {
          if (options.isAway === true) throw new Error('away');
          return [good];
        },
        report: async (...report) => {
          reports.push(report);
        },
      },
      judged: () => undefined,
      failed: () => undefined,
    });
    return { handler, reports };
  };

  it.each([
    ['a good version', {}, 'Succeeded'],
    ['a bad one', { verdicts: [good, { ...good, ok: false }] }, 'Failed'],
    ['a deployment of nothing', { verdicts: [] }, 'Failed'],
    ['a deployment that cannot be read', { isAway: true }, 'Failed'],
  ] as [string, Parameters<typeof hook>[0], string][])(
    'tells CodeDeploy of %s',
    async (_name, options, status) => {
      const { handler, reports } = hook(options);

      await handler(EVENT);

      expect(reports).toEqual([['d-1', 'hook-1', status]]);
    },
  );

  it('judges versions that are named, and tells nobody else', async () => {
    const { handler, reports } = hook();

    const judgement = await handler({ versions: [{ functionName: 'atp-test-status', version: 'live' }] });

    expect(judgement).toEqual({ ok: true, verdicts: [good] });
    expect(reports).toEqual([]);
  });

  it.each([
    {},
    { versions: [] },
    { versions: [{ functionName: 'f', version: '$LATEST' }] },
    { DeploymentId: 'd' },
  ])('refuses %j', async (event) => {
    await expect(hook().handler(event)).rejects.toThrow();
  });
});
