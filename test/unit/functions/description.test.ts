import { describe, expect, it } from 'vitest';
import { FakeGateway } from '../../support/fakes/gateway.ts';

describe('GET /openapi.json', () => {
  it('serves the description to anybody, to be kept for a while', async () => {
    const { status, headers, json } = await new FakeGateway().call('GET /openapi.json');

    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'public, max-age=300',
      etag: expect.stringMatching(/^"[\w-]{22}"$/),
    });
    expect(json).toMatchObject({
      openapi: '3.1.0',
      servers: [{ url: './' }],
      paths: { '/openapi.json': { get: { security: [] } }, '/v1/ask': {} },
    });
  });

  it('says that it is the same where it is', async () => {
    const gateway = new FakeGateway();
    const { headers } = await gateway.call('GET /openapi.json');
    const ask = (etag: string) => gateway.call('GET /openapi.json', { headers: { 'if-none-match': etag } });

    const same = await ask(headers.etag ?? '');
    const other = await ask('"another"');

    expect([same.status, same.text, same.headers.etag]).toEqual([304, '', headers.etag]);
    expect(other.status).toBe(200);
  });
});
