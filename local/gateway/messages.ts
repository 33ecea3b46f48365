/** What the supervisor and a gateway worker tell each other. */
export type ToWorker = { kind: 'drain'; patienceMs: number };

export type FromWorker =
  | { kind: 'ready'; port: number }
  /** It cannot serve; `reason` is fit for a person. */
  | { kind: 'failed'; reason: string };

export const isFromWorker = (value: unknown): value is FromWorker =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  (value.kind === 'ready' || value.kind === 'failed');

export const isToWorker = (value: unknown): value is ToWorker =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'drain';
