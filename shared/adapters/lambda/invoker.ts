/** Lambda's synchronous Invoke (2015-03-31) over the signed client. */
import type { Clock, Random } from '../../ports/runtime.ts';
import { AwsClient, type AwsConnection } from '../aws/aws-client.ts';
import { escapeSegment } from '../aws/sigv4.ts';

export interface FunctionInvoker {
  /** The function's answer as text. Throws where it failed, or did not answer in time. */
  invoke(functionName: string, payload: string): Promise<string>;
}

export interface InvokerOptions extends AwsConnection {
  clock: Clock;
  random: Random;
  /** Milliseconds to wait for an answer. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 1_000;

export const makeInvoker = (options: InvokerOptions): FunctionInvoker & { close(): Promise<void> } => {
  // One try: who asks has another way to its answer, and a busy function is not helped by more calls.
  const client = new AwsClient({ timeoutMs: TIMEOUT_MS, ...options, attempts: 1, service: 'lambda' });
  return {
    invoke: async (functionName, payload) => {
      const { headers, body } = await client.send({
        path: `/2015-03-31/functions/${escapeSegment(functionName)}/invocations`,
        headers: { 'content-type': 'application/json' },
        body: payload,
      });
      if (headers['x-amz-function-error'] !== undefined) throw new Error('the function failed');
      return body;
    },
    close: () => client.close(),
  };
};
