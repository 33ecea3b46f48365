/** The command line of `npm run audit:verify`, and what it says. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { DynamoAuditStore } from '../../shared/adapters/dynamodb/audit-store.ts';
import {
  type Anchor,
  ChainVerifier,
  type Fault,
  type Verification,
} from '../../shared/services/audit/verify-chains.ts';
import { parseRing } from '../../shared/services/secrets/key-ring.ts';
import { openAws, openLocal, type Source } from './sources.ts';

const HELP = `npm run audit:verify -- [--data DIR | --stage NAME] [--anchors FILE] [--json]

Verifies every chain of the audit log and names the first entry that is not as it was written. It changes nothing.
  --data DIR      the data directory of a local runtime, running or not (.atp)
  --stage NAME    a stage on AWS instead, with the credentials and region of the environment
  --table NAME    its table, if not atp-<stage>-audit
  --secret NAME   its signing key's secret, if not atp/<stage>/audit-key
  --anchors FILE  how far each chain was seen before: verified against, and written anew where nothing is wrong.
                  Keep it where nobody who can write the table can write: it shows a table put back to an earlier moment
  --json          the result as JSON
Exit code 0: all as written; 1: something is not; 2: it could not be looked at.
`;

const FAULTS: Readonly<Record<Fault, string>> = {
  missing: 'an entry is missing here',
  edited: 'the entry is not as it was written',
  misplaced: 'the entry belongs elsewhere',
  head_missing: "the chain's head is missing",
  head_edited: "the chain's head is not as it was written",
  beyond_head: "the entry comes after the chain's end",
  put_in: 'it was put in, where nothing was ever written',
  chain_missing: 'the whole chain is missing',
  rolled_back: 'the chain is not what was seen before',
  key_missing: 'it was signed with a key that is not known',
  empty: 'there is no chain at all: nothing was ever written, or everything was taken away',
};

const anchorFile = z.strictObject({
  anchors: z.array(z.strictObject({ chain: z.string(), seq: z.int().min(1), mac: z.string() })),
});

export const run = async (args: readonly string[]): Promise<{ text: string; ok: boolean }> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string', default: '.atp' },
      stage: { type: 'string' },
      table: { type: 'string' },
      secret: { type: 'string' },
      anchors: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return { text: HELP, ok: true };
  const known = values.anchors === undefined ? [] : readAnchors(values.anchors);
  const source =
    values.stage === undefined ? await openLocal(values.data) : await openAws(values.stage, values);
  try {
    const found = await verify(source, known);
    if (found.ok && values.anchors !== undefined) writeAnchors(values.anchors, found.anchors);
    return { text: values.json ? `${JSON.stringify(found)}\n` : told(found), ok: found.ok };
  } finally {
    await source.close();
  }
};

const verify = async ({ client, table, key }: Source, anchors: readonly Anchor[]): Promise<Verification> =>
  new ChainVerifier(new DynamoAuditStore(client, table, Date.now), parseRing(key), anchors).verify();

const readAnchors = (path: string): Anchor[] =>
  existsSync(path) ? anchorFile.parse(JSON.parse(readFileSync(path, 'utf8'))).anchors : [];

const writeAnchors = (path: string, anchors: readonly Anchor[]): void =>
  writeFileSync(path, `${JSON.stringify({ anchors }, null, 2)}\n`);

const told = ({ ok, chains, entries, broken }: Verification): string => {
  if (ok) return `All ${entries} entries of ${chains} chains are as they were written.\n`;
  const lines = broken.map(
    ({ chain, seq, fault, id }) =>
      `${chain} entry ${seq}${id === undefined ? '' : ` (${id})`}: ${FAULTS[fault]}\n`,
  );
  return `The audit log is NOT as it was written. The first broken entry of each chain:\n${lines.join('')}`;
};
