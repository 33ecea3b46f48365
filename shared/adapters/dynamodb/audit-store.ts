/**
 * Chains in the Audit table, a partition each: the head, and the entries by their numbers. An append is one transaction, whose
 * condition is the head that the writer knew; nothing is ever replaced. What is listed over all chains goes by an index.
 */
import { AppError } from '../../errors/app-error.ts';
import type { AuditEntry, AuditPage, AuditQuery, ChainHead } from '../../model/audit.ts';
import type { AuditPlace, AuditStore, ChainStep } from '../../ports/audit-store.ts';
import { entryKey, fromItem, headFrom, headKey, placeOf, toHeadItem, toItem } from './audit-item.ts';
import { AuditLister } from './audit-lister.ts';
import { cancellationCodes } from './transact.ts';
import { answering } from './unavailable.ts';
import type { DynamoClient, Item, TransactWriteItem } from './wire.ts';

/** Somebody else was there first, or is just now. */
const TAKEN = ['ConditionalCheckFailed', 'TransactionConflict'];

export class DynamoAuditStore implements AuditStore {
  readonly #client: DynamoClient;
  readonly #table: string;
  readonly #lister: AuditLister;

  /** `now` in milliseconds since the epoch. */
  constructor(client: DynamoClient, table: string, now: () => number) {
    this.#client = client;
    this.#table = table;
    this.#lister = new AuditLister(client, table, now);
  }

  async head(chain: string): Promise<ChainHead | undefined> {
    const input = { TableName: this.#table, Key: headKey(chain), ConsistentRead: true };
    const { Item } = await answering(this.#client.call('GetItem', input));
    return Item === undefined ? undefined : headFrom(chain, Item);
  }

  async append(steps: readonly ChainStep[]): Promise<boolean> {
    const TransactItems = steps.flatMap((step) => this.#writes(step));
    try {
      await this.#client.call('TransactWriteItems', { TransactItems });
      return true;
    } catch (cause) {
      if (cancellationCodes(cause).some((code) => TAKEN.includes(code))) return false;
      throw new AppError('unavailable', 'The store cannot answer at the moment.', { cause });
    }
  }

  async entry(chain: string, seq: number): Promise<AuditEntry | undefined> {
    const input = { TableName: this.#table, Key: entryKey(chain, seq), ConsistentRead: true };
    const { Item } = await answering(this.#client.call('GetItem', input));
    return Item === undefined ? undefined : fromItem(Item);
  }

  entries(chain: string, after: number, limit: number): Promise<AuditEntry[]> {
    return this.#lister.chain(chain, { after }, limit);
  }

  list(query: AuditQuery): Promise<AuditPage> {
    return this.#lister.list(query);
  }

  async *places(): AsyncGenerator<readonly AuditPlace[], void, undefined> {
    let start: Item | undefined;
    do {
      const input = { TableName: this.#table, ConsistentRead: true, ProjectionExpression: 'pk, sk' };
      const page = await answering(this.#client.call('Scan', { ...input, ExclusiveStartKey: start }));
      yield (page.Items ?? []).map(placeOf);
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
  }

  #writes({ from, to, entries }: ChainStep): TransactWriteItem[] {
    const TableName = this.#table;
    const condition =
      from === undefined
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : { ConditionExpression: 'seal = :seal', ExpressionAttributeValues: { ':seal': { S: from.seal } } };
    return [
      { Put: { TableName, Item: toHeadItem(to), ...condition } },
      ...entries.map((entry) => ({
        Put: { TableName, Item: toItem(entry), ConditionExpression: 'attribute_not_exists(pk)' },
      })),
    ];
  }
}
