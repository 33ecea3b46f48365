/** The models' health in one partition of the Usage table, so that one Query reads it; items of removed models expire. */
import { AppError } from '../../errors/app-error.ts';
import type { HealthRecord } from '../../model/health.ts';
import type { HealthStore, HealthSwap } from '../../ports/health-store.ts';
import type { Clock, Random } from '../../ports/runtime.ts';
import { AwsError } from '../aws/aws-error.ts';
import { Expression } from './expression.ts';
import { answering } from './unavailable.ts';
import type { DynamoClient, Item } from './wire.ts';

const HEALTH = 'health';
const KEPT_S = 30 * 86_400;

const keyOf = (adapter: string): Item => ({ pk: { S: HEALTH }, sk: { S: adapter } });

const fromItem = (item: Item | undefined): HealthRecord | undefined =>
  item?.document?.S === undefined ? undefined : (JSON.parse(item.document.S) as HealthRecord);

export class DynamoHealthStore implements HealthStore {
  readonly #client: DynamoClient;
  readonly #table: string;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(client: DynamoClient, table: string, { clock, random }: { clock: Clock; random: Random }) {
    this.#client = client;
    this.#table = table;
    this.#clock = clock;
    this.#random = random;
  }

  async list(): Promise<HealthRecord[]> {
    const records: HealthRecord[] = [];
    let start: Item | undefined;
    do {
      const page = await answering(
        this.#client.call('Query', {
          TableName: this.#table,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: HEALTH } },
          ExclusiveStartKey: start,
        }),
      );
      for (const item of page.Items ?? []) {
        const record = fromItem(item);
        if (record !== undefined) records.push(record);
      }
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return records;
  }

  async get(adapter: string): Promise<HealthRecord | undefined> {
    const input = { TableName: this.#table, Key: keyOf(adapter), ConsistentRead: true };
    return fromItem((await answering(this.#client.call('GetItem', input))).Item);
  }

  async swap(record: HealthRecord): Promise<HealthSwap> {
    // Tells our own write, which the client may have repeated, from another's.
    const writer = Buffer.from(this.#random.bytes(12)).toString('base64url');
    const change = new Expression()
      .set('writer', { S: writer })
      .set('document', { S: JSON.stringify(record) })
      .set('version', { N: String(record.version) })
      .set('expires_at', { N: String(Math.ceil(this.#clock.now() / 1_000) + KEPT_S) });
    if (record.version === 1) change.absent('version');
    else change.equal('version', { N: String(record.version - 1) });
    try {
      await this.#client.call('UpdateItem', {
        TableName: this.#table,
        Key: keyOf(record.adapter),
        ...change.input,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      return { swapped: true };
    } catch (cause) {
      if (cause instanceof AwsError && cause.name === 'ConditionalCheckFailedException') {
        const item = cause.fields.Item as Item | undefined;
        return item?.writer?.S === writer ? { swapped: true } : { swapped: false, current: fromItem(item) };
      }
      throw new AppError('unavailable', 'The store cannot answer at the moment.', { cause });
    }
  }
}
