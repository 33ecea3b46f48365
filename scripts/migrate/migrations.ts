/** All migrations, oldest first. None is ever taken out while a stage may not have run it. */
import { FIRST_VERSION } from '../../shared/services/secrets/key-ring.ts';
import type { Migration } from './migration.ts';

/** Keys made before the pepper could be rotated name no version of it; readers take the first for those. */
const keyPepperVersion: Migration = {
  id: '2026-11-key-pepper-version',
  what: 'each API key names the version of the pepper that it was made under',
  table: 'Config',
  phase: 'migrate',
  change: (item) => {
    if (item.pk?.S !== 'keys') return undefined;
    const record = JSON.parse(item.document?.S ?? '{}') as { pepper_version?: string };
    if (record.pepper_version !== undefined) return undefined;
    return { ...item, document: { S: JSON.stringify({ ...record, pepper_version: FIRST_VERSION }) } };
  },
};

export const MIGRATIONS: readonly Migration[] = [keyPepperVersion];
