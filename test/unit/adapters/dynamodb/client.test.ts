import { describe, expect, it } from 'vitest';
import { type DynamoClientOptions, makeDynamoClient } from '../../../../shared/adapters/dynamodb/client.ts';
import type { DynamoClient } from '../../../../shared/adapters/dynamodb/wire.ts';
import { servedClients } from '../../../support/fakes/aws-server.ts';

const served = servedClients();

const makeOne = (options: Partial<DynamoClientOptions> = {}) =>
  served.closing(makeDynamoClient({ ...served.connected(), ...options }));

const READ = { TableName: 'Config', Key: { pk: { S: 'a' }, sk: { S: 'ü' } } };

describe('the DynamoDB client', () => {
  it('sends an operation in the JSON protocol, and gives back its output', async () => {
    served.server.answer = () => ({ body: '{"Item":{"pk":{"S":"a"}}}' });

    expect(await makeOne().call('GetItem', READ)).toEqual({ Item: { pk: { S: 'a' } } });

    const [call] = served.server.calls;
    expect(call).toMatchObject({
      method: 'POST',
      path: '/',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.GetItem' },
    });
    expect(JSON.parse(call?.body ?? '')).toEqual(READ);
    expect(call?.headers.authorization).toContain('/eu-central-1/dynamodb/aws4_request');
  });

  it('tries three times', async () => {
    served.server.answer = () => 'reset';

    await expect(makeOne().call('GetItem', READ)).rejects.toMatchObject({ name: 'ConnectionError' });

    expect(served.server.calls).toHaveLength(3);
  });

  it('sends the same transaction at each try', async () => {
    served.server.answer = () => (served.server.calls.length === 1 ? 'reset' : {});

    await makeOne().call('TransactWriteItems', { TransactItems: [] });

    expect(served.server.calls.map(({ body }) => JSON.parse(body))).toEqual([
      { TransactItems: [] },
      { TransactItems: [] },
    ]);
  });

  describe('behind a journal', () => {
    const behind = (booked: Promise<void> | undefined) =>
      makeOne({ journal: { tables: new Set(['Usage']), booked: () => booked } });
    const sent = async (): Promise<number> => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      return served.server.calls.length;
    };

    it.each<[string, (client: DynamoClient) => Promise<unknown>]>([
      [
        'a call for a table that may be behind',
        (client) => client.call('GetItem', { ...READ, TableName: 'Usage' }),
      ],
      ['a transaction', (client) => client.call('TransactWriteItems', { TransactItems: [] })],
    ])('%s waits until all is booked', async (_, send) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const call = send(behind(promise));
      expect(await sent()).toBe(0);

      resolve();
      await call;
      expect(await sent()).toBe(1);
    });

    it('a call for another table waits for nobody', async () => {
      await behind(new Promise(() => undefined)).call('GetItem', READ);
      expect(await sent()).toBe(1);
    });

    it('nor does any where all is booked', async () => {
      await behind(undefined).call('GetItem', { ...READ, TableName: 'Usage' });
      expect(await sent()).toBe(1);
    });
  });
});
