/** Observations: one transaction writes many, with the tenants' usage, each request once. */
import { type DynamoDBClient, GetItemCommand, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Observation, ObservationPage, ObservationQuery } from '../../model/observation.ts';
import type { Settlement } from '../../model/quota.ts';
import type { ObservationStore, SettledObservation } from '../../ports/observation-store.ts';
import type { Clock, Random } from '../../ports/runtime.ts';
import { aliasPartition, expiryOf, fromItem, type Item, partitionOf, toItem } from './observation-item.ts';
import { ObservationLister } from './observation-lister.ts';
import { transact } from './transact.ts';
import { answering } from './unavailable.ts';

export interface ObservationStoreOptions {
  client: DynamoDBClient;
  table: string;
  /** Partitions of a day. */
  shards: number;
  clock: Clock;
  random: Random;
  /** The usage ledger's part of the transaction: at most one item for each tenant. */
  settlementUpdates: (settlements: readonly Settlement[]) => TransactWriteItem[];
}

/** 100 items are a transaction's limit: an observation, its alias and its tenant's usage are three at most. */
const MAX_BATCH = 33;

interface Entry {
  settled: SettledObservation;
  /** Index of its Put in the transaction. */
  index: number;
}

export class DynamoObservationStore implements ObservationStore {
  readonly maxBatch = MAX_BATCH;
  readonly #options: ObservationStoreOptions;
  readonly #lister: ObservationLister;

  constructor(options: ObservationStoreOptions) {
    this.#options = options;
    this.#lister = new ObservationLister(options);
  }

  async commit(batch: readonly SettledObservation[]): Promise<void> {
    let waiting = distinct(batch);
    while (waiting.length > 0) {
      const { items, entries } = this.#transaction(waiting);
      const failed = new Set(await transact(this.#options, items));
      // What failed is there already: a repeat. The rest was not written and goes again.
      waiting =
        failed.size === 0
          ? []
          : entries.filter(({ index }) => !failed.has(index)).map(({ settled }) => settled);
    }
  }

  async find(tenantId: string, requestId: string): Promise<Observation | undefined> {
    const direct = await this.#get(requestId);
    if (direct?.tenant_id === tenantId) return direct;
    const alias = await this.#item(aliasPartition(tenantId), requestId);
    const id = alias?.observation_id?.S;
    const named = id === undefined ? undefined : await this.#get(id);
    return named?.tenant_id === tenantId ? named : undefined;
  }

  list(query: ObservationQuery): Promise<ObservationPage> {
    return this.#lister.list(query);
  }

  #transaction(batch: readonly SettledObservation[]): { items: TransactWriteItem[]; entries: Entry[] } {
    const { table, settlementUpdates } = this.#options;
    const items: TransactWriteItem[] = [];
    const entries: Entry[] = [];
    const aliases = new Map<string, TransactWriteItem>();
    for (const settled of batch) {
      const { observation } = settled;
      entries.push({ settled, index: items.length });
      items.push({
        Put: {
          TableName: table,
          Item: toItem(observation, this.#partition(observation.id)),
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      });
      if (observation.request_id !== observation.id) {
        const Item = aliasItem(observation);
        aliases.set(`${observation.tenant_id}#${observation.request_id}`, {
          Put: { TableName: table, Item },
        });
      }
    }
    items.push(...aliases.values(), ...settlementUpdates(batch.map(({ settlement }) => settlement)));
    return { items, entries };
  }

  #partition(id: string): string {
    const partition = partitionOf(id, this.#options.shards);
    if (partition === undefined) throw new Error('an observation id is a UUIDv7');
    return partition;
  }

  async #get(id: string): Promise<Observation | undefined> {
    const partition = partitionOf(id, this.#options.shards);
    if (partition === undefined) return undefined;
    const item = await this.#item(partition, id);
    return item === undefined ? undefined : fromItem(item);
  }

  async #item(pk: string, sk: string): Promise<Item | undefined> {
    const Key = { pk: { S: pk }, sk: { S: sk } };
    const command = new GetItemCommand({ TableName: this.#options.table, Key, ConsistentRead: true });
    return (await answering(this.#options.client.send(command))).Item;
  }
}

const aliasItem = (observation: Observation): Item => ({
  pk: { S: aliasPartition(observation.tenant_id) },
  sk: { S: observation.request_id },
  observation_id: { S: observation.id },
  expires_at: { N: expiryOf(Date.parse(observation.created_at)) },
});

/** The same id twice in one transaction would refuse it whole. */
const distinct = (batch: readonly SettledObservation[]): SettledObservation[] => [
  ...new Map(batch.map((settled) => [settled.observation.id, settled])).values(),
];
