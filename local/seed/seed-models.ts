/** Registers models at a data directory's first start; afterwards what is registered is its owner's business. */
import type { ConfigStore } from '../../shared/ports/config-store.ts';
import type { Clock } from '../../shared/ports/runtime.ts';
import { SECRETS_PREFIX } from '../environment.ts';
import type { SecretValues } from './keys.ts';
import type { FoundProviders } from './real-providers.ts';
import { asAdapter, SIMULATED_MODELS } from './simulated-models.ts';

/** Remembers that the first start is over. */
export interface FirstStart {
  isOver(): boolean;
  end(): void;
}

/** Answers lines for people. */
export const seedModels = async (deps: {
  config: ConfigStore;
  secrets: SecretValues;
  clock: Clock;
  empty: boolean;
  first: FirstStart;
  find(): Promise<FoundProviders>;
}): Promise<string[]> => {
  const { config, secrets, clock, empty, first, find } = deps;
  if (first.isOver()) return [];
  const notes: string[] = [];
  if (!empty) {
    const found = await find();
    for (const [name, value] of Object.entries(found.secrets))
      secrets.set(`${SECRETS_PREFIX}/${name}`, value);
    for (const model of [...SIMULATED_MODELS, ...found.models])
      await config.putAdapter(asAdapter(model, clock.now()));
    notes.push(`Registered ${SIMULATED_MODELS.length} simulated models.`, ...found.notes);
  }
  first.end();
  return notes;
};
