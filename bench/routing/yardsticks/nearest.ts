/**
 * k nearest neighbours, on the features (Euclidean) and on TF-IDF of words (cosine): a model's score is predicted by
 * the mean of its scores on the k training prompts nearest. k is the best of `KS` on a fifth of the training prompts.
 */
import { wordsOf } from '../../../shared/services/features/words.ts';
import { indexOfLargest } from '../outcomes.ts';
import type { Example, Query, Yardstick } from './model.ts';

const KS = [10, 20, 40, 80, 160, 320];
const HELD_OUT = 5;
/** How many prompts of the held-out fifth decide about k. */
const MAX_HELD_OUT = 300;

/** Similarities of a query to each training prompt; higher is nearer. */
type Similar = (query: Query) => Float64Array;

export const nearestByFeatures: Yardstick = nearest(
  'kNN, features',
  (examples) =>
    ({ x }) =>
      Float64Array.from(examples, (example) => -distance(example.x, x)),
);

export const nearestByWords: Yardstick = nearest('kNN, TF-IDF', indexWords);

/** k is judged by squared error, which two models and nine answer alike. */
function nearest(name: string, index: (examples: readonly Example[]) => Similar): Yardstick {
  return {
    name,
    fit: (examples) => {
      const inner = examples.filter((_, at) => at % HELD_OUT !== 0);
      const outer = examples.filter((_, at) => at % HELD_OUT === 0).slice(0, MAX_HELD_OUT);
      const innerSimilar = index(inner);
      const earned = KS.map(() => 0);
      for (const example of outer) {
        const predictions = predictAll(inner, innerSimilar(example), KS);
        for (const [at, predicted] of predictions.entries()) {
          earned[at] = (earned[at] ?? 0) - squaredError(predicted, example.scores);
        }
      }
      const k = KS[indexOfLargest(earned)] ?? 1;
      const similar = index(examples);
      return (query) => predictAll(examples, similar(query), [k])[0] ?? [];
    },
  };
}

const squaredError = (predicted: readonly number[], scores: readonly number[]): number =>
  scores.reduce((sum, score, model) => sum + (score - (predicted[model] ?? 0)) ** 2, 0);

/** Mean scores of the nearest, for each of the ascending `ks`. */
function predictAll(examples: readonly Example[], similar: Float64Array, ks: readonly number[]): number[][] {
  const most = ks.at(-1) ?? 0;
  const cut = similar.toSorted()[Math.max(0, similar.length - most)] ?? 0;
  const near: number[] = [];
  for (let at = 0; at < similar.length; at += 1) if ((similar[at] ?? 0) >= cut) near.push(at);
  near.sort((one, other) => (similar[other] ?? 0) - (similar[one] ?? 0));
  const models = examples[0]?.scores.length ?? 0;
  const sums = new Array<number>(models).fill(0);
  let taken = 0;
  return ks.map((k) => {
    for (; taken < Math.min(k, near.length); taken += 1) {
      const scores = examples[near[taken] ?? 0]?.scores ?? [];
      for (let model = 0; model < models; model += 1) sums[model] = (sums[model] ?? 0) + (scores[model] ?? 0);
    }
    return sums.map((sum) => sum / Math.max(1, taken));
  });
}

function distance(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += ((one[at] ?? 0) - (other[at] ?? 0)) ** 2;
  return sum;
}

/** An inverted index, so that a query meets only the prompts that share a word with it. */
function indexWords(examples: readonly Example[]): Similar {
  const postings = new Map<string, [number, number][]>();
  for (const [at, { text }] of examples.entries()) {
    for (const [word, count] of countsOf(text)) {
      const list = postings.get(word) ?? [];
      list.push([at, 1 + Math.log(count)]);
      postings.set(word, list);
    }
  }
  const idf = (word: string): number => Math.log(1 + examples.length / (postings.get(word)?.length ?? 1));
  const norms = new Float64Array(examples.length);
  for (const [word, list] of postings) {
    const scale = idf(word);
    for (const entry of list) {
      entry[1] *= scale;
      norms[entry[0]] = (norms[entry[0]] ?? 0) + entry[1] ** 2;
    }
  }
  return ({ text }) => {
    const similar = new Float64Array(examples.length);
    for (const [word, count] of countsOf(text)) {
      const list = postings.get(word);
      if (list === undefined) continue;
      const weight = (1 + Math.log(count)) * idf(word);
      for (const [at, value] of list) similar[at] = (similar[at] ?? 0) + weight * value;
    }
    for (let at = 0; at < similar.length; at += 1)
      similar[at] = (similar[at] ?? 0) / Math.sqrt(norms[at] || 1);
    return similar;
  };
}

function countsOf(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of wordsOf(text.toLowerCase())) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
