/** `npm run audit:verify` against a runtime's data, while it runs and afterwards, and after somebody was at the table. */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Verification } from '../../../shared/services/audit/verify-chains.ts';
import { LocalProcess, makeHome } from '../../support/local-process.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const CHAIN = 'tenant#acme';
const KEYS = 4;

describe('npm run audit:verify', () => {
  const home = makeHome();
  let runtime: LocalProcess;
  let table: DynamoDBClient;

  beforeAll(async () => {
    runtime = await LocalProcess.start(home.data, ['--workers', '2', '--empty', '--quiet']);
    const store = join(home.data, 'store.json');
    expect(statSync(store).mode & 0o777).toBe(0o600);
    const { dynamodb } = JSON.parse(readFileSync(store, 'utf8')) as { dynamodb: string };
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    table = new DynamoDBClient({ endpoint: dynamodb, region: 'us-east-1', credentials });
    const { admin_key, tenant_key } = runtime.first;
    const making = Array.from({ length: KEYS }, () =>
      runtime.request('POST', '/admin/keys', admin_key, { tenant_id: 'acme' }),
    );
    for (const { status } of await Promise.all(making)) expect(status).toBe(201);
    expect((await runtime.request('GET', '/admin/keys', tenant_key)).status).toBe(403);
    expect((await runtime.request('GET', '/admin/keys', 'atp_local_nobody')).status).toBe(401);
  });

  afterAll(async () => {
    table?.destroy();
    await runtime?.stop();
    home.remove();
  });

  const verify = (...args: string[]): { code: number | null; found: Verification; stderr: string } => {
    const script = [join(ROOT, 'scripts', 'audit-verify.mjs'), '--data', home.data, '--json', ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, script, { encoding: 'utf8' });
    return { code: status, found: (stdout === '' ? {} : JSON.parse(stdout)) as Verification, stderr };
  };

  const key = (seq: number) => ({
    pk: { S: CHAIN },
    sk: { S: `entry#${String(seq).padStart(12, '0')}` },
  });
  const read = async (Key: ReturnType<typeof key>) =>
    (await table.send(new GetItemCommand({ TableName: 'Audit', Key }))).Item ?? {};
  const write = (Item: Awaited<ReturnType<typeof read>>) =>
    table.send(new PutItemCommand({ TableName: 'Audit', Item }));
  const remove = (Key: ReturnType<typeof key>) =>
    table.send(new DeleteItemCommand({ TableName: 'Audit', Key }));

  it('finds everything as it was written, two workers having written at once', () => {
    const { code, found } = verify();

    expect(code).toBe(0);
    expect(found).toMatchObject({ ok: true, broken: [] });
    expect(found.anchors.find(({ chain }) => chain === CHAIN)?.seq).toBe(2 * KEYS);
    expect(found.anchors.map(({ chain }) => chain.replace(/\d/, 'N')).sort()).toEqual([
      'chains',
      'nobody#N',
      'stage',
      CHAIN,
      'tenant#default',
    ]);
  });

  it.each([
    [
      'edited',
      3,
      'edited',
      async () => {
        const item = await read(key(3));
        await write({ ...item, document: { S: (item.document?.S ?? '').replace('acme', 'evil') } });
      },
    ],
    ['taken away', 4, 'missing', () => remove(key(4))],
    ['taken away from the end', 2 * KEYS, 'missing', () => remove(key(2 * KEYS))],
    [
      'put in the place of another',
      2,
      'misplaced',
      async () => {
        const [second, third] = [await read(key(2)), await read(key(3))];
        await write({ ...third, ...key(2) });
        await write({ ...second, ...key(3) });
      },
    ],
  ] as const)('finds an entry that was %s, and names it', async (_, seq, fault, tamper) => {
    const kept = await Promise.all([2, 3, 4, 2 * KEYS].map((number) => read(key(number))));
    await tamper();

    const { code, found } = verify();
    for (const item of kept) await write(item);

    expect(code).toBe(1);
    expect(found.first_broken).toMatchObject({ chain: CHAIN, seq, fault });
    expect(verify().code).toBe(0);
  });

  it('remembers how far it has seen, and finds what was put back to an earlier moment', async () => {
    const anchors = join(home.data, '..', 'anchors.json');
    expect(verify('--anchors', anchors).code).toBe(0);
    const seen = JSON.parse(readFileSync(anchors, 'utf8')) as { anchors: { chain: string; seq: number }[] };
    for (const anchor of seen.anchors) if (anchor.chain === CHAIN) anchor.seq += 1;
    writeFileSync(anchors, JSON.stringify(seen));

    const { code, found } = verify('--anchors', anchors);
    rmSync(anchors);

    expect(code).toBe(1);
    expect(found.first_broken).toMatchObject({ chain: CHAIN, fault: 'rolled_back' });
  });

  it('says what is wrong where it cannot look', () => {
    const { code, stderr } = verify('--data', join(home.data, 'nowhere'));

    expect(code).toBe(2);
    expect(stderr).toMatch(/is no data directory with an audit log\.\n$/);
  });

  it('serves also after the runtime has ended, and leaves nothing running', async () => {
    await runtime.stop();

    expect(verify().code).toBe(0);
    runtime = await LocalProcess.start(home.data, ['--empty', '--quiet']);
    expect(verify().found.anchors.find(({ chain }) => chain === 'stage')?.seq).toBe(2);
  });
});
