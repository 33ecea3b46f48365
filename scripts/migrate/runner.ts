/**
 * Runs migrations over live tables: page by page, each item swapped only as it was read, a checkpoint after each page. It may
 * be stopped and begun again at any time, and by several at once: what is done is left alone.
 */
import { AwsError } from '../../shared/adapters/aws/aws-error.ts';
import { DocumentTable } from '../../shared/adapters/dynamodb/documents.ts';
import type { AttributeValue, DynamoClient, Item } from '../../shared/adapters/dynamodb/wire.ts';
import { type KeySchema, TABLES, type TableName } from '../../shared/config/tables.ts';
import type { Migration } from './migration.ts';

export interface Checkpoint {
  status: 'running' | 'done';
  /** Where the next page begins. */
  cursor?: Item;
  scanned: number;
  changed: number;
  at: string;
}

export interface RunnerDeps {
  client: DynamoClient;
  /** The table's name in this stage. */
  tableOf: (name: TableName) => string;
  now: () => number;
  /** After each page. */
  progress?: (migration: Migration, checkpoint: Checkpoint) => void | Promise<void>;
  pageSize?: number;
}

export type Outcome = 'done' | 'done before' | 'would change';

const CHECKPOINTS = 'migrations';
const PAGE = 100;
/** An item that is changed again and again meanwhile is retried so often. */
const TRIES = 5;

const isOvertaken = (error: unknown): boolean =>
  (error instanceof AwsError || error instanceof Error) && error.name === 'ConditionalCheckFailedException';

export class MigrationRunner {
  readonly #deps: RunnerDeps;
  readonly #checkpoints: DocumentTable;

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
    this.#checkpoints = new DocumentTable(deps.client, deps.tableOf('Config'));
  }

  checkpoint({ id }: Pick<Migration, 'id'>): Promise<Checkpoint | undefined> {
    return this.#checkpoints.get<Checkpoint>(CHECKPOINTS, id);
  }

  /** With `isTrial` it counts what it would change, from the beginning, and writes nothing. Throws where another has to be done before. */
  async run(
    migration: Migration,
    { isTrial = false } = {},
  ): Promise<{ outcome: Outcome; checkpoint: Checkpoint }> {
    for (const id of migration.after ?? [])
      if ((await this.checkpoint({ id }))?.status !== 'done')
        throw new Error(`${migration.id} comes after ${id}, which is not done`);
    const known = await this.checkpoint(migration);
    if (known?.status === 'done') return { outcome: 'done before', checkpoint: known };
    let checkpoint: Checkpoint = isTrial || known === undefined ? this.#fresh() : known;
    do {
      checkpoint = await this.#page(migration, checkpoint, isTrial);
      if (!isTrial) await this.#checkpoints.put(CHECKPOINTS, migration.id, checkpoint);
      await this.#deps.progress?.(migration, checkpoint);
    } while (checkpoint.status !== 'done');
    return { outcome: isTrial ? 'would change' : 'done', checkpoint };
  }

  #fresh(): Checkpoint {
    return { status: 'running', scanned: 0, changed: 0, at: this.#time() };
  }

  #time(): string {
    return new Date(this.#deps.now()).toISOString();
  }

  async #page(
    migration: Migration,
    { cursor, scanned, changed }: Checkpoint,
    isTrial: boolean,
  ): Promise<Checkpoint> {
    const page = await this.#deps.client.call('Scan', {
      TableName: this.#deps.tableOf(migration.table),
      Limit: this.#deps.pageSize ?? PAGE,
      ExclusiveStartKey: cursor,
    });
    const items = page.Items ?? [];
    let swapped = 0;
    for (const item of items) if (await this.#item(migration, item, isTrial)) swapped += 1;
    return {
      ...(page.LastEvaluatedKey === undefined
        ? { status: 'done' }
        : { status: 'running', cursor: page.LastEvaluatedKey }),
      scanned: scanned + items.length,
      changed: changed + swapped,
      at: this.#time(),
    };
  }

  async #item(migration: Migration, item: Item, isTrial: boolean): Promise<boolean> {
    let current: Item | undefined = item;
    for (let attempt = 1; current !== undefined; attempt++) {
      const next = migration.change(current);
      if (next === undefined) return false;
      if (isTrial) return true;
      try {
        await this.#swap(migration.table, current, next);
        return true;
      } catch (error) {
        if (!isOvertaken(error) || attempt === TRIES) throw error;
        current = await this.#read(migration.table, current);
      }
    }
    // It was deleted meanwhile.
    return false;
  }

  /** Only where it is as it was read, and never where it is gone. */
  async #swap(table: TableName, was: Item, next: Item): Promise<void> {
    const attributes = Object.entries(was);
    await this.#deps.client.call('PutItem', {
      TableName: this.#deps.tableOf(table),
      Item: next,
      ConditionExpression: attributes.map((_, index) => `#a${index} = :a${index}`).join(' AND '),
      ExpressionAttributeNames: Object.fromEntries(attributes.map(([name], index) => [`#a${index}`, name])),
      ExpressionAttributeValues: Object.fromEntries(
        attributes.map(([, value], index): [string, AttributeValue] => [`:a${index}`, value]),
      ),
    });
  }

  async #read(table: TableName, item: Item): Promise<Item | undefined> {
    const { partition, sort }: KeySchema = TABLES[table];
    const Key = Object.fromEntries(
      [partition, ...(sort === undefined ? [] : [sort])].map((name) => [name, item[name] as AttributeValue]),
    );
    const input = { TableName: this.#deps.tableOf(table), Key, ConsistentRead: true };
    return (await this.#deps.client.call('GetItem', input)).Item;
  }
}
