/** A text as a few numbers that say what it asks for and what it is about: texts alike in meaning lie close together. */

/** Kinds of tasks, how much the text is one of each; then directions of meaning. */
export const KIND_SIZE = 20;
export const DIRECTION_SIZE = 5;
export const EMBEDDING_SIZE = KIND_SIZE + DIRECTION_SIZE;

export interface PromptEncoder {
  /** Model and projection by name; another one gives other numbers for the same text. */
  readonly version: string;
  /** `EMBEDDING_SIZE` finite numbers within [-1, 1], about 0 in the mean over all kinds of text. Rejects where the
   * model cannot run. */
  encode(text: string): Promise<readonly number[]>;
}
