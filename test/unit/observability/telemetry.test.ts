import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import middy from '@middy/core';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { makeTelemetry } from '../../../shared/observability/telemetry.ts';
import { aContext } from '../../support/fakes/http.ts';

const ROOT = '1-5759e988-bd862e3fe1be46a994272793';
const SAMPLED = `Root=${ROOT};Parent=53995c3f42cd8ad8;Sampled=1`;

/** Runs requests behind the trace that the environment asks for; answers what X-Ray's daemon is sent. */
const traced = async (header: string, handler: () => Promise<unknown>, requests = 1) => {
  const daemon = createSocket('udp4').bind(0, '127.0.0.1');
  await once(daemon, 'listening');
  const documents: Record<string, unknown>[] = [];
  daemon.on('message', (message) => {
    const [head = '', document = ''] = message.toString('utf8').split('\n');
    expect(JSON.parse(head)).toEqual({ format: 'json', version: 1 });
    documents.push(JSON.parse(document) as Record<string, unknown>);
  });
  vi.stubEnv('POWERTOOLS_TRACE_ENABLED', 'true');
  vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'completions');
  vi.stubEnv('AWS_LAMBDA_INITIALIZATION_TYPE', 'on-demand');
  vi.stubEnv('AWS_XRAY_DAEMON_ADDRESS', `tcp:127.0.0.1:1 udp:127.0.0.1:${daemon.address().port}`);
  vi.stubEnv('_X_AMZN_TRACE_ID', header);
  const { trace } = await makeTelemetry();
  if (trace === undefined) throw new Error('no trace');
  const chain = middy<APIGatewayProxyEvent>(handler, { timeoutEarlyInMillis: 0 }).use(trace);
  for (let index = 0; index < requests; index++) {
    await chain({ httpMethod: 'POST', resource: '/v1/ask' } as never, aContext(), {} as never).catch(
      () => undefined,
    );
  }
  // What was sent before this arrives before it.
  const last = once(daemon, 'message');
  const mark = createSocket('udp4');
  mark.send('{"format":"json","version":1}\n{"mark":true}', daemon.address().port, '127.0.0.1');
  await last;
  while (documents.at(-1)?.mark !== true) await once(daemon, 'message');
  mark.close();
  daemon.close();
  return documents.slice(0, -1);
};

describe('telemetry', () => {
  afterEach(() => vi.unstubAllEnvs());

  it.each(['false', undefined])('traces nothing where X-Ray is off (%s)', async (value) => {
    vi.stubEnv('POWERTOOLS_TRACE_ENABLED', value);
    vi.stubEnv('AWS_XRAY_DAEMON_ADDRESS', '127.0.0.1:2000');

    const telemetry = await makeTelemetry();

    expect(telemetry).not.toHaveProperty('trace');
    expect(telemetry.log.ended).toBeTypeOf('function');
  });

  it.each(['', 'nowhere'])('traces nothing where there is no daemon (%s)', async (address) => {
    vi.stubEnv('POWERTOOLS_TRACE_ENABLED', 'true');
    vi.stubEnv('AWS_XRAY_DAEMON_ADDRESS', address);

    expect(await makeTelemetry()).not.toHaveProperty('trace');
  });

  it('sends a subsegment for each sampled request, the first of which started the process', async () => {
    const began = Date.now() / 1_000;

    const documents = await traced(SAMPLED, async () => 'secret', 2);

    expect(documents).toHaveLength(2);
    expect(documents[0]).toEqual({
      type: 'subsegment',
      name: '## index.handler',
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      trace_id: ROOT,
      parent_id: '53995c3f42cd8ad8',
      start_time: expect.any(Number),
      end_time: expect.any(Number),
      annotations: { Service: 'completions', ColdStart: true, Route: 'POST /v1/ask' },
    });
    expect(documents[0]?.start_time).toBeGreaterThanOrEqual(began);
    expect(documents[0]?.end_time).toBeGreaterThanOrEqual(Number(documents[0]?.start_time));
    expect(documents[1]?.annotations).toMatchObject({ ColdStart: false });
    expect(documents[1]?.id).not.toBe(documents[0]?.id);
  });

  it.each([
    [new AppError('rate_limited', 'no'), { error: true, throttle: true }],
    [new AppError('invalid_request', 'no'), { error: true }],
    [new AppError('unavailable', 'no'), { fault: true }],
    [new Error('secret'), { fault: true }],
  ])('says what kind of failure it was, not its words (%s)', async (error, expected) => {
    const documents = await traced(SAMPLED, () => Promise.reject(error));

    expect(documents).toHaveLength(1);
    expect(documents[0]).toMatchObject(expected);
    expect(JSON.stringify(documents)).not.toMatch(/secret|"no"/);
  });

  it.each([`Root=${ROOT};Parent=53995c3f42cd8ad8;Sampled=0`, `Root=${ROOT};Sampled=1`, ''])(
    'sends nothing for a request that is not sampled (%s)',
    async (header) => {
      expect(await traced(header, async () => 'done')).toEqual([]);
    },
  );
});
