/**
 * The encoder's numbers for every prompt of a set, kept beside the encoder, since thousands of prompts take minutes. A file
 * holds the numbers of one list of texts by one encoder, both of which are in its name.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PromptEncoder } from '../../shared/ports/prompt-encoder.ts';

/** By text. */
export type Embeddings = ReadonlyMap<string, readonly number[]>;

export async function embedAll(
  texts: readonly string[],
  encoder: PromptEncoder,
  directory: string,
  progress: (text: string) => void,
): Promise<Embeddings> {
  const hash = createHash('sha256').update(JSON.stringify([encoder.version, texts]));
  const file = join(directory, `${hash.digest('hex').slice(0, 32)}.f32`);
  if (!existsSync(file)) {
    const rows: (readonly number[])[] = [];
    for (const text of texts) {
      if (rows.length % 20 === 0) progress(`embedding prompts: ${rows.length} of ${texts.length}`);
      rows.push(await encoder.encode(text));
    }
    mkdirSync(directory, { recursive: true });
    writeFileSync(file, Float32Array.from(rows.flat()));
  }
  const bytes = Uint8Array.from(readFileSync(file));
  const values = new Float32Array(bytes.buffer);
  const size = values.length / texts.length;
  return new Map(texts.map((text, at) => [text, [...values.subarray(at * size, (at + 1) * size)]]));
}
