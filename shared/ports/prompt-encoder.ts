/** A text as a few numbers that say what it is about: texts alike in meaning lie close together. */
export const EMBEDDING_SIZE = 18;

export interface PromptEncoder {
  /** Model and projection by name; another one gives other numbers for the same text. */
  readonly version: string;
  /** `EMBEDDING_SIZE` finite numbers within [-1, 1], about 0 in the mean over all kinds of text. Rejects where the
   * model cannot run. */
  encode(text: string): Promise<readonly number[]>;
}
