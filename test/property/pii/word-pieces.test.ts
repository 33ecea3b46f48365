import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Vocabulary } from '../../../shared/adapters/pii/model/word-pieces.ts';
import { WordScanner } from '../../../shared/adapters/pii/model/word-scanner.ts';
import { anyCharacter } from '../../support/any-character.ts';

const vocabulary = new Vocabulary(
  readFileSync(join(import.meta.dirname, '../../../pii-model/vocab.txt'), 'utf8'),
);
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: anyCharacter, maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...'Ab é.İß中한😀\u0301\u200d\ud83d\u00ad\t'), maxLength: 60 }),
);

const wordsOf = (of: string) => {
  const scanner = new WordScanner(of);
  const words = [];
  for (let word = scanner.next(); word !== undefined; word = scanner.next()) words.push(word);
  return words;
};

describe('words and their pieces', () => {
  it('stand in order within the text, whole characters each', () => {
    fc.assert(
      fc.property(text, (of) => {
        let from = 0;
        for (const word of wordsOf(of)) {
          const pieces = vocabulary.piecesOf(word);
          expect(pieces.length).toBeGreaterThan(0);
          for (const { start, end } of pieces) {
            expect(end).toBeGreaterThan(start);
            expect(end).toBeLessThanOrEqual(of.length);
            expect(
              /^[\udc00-\udfff]/.test(of.slice(start)) && /[\ud800-\udbff]$/.test(of.slice(0, start)),
            ).toBe(false);
          }
          expect(pieces[0]?.start).toBeGreaterThanOrEqual(from);
          from = Math.max(...pieces.map(({ end }) => end));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('are the same wherever the text stands', () => {
    fc.assert(
      fc.property(text, fc.constantFrom('', ' ', 'x ', '. '), (of, before) => {
        const alone = wordsOf(of).map((word) => word.text);
        const behind = wordsOf(before + of).map((word) => word.text);

        expect(behind.slice(behind.length - alone.length)).toEqual(alone);
      }),
    );
  });
});
