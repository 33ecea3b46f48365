import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { makeDynamoClient } from '../../../shared/adapters/dynamodb/client.ts';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const listen = async (): Promise<string> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
};

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const read = () => new GetItemCommand({ TableName: 'Config', Key: { pk: { S: 'a' }, sk: { S: 'b' } } });

describe('the DynamoDB client', () => {
  it('uses one connection for calls in sequence', async () => {
    let connections = 0;
    server = createServer((_, response) => response.end('{}'));
    server.on('connection', () => {
      connections += 1;
    });
    const client = makeDynamoClient({ endpoint: await listen(), region: 'eu-central-1', credentials });

    for (let call = 0; call < 3; call++) await client.send(read());

    client.destroy();
    expect(connections).toBe(1);
  });

  it('gives up a call that is not answered within 2 s', async () => {
    let requests = 0;
    server = createServer(() => {
      requests += 1;
    });
    const overrides = { endpoint: await listen(), region: 'eu-central-1', credentials, maxAttempts: 1 };
    const client = makeDynamoClient(overrides);
    const before = performance.now();

    await expect(client.send(read())).rejects.toMatchObject({ name: 'TimeoutError' });

    client.destroy();
    expect(requests).toBe(1);
    expect(performance.now() - before).toBeLessThan(4_000);
  });
});
