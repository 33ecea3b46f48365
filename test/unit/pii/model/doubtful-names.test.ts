import { describe, expect, it } from 'vitest';
import { withoutDoubtful } from '../../../../shared/adapters/pii/model/doubtful-names.ts';

const KNOWN = new Set(['jane', 'doe', '王', '欧阳', '佐々木']);

/** The names, in brackets in the text, that are left at a score. */
const left = (marked: string, score = 0.7): string[] => {
  let text = '';
  const names = marked.split(/(\[.*?\])/u).flatMap((part) => {
    const start = text.length;
    text += part.replace(/^\[|\]$/g, '');
    return part.startsWith('[') ? [{ start, end: text.length, score }] : [];
  });
  const kept = withoutDoubtful(text, names, (word) => KNOWN.has(word.toLowerCase()));
  return kept.map(({ start, end }) => text.slice(start, end));
};

describe('in small letters', () => {
  it('strange words are no names where sentences begin with capitals', () => {
    expect(left('Bu ad [özel]. Baska bir [jane kelime].\nSon.')).toEqual([]);
  });

  it.each([
    ['known names are', 'Yesterday [jane doe] rang.', ['jane doe']],
    ['strange ones are where nothing has capitals', 'yesterday [uta] rang. she left', ['uta']],
    ['capitals of most sentences count', 'A. [uta] rang. she left. he left', ['uta']],
    ['a capital of its own is enough', 'Yesterday [Uta] rang.', ['Uta']],
  ])('%s', (_, marked, names) => {
    expect(left(marked)).toEqual(names);
  });

  it('a name of which the second stage is sure stays', () => {
    expect(left('Yesterday [uta] rang.', 0.85)).toEqual(['uta']);
  });
});

describe('Chinese characters', () => {
  it.each([
    ['begin with a known name', '用[五句话]介绍[王小明]', ['王小明']],
    [
      'are more than three behind a surname of two only',
      '[王为角斗]和[欧阳小明]、[佐々木太郎]',
      ['欧阳小明', '佐々木太郎'],
    ],
    ['are judged only where nothing else stands among them', '[约翰·多]', ['约翰·多']],
  ])('%s', (_, marked, names) => {
    expect(left(marked)).toEqual(names);
  });
});
