import type { FinishReason } from '../../../shared/model/completion.ts';
import type { Behaviour } from './fake-upstream.ts';

export const KINDS = ['a call', 'a refusal', 'a filter', 'a truncation'] as const;
export type Kind = (typeof KINDS)[number];

export interface Answered {
  whole: Behaviour;
  streamed: Behaviour;
  /** How it is to end, if not as its kind usually does. */
  reason?: FinishReason;
}

/** A provider's answers of each kind, and its errors. */
export type Recorded = Readonly<Record<Kind, Answered>> & {
  errors: Readonly<Record<'limited' | 'invalid' | 'overloaded', Behaviour>>;
};

export const REASONS: Readonly<Record<Kind, FinishReason>> = {
  'a call': 'tool_calls',
  'a refusal': 'content_filter',
  'a filter': 'content_filter',
  'a truncation': 'length',
};
