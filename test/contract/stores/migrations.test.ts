/** Migrations over a store that is in use: stopped anywhere, begun again, overtaken, and still each item once. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Migration } from '../../../scripts/migrate/migration.ts';
import { MIGRATIONS } from '../../../scripts/migrate/migrations.ts';
import { MigrationRunner, type RunnerDeps } from '../../../scripts/migrate/runner.ts';
import { DocumentTable } from '../../../shared/adapters/dynamodb/documents.ts';
import { DynamoKeyStore } from '../../../shared/adapters/dynamodb/key-store.ts';
import { MemorySecretStore } from '../../../shared/adapters/memory/secret-store.ts';
import { hashSecret, makeApiKey } from '../../../shared/services/api-keys.ts';
import { Pepper } from '../../../shared/services/pepper.ts';
import { startDynamo, type TestDynamo } from '../../support/dynamodb.ts';
import { seededRandom } from '../../support/fakes/seeded-random.ts';
import { makeTable } from '../../support/store-tables.ts';

const ITEMS = 25;

/** `color` becomes `colour`. */
const rename: Migration = {
  id: 'rename',
  what: 'spelled as at home',
  table: 'Config',
  phase: 'migrate',
  change: (item) => {
    if (item.pk?.S !== 'things') return undefined;
    const { color, ...rest } = JSON.parse(item.document?.S ?? '{}') as { color?: string; colour?: string };
    if (color === undefined || 'colour' in rest) return undefined;
    return { ...item, document: { S: JSON.stringify({ ...rest, color, colour: color }) } };
  },
};
const drop: Migration = {
  id: 'drop',
  what: 'the old spelling goes',
  table: 'Config',
  phase: 'contract',
  after: ['rename'],
  change: (item) => {
    if (item.pk?.S !== 'things') return undefined;
    const { color, ...rest } = JSON.parse(item.document?.S ?? '{}') as { color?: string };
    return color === undefined ? undefined : { ...item, document: { S: JSON.stringify(rest) } };
  },
};

let dynamo: TestDynamo;
let table: string;
let things: DocumentTable;

beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

beforeEach(async () => {
  table = await makeTable(dynamo.sdk, 'Config');
  things = new DocumentTable(dynamo.client, table);
  for (let index = 0; index < ITEMS; index++)
    await things.put('things', String(index).padStart(3, '0'), { color: `c${index}` });
});

const runner = (options: Partial<RunnerDeps> = {}) =>
  new MigrationRunner({ client: dynamo.client, tableOf: () => table, now: () => 0, pageSize: 7, ...options });
const documents = async () => (await things.list('things')).map(({ document }) => document);
const both = (index: number) => ({ color: `c${index}`, colour: `c${index}` });

describe('a migration', () => {
  it('changes each item once, and is done', async () => {
    const first = await runner().run(rename);
    const second = await runner().run(rename);

    expect(first).toMatchObject({ outcome: 'done', checkpoint: { status: 'done', changed: ITEMS } });
    expect(second).toMatchObject({ outcome: 'done before', checkpoint: { changed: ITEMS } });
    expect(await documents()).toEqual(Array.from({ length: ITEMS }, (_, index) => both(index)));
  });

  it.each([1, 2, 3])('goes on where it was stopped (after page %i)', async (pages) => {
    let left = pages;
    const stopped = runner({
      progress: () => {
        left -= 1;
        if (left === 0) throw new Error('the machine was switched off');
      },
    });
    await expect(stopped.run(rename)).rejects.toThrow('switched off');
    const halfway = await runner().checkpoint(rename);
    const scans: number[] = [];

    const { checkpoint } = await runner({ progress: (_, { scanned }) => void scans.push(scanned) }).run(
      rename,
    );

    expect(halfway).toMatchObject({ status: 'running', scanned: pages * 7 });
    expect(scans.length).toBeLessThanOrEqual(5 - pages);
    expect(checkpoint.changed).toBe(ITEMS);
    expect(await documents()).toEqual(Array.from({ length: ITEMS }, (_, index) => both(index)));
  });

  it('keeps what somebody else writes meanwhile', async () => {
    const client = dynamo.newClient();
    const overtaken: RunnerDeps['client'] = {
      call: async (operation, input) => {
        // Between the reading of the page and the swap.
        if (operation === 'PutItem' && JSON.stringify(input).includes('"007"') && !isWritten) {
          isWritten = true;
          await things.put('things', '007', { color: 'new' });
          await things.delete('things', '008');
        }
        return client.call(operation, input);
      },
    };
    let isWritten = false;

    await runner({ client: overtaken }).run(rename);

    expect(await things.get('things', '007')).toEqual({ color: 'new', colour: 'new' });
    expect(await things.get('things', '008')).toBeUndefined();
  });

  it('is the same work for two at once', async () => {
    await Promise.all([runner().run(rename), runner({ client: dynamo.newClient() }).run(rename)]);

    expect(await documents()).toEqual(Array.from({ length: ITEMS }, (_, index) => both(index)));
  });

  it('changes nothing on trial', async () => {
    const { outcome, checkpoint } = await runner().run(rename, { isTrial: true });

    expect([outcome, checkpoint.changed]).toEqual(['would change', ITEMS]);
    expect(await runner().checkpoint(rename)).toBeUndefined();
    expect(await things.get('things', '000')).toEqual({ color: 'c0' });
  });

  it('takes the old form away only after the new one is everywhere', async () => {
    await expect(runner().run(drop)).rejects.toThrow('drop comes after rename, which is not done');

    await runner().run(rename);
    await runner().run(drop);

    expect(await documents()).toEqual(Array.from({ length: ITEMS }, (_, index) => ({ colour: `c${index}` })));
  });
});

describe('the migrations of this release', () => {
  it('have names of their own, and come after those that they need', () => {
    const ids = MIGRATIONS.map(({ id }) => id);

    expect(new Set(ids).size).toBe(ids.length);
    for (const [index, { after = [] }] of MIGRATIONS.entries())
      for (const id of after) expect(ids.slice(0, index)).toContain(id);
  });

  it('leave each API key as good as it was, before, while and after', async () => {
    const keys = new DynamoKeyStore(things);
    const pepper = new Pepper(new MemorySecretStore({ pepper: 'a pepper' }));
    const { id, secret } = makeApiKey({ env: 'test', random: seededRandom(3) });
    const record = { id, tenant_id: 'acme', roles: [], hash: hashSecret(secret, 'a pepper'), created_at: '' };
    await keys.create(record as never);
    const isGood = async (): Promise<boolean> => pepper.matches(secret, (await keys.get(id)) ?? { hash: '' });

    const before = await isGood();
    for (const migration of MIGRATIONS) await runner().run(migration);

    expect([before, await isGood()]).toEqual([true, true]);
    expect(await keys.get(id)).toMatchObject({ ...record, pepper_version: '1' });
  });
});
