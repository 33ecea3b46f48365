/** The Connections table: one partition key for connections, asks (`ask#…`) and what of an ask's frames does not fit into its item. */
import { answering, isNamed } from './unavailable.ts';
import type { DynamoClient, Item, PutInput, UpdateInput } from './wire.ts';

/** DynamoDB removes an item some time after `expires_at` (epoch seconds): what is read before is past its time too. */
export class SocketTable {
  readonly #client: DynamoClient;
  readonly #table: string;
  readonly #now: () => number;

  constructor(client: DynamoClient, table: string, now: () => number) {
    this.#client = client;
    this.#table = table;
    this.#now = now;
  }

  now(): number {
    return this.#now();
  }

  /** Milliseconds since the epoch as the attribute that the table's TTL reads. */
  static expiry(atMs: number): Item {
    return { expires_at: { N: String(Math.ceil(atMs / 1_000)) } };
  }

  async get(key: string): Promise<Item | undefined> {
    const input = { TableName: this.#table, Key: { connection_id: { S: key } }, ConsistentRead: true };
    const { Item } = await answering(this.#client.call('GetItem', input));
    return Item !== undefined && this.isLive(Item) ? Item : undefined;
  }

  async put(key: string, item: Item): Promise<void> {
    const input = { TableName: this.#table, Item: { connection_id: { S: key }, ...item } };
    await answering(this.#client.call('PutItem', input));
  }

  /** False where its condition does not hold. */
  putIf(key: string, item: Item, condition: Omit<PutInput, 'TableName' | 'Item'>): Promise<boolean> {
    const Item = { connection_id: { S: key }, ...item };
    return this.#holding(this.#client.call('PutItem', { TableName: this.#table, Item, ...condition }));
  }

  update(key: string, expression: Omit<UpdateInput, 'TableName' | 'Key'>): Promise<boolean> {
    const Key = { connection_id: { S: key } };
    return this.#holding(this.#client.call('UpdateItem', { TableName: this.#table, Key, ...expression }));
  }

  async delete(key: string): Promise<void> {
    const input = { TableName: this.#table, Key: { connection_id: { S: key } } };
    await answering(this.#client.call('DeleteItem', input));
  }

  /** Everything, page by page, as it was a moment ago. */
  async *scan(): AsyncGenerator<Item, void, undefined> {
    let start: Item | undefined;
    do {
      const page = await answering(
        this.#client.call('Scan', { TableName: this.#table, ExclusiveStartKey: start }),
      );
      yield* page.Items ?? [];
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
  }

  isLive(item: Item): boolean {
    return Number(item.expires_at?.N ?? 0) * 1_000 > this.#now();
  }

  async #holding(call: Promise<unknown>): Promise<boolean> {
    try {
      await call;
      return true;
    } catch (cause) {
      if (isNamed(cause, 'ConditionalCheckFailedException')) return false;
      return answering(Promise.reject(cause));
    }
  }
}
