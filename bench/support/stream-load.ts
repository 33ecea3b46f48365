/**
 * A load generator for event streams, a process of its own so that it shares no event loop with what starts it. Raw sockets:
 * it looks for tokens and for the end of a reply, and parses nothing. Takes its orders as JSON in its argument, and prints its
 * result as JSON.
 */
import { execFile } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type LoadTarget, quantile, requestBytes } from './load.ts';

export interface StreamLoad {
  streams: number;
  failures: number;
  seconds: number;
  /** Milliseconds. */
  firstP50: number;
  firstP99: number;
  gapP50: number;
  gapP99: number;
}

interface Orders {
  target: LoadTarget;
  connections: number;
  seconds: number;
}

const MOST_BYTES = 64 * 1024 * 1024;

export const runStreamLoad = async (
  { port, path, headers, body }: LoadTarget,
  connections: number,
  seconds: number,
): Promise<StreamLoad> => {
  const orders: Orders = { target: { port, path, headers, body }, connections, seconds };
  const args = [fileURLToPath(import.meta.url), JSON.stringify(orders)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: MOST_BYTES });
  return JSON.parse(stdout) as StreamLoad;
};

const TOKEN = '"token "';
const DONE = 'data: [DONE]';
const END = '\r\n0\r\n\r\n';
/** Longer than whatever may be cut by the edge of a read. */
const TAIL = 32;

class StreamReader {
  firsts: number[] = [];
  gaps: number[] = [];
  streams = 0;
  failures = 0;
  readonly #request: Buffer;
  readonly #port: number;
  #until = 0;
  readonly #sockets: (Socket | undefined)[];

  constructor({ target, connections }: Orders) {
    this.#request = requestBytes(target);
    this.#port = target.port;
    this.#sockets = Array.from({ length: connections }, () => undefined);
  }

  /** One stream on each connection that does not count: a server takes in connections that come at once one at a time. */
  async connect(): Promise<void> {
    await Promise.all(this.#sockets.map((_, index) => this.#once(index)));
    this.firsts = [];
    this.gaps = [];
    this.streams = 0;
  }

  /** Each connection's streams, one after the other. One that ends with its stream is opened again. */
  async run(seconds: number): Promise<void> {
    this.#until = performance.now() + seconds * 1_000;
    await Promise.all(this.#sockets.map((_, index) => this.#again(index)));
  }

  async #again(index: number): Promise<void> {
    while (performance.now() < this.#until) await this.#once(index);
    this.#sockets[index]?.destroy();
  }

  async #once(index: number): Promise<void> {
    const held = this.#sockets[index];
    const socket = held === undefined || held.destroyed ? await this.#open() : held;
    this.#sockets[index] = socket;
    if (await this.#stream(socket)) return;
    this.failures += 1;
    socket.destroy();
  }

  #open(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true }, () => resolve(socket));
      socket.setEncoding('latin1').once('error', reject);
    });
  }

  /** False where it was not whole. */
  #stream(socket: Socket): Promise<boolean> {
    return new Promise((resolve) => {
      const sentAt = performance.now();
      let last: number | undefined;
      let tail = '';
      let isOk: boolean | undefined;
      let isDone = false;
      const finish = (whole: boolean): void => {
        socket.off('data', take).off('close', close).off('error', close);
        if (whole) this.streams += 1;
        resolve(whole);
      };
      const close = (): void => finish(isDone && isOk === true);
      const take = (text: string): void => {
        const now = performance.now();
        isOk ??= text.startsWith('HTTP/1.1 200');
        const seen = tail + text;
        for (let at = seen.indexOf(TOKEN); at >= 0; at = seen.indexOf(TOKEN, at + TOKEN.length)) {
          if (at + TOKEN.length <= tail.length) continue;
          if (last === undefined) this.firsts.push(now - sentAt);
          else this.gaps.push(now - last);
          last = now;
        }
        isDone ||= seen.includes(DONE);
        tail = seen.slice(-TAIL);
        if (seen.endsWith(END)) finish(isDone && isOk === true);
      };
      socket.on('data', take).on('close', close).on('error', close);
      socket.write(this.#request);
    });
  }
}

const main = async (orders: Orders): Promise<void> => {
  const reader = new StreamReader(orders);
  await reader.connect();
  const startedAt = performance.now();
  await reader.run(orders.seconds);
  const firsts = Float64Array.from(reader.firsts).sort();
  const gaps = Float64Array.from(reader.gaps).sort();
  const result: StreamLoad = {
    streams: reader.streams,
    failures: reader.failures,
    seconds: (performance.now() - startedAt) / 1_000,
    firstP50: quantile(firsts, 0.5),
    firstP99: quantile(firsts, 0.99),
    gapP50: quantile(gaps, 0.5),
    gapP99: quantile(gaps, 0.99),
  };
  process.stdout.write(JSON.stringify(result));
};

if (process.argv[1] === fileURLToPath(import.meta.url))
  await main(JSON.parse(process.argv[2] ?? '') as Orders);
