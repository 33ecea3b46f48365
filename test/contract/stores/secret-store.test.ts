/** One suite for every secret store; Secrets Manager is a fake with the service's own failures. */
import { beforeEach, describe, expect, it } from 'vitest';
import { MemorySecretStore } from '../../../shared/adapters/memory/secret-store.ts';
import { SecretsManagerStore } from '../../../shared/adapters/secrets/secrets-manager.ts';
import type { SecretStore } from '../../../shared/ports/secret-store.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';
import { SecretsService } from '../../support/fakes/secrets-service.ts';

const SUBJECTS: [string, () => SecretStore][] = [
  ['in memory', () => new MemorySecretStore()],
  [
    'in Secrets Manager',
    () => new SecretsManagerStore(new SecretsService().client, 'atp/test', new ManualClock()),
  ],
];

describe.each(SUBJECTS)('secrets %s', (_, make) => {
  let secrets: SecretStore;
  beforeEach(() => {
    secrets = make();
  });

  it('answers undefined for what was never put', async () => {
    expect(await secrets.get('provider/a')).toBeUndefined();
  });

  it('gives back what was put', async () => {
    await secrets.put('provider/a', 'first');

    expect(await secrets.get('provider/a')).toBe('first');
  });

  it('shows a new value at once', async () => {
    await secrets.put('provider/a', 'first');
    await secrets.get('provider/a');

    await secrets.put('provider/a', 'second');

    expect(await secrets.get('provider/a')).toBe('second');
  });

  it('forgets what was deleted at once', async () => {
    await secrets.put('provider/a', 'first');
    await secrets.get('provider/a');

    await secrets.delete('provider/a');

    expect(await secrets.get('provider/a')).toBeUndefined();
  });

  it('lets what is not there be deleted', async () => {
    await expect(secrets.delete('provider/a')).resolves.toBeUndefined();
  });

  it('takes a value again after it was deleted', async () => {
    await secrets.put('provider/a', 'first');
    await secrets.delete('provider/a');

    await secrets.put('provider/a', 'second');

    expect(await secrets.get('provider/a')).toBe('second');
  });
});
