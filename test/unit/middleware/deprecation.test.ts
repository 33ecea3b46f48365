import { describe, expect, it } from 'vitest';
import { uuidv7Source } from '../../../shared/adapters/runtime/uuidv7.ts';
import { ROUTES, type Route } from '../../../shared/config/routes.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { buildChain, type RouteHandler } from '../../../shared/middleware/chain.ts';
import { deprecationHeaders } from '../../../shared/middleware/deprecation.ts';
import { json } from '../../../shared/middleware/http-response.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { invoke } from '../../support/fakes/http.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';
import { RecordedLog } from '../../support/fakes/recorded-log.ts';
import { seededRandom } from '../../support/fakes/seeded-random.ts';

const DEPRECATED = {
  since: '2027-01-01',
  sunset: '2027-07-31',
  link: 'https://example.com/docs/moved',
};
const OLD: Route = {
  method: 'GET',
  resource: '/v1/old',
  function: 'status',
  access: 'public',
  maxBody: 0,
  summary: 'What was',
  deprecated: DEPRECATED,
};
const TABLE: readonly Route[] = [OLD, { ...OLD, resource: '/v1/new', deprecated: undefined as never }];

const call = (target: string, handler: RouteHandler) => {
  const clock = new ManualClock();
  return invoke(
    buildChain(
      {
        clock,
        ids: uuidv7Source(clock, seededRandom()),
        log: new RecordedLog(),
        redact: (text) => text,
        holdsPersonalData: () => false,
      },
      { routes: TABLE, handlers: { 'GET /v1/old': handler, 'GET /v1/new': handler } },
    ),
    target,
  );
};

describe('a route that is marked as deprecated', () => {
  const HEADERS = {
    deprecation: '@1798761600',
    sunset: 'Sat, 31 Jul 2027 23:59:59 GMT',
    link: '<https://example.com/docs/moved>; rel="deprecation"; type="text/html"',
  };

  it('says since when, until when and what then, in each reply', async () => {
    const { status, headers } = await call('GET /v1/old', () => json(200, {}));

    expect(status).toBe(200);
    expect(headers).toMatchObject(HEADERS);
  });

  it('says so in its errors too', async () => {
    const { status, headers } = await call('GET /v1/old', () => {
      throw new AppError('not_found', 'There is no such thing.');
    });

    expect(status).toBe(404);
    expect(headers).toMatchObject(HEADERS);
  });

  it('keeps the link to the next page', async () => {
    const { headers } = await call('GET /v1/old', () =>
      json(200, [], { link: '</v1/old?page=2>; rel="next"' }),
    );

    expect(headers.link).toBe(`</v1/old?page=2>; rel="next", ${HEADERS.link}`);
  });

  it('is the only one that does', async () => {
    const { headers } = await call('GET /v1/new', () => json(200, {}));

    for (const name of Object.keys(HEADERS)) expect(headers).not.toHaveProperty(name);
  });
});

describe("the API's own routes", () => {
  const marked = ROUTES.filter(({ deprecated }) => deprecated !== undefined);

  it('leave half a year between the notice and the end', () => {
    for (const { deprecated } of marked) {
      const days = (Date.parse(deprecated?.sunset ?? '') - Date.parse(deprecated?.since ?? '')) / 86_400_000;
      expect(days).toBeGreaterThanOrEqual(180);
    }
  });

  it('say nothing of it as long as they stay', async () => {
    const { headers } = await new FakeGateway().call('GET /healthz');

    expect(headers).not.toHaveProperty('deprecation');
    expect(deprecationHeaders(undefined, {})).toBeUndefined();
  });
});
