/** What the functions send to SQS, over the signed client. Who receives a message knows it when it comes twice, so calls may be repeated. */
import { AwsClient, type AwsClientOptions } from '../aws/aws-client.ts';

export interface BatchEntry {
  Id: string;
  MessageBody: string;
}

export interface Operations {
  SendMessage: [{ QueueUrl: string; MessageBody: string }, object];
  SendMessageBatch: [
    { QueueUrl: string; Entries: readonly BatchEntry[] },
    { Failed?: readonly { Id: string }[] },
  ];
}

export interface QueueClient {
  /** Throws AwsError. */
  call<Name extends keyof Operations>(
    operation: Name,
    input: Omit<Operations[Name][0], 'QueueUrl'>,
  ): Promise<Operations[Name][1]>;
}

export interface SqsClientOptions
  extends Omit<AwsClientOptions, 'service' | 'endpoint' | 'timeoutMs' | 'attempts'> {
  queueUrl: string;
  /** Where SQS is not at the queue's own address. */
  endpoint?: string | undefined;
  timeoutMs?: number;
  attempts?: number;
}

const TIMEOUT_MS = 2_000;
const ATTEMPTS = 3;

export const makeSqsClient = ({
  queueUrl,
  endpoint = new URL(queueUrl).origin,
  ...options
}: SqsClientOptions): QueueClient & { close(): Promise<void> } => {
  const client = new AwsClient({
    timeoutMs: TIMEOUT_MS,
    attempts: ATTEMPTS,
    ...options,
    endpoint,
    service: 'sqs',
  });
  return {
    call: async (operation, input) => {
      const { body } = await client.send({
        path: '/',
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` },
        body: JSON.stringify({ QueueUrl: queueUrl, ...input }),
      });
      return JSON.parse(body) as Operations[typeof operation][1];
    },
    close: () => client.close(),
  };
};
