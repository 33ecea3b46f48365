/** Preloaded into the emulator's Node processes, which know no `awslambda`: a stream is collected into one proxy result. */
import type { Context } from 'aws-lambda';
import type { StreamingHandler } from '../../../local/lambda/awslambda-global.ts';
import { installAwslambda } from '../../../local/lambda/awslambda-global.ts';
import { collectResponse } from '../../../local/lambda/collect-response.ts';

installAwslambda();
Object.assign(Reflect.get(globalThis, 'awslambda') as object, {
  streamifyResponse: (handler: StreamingHandler) => (event: unknown, context: Context) =>
    collectResponse(handler, event, context),
});
