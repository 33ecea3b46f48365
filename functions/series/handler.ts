/** `GET /admin/series` and `GET /admin/stream`: what happened over time, and what happens. */
import { Readable } from 'node:stream';
import { AppError } from '../../shared/errors/app-error.ts';
import type { RouteHandler } from '../../shared/middleware/chain.ts';
import { json } from '../../shared/middleware/http-response.ts';
import { parseWith } from '../../shared/middleware/parse-body.ts';
import { readerOf } from '../../shared/middleware/scope.ts';
import type { Clock } from '../../shared/ports/runtime.ts';
import type { SeriesReport, SeriesService } from '../../shared/services/series/series.ts';
import { liveEvents } from './live-events.ts';
import { seriesQuery, streamQuery } from './schema.ts';

export interface SeriesDeps {
  series: SeriesService;
  clock: Clock;
}

const MINUTES = 60;
const STEP_S = 10;

export const makeHandlers = ({ series, clock }: SeriesDeps): Record<string, RouteHandler> => {
  const report = (minutes: number, stepS: number): Promise<SeriesReport> =>
    series.report(minutes, stepS).catch((cause: unknown) => {
      throw cause instanceof AppError
        ? cause
        : new AppError('unavailable', 'The metrics cannot be read just now.', { cause });
    });
  return {
    'GET /admin/series': async (event) => {
      const { minutes, step_s } = parseWith(seriesQuery, event.queryStringParameters ?? {}, ['query']);
      return json(200, await report(minutes, step_s));
    },
    'GET /admin/stream': async (event) => {
      parseWith(streamQuery, event.queryStringParameters ?? {}, ['query']);
      const first = await report(MINUTES, STEP_S);
      const events = liveEvents(series, clock, first, readerOf(event).signal);
      return {
        statusCode: 200,
        headers: { 'content-type': 'text/event-stream' },
        body: Readable.from(events, { objectMode: false }),
      };
    },
  };
};
