import { AppError } from '../../errors/app-error.ts';
import type { Adapter, ProviderKind } from '../../model/adapter.ts';
import type { ModelEvent, ModelRequest } from '../../model/completion.ts';
import type { ModelClient } from '../../ports/model-client.ts';

/** Sends each call to the client of the adapter's provider. */
export class ProviderRouter implements ModelClient {
  readonly #clients: Partial<Record<ProviderKind, ModelClient>>;

  constructor(clients: Partial<Record<ProviderKind, ModelClient>>) {
    this.#clients = clients;
  }

  call(adapter: Adapter, request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent> {
    const client = this.#clients[adapter.provider];
    if (client === undefined) {
      throw new AppError('upstream_error', "The model's provider is not served by this version.", {
        retryable: false,
      });
    }
    return client.call(adapter, request, signal);
  }
}
