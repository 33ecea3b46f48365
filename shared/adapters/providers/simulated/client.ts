/** A model that needs no key: known latency, price, length and faults; the same request gets the same answer. */
import type { Adapter, SimulatedBehaviour } from '../../../model/adapter.ts';
import { conversationText, promptOf } from '../../../model/chat.ts';
import type { FinishReason, ModelEvent, ModelRequest } from '../../../model/completion.ts';
import type { ModelClient } from '../../../ports/model-client.ts';
import type { Clock } from '../../../ports/runtime.ts';
import { pieces, simulatedText } from './answer.ts';
import { fail, faultError, moodOf } from './mood.ts';
import { Scribe } from './scribe.ts';
import { structuredAnswer } from './structured.ts';

const DEFAULTS = { chunks: 8, tokens_out: 64 } as const;
const CHARACTERS_PER_TOKEN = 4;
type CountTokens = (text: string) => number;

/** A quarter of the characters. */
const quarter: CountTokens = (text) => Math.max(1, Math.ceil(text.length / CHARACTERS_PER_TOKEN));

interface SimulatedAnswer {
  text: string;
  /** The function whose arguments the text is. */
  tool?: string | undefined;
  tokens: number;
  reason: FinishReason;
}

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
    const prompt = promptOf(request.chat);
    const { next, fault, latency } = moodOf(adapter, request.request_id, prompt);
    if (fault !== undefined && fault !== 'cut')
      await fail(fault, { adapter, stream: request.stream, latency }, { clock: this.#clock, signal });
    const answer = this.#answer(adapter, behaviour, request, prompt, next);
    const choices = Number(request.chat.n ?? 1);
    const usage = {
      tokens_in: this.#countTokens(conversationText(request.chat)),
      tokens_out: answer.tokens * choices,
    };
    const scribe = new Scribe({
      id: request.request_id,
      model: adapter.model,
      created: Math.floor(this.#clock.now() / 1_000),
      choices,
      tool: answer.tool,
    });
    const { documents, stream } = request;
    const cut = stream ? pieces(answer.text, behaviour.chunks ?? DEFAULTS.chunks) : [answer.text];
    const parts = cut.length === 0 ? [''] : cut;
    for (const [index, text] of parts.entries()) {
      await this.#clock.sleep(latency / parts.length, signal);
      if (fault === 'cut' && index >= parts.length / 2) break;
      if (documents && stream && index === 0) yield { type: 'document', document: scribe.opening() };
      if (!documents) yield { type: 'text', text };
      else if (stream) yield { type: 'document', document: scribe.piece(text) };
      if (fault === 'cut' && parts.length === 1) break;
    }
    if (fault === 'cut') throw faultError(fault);
    if (documents && stream) {
      yield { type: 'document', document: scribe.closing(answer.reason) };
      yield { type: 'document', document: scribe.usage(usage) };
    } else if (documents) {
      yield { type: 'document', document: scribe.completion(answer.text, answer.reason, usage) };
    }
    yield { type: 'end', finish_reason: answer.reason, usage };
  }

  #answer(
    adapter: Adapter,
    behaviour: SimulatedBehaviour,
    request: ModelRequest,
    prompt: string,
    next: () => number,
  ): SimulatedAnswer {
    const wanted = behaviour.tokens_out ?? DEFAULTS.tokens_out;
    const words = simulatedText(adapter.model, Math.ceil(wanted * 0.6), next);
    const forced = structuredAnswer(request.chat, `simulated by ${adapter.model}`);
    const free = stopped(behaviour.echo === true ? prompt : words, request.chat.stop);
    const full = forced?.text ?? free;
    const needed = full === words ? wanted : this.#countTokens(full);
    const reason = forced?.tool === undefined ? 'stop' : 'tool_calls';
    if (needed <= request.max_tokens) return { text: full, tool: forced?.tool, tokens: needed, reason };
    const characters = [...full];
    const kept = Math.max(1, Math.floor((characters.length * request.max_tokens) / needed));
    const text = characters.slice(0, kept).join('');
    return { text, tool: forced?.tool, tokens: request.max_tokens, reason: 'length' };
  }
}

/** Up to the first of the caller's stop sequences. */
const stopped = (text: string, stop: unknown): string => {
  const ends = [stop]
    .flat()
    .map((sequence) => (typeof sequence === 'string' && sequence !== '' ? text.indexOf(sequence) : -1))
    .filter((index) => index >= 0);
  return ends.length === 0 ? text : text.slice(0, Math.min(...ends));
};
