import { describe, expect, it } from 'vitest';
import { httpEvent, httpReply } from '../../../bench/cold/events.ts';
import { type Row, summary, table } from '../../../bench/cold/report.ts';

const row = (variant: string, totals: number[]): Row => ({
  function: 'completions',
  variant,
  bytes: 2_048,
  repeated: 1,
  rounds: totals.map((total) => ({ start: 1, load: 2, request: total - 3, total })),
});

describe("a cold start's report", () => {
  it('gives minimum, median, 90th percentile and maximum whatever the order of the rounds', () => {
    const [figures] = summary([row('this', [50, 10, 30, 20, 40])]);

    expect(figures).toMatchObject({ rounds: 5, min_ms: 10, median_ms: 30, p90_ms: 50, max_ms: 50 });
    expect(figures).toMatchObject({ start_ms: 1, load_ms: 2, request_ms: 27, bytes: 2_048, failed: 1 });
  });

  it("compares a variant's median with the first variant's", () => {
    const lines = table([row('against', [100, 100, 100]), row('this', [50, 60, 70])]);

    expect(lines[2]).toMatch(/against +\| 2 +\| 100\.0/);
    expect(lines[3]).toMatch(/\| 0\.60 +\|$/);
  });
});

describe("a function's reply", () => {
  it('is read where it was returned', () => {
    const payload = Buffer.from('{"statusCode":201,"headers":{"a":"b"},"body":"text"}');

    expect(httpReply(payload)).toEqual({ status: 201, headers: { a: 'b' }, body: 'text' });
  });

  it('is read where it was streamed behind its prelude', () => {
    const payload = Buffer.concat([
      Buffer.from('{"statusCode":200,"headers":{"a":"b"}}'),
      Buffer.alloc(8),
      Buffer.from('text'),
    ]);

    expect(httpReply(payload)).toEqual({ status: 200, headers: { a: 'b' }, body: 'text' });
  });
});

describe('an invocation', () => {
  it("is API Gateway's event for the route, with the caller's key", () => {
    const call = { method: 'POST', path: '/v1/ask', key: 'k', body: { prompt: 'p' } };

    expect(JSON.parse(httpEvent(call).toString())).toMatchObject({
      resource: '/v1/ask',
      httpMethod: 'POST',
      headers: { Authorization: 'Bearer k' },
      body: '{"prompt":"p"}',
    });
  });

  it('is refused for a route that there is not', () => {
    expect(() => httpEvent({ method: 'GET', path: '/nowhere' })).toThrow('no route');
  });
});
