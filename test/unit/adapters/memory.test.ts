import { describe, expect, it } from 'vitest';
import { MemoryDeadLetters } from '../../../shared/adapters/memory/observation-store.ts';
import { MemorySecretStore } from '../../../shared/adapters/memory/secret-store.ts';
import { Happened } from '../../support/fakes/happened.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';

describe('dead letters in memory', () => {
  it('are kept as they were, whatever becomes of what was put', async () => {
    const letters = new MemoryDeadLetters();
    const settled = new Happened(new ManualClock()).make({ prompt: 'before' });

    await letters.put([settled]);
    settled.observation.prompt = 'after';

    expect(letters.letters.map(({ observation }) => observation.prompt)).toEqual(['before']);
  });
});

describe('secrets in memory', () => {
  it('begin with what they are given', async () => {
    const secrets = new MemorySecretStore({ pepper: 'x' });

    expect([await secrets.get('pepper'), await secrets.get('salt')]).toEqual(['x', undefined]);
  });
});
