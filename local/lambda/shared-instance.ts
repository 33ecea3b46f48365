/**
 * One instance that takes many invocations at once, as a worker thread of a managed instance does: one handler object for all
 * of them, and for each an invoke store of its own, where Powertools keeps what belongs to one invocation.
 */
import { InvokeStore, type InvokeStoreBase } from '@aws/lambda-invoke-store';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { isStreaming } from './awslambda-global.ts';
import { collectResponse } from './collect-response.ts';
import { type FunctionTemplate, InvocationContext } from './invocation-context.ts';

export interface Invocation {
  requestId: string;
  timeoutMs: number;
}

export class SharedInstance {
  readonly #store: InvokeStoreBase;
  readonly #template: FunctionTemplate;
  #underway = 0;
  #most = 0;

  private constructor(store: InvokeStoreBase, template: FunctionTemplate) {
    this.#store = store;
    this.#template = template;
  }

  /** After installAwslambda, which gives it the place where libraries look for it. */
  static async open(template: FunctionTemplate): Promise<SharedInstance> {
    const store = await InvokeStore.getInstanceAsync(true);
    Object.assign(awslambda, { InvokeStore: store });
    return new SharedInstance(store, template);
  }

  /** As many as were under way at one time. */
  get mostAtOnce(): number {
    return this.#most;
  }

  /** A streamed reply comes in one piece. */
  async invoke<Reply = APIGatewayProxyResult>(
    handler: unknown,
    event: unknown,
    { requestId, timeoutMs }: Invocation,
  ): Promise<Reply> {
    const context = new InvocationContext(this.#template, requestId, performance.now() + timeoutMs);
    return this.run(requestId, async () => {
      if (isStreaming(handler)) return (await collectResponse(handler, event, context)) as Reply;
      if (typeof handler !== 'function') throw new TypeError('the function exports no handler');
      return (await handler(event, context)) as Reply;
    });
  }

  /** Whatever `work` starts knows the invocation it belongs to. */
  async run<Result>(requestId: string, work: () => Promise<Result>): Promise<Result> {
    this.#underway += 1;
    this.#most = Math.max(this.#most, this.#underway);
    try {
      return await this.#store.run(
        { [InvokeStoreKeys.requestId]: requestId, [InvokeStoreKeys.traceId]: undefined },
        work,
      );
    } finally {
      this.#underway -= 1;
    }
  }
}

/** Under these names Lambda's own runtime keeps them. */
const InvokeStoreKeys = {
  requestId: Symbol.for('_AWS_LAMBDA_REQUEST_ID'),
  traceId: Symbol.for('_AWS_LAMBDA_X_RAY_TRACE_ID'),
} as const;
