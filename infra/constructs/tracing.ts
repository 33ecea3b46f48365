/** OpenTelemetry's spans of the functions that answer prompts: to X-Ray, signed with their roles, or to a collector. */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { StageOptions, TracingOptions } from '../stage.ts';
import type { NodeFunction } from './functions.ts';
import { flag } from './naming.ts';

const XRAY = 'xray';

/** Undefined where nothing is wanted. */
export const readTracing = (
  to: string | undefined,
  share: string | undefined,
  handOn: boolean | undefined,
): TracingOptions | undefined => {
  if (to === undefined) return undefined;
  if (to !== XRAY && !/^https?:$/.test(URL.parse(to)?.protocol ?? ''))
    throw new Error("tracing must be xray, or a collector's address");
  const sampleRatio = Number(share ?? '1');
  if (!(sampleRatio >= 0 && sampleRatio <= 1)) throw new Error('traceShare must be 0 to 1');
  return { to, sampleRatio, handOn: handOn ?? false };
};

export const tracingVariables = ({ tracing }: StageOptions): Record<string, string> =>
  tracing === undefined
    ? {}
    : {
        ...(tracing.to === XRAY
          ? { OTEL_TRACES_EXPORTER: XRAY }
          : { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: tracing.to }),
        OTEL_TRACES_SAMPLER_ARG: tracing.sampleRatio.toFixed(6),
        TRACE_PROVIDERS: flag(tracing.handOn),
      };

/** X-Ray knows no resources. */
export const grantTracing = (fn: NodeFunction, { tracing }: StageOptions): void => {
  if (tracing?.to !== XRAY) return;
  const actions = ['xray:PutTraceSegments', 'xray:PutSpans', 'xray:PutSpansForIndexing'];
  fn.function.addToRolePolicy(new PolicyStatement({ actions, resources: ['*'] }));
};
