/** Lambda's synchronous Invoke of one version; a function's own failure is an answer here. */

import type { VersionInvoker } from '../../ports/release.ts';
import type { Clock, Random } from '../../ports/runtime.ts';
import { AwsClient, type AwsConnection } from '../aws/aws-client.ts';
import { escapeSegment } from '../aws/sigv4.ts';

/** A new version's first answer takes its cold start, in a VPC too. */
const TIMEOUT_MS = 20_000;

export const makeVersionInvoker = (
  options: AwsConnection & { clock: Clock; random: Random },
): VersionInvoker & { close(): Promise<void> } => {
  const client = new AwsClient({ ...options, timeoutMs: TIMEOUT_MS, attempts: 3, service: 'lambda' });
  return {
    invoke: async ({ functionName, version }, payload) => {
      const { headers, body } = await client.send({
        path: `/2015-03-31/functions/${escapeSegment(`${functionName}:${version}`)}/invocations`,
        headers: { 'content-type': 'application/json' },
        body: payload,
      });
      return { text: body, failed: headers['x-amz-function-error'] !== undefined };
    },
    close: () => client.close(),
  };
};
