/**
 * The features of a request as a vector, for strategies that learn which model suits which prompt. Pure, without
 * dependency, and bounded: it looks at 4,096 code units of a prompt at most.
 */
import { countCharacters } from './characters.ts';
import { FORM_SIZE, formOf, logLength } from './form.ts';
import { guessKinds, kindOf, nameSigns, TASK_KINDS } from './task-type.ts';
import { sketchText } from './text-sketch.ts';
import { type TextWindow, windowOf } from './text-window.ts';
import { TOPICS, topicShares } from './topics.ts';
import { wordsOf } from './words.ts';

/** Changes whenever the same input would give other numbers: what was learnt from others no longer applies. */
export const FEATURES_VERSION = 2;

export const FEATURE_SIZE = 64;

export interface FeatureInput {
  readonly prompt: string;
  /** The caller's own name of the task; without it the kind is guessed from the prompt. */
  readonly task_type?: string | undefined;
  /** Output tokens that the caller allows. */
  readonly max_tokens?: number | undefined;
  /** Messages of the conversation before this one; 0. */
  readonly turns?: number | undefined;
  /** Tools that the model may call; 0. */
  readonly tools?: number | undefined;
}

/**
 * Everything but the constant is this small, so that a linear strategy, whose one lambda shrinks all coefficients alike,
 * learns first how good a model is at all: with lambda 3 and noise .5 the features are expected to explain some 10 % of a
 * score's variance.
 */
const SCALE = 1 / 4;

const REQUEST_SIZE = 3;
const NAME_SIZE = 6;
/** The constant, and what is told by form, request, kind and name of the task. */
const STRUCTURE_SIZE = 1 + FORM_SIZE + REQUEST_SIZE + TASK_KINDS.length + NAME_SIZE;

/** `FEATURE_SIZE` finite numbers within [-1, 1], each exact in 32 bits; the first is always 1. Never throws. */
export function extractFeatures(input: FeatureInput): number[] {
  const window = windowOf(input.prompt);
  const words = wordsOf(window.lower);
  const topics = topicShares(words);
  const sketch = sketchText(window.lower, words, FEATURE_SIZE - STRUCTURE_SIZE - TOPICS.length);
  return [...structure(input, window, words), ...[...topics, ...sketch].map(scaled)];
}

/** The first `STRUCTURE_SIZE` of them. */
export function extractStructure(input: FeatureInput): number[] {
  const window = windowOf(input.prompt);
  return structure(input, window, wordsOf(window.lower));
}

function structure(input: FeatureInput, window: TextWindow, words: readonly string[]): number[] {
  const form = formOf(window, words, countCharacters(window.text));
  const kinds = kindsOf(input.task_type, guessKinds(window));
  return [1, ...[...form, ...requestOf(input), ...kinds, ...nameOf(input)].map(scaled)];
}

const scaled = (value: number): number => Math.fround(SCALE * value);

function requestOf({ max_tokens, turns = 0, tools = 0 }: FeatureInput): number[] {
  return [
    max_tokens === undefined ? 0 : logLength(max_tokens),
    Math.min(1, Math.log2(1 + turns) / 5),
    Math.min(1, Math.log2(1 + tools) / 5),
  ];
}

/** A name that is known here is taken at its word; a name that is not leaves the guess to stand. */
function kindsOf(given: string | undefined, guessed: number[]): number[] {
  const kind = given === undefined ? undefined : kindOf(given);
  return kind === undefined ? guessed : TASK_KINDS.map((one) => (one === kind ? 1 : 0));
}

function nameOf({ task_type }: FeatureInput): number[] {
  return task_type === undefined ? new Array<number>(NAME_SIZE).fill(0) : nameSigns(task_type, NAME_SIZE);
}
