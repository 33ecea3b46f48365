/** The event bus at home: a file with a line for each event, in EventBridge's words, and the one before it. */
import { appendFile, rename, stat } from 'node:fs/promises';
import type { PublishedEvent } from '../../shared/model/published-event.ts';
import type { EventBus } from '../../shared/ports/event-bus.ts';

/** Then the file begins anew; the former one is kept beside it. */
const MOST_BYTES = 16 * 1_024 * 1_024;

export class EventFile implements EventBus {
  readonly #path: string;
  readonly #mostBytes: number;

  constructor(path: string, mostBytes = MOST_BYTES) {
    this.#path = path;
    this.#mostBytes = mostBytes;
  }

  async put(events: readonly PublishedEvent[]): Promise<void> {
    if (events.length === 0) return;
    const size = await stat(this.#path).then(
      ({ size: bytes }) => bytes,
      () => 0,
    );
    if (size > this.#mostBytes) await rename(this.#path, this.#path.replace(/\.jsonl$/, '.1.jsonl'));
    const lines = events.map(({ type, detail }) =>
      JSON.stringify({ source: 'atp-router', 'detail-type': type, time: detail.at, detail }),
    );
    await appendFile(this.#path, `${lines.join('\n')}\n`, { mode: 0o600 });
  }
}
