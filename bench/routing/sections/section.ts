/** What a part of the benchmark is given and gives back. */
import type { PromptEncoder } from '../../../shared/ports/prompt-encoder.ts';
import type { Embeddings } from '../embeddings.ts';
import type { KeptReplays } from '../kept.ts';
import type { Chart } from '../report/line-chart.ts';

export interface SectionOptions {
  readonly directory: string;
  readonly seeds: number;
  readonly quick: boolean;
  readonly encoder?: PromptEncoder;
  /** Of all prompts; left out where no encoder is installed, and so are the lines that need it. */
  readonly embeddings?: Embeddings;
  /** The same before they are projected. */
  readonly wholes?: Embeddings;
  /** Of the nine models' prompts, over all of a long one. */
  readonly pooled?: () => Promise<Embeddings>;
  readonly kept: KeptReplays;
  /** Lines that are wanted: of the online replay ("full, cold, linucb .1"), offline ("kNN, features"), of two models
   * ("MMLU, across tasks, ridge, features"). */
  readonly lines: RegExp;
  progress(text: string): void;
}

export interface Section {
  readonly title: string;
  /** Lines above the table: what was measured. */
  readonly notes: readonly string[];
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly charts: readonly { readonly file: string; readonly chart: Chart }[];
  /** The same as numbers, for --json. */
  readonly data: unknown;
}

export type MakeSection = (options: SectionOptions) => Section | Promise<Section>;
