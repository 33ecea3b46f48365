/**
 * DynamoDB over the signed client: short time limits, few tries. Every call made here may be repeated. Where a journal stands
 * before a table, a call waits until the table has what the journal had taken.
 */
import type { Clock, Random } from '../../ports/runtime.ts';
import type { SettlementJournal } from '../../ports/settlement-journal.ts';
import { AwsClient } from '../aws/aws-client.ts';
import type { StoreConnection } from '../aws/connection.ts';
import type { DynamoClient, Operations } from './wire.ts';

export interface DynamoClientOptions extends Omit<StoreConnection, 'journal'> {
  journal?: Pick<SettlementJournal, 'tables' | 'booked'>;
  clock: Clock;
  random: Random;
  /** Milliseconds that one try may take. */
  timeoutMs?: number;
  attempts?: number;
}

const API = 'DynamoDB_20120810';
const TIMEOUT_MS = 2_000;
const ATTEMPTS = 3;

/** A transaction names its tables with its items, and may concern any. */
const concerns = (tables: ReadonlySet<string>, input: object): boolean =>
  !('TableName' in input) || tables.has(String(input.TableName));

export const makeDynamoClient = ({
  journal,
  ...options
}: DynamoClientOptions): DynamoClient & { close(): Promise<void> } => {
  const client = new AwsClient({
    timeoutMs: TIMEOUT_MS,
    attempts: ATTEMPTS,
    ...options,
    service: 'dynamodb',
  });
  return {
    call: async <Name extends keyof Operations>(operation: Name, input: Operations[Name][0]) => {
      const behind = journal !== undefined && concerns(journal.tables, input) ? journal.booked() : undefined;
      if (behind !== undefined) await behind;
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
