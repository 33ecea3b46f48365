/**
 * Tells a streamed request that its reader went away, also before its reply began: whoever waits for a provider then hangs up.
 * Middy keeps the stream to itself, so this stands around it.
 */
import type { Writable } from 'node:stream';
import type { Context } from 'aws-lambda';
import type { GatewayEvent } from './scope.ts';

type Streamed = (event: GatewayEvent, stream: Writable, context: Context) => Promise<void>;

export const watchReader = (handler: Streamed): Streamed =>
  awslambda.streamifyResponse(async (event: GatewayEvent, stream: Writable, context: Context) => {
    const reader = new AbortController();
    event.reader = reader;
    stream.once('close', () => {
      if (!stream.writableFinished) reader.abort();
    });
    await handler(event, stream, context);
  }) as Streamed;
