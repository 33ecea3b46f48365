import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withMentions } from '../../../../shared/adapters/pii/model/name-mentions.ts';

/** `text` with names in brackets, `[Jane Doe]`. */
const setUp = (marked: string, score = 0.9) => {
  let text = '';
  const names = marked.split(/(\[.*?\])/u).flatMap((part) => {
    const start = text.length;
    text += part.replace(/^\[|\]$/g, '');
    return part.startsWith('[') ? [{ start, end: text.length, score }] : [];
  });
  return { text, names };
};
const known = (marked: string): string[] => {
  const { text, names } = setUp(marked);
  return withMentions(text, names, []).map(({ start, end }) => text.slice(start, end));
};

describe('parts of a whole name', () => {
  it.each([
    ['[Michael Griffin] came. Griffin spoke', ['Michael Griffin', 'Griffin']],
    ["Griffin's friend is [Michael Griffin]", ['Griffin', 'Michael Griffin']],
    ['[Jean-Luc O’Neill]: Mr. O’Neill, Jean-Luc', ['Jean-Luc O’Neill', 'O’Neill', 'Jean-Luc']],
  ])('in %j are names where they stand alone', (marked, names) => {
    expect(known(marked)).toEqual(names);
  });

  it.each([
    ['of one word', '[Griffin] came. Griffin spoke'],
    ['beside another capital', '[Michael Griffin] of Griffin Hall'],
    ['behind another capital', '[Michael Griffin] of Old Griffin'],
    ['in addresses and identifiers', '[Michael Griffin]: griffin.io/Griffin @Griffin Griffin.Run Griffin_2'],
    ['that are words there as well', '[May Griffin] may come in May'],
    ['of two letters', '[Bo Griffin] likes Bo'],
    ['in small letters', '[michael griffin] came. griffin spoke'],
  ])('are none: %s', (_, marked) => {
    expect(known(marked)).toEqual(
      setUp(marked).names.map(({ start, end }) => setUp(marked).text.slice(start, end)),
    );
  });

  it('are as likely names as the whole is', () => {
    const { text, names } = setUp('[Michael Griffin] and Griffin', 0.6);
    expect(withMentions(text, names, []).map(({ score }) => score)).toEqual([0.6, 0.6]);
  });

  it('leave alone what is of another type, or as likely as not a longer name', () => {
    const { text, names } = setUp('[Michael Griffin] and Griffin the elder');
    const start = text.lastIndexOf('Griffin');
    const longer = { start, end: text.length, score: 0.5 };
    expect(withMentions(text, names, [longer])).toEqual(names);
    expect(withMentions(text, [...names, longer], [])).toEqual([...names, longer]);
  });

  it('stand in the place of what was less likely', () => {
    const { text, names } = setUp('[Michael Griffin] and Griffin left');
    const start = text.lastIndexOf('Griffin');
    const found = withMentions(text, [...names, { start, end: text.length, score: 0.2 }], []);
    expect(found.at(-1)).toEqual({ start, end: start + 'Griffin'.length, score: 0.9 });
  });
});

it('are sorted and apart, in any text', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.constantFrom('Jane', 'Doe', '[Jane Doe]', '[Doe]', '[Doe left]', 'x', '😀', 'É'),
          fc.constantFrom(' ', ', ', '. '),
        ),
      ),
      (parts) => {
        const { text, names } = setUp(parts.flat().join(''), 0.4);
        const found = withMentions(text, names, []);
        expect(found.every(({ start }, at) => start >= (found[at - 1]?.end ?? 0))).toBe(true);
        expect(found.length).toBeGreaterThanOrEqual(names.length);
      },
    ),
  );
});
