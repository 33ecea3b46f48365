/**
 * A load generator on raw sockets: each connection sends one prepared request, reads the whole reply, and sends the
 * next. It parses no more than a reply's end needs, so that it stays far cheaper than what it measures.
 */
import { connect, type Socket } from 'node:net';

export interface LoadTarget {
  port: number;
  path: string;
  headers: Record<string, string>;
  body: string;
}

export interface LoadResult {
  requests: number;
  failures: number;
  seconds: number;
  /** Milliseconds, sorted. */
  latencies: Float64Array;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const CHUNKED_END = Buffer.from('0\r\n\r\n');

export const requestBytes = ({ port, path, headers, body }: LoadTarget): Buffer => {
  const lines = [
    `POST ${path} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
};

/** Bytes of the reply at the start of `buffer`, or 0 while it is incomplete. */
const replyLength = (buffer: Buffer): number => {
  const headEnd = buffer.indexOf(HEAD_END);
  if (headEnd < 0) return 0;
  const head = buffer.toString('latin1', 0, headEnd).toLowerCase();
  const length = /content-length: (\d+)/.exec(head)?.[1];
  if (length !== undefined) {
    const total = headEnd + 4 + Number(length);
    return buffer.length >= total ? total : 0;
  }
  const end = buffer.indexOf(CHUNKED_END, headEnd + 2);
  return end < 0 ? 0 : end + CHUNKED_END.length;
};

class Connection {
  readonly #request: Buffer;
  readonly #latencies: number[];
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #sentAt = 0;
  #open = true;
  failures = 0;

  constructor(target: LoadTarget, latencies: number[], until: number, done: () => void) {
    this.#request = requestBytes(target);
    this.#latencies = latencies;
    this.#socket = connect({ port: target.port, host: '127.0.0.1', noDelay: true }, () => this.#send());
    this.#socket.on('data', (chunk: Buffer) => {
      this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
      const length = replyLength(this.#received);
      if (length === 0) return;
      this.#latencies.push(performance.now() - this.#sentAt);
      if (this.#received.toString('latin1', 9, 12) !== '200') this.failures += 1;
      this.#received = this.#received.subarray(length);
      if (performance.now() < until) this.#send();
      else this.#end(done);
    });
    this.#socket.on('error', () => {
      this.failures += 1;
      this.#end(done);
    });
    this.#socket.on('close', () => this.#end(done));
  }

  #send(): void {
    this.#sentAt = performance.now();
    this.#socket.write(this.#request);
  }

  #end(done: () => void): void {
    if (!this.#open) return;
    this.#open = false;
    this.#socket.destroy();
    done();
  }
}

export const runLoad = async (
  target: LoadTarget,
  connections: number,
  seconds: number,
): Promise<LoadResult> => {
  const latencies: number[] = [];
  const started = performance.now();
  const until = started + seconds * 1_000;
  const all: Connection[] = [];
  await Promise.all(
    Array.from(
      { length: connections },
      () => new Promise<void>((done) => all.push(new Connection(target, latencies, until, done))),
    ),
  );
  return {
    requests: latencies.length,
    failures: all.reduce((sum, connection) => sum + connection.failures, 0),
    seconds: (performance.now() - started) / 1_000,
    latencies: Float64Array.from(latencies).sort(),
  };
};

export const quantile = (sorted: Float64Array, q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;

export const median = (values: number[]): number => quantile(Float64Array.from(values).sort(), 0.5);
