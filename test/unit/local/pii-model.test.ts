import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findPiiModel } from '../../../local/supervisor/pii-model.ts';

const root = mkdtempSync(join(tmpdir(), 'atp-pii-'));
afterAll(() => rmSync(root, { recursive: true }));

const directoryWith = (name: string, runtime: string): string => {
  const directory = join(root, name);
  const library = join(directory, 'node_modules', 'onnxruntime-node');
  mkdirSync(library, { recursive: true });
  writeFileSync(join(directory, 'model.onnx'), '');
  writeFileSync(join(library, 'index.js'), runtime);
  return directory;
};

describe('the model that finds names', () => {
  it('is used where its runtime can be loaded', async () => {
    const directory = directoryWith('good', 'module.exports = {};');

    expect(await findPiiModel(directory)).toEqual({ directory });
  });

  it.each([
    ['throws', 'throw new Error("no such platform");'],
    ['takes the process with it', 'process.abort();'],
  ])('is done without where its runtime %s', async (name, runtime) => {
    expect(await findPiiModel(directoryWith(name.split(' ')[0] ?? '', runtime))).toEqual({
      missing: 'onnxruntime-node cannot be loaded here',
    });
  });

  it('is done without where there is none', async () => {
    expect(await findPiiModel(join(root, 'none'))).toEqual({
      missing: `there is no model in ${join(root, 'none')}`,
    });
  });
});
