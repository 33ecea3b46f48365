/**
 * Texts through the model, a few windows at a time until the time is over. The model itself is handed in; open-model.ts
 * finds it.
 */
import type { PiiSpan } from '../../../model/pii.ts';
import { Decoder } from './decode.ts';
import type { LabelSet } from './label-set.ts';
import type { NameJudge } from './name-judge.ts';
import { MARKS, TextRun, type Window } from './text-run.ts';
import { logSoftmax } from './viterbi.ts';
import type { Vocabulary } from './word-pieces.ts';

/** Rows of tokens, all equally long. */
export interface Batch {
  rows: number;
  tokens: number;
  ids: BigInt64Array;
  mask: BigInt64Array;
  cases: BigInt64Array;
}

/** Resolves with the logits of each row's tokens. */
export type RunModel = (batch: Batch) => Promise<Float32Array>;

export interface Read {
  /** Sorted, apart from each other. */
  spans: PiiSpan[];
  /** Was all of the text looked at? */
  complete: boolean;
}

export interface TextModelParts {
  vocabulary: Vocabulary;
  labels: LabelSet;
  /** The second stage. */
  names?: NameJudge;
  run: RunModel;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Tokens of the windows that go through together, padding with them; one window's by default. */
  batchTokens?: number;
}

interface Turn {
  run: TextRun;
  window: Window;
}

/**
 * What names and addresses need at least. Capitals are no measure: of 468 names said to an assistant 426 stood in texts
 * without any, and only one real prompt in fifteen could have been left out for the want of them.
 */
const WORD = /\p{L}{2}/u;

const padded = (turns: readonly Turn[]): number =>
  turns.length * Math.max(...turns.map(({ window }) => window.pieces.length + MARKS));

export class TextModel {
  readonly version: string;
  readonly #parts: TextModelParts;
  readonly #decoder: Decoder;
  /** Milliseconds that the last batch took. */
  #pace = 0;

  constructor(parts: TextModelParts) {
    this.#parts = parts;
    this.#decoder = new Decoder(parts.labels, parts.names);
    this.version = parts.labels.version;
  }

  /** One text after the other; what cannot be done by `until` is left out. */
  async read(texts: readonly string[], until: number): Promise<Read[]> {
    const { vocabulary, labels, batchTokens = labels.window } = this.#parts;
    const runs = texts.map((text) => new TextRun(text, vocabulary, labels));
    let waiting: Turn[] = [];
    for (const turn of turnsOf(runs)) {
      if (waiting.length > 0 && padded([...waiting, turn]) > batchTokens) {
        if (!(await this.#judge(waiting, until))) return this.#readsOf(runs);
        waiting = [];
      }
      waiting.push(turn);
    }
    if (waiting.length > 0) await this.#judge(waiting, until);
    return this.#readsOf(runs);
  }

  #readsOf(runs: readonly TextRun[]): Read[] {
    return runs.map((run) => ({
      spans: this.#decoder.spans(run.text, run.logs, run),
      complete: run.isComplete,
    }));
  }

  /** False where there was no time for it. */
  async #judge(turns: readonly Turn[], until: number): Promise<boolean> {
    const startedAt = this.#parts.now();
    if (startedAt + this.#pace > until) {
      // One slow batch does not keep out all that follow.
      this.#pace /= 2;
      return false;
    }
    const worth = turns.filter(({ run, window }) => WORD.test(textOf(run, window)));
    const logs = worth.length === 0 ? [] : await this.#run(worth);
    for (const turn of turns) turn.run.judge(turn.window, logs[worth.indexOf(turn)]);
    if (worth.length > 0) this.#pace = this.#parts.now() - startedAt;
    return true;
  }

  async #run(turns: readonly Turn[]): Promise<Float32Array[]> {
    const { labels, vocabulary, run } = this.#parts;
    const rows = turns.length;
    const tokens = padded(turns) / rows;
    const ids = new BigInt64Array(rows * tokens).fill(BigInt(vocabulary.pad));
    const mask = new BigInt64Array(rows * tokens);
    const cases = new BigInt64Array(rows * tokens);
    for (const [row, { window }] of turns.entries()) {
      let at = row * tokens;
      mask.fill(1n, at, at + window.pieces.length + MARKS);
      ids[at++] = BigInt(vocabulary.cls);
      for (const piece of window.pieces) {
        cases[at] = BigInt(piece.case);
        ids[at++] = BigInt(piece.id);
      }
      ids[at] = BigInt(vocabulary.sep);
    }
    const logits = await run({ rows, tokens, ids, mask, cases });
    const width = labels.labels.length;
    if (logits.length !== rows * tokens * width) throw new RangeError('the model knows other labels');
    return turns.map(({ window }, row) => {
      const from = (row * tokens + 1) * width;
      const logs = logits.slice(from, from + window.pieces.length * width);
      logSoftmax(logs, width);
      return logs;
    });
  }
}

function* turnsOf(runs: readonly TextRun[]): Generator<Turn> {
  for (const run of runs) {
    for (let window = run.nextWindow(); window !== undefined; window = run.nextWindow())
      yield { run, window };
  }
}

const textOf = ({ text }: TextRun, { pieces }: Window): string =>
  text.slice(pieces[0]?.start, pieces.at(-1)?.end);
