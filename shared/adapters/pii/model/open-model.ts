/** Opens the model that lies in a directory. Its `read` computes on the thread that calls. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readLabelSet } from './label-set.ts';
import { NameJudge } from './name-judge.ts';
import { type RunModel, TextModel } from './text-model.ts';
import { Vocabulary } from './word-pieces.ts';

/** What is used of onnxruntime-node. */
interface Onnx {
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => object;
  readonly InferenceSession: { create(file: string, options: object): Promise<OnnxSession> };
}
interface OnnxSession {
  run(feeds: Record<string, object>): Promise<Record<string, { readonly data: Float32Array }>>;
}

/** One text at a time, on one core. The graph is written for that already: what `all` would make of it is a seventh slower. */
const SESSION = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'basic',
};

export interface OpenModelOptions {
  now: () => number;
  /** Where to look for onnxruntime-node; the model's own directory where it is left out. */
  runtimeFrom?: string;
  /** The graph, where it is not the directory's own. */
  graph?: string;
  /** See TextModelParts. */
  batchTokens?: number;
}

/** Rejects where the model or its runtime cannot be opened. */
export const openModel = async (directory: string, options: OpenModelOptions): Promise<TextModel> => {
  const file = (name: string): string => join(directory, name);
  const onnx = createRequire(join(options.runtimeFrom ?? directory, 'package.json'))(
    'onnxruntime-node',
  ) as Onnx;
  const session = await onnx.InferenceSession.create(options.graph ?? file('model.onnx'), SESSION);
  return new TextModel({
    vocabulary: new Vocabulary(readFileSync(file('vocab.txt'), 'utf8')),
    labels: readLabelSet(readFileSync(file('labels.json'), 'utf8')),
    names: new NameJudge(readFileSync(file('names.json'), 'utf8')),
    run: runOn(onnx, session),
    now: options.now,
    ...(options.batchTokens === undefined ? {} : { batchTokens: options.batchTokens }),
  });
};

const runOn =
  (onnx: Onnx, session: OnnxSession): RunModel =>
  async ({ rows, tokens, ids, mask, cases }) => {
    const tensor = (data: BigInt64Array): object => new onnx.Tensor('int64', data, [rows, tokens]);
    const { logits } = await session.run({
      input_ids: tensor(ids),
      attention_mask: tensor(mask),
      case_ids: tensor(cases),
    });
    if (logits === undefined) throw new TypeError('the model has no logits');
    return logits.data;
  };
