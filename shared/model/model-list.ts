import type { Adapter } from './adapter.ts';

/** The models that may be asked, in OpenAI's form. */
export const modelList = (adapters: readonly Adapter[]) => ({
  object: 'list',
  data: adapters
    .filter((adapter) => adapter.enabled)
    .map((adapter) => ({
      id: adapter.id,
      object: 'model',
      created: Math.floor(Date.parse(adapter.created_at) / 1_000),
      owned_by: adapter.provider,
    })),
});
