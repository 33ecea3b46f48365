/** The part of SQS that is used here: sending to the dead-letter queue, with the checksums its clients verify. */
import { createHash, randomUUID } from 'node:crypto';
import type { DeadLetterFile } from './dead-letter-file.ts';
import { ServiceError } from './json-reply.ts';

export const DEAD_LETTER_QUEUE = 'atp-dead-letters';
const QUEUE_PATH = `/000000000000/${DEAD_LETTER_QUEUE}`;
const MAX_MESSAGE = 1_048_576;
const MAX_ENTRIES = 10;

export interface SqsInput {
  QueueUrl?: unknown;
  MessageBody?: unknown;
  Entries?: unknown;
}

interface BatchEntry {
  Id: string;
  MessageBody: string;
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

const receipt = (body: string) => ({ MessageId: randomUUID(), MD5OfMessageBody: md5(body) });

const isBody = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= MAX_MESSAGE;

const isEntry = (value: unknown): value is BatchEntry =>
  typeof value === 'object' &&
  value !== null &&
  'Id' in value &&
  typeof value.Id === 'string' &&
  'MessageBody' in value &&
  isBody(value.MessageBody);

const invalid = (message: string): ServiceError => new ServiceError('InvalidParameterValue', message);

export const deadLetterQueueUrl = (endpoint: string): string => endpoint + QUEUE_PATH;

export const sqs =
  (queue: DeadLetterFile) =>
  (operation: string, input: SqsInput): unknown => {
    if (typeof input.QueueUrl !== 'string' || !input.QueueUrl.endsWith(QUEUE_PATH)) {
      throw new ServiceError('QueueDoesNotExist', 'The specified queue does not exist.');
    }
    switch (operation) {
      case 'SendMessage': {
        if (!isBody(input.MessageBody)) throw invalid('MessageBody is missing or too long');
        queue.append([input.MessageBody]);
        return receipt(input.MessageBody);
      }
      case 'SendMessageBatch': {
        const entries = Array.isArray(input.Entries) ? (input.Entries as unknown[]) : [];
        if (entries.length === 0 || entries.length > MAX_ENTRIES) throw invalid('1 to 10 entries are needed');
        if (!entries.every(isEntry)) throw invalid('An entry is not valid');
        queue.append(entries.map((entry) => entry.MessageBody));
        return {
          Successful: entries.map((entry) => ({ Id: entry.Id, ...receipt(entry.MessageBody) })),
          Failed: [],
        };
      }
      default:
        throw new ServiceError('InvalidAction', 'That operation is not emulated');
    }
  };
