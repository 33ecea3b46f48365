/**
 * Lists observations, newest first. Over all tenants: the day partitions, read consistently, backwards. For one tenant:
 * the index, which lags on AWS, merged with a consistent read of the newest seconds, so that a new one shows at once. The
 * index carries keys: what it names is read from the table.
 */
import {
  isWanted,
  type Observation,
  type ObservationPage,
  type ObservationQuery,
} from '../../model/observation.ts';
import type { Clock, Random } from '../../ports/runtime.ts';
import { uuidv7Prefix } from '../runtime/uuidv7.ts';
import { batchGet } from './batch-get.ts';
import { fromItem, RETENTION_DAYS } from './observation-item.ts';
import { checkCursor, daysBack, merge, pageOf, type Slice } from './observation-pages.ts';
import { answering } from './unavailable.ts';
import type { DynamoClient, Item, QueryInput } from './wire.ts';

interface ListerOptions {
  client: DynamoClient;
  table: string;
  shards: number;
  clock: Clock;
  random: Random;
}

/** What to read of one partition, of the table or of its index. */
interface Range {
  key: 'pk' | 'tenant_id';
  value: string;
  /** Not older than this id, where given. */
  from?: string;
  filters: Readonly<Record<string, string | undefined>>;
}

interface Wanted {
  query: ObservationQuery;
  /** Below this id. */
  before: string;
}

const DAY_MS = 86_400_000;
/** How far an index may lag behind its table. */
const INDEX_LAG_MS = 5_000;
/** How far another instance's clock may be ahead of ours. */
const SKEW_MS = 60_000;
/** Read at most this many pages of a filtered partition, then answer what was found and a cursor. */
const MAX_PAGES = 20;
const FILTERED_PAGE = 200;
/** Most days read side by side; the first day is read alone, as most listings end there. */
const MAX_DAYS_AT_ONCE = 8;
/** Sorts after every id. */
const AFTER_ALL = 'g';
/** An id is as old as its request, an observation as its end: no request takes longer. */
const LONGEST_MS = 900_000;

const oldestOf = ({ since }: ObservationQuery): number | undefined =>
  since === undefined ? undefined : Math.max(0, since - LONGEST_MS);

const prefixOf = (time: number | undefined): { from?: string } =>
  time === undefined ? {} : { from: uuidv7Prefix(time) };

/** Of an id, or of the beginning that the ids of a millisecond share. */
const timeOf = (id: string): number | undefined =>
  id === AFTER_ALL ? undefined : Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

export class ObservationLister {
  readonly #options: ListerOptions;

  constructor(options: ListerOptions) {
    this.#options = options;
  }

  async list(query: ObservationQuery): Promise<ObservationPage> {
    const cursor = query.cursor === undefined ? AFTER_ALL : checkCursor(query.cursor);
    const until = query.until === undefined ? AFTER_ALL : uuidv7Prefix(Math.max(0, query.until));
    const [before = cursor] = [cursor, until].sort();
    const wanted = { query, before };
    return query.tenant_id === undefined ? this.#listDays(wanted) : this.#listTenant(wanted, query.tenant_id);
  }

