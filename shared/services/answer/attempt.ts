/** One call of one model: what it has answered so far, and what its end says of the model's health. */
import { AppError } from '../../errors/app-error.ts';
import type { UpstreamFault } from '../../model/health.ts';
import type { Clock } from '../../ports/runtime.ts';
import type { Span } from '../../ports/tracing.ts';
import type { AdapterHealth, Ended } from '../health/adapter-health.ts';
import { errorType } from '../traced.ts';
import type { Answer } from './answer.ts';
import { endAttributes } from './span-attributes.ts';

export interface AttemptOptions {
  answer: Answer;
  /** It is let through although the model's breaker is not closed. */
  probe: boolean;
  stream: boolean;
  health: AdapterHealth;
  clock: Clock;
  /** Of this call. */
  span?: Span | undefined;
}

/** A stream that has said nothing for so long is the model's fault, not its caller's impatience. */
const LEAST_SILENCE_MS = 2_000;

export class Attempt {
  readonly answer: Answer;
  readonly #options: AttemptOptions;
  readonly #startedAt: number;
  #firstMs: number | undefined;
  #isTold = false;

  constructor(options: AttemptOptions) {
    this.answer = options.answer;
    this.#options = options;
    this.#startedAt = options.clock.monotonic();
  }

  get isProbe(): boolean {
    return this.#options.probe;
  }

  /** Something came that can be passed on. */
  begun(): void {
    this.#firstMs ??= this.#elapsed();
  }

  succeeded(): void {
    this.#tell({ result: 'ok', wholeMs: this.#elapsed(), ...this.#first() });
    this.#endSpan();
  }

  /** `isLate`: the caller's time was over, not the caller gone. */
  failed(error: unknown, isLate: boolean): void {
    const fault = faultOf(error) ?? (isLate && this.#isSilent() ? 'timeout' : undefined);
    if (fault === undefined) this.#leave();
    else {
      const retryAfterMs = error instanceof AppError ? error.retryAfterMs : undefined;
      this.#tell({ result: 'failed', error: fault, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
    }
    this.#endSpan(fault ?? errorType(error));
  }

  /** Nobody waits for the rest. A model that had begun to answer is in order. */
  abandoned(): void {
    this.#leave();
    this.#endSpan('aborted');
  }

  /** Another model was faster: this one takes longer than that, and nobody knows how much. */
  outrun(): void {
    const ms = this.#elapsed();
    this.#tell({ result: 'neutral', ...(this.#options.stream ? { firstMs: ms } : { wholeMs: ms }) });
    this.#endSpan('outrun');
  }

  #leave(): void {
    const first = this.#first();
    this.#tell({ result: first.firstMs === undefined ? 'neutral' : 'ok', ...first });
  }

  #endSpan(error?: string): void {
    const { span, answer, stream } = this.#options;
    if (span === undefined) return;
    span.set(endAttributes(answer, stream ? this.#firstMs : undefined));
    span.end(error);
  }

  #tell(ended: Omit<Ended, 'probe'>): void {
    if (this.#isTold) return;
    this.#isTold = true;
    const { health, answer, probe } = this.#options;
    health.record(answer.prediction.adapter, { ...ended, probe });
  }

  #first(): { firstMs?: number } {
    const { stream } = this.#options;
    return stream && this.#firstMs !== undefined ? { firstMs: this.#firstMs } : {};
  }

  #isSilent(): boolean {
    return this.#options.stream && this.#firstMs === undefined && this.#elapsed() >= LEAST_SILENCE_MS;
  }

  #elapsed(): number {
    return this.#options.clock.monotonic() - this.#startedAt;
  }
}

/** What a provider, or the way to it, did wrong; undefined where it did nothing. */
export const faultOf = (error: unknown): UpstreamFault | undefined => {
  if (!(error instanceof AppError)) return undefined;
  return error.fault ?? (error.code === 'upstream_timeout' ? 'timeout' : undefined);
};
