/** What the supervisor and a gateway worker tell each other. */
import type { ConsoleState } from '../console/build.ts';
import type { MetricsReport } from '../metrics/emf-metrics.ts';
import type { Tallied } from '../metrics/series-tally.ts';

export type ToWorker =
  | { kind: 'drain'; patienceMs: number }
  /** Send your own numbers. */
  | { kind: 'report'; id: number }
  /** Those of all workers that answered in time. */
  | { kind: 'metrics'; id: number; reports: MetricsReport[] }
  | { kind: 'console'; id: number; state: ConsoleState };

export type FromWorker =
  | { kind: 'ready'; port: number }
  /** It cannot serve; `reason` is fit for a person. */
  | { kind: 'failed'; reason: string }
  /** Somebody asks for everybody's numbers. */
  | { kind: 'metrics'; id: number }
  | { kind: 'report'; id: number; report: MetricsReport }
  /** What was counted since the last time, and how many WebSockets are open. */
  /** How far is the console? Looking at it has it built. */
  | { kind: 'console'; id: number }
  | { kind: 'tally'; tallied?: Tallied; connections: number };

const isOf = (value: unknown, kinds: readonly string[]): boolean =>
  typeof value === 'object' && value !== null && 'kind' in value && kinds.includes(String(value.kind));

export const isFromWorker = (value: unknown): value is FromWorker =>
  isOf(value, ['ready', 'failed', 'metrics', 'report', 'tally', 'console']);

export const isToWorker = (value: unknown): value is ToWorker =>
  isOf(value, ['drain', 'report', 'metrics', 'console']);
