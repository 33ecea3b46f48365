/** `GET /metrics` of a gateway process: the numbers of all that share the port, gathered by the supervisor. */
import { AggregatorRegistry, Registry } from 'prom-client';
import type { MetricsReport } from './emf-metrics.ts';

export const METRICS_PATH = '/metrics';
export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** Prometheus text. */
export const metricsPage = (reports: readonly MetricsReport[]): Promise<string> =>
  AggregatorRegistry.aggregate([...reports]).metrics();