  async #listDays({ query, before }: Wanted): Promise<ObservationPage> {
    const { limit, model } = query;
    const now = this.#options.clock.now();
    const newest = Math.min(timeOf(before) ?? Infinity, now + SKEW_MS);
    const oldest = Math.max(now - RETENTION_DAYS * DAY_MS, oldestOf(query) ?? 0);
    const days = daysBack(newest, oldest);
    const items: Observation[] = [];
    for (let width = 1; days.length > 0; width = Math.min(2 * width, MAX_DAYS_AT_ONCE)) {
      const rest = limit - items.length;
      const ranges = this.#shards(days.splice(0, width)).map((value) => ({
        key: 'pk' as const,
        value,
        ...prefixOf(oldestOf(query)),
        filters: { model },
      }));
      const slices = await Promise.all(ranges.map((range) => this.#slice(range, { query, before }, rest)));
      const slice = merge(slices, rest);
      items.push(...slice.items);
      const isFull = items.length >= limit && days.length > 0;
      const readTo = slice.readTo ?? (isFull ? items.at(-1)?.id : undefined);
      if (readTo !== undefined) return pageOf({ items, readTo });
    }
    return { items };
  }

  async #listTenant({ query, before }: Wanted, tenantId: string): Promise<ObservationPage> {
    const { limit, model } = query;
    const now = this.#options.clock.now();
    const since = now - INDEX_LAG_MS;
    const newest = timeOf(before) ?? now + SKEW_MS;
    const recent = newest < since ? [] : this.#shards(daysBack(Math.min(newest, now + SKEW_MS), since));
    const oldest = oldestOf(query);
    const ranges: Range[] = [
      { key: 'tenant_id', value: tenantId, ...prefixOf(oldest), filters: { model } },
      ...recent.map((value) => ({
        key: 'pk' as const,
        value,
        from: uuidv7Prefix(Math.max(since, oldest ?? 0)),
        filters: { model, tenant_id: tenantId },
      })),
    ];
    const slices = await Promise.all(ranges.map((range) => this.#slice(range, { query, before }, limit)));
    return pageOf(merge(slices, limit));
  }

  /** The partitions of these days. */
  #shards(days: readonly string[]): string[] {
    const shards = Array.from({ length: this.#options.shards }, (_, shard) => shard);
    return days.flatMap((day) => shards.map((shard) => `${day}#${shard}`));
  }

  async #slice(range: Range, { query, before }: Wanted, limit: number): Promise<Slice> {
    if (range.from !== undefined && range.from >= before) return { items: [] };
    const input = this.#input(range, before, limit);
    const items: Observation[] = [];
    let start: Item | undefined;
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const page = await answering(
        this.#options.client.call('Query', { ...input, ExclusiveStartKey: start }),
      );
      // BETWEEN takes in its upper end.
      const found = (page.Items ?? []).filter(({ sk }) => (sk?.S ?? '') < before);
      const whole = range.key === 'pk' ? found : await this.#whole(found);
      items.push(...whole.map(fromItem).filter((observation) => isWanted(query, observation)));
      start = page.LastEvaluatedKey;
      if (start === undefined || items.length >= limit) break;
    }
    const readTo = start?.sk?.S;
    return merge([readTo === undefined ? { items } : { items, readTo }], limit);
  }

  #whole(entries: readonly Item[]): Promise<Item[]> {
    const keys = entries.flatMap(({ pk, sk }): Item[] => (pk && sk ? [{ pk, sk }] : []));
    return batchGet(this.#options, keys);
  }

  #input({ key, value, from, filters }: Range, before: string, limit: number): QueryInput {
    const active = Object.entries(filters).filter(
      (filter): filter is [string, string] => filter[1] !== undefined,
    );
    return {
      TableName: this.#options.table,
      ...(key === 'pk' ? { ConsistentRead: true } : { IndexName: 'tenant-index' }),
      KeyConditionExpression: `${key} = :partition AND ${from === undefined ? 'sk < :before' : 'sk BETWEEN :from AND :before'}`,
      ...(active.length === 0
        ? {}
        : {
            FilterExpression: active.map(([name]) => `#${name} = :${name}`).join(' AND '),
            ExpressionAttributeNames: Object.fromEntries(active.map(([name]) => [`#${name}`, name])),
          }),
      ExpressionAttributeValues: {
        ':partition': { S: value },
        ':before': { S: before },
        ...(from === undefined ? {} : { ':from': { S: from } }),
        ...Object.fromEntries(active.map(([name, wanted]) => [`:${name}`, { S: wanted }])),
      },
      ScanIndexForward: false,
      Limit: active.length === 0 ? limit : Math.max(limit, FILTERED_PAGE),
    };
  }
}
