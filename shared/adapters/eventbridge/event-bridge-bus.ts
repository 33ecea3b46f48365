/** EventBridge's PutEvents over the signed client. A call may take some entries and refuse others: those are sent again. */
import type { PublishedEvent } from '../../model/published-event.ts';
import type { EventBus } from '../../ports/event-bus.ts';
import type { Clock, Random } from '../../ports/runtime.ts';
import { AwsClient, type AwsConnection } from '../aws/aws-client.ts';

export interface EventBridgeOptions extends AwsConnection {
  busName: string;
  clock: Clock;
  random: Random;
}

export const EVENT_SOURCE = 'atp-router';
/** As many as one call takes. Ours are far below its 256 KB. */
const MOST_ENTRIES = 10;
const TIMEOUT_MS = 3_000;
const ATTEMPTS = 3;
const PAUSE_MS = 100;

interface PutReply {
  FailedEntryCount?: number;
  Entries?: { ErrorCode?: string }[];
}

export class EventBridgeBus implements EventBus {
  readonly #client: AwsClient;
  readonly #options: EventBridgeOptions;

  constructor(options: EventBridgeOptions) {
    this.#options = options;
    this.#client = new AwsClient({
      ...{ ...options, service: 'events', timeoutMs: TIMEOUT_MS, attempts: ATTEMPTS },
    });
  }

  async put(events: readonly PublishedEvent[]): Promise<void> {
    for (let start = 0; start < events.length; start += MOST_ENTRIES)
      await this.#putSome(events.slice(start, start + MOST_ENTRIES));
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #putSome(events: readonly PublishedEvent[]): Promise<void> {
    let left = events;
    for (let attempt = 1; ; attempt++) {
      left = await this.#once(left);
      if (left.length === 0) return;
      if (attempt === ATTEMPTS) throw new Error(`${left.length} events were refused`);
      await this.#options.clock.sleep(PAUSE_MS * attempt);
    }
  }

  /** Those that were refused. */
  async #once(events: readonly PublishedEvent[]): Promise<PublishedEvent[]> {
    const Entries = events.map(({ type, detail }) => ({
      EventBusName: this.#options.busName,
      Source: EVENT_SOURCE,
      DetailType: type,
      Detail: JSON.stringify(detail),
      Time: Date.parse(detail.at) / 1_000,
    }));
    const { body } = await this.#client.send({
      path: '/',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSEvents.PutEvents' },
      body: JSON.stringify({ Entries }),
    });
    const reply = JSON.parse(body) as PutReply;
    if ((reply.FailedEntryCount ?? 0) === 0) return [];
    return events.filter((_, index) => reply.Entries?.[index]?.ErrorCode !== undefined);
  }
}
