/** Observations: one transaction writes many, with the tenants' usage, each request once. */
import {
  asStored,
  type Observation,
  type ObservationPage,
  type ObservationQuery,
} from '../../model/observation.ts';
import type { Settlement } from '../../model/quota.ts';
import type { ObservationStore, SettledObservation } from '../../ports/observation-store.ts';
import type { Clock, Random } from '../../ports/runtime.ts';
import { aliasPartition, expiryOf, fromItem, partitionOf, toItem } from './observation-item.ts';
import { ObservationLister } from './observation-lister.ts';
import { transact } from './transact.ts';
import { answering } from './unavailable.ts';
import type { DynamoClient, Item, TransactWriteItem } from './wire.ts';

export interface ObservationStoreOptions {
  client: DynamoClient;
  table: string;
  /** Partitions of a day. */
  shards: number;
  clock: Clock;
  random: Random;
  /** The usage ledger's part of the transaction: at most one item for each tenant. */
  settlementUpdates: (settlements: readonly Settlement[]) => TransactWriteItem[];
}

/**
 * 100 items and 4 MB are a transaction's limits: an observation, its alias and its tenant's usage are three items at most,
 * and some 120 KB. The local store takes items at the same rate in larger transactions.
 */
const MAX_BATCH = 33;

interface Transaction {
  items: TransactWriteItem[];
  /** By the index of its Put. */
  entries: Map<number, SettledObservation>;
  /** By the index of its Put: whose request id it names. */
  aliases: Map<number, string>;
}

/** The key of an alias. */
const aliasOf = ({ tenant_id, request_id }: Observation): string => `${tenant_id}#${request_id}`;

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
    const outdated = new Set<string>();
    while (waiting.length > 0) {
      const { items, entries, aliases } = this.#transaction(waiting, outdated);
      const failed = await transact(this.#options, items);
      if (failed.length === 0) return;
      // An observation that failed is there already: a repeat. An alias that failed names a newer one.
      // Nothing else was written, and goes again.
      for (const index of failed) {
        entries.delete(index);
        const alias = aliases.get(index);
        if (alias !== undefined) outdated.add(alias);
      }
      waiting = [...entries.values()];
    }
  }

  async find(tenantId: string, requestId: string): Promise<Observation | undefined> {
    const [direct, alias] = await Promise.all([
      this.#get(requestId),
      this.#item(aliasPartition(tenantId), requestId),
    ]);
    const id = alias?.observation_id?.S;
    const observation = id === undefined ? direct : await this.#get(id);
    return observation?.tenant_id === tenantId ? observation : undefined;
  }

  list(query: ObservationQuery): Promise<ObservationPage> {
    return this.#lister.list(query);
  }

  #transaction(batch: readonly SettledObservation[], outdated: ReadonlySet<string>): Transaction {
    const { table, settlementUpdates } = this.#options;
    const items: TransactWriteItem[] = [];
    const entries = new Map<number, SettledObservation>();
    const named = new Map<string, Observation>();
    for (const settled of batch) {
      const { observation } = settled;
      entries.set(items.length, settled);
      items.push({
        Put: {
          TableName: table,
          Item: toItem(asStored(observation), this.#partition(observation.id)),
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      });
      if (observation.request_id !== observation.id) nameNewest(named, observation);
    }
    const aliases = new Map<number, string>();
    for (const [alias, observation] of named) {
      if (outdated.has(alias)) continue;
      aliases.set(items.length, alias);
      items.push(aliasPut(table, observation));
    }
    items.push(...settlementUpdates(batch.map(({ settlement }) => settlement)));
    return { items, entries, aliases };
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
    const input = { TableName: this.#options.table, Key, ConsistentRead: true };
    return (await answering(this.#options.client.call('GetItem', input))).Item;
  }
}

/** A request id may be used again: it then leads to the newest. */
const nameNewest = (named: Map<string, Observation>, observation: Observation): void => {
  const alias = aliasOf(observation);
  const other = named.get(alias);
  if (other === undefined || other.id < observation.id) named.set(alias, observation);
};

const aliasPut = (table: string, observation: Observation): TransactWriteItem => ({
  Put: {
    TableName: table,
    Item: {
      pk: { S: aliasPartition(observation.tenant_id) },
      sk: { S: observation.request_id },
      observation_id: { S: observation.id },
      expires_at: { N: expiryOf(Date.parse(observation.created_at)) },
    },
    ConditionExpression: 'attribute_not_exists(pk) OR observation_id < :id',
    ExpressionAttributeValues: { ':id': { S: observation.id } },
  },
});

/** The same id twice in one transaction would refuse it whole. */
const distinct = (batch: readonly SettledObservation[]): SettledObservation[] => {
  const seen = new Set<string>();
  return batch.filter(({ observation: { id } }) => !seen.has(id) && seen.add(id));
};
