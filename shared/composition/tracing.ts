/** Spans, where the stage wants them; elsewhere nothing is loaded. */
import type { connections } from '../adapters/aws/connection.ts';
import type { TracingSettings } from '../config/tracing.ts';
import type { Clock, Random } from '../ports/runtime.ts';
import type { Tracing } from '../ports/tracing.ts';

export interface TracingDeps {
  clock: Clock;
  random: Random;
  account: ReturnType<typeof connections>['account'];
  holdsPersonalData: (text: string) => boolean;
  logger: { warn(message: string, fields: Record<string, unknown>): void };
}

type Settings = TracingSettings & {
  ATP_STAGE: string;
  ATP_VERSION: string;
  POWERTOOLS_SERVICE_NAME: string;
};

const exporterOf = ({ OTEL_TRACES_EXPORTER: named, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }: Settings) =>
  named ?? (endpoint === undefined ? 'none' : 'otlp');

export const composeTracing = async (env: Settings, deps: TracingDeps): Promise<Tracing | undefined> => {
  const exporter = exporterOf(env);
  const { clock, random, account, holdsPersonalData, logger } = deps;
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = env;
  if (exporter === 'none' || (exporter === 'otlp' && endpoint === undefined)) return undefined;
  const [{ OtlpTracing }, { otlpHttp, readHeaders, xray }] = await Promise.all([
    import('../adapters/tracing/otlp-tracing.ts'),
    import('../adapters/tracing/otlp-http.ts'),
  ]);
  return new OtlpTracing({
    resource: { service: env.POWERTOOLS_SERVICE_NAME, version: env.ATP_VERSION, stage: env.ATP_STAGE },
    send:
      exporter === 'xray' || endpoint === undefined
        ? xray({ ...account, clock, random })
        : otlpHttp(endpoint, readHeaders(env.OTEL_EXPORTER_OTLP_HEADERS)),
    ...{ clock, random, holdsPersonalData },
    sampleRatio: Number(env.OTEL_TRACES_SAMPLER_ARG ?? '1'),
    handOn: env.TRACE_PROVIDERS === 'true',
    lost: (count) => logger.warn('spans were lost', { count }),
  });
};
