/** The Rust selector, invoked synchronously; one Invoke answers a batch. */
import { AppError } from '../../errors/app-error.ts';
import { SELECT_CONTRACT, type SelectRequest, type SelectResult } from '../../model/selection.ts';
import type { Selector } from '../../ports/selector.ts';
import type { FunctionInvoker } from './invoker.ts';

export interface RustSelectorOptions {
  invoker: FunctionInvoker;
  functionName: string;
}

const unavailable = (cause: unknown): AppError =>
  new AppError('unavailable', 'The selector cannot answer at the moment.', { cause });

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isRanked = (value: unknown): boolean =>
  isRecord(value) &&
  typeof value.id === 'string' &&
  Number.isFinite(value.quality) &&
  Number.isFinite(value.uncertainty) &&
  Number.isFinite(value.score) &&
  Number.isFinite(value.propensity);

const isResult = (value: unknown, id: string): value is SelectResult => {
  if (!isRecord(value) || value.id !== id) return false;
  if (isRecord(value.error)) return typeof value.error.code === 'string';
  const { ranking, state_version, state } = value;
  return (
    Number.isFinite(state_version) &&
    typeof state === 'string' &&
    Array.isArray(ranking) &&
    ranking.length > 0 &&
    ranking.every(isRanked)
  );
};

export class RustSelector implements Selector {
  readonly backend = 'rust';
  readonly #options: RustSelectorOptions;

  constructor(options: RustSelectorOptions) {
    this.#options = options;
  }

  async select(requests: readonly SelectRequest[]): Promise<SelectResult[]> {
    const results = parse(await this.#invoke(requests));
    if (results.length !== requests.length) throw unavailable(new Error('another number of results'));
    return requests.map(({ id }, index) => {
      const result = results[index];
      if (!isResult(result, id)) throw unavailable(new Error('a malformed result'));
      return result;
    });
  }

  async #invoke(requests: readonly SelectRequest[]): Promise<string> {
    const { invoker, functionName } = this.#options;
    try {
      return await invoker.invoke(functionName, JSON.stringify({ contract: SELECT_CONTRACT, requests }));
    } catch (cause) {
      throw unavailable(cause);
    }
  }
}

const parse = (payload: string): unknown[] => {
  let reply: unknown;
  try {
    reply = JSON.parse(payload);
  } catch (cause) {
    throw unavailable(cause);
  }
  const results = isRecord(reply) ? reply.results : undefined;
  if (!Array.isArray(results)) throw unavailable(new Error('no results'));
  return results;
};
