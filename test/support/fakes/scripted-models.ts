/** Models that do what a test says: texts, ends, faults and silences, call by call. */
import type { Adapter } from '../../../shared/model/adapter.ts';
import type { JsonObject } from '../../../shared/model/chat.ts';
import type { FinishReason, ModelEvent, ModelRequest } from '../../../shared/model/completion.ts';
import type { ModelClient } from '../../../shared/ports/model-client.ts';

export type Step = ModelEvent | Error | 'silence';

export const text = (value: string): ModelEvent => ({ type: 'text', text: value });

export const end = (
  usage?: { tokens_in: number; tokens_out: number },
  finish_reason: FinishReason = 'stop',
): ModelEvent => ({ type: 'end', finish_reason, ...(usage === undefined ? {} : { usage }) });

export const document = (value: JsonObject): ModelEvent => ({ type: 'document', document: value });

export interface RecordedCall {
  model: string;
  request: ModelRequest;
  signal: AbortSignal;
}

const silence = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

export class ScriptedModels implements ModelClient {
  readonly calls: RecordedCall[] = [];
  /** Models whose event iterator was closed before its end. */
  readonly closed: string[] = [];
  readonly #scripts: Readonly<Record<string, readonly (readonly Step[])[]>>;

  /** For each model the scripts of its calls in turn; the last one serves every further call. */
  constructor(scripts: Readonly<Record<string, readonly (readonly Step[])[]>>) {
    this.#scripts = scripts;
  }

  get called(): string[] {
    return this.calls.map(({ model }) => model);
  }

  async *call(adapter: Adapter, request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    const scripts = this.#scripts[adapter.id] ?? [];
    const turn = this.called.filter((model) => model === adapter.id).length;
    this.calls.push({ model: adapter.id, request, signal });
    let isDone = false;
    try {
      for (const step of scripts[Math.min(turn, scripts.length - 1)] ?? []) {
        if (step === 'silence') await silence(signal);
        else if (step instanceof Error) throw step;
        else yield step;
      }
      isDone = true;
    } catch (error) {
      isDone = true;
      throw error;
    } finally {
      if (!isDone) this.closed.push(adapter.id);
    }
  }
}
