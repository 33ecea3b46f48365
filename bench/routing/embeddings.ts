/**
 * The encoder's numbers for every prompt of a set, kept beside the encoder, since thousands of prompts take minutes. A file
 * holds the numbers of one list of texts by one encoder, both of which are in its name.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EMBEDDING_SIZE, type PromptEncoder } from '../../shared/ports/prompt-encoder.ts';

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
    const values = new Float32Array(texts.length * EMBEDDING_SIZE);
    for (const [at, text] of texts.entries()) {
      if (at % 20 === 0) progress(`embedding prompts: ${at} of ${texts.length}`);
      values.set(await encoder.encode(text), at * EMBEDDING_SIZE);
    }
    mkdirSync(directory, { recursive: true });
    writeFileSync(file, values);
  }
  const bytes = Uint8Array.from(readFileSync(file));
  const values = new Float32Array(bytes.buffer);
  return new Map(
    texts.map((text, at) => [text, [...values.subarray(at * EMBEDDING_SIZE, (at + 1) * EMBEDDING_SIZE)]]),
  );
}
