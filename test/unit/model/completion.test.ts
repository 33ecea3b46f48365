import { describe, expect, it } from 'vitest';
import { patienceMs } from '../../../shared/model/completion.ts';
import { anAdapter } from '../../support/fakes/documents.ts';

describe('how long a provider may say nothing', () => {
  it.each([
    ['a minute in a stream, however slow the model', 90_000, true, 60_000],
    ['a minute for the whole answer of a quick model', 1_000, false, 60_000],
    ['four times the usual latency for that of a slow one', 45_000, false, 180_000],
  ])('%s', (_name, latency_ms, stream, milliseconds) => {
    expect(patienceMs(anAdapter('a', { latency_ms }), stream)).toBe(milliseconds);
  });
});
