import { AppError } from '../../../shared/errors/app-error.ts';
import type { Adapter } from '../../../shared/model/adapter.ts';
import type { ConfigStore } from '../../../shared/ports/config-store.ts';

const ADAPTER_ID = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** 404 where the path names none, also where it cannot. */
export const namedAdapter = async (config: ConfigStore, id = ''): Promise<Adapter> => {
  const adapter = ADAPTER_ID.test(id) ? await config.getAdapter(id) : undefined;
  if (adapter === undefined) throw unknownAdapter();
  return adapter;
};

export const unknownAdapter = (): AppError => new AppError('not_found', 'There is no model with this id.');
