/** One suite for every store of secrets that are rotated. */
import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryRotatingSecrets } from '../../../shared/adapters/memory/rotating-secrets.ts';
import { RotatingSecretsManager } from '../../../shared/adapters/secrets/rotating-secrets-manager.ts';
import type { RotatingSecrets } from '../../../shared/ports/rotating-secrets.ts';
import { versionedClient } from '../../support/fakes/versioned-secrets.ts';

const SUBJECTS: [string, (store: MemoryRotatingSecrets) => RotatingSecrets][] = [
  ['in memory', (store) => store],
  ['in Secrets Manager', (store) => new RotatingSecretsManager(versionedClient(store))],
];

describe.each(SUBJECTS)('rotating secrets %s', (_, over) => {
  let secrets: RotatingSecrets;
  beforeEach(() => {
    const store = new MemoryRotatingSecrets();
    store.set('s', 'v1', 'first');
    secrets = over(store);
  });

  it('knows no version of what is not there', async () => {
    expect((await secrets.stages('none')).size).toBe(0);
    expect(await secrets.read('none', { stage: 'AWSCURRENT' })).toBeUndefined();
    expect(await secrets.read('s', { stage: 'AWSPENDING' })).toBeUndefined();
  });

  it('stages a version beside the current one', async () => {
    await secrets.stage('s', 'v2', 'second');

    expect(await secrets.read('s', { stage: 'AWSCURRENT' })).toBe('first');
    expect(await secrets.read('s', { stage: 'AWSPENDING', version: 'v2' })).toBe('second');
    expect(await secrets.read('s', { stage: 'AWSPENDING', version: 'v3' })).toBeUndefined();
    expect([...(await secrets.stages('s'))]).toEqual([
      ['v1', ['AWSCURRENT']],
      ['v2', ['AWSPENDING']],
    ]);
  });

  it('puts a version in force, and the former one behind it', async () => {
    await secrets.stage('s', 'v2', 'second');
    await secrets.promote('s', 'v2', 'v1');

    expect(await secrets.read('s', { stage: 'AWSCURRENT' })).toBe('second');
    expect((await secrets.stages('s')).get('v1')).toEqual(['AWSPREVIOUS']);
    expect((await secrets.stages('s')).get('v2')).toContain('AWSCURRENT');
  });

  it('moves no stage from where it is not', async () => {
    await secrets.stage('s', 'v2', 'second');

    await expect(secrets.promote('s', 'v2', 'v0')).rejects.toThrow();
    expect(await secrets.read('s', { stage: 'AWSCURRENT' })).toBe('first');
  });
});
