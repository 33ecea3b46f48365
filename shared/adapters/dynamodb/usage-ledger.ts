/**
 * A tenant's limits as one item of the Usage table: `version`, `quota`, `windows`, and as attributes of their own the days'
 * use (`tokens#<day>`, `cost#<day>`) and the holds (`hold#<id>`), so that a settlement can touch them without a version.
 */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type TransactWriteItem,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { AppError } from '../../errors/app-error.ts';
import type { Hold, Quota, Settlement } from '../../model/quota.ts';
import {
  type DayUse,
  exceedsHold,
  type LedgerChange,
  type LedgerItem,
  type SwapResult,
  type UsageLedger,
} from '../../ports/usage-ledger.ts';
import { answering } from './unavailable.ts';

type Item = Record<string, AttributeValue>;

const LEDGER = 'ledger';
/** Quotas a second time in one partition, for listing. */
const QUOTAS = 'quotas';
const TOKENS = 'tokens#';
const COST = 'cost#';
const HOLD = 'hold#';

const keyOf = (tenantId: string): Item => ({ pk: { S: `tenant#${tenantId}` }, sk: { S: LEDGER } });

const packHold = (hold: Hold): string => `${hold.tokens}:${hold.cost_nano}:${hold.expires_at}`;

const unpackHold = (packed: string): Hold => {
  const [tokens = 0, cost_nano = 0, expires_at = 0] = packed.split(':').map(Number);
  return { tokens, cost_nano, expires_at };
};

const fromItem = (item: Item): LedgerItem => {
  const days: Record<string, DayUse> = {};
  const holds: Record<string, Hold> = {};
  for (const [name, value] of Object.entries(item)) {
    if (name.startsWith(HOLD)) holds[name.slice(HOLD.length)] = unpackHold(value.S ?? '');
    else if (name.startsWith(TOKENS)) {
      const day = name.slice(TOKENS.length);
      days[day] = { tokens: Number(value.N), cost_nano: Number(item[COST + day]?.N ?? 0) };
    }
  }
  return {
    version: Number(item.version?.N ?? 0),
    ...(item.quota?.S === undefined ? {} : { quota: JSON.parse(item.quota.S) as Quota }),
    ...(item.windows?.S === undefined ? {} : { windows: item.windows.S }),
    days,
    holds,
  };
};

/** Collects the parts of one update expression. */
class Update {
  readonly names: Record<string, string> = {};
  readonly values: Item = {};
  readonly #set: string[] = [];
  readonly #add: string[] = [];
  readonly #remove: string[] = [];

  set(name: string, value: AttributeValue): this {
    this.#set.push(`${this.#name(name)} = ${this.#value(value)}`);
    return this;
  }

  add(name: string, amount: number): this {
    this.#add.push(`${this.#name(name)} ${this.#value({ N: String(amount) })}`);
    return this;
  }

  remove(name: string): this {
    this.#remove.push(this.#name(name));
    return this;
  }

  get expression(): string {
    const clause = (word: string, parts: string[]): string[] =>
      parts.length === 0 ? [] : [`${word} ${parts.join(', ')}`];
    return [...clause('SET', this.#set), ...clause('ADD', this.#add), ...clause('REMOVE', this.#remove)].join(
      ' ',
    );
  }

  #name(name: string): string {
    const alias = `#n${Object.keys(this.names).length}`;
    this.names[alias] = name;
    return alias;
  }

  #value(value: AttributeValue): string {
    const alias = `:v${Object.keys(this.values).length}`;
    this.values[alias] = value;
    return alias;
  }
}

/** The ledger's part of the transaction that writes observations: one update for each tenant. */
export const settlementUpdates =
  (table: string) =>
  (settlements: readonly Settlement[]): TransactWriteItem[] => {
    const byTenant = Map.groupBy(settlements, ({ tenant_id }) => tenant_id);
    return [...byTenant].map(([tenantId, group]) => {
      const update = new Update();
      for (const [day, ofDay] of Map.groupBy(group, (settlement) => settlement.day)) {
        update.add(
          TOKENS + day,
          ofDay.reduce((sum, { tokens }) => sum + tokens, 0),
        );
        update.add(
          COST + day,
          ofDay.reduce((sum, { cost_nano }) => sum + cost_nano, 0),
        );
      }
      for (const { id, held } of group) if (held !== undefined) update.remove(HOLD + id);
      if (group.some(exceedsHold)) update.add('version', 1);
      return {
        Update: {
          TableName: table,
          Key: keyOf(tenantId),
          UpdateExpression: update.expression,
          ExpressionAttributeNames: update.names,
          ExpressionAttributeValues: update.values,
        },
      };
    });
  };

export class DynamoUsageLedger implements UsageLedger {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async read(tenantId: string): Promise<LedgerItem | undefined> {
    const command = new GetItemCommand({
      TableName: this.#table,
      Key: keyOf(tenantId),
      ConsistentRead: true,
    });
    const { Item } = await answering(this.#client.send(command));
    return Item === undefined ? undefined : fromItem(Item);
  }

  async swap(tenantId: string, expectedVersion: number, change: LedgerChange): Promise<SwapResult> {
    const update = new Update()
      .set('version', { N: String(expectedVersion + 1) })
      .set('windows', { S: change.windows });
    for (const [id, hold] of Object.entries(change.holds)) update.set(HOLD + id, { S: packHold(hold) });
    for (const id of change.dropHolds) update.remove(HOLD + id);
    for (const day of change.dropDays) update.remove(TOKENS + day).remove(COST + day);
    const command = new UpdateItemCommand({
      TableName: this.#table,
      Key: keyOf(tenantId),
      UpdateExpression: update.expression,
      ConditionExpression: expectedVersion === 0 ? 'attribute_not_exists(#version)' : '#version = :expected',
      ExpressionAttributeNames: { ...update.names, '#version': 'version' },
      ExpressionAttributeValues: {
        ...update.values,
        ...(expectedVersion === 0 ? {} : { ':expected': { N: String(expectedVersion) } }),
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await this.#client.send(command);
      return { swapped: true };
    } catch (cause) {
      if (cause instanceof ConditionalCheckFailedException) {
        return { swapped: false, current: cause.Item === undefined ? undefined : fromItem(cause.Item) };
      }
      throw new AppError('unavailable', 'The limits cannot be checked at the moment.', { cause });
    }
  }

  async putQuota(quota: Quota): Promise<void> {
    const document = { S: JSON.stringify(quota) };
    const write = (Key: Item, update: Update): Promise<unknown> =>
      this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key,
          UpdateExpression: update.expression,
          ExpressionAttributeNames: update.names,
          ExpressionAttributeValues: update.values,
        }),
      );
    // The list first: a quota that is in force is always listed.
    await answering(
      write({ pk: { S: QUOTAS }, sk: { S: quota.tenant_id } }, new Update().set('quota', document)),
    );
    await answering(write(keyOf(quota.tenant_id), new Update().set('quota', document).add('version', 1)));
  }

  async listQuotas(): Promise<Quota[]> {
    const quotas: Quota[] = [];
    let start: Item | undefined;
    do {
      const page = await answering(
        this.#client.send(
          new QueryCommand({
            TableName: this.#table,
            ConsistentRead: true,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': { S: QUOTAS } },
            ExclusiveStartKey: start,
          }),
        ),
      );
      quotas.push(...(page.Items ?? []).map((item) => JSON.parse(item.quota?.S ?? 'null') as Quota));
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return quotas;
  }
}
