/**
 * A tenant's limits as one item of the Usage table: `version`, `quota`, `windows`, and as attributes of their own the days'
 * use (`tokens#<day>`, `cost#<day>`) and the holds (`hold#<id>`). Admissions swap the item by its version. Settlements ADD to
 * the day's use and REMOVE their hold without one, so neither disturbs the other. A swap may therefore be made from a copy
 * that has not seen the latest settlements; its condition also bounds the day's use as it is at the time of the write,
 * so that use and holds together never exceed the limit. The proof is in docs/adr/0001-limits-state.md.
 */
import { AppError } from '../../errors/app-error.ts';
import type { Quota } from '../../model/quota.ts';
import type { LedgerChange, LedgerItem, SwapResult, UsageLedger } from '../../ports/usage-ledger.ts';
import { AwsError } from '../aws/aws-error.ts';
import { Expression } from './expression.ts';
import { answering, isNamed } from './unavailable.ts';
import { fromItem, keyOf, swapExpression } from './usage-item.ts';
import type { DynamoClient, Item, UpdateInput } from './wire.ts';

/** Quotas a second time in one partition, for listing. */
const QUOTAS = 'quotas';
const MAX_ATTEMPTS = 10;

const isConflict = (error: unknown): boolean => isNamed(error, 'TransactionConflictException');

export { settlementUpdates } from './usage-item.ts';

export class DynamoUsageLedger implements UsageLedger {
  readonly #client: DynamoClient;
  readonly #table: string;

  constructor(client: DynamoClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async read(tenantId: string): Promise<LedgerItem | undefined> {
    const input = { TableName: this.#table, Key: keyOf(tenantId), ConsistentRead: true };
    const { Item } = await answering(this.#client.call('GetItem', input));
    return Item === undefined ? undefined : fromItem(Item);
  }

  async swap(tenantId: string, expectedVersion: number, change: LedgerChange): Promise<SwapResult> {
    try {
      const { Attributes } = await this.#client.call('UpdateItem', {
        TableName: this.#table,
        Key: keyOf(tenantId),
        ...swapExpression(expectedVersion, change).input,
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      return { swapped: true, current: fromItem(Attributes ?? {}) };
    } catch (cause) {
      if (cause instanceof AwsError && cause.name === 'ConditionalCheckFailedException') {
        const item = cause.fields.Item as Item | undefined;
        return { swapped: false, current: item === undefined ? undefined : fromItem(item) };
      }
      if (isConflict(cause)) return { swapped: false, current: await this.read(tenantId) };
      throw new AppError('unavailable', 'The limits cannot be checked at the moment.', { cause });
    }
  }

  async putQuota(quota: Quota): Promise<void> {
    const document = { S: JSON.stringify(quota) };
    const write = (Key: Item, expression: Expression): Promise<unknown> =>
      this.#throughConflicts({ TableName: this.#table, Key, ...expression.input });
    // The list first: a quota that is in force is always listed.
    await answering(
      write({ pk: { S: QUOTAS }, sk: { S: quota.tenant_id } }, new Expression().set('quota', document)),
    );
    await answering(write(keyOf(quota.tenant_id), new Expression().set('quota', document).add('version', 1)));
  }

  async listQuotas(): Promise<Quota[]> {
    const quotas: Quota[] = [];
    let start: Item | undefined;
    do {
      const page = await answering(
        this.#client.call('Query', {
          TableName: this.#table,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: QUOTAS } },
          ExclusiveStartKey: start,
        }),
      );
      quotas.push(...(page.Items ?? []).map((item) => JSON.parse(item.quota?.S ?? 'null') as Quota));
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return quotas;
  }

  /** A settlement's transaction holds the item for some milliseconds; the client does not retry that by itself. */
  async #throughConflicts(input: UpdateInput): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#client.call('UpdateItem', input);
        return;
      } catch (cause) {
        if (!isConflict(cause) || attempt === MAX_ATTEMPTS) throw cause;
      }
    }
  }
}
