/** Sessions as items of the Usage table, which a request reads anyway; its TTL clears them away. */
import type { Clock } from '../../ports/runtime.ts';
import type { SessionModel, SessionStore } from '../../ports/session-store.ts';
import { Expression } from './expression.ts';
import { answering } from './unavailable.ts';
import type { DynamoClient, Item } from './wire.ts';

const keyOf = (key: string): Item => ({ pk: { S: `session#${key}` }, sk: { S: 'session' } });

export class DynamoSessionStore implements SessionStore {
  readonly #client: DynamoClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(client: DynamoClient, table: string, clock: Clock) {
    this.#client = client;
    this.#table = table;
    this.#clock = clock;
  }

  async get(key: string): Promise<SessionModel | undefined> {
    const input = { TableName: this.#table, Key: keyOf(key), ConsistentRead: true };
    const { Item } = await answering(this.#client.call('GetItem', input));
    const model = Item?.model?.S;
    const expires_at = Number(Item?.expires_at_ms?.N);
    // Expired items may stay for days.
    return model !== undefined && expires_at > this.#clock.now() ? { model, expires_at } : undefined;
  }

  async put(key: string, { model, expires_at }: SessionModel): Promise<void> {
    const expression = new Expression()
      .set('model', { S: model })
      .set('expires_at_ms', { N: String(expires_at) })
      .set('expires_at', { N: String(Math.ceil(expires_at / 1_000)) });
    const input = { TableName: this.#table, Key: keyOf(key), ...expression.input };
    await answering(this.#client.call('UpdateItem', input));
  }
}
