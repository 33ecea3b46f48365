import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import type { MiddlewareObj } from '@middy/core';

/** It takes the first request that it sees for the instance's first. */
class LateTracer extends Tracer {
  constructor() {
    super();
    this.getColdStart();
  }
}

/** Replies are not captured: they hold what the model said. */
export const openTrace = (isFirst: boolean): MiddlewareObj =>
  captureLambdaHandler(isFirst ? new Tracer() : new LateTracer(), { captureResponse: false });
