/** A DynamoDB of the test's own: dynoxide in memory on a free port of 127.0.0.1, with all tables made. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTables } from '../../local/dynamodb/create-tables.ts';
import { findEngine, untilAnswering } from '../../local/dynamodb/engine.ts';
import { freePort } from '../../local/free-port.ts';
import { makeDynamoClient } from '../../shared/adapters/dynamodb/client.ts';
import type { DynamoClient } from '../../shared/adapters/dynamodb/wire.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';

export interface TestDynamo {
  url: string;
  client: DynamoClient;
  /** The SDK's client: makes tables, and looks at what is in them as AWS's own tools would. */
  sdk: DynamoDBClient;
  /** A client of its own connections, as another process would have; ended with the store. */
  newClient(): DynamoClient;
  stop(): Promise<void>;
}

const ROOT = join(import.meta.dirname, '..', '..');
const START_TIMEOUT_MS = 20_000;
const REGION = 'eu-central-1';
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
/** The machine may be busy with other tests. */
const CALL_TIMEOUT_MS = 10_000;

export const startDynamo = async (): Promise<TestDynamo> => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const engine = spawn(
    findEngine(ROOT, process.env.DYNOXIDE_PATH),
    ['serve', '--host', '127.0.0.1', '--port', String(port)],
    { stdio: 'ignore' },
  );
  const ended = once(engine, 'exit');
  const sdk = new DynamoDBClient({ endpoint: url, region: REGION, credentials: CREDENTIALS });
  const clients: { close(): Promise<void> }[] = [];
  const newClient = (): DynamoClient => {
    const client = makeDynamoClient({
      endpoint: url,
      region: REGION,
      credentials: async () => CREDENTIALS,
      clock: systemClock(),
      random: systemRandom(),
      timeoutMs: CALL_TIMEOUT_MS,
    });
    clients.push(client);
    return client;
  };
  const stop = async (): Promise<void> => {
    sdk.destroy();
    await Promise.all(clients.map((client) => client.close()));
    engine.kill();
    await ended;
  };
  try {
    await untilAnswering(url, START_TIMEOUT_MS);
    await createTables(sdk);
    return { url, client: newClient(), sdk, newClient, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
