/** DynamoDB over the signed client: short time limits, few tries. Every call made here may be repeated. */
import type { Clock, Random } from '../../ports/runtime.ts';
import { AwsClient, type AwsConnection } from '../aws/aws-client.ts';
import type { DynamoClient, Operations } from './wire.ts';

export interface DynamoClientOptions extends AwsConnection {
  clock: Clock;
  random: Random;
  /** Milliseconds that one try may take. */
  timeoutMs?: number;
  attempts?: number;
}

const API = 'DynamoDB_20120810';
const TIMEOUT_MS = 2_000;
const ATTEMPTS = 3;

export const makeDynamoClient = (options: DynamoClientOptions): DynamoClient & { close(): Promise<void> } => {
  const client = new AwsClient({
    timeoutMs: TIMEOUT_MS,
    attempts: ATTEMPTS,
    ...options,
    service: 'dynamodb',
  });
  return {
    call: async <Name extends keyof Operations>(operation: Name, input: Operations[Name][0]) => {
      const { body } = await client.send({
        path: '/',
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `${API}.${operation}` },
        body: JSON.stringify(input),
      });
      return JSON.parse(body) as Operations[Name][1];
    },
    close: () => client.close(),
  };
};
