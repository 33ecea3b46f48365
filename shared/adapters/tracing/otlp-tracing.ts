/**
 * Spans kept in memory until their request has ended, then sent together. Fails open: what cannot be sent in a second is
 * lost, and counted; no request fails for it. The SDK would weigh more than a function's bundle has room for (ADR 0015).
 */
import type { Clock, Random } from '../../ports/runtime.ts';
import type { Attributes, Span, SpanKind, Tracing } from '../../ports/tracing.ts';
import { type EndedSpan, type Resource, toOtlp } from './otlp-json.ts';
import { readTraceparent, writeTraceparent } from './trace-context.ts';

export interface OtlpTracingOptions {
  resource: Resource;
  /** Takes one OTLP/JSON document; rejects where it could not be delivered. */
  send: (body: string) => Promise<void>;
  clock: Clock;
  random: Pick<Random, 'next' | 'bytes'>;
  /** Share of new traces that are recorded; a caller's own decision counts more. */
  sampleRatio: number;
  /** May providers see the trace? */
  handOn: boolean;
  /** A caller's id that holds some is not taken over. */
  holdsPersonalData: (text: string) => boolean;
  /** So many spans are lost. */
  lost: (count: number) => void;
}

/** Of spans that wait to be sent; beyond that the newest are lost. */
const MOST_WAITING = 2_048;
const PATIENCE_MS = 1_000;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

interface SpanStart {
  traceId: string;
  parentId?: string | undefined;
  name: string;
  kind: SpanKind;
  attributes: Attributes;
}

class RecordedSpan implements Span {
  readonly #options: OtlpTracingOptions;
  readonly #ended: (span: EndedSpan) => void;
  readonly #start: SpanStart;
  readonly #spanId: string;
  readonly #startMs: number;
  readonly #startedAt: number;
  #attributes: Attributes;
  #isOver = false;

  constructor(options: OtlpTracingOptions, ended: (span: EndedSpan) => void, start: SpanStart) {
    this.#options = options;
    this.#ended = ended;
    this.#start = start;
    this.#attributes = start.attributes;
    this.#spanId = hex(options.random.bytes(8));
    this.#startMs = options.clock.now();
    this.#startedAt = options.clock.monotonic();
  }

  get handedOn(): string | undefined {
    if (!this.#options.handOn) return undefined;
    return writeTraceparent({ traceId: this.#start.traceId, spanId: this.#spanId, sampled: true });
  }

  child(name: string, kind: SpanKind = 'internal', attributes: Attributes = {}): Span {
    const { traceId } = this.#start;
    return new RecordedSpan(this.#options, this.#ended, {
      ...{ traceId, parentId: this.#spanId, name, kind, attributes },
    });
  }

  set(attributes: Attributes): void {
    this.#attributes = { ...this.#attributes, ...attributes };
  }

  end(errorType?: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const durationMs = this.#options.clock.monotonic() - this.#startedAt;
    this.#ended({
      ...this.#start,
      spanId: this.#spanId,
      startMs: this.#startMs,
      endMs: this.#startMs + durationMs,
      attributes: this.#attributes,
      errorType,
    });
  }
}

export class OtlpTracing implements Tracing {
  readonly #options: OtlpTracingOptions;
  #waiting: EndedSpan[] = [];

  constructor(options: OtlpTracingOptions) {
    this.#options = options;
  }

  begin(name: string, kind: SpanKind, attributes: Attributes, traceparent?: string): Span | undefined {
    const { random, sampleRatio, holdsPersonalData } = this.#options;
    const offered = readTraceparent(traceparent);
    const isFit = offered !== undefined && !holdsPersonalData(`${offered.traceId} ${offered.spanId}`);
    const parent = isFit ? offered : undefined;
    if (parent === undefined ? random.next() >= sampleRatio : !parent.sampled) return undefined;
    return new RecordedSpan(this.#options, (span) => this.#take(span), {
      ...{ traceId: parent?.traceId ?? this.#traceId(), parentId: parent?.spanId, name, kind, attributes },
    });
  }

  /** Requests that end together may send each other's spans; whoever finds none has nothing to wait for. */
  async flush(): Promise<void> {
    const spans = this.#waiting;
    if (spans.length === 0) return;
    this.#waiting = [];
    const { send, resource, clock, lost } = this.#options;
    const patience = new AbortController();
    try {
      const late = clock.sleep(PATIENCE_MS, patience.signal).then(() => Promise.reject(new Error('late')));
      await Promise.race([send(toOtlp(spans, resource)), late]);
    } catch {
      lost(spans.length);
    } finally {
      patience.abort();
    }
  }

  #take(span: EndedSpan): void {
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push(span);
    else this.#options.lost(1);
  }

  /** Seconds first, as X-Ray wants them: https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html. */
  #traceId(): string {
    const { clock, random } = this.#options;
    const seconds = Math.floor(clock.now() / 1_000);
    return seconds.toString(16).padStart(8, '0') + hex(random.bytes(12));
  }
}
