/** Preloaded into the emulator's Node processes, which know no `awslambda`: a stream is collected into one proxy result. */
import { Writable } from 'node:stream';
import type { Context } from 'aws-lambda';
import type { StreamingHandler } from '../../../local/lambda/awslambda-global.ts';
import { installAwslambda } from '../../../local/lambda/awslambda-global.ts';
import { collectResponse } from '../../../local/lambda/collect-response.ts';

installAwslambda();
Object.assign(Reflect.get(globalThis, 'awslambda') as object, {
  // Called by the runtime, or by another handler that has the stream already.
  streamifyResponse:
    (handler: StreamingHandler) => (event: unknown, given: Writable | Context, context: Context) =>
      given instanceof Writable ? handler(event, given, context) : collectResponse(handler, event, given),
});
