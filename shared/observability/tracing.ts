import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import type { MiddlewareObj } from '@middy/core';

/** Replies are not captured: they hold what the model said. */
export const makeTrace = (): MiddlewareObj => captureLambdaHandler(new Tracer(), { captureResponse: false });
