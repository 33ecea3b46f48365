/** A Rust Lambda run here: its queue of invocations, its Runtime API, its process. */
import { randomUUID } from 'node:crypto';
import { LambdaFunction } from '../aws/lambda-function.ts';
import { RuntimeApi } from '../aws/runtime-api.ts';
import type { LogDirectory } from '../processes/log-directory.ts';
import { ManagedProcess, type ProcessEvents } from '../processes/managed-process.ts';

export interface RustFunctionOptions {
  name: string;
  binary: string;
  timeoutMs: number;
  logs: LogDirectory;
  events: ProcessEvents;
}

const MEMORY_MB = '256';

export class RustFunction {
  readonly lambda: LambdaFunction;
  readonly #options: RustFunctionOptions;
  #api: RuntimeApi | undefined;
  #process: ManagedProcess | undefined;

  constructor(options: RustFunctionOptions) {
    this.#options = options;
    this.lambda = new LambdaFunction({
      name: options.name,
      timeoutMs: options.timeoutMs,
      newId: randomUUID,
      now: () => Date.now(),
      onHang: () => {
        options.logs.write('supervisor', 'WARN', 'A function did not answer in time and is killed', {
          process: options.name,
        });
        this.#process?.kill();
      },
    });
  }

  get pid(): number | null {
    return this.lambda.running ? (this.#process?.pid ?? null) : null;
  }

  async start(environment: Readonly<Record<string, string>>): Promise<void> {
    const { name, binary, logs, events } = this.#options;
    this.#api = new RuntimeApi(this.lambda, () => this.#process?.kill());
    const address = await this.#api.listen();
    const env = {
      ...environment,
      AWS_LAMBDA_RUNTIME_API: address,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: MEMORY_MB,
      _HANDLER: name,
    };
    const spec = { name, command: binary, args: [], env, holdStdin: true };
    this.#process = new ManagedProcess(spec, logs, {
      up: (pid) => {
        this.lambda.processStarted();
        events.up(pid);
      },
      down: (pid) => {
        this.lambda.processEnded();
        events.down(pid);
      },
    });
    this.#process.start();
  }

  async stop(): Promise<void> {
    await this.#process?.stop();
    this.#api?.close();
  }
}
