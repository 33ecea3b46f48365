/**
 * Lists observations, newest first. Over all tenants: the day partitions, read consistently, backwards. For one tenant:
 * the index, which lags on AWS, merged with a consistent read of the newest seconds, so that a new one shows at once.
 */
import { type DynamoDBClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { invalidField } from '../../errors/app-error.ts';
import type { Observation, ObservationPage, ObservationQuery } from '../../model/observation.ts';
import type { Clock } from '../../ports/runtime.ts';
import { timeOfUuidv7 } from '../runtime/uuidv7.ts';
import { dayOf, fromItem, type Item, RETENTION_DAYS } from './observation-item.ts';
import { answering } from './unavailable.ts';

interface ListerOptions {
  client: DynamoDBClient;
  table: string;
  shards: number;
  clock: Clock;
}

const DAY_MS = 86_400_000;
/** How far an index may lag behind its table. */
const INDEX_LAG_MS = 5_000;
/** Read at most this many pages of a filtered listing, then answer what was found and a cursor. */
const MAX_PAGES = 20;

type Values = Record<string, { S: string }>;

const encodeCursor = (id: string): string =>
  Buffer.from(JSON.stringify({ before: id })).toString('base64url');

const decodeCursor = (cursor: string): string => {
  let before: unknown;
  try {
    before = (JSON.parse(Buffer.from(cursor, 'base64url').toString()) as { before?: unknown }).before;
  } catch {
    before = undefined;
  }
  if (typeof before !== 'string' || timeOfUuidv7(before) === undefined) {
    throw invalidField('/query/cursor', 'is not a cursor of this listing');
  }
  return before;
};

const newestFirst = (a: Observation, b: Observation): number => (a.id < b.id ? 1 : -1);

export class ObservationLister {
  readonly #options: ListerOptions;

  constructor(options: ListerOptions) {
    this.#options = options;
  }

  async list(query: ObservationQuery): Promise<ObservationPage> {
    const before = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
    return query.tenant_id === undefined
      ? this.#listDays(query, before)
      : this.#listTenant(query, query.tenant_id, before);
  }

  async #listDays(query: ObservationQuery, before: string | undefined): Promise<ObservationPage> {
    const now = this.#options.clock.now();
    const from = before === undefined ? now : (timeOfUuidv7(before) ?? now);
    const found: Observation[] = [];
    const oldest = now - RETENTION_DAYS * DAY_MS;
    for (let time = from; time >= oldest && found.length < query.limit; time -= DAY_MS) {
      found.push(...(await this.#listDay(dayOf(time), query, before, query.limit - found.length)));
    }
    return page(found, query.limit);
  }

  async #listDay(
    day: string,
    query: ObservationQuery,
    before: string | undefined,
    limit: number,
  ): Promise<Observation[]> {
    const shards = await Promise.all(
      Array.from({ length: this.#options.shards }, (_, shard) =>
        this.#query({ key: 'pk', value: `${day}#${shard}`, consistent: true }, query, before, limit),
      ),
    );
    return shards
      .flatMap(({ items }) => items)
      .sort(newestFirst)
      .slice(0, limit);
  }

  async #listTenant(
    query: ObservationQuery,
    tenantId: string,
    before: string | undefined,
  ): Promise<ObservationPage> {
    const indexed = this.#query(
      { key: 'tenant_id', value: tenantId, consistent: false },
      query,
      before,
      query.limit,
    );
    const recent = before === undefined ? this.#recent(query, tenantId) : Promise.resolve([]);
    const [{ items, last }, newest] = await Promise.all([indexed, recent]);
    const merged = new Map([...newest, ...items].map((observation) => [observation.id, observation]));
    const result = page([...merged.values()].sort(newestFirst), query.limit);
    // A filtered listing may stop reading before the page is full; the cursor then says where to go on.
    return result.cursor === undefined && last !== undefined
      ? { ...result, cursor: encodeCursor(last) }
      : result;
  }

  async #recent(query: ObservationQuery, tenantId: string): Promise<Observation[]> {
    const now = this.#options.clock.now();
    const since = now - INDEX_LAG_MS;
    const days = [...new Set([dayOf(now), dayOf(since)])];
    const lists = await Promise.all(days.map((day) => this.#listDay(day, query, undefined, query.limit)));
    return lists
      .flat()
      .filter(({ id, tenant_id }) => tenant_id === tenantId && (timeOfUuidv7(id) ?? 0) >= since);
  }

  async #query(
    partition: { key: 'pk' | 'tenant_id'; value: string; consistent: boolean },
    query: ObservationQuery,
    before: string | undefined,
    limit: number,
  ): Promise<{ items: Observation[]; last?: string }> {
    const values: Values = { ':partition': { S: partition.value } };
    if (before !== undefined) values[':before'] = { S: before };
    if (query.model !== undefined) values[':model'] = { S: query.model };
    const input: QueryCommandInput = {
      TableName: this.#options.table,
      ...(partition.consistent ? { ConsistentRead: true } : { IndexName: 'tenant-index' }),
      KeyConditionExpression: `${partition.key} = :partition${before === undefined ? '' : ' AND sk < :before'}`,
      ...(query.model === undefined
        ? {}
        : { FilterExpression: '#model = :model', ExpressionAttributeNames: { '#model': 'model' } }),
      ExpressionAttributeValues: values,
      ScanIndexForward: false,
      Limit: Math.max(limit, query.model === undefined ? 1 : 100),
    };
    const items: Observation[] = [];
    let start: Item | undefined;
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const result = await answering(
        this.#options.client.send(new QueryCommand({ ...input, ExclusiveStartKey: start })),
      );
      items.push(...(result.Items ?? []).map(fromItem));
      start = result.LastEvaluatedKey;
      if (start === undefined || items.length >= limit) break;
    }
    const last = start?.sk?.S;
    return { items: items.slice(0, limit), ...(last === undefined || items.length > limit ? {} : { last }) };
  }
}

const page = (found: Observation[], limit: number): ObservationPage => {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return found.length >= limit && last !== undefined ? { items, cursor: encodeCursor(last.id) } : { items };
};
