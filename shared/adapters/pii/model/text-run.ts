/**
 * One text on its way through the model: read as far as its next window needs, each token judged by the window in which it
 * stands furthest from an edge, and the numbers of all windows put together.
 */
import type { Tokens } from './decode.ts';
import type { LabelSet } from './label-set.ts';
import type { Piece, Vocabulary } from './word-pieces.ts';
import { WordScanner } from './word-scanner.ts';

export interface Window {
  pieces: readonly Piece[];
  /** Which of them it judges, end exclusive. */
  judgesFrom: number;
  judgesTo: number;
}

/** The marks at a window's ends. */
export const MARKS = 2;

/** The logarithm of as good as nothing; an infinite one would make sums that are no numbers. */
const NEVER = -50;

export class TextRun implements Tokens {
  readonly text: string;
  readonly #scanner: WordScanner;
  readonly #vocabulary: Vocabulary;
  readonly #size: number;
  readonly #overlap: number;
  readonly #width: number;
  readonly #outside: number;
  readonly #pieces: Piece[] = [];
  #from = 0;
  #isRead = false;
  #isEnded = false;
  #logs = new Float32Array(0);
  #judged = 0;

  constructor(text: string, vocabulary: Vocabulary, { labels, window, overlap }: LabelSet) {
    this.text = text;
    this.#scanner = new WordScanner(text);
    this.#vocabulary = vocabulary;
    this.#size = window - MARKS;
    this.#overlap = overlap;
    this.#width = labels.length;
    this.#outside = labels.findIndex(({ position }) => position === 'O');
  }

  /** Judged tokens. */
  get length(): number {
    return this.#judged;
  }

  get isComplete(): boolean {
    return this.#isEnded && this.#judged === this.#pieces.length;
  }

  /** Their log-probabilities, row by row. */
  get logs(): Float32Array {
    return this.#logs.subarray(0, this.#judged * this.#width);
  }

  start(token: number): number {
    return this.#pieces[token]?.start ?? 0;
  }

  end(token: number): number {
    return this.#pieces[token]?.end ?? 0;
  }

  /** Undefined where the last one was the text's end. */
  nextWindow(): Window | undefined {
    if (this.#isEnded) return undefined;
    const from = this.#from;
    // One more than it holds, to know whether there is another one.
    this.#readTo(from + this.#size + 1);
    const to = Math.min(this.#pieces.length, from + this.#size);
    this.#isEnded = to === this.#pieces.length;
    this.#from += this.#size - this.#overlap;
    const half = Math.floor(this.#overlap / 2);
    if (to === from) return undefined;
    return {
      pieces: this.#pieces.slice(from, to),
      judgesFrom: from === 0 ? 0 : half,
      judgesTo: this.#isEnded ? to - from : this.#size - this.#overlap + half,
    };
  }

  #readTo(count: number): void {
    while (!this.#isRead && this.#pieces.length < count) {
      const word = this.#scanner.next();
      if (word === undefined) this.#isRead = true;
      else this.#pieces.push(...this.#vocabulary.piecesOf(word));
    }
  }

  /** Takes a window's log-probabilities, in the windows' order; none where it was not worth the work. */
  judge({ judgesFrom, judgesTo }: Window, logs: Float32Array | undefined): void {
    const width = this.#width;
    const rows = judgesTo - judgesFrom;
    this.#grow((this.#judged + rows) * width);
    const at = this.#judged * width;
    if (logs === undefined) {
      this.#logs.fill(NEVER, at, at + rows * width);
      for (let row = 0; row < rows; row++) this.#logs[at + row * width + this.#outside] = 0;
    } else this.#logs.set(logs.subarray(judgesFrom * width, judgesTo * width), at);
    this.#judged += rows;
  }

  #grow(size: number): void {
    if (size <= this.#logs.length) return;
    const grown = new Float32Array(Math.max(size, this.#logs.length * 2));
    grown.set(this.#logs);
    this.#logs = grown;
  }
}
