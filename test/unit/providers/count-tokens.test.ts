import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateTokens } from '../../../shared/services/count-tokens.ts';
import { anyCharacter } from '../../support/any-character.ts';

describe('the estimate of tokens', () => {
  // Counts by the cl100k_base vocabulary, taken with the npm package gpt-tokenizer.
  it.each([
    ['English', 'The quick brown fox jumps over the lazy dog.', 10],
    ['a sentence', 'Explain quantum computing in simple terms, as if I were ten years old.', 16],
    ['Chinese', '人工智能正在改变世界', 11],
  ])('is within a third for %s', (_name, text, tokens) => {
    expect(Math.abs(estimateTokens(text) - tokens)).toBeLessThanOrEqual(tokens / 3);
  });

  it('is at least 1', () => {
    expect(estimateTokens('')).toBe(1);
  });

  it('counts more for the same number of characters in Han than in Latin letters', () => {
    expect(estimateTokens('界'.repeat(100))).toBeGreaterThan(2 * estimateTokens('a'.repeat(100)));
  });

  it('counts more for code than for prose', () => {
    expect(estimateTokens('{[(<>)]};'.repeat(20))).toBeGreaterThan(estimateTokens('something'.repeat(20)));
  });

  it.each([
    ['Cyrillic', 'привет'],
    ['accented letters', 'éàüöß'],
    ['Kana', 'こんにちは'],
    ['Hangul', '안녕하세요'],
    ['digits', '1234567890'],
    ['emoji', '😀😀'],
  ])('grows with %s', (_name, text) => {
    expect(estimateTokens(text.repeat(40))).toBeGreaterThan(10 * estimateTokens(text.repeat(2)));
  });

  it('is never smaller for a longer text, nor beyond one for each code unit', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), fc.string({ unit: anyCharacter }), (text, more) => {
        expect(estimateTokens(text + more)).toBeGreaterThanOrEqual(estimateTokens(text));
        expect(estimateTokens(text)).toBeLessThanOrEqual(Math.max(1, text.length));
      }),
    );
  });
});
