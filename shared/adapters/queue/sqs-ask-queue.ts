/** SQS SendMessage over the signed client: a message that is sent twice is answered once, so it may be tried again. */
import { AppError } from '../../errors/app-error.ts';
import type { AskQueue } from '../../ports/client-sockets.ts';
import { AwsClient, type AwsClientOptions } from '../aws/aws-client.ts';

export interface SqsAskQueueOptions
  extends Omit<AwsClientOptions, 'service' | 'endpoint' | 'timeoutMs' | 'attempts'> {
  queueUrl: string;
}

const TIMEOUT_MS = 2_000;
const ATTEMPTS = 3;

export class SqsAskQueue implements AskQueue {
  readonly #client: AwsClient;
  readonly #queueUrl: string;

  constructor({ queueUrl, ...options }: SqsAskQueueOptions) {
    this.#queueUrl = queueUrl;
    this.#client = new AwsClient({
      ...options,
      endpoint: new URL(queueUrl).origin,
      service: 'sqs',
      timeoutMs: TIMEOUT_MS,
      attempts: ATTEMPTS,
    });
  }

  async put(body: string): Promise<void> {
    try {
      await this.#client.send({
        path: '/',
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' },
        body: JSON.stringify({ QueueUrl: this.#queueUrl, MessageBody: body }),
      });
    } catch (cause) {
      throw new AppError('unavailable', 'The ask cannot be taken at the moment.', { cause });
    }
  }

  /** Ends the connections to the service. */
  end(): Promise<void> {
    return this.#client.close();
  }
}
