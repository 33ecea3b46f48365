/** A provider that answers nobody before all have asked, says each their own words, and knows whose key came with whose model. */
import type { ServerResponse } from 'node:http';
import { completion, FakeUpstream, type ReceivedCall } from '../providers/fake-upstream.ts';

export const keyOfModel = (model: string): string => `sk-of-${model}`;

const wordsOf = ({ body }: ReceivedCall): string => {
  const messages = body.messages as { content: string }[];
  return messages.at(-1)?.content ?? '';
};

const streamed = (text: string): string =>
  [
    { choices: [{ index: 0, delta: { content: text }, finish_reason: null }] },
    { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    { choices: [], usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 } },
  ]
    .map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`)
    .join('')
    .concat('data: [DONE]\n\n');

export class GatheringUpstream {
  readonly server = new FakeUpstream();
  /** Calls whose key was another model's. */
  readonly strangers: string[] = [];
  /** What those asked who left before they were answered. */
  readonly givenUp: string[] = [];
  readonly #waiting: (readonly [ServerResponse, ReceivedCall])[] = [];
  #gathered: { count: number; done: () => void } | undefined;

  /** Resolves when so many wait at once. */
  gather(count: number): Promise<void> {
    return new Promise((done) => {
      this.#gathered = { count, done };
      this.server.behave((response, call) => this.#take(response, call));
    });
  }

  /** Last come, first served, each in a turn of the event loop of its own. */
  async release(): Promise<void> {
    for (const [response, call] of this.#waiting.splice(0).reverse()) {
      await new Promise((resolve) => setImmediate(resolve));
      if (response.destroyed) continue;
      const text = wordsOf(call);
      const isStream = call.body.stream === true;
      response.writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' });
      response.end(isStream ? streamed(text) : completion(text));
    }
  }

  #take(response: ServerResponse, call: ReceivedCall): void {
    if (call.headers.authorization !== `Bearer ${keyOfModel(String(call.body.model))}`)
      this.strangers.push(String(call.body.model));
    response.on('close', () => {
      if (!response.writableEnded) this.givenUp.push(wordsOf(call));
    });
    this.#waiting.push([response, call]);
    if (this.#waiting.length === this.#gathered?.count) this.#gathered.done();
  }
}
