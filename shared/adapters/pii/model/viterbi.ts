/** The likeliest sequence of labels that BIOES allows. */
import { PII_TYPES, type PiiType } from '../../../model/pii.ts';
import type { Label } from './label-set.ts';

/** From what a span is left: outside, the end of one, or a whole one. */
const isClosed = ({ position }: Label): boolean => position === 'O' || position === 'E' || position === 'S';

export interface Grammar {
  outside: number;
  closed: readonly number[];
  /** Labels that may follow a closed one. */
  opening: readonly number[];
  /** Each type's labels. */
  inner: readonly { type: PiiType; begin: number; inside: number; end: number; single: number }[];
}

export const grammarOf = (labels: readonly Label[]): Grammar => {
  const at = (position: string, type?: PiiType): number => {
    const found = labels.findIndex((label) => label.position === position && label.type === type);
    if (found < 0) throw new TypeError(`labels.json lacks ${position}-${type}`);
    return found;
  };
  const numbers = labels.map((_, index) => index);
  const positionOf = (index: number): string => labels[index]?.position ?? 'O';
  return {
    outside: at('O'),
    closed: numbers.filter((index) => isClosed(labels[index] ?? { position: 'O' })),
    opening: numbers.filter((index) => 'OBS'.includes(positionOf(index))),
    inner: PII_TYPES.filter((type) => labels.some((label) => label.type === type)).map((type) => ({
      type,
      begin: at('B', type),
      inside: at('I', type),
      end: at('E', type),
      single: at('S', type),
    })),
  };
};

/** Log-probabilities in place of logits, row by row. */
export const logSoftmax = (logits: Float32Array, width: number): void => {
  for (let row = 0; row < logits.length; row += width) {
    let most = Number.NEGATIVE_INFINITY;
    for (let at = row; at < row + width; at++) most = Math.max(most, logits[at] ?? 0);
    let sum = 0;
    for (let at = row; at < row + width; at++) sum += Math.exp((logits[at] ?? 0) - most);
    const norm = most + Math.log(sum);
    for (let at = row; at < row + width; at++) logits[at] = (logits[at] ?? 0) - norm;
  }
};

const best = (scores: Float64Array, among: readonly number[]): number => {
  let found = among[0] ?? 0;
  for (const index of among) if ((scores[index] ?? 0) > (scores[found] ?? 0)) found = index;
  return found;
};

/** The likeliest allowed label of each token. */
export const viterbi = (logs: Float32Array, width: number, grammar: Grammar): Uint8Array => {
  const tokens = logs.length / width;
  const path = new Uint8Array(tokens);
  if (tokens === 0) return path;
  const back = new Uint8Array(tokens * width);
  let scores = new Float64Array(width).fill(Number.NEGATIVE_INFINITY);
  let next = new Float64Array(width);
  for (const label of grammar.opening) scores[label] = logs[label] ?? 0;
  for (let token = 1; token < tokens; token++) {
    const row = token * width;
    // Every label is written: it opens, or is inside or at the end of a span.
    const from = best(scores, grammar.closed);
    for (const label of grammar.opening) {
      next[label] = (scores[from] ?? 0) + (logs[row + label] ?? 0);
      back[row + label] = from;
    }
    for (const { begin, inside, end } of grammar.inner) {
      const open = (scores[begin] ?? 0) >= (scores[inside] ?? 0) ? begin : inside;
      for (const label of [inside, end]) {
        next[label] = (scores[open] ?? 0) + (logs[row + label] ?? 0);
        back[row + label] = open;
      }
    }
    [scores, next] = [next, scores];
  }
  let label = best(scores, grammar.closed);
  for (let token = tokens - 1; token >= 0; token--) {
    path[token] = label;
    label = back[token * width + label] ?? grammar.outside;
  }
  return path;
};
