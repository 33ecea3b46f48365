/** Where spans go: nowhere, unless OpenTelemetry's own variables say so. */
import * as z from 'zod';

export const tracingEnv = {
  /** `xray` is signed with the function's role; without it an endpoint means `otlp`. */
  OTEL_TRACES_EXPORTER: z.enum(['none', 'otlp', 'xray']).optional(),
  /** A collector's address, without `/v1/traces`. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_EXPORTER_OTLP_HEADERS: z.string().max(4_096).optional(),
  /** Share of new traces that are recorded. */
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .regex(/^(0(\.[0-9]{1,6})?|1(\.0{1,6})?)$/)
    .optional(),
  /** Do providers get `traceparent`? */
  TRACE_PROVIDERS: z.enum(['true', 'false']).optional(),
} as const;

export type TracingSettings = z.output<z.ZodObject<typeof tracingEnv>>;
