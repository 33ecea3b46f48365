/** Spans of a request: names, numbers and codes, never what was sent or answered. */

export type Attribute = string | number | boolean | readonly string[];

/** What is undefined is left out. */
export type Attributes = Readonly<Record<string, Attribute | undefined>>;

/** As OpenTelemetry has them: a server's and a queue's own requests, calls that leave, and everything between. */
export type SpanKind = 'server' | 'consumer' | 'client' | 'internal';

export interface Span {
  child(name: string, kind?: SpanKind, attributes?: Attributes): Span;
  set(attributes: Attributes): void;
  /** Once; what is told later changes nothing. `errorType` is a code, where it failed. */
  end(errorType?: string): void;
  /** W3C's header for whoever is called; undefined where the stage hands nothing on. */
  readonly handedOn: string | undefined;
}

export interface Tracing {
  /** Undefined where the request is not sampled. `traceparent` is the caller's header. */
  begin(name: string, kind: SpanKind, attributes: Attributes, traceparent?: string): Span | undefined;
  /** Sends what has ended. Bounded in time; never rejects. */
  flush(): Promise<void>;
}
