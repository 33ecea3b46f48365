/** Asks of a connection, for their worker: a message that is sent twice is answered once. */
import { AppError } from '../../errors/app-error.ts';
import type { AskQueue } from '../../ports/client-sockets.ts';
import { makeSqsClient, type SqsClientOptions } from './sqs-client.ts';

export class SqsAskQueue implements AskQueue {
  readonly #client: ReturnType<typeof makeSqsClient>;

  constructor(options: SqsClientOptions) {
    this.#client = makeSqsClient(options);
  }

  async put(body: string): Promise<void> {
    try {
      await this.#client.call('SendMessage', { MessageBody: body });
    } catch (cause) {
      throw new AppError('unavailable', 'The ask cannot be taken at the moment.', { cause });
    }
  }

  /** Ends the connections to the service. */
  end(): Promise<void> {
    return this.#client.close();
  }
}
