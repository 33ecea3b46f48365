import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '../../../../shared/config/default-policy.ts';
import type { Policy } from '../../../../shared/model/policy.ts';
import { PolicyAssigner } from '../../../../shared/services/routing/assign-policy.ts';
import { aSnapshot } from '../../../support/fakes/documents.ts';
import { drawing } from '../../../support/fakes/seeded-random.ts';

const aPolicy = (id: string, fields: Partial<Policy> = {}): Policy => ({ ...DEFAULT_POLICY, id, ...fields });

const snapshotOf = (...policies: Policy[]) =>
  aSnapshot([], { policies: new Map([DEFAULT_POLICY, ...policies].map((policy) => [policy.id, policy])) });

/** An assigner whose chance is the same each time. */
const assigner = (drawn = 0.5) => new PolicyAssigner(drawing(drawn));

describe('which policy routes', () => {
  it("is the tenant's, else the default", () => {
    const snapshot = snapshotOf(aPolicy('mine', { tenants: ['acme'] }));

    expect(assigner().assign(snapshot, 'acme').id).toBe('mine');
    expect(assigner().assign(snapshot, 'other').id).toBe('default');
  });

  it('is the first by id where several name the tenant', () => {
    const snapshot = snapshotOf(aPolicy('b', { tenants: ['acme'] }), aPolicy('a', { tenants: ['acme'] }));

    expect(assigner().assign(snapshot, 'acme').id).toBe('a');
  });

  it('is another one as soon as the policies are', () => {
    const one = assigner();
    expect(one.assign(snapshotOf(), 'acme').id).toBe('default');

    expect(one.assign(snapshotOf(aPolicy('mine', { tenants: ['acme'] })), 'acme').id).toBe('mine');
  });

  it('is the one that the caller names, where that is for everybody or for the tenant', () => {
    const snapshot = snapshotOf(aPolicy('open'), aPolicy('theirs', { tenants: ['other'] }));
    const named = (name: string) => assigner().named(snapshot, 'acme', name)?.id;

    expect(['open', 'theirs', 'nothing'].map(named)).toEqual(['open', undefined, undefined]);
  });

  it.each([
    ['block', 'off', 'block'],
    ['observe', 'redact', 'redact'],
    ['off', 'off', 'off'],
  ] as const)('treats personal data by the stricter of %s and %s', (own, named, pii_mode) => {
    const snapshot = snapshotOf(
      aPolicy('mine', { tenants: ['acme'], pii_mode: own }),
      aPolicy('open', { pii_mode: named }),
    );

    expect(assigner().named(snapshot, 'acme', 'open')?.pii_mode).toBe(pii_mode);
  });
});

describe('a challenger', () => {
  const champion = aPolicy('champion', {
    tenants: ['acme'],
    pii_mode: 'block',
    sticky_sessions: false,
    shadow: ['x'],
    challenger: { policy: 'challenger', percent: 20, margin: 0, min_count: 30 },
  });
  const challenger = aPolicy('challenger', { strategy: 'ucb1', pii_mode: 'off', shadow: ['y'] });

  it.each([
    [0.1999, 'challenger'],
    [0.2, 'champion'],
  ])('routes its percentage: at %d the %s does', (drawn, id) => {
    const snapshot = snapshotOf(champion, challenger);

    expect(assigner(drawn).assign(snapshot, 'acme').id).toBe(id);
  });

  it("changes how models are chosen, and nothing of the champion's promises", () => {
    const assigned = assigner(0).assign(snapshotOf(champion, challenger), 'acme');

    expect(assigned).toMatchObject({
      strategy: 'ucb1',
      pii_mode: 'block',
      sticky_sessions: false,
      shadow: ['x'],
    });
  });

  it('that is gone leaves the champion alone', () => {
    expect(assigner(0).assign(snapshotOf(champion), 'acme').id).toBe('champion');
  });
});
