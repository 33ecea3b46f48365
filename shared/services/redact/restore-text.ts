/**
 * Puts back what pseudonyms stand for, in a text that comes in pieces: whatever may yet become one is held back until it is
 * one or is none. Models rewrite what they are given, so case, brackets and markdown's backslashes may differ.
 */
import { PII_TYPES } from '../../model/pii.ts';
import type { Pseudonyms } from './pseudonyms.ts';

/** What a text is: its backslashes are its own, or JSON's. */
export type TextKind = 'plain' | 'json';

const DIGITS = '\\d{1,6}';
/** Of a whole one with all its backslashes; what is longer is none. */
const LONGEST = 64;
/** What looks behind a pseudonym need to see. */
const BEHIND = 12;
const STARTS = /[\\[a-z]/i;

/** A backslash as the text writes it. */
const SLASH = { plain: '\\\\', json: '\\\\\\\\' } as const;

const wholeOf = (kind: TextKind): RegExp => {
  const slashes = `(?:${SLASH[kind]}){1,2}`;
  const named = (joint: string): string =>
    `(${PII_TYPES.map((type) => type.replace('_', joint)).join('|')})${joint}(${DIGITS})`;
  const loose = ` ?${named(`(?:${slashes})?[_ -]`)} ?`;
  const bracketed = `\\[${loose}\\]|(${slashes})\\[${loose}\\3\\]`;
  // Between words; behind a line end that JSON writes with a letter, too.
  const behindEscape = kind === 'json' ? '(?<=(?<!\\\\)(?:\\\\\\\\){0,4}\\\\[bfnrt])|' : '';
  const bare = `(?:${behindEscape}(?<![\\p{L}\\p{N}_]))${named(`(?:${slashes})?_`)}(?![\\p{L}\\p{N}_])`;
  return new RegExp(`${bracketed}|${bare}`, 'giu');
};

/** Whether a text is the beginning of a pseudonym, or one that may go on. Generous: it costs only time. */
const BEGUN = ((): RegExp => {
  const some = '\\\\{0,4}';
  const begin = (type: string): string => {
    const steps = Array.from(type, (letter) => (letter === '_' ? `${some}[_ -]` : letter));
    const number = `${some}(?:[_ -](?:${DIGITS})?(?: ?${some})?)?`;
    return steps.reduceRight((rest, step) => {
      const slashed = step.startsWith(some);
      return slashed ? `${some}(?:${step.slice(some.length)}${rest})?` : `(?:${step}${rest})?`;
    }, number);
  };
  return new RegExp(`^${some}\\[? ?(?:${PII_TYPES.map(begin).join('|')})$`, 'i');
})();

const WHOLE: Readonly<Record<TextKind, RegExp>> = { plain: wholeOf('plain'), json: wholeOf('json') };

const TYPE_JOINT = /[^a-z]+/gi;

export class TextRestorer {
  readonly #pseudonyms: Pseudonyms;
  readonly #kind: TextKind;
  readonly #whole: RegExp;
  #behind = '';
  #held = '';

  constructor(pseudonyms: Pseudonyms, kind: TextKind = 'plain') {
    this.#pseudonyms = pseudonyms;
    this.#kind = kind;
    this.#whole = new RegExp(WHOLE[kind]);
  }

  /** What can be passed on. */
  push(text: string): string {
    const all = this.#held + text;
    return this.#restore(all, heldFrom(all));
  }

  /** The rest. */
  end(): string {
    return this.#restore(this.#held, this.#held.length);
  }

  #restore(all: string, until: number): string {
    const seen = this.#behind + all;
    const offset = this.#behind.length;
    let restored = '';
    let from = offset;
    this.#whole.lastIndex = offset;
    for (let match = this.#whole.exec(seen); match !== null; match = this.#whole.exec(seen)) {
      const end = match.index + match[0].length;
      if (end > offset + until) break;
      const value = this.#valueOf(match);
      if (value === undefined) continue;
      restored += seen.slice(from, match.index) + value;
      from = end;
    }
    restored += seen.slice(from, offset + until);
    this.#held = all.slice(until);
    this.#behind = seen.slice(Math.max(0, offset + until - BEHIND), offset + until);
    return restored;
  }

  #valueOf(match: RegExpExecArray): string | undefined {
    const [, one, oneNumber, , two, twoNumber, three, threeNumber] = match;
    const type = (one ?? two ?? three ?? '').replace(TYPE_JOINT, '_');
    const value = this.#pseudonyms.valueOf(type, oneNumber ?? twoNumber ?? threeNumber ?? '');
    return value === undefined || this.#kind === 'plain' ? value : JSON.stringify(value).slice(1, -1);
  }
}

/** Where that begins which may yet become a pseudonym. */
const heldFrom = (text: string): number => {
  for (let at = Math.max(0, text.length - LONGEST); at < text.length; at++) {
    if (STARTS.test(text[at] ?? '') && BEGUN.test(text.slice(at))) return at;
  }
  return text.length;
};

/** A whole text at once. */
export const restoreText = (text: string, pseudonyms: Pseudonyms, kind: TextKind = 'plain'): string => {
  const restorer = new TextRestorer(pseudonyms, kind);
  return restorer.push(text) + restorer.end();
};
