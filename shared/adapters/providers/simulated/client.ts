/** A model that needs no key: known latency, price, length and faults; the same request gets the same answer. */
import { AppError } from '../../../errors/app-error.ts';
import type { Adapter, SimulatedBehaviour, SimulatedFault } from '../../../model/adapter.ts';
import type { ModelEvent, ModelRequest } from '../../../model/completion.ts';
import type { ModelClient } from '../../../ports/model-client.ts';
import type { Clock } from '../../../ports/runtime.ts';
import { hash, pieces, simulatedText, uniform } from './answer.ts';

const DEFAULTS = { jitter: 0.1, chunks: 8, tokens_out: 64, fault: 'http_500' } as const;
const CHARACTERS_PER_TOKEN = 4;
type CountTokens = (text: string) => number;

/** A quarter of the characters. */
const quarter: CountTokens = (text) => Math.max(1, Math.ceil(text.length / CHARACTERS_PER_TOKEN));

type Throwing = Exclude<SimulatedFault, 'timeout' | 'cut' | 'garbage'>;

const FAULTS: Readonly<Record<Throwing | 'garbage', () => AppError>> = {
  http_500: () => new AppError('upstream_error', 'The provider failed.', { retryable: true }),
  http_429: () => new AppError('upstream_error', 'The provider limits our rate.', { retryable: true }),
  reset: () => new AppError('upstream_error', 'The connection to the model failed.', { retryable: true }),
  garbage: () => new AppError('upstream_error', 'The model answered something that is not a completion.'),
};

export class SimulatedClient implements ModelClient {
  readonly #clock: Clock;
  readonly #countTokens: CountTokens;

  /** `countTokens` is what the model would bill; given the gateway's own, predictions of the prompt are exact. */
  constructor(clock: Clock, countTokens: CountTokens = quarter) {
    this.#clock = clock;
    this.#countTokens = countTokens;
  }

  async *call(adapter: Adapter, request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    const behaviour = adapter.simulated ?? {};
    const prompt = request.messages.findLast(({ role }) => role === 'user')?.content ?? '';
    const next = uniform(hash(`${adapter.id}\n${request.request_id}\n${prompt}`, behaviour.seed ?? 0));
    const fault = next() < (behaviour.fault_rate ?? 0) ? (behaviour.fault ?? DEFAULTS.fault) : undefined;
    const latency = this.#latency(adapter, next);
    if (fault === 'timeout') await this.#silence(signal);
    if (fault !== undefined && fault !== 'timeout' && fault !== 'cut') {
      await this.#clock.sleep(latency, signal);
      throw FAULTS[fault]();
    }
    const answer = this.#answer(adapter, behaviour, request, prompt, next);
    const parts = request.stream ? pieces(answer.text, behaviour.chunks ?? DEFAULTS.chunks) : [answer.text];
    for (const [index, text] of parts.entries()) {
      await this.#clock.sleep(latency / parts.length, signal);
      if (fault === 'cut' && index >= parts.length / 2) break;
      yield { type: 'text', text };
      if (fault === 'cut' && parts.length === 1) break;
    }
    if (fault === 'cut')
      throw new AppError('upstream_error', 'The model stopped in the middle of its answer.');
    const usage = {
      tokens_in: this.#countTokens(request.messages.map(({ content }) => content).join('')),
      tokens_out: answer.tokens,
    };
    yield { type: 'end', finish_reason: answer.cut ? 'length' : 'stop', usage };
  }

  #latency(adapter: Adapter, next: () => number): number {
    const latency = adapter.simulated?.latency_ms ?? adapter.latency_ms;
    const jitter = adapter.simulated?.jitter ?? DEFAULTS.jitter;
    return Math.max(0, latency * (1 + jitter * (2 * next() - 1)));
  }

  #answer(
    adapter: Adapter,
    behaviour: SimulatedBehaviour,
    request: ModelRequest,
    prompt: string,
    next: () => number,
  ): { text: string; tokens: number; cut: boolean } {
    const wanted = behaviour.tokens_out ?? DEFAULTS.tokens_out;
    const full =
      behaviour.echo === true ? prompt : simulatedText(adapter.model, Math.ceil(wanted * 0.6), next);
    const needed = behaviour.echo === true ? this.#countTokens(full) : wanted;
    if (needed <= request.max_tokens) return { text: full, tokens: needed, cut: false };
    const characters = [...full];
    const kept = Math.max(1, Math.floor((characters.length * request.max_tokens) / needed));
    return { text: characters.slice(0, kept).join(''), tokens: request.max_tokens, cut: true };
  }

  /** Says nothing until the caller gives up. */
  async #silence(signal: AbortSignal): Promise<void> {
    for (;;) await this.#clock.sleep(60_000, signal);
  }
}
