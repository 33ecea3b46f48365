/** Other views of the encoder than the gateway's. */
import type { MiniLmEncoder } from '../../shared/adapters/embedding/minilm-encoder.ts';
import type { PromptEncoder } from '../../shared/ports/prompt-encoder.ts';

/** All 384 numbers. */
export const whole = (encoder: MiniLmEncoder): PromptEncoder => ({
  version: 'all-minilm-l6-v2-int8, whole',
  encode: async (text) => [...(await encoder.embed(text))],
});

/** Code units that 256 tokens seldom exceed. */
const WINDOW = 1_000;
const MOST_WINDOWS = 8;

/** An encoder that reads at most 256 tokens, over all of a long text: the mean of its windows' numbers. */
export const pooled = (encoder: PromptEncoder): PromptEncoder => ({
  version: `${encoder.version}, pooled`,
  encode: async (text) => {
    const sums: number[] = [];
    const windows = Math.max(1, Math.min(MOST_WINDOWS, Math.ceil(text.length / WINDOW)));
    for (let at = 0; at < windows; at += 1) {
      const numbers = await encoder.encode(text.slice(at * WINDOW, (at + 1) * WINDOW));
      for (const [index, value] of numbers.entries()) sums[index] = (sums[index] ?? 0) + value / windows;
    }
    return sums;
  },
});
