import { describe, expect, it } from 'vitest';
import type { PiiSpan, PiiType } from '../../../../shared/model/pii.ts';
import { mergeSpans } from '../../../../shared/services/redact/merge-spans.ts';

const at = (text: string, value: string, type: PiiType): PiiSpan => ({
  start: text.indexOf(value),
  end: text.indexOf(value) + value.length,
  type,
});

const merged = (text: string, validated: [string, PiiType][], read: [string, PiiType][]): string[] =>
  mergeSpans(
    text,
    validated.map(([value, type]) => at(text, value, type)),
    read.map(([value, type]) => at(text, value, type)),
  ).map(({ start, end, type }) => `${type} ${text.slice(start, end)}`);

describe('what patterns and the model found', () => {
  it('stands side by side, in the order of the text', () => {
    expect(merged('a@b.cd of Jane', [['a@b.cd', 'EMAIL']], [['Jane', 'PERSON']])).toEqual([
      'EMAIL a@b.cd',
      'PERSON Jane',
    ]);
  });

  it('is the pattern’s where both claim it', () => {
    expect(merged('mail jane@doe.com', [['jane@doe.com', 'EMAIL']], [['jane', 'PERSON']])).toEqual([
      'EMAIL jane@doe.com',
    ]);
  });

  it('leaves to the model what of its span the pattern does not claim', () => {
    const text = 'Jane Doe <jane@doe.com>, 1 Main St';

    expect(
      merged(text, [['jane@doe.com', 'EMAIL']], [['Jane Doe <jane@doe.com>, 1 Main St', 'ADDRESS']]),
    ).toEqual(['ADDRESS Jane Doe', 'EMAIL jane@doe.com', 'ADDRESS 1 Main St']);
  });

  it('drops a remainder that says nothing', () => {
    expect(merged('to (a@b.cd) x', [['a@b.cd', 'EMAIL']], [['(a@b.cd) x', 'ADDRESS']])).toEqual([
      'EMAIL a@b.cd',
    ]);
  });

  it('takes along the marks of the last letter', () => {
    expect(merged('by Zoe\u0308, so', [], [['Zoe', 'PERSON']])).toEqual(['PERSON Zoe\u0308']);
  });
});
