/** Ended spans as OTLP/JSON 1.x: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding. */
import type { Attribute, Attributes, SpanKind } from '../../ports/tracing.ts';

export interface EndedSpan {
  traceId: string;
  spanId: string;
  parentId?: string | undefined;
  name: string;
  kind: SpanKind;
  /** Milliseconds since the epoch, with a fraction. */
  startMs: number;
  endMs: number;
  attributes: Attributes;
  errorType?: string | undefined;
}

export interface Resource {
  service: string;
  version: string;
  stage: string;
}

const KINDS: Readonly<Record<SpanKind, number>> = { internal: 1, server: 2, client: 3, consumer: 5 };
const STATUS_ERROR = 2;

const typed = (value: Attribute): object => {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { arrayValue: { values: value.map(typed) } };
};

const attributesOf = (attributes: Attributes): object[] =>
  Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: typed(value) }],
  );

/** Whole nanoseconds: a double holds them only to 256. */
const nanos = (ms: number): string => `${Math.round(ms * 1_000)}000`;

const spanOf = (span: EndedSpan): object => ({
  traceId: span.traceId,
  spanId: span.spanId,
  ...(span.parentId === undefined ? {} : { parentSpanId: span.parentId }),
  name: span.name,
  kind: KINDS[span.kind],
  startTimeUnixNano: nanos(span.startMs),
  endTimeUnixNano: nanos(span.endMs),
  attributes: attributesOf({ ...span.attributes, 'error.type': span.errorType }),
  ...(span.errorType === undefined ? {} : { status: { code: STATUS_ERROR } }),
});

export const toOtlp = (spans: readonly EndedSpan[], { service, version, stage }: Resource): string =>
  JSON.stringify({
    resourceSpans: [
      {
        resource: {
          attributes: attributesOf({
            'service.name': service,
            'service.namespace': 'atp-router',
            'service.version': version,
            'deployment.environment.name': stage,
          }),
        },
        scopeSpans: [{ scope: { name: 'atp-router', version }, spans: spans.map(spanOf) }],
      },
    ],
  });
