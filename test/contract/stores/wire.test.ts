/** The product's own client and the SDK's agree: each reads what the other wrote, and is told the same of what failed. */
import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DynamoLearningState } from '../../../shared/adapters/dynamodb/learning-state.ts';
import type { Item, TransactWriteItem } from '../../../shared/adapters/dynamodb/wire.ts';
import { decodeArmState } from '../../../shared/model/selection.ts';
import { anyCharacter } from '../../support/any-character.ts';
import { startDynamo, type TestDynamo } from '../../support/dynamodb.ts';
import { makeTable } from '../../support/store-tables.ts';

let dynamo: TestDynamo;
let TableName: string;
beforeAll(async () => {
  dynamo = await startDynamo();
  TableName = await makeTable(dynamo.sdk, 'Config');
});
afterAll(() => dynamo.stop());

const keyOf = (sk: string): Item => ({ pk: { S: 'wire' }, sk: { S: sk } });

const thrownBy = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

/** Bytes as they stand on the wire, and as the SDK has them. */
const BYTES = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const ON_THE_WIRE = {
  text: { S: 'ü 🙂 "quoted" \\ \u0000' },
  number: { N: '-1234567890.0123456789' },
  bytes: { B: Buffer.from(BYTES).toString('base64') },
  yes: { BOOL: true },
  no: { BOOL: false },
};
const IN_THE_SDK = { ...ON_THE_WIRE, bytes: { B: BYTES } };

describe('an item', () => {
  it("of the product's is read by the SDK", async () => {
    const Key = { pk: { S: 'wire' }, sk: { S: 'ours' } };
    await dynamo.client.call('PutItem', { TableName, Item: { ...Key, ...ON_THE_WIRE } });

    const { Item: found } = await dynamo.sdk.send(new GetItemCommand({ TableName, Key }));

    expect(found).toEqual({ ...Key, ...IN_THE_SDK });
  });

  it("of the SDK's is read by the product", async () => {
    const Key = { pk: { S: 'wire' }, sk: { S: 'theirs' } };
    await dynamo.sdk.send(new PutItemCommand({ TableName, Item: { ...Key, ...IN_THE_SDK } }));

    const { Item: found } = await dynamo.client.call('GetItem', { TableName, Key });

    expect(found).toEqual({ ...Key, ...ON_THE_WIRE });
  });

  it('of any text is the same to both', async () => {
    const texts = fc.array(fc.string({ unit: anyCharacter, maxLength: 50 }), { minLength: 1, maxLength: 5 });
    const Key = { pk: { S: 'wire' }, sk: { S: 'texts' } };
    await fc.assert(
      fc.asyncProperty(texts, async (all) => {
        const attributes = Object.fromEntries(all.map((text, index) => [`a${index}`, { S: text }]));
        await dynamo.client.call('PutItem', { TableName, Item: { ...Key, ...attributes } });

        const { Item: sdk } = await dynamo.sdk.send(new GetItemCommand({ TableName, Key }));
        const { Item: own } = await dynamo.client.call('GetItem', { TableName, Key });

        expect(sdk).toEqual({ ...Key, ...attributes });
        expect(own).toEqual(sdk);
      }),
      { numRuns: 50 },
    );
  });

  it('that is not there has no content to either', async () => {
    const Key = { pk: { S: 'wire' }, sk: { S: 'nowhere' } };

    expect(await dynamo.client.call('GetItem', { TableName, Key })).toEqual({});
    expect((await dynamo.sdk.send(new GetItemCommand({ TableName, Key }))).Item).toBeUndefined();
  });

  it('of learnt state, bytes of the SDK’s, is decoded', async () => {
    const table = await makeTable(dynamo.sdk, 'Learning');
    const view = new DataView(new ArrayBuffer(33));
    view.setUint8(0, 1);
    for (const [index, value] of [3, 2.25, 1.75].entries()) view.setFloat64(1 + 8 * index, value, true);
    view.setUint32(25, 200, true);
    const Item = { policy: { S: 'p' }, arm: { S: 'a' }, state: { B: new Uint8Array(view.buffer) } };
    await dynamo.sdk.send(new PutItemCommand({ TableName: table, Item }));

    const { arms } = await new DynamoLearningState(dynamo.client, table, decodeArmState).read('p');

    expect(arms.get('a')).toEqual({ n: 3, sum: 2.25, sumSquares: 1.75, count: 200 });
  });
});

