/** Readers that find what they are told to find, as the gateway guards them. */
import type { PiiSpan, PiiType } from '../../../shared/model/pii.ts';
import type { PiiReader, PiiReading } from '../../../shared/ports/pii-detector.ts';
import type { Clock } from '../../../shared/ports/runtime.ts';
import { GuardedReader } from '../../../shared/services/redact/guarded-reader.ts';

const placesOf = (text: string, value: string): number[] => {
  const places: number[] = [];
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length)) places.push(at);
  return places;
};

const spansIn = (text: string, values: Readonly<Record<string, PiiType>>): PiiSpan[] =>
  Object.entries(values)
    .flatMap(([value, type]) =>
      placesOf(text, value).map((start) => ({ start, end: start + value.length, type })),
    )
    .sort((a, b) => a.start - b.start);

/** Finds each of the values wherever it stands. */
export class FakeReader implements PiiReader {
  readonly asked: string[] = [];
  readonly #values: Readonly<Record<string, PiiType>>;
  isComplete = true;

  constructor(values: Readonly<Record<string, PiiType>> = { 'Jane Doe': 'PERSON' }) {
    this.#values = values;
  }

  async read(texts: readonly string[]): Promise<PiiReading[]> {
    this.asked.push(...texts);
    return texts.map((text) => ({ spans: spansIn(text, this.#values), complete: this.isComplete }));
  }
}

export const brokenReader: PiiReader = { read: () => Promise.reject(new Error('out of order')) };

export const fakeReader = (reader: PiiReader, clock: Clock): GuardedReader =>
  new GuardedReader(
    async () => ({ reader, ended: new Promise(() => undefined), end: () => Promise.resolve() }),
    clock,
  );
