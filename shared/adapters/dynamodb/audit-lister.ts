/** Reads chains in order, and lists entries newest first: one chain by its numbers, all of them by the index, month by month. */
import type { AuditEntry, AuditPage, AuditQuery } from '../../model/audit.ts';
import { AFTER_ALL, bucketsOf, entrySort, fromItem } from './audit-item.ts';
import { beforeOf, pageOf, timeOf } from './audit-pages.ts';
import { answering } from './unavailable.ts';
import type { DynamoClient, Item, QueryInput } from './wire.ts';

/** Entries read before a page is answered, however few of them were wanted. */
const MOST_READ = 5_000;
const LEAST_READ = 200;
const REGISTRY = 'chains';
/** How far another instance's clock may be ahead of ours. */
const SKEW_MS = 60_000;
/** Sorts after every time. */
const LATEST = '9';

export class AuditLister {
  readonly #client: DynamoClient;
  readonly #table: string;
  readonly #now: () => number;

  constructor(client: DynamoClient, table: string, now: () => number) {
    this.#client = client;
    this.#table = table;
    this.#now = now;
  }

  /** In order of their numbers from the one after `after`, or backwards from the one before `before`. */
  async chain(
    chain: string,
    place: { after: number } | { before: number | undefined },
    limit: number,
  ): Promise<AuditEntry[]> {
    const isForward = 'after' in place;
    const from = isForward ? entrySort(place.after + 1) : entrySort(0);
    const to = isForward || place.before === undefined ? AFTER_ALL : entrySort(place.before - 1);
    return this.#read(
      {
        TableName: this.#table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :chain AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: { ':chain': { S: chain }, ':from': { S: from }, ':to': { S: to } },
        ScanIndexForward: isForward,
      },
      limit,
    );
  }

  async list(query: AuditQuery): Promise<AuditPage> {
    const before = beforeOf(query);
    const wants = [query.kind, query.outcome, query.action, query.actor, query.from, query.to];
    const isFiltered = wants.some((want) => want !== undefined);
    const step = isFiltered ? Math.max(LEAST_READ, query.limit) : query.limit + 1;
    if (query.tenant_id !== undefined) {
      const seq = before !== undefined && 'seq' in before ? before.seq : undefined;
      return this.#listChain(`tenant#${query.tenant_id}`, seq, query, step);
    }
    const time = before !== undefined && 'time' in before ? before.time : LATEST;
    return this.#listMonths(time, query, step);
  }

  async #listChain(
    chain: string,
    before: number | undefined,
    query: AuditQuery,
    step: number,
  ): Promise<AuditPage> {
    const read: AuditEntry[] = [];
    let from = before;
    for (;;) {
      const slice = await this.chain(chain, { before: from }, step);
      read.push(...slice);
      from = slice.at(-1)?.seq;
      const isAll = slice.length < step || isPast(slice.at(-1), query);
      const page = pageOf(read, query, isAll);
      if (isAll || page.items.length >= query.limit || read.length >= MOST_READ) return page;
    }
  }

  async #listMonths(time: string, query: AuditQuery, step: number): Promise<AuditPage> {
    const [first] = await this.chain(REGISTRY, { after: 0 }, 1);
    if (first === undefined) return { items: [] };
    const oldest = later(first.at, query.from === undefined ? '' : new Date(query.from).toISOString());
    let before = query.to === undefined ? time : earlier(time, after(query.to));
    const read: AuditEntry[] = [];
    for (let month = earlier(before, after(this.#now() + SKEW_MS)).slice(0, 7); ; ) {
      const slice = await this.#month(month, before, step);
      read.push(...slice);
      const isMonthRead = slice.length < step;
      const isAll = (isMonthRead && month <= oldest.slice(0, 7)) || isPast(slice.at(-1), query);
      const page = pageOf(read, query, isAll);
      if (isAll || page.items.length >= query.limit || read.length >= MOST_READ) return page;
      const last = slice.at(-1);
      before = last === undefined ? before : timeOf(last);
      if (isMonthRead) month = monthBefore(month);
    }
  }

  async #month(month: string, before: string, limit: number): Promise<AuditEntry[]> {
    const parts = bucketsOf(month).map((bucket) =>
      this.#read(
        {
          TableName: this.#table,
          IndexName: 'time-index',
          KeyConditionExpression: '#bucket = :bucket AND #time < :before',
          ExpressionAttributeNames: { '#bucket': 'bucket', '#time': 'time' },
          ExpressionAttributeValues: { ':bucket': { S: bucket }, ':before': { S: before } },
          ScanIndexForward: false,
        },
        limit,
      ),
    );
    const read = (await Promise.all(parts)).flat();
    return read.sort((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1)).slice(0, limit);
  }

  async #read(input: QueryInput, limit: number): Promise<AuditEntry[]> {
    const entries: AuditEntry[] = [];
    let start: Item | undefined;
    do {
      const page = await answering(
        this.#client.call('Query', {
          ...input,
          Limit: limit - entries.length,
          ExclusiveStartKey: start,
        }),
      );
      entries.push(...(page.Items ?? []).map(fromItem));
      start = page.LastEvaluatedKey;
    } while (start !== undefined && entries.length < limit);
    return entries;
  }
}

/** Nothing that is wanted is older. */
const isPast = (entry: AuditEntry | undefined, { from }: AuditQuery): boolean =>
  from !== undefined && entry !== undefined && Date.parse(entry.at) < from;

const after = (ms: number): string => `${new Date(ms).toISOString()}$`;
const later = (one: string, other: string): string => (one > other ? one : other);
const earlier = (one: string, other: string): string => (one < other ? one : other);

const monthBefore = (month: string): string => {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return number === 1
    ? `${String(year - 1).padStart(4, '0')}-12`
    : `${month.slice(0, 5)}${String(number - 1).padStart(2, '0')}`;
};
