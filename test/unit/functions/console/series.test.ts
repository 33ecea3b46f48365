import { beforeEach, describe, expect, it } from 'vitest';
import { closingEvent, seriesReply, snapshotEvent } from '../../../../shared/model/console-replies.ts';
import { METRICS_A_READING } from '../../../../shared/services/series/metric-points.ts';
import { FakeGateway } from '../../../support/fakes/gateway.ts';
import { START_MS } from '../../../support/fakes/manual-clock.ts';

interface Frame {
  event: string;
  data: unknown;
}

const framesOf = (text: string): Frame[] =>
  text
    .split('\n\n')
    .filter((block) => block.startsWith('event: '))
    .map((block) => {
      const [event = '', data = ''] = block.split('\n');
      return { event: event.slice('event: '.length), data: JSON.parse(data.slice('data: '.length)) };
    });

describe('GET /admin/series', () => {
  let gateway: FakeGateway;

  beforeEach(async () => {
    gateway = new FakeGateway();
    await gateway.withModel('m');
  });

  const series = async (query: Record<string, string> = {}) => {
    const { status, text } = await gateway.asAdmin('GET /admin/series', { query });
    expect(status).toBe(200);
    return seriesReply.parse(JSON.parse(text));
  };

  it('has every whole step, also those in which nothing happened', async () => {
    const { step_s, points } = await series({ minutes: '1', step_s: '10' });

    expect([step_s, points.length]).toEqual([10, 6]);
    expect(points.at(-1)).toMatchObject({
      at: new Date(START_MS - 20_000).toISOString(),
      requests: 0,
      p50_ms: null,
      active_connections: null,
      pii_findings: {},
    });
  });

  it('adds the functions that answer prompts up, and leaves the others out', async () => {
    const at = START_MS - 15_000;
    gateway.metrics.add('completions', 'Requests', at, 3);
    gateway.metrics.add('ws-worker', 'Requests', at + 1, 2);
    gateway.metrics.add('admin', 'Requests', at, 100);
    gateway.metrics.add('completions', 'CostUsd', at, 0.25);
    gateway.metrics.add('completions', 'PiiFoundCreditCard', at, 4);
    gateway.metrics.add('completions', 'PiiModeRedact', at, 1);
    gateway.metrics.add('completions', 'SelectorRust', at, 2);
    gateway.metrics.add('ws-gate', 'ActiveConnections', at, 7);
    for (const ms of [10, 20, 30, 40]) gateway.metrics.add('completions', 'Latency', at, ms);

    const { points } = await series({ minutes: '1', step_s: '10' });

    expect(points.at(-1)).toMatchObject({
      requests: 5,
      cost_usd: 0.25,
      pii_findings: { CREDIT_CARD: 4 },
      pii_modes: { redact: 1 },
      rust: 2,
      active_connections: 7,
      p50_ms: 20,
      p99_ms: 40,
    });
  });

  it('says by model what it cost, took and was worth', async () => {
    const key = await gateway.keyOf('default');
    const { json } = await gateway.call('POST /v1/ask', { key, body: { prompt: 'Why is the sky blue?' } });
    await gateway.call('POST /v1/observe', {
      key,
      body: { request_id: json.request_id, quality_score: 0.75 },
    });
    await gateway.clock.advance(30_000);

    const { by_model, complete } = await series({ minutes: '5', step_s: '60' });

    expect(complete).toBe(true);
    expect(Object.keys(by_model)).toEqual(['m']);
    expect(by_model.m).toMatchObject([{ requests: 1, errors: 0, quality: 0.75 }]);
  });

  it('asks for no more metrics than its price is told by', () => {
    expect(METRICS_A_READING).toBe(49);
  });

  it('reads metrics once for all who look at the same steps', async () => {
    let readings = 0;
    const read = gateway.metrics.read.bind(gateway.metrics);
    gateway.metrics.read = (...given) => {
      readings += 1;
      return read(...given);
    };

    await Promise.all([series(), series(), series()]);

    expect(readings).toBe(1);
  });

  it.each([
    ['/query/minutes', { minutes: '61' }],
    ['/query/minutes', { minutes: '0' }],
    ['/query/step_s', { step_s: '1' }],
    ['/query/step_s', { step_s: '2.5' }],
    ['/query/from', { from: 'yesterday' }],
  ])('names %s in %j', async (path, query) => {
    const { status, json } = await gateway.asAdmin('GET /admin/series', { query });

    expect([status, json.errors?.map((error) => error.path)]).toEqual([400, [path]]);
  });

  it('says that metrics cannot be read, in no words of theirs', async () => {
    gateway.metrics.read = () => Promise.reject(new Error('AccessDenied for arn:aws:iam::1'));

    const { status, json, text } = await gateway.asAdmin('GET /admin/series');

    expect([status, json.code]).toEqual([503, 'unavailable']);
    expect(text).not.toContain('arn:');
  });
});

describe('GET /admin/stream', () => {
  let gateway: FakeGateway;
  beforeEach(() => {
    gateway = new FakeGateway();
  });

  /** Time passes until the reader has what it wants. */
  const watch = async (frames: number, stepMs = 2_000): Promise<{ frames: Frame[]; text: string }> => {
    let isOver = false;
    const reading = gateway.asAdmin('GET /admin/stream', { leaves: frames }).finally(() => {
      isOver = true;
    });
    for (let turns = 0; turns < 1_000 && !isOver; turns++) await gateway.clock.advance(stepMs);
    const { text, headers } = await reading;
    expect(headers['content-type']).toBe('text/event-stream');
    return { frames: framesOf(text), text };
  };

  it('begins with the series, then tells each whole step', async () => {
    const { frames } = await watch(3);

    expect(frames.map(({ event }) => event)).toEqual(['series', 'snapshot', 'snapshot']);
    seriesReply.parse(frames[0]?.data);
    const points = frames.slice(1).map(({ data }) => snapshotEvent.parse(data).point.at);
    expect(Date.parse(points[1] ?? '') - Date.parse(points[0] ?? '')).toBe(2_000);
  });

  it('keeps the line alive where steps are long', async () => {
    Object.assign(gateway.metrics, { finestMs: 60_000, lagMs: 60_000 });

    const { text } = await watch(4, 15_000);

    expect(text).toContain(': keep-alive\n\n');
  });

  it('ends before its function would be ended', async () => {
    const { frames } = await watch(10_000, 30_000);

    const last = frames.at(-1);
    expect(last?.event).toBe('closing');
    expect(closingEvent.parse(last?.data)).toEqual({ reason: 'age' });
    expect(gateway.clock.monotonic()).toBeLessThan(15 * 60_000);
  });

  it('sends its reader away where metrics cannot be read any more', async () => {
    const read = gateway.metrics.read.bind(gateway.metrics);
    let readings = 0;
    gateway.metrics.read = (...given) => {
      readings += 1;
      return readings === 1 ? read(...given) : Promise.reject(new Error('away'));
    };

    const { frames } = await watch(10_000);

    expect(frames.map(({ event }) => event)).toEqual(['series', 'closing']);
    expect(closingEvent.parse(frames[1]?.data)).toEqual({ reason: 'error' });
  });
});
