import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryAuditStore } from '../../../../shared/adapters/memory/audit-store.ts';
import { MemorySecretStore } from '../../../../shared/adapters/memory/secret-store.ts';
import type { AuditEntry, ChainHead } from '../../../../shared/model/audit.ts';
import { type Anchor, ChainVerifier } from '../../../../shared/services/audit/verify-chains.ts';
import { formatRing, nextRing, parseRing } from '../../../../shared/services/secrets/key-ring.ts';
import { AUDIT_KEY, auditLog, change, verify } from '../../../support/fakes/audit.ts';

const ACME = 'tenant#acme';

describe('verifying the audit log', () => {
  let store: MemoryAuditStore;

  beforeEach(async () => {
    store = new MemoryAuditStore();
    const log = auditLog(store);
    for (let index = 0; index < 5; index++) await log.append(ACME, change());
    for (let index = 0; index < 2; index++) await log.append('tenant#other', change());
  });

  const chain = (name = ACME) => store.chains.get(name) as { head: ChainHead; entries: AuditEntry[] };
  const broken = async (anchors: readonly Anchor[] = []) => (await verify(store, anchors)).first_broken;

  it('finds nothing where nothing was touched', async () => {
    expect(await verify(store)).toMatchObject({ ok: true, chains: 3, entries: 9, broken: [] });
  });

  it('finds an entry that was edited, and names it', async () => {
    const entry = chain().entries[2] as AuditEntry;
    chain().entries[2] = { ...entry, document: entry.document.replace('succeeded', 'failed') };

    expect(await broken()).toEqual({ chain: ACME, seq: 3, fault: 'edited', id: entry.id });
  });

  it('finds an entry that was edited and signed with another key', async () => {
    const forged = new MemoryAuditStore();
    const secrets = new MemorySecretStore({ 'audit-key': 'somebody else has made this one' });
    const log = auditLog(forged, { secrets });
    for (let index = 0; index < 5; index++) await log.append(ACME, change());
    store.chains.set(ACME, forged.chains.get(ACME) as ReturnType<typeof chain>);

    expect(await broken()).toMatchObject({ chain: ACME, seq: 1, fault: 'edited' });
  });

  it.each(['at', 'id'] as const)('finds an entry that would be listed by another %s', async (field) => {
    const entry = chain().entries[1] as AuditEntry;
    chain().entries[1] = { ...entry, [field]: 'x' };

    expect(await broken()).toMatchObject({ chain: ACME, seq: 2, fault: 'edited' });
  });

  it.each([
    ['first', 0, 1],
    ['in the middle', 2, 3],
  ])('finds that an entry was taken away: %s', async (_, index, seq) => {
    chain().entries.splice(index, 1);

    expect(await broken()).toEqual({ chain: ACME, seq, fault: 'missing' });
  });

  it('finds that the last entries were taken away', async () => {
    chain().entries.splice(3, 2);

    expect(await broken()).toEqual({ chain: ACME, seq: 4, fault: 'missing' });
  });

  it('finds that the last entry was taken away and the head set to the one before', async () => {
    chain().entries.pop();
    const last = chain().entries.at(-1) as AuditEntry;
    chain().head = { ...chain().head, seq: last.seq, mac: last.mac };

    expect(await broken()).toMatchObject({ chain: ACME, fault: 'head_edited' });
  });

  it('finds that the head was taken away', async () => {
    store.chains.set(ACME, { head: undefined as never, entries: chain().entries });

    expect(await broken()).toEqual({ chain: ACME, seq: 5, fault: 'head_missing' });
  });

  it('finds that a whole chain was taken away', async () => {
    store.chains.delete(ACME);

    expect(await broken()).toEqual({ chain: ACME, seq: 0, fault: 'chain_missing' });
  });

  it('finds that everything was taken away', async () => {
    store.chains.clear();

    expect(await broken()).toEqual({ chain: 'chains', seq: 0, fault: 'empty' });
  });

  it('finds that two entries changed places', async () => {
    const { entries } = chain();
    const [second, third] = [entries[1], entries[2]] as [AuditEntry, AuditEntry];
    entries[1] = { ...third, seq: 2 };
    entries[2] = { ...second, seq: 3 };

    expect(await broken()).toEqual({ chain: ACME, seq: 2, fault: 'misplaced', id: third.id });
  });

  it("finds another chain's entry in the place of one", async () => {
    chain().entries[1] = { ...(chain('tenant#other').entries[1] as AuditEntry), chain: ACME };

    expect(await broken()).toMatchObject({ chain: ACME, seq: 2, fault: 'misplaced' });
  });

  it('finds an entry put in at the end', async () => {
    const last = chain().entries.at(-1) as AuditEntry;
    chain().entries.push({ ...last, seq: 6 });

    expect(await broken()).toMatchObject({ chain: ACME, seq: 6, fault: 'misplaced' });
  });

  it('finds a chain that was made up beside the others', async () => {
    const forged = new MemoryAuditStore();
    await auditLog(forged).append('tenant#ghost', change());
    store.chains.set('tenant#ghost', forged.chains.get('tenant#ghost') as ReturnType<typeof chain>);

    expect(await broken()).toEqual({ chain: 'tenant#ghost', seq: 0, fault: 'put_in' });
    const verifier = new ChainVerifier(store, parseRing(AUDIT_KEY));
    expect((await verifier.verify({ only: 'tenant#ghost' })).broken).toMatchObject([{ fault: 'put_in' }]);
    expect(await verifier.verify({ only: ACME })).toMatchObject({ ok: true });
    expect(await verifier.verify({ only: 'tenant#nobody' })).toMatchObject({ ok: true });
  });

  it('takes no chain for made up where the list of chains is itself not as it was written', async () => {
    const entry = chain('chains').entries[0] as AuditEntry;
    chain('chains').entries[0] = { ...entry, document: entry.document.replace('acme', 'evil') };

    expect((await verify(store)).broken).toEqual([
      { chain: 'chains', seq: 1, fault: 'edited', id: entry.id },
    ]);
  });

  it('finds what lies in a chain under no number', async () => {
    const places = store.places.bind(store);
    store.places = async function* () {
      yield* places();
      yield [{ chain: ACME, seq: undefined }];
    };

    expect((await verify(store)).broken).toEqual([{ chain: ACME, seq: 0, fault: 'put_in' }]);
  });

  it('takes a chain that begins meanwhile for no fault', async () => {
    const places = store.places.bind(store);
    store.places = async function* () {
      await auditLog(store, { seed: 2 }).append('tenant#new', change());
      yield* places();
    };

    expect(await verify(store)).toMatchObject({ ok: true, complete: true });
  });

  it('finds a chain that was put back to an earlier moment, by what was seen before', async () => {
    const early = structuredClone(chain());
    const log = auditLog(store, { seed: 2 });
    await log.append(ACME, change());
    const { anchors } = await verify(store);
    store.chains.set(ACME, early);

    expect(await broken()).toBeUndefined();
    expect(await broken(anchors)).toEqual({ chain: ACME, seq: 6, fault: 'rolled_back' });
    await auditLog(store, { seed: 3 }).append(ACME, change({ outcome: 'failed' }));
    expect(await broken(anchors)).toMatchObject({ chain: ACME, seq: 6, fault: 'rolled_back' });
  });

  it('finds that all chains were put back, or begun anew, by what was seen before', async () => {
    const { anchors } = await verify(store);
    store.chains.clear();
    await auditLog(store, { seed: 4 }).append('tenant#other', change());

    const { ok, broken: all } = await verify(store, anchors);
    expect(ok).toBe(false);
    expect(all.map((one) => one.chain).sort()).toEqual(['chains', ACME, 'tenant#other']);
  });

  it('accepts what has grown since', async () => {
    const { anchors } = await verify(store);
    await auditLog(store, { seed: 5 }).append('tenant#new', change());

    expect(await verify(store, anchors)).toMatchObject({ ok: true, chains: 4 });
  });

  it('accepts entries of each version of the key, and goes on with the newest', async () => {
    const ring = nextRing(parseRing(AUDIT_KEY), {
      secret: 'the second key of the audit log',
      now: 1,
      keeps: () => true,
    });
    const secrets = new MemorySecretStore({ 'audit-key': formatRing(ring) });
    await auditLog(store, { seed: 6, secrets }).append(ACME, change());

    expect(JSON.parse(chain().entries.at(-1)?.document ?? '')).toMatchObject({ key_version: '2', seq: 6 });
    expect(await verify(store, [], formatRing(ring))).toMatchObject({ ok: true });
    expect(await broken()).toEqual({
      chain: ACME,
      seq: 6,
      fault: 'key_missing',
      id: chain().entries.at(-1)?.id,
    });
  });
});
