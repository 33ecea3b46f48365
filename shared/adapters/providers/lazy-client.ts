import type { ModelClient } from '../../ports/model-client.ts';

/** A client that is loaded when it is first called, and then kept. */
export const lazyClient = (load: () => Promise<ModelClient>): ModelClient => {
  let loading: Promise<ModelClient> | undefined;
  return {
    async *call(adapter, request, signal) {
      loading ??= load();
      yield* (await loading).call(adapter, request, signal);
    },
  };
};
