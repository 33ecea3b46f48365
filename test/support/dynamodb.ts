/** A DynamoDB of the test's own: dynoxide in memory on a free port of 127.0.0.1, with all tables made. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTables } from '../../local/dynamodb/create-tables.ts';
import { findEngine, untilAnswering } from '../../local/dynamodb/engine.ts';
import { freePort } from '../../local/free-port.ts';

export interface TestDynamo {
  url: string;
  client: DynamoDBClient;
  /** A client of its own connections, as another process would have; ended with the store. */
  newClient(): DynamoDBClient;
  stop(): Promise<void>;
}

const ROOT = join(import.meta.dirname, '..', '..');
const START_TIMEOUT_MS = 20_000;

export const startDynamo = async (): Promise<TestDynamo> => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const engine = spawn(
    findEngine(ROOT, process.env.DYNOXIDE_PATH),
    ['serve', '--host', '127.0.0.1', '--port', String(port)],
    { stdio: 'ignore' },
  );
  const ended = once(engine, 'exit');
  const clients: DynamoDBClient[] = [];
  const newClient = (): DynamoDBClient => {
    const client = new DynamoDBClient({
      endpoint: url,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    clients.push(client);
    return client;
  };
  const stop = async (): Promise<void> => {
    for (const client of clients) client.destroy();
    engine.kill();
    await ended;
  };
  try {
    await untilAnswering(url, START_TIMEOUT_MS);
    const client = newClient();
    await createTables(client);
    return { url, client, newClient, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
