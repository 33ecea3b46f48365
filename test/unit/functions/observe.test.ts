import { beforeEach, describe, expect, it } from 'vitest';
import type { Feedback } from '../../../shared/model/observation.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';

describe('POST /v1/observe', () => {
  let gateway: FakeGateway;
  let key: string;
  let request_id: string;

  beforeEach(async () => {
    gateway = new FakeGateway();
    key = await gateway.keyOf('acme');
    await gateway.withModel('m');
    const { json } = await gateway.call('POST /v1/ask', { key, body: { prompt: 'Explain' } });
    request_id = String(json.request_id);
  });

  const observe = (fields: object, by = key) =>
    gateway.call('POST /v1/observe', { key: by, body: { request_id, quality_score: 0.8, ...fields } });

  it('joins the score to its answer', async () => {
    expect(await observe({})).toMatchObject({ status: 200, json: { status: 'ok' } });
    expect(await gateway.observations.find('acme', request_id)).toMatchObject({ quality_score: 0.8 });
  });

  it('measures the score', async () => {
    await observe({});

    expect(gateway.log.endings.at(-1)?.scope.facts.quality_score).toBe(0.8);
  });

  it('takes the same again, and refuses another score or other labels', async () => {
    const replies = [
      await observe({ labels: { a: '1', b: '2' } }),
      await observe({ labels: { b: '2', a: '1' } }),
      await observe({ labels: { a: '1' } }),
      await observe({ quality_score: 0.9, labels: { a: '1', b: '2' } }),
    ];

    expect(replies.map(({ status }) => status)).toEqual([200, 200, 409, 409]);
  });

  it('says what is wrong with the name of a label', async () => {
    const name = 'n'.repeat(257);

    expect((await observe({ labels: { [name]: 'x' } })).json.errors).toEqual([
      { path: expect.stringMatching(/^\/labels\/n+$/), message: 'must have a name of 1 to 256 characters' },
    ]);
  });

  it("knows neither an unknown request nor another tenant's", async () => {
    const stranger = await gateway.keyOf('globex');

    const replies = [await observe({ request_id: 'unknown-1' }), await observe({}, stranger)];

    expect(replies.map(({ status, json }) => [status, json.code])).toEqual([
      [404, 'not_found'],
      [404, 'not_found'],
    ]);
  });

  it('writes labels down redacted, names and values', async () => {
    const recorded: Feedback[] = [];
    gateway.observations.record = async (feedback) => {
      recorded.push(feedback);
      return 'stored';
    };
    await observe({ labels: { reviewer: 'john.doe@example.com', '123-45-6789': 'x' } });

    expect(recorded[0]?.labels).toEqual({ reviewer: '[REDACTED:EMAIL]', '[REDACTED:SSN]': 'x' });
  });

  it.each<[string, object]>([
    ['/request_id', { request_id: '' }],
    ['/request_id', { request_id: 'x'.repeat(129) }],
    ['/quality_score', { quality_score: 1.01 }],
    ['/quality_score', { quality_score: '1' }],
    ['/labels', { labels: 'good' }],
    ['/labels/a', { labels: { a: 1 } }],
    ['/labels/a', { labels: { a: 'x'.repeat(257) } }],
    ['/labels', { labels: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`l${n}`, ''])) }],
    ['/labels/__proto__', JSON.parse('{"labels":{"__proto__":"x"}}') as object],
  ])('names %s', async (path, fields) => {
    const { status, json } = await observe(fields);

    expect([status, json.errors?.map((error) => error.path)]).toEqual([400, [path]]);
  });
});
