/**
 * The features of a request as a vector, for strategies that learn which model suits which prompt. Pure, without
 * dependency, and bounded: it looks at 4,096 code units of a prompt at most.
 */
import { countCharacters } from './characters.ts';
import { FORM_SIZE, formOf, logLength } from './form.ts';
import { guessKinds, kindOf, nameSigns, TASK_KINDS } from './task-type.ts';
import { type TextWindow, windowOf } from './text-window.ts';
import { TOPICS, topicShares } from './topics.ts';
import { wordsOf } from './words.ts';

/**
 * Changes whenever the same input would give other numbers: what was learnt from others no longer applies. So that it is not
 * used, another version has another number of them, for which `learn` starts anew; version 2 had 64.
 */
export const FEATURES_VERSION = 3;

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
 * A linear strategy shrinks all coefficients alike, by its one lambda, so the size of a number says how much it is expected to
 * explain. With lambda 3 and noise .5, what tells kinds of tasks apart may move a model's score by .3, as models differ in
 * what they are good at; each of the others by .07, so that they do not speak before they have been seen often.
 */
const SCALE = 1 / 4;

const REQUEST_SIZE = 3;
export const NAME_SIZE = 8;
/** All of the name's signs together count as one kind. */
const NAME_SCALE = 1 / Math.sqrt(NAME_SIZE);
/** The constant, and what is told by form, request and the task's name. */
export const STRUCTURE_SIZE = 1 + FORM_SIZE + REQUEST_SIZE + NAME_SIZE;

export const FEATURE_SIZE = STRUCTURE_SIZE + TASK_KINDS.length + TOPICS.length;

/** `FEATURE_SIZE` finite numbers within [-1, 1], each exact in 32 bits; the first is always 1. Never throws. */
export function extractFeatures(input: FeatureInput): number[] {
  const window = windowOf(input.prompt);
  const words = wordsOf(window.lower);
  return [
    ...structure(input, window, words),
    ...kindsOf(input.task_type, guessKinds(window)),
    ...topicShares(words).map(scaled),
  ];
}

/** The first `STRUCTURE_SIZE` of them. */
export function extractStructure(input: FeatureInput): number[] {
  const window = windowOf(input.prompt);
  return structure(input, window, wordsOf(window.lower));
}

function structure(input: FeatureInput, window: TextWindow, words: readonly string[]): number[] {
  const form = formOf(window, words, countCharacters(window.text));
  return [1, ...[...form, ...requestOf(input)].map(scaled), ...nameOf(input)];
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
  return kind === undefined ? guessed.map(Math.fround) : TASK_KINDS.map((one) => (one === kind ? 1 : 0));
}

function nameOf({ task_type }: FeatureInput): number[] {
  if (task_type === undefined) return new Array<number>(NAME_SIZE).fill(0);
  return nameSigns(task_type, NAME_SIZE).map((sign) => Math.fround(NAME_SCALE * sign));
}
