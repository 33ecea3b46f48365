/** Composition root of `series`. */
import { CloudWatchMetrics } from '../../shared/adapters/aws/cloudwatch-metrics.ts';
import { connections } from '../../shared/adapters/aws/connection.ts';
import { makeDynamoClient } from '../../shared/adapters/dynamodb/client.ts';
import { DocumentTable } from '../../shared/adapters/dynamodb/documents.ts';
import { ObservationLister } from '../../shared/adapters/dynamodb/observation-lister.ts';
import { patternDetector } from '../../shared/adapters/pii/pattern-detector.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';
import { uuidv7Source } from '../../shared/adapters/runtime/uuidv7.ts';
import { composeAuthenticator } from '../../shared/composition/authenticator.ts';
import { composeDenials } from '../../shared/composition/denials.ts';
import { composeSecrets } from '../../shared/composition/secrets.ts';
import { awsEnv, readEnv, seriesEnv } from '../../shared/config/env.ts';
import { buildChain } from '../../shared/middleware/chain.ts';
import { makeTelemetry } from '../../shared/observability/telemetry.ts';
import { Redactor } from '../../shared/services/redact/redactor.ts';
import { SeriesService } from '../../shared/services/series/series.ts';
import { makeHandlers } from './handler.ts';

const env = readEnv(seriesEnv, process.env);
const clock = systemClock();
const random = systemRandom();
const aws = connections(readEnv(awsEnv, process.env), clock);
const dynamo = makeDynamoClient({ ...aws.dynamodb, clock, random });
const secrets = composeSecrets({ connection: aws.secrets, env, clock, random });
const configTable = new DocumentTable(dynamo, env.CONFIG_TABLE);
const redactor = new Redactor(patternDetector());
const ids = uuidv7Source(clock, random);
const telemetry = makeTelemetry('series');

export const handler = buildChain(
  {
    clock,
    ids,
    ...telemetry,
    denials: composeDenials(
      { dynamo, auditTable: env.AUDIT_TABLE, secrets, clock, random, ids },
      telemetry.logger,
    ),
    authenticator: composeAuthenticator({ configTable, secrets, clock, env }),
    redact: (text) => redactor.text(text),
    holdsPersonalData: (text) => redactor.holdsPersonalData(text),
  },
  {
    streams: true,
    handlers: makeHandlers({
      clock,
      series: new SeriesService({
        clock,
        metrics: new CloudWatchMetrics({
          ...aws.monitoring,
          clock,
          random,
          namespace: env.POWERTOOLS_METRICS_NAMESPACE,
          finestMs: env.METRICS_STEP_S * 1_000,
          lagMs: env.METRICS_STEP_S * 1_000,
        }),
        observations: new ObservationLister({
          client: dynamo,
          table: env.OBSERVATIONS_TABLE,
          shards: env.OBSERVATION_SHARDS,
          clock,
          random,
        }),
      }),
    }),
  },
);
