#!/usr/bin/env node
/**
 * `node scripts/pii-layer.mjs [--out DIR]`: the model that finds names, with the little of onnxruntime that runs it on Lambda.
 * Says what it weighs, as it is and zipped.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { deflateRawSync } from 'node:zlib';

const ROOT = resolve(import.meta.dirname, '..');
const MODEL = ['model.onnx', 'vocab.txt', 'labels.json', 'names.json'];
/** Of each package what is loaded on Linux, x86_64; the rest is other systems' and 240 MB. */
const PACKAGES = {
  'onnxruntime-node': ['package.json', 'dist', 'bin/napi-v6/linux/x64'],
  'onnxruntime-common': ['package.json', 'dist/cjs'],
};

/** Where it lies, or undefined where no model is there. */
export const stagePiiLayer = ({ out = join(ROOT, 'dist') } = {}) => {
  const model = join(ROOT, 'pii-model');
  const layer = join(resolve(out), 'layers', 'pii');
  rmSync(layer, { recursive: true, force: true });
  if (!existsSync(join(model, 'model.onnx'))) return undefined;
  const target = join(layer, 'pii');
  mkdirSync(target, { recursive: true });
  for (const name of MODEL) cpSync(join(model, name), join(target, name));
  writeFileSync(join(target, 'package.json'), '{"private":true}');
  for (const [name, parts] of Object.entries(PACKAGES)) {
    for (const part of parts) {
      cpSync(join(ROOT, 'node_modules', name, part), join(target, 'node_modules', name, part), {
        recursive: true,
        filter: (source) => !/\.(?:map|d\.ts)$/.test(source),
      });
    }
  }
  return layer;
};

/** What a zip file holds of it, but for the few bytes of each file's name. */
const weightOf = (layer) => {
  const weight = { bytes: 0, zippedBytes: 0 };
  for (const entry of readdirSync(layer, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const content = readFileSync(join(entry.parentPath, entry.name));
    weight.bytes += content.length;
    weight.zippedBytes += deflateRawSync(content).length;
  }
  return weight;
};

const main = () => {
  const { values } = parseArgs({ options: { out: { type: 'string', default: join(ROOT, 'dist') } } });
  const layer = stagePiiLayer(values);
  console.log(
    layer === undefined ? 'there is no model in pii-model' : JSON.stringify({ layer, ...weightOf(layer) }),
  );
};

if (process.argv[1] === import.meta.filename) main();
