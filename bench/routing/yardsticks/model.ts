/** An offline model that saw every model's score on its training prompts: what bandit feedback is measured against. */
export interface Example {
  readonly x: Float64Array;
  readonly text: string;
  readonly scores: readonly number[];
}

export type Query = Pick<Example, 'x' | 'text'>;

/** Predicted scores, one a model. */
export type Predict = (query: Query) => number[];

export interface Yardstick {
  readonly name: string;
  fit(examples: readonly Example[]): Predict;
}
