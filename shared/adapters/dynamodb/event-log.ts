/** Events in one partition of the Usage table, which whoever notices something writes to anyway; its TTL clears them away. */
import {
  EVENT_RETENTION_MS,
  type EventPage,
  type EventQuery,
  type StageEvent,
} from '../../model/stage-event.ts';
import type { EventLog } from '../../ports/event-log.ts';
import type { Clock } from '../../ports/runtime.ts';
import { uuidv7Prefix } from '../runtime/uuidv7.ts';
import { Expression } from './expression.ts';
import { checkCursor } from './observation-pages.ts';
import { answering } from './unavailable.ts';
import type { DynamoClient, Item, QueryInput } from './wire.ts';

const EVENTS = 'events';
/** Sorts after every id. */
const AFTER_ALL = 'g';
const PAGE = 200;
/** Of a filtered listing read at most so many pages at once, then answer what was found and a cursor. */
const MAX_PAGES = 20;

const fromItem = (item: Item): StageEvent => JSON.parse(item.document?.S ?? '{}') as StageEvent;

export class DynamoEventLog implements EventLog {
  readonly #client: DynamoClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(client: DynamoClient, table: string, clock: Clock) {
    this.#client = client;
    this.#table = table;
    this.#clock = clock;
  }

  async append(event: StageEvent): Promise<void> {
    const expression = new Expression()
      .set('document', { S: JSON.stringify(event) })
      .set('type', { S: event.type })
      .set('expires_at', { N: String(Math.ceil((this.#clock.now() + EVENT_RETENTION_MS) / 1_000)) });
    if (event.tenant_id !== undefined) expression.set('tenant_id', { S: event.tenant_id });
    const Key = { pk: { S: EVENTS }, sk: { S: event.id } };
    await answering(this.#client.call('UpdateItem', { TableName: this.#table, Key, ...expression.input }));
  }

  async list(query: EventQuery): Promise<EventPage> {
    const input = this.#input(query);
    if (input === undefined) return { items: [] };
    const items: StageEvent[] = [];
    let start: Item | undefined;
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const page = await answering(
        this.#client.call('Query', { ...input, Limit: PAGE, ExclusiveStartKey: start }),
      );
      // BETWEEN takes in its upper end.
      items.push(...(page.Items ?? []).map(fromItem).filter(({ id }) => id !== query.cursor));
      start = page.LastEvaluatedKey;
      if (start === undefined || items.length > query.limit) break;
    }
    const shown = items.slice(0, query.limit);
    const readTo = items.length > query.limit ? shown.at(-1)?.id : start?.sk?.S;
    return readTo === undefined ? { items: shown } : { items: shown, cursor: readTo };
  }

  /** Undefined where there cannot be any. */
  #input({ type, tenant_id, since = 0, until, cursor }: EventQuery): QueryInput | undefined {
    const below = cursor === undefined ? AFTER_ALL : checkCursor(cursor);
    const end = until === undefined ? AFTER_ALL : uuidv7Prefix(Math.max(0, until));
    // Expired items may stay for days.
    const from = uuidv7Prefix(Math.max(since, this.#clock.now() - EVENT_RETENTION_MS, 0));
    const [before = below] = [below, end].sort();
    if (from > before) return undefined;
    const filters = Object.entries({ type, tenant_id }).filter(
      (filter): filter is [string, string] => filter[1] !== undefined,
    );
    return {
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :before',
      ...(filters.length === 0
        ? {}
        : {
            FilterExpression: filters.map(([name]) => `#${name} = :${name}`).join(' AND '),
            ExpressionAttributeNames: Object.fromEntries(filters.map(([name]) => [`#${name}`, name])),
          }),
      ExpressionAttributeValues: {
        ':pk': { S: EVENTS },
        ':from': { S: from },
        ':before': { S: before },
        ...Object.fromEntries(filters.map(([name, wanted]) => [`:${name}`, { S: wanted }])),
      },
      ScanIndexForward: false,
    };
  }
}
