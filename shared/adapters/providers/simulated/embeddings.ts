/**
 * Vectors that need no key: a random projection of the text's words (Li, Hastie and Church 2006, "Very sparse random
 * projections"), so that texts that share words lie near each other. The same seed and text give the same vector.
 */
import { AppError } from '../../../errors/app-error.ts';
import type { Adapter } from '../../../model/adapter.ts';
import { conversationText, promptOf, textOf } from '../../../model/chat.ts';
import type { ModelEvent, ModelRequest } from '../../../model/completion.ts';
import type { ModelClient } from '../../../ports/model-client.ts';
import type { Clock } from '../../../ports/runtime.ts';
import { hash, uniform } from './answer.ts';
import { fail, moodOf } from './mood.ts';

const DIMENSIONS = 1_536;
/** Of all vectors of a request: as many as the largest request of the usual dimensions has. */
const MOST_NUMBERS = 2_048 * DIMENSIONS;
/** Dimensions that a word is spread over. */
const SPREAD = 16;
const BYTES = 4;

export class SimulatedEmbeddings implements ModelClient {
  readonly #clock: Clock;
  readonly #countTokens: (text: string) => number;

  /** `countTokens` is what the model bills. */
  constructor(clock: Clock, countTokens: (text: string) => number) {
    this.#clock = clock;
    this.#countTokens = countTokens;
  }

  async *call(adapter: Adapter, request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    const { chat, request_id } = request;
    const { fault, latency } = moodOf(adapter, request_id, promptOf(chat));
    if (fault !== undefined)
      await fail(fault, { adapter, stream: false, latency }, { clock: this.#clock, signal });
    await this.#clock.sleep(latency, signal);
    const dimensions = typeof chat.dimensions === 'number' ? chat.dimensions : DIMENSIONS;
    if (dimensions * chat.messages.length > MOST_NUMBERS)
      throw new AppError('upstream_error', 'The request asks the simulated model for too many numbers.', {
        retryable: false,
        extensions: { upstream_status: 400 },
      });
    const told = chat.encoding_format === 'base64' ? inBase64 : inNumbers;
    const seed = adapter.simulated?.seed ?? 0;
    const tokens = this.#countTokens(conversationText(chat));
    const data = chat.messages.map((message, index) => ({
      object: 'embedding',
      index,
      embedding: told(unitVector(textOf(message), dimensions, seed)),
    }));
    const usage = { prompt_tokens: tokens, total_tokens: tokens };
    yield { type: 'document', document: { object: 'list', data, model: adapter.model, usage } };
    yield { type: 'end', finish_reason: 'stop', usage: { tokens_in: tokens, tokens_out: 0 } };
  }
}

const inNumbers = (vector: Float32Array): number[] => [...vector];

const inBase64 = (vector: Float32Array): string => {
  const bytes = Buffer.alloc(vector.length * BYTES);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * BYTES);
  return bytes.toString('base64');
};

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** The words, and the text itself, so that texts of the same words are near each other and not the same. */
export const unitVector = (text: string, dimensions: number, seed: number): Float32Array => {
  const sums = new Float64Array(dimensions);
  const add = (feature: string): void => {
    const next = uniform(hash(feature, seed));
    for (let count = 0; count < SPREAD; count++) {
      const at = Math.floor(next() * dimensions);
      sums[at] = (sums[at] ?? 0) + (next() < 0.5 ? -1 : 1);
    }
  };
  add(`text ${text}`);
  for (const word of wordsOf(text)) add(word);
  const length = Math.sqrt(sums.reduce((sum, value) => sum + value ** 2, 0));
  // In few dimensions everything may cancel out.
  if (length === 0) sums[0] = 1;
  return Float32Array.from(sums, (sum) => sum / (length || 1));
};
