/** The model that finds names and addresses, where a function has one: in a thread, or in a function of its own. */
import type { FunctionInvoker } from '../adapters/lambda/invoker.ts';
import { openNamesFunction } from '../adapters/lambda/names-function.ts';
import type { OpenReader } from '../services/redact/guarded-reader.ts';

export interface NamesModelPlace {
  PII_MODEL_DIR?: string | undefined;
  PII_FUNCTION?: string | undefined;
}

export const namesModelIn = (
  { PII_MODEL_DIR: directory, PII_FUNCTION: functionName }: NamesModelPlace,
  makeInvoker: () => FunctionInvoker,
): OpenReader | undefined => {
  if (functionName !== undefined) {
    const invoker = makeInvoker();
    return () => openNamesFunction({ invoker, functionName });
  }
  if (directory === undefined) return undefined;
  return async () => {
    const { openModelThread } = await import('../adapters/pii/model/model-thread.ts');
    return openModelThread(directory);
  };
};
