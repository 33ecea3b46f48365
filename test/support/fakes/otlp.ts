/** Spans as a collector gets them: OTLP over HTTP, as JSON. */
interface OtlpValue {
  stringValue?: string;
  intValue?: string;
  doubleValue?: number;
  boolValue?: boolean;
  arrayValue?: { values: OtlpValue[] };
}
export interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: OtlpValue }[];
  status?: { code: number };
}

const plain = ({ stringValue, intValue, doubleValue, boolValue, arrayValue }: OtlpValue): unknown =>
  stringValue ??
  (intValue === undefined ? undefined : Number(intValue)) ??
  doubleValue ??
  boolValue ??
  arrayValue?.values.map(plain);

export const spansOf = (calls: readonly { body: string }[]): OtlpSpan[] =>
  calls.flatMap(
    ({ body }) =>
      (JSON.parse(body) as { resourceSpans: [{ scopeSpans: [{ spans: OtlpSpan[] }] }] }).resourceSpans[0]
        .scopeSpans[0].spans,
  );

/** Its attributes. */
export const told = (span: OtlpSpan | undefined): Record<string, unknown> =>
  Object.fromEntries((span?.attributes ?? []).map(({ key, value }) => [key, plain(value)]));
