/** Whether the stage drains, for functions that need no more of the configuration: as fresh as the rest of it. */
import { AppError } from '../../errors/app-error.ts';
import type { Drain } from '../../model/drain.ts';
import type { ConfigStore } from '../../ports/config-store.ts';
import type { Clock } from '../../ports/runtime.ts';
import { CONFIG_BOUNDS } from '../cached-config.ts';
import { SwrCache } from '../swr-cache.ts';

const KEY = 'drain';

export const cachedDrain = (
  config: Pick<ConfigStore, 'getDrain'>,
  clock: Clock,
): (() => Promise<Drain | undefined>) => {
  const cache = new SwrCache(() => config.getDrain(), clock, CONFIG_BOUNDS);
  return async () => {
    try {
      return await cache.get(KEY);
    } catch (cause) {
      throw new AppError('unavailable', 'The configuration cannot be read at the moment.', { cause });
    }
  };
};
