import type { Adapter } from '../model/adapter.ts';
import type { ModelEvent, ModelRequest } from '../model/completion.ts';

/** Calls one provider. Faults are AppErrors: `upstream_error` (502) or `upstream_timeout` (504), with `retryable` set where nothing was answered. */
export interface ModelClient {
  call(adapter: Adapter, request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>;
}
