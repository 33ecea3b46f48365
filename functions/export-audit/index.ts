/** Composition root of `export-audit`. */
import { connections } from '../../shared/adapters/aws/connection.ts';
import { S3Objects } from '../../shared/adapters/aws/s3-objects.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';
import { awsEnv, exportAuditEnv, readEnv } from '../../shared/config/env.ts';
import { makeTelemetry } from '../../shared/observability/telemetry.ts';
import { makeHandler } from './handler.ts';

const env = readEnv(exportAuditEnv, process.env);
const variables = readEnv(awsEnv, process.env);
const clock = systemClock();
const { account } = connections(variables, clock);
const emulated = variables.AWS_ENDPOINT_URL;
const { logger } = makeTelemetry('export-audit');

const where =
  emulated === undefined
    ? { endpoint: `https://${env.EXPORT_BUCKET}.s3.${account.region}.amazonaws.com`, path: '' }
    : { endpoint: emulated, path: `/${env.EXPORT_BUCKET}` };

export const handler = makeHandler({
  objects: new S3Objects({ ...account, ...where, clock, random: systemRandom() }),
  exported: (items) => logger.info('exported', { items }),
});
