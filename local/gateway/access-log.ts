/** One JSON line a request, by the route's pattern: never a header, a query or a path. */
import { BatchedOutput } from './batched-output.ts';

const FLUSH_MS = 100;

export class AccessLog {
  readonly #output: BatchedOutput;

  constructor(descriptor: number) {
    this.#output = new BatchedOutput(descriptor, FLUSH_MS);
  }

  record(route: string, status: number, ms: number, requestId: string): void {
    this.#output.write(
      `{"timestamp":"${new Date().toISOString()}","route":"${route}","status":${status},"ms":${ms.toFixed(2)},"request_id":"${requestId}"}\n`,
    );
  }

  flush(): void {
    this.#output.flush();
  }
}
