/** Composition root of `find-names`: the model is opened at the cold start, and computes on the one thread there is. */
import { openModel } from '../../shared/adapters/pii/model/open-model.ts';
import { systemClock } from '../../shared/adapters/runtime/system.ts';
import { findNamesEnv } from '../../shared/config/env.ts';
import { makeTelemetry } from '../../shared/observability/telemetry.ts';
import { makeHandler } from './handler.ts';

const env = findNamesEnv.parse(process.env);
const clock = systemClock();
const now = (): number => clock.now();
const [model, { logger }] = await Promise.all([
  openModel(env.PII_MODEL_DIR, { now }),
  makeTelemetry('find-names'),
]);

export const handler = makeHandler({
  read: (texts, until) => model.read(texts, until),
  now,
  found: (facts) => logger.info('find-names', { ...facts }),
});
