/** WordPiece (Schuster & Nakajima, ICASSP 2012): each word as the longest pieces that the vocabulary knows, from the left. */
import { MAX_CHARACTERS, type Word } from './word-scanner.ts';

export interface Piece {
  id: number;
  /** UTF-16 code units of the text, end exclusive. */
  start: number;
  end: number;
  case: number;
  /** Does it begin a word? */
  isFirst: boolean;
}

const UNKNOWN = '[UNK]';
const INNER = '##';

export class Vocabulary {
  readonly #first = new Map<string, number>();
  readonly #inner = new Map<string, number>();
  readonly #longest: number;
  readonly #unknown: number;
  readonly cls: number;
  readonly sep: number;
  readonly pad: number;

  /** `lines` is vocab.txt: a piece a line, its number the line's. */
  constructor(lines: string) {
    let longest = 0;
    for (const [id, line] of lines.split(/\r?\n/).entries()) {
      if (line === '') continue;
      const isInner = line.startsWith(INNER) && line.length > INNER.length;
      (isInner ? this.#inner : this.#first).set(isInner ? line.slice(INNER.length) : line, id);
      longest = Math.max(longest, line.length);
    }
    this.#longest = longest;
    this.#unknown = this.#idOf(UNKNOWN);
    this.cls = this.#idOf('[CLS]');
    this.sep = this.#idOf('[SEP]');
    this.pad = this.#idOf('[PAD]');
  }

  #idOf(piece: string): number {
    const id = this.#first.get(piece);
    if (id === undefined) throw new TypeError(`the vocabulary lacks ${piece}`);
    return id;
  }

  piecesOf(word: Word): Piece[] {
    const { text, starts, ends } = word;
    const lastEnd = ends.at(-1) ?? 0;
    const whole: Piece = {
      id: this.#unknown,
      start: starts[0] ?? 0,
      end: lastEnd,
      case: word.case,
      isFirst: true,
    };
    if (text.length > MAX_CHARACTERS && Array.from(text).length > MAX_CHARACTERS) return [whole];
    const pieces: Piece[] = [];
    for (let from = 0; from < text.length; ) {
      const known = from === 0 ? this.#first : this.#inner;
      let to = Math.min(text.length, from + this.#longest);
      let id = known.get(text.slice(from, to));
      while (id === undefined && to > from + 1) {
        to -= 1;
        id = known.get(text.slice(from, to));
      }
      if (id === undefined) return [whole];
      pieces.push({
        id,
        start: starts[from] ?? 0,
        end: ends[to - 1] ?? lastEnd,
        case: word.case,
        isFirst: from === 0,
      });
      from = to;
    }
    return pieces;
  }
}