describe('a query', () => {
  it('ends its pages where the SDK’s does, and goes on from its key', async () => {
    for (const sk of ['a', 'b', 'c']) {
      await dynamo.client.call('PutItem', { TableName, Item: { pk: { S: 'pages' }, sk: { S: sk } } });
    }
    const input = {
      TableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: 'pages' } },
      Limit: 2,
    };

    const own = await dynamo.client.call('Query', input);
    const sdk = await dynamo.sdk.send(new QueryCommand(input));
    const rest = await dynamo.client.call('Query', { ...input, ExclusiveStartKey: own.LastEvaluatedKey });

    expect([own.Items, own.LastEvaluatedKey]).toEqual([sdk.Items, sdk.LastEvaluatedKey]);
    expect(rest.Items?.map(({ sk }) => sk?.S)).toEqual(['c']);
    expect(rest.LastEvaluatedKey).toBeUndefined();
  });
});

describe('a condition that fails', () => {
  it('carries the item as it is, as it does to the SDK', async () => {
    const Item = { ...keyOf('taken'), ...ON_THE_WIRE };
    await dynamo.client.call('PutItem', { TableName, Item });
    const condition = {
      TableName,
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    };

    const Key = { pk: { S: 'wire' }, sk: { S: 'taken' } };
    const own = await thrownBy(dynamo.client.call('PutItem', { ...condition, Item }));
    const sdk = await thrownBy(dynamo.sdk.send(new PutItemCommand({ ...condition, Item: Key })));

    expect(own).toMatchObject({
      name: 'ConditionalCheckFailedException',
      status: 400,
      fields: { Item },
    });
    expect(sdk).toBeInstanceOf(ConditionalCheckFailedException);
    expect(sdk).toMatchObject({ Item: { ...Key, ...IN_THE_SDK } });
  });

  it('carries no item where it was not asked for', async () => {
    await dynamo.client.call('PutItem', { TableName, Item: keyOf('silent') });

    const error = await thrownBy(
      dynamo.client.call('PutItem', {
        TableName,
        Item: keyOf('silent'),
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );

    expect(error).toMatchObject({ name: 'ConditionalCheckFailedException' });
    expect(error).not.toHaveProperty('fields.Item');
  });
});

describe('a transaction', () => {
  const put = (sk: string, isNew: boolean): TransactWriteItem => ({
    Put: {
      TableName,
      Item: keyOf(sk),
      ...(isNew ? { ConditionExpression: 'attribute_not_exists(pk)' } : {}),
    },
  });

  it('that is cancelled says why, item by item, and writes nothing', async () => {
    await dynamo.client.call('PutItem', { TableName, Item: keyOf('there') });

    const call = dynamo.client.call('TransactWriteItems', {
      TransactItems: [put('not-there', false), put('there', true)],
    });

    await expect(call).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      fields: { CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }] },
    });
    expect(await dynamo.client.call('GetItem', { TableName, Key: keyOf('not-there') })).toEqual({});
  });

  it('whose condition fails once it is written changes nothing when it is sent again', async () => {
    const Key = keyOf('counter');
    const counted: TransactWriteItem = {
      Update: {
        TableName,
        Key,
        UpdateExpression: 'ADD hits :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      },
    };
    const once: TransactWriteItem = {
      Put: { TableName, Item: keyOf('once'), ConditionExpression: 'attribute_not_exists(pk)' },
    };
    const input = { TransactItems: [once, counted] };

    await dynamo.client.call('TransactWriteItems', input);
    await expect(dynamo.client.call('TransactWriteItems', input)).rejects.toMatchObject({
      fields: { CancellationReasons: [{ Code: 'ConditionalCheckFailed' }, { Code: 'None' }] },
    });

    expect((await dynamo.client.call('GetItem', { TableName, Key })).Item?.hits).toEqual({ N: '1' });
  });
});

describe('an update and a deletion', () => {
  it('give back the item as it became, and as it was', async () => {
    const Key = keyOf('moving');
    const updated = await dynamo.client.call('UpdateItem', {
      TableName,
      Key,
      UpdateExpression: 'SET n = :n',
      ExpressionAttributeValues: { ':n': { N: '7' } },
      ReturnValues: 'ALL_NEW',
    });
    const deleted = await dynamo.client.call('DeleteItem', { TableName, Key, ReturnValues: 'ALL_OLD' });

    expect(updated.Attributes).toEqual({ ...Key, n: { N: '7' } });
    expect(deleted.Attributes).toEqual(updated.Attributes);
    expect(await dynamo.client.call('DeleteItem', { TableName, Key, ReturnValues: 'ALL_OLD' })).toEqual({});
  });
});

describe('what the service refuses', () => {
  it('has its name: a table that is not there', async () => {
    const call = dynamo.client.call('GetItem', { TableName: 'Nowhere', Key: keyOf('a') });

    await expect(call).rejects.toMatchObject({ name: 'ResourceNotFoundException', status: 400 });
  });

  it('has its name: an expression that is none', async () => {
    const call = dynamo.client.call('UpdateItem', {
      TableName,
      Key: keyOf('a'),
      UpdateExpression: 'no expression',
    });

    await expect(call).rejects.toMatchObject({ name: 'ValidationException', status: 400 });
  });
});
