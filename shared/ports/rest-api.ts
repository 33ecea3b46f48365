/** This product's own REST API, called with a caller's credential: what is a translation of it needs no second way in. */
export interface RestCall {
  method: 'GET' | 'POST';
  /** As in CONTRACT, e.g. `/v1/ask`. */
  path: string;
  /** The caller's credential and tenant. */
  headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  body?: unknown;
  signal: AbortSignal;
}

/** `body` is a reply, or a problem where the status is not 2xx. */
export interface RestReply {
  status: number;
  body: unknown;
}

export interface RestEvent {
  event: string;
  data: unknown;
}

/** Throws `unavailable` where the API does not answer, and the signal's reason where it is aborted. */
export interface RestApi {
  call(call: RestCall): Promise<RestReply>;
  /** The events of a streamed answer as they come; a reply that is no stream is one event named `reply`. */
  stream(call: RestCall): AsyncIterable<RestEvent | { event: 'reply'; data: RestReply }>;
}
