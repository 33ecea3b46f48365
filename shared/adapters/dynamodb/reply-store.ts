/** Replies by idempotency key in the Replies table; long ones in several items, which are there before the key says that it was answered. */
import { AppError } from '../../errors/app-error.ts';
import type { ClaimResult, ReplyClaim, ReplyStore } from '../../ports/reply-store.ts';
import type { Clock } from '../../ports/runtime.ts';
import { AwsError } from '../aws/aws-error.ts';
import { Expression } from './expression.ts';
import { answering, isNamed } from './unavailable.ts';
import type { AttributeValue, DynamoClient, Item } from './wire.ts';

/** Characters of base64 in one item, which may hold 400 KB: each four are three bytes there. */
const PART = 480_000;

const number = (value: number): AttributeValue => ({ N: String(value) });
const keyOf = (key: string): Item => ({ reply_id: { S: `once#${key}` } });
/** Named by its claim: one that was lost writes beside what replaced it. */
const partKey = (key: string, owner: string, part: number): Item => ({
  reply_id: { S: `once#${key}#${owner}#${part}` },
});

/** There is nothing, it is past its time, or whoever claimed it is gone. */
const FREE =
  'attribute_not_exists(reply_id) OR kept_until <= :now OR (attribute_not_exists(parts) AND lease_until <= :now)';

export class DynamoReplyStore implements ReplyStore {
  readonly #client: DynamoClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(client: DynamoClient, table: string, clock: Clock) {
    this.#client = client;
    this.#table = table;
    this.#clock = clock;
  }

  async claim({ key, fingerprint, owner, leaseMs, keptMs }: ReplyClaim): Promise<ClaimResult> {
    const now = this.#clock.now();
    try {
      await this.#client.call('PutItem', {
        TableName: this.#table,
        Item: {
          ...keyOf(key),
          fingerprint: { S: fingerprint },
          owner: { S: owner },
          lease_until: number(now + leaseMs),
          kept_until: number(now + keptMs),
          expires_at: number(Math.ceil((now + keptMs) / 1_000)),
        },
        ConditionExpression: FREE,
        ExpressionAttributeValues: { ':now': number(now) },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      return { state: 'claimed' };
    } catch (cause) {
      if (cause instanceof AwsError && cause.name === 'ConditionalCheckFailedException')
        return this.#taken(key, fingerprint, (cause.fields.Item as Item | undefined) ?? {});
      throw new AppError('unavailable', 'The store cannot answer at the moment.', { cause });
    }
  }

  async keep(key: string, owner: string, sealed?: string): Promise<void> {
    const answeredAt = number(this.#clock.now());
    const parts = sealed === undefined ? 0 : Math.ceil(sealed.length / PART);
    for (let part = 1; part < parts; part++) {
      const B = sealed?.slice(part * PART, (part + 1) * PART) ?? '';
      const Item = { ...partKey(key, owner, part), sealed: { B }, ...this.#expiry() };
      await answering(this.#client.call('PutItem', { TableName: this.#table, Item }));
    }
    const change = new Expression().set('parts', number(parts)).set('answered_at', answeredAt);
    if (sealed !== undefined) change.set('sealed', { B: sealed.slice(0, PART) });
    await this.#update(key, change.equal('owner', { S: owner }).absent('parts'));
  }

  free(key: string, owner: string): Promise<void> {
    const change = new Expression().set('lease_until', number(0)).equal('owner', { S: owner });
    return this.#update(key, change.absent('parts'));
  }

  async #taken(key: string, fingerprint: string, item: Item): Promise<ClaimResult> {
    if (item.fingerprint?.S !== fingerprint) return { state: 'other' };
    if (item.parts === undefined) return { state: 'busy' };
    const others = Array.from({ length: Math.max(0, Number(item.parts.N) - 1) }, async (_, index) => {
      const Key = partKey(key, item.owner?.S ?? '', index + 1);
      const input = { TableName: this.#table, Key, ConsistentRead: true };
      return (await answering(this.#client.call('GetItem', input))).Item;
    });
    const sealed = [item, ...(await Promise.all(others))].map((part) => part?.sealed?.B);
    return sealed.every((part) => part !== undefined)
      ? { state: 'answered', sealed: sealed.join('') }
      : { state: 'lost' };
  }

  async #update(key: string, change: Expression): Promise<void> {
    const input = { TableName: this.#table, Key: keyOf(key), ...change.input };
    try {
      await this.#client.call('UpdateItem', input);
    } catch (cause) {
      if (isNamed(cause, 'ConditionalCheckFailedException')) return;
      throw new AppError('unavailable', 'The store cannot answer at the moment.', { cause });
    }
  }

  /** A part outlives what it is a part of. */
  #expiry(): Item {
    return { expires_at: number(Math.ceil(this.#clock.now() / 1_000) + PART_TTL_S) };
  }
}

const PART_TTL_S = 2 * 86_400;
