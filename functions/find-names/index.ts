/** Composition root of `find-names`: the model is opened at the cold start, and computes on the one thread there is. */
import { openModel } from '../../shared/adapters/pii/model/open-model.ts';
import { systemClock } from '../../shared/adapters/runtime/system.ts';
import { findNamesEnv, readEnv } from '../../shared/config/env.ts';
import { makeTelemetry } from '../../shared/observability/telemetry.ts';
import { makeHandler } from './handler.ts';

const env = readEnv(findNamesEnv, process.env);
const clock = systemClock();
const now = (): number => clock.now();
const { logger } = makeTelemetry('find-names');
const model = await openModel(env.PII_MODEL_DIR, { now });

export const handler = makeHandler({
  read: (texts, until) => model.read(texts, until),
  now,
  found: (facts) => logger.info('find-names', { ...facts }),
});
