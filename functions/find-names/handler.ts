/** Texts in, names and addresses out. Fails closed: what cannot be read is an error to who asks, and tells nothing of the texts. */
import type { NamesAnswer } from '../../shared/model/name-finding.ts';
import type { PiiReading } from '../../shared/ports/pii-detector.ts';
import { namesQuestion } from './schema.ts';

export interface NamesFacts {
  texts: number;
  findings: number;
  /** Texts that were not read to their end. */
  partial: number;
  ms: number;
}

export interface FindNamesDeps {
  /** `until` is in milliseconds since the epoch. */
  read(texts: readonly string[], until: number): Promise<PiiReading[]>;
  now(): number;
  found(facts: NamesFacts): void;
}

export const makeHandler =
  (deps: FindNamesDeps) =>
  async (event: unknown): Promise<NamesAnswer> => {
    const { success, data } = namesQuestion.safeParse(event);
    // An error of zod's would be logged by Lambda, with names of fields that are the caller's.
    if (!success) throw new TypeError('not a question of contract 1');
    const startedAt = deps.now();
    const readings = await deps.read(data.texts, startedAt + data.budget_ms);
    deps.found({
      texts: readings.length,
      findings: readings.reduce((sum, { spans }) => sum + spans.length, 0),
      partial: readings.filter(({ complete }) => !complete).length,
      ms: deps.now() - startedAt,
    });
    return { readings };
  };
