/**
 * The model in a function of its own, invoked synchronously. Fails closed: an answer that is none is an error, and so is a
 * span that its text does not hold.
 */
import { NAMES_CONTRACT, type NamesQuestion } from '../../model/name-finding.ts';
import { PII_TYPES, type PiiSpan } from '../../model/pii.ts';
import type { PiiReader, PiiReading } from '../../ports/pii-detector.ts';
import type { FunctionInvoker } from './invoker.ts';

export interface NamesFunctionOptions {
  invoker: FunctionInvoker;
  functionName: string;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const isSpan = (value: unknown, from: number, length: number): value is PiiSpan =>
  isRecord(value) &&
  Number.isInteger(value.start) &&
  Number.isInteger(value.end) &&
  (value.start as number) >= from &&
  (value.start as number) < (value.end as number) &&
  (value.end as number) <= length &&
  (PII_TYPES as readonly unknown[]).includes(value.type);

const readingOf = (value: unknown, text: string): PiiReading => {
  if (!isRecord(value) || typeof value.complete !== 'boolean' || !Array.isArray(value.spans))
    throw new TypeError('a malformed reading');
  let from = 0;
  const spans = value.spans.map((span: unknown): PiiSpan => {
    if (!isSpan(span, from, text.length)) throw new TypeError('a malformed span');
    from = span.end;
    return { start: span.start, end: span.end, type: span.type };
  });
  return { spans, complete: value.complete };
};

const parse = (payload: string): unknown[] => {
  const reply: unknown = JSON.parse(payload);
  if (!isRecord(reply) || !Array.isArray(reply.readings)) throw new TypeError('no readings');
  return reply.readings;
};

export class NamesFunction implements PiiReader {
  readonly #options: NamesFunctionOptions;

  constructor(options: NamesFunctionOptions) {
    this.#options = options;
  }

  async read(texts: readonly string[], budgetMs: number): Promise<PiiReading[]> {
    const { invoker, functionName } = this.#options;
    const question: NamesQuestion = { contract: NAMES_CONTRACT, texts: [...texts], budget_ms: budgetMs };
    const readings = parse(await invoker.invoke(functionName, JSON.stringify(question)));
    if (readings.length !== texts.length) throw new TypeError('another number of readings');
    return texts.map((text, index) => readingOf(readings[index], text));
  }
}

/** Resolves when the function has answered once, so that its own cold start is over. It never goes away. */
export const openNamesFunction = async (options: NamesFunctionOptions) => {
  const reader = new NamesFunction(options);
  await reader.read([], 0);
  return { reader, ended: new Promise<void>(() => undefined), end: () => Promise.resolve() };
};
