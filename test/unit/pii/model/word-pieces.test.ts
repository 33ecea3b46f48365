import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Piece, Vocabulary } from '../../../../shared/adapters/pii/model/word-pieces.ts';
import { WordScanner } from '../../../../shared/adapters/pii/model/word-scanner.ts';

const MODEL = join(import.meta.dirname, '../../../../pii-model');
const vocabulary = new Vocabulary(readFileSync(join(MODEL, 'vocab.txt'), 'utf8'));

interface Reference {
  text: string;
  ids: number[];
  utf16: [number, number][];
  case_ids: number[];
}

const references = readFileSync(join(MODEL, 'fixtures/tokenizer.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Reference);

const piecesOf = (text: string): Piece[] => {
  const scanner = new WordScanner(text);
  const pieces: Piece[] = [];
  for (let word = scanner.next(); word !== undefined; word = scanner.next())
    pieces.push(...vocabulary.piecesOf(word));
  return pieces;
};

describe('word pieces', () => {
  it('are the reference tokenizer’s, with its offsets and cases', () => {
    expect(references.length).toBeGreaterThan(300);
    for (const { text, ids, utf16, case_ids } of references) {
      const pieces = piecesOf(text);
      expect({ text, ids: pieces.map(({ id }) => id) }).toEqual({ text, ids });
      expect(pieces.map(({ start, end }) => [start, end])).toEqual(utf16);
      expect(pieces.map((piece) => piece.case)).toEqual(case_ids);
    }
  });

  it('of a surrogate without its other half are none', () => {
    expect(piecesOf('\ud83d')).toEqual([]);
    expect(piecesOf('a\udc00b').map(({ start, end }) => [start, end])).toEqual([[0, 3]]);
  });

  it('need a vocabulary with its marks', () => {
    expect(() => new Vocabulary('a\nb')).toThrow('lacks [UNK]');
  });
});
