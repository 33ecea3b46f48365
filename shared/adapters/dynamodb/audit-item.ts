/** Entries and heads of chains as items. */
import type { AuditEntry, ChainHead } from '../../model/audit.ts';
import type { AuditPlace } from '../../ports/audit-store.ts';
import { timeOf } from './audit-pages.ts';
import type { Item } from './wire.ts';

const HEAD = 'head';
const ENTRY = 'entry#';
/** Digits that a number in a chain is written with, so that it sorts as it counts. */
const DIGITS = 12;
/** Parts of a month in the index. */
export const SHARDS = 8;

export const entrySort = (seq: number): string => ENTRY + String(seq).padStart(DIGITS, '0');
/** Sorts after every entry. */
export const AFTER_ALL = 'entry$';

export const headKey = (chain: string): Item => ({ pk: { S: chain }, sk: { S: HEAD } });
export const entryKey = (chain: string, seq: number): Item => ({
  pk: { S: chain },
  sk: { S: entrySort(seq) },
});

/** `2026-11#5`: what is listed over all chains, a month at a time. */
export const bucketsOf = (month: string): string[] =>
  Array.from({ length: SHARDS }, (_, shard) => `${month}#${shard}`);

/** A number that is written as we write it, and no other text that sorts beside it. */
export const placeOf = ({ pk, sk }: Item): AuditPlace => {
  const sort = sk?.S ?? '';
  const seq = Number(sort.slice(ENTRY.length));
  const isEntry = Number.isSafeInteger(seq) && seq > 0 && sort === entrySort(seq);
  return { chain: pk?.S ?? '', seq: sort === HEAD ? HEAD : isEntry ? seq : undefined };
};

const bucketOf = ({ at, id }: AuditEntry): string =>
  `${at.slice(0, 7)}#${Number.parseInt(id.slice(-1), 16) % SHARDS}`;

export const toItem = (entry: AuditEntry): Item => ({
  ...entryKey(entry.chain, entry.seq),
  document: { S: entry.document },
  mac: { S: entry.mac },
  time: { S: timeOf(entry) },
  bucket: { S: bucketOf(entry) },
});

export const fromItem = (item: Item): AuditEntry => {
  const [at = '', id = ''] = (item.time?.S ?? '').split('#');
  const entry = {
    chain: item.pk?.S ?? '',
    seq: Number((item.sk?.S ?? '').slice(ENTRY.length)),
    at,
    id,
    document: item.document?.S ?? '',
    mac: item.mac?.S ?? '',
  };
  // In another bucket it would not be listed: it is then no entry of that time.
  return item.bucket?.S === bucketOf(entry) ? entry : { ...entry, at: '' };
};

export const toHeadItem = ({ chain, seq, mac, key_version, seal }: ChainHead): Item => ({
  ...headKey(chain),
  seq: { N: String(seq) },
  mac: { S: mac },
  key_version: { S: key_version },
  seal: { S: seal },
});

export const headFrom = (chain: string, item: Item): ChainHead => ({
  chain,
  seq: Number(item.seq?.N ?? 'NaN'),
  mac: item.mac?.S ?? '',
  key_version: item.key_version?.S ?? '',
  seal: item.seal?.S ?? '',
});
