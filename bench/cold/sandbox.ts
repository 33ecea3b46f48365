/** One process of a function behind a Runtime API of its own, as Lambda would start it for a waiting invocation. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { LambdaFunction, type Poller } from '../../local/aws/lambda-function.ts';
import { RuntimeApi } from '../../local/aws/runtime-api.ts';
import { REPORT_DESCRIPTOR, readLoaded } from './load-report.ts';

export interface SandboxSpec {
  name: string;
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Whether the process tells how long its module took to load. */
  reportsLoad: boolean;
}

/** Milliseconds. `start` and `load` end with the first `next` poll; `request` ends with the complete reply. */
export interface Phases {
  /** Until the function's module begins to load; for a binary, until it asks for work. */
  start: number;
  load: number;
  request: number;
  total: number;
}

const TIMEOUT_MS = 30_000;
const MEMORY_MB = '1792';

class ObservedFunction extends LambdaFunction {
  polledAt: number | undefined;

  override poll(poller: Poller): void {
    this.polledAt ??= performance.now();
    super.poll(poller);
  }
}

export class Sandbox {
  readonly lambda: LambdaFunction;
  readonly #api: RuntimeApi;
  readonly #child: ChildProcess;

  private constructor(lambda: LambdaFunction, api: RuntimeApi, child: ChildProcess) {
    this.lambda = lambda;
    this.#api = api;
    this.#child = child;
  }

  /** Starts the process for one invocation, which waits already. Throws where the function fails. */
  static async start(
    spec: SandboxSpec,
    payload: Buffer,
  ): Promise<{ sandbox: Sandbox; reply: Buffer; phases: Phases }> {
    const lambda = new ObservedFunction({
      name: spec.name,
      timeoutMs: TIMEOUT_MS,
      newId: randomUUID,
      now: () => Date.now(),
      onHang: () => undefined,
    });
    const api = new RuntimeApi(lambda, () => lambda.processEnded());
    const env = hostEnvironment(spec, await api.listen());
    lambda.processStarted();
    const waiting = lambda.invoke(payload);
    const began = performance.now();
    const child = spawn(spec.command, spec.args, {
      stdio: ['pipe', 'ignore', 'pipe', spec.reportsLoad ? 'pipe' : 'ignore'],
      env,
    });
    const words: string[] = [];
    child.stderr?.setEncoding('utf8').on('data', (text: string) => words.push(text));
    child.on('error', (error) => words.push(error.message)).on('close', () => lambda.processEnded());
    const loading = spec.reportsLoad
      ? readLoaded(child.stdio[REPORT_DESCRIPTOR] as Readable)
      : Promise.resolve(0);
    loading.catch(() => undefined);
    const result = await waiting;
    const ended = performance.now();
    const sandbox = new Sandbox(lambda, api, child);
    if (result === undefined || result.functionError !== undefined) {
      await sandbox.stop();
      throw new Error(`${spec.name} failed: ${result?.payload.toString('utf8') ?? ''}\n${words.join('')}`);
    }
    const load = await loading;
    const polled = lambda.polledAt ?? began;
    const phases = {
      start: polled - began - load,
      load,
      request: ended - polled,
      total: ended - began,
    };
    return { sandbox, reply: result.payload, phases };
  }

  /** A later, warm invocation. */
  async invoke(payload: Buffer): Promise<Buffer> {
    const result = await this.lambda.invoke(payload);
    if (result === undefined || result.functionError !== undefined)
      throw new Error(`${this.lambda.name} failed: ${result?.payload.toString('utf8') ?? 'it has ended'}`);
    return result.payload;
  }

  async stop(): Promise<void> {
    if (this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGKILL');
      await ended;
    }
    this.#api.close();
  }
}

/** What Lambda itself adds to a function's environment. */
const hostEnvironment = (spec: SandboxSpec, api: string): Record<string, string> => ({
  AWS_LAMBDA_FUNCTION_NAME: spec.name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: MEMORY_MB,
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_LAMBDA_RUNTIME_API: api,
  AWS_EXECUTION_ENV: spec.reportsLoad ? 'AWS_Lambda_nodejs24.x' : 'AWS_Lambda_provided.al2023',
  AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
  // Nobody listens there, and these requests are not sampled.
  AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000',
  _HANDLER: 'index.handler',
  PATH: process.env.PATH ?? '',
  TZ: ':UTC',
  ...spec.env,
});
