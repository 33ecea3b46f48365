/**
 * What Lambda's managed Node runtime does for a function, as far as its handlers can see: loads `index.mjs` from the
 * task root, asks the Runtime API for invocations, and posts what the handler returns or streams. It takes no longer
 * way than AWS's own; what that one adds (its native HTTP client, patched console) is not measured here.
 */
import type { ClientRequest, IncomingMessage } from 'node:http';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import type { Context } from 'aws-lambda';
import { installAwslambda, isStreaming } from '../../local/lambda/awslambda-global.ts';
import { InvocationContext } from '../../local/lambda/invocation-context.ts';
import { REPORT_DESCRIPTOR, reportLoaded } from './load-report.ts';

type Buffered = (event: unknown, context: Context) => Promise<unknown>;

// Imported, it would load Node's fetch, which a function may well do without.
const { Agent, request } = process.getBuiltinModule('node:http');

const BASE = '/2018-06-01/runtime/invocation/';
const IS_SAMPLED = process.env.BENCH_SAMPLED === 'true';
const [host, port] = (process.env.AWS_LAMBDA_RUNTIME_API ?? '').split(':');
const agent = new Agent({ keepAlive: true, maxSockets: 2 });

const call = (method: string, path: string, headers: Record<string, string | number> = {}): ClientRequest =>
  request({ host, port, agent, method, path: BASE + path, headers });

const replyTo = (sent: ClientRequest): Promise<{ head: IncomingMessage; body: Buffer }> =>
  new Promise((resolve, reject) => {
    sent.on('error', reject).on('response', (head: IncomingMessage) => {
      const chunks: Buffer[] = [];
      head.on('data', (chunk: Buffer) => chunks.push(chunk));
      head.on('end', () => resolve({ head, body: Buffer.concat(chunks) }));
    });
  });

/** The prelude goes out with the first byte, as a handler may set it until then. */
class StreamedReply extends Writable {
  readonly #id: string;
  #sent: ClientRequest | undefined;
  #contentType = 'application/octet-stream';
  _onBeforeFirstWrite: ((write: (chunk: string | Uint8Array) => void) => void) | undefined;
  reply: Promise<unknown> = Promise.resolve();

  constructor(id: string) {
    super();
    this.#id = id;
  }

  setContentType(type: string): void {
    this.#contentType = type;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.#begin().write(chunk)) done();
    else this.#sent?.once('drain', done);
  }

  override _final(done: () => void): void {
    this.#begin().end();
    done();
  }

  #begin(): ClientRequest {
    if (this.#sent !== undefined) return this.#sent;
    const sent = call('POST', `${this.#id}/response`, {
      'content-type': this.#contentType,
      'lambda-runtime-function-response-mode': 'streaming',
      'transfer-encoding': 'chunked',
    });
    this.#sent = sent;
    this.reply = replyTo(sent);
    this._onBeforeFirstWrite?.((first) => sent.write(first));
    return sent;
  }
}

const stream = async (handler: unknown, id: string, event: unknown, context: Context): Promise<void> => {
  const reply = new StreamedReply(id);
  const finished = new Promise<void>((resolve, reject) => {
    reply.once('finish', resolve).once('error', reject);
  });
  await (handler as (event: unknown, stream: Writable, context: Context) => unknown)(event, reply, context);
  await finished;
  await reply.reply;
};

const post = async (path: string, value: unknown): Promise<void> => {
  const body = Buffer.from(JSON.stringify(value ?? null));
  const sent = call('POST', path, { 'content-type': 'application/json', 'content-length': body.length });
  const reply = replyTo(sent);
  sent.end(body);
  await reply;
};

const invocation = async (handler: unknown): Promise<void> => {
  const waiting = call('GET', 'next');
  waiting.end();
  const { head, body } = await replyTo(waiting);
  const id = String(head.headers['lambda-runtime-aws-request-id']);
  const trace = String(head.headers['lambda-runtime-trace-id']);
  process.env._X_AMZN_TRACE_ID = IS_SAMPLED ? trace.replace('Sampled=0', 'Sampled=1') : trace;
  const left = Number(head.headers['lambda-runtime-deadline-ms']) - Date.now();
  const context = new InvocationContext(
    {
      functionName: process.env.AWS_LAMBDA_FUNCTION_NAME ?? '',
      memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? '',
    },
    id,
    performance.now() + left,
  );
  try {
    const event: unknown = JSON.parse(body.toString('utf8'));
    if (isStreaming(handler)) await stream(handler, id, event, context);
    else await post(`${id}/response`, await (handler as Buffered)(event, context));
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    await post(`${id}/error`, { errorType: name, errorMessage: message });
  }
};

installAwslambda();
const began = performance.now();
const entry = pathToFileURL(join(process.env.LAMBDA_TASK_ROOT ?? '', 'index.mjs')).href;
const { handler } = (await import(entry)) as { handler: unknown };
reportLoaded(REPORT_DESCRIPTOR, performance.now() - began);
await invocation(handler);
// Priming: a process that is killed, as Lambda's are, would write no cache.
if (process.env.NODE_COMPILE_CACHE !== undefined) flushCompileCache();
for (;;) await invocation(handler);
