/** An encoder without a model: words are hashed to directions, so that texts that share words lie close together. */
import { createHash } from 'node:crypto';
import { EMBEDDING_SIZE, type PromptEncoder } from '../../ports/prompt-encoder.ts';

const HALF = 127.5;

export class MemoryPromptEncoder implements PromptEncoder {
  readonly version = 'words';

  async encode(text: string): Promise<readonly number[]> {
    const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
    const sum = new Array<number>(EMBEDDING_SIZE).fill(0);
    for (const word of words) {
      const bytes = createHash('sha256').update(word).digest();
      for (let at = 0; at < EMBEDDING_SIZE; at += 1)
        sum[at] = (sum[at] ?? 0) + ((bytes[at] ?? 0) - HALF) / HALF;
    }
    const norm = Math.max(1, Math.hypot(...sum));
    return sum.map((value) => value / norm);
  }
}
