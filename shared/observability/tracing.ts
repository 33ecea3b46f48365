/**
 * Powertools' tracer, from the first request on that X-Ray samples: the X-Ray SDK takes a tenth of a cold start, and its
 * hooks a part of every promise, for nothing where nothing is sent. What the SDK captures by itself goes over `node:http`,
 * which our clients do not use.
 */
import type { MiddlewareObj } from '@middy/core';

type Trace = Required<Pick<MiddlewareObj, 'before' | 'after' | 'onError'>>;

/** Lambda says so before each request; where it says nothing (several requests at once), they may all be sampled. */
const isSampled = (): boolean => process.env._X_AMZN_TRACE_ID?.includes('Sampled=0') !== true;

/** `open` is told whether this is the first request. */
export const traceSampled = (open: (isFirst: boolean) => Promise<MiddlewareObj>): Trace => {
  let isFirst = true;
  let opening: Promise<MiddlewareObj> | undefined;
  let trace: MiddlewareObj | undefined;
  return {
    before: async (request) => {
      if (trace === undefined && isSampled()) {
        opening ??= open(isFirst);
        trace = await opening;
      }
      isFirst = false;
      await trace?.before?.(request);
    },
    after: (request) => trace?.after?.(request),
    onError: (request) => trace?.onError?.(request),
  };
};
