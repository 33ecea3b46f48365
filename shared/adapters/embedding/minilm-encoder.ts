/**
 * all-MiniLM-L6-v2 (Reimers & Gurevych, "Sentence-BERT", EMNLP 2019; Wang et al., "MiniLM", NeurIPS 2020) with int8
 * weights: the mean of the last layer over at most 256 tokens, made a unit vector, then projected. Model and tokenizer are
 * handed in; install-dir.ts finds them.
 */
import type { PromptEncoder } from '../../ports/prompt-encoder.ts';
import { project } from './project.ts';
import type { Projection } from './projection.ts';

export const HIDDEN_SIZE = 384;
const MAX_TOKENS = 256;
/** More text than 256 tokens are ever made of, in any language that has blanks; bounds the tokenizer's work. */
export const MAX_UNITS = 4_096;
const SEPARATOR = 102;

/** The last layer, `HIDDEN_SIZE` numbers a token. */
export type RunModel = (tokens: readonly number[]) => Promise<ArrayLike<number>>;
/** With the model's own marks at both ends. */
export type Tokenize = (text: string) => readonly number[];

export class MiniLmEncoder implements PromptEncoder {
  readonly version: string;
  readonly #tokenize: Tokenize;
  readonly #run: RunModel;
  readonly #projection: Projection;

  constructor(tokenize: Tokenize, run: RunModel, projection: Projection) {
    this.version = `all-minilm-l6-v2-int8/${projection.version}`;
    this.#projection = projection;
    this.#tokenize = tokenize;
    this.#run = run;
  }

  async encode(text: string): Promise<readonly number[]> {
    return project(await this.embed(text), this.#projection);
  }

  /** The unit vector itself. */
  async embed(text: string): Promise<Float64Array> {
    const all = this.#tokenize(text.slice(0, MAX_UNITS));
    const tokens = all.length > MAX_TOKENS ? [...all.slice(0, MAX_TOKENS - 1), SEPARATOR] : all;
    const hidden = await this.#run(tokens);
    const sum = new Float64Array(HIDDEN_SIZE);
    for (let at = 0; at < tokens.length * HIDDEN_SIZE; at += 1) {
      const place = at % HIDDEN_SIZE;
      sum[place] = (sum[place] ?? 0) + (hidden[at] ?? Number.NaN);
    }
    const norm = Math.hypot(...sum);
    if (!(norm > 0 && norm < Number.POSITIVE_INFINITY)) throw new RangeError('the model gave no vector');
    return sum.map((value) => value / norm);
  }
}
