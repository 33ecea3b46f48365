/** Cached answers in the Replies table, an item each. */
import type { AnswerCache } from '../../ports/reply-store.ts';
import type { Clock } from '../../ports/runtime.ts';
import { answering } from './unavailable.ts';
import type { DynamoClient, Item } from './wire.ts';

const keyOf = (key: string): Item => ({ reply_id: { S: `cache#${key}` } });

export class DynamoAnswerCache implements AnswerCache {
  readonly #client: DynamoClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(client: DynamoClient, table: string, clock: Clock) {
    this.#client = client;
    this.#table = table;
    this.#clock = clock;
  }

  async get(key: string): Promise<string | undefined> {
    const input = { TableName: this.#table, Key: keyOf(key), ConsistentRead: true };
    const { Item } = await answering(this.#client.call('GetItem', input));
    // Expired items may stay for days.
    return Number(Item?.kept_until?.N) > this.#clock.now() ? Item?.sealed?.B : undefined;
  }

  async put(key: string, sealed: string, ttlMs: number): Promise<void> {
    const until = this.#clock.now() + ttlMs;
    const Item = {
      ...keyOf(key),
      sealed: { B: sealed },
      kept_until: { N: String(until) },
      expires_at: { N: String(Math.ceil(until / 1_000)) },
    };
    await answering(this.#client.call('PutItem', { TableName: this.#table, Item }));
  }
}
