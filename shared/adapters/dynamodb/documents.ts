/** Small documents as items: keys as attributes, the document as one JSON string. */
import { AppError } from '../../errors/app-error.ts';
import { cancellationCodes } from './transact.ts';
import { answering, isNamed } from './unavailable.ts';
import type { DynamoClient, Item, TransactWriteItem } from './wire.ts';

const parse = <Document>(item: Item): Document => JSON.parse(item.document?.S ?? 'null') as Document;

export interface Placed {
  pk: string;
  sk: string;
  document: unknown;
}

/** A document that is replaced only while it is as it `was`. */
export interface Replaced extends Placed {
  was: unknown;
}

/** Somebody else had it first, or has it in hand. */
const TAKEN = ['ConditionalCheckFailed', 'TransactionConflict'];

export class DocumentTable {
  readonly #client: DynamoClient;
  readonly #table: string;

  constructor(client: DynamoClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async get<Document>(pk: string, sk: string): Promise<Document | undefined> {
    const Key = { pk: { S: pk }, sk: { S: sk } };
    const input = { TableName: this.#table, Key, ConsistentRead: true };
    const { Item } = await answering(this.#client.call('GetItem', input));
    return Item === undefined ? undefined : parse<Document>(Item);
  }

  /** A partition's documents whose sort key starts with `prefix`, by sort key; with `newest`, so many from the last one backwards. */
  async list(
    pk: string,
    { prefix = '', newest }: { prefix?: string; newest?: number } = {},
  ): Promise<{ sk: string; document: unknown }[]> {
    const found: { sk: string; document: unknown }[] = [];
    let start: Item | undefined;
    do {
      const page = await answering(
        this.#client.call('Query', {
          TableName: this.#table,
          ConsistentRead: true,
          KeyConditionExpression: prefix === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :prefix)',
          ExpressionAttributeValues: {
            ':pk': { S: pk },
            ...(prefix === '' ? {} : { ':prefix': { S: prefix } }),
          },
          ...(newest === undefined ? {} : { ScanIndexForward: false, Limit: newest - found.length }),
          ExclusiveStartKey: start,
        }),
      );
      for (const item of page.Items ?? []) found.push({ sk: item.sk?.S ?? '', document: parse(item) });
      start = page.LastEvaluatedKey;
    } while (start !== undefined && found.length < (newest ?? Infinity));
    return found;
  }

  async put(pk: string, sk: string, document: unknown): Promise<void> {
    await answering(this.#client.call('PutItem', this.#putInput(pk, sk, document)));
  }

  /** Throws `conflict` if there is one already. */
  async create(pk: string, sk: string, document: unknown): Promise<void> {
    const input = {
      ...this.#putInput(pk, sk, document),
      ConditionExpression: 'attribute_not_exists(pk)',
    };
    try {
      await this.#client.call('PutItem', input);
    } catch (cause) {
      if (isNamed(cause, 'ConditionalCheckFailedException'))
        throw new AppError('conflict', 'It exists already.');
      throw new AppError('unavailable', 'The store cannot answer at the moment.', { cause });
    }
  }

  /** Both or neither. Throws `conflict` where the first is there already. */
  async createAndPut(created: Placed, put: Placed): Promise<void> {
    const TransactItems = [
      {
        Put: {
          ...this.#putInput(created.pk, created.sk, created.document),
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
      { Put: this.#putInput(put.pk, put.sk, put.document) },
    ];
    await this.#transact(TransactItems);
  }

  /** Both or neither. Throws `conflict` where the first is there already, or the second is another by now. */
  async createAndReplace(created: Placed, replaced: Replaced): Promise<void> {
    const TransactItems = [
      {
        Put: {
          ...this.#putInput(created.pk, created.sk, created.document),
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
      {
        Put: {
          ...this.#putInput(replaced.pk, replaced.sk, replaced.document),
          ConditionExpression: 'document = :was',
          ExpressionAttributeValues: { ':was': { S: JSON.stringify(replaced.was) } },
        },
      },
    ];
    await this.#transact(TransactItems);
  }

  /** `at` is kept beside the document. Where one is there with a later `at` than `unlessAfter`, that one stays. */
  async putUnlessLater({ pk, sk, document }: Placed, at: number, unlessAfter: number): Promise<void> {
    const { TableName, Item } = this.#putInput(pk, sk, document);
    const input = {
      TableName,
      Item: { ...Item, noted_at: { N: String(at) } },
      ConditionExpression: 'attribute_not_exists(pk) OR noted_at <= :latest',
      ExpressionAttributeValues: { ':latest': { N: String(unlessAfter) } },
    };
    try {
      await this.#client.call('PutItem', input);
    } catch (cause) {
      if (isNamed(cause, 'ConditionalCheckFailedException')) return;
      throw new AppError('unavailable', 'The store cannot answer at the moment.', { cause });
    }
  }

  async delete(pk: string, sk: string): Promise<boolean> {
    const Key = { pk: { S: pk }, sk: { S: sk } };
    const input = { TableName: this.#table, Key, ReturnValues: 'ALL_OLD' as const };
    return (await answering(this.#client.call('DeleteItem', input))).Attributes !== undefined;
  }

  async #transact(TransactItems: TransactWriteItem[]): Promise<void> {
    try {
      await this.#client.call('TransactWriteItems', { TransactItems });
    } catch (cause) {
      if (cancellationCodes(cause).some((code) => TAKEN.includes(code)))
        throw new AppError('conflict', 'It exists already.');
      throw new AppError('unavailable', 'The store cannot answer at the moment.', { cause });
    }
  }

  #putInput(pk: string, sk: string, document: unknown): { TableName: string; Item: Item } {
    return {
      TableName: this.#table,
      Item: { pk: { S: pk }, sk: { S: sk }, document: { S: JSON.stringify(document) } },
    };
  }
}
