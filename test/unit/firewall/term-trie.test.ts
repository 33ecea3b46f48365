import { describe, expect, it } from 'vitest';
import { plain } from '../../../shared/adapters/firewall/fold.ts';
import { ORDERS } from '../../../shared/adapters/firewall/rules/orders.ts';
import { TRICKS } from '../../../shared/adapters/firewall/rules/tricks.ts';
import { TermTrie } from '../../../shared/adapters/firewall/term-trie.ts';

const foldedOf = (text: string): string => plain(text.replace(/\*$/, '')).toLowerCase();

/** The concepts that end where the text does. */
const found = (trie: TermTrie, text: string, kind: 'accepts' | 'stems'): readonly number[] => {
  let node = 0;
  for (let at = 0; at < text.length; at++) {
    node = trie.next(node, text.charCodeAt(at));
    if (node === 0) return [];
  }
  return trie[kind](node) ?? [];
};

describe('the trie of terms', () => {
  it('finds each term of the rules by its concept, in whatever order they are looked for', () => {
    const terms = Object.values({ ...ORDERS, ...TRICKS }).flatMap((texts, concept) =>
      texts.map((text) => ({ text, concept })),
    );
    const trie = new TermTrie(terms);

    const missed = [...terms, ...terms.reverse()].filter(
      ({ text, concept }) =>
        !found(trie, foldedOf(text), text.endsWith('*') ? 'stems' : 'accepts').includes(concept),
    );

    expect(missed).toEqual([]);
  });

  it('knows where one term ends within another, and what only begins one', () => {
    const trie = new TermTrie([
      { text: 'for', concept: 0 },
      { text: 'forget', concept: 1 },
      { text: 'forg*', concept: 2 },
      { text: 'for', concept: 3 },
      { text: 'Á', concept: 4 },
    ]);

    expect(found(trie, 'forget', 'accepts')).toEqual([1]);
    expect(found(trie, 'for', 'accepts')).toEqual([0, 3]);
    expect(found(trie, 'forg', 'stems')).toEqual([2]);
    expect(found(trie, 'a', 'accepts')).toEqual([4]);
    expect([
      found(trie, 'fo', 'accepts'),
      found(trie, 'forx', 'accepts'),
      found(trie, 'x', 'accepts'),
    ]).toEqual([[], [], []]);
  });
});
