/** Opens the encoder that `npm run setup:encoder` put into a directory. Its `encode` computes on the thread that calls. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isInstalled } from './is-installed.ts';
import { MiniLmEncoder, type RunModel } from './minilm-encoder.ts';
import type { Projection } from './projection.ts';

/** What is used of onnxruntime-node and of @huggingface/tokenizers, which are no dependencies of the router. */
interface Onnx {
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => object;
  readonly InferenceSession: {
    create(file: string, options: object): Promise<OnnxSession>;
  };
}
interface OnnxSession {
  run(feeds: Record<string, object>): Promise<Record<string, { readonly data: ArrayLike<number> }>>;
}
interface Tokenizers {
  readonly Tokenizer: new (
    tokenizer: object,
    config: object,
  ) => { encode(text: string): { readonly ids: readonly number[] } };
}

/** One prompt at a time, on one core. */
const SESSION = { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential' };

/** Undefined where nothing is installed. Rejects where what is installed cannot be opened. */
export async function openInstalledEncoder(
  directory: string,
  projection: Projection,
): Promise<MiniLmEncoder | undefined> {
  if (!isInstalled(directory)) return undefined;
  const file = (name: string): string => join(directory, 'model', name);
  const require = createRequire(join(directory, 'package.json'));
  const onnx = require('onnxruntime-node') as Onnx;
  const { Tokenizer } = require('@huggingface/tokenizers') as Tokenizers;
  const json = (name: string): object => JSON.parse(readFileSync(file(name), 'utf8')) as object;
  const tokenizer = new Tokenizer(json('tokenizer.json'), json('tokenizer_config.json'));
  const session = await onnx.InferenceSession.create(file('model.onnx'), SESSION);
  return new MiniLmEncoder((text) => tokenizer.encode(text).ids, runOn(onnx, session), projection);
}

function runOn(onnx: Onnx, session: OnnxSession): RunModel {
  return async (tokens) => {
    const tensor = (value: (token: number) => bigint): object =>
      new onnx.Tensor('int64', BigInt64Array.from(tokens, value), [1, tokens.length]);
    const { last_hidden_state: hidden } = await session.run({
      input_ids: tensor(BigInt),
      attention_mask: tensor(() => 1n),
      token_type_ids: tensor(() => 0n),
    });
    if (hidden === undefined) throw new TypeError('the model has no last_hidden_state');
    return hidden.data;
  };
}
