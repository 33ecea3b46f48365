/**
 * Names for what the provider must not see: `[PERSON_1]`. The same value always has the same one within a conversation; its
 * number comes by order of appearance, or from the conversation's own secret where later turns do not bring the earlier
 * ones along. What the request itself writes in that form is nobody's pseudonym.
 */
import { createHmac } from 'node:crypto';
import { PII_TYPES, type PiiSpan, type PiiType } from '../../model/pii.ts';

/** A first guess at the number of a value. */
export type NumberOf = (type: PiiType, value: string) => number;

const NUMBERS = 9_999;
/** What is written like a pseudonym, whatever its brackets. */
const JOINT = '\\\\*[_ -]';
const LOOKS_LIKE_ONE = new RegExp(
  `(${PII_TYPES.map((type) => type.replace('_', JOINT)).join('|')})${JOINT}(\\d{1,6})`,
  'gi',
);

/** The number is the same in every request of the conversation, and says nothing of the value without the secret. */
export const numbersOf =
  (secret: string, conversation: string): NumberOf =>
  (type, value) =>
    (createHmac('sha256', secret).update(`${conversation}\0${type}\0${value}`).digest().readUInt32BE() %
      NUMBERS) +
    1;

const nameOf = (type: string, number: number | string): string =>
  `${type.toUpperCase().replace(/[^A-Z]+/g, '_')}_${Number(number)}`;

export class Pseudonyms {
  readonly #numberOf: NumberOf | undefined;
  readonly #byValue = new Map<string, string>();
  readonly #values = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #last = new Map<PiiType, number>();

  constructor(numberOf?: NumberOf) {
    this.#numberOf = numberOf;
  }

  get isEmpty(): boolean {
    return this.#values.size === 0;
  }

  /** To be called with every text of the request before the first is replaced. */
  leaveOut(text: string): void {
    for (const [, type = '', number = ''] of text.matchAll(LOOKS_LIKE_ONE))
      this.#taken.add(nameOf(type, number));
  }

  /** `spans` are sorted and do not overlap. */
  replace(text: string, spans: readonly PiiSpan[]): string {
    if (spans.length === 0) return text;
    let replaced = '';
    let from = 0;
    for (const { start, end, type } of spans) {
      replaced += `${text.slice(from, start)}[${this.#nameFor(type, text.slice(start, end))}]`;
      from = end;
    }
    return replaced + text.slice(from);
  }

  /** What a pseudonym stands for, written in whatever case. */
  valueOf(type: string, number: string): string | undefined {
    return this.#values.get(nameOf(type, number));
  }

  #nameFor(type: PiiType, value: string): string {
    const key = `${type}\0${value}`;
    const known = this.#byValue.get(key);
    if (known !== undefined) return known;
    let number = this.#numberOf?.(type, value) ?? (this.#last.get(type) ?? 0) + 1;
    let name = nameOf(type, number);
    while (this.#taken.has(name)) name = nameOf(type, ++number);
    this.#last.set(type, number);
    this.#taken.add(name);
    this.#byValue.set(key, name);
    this.#values.set(name, value);
    return name;
  }
}
