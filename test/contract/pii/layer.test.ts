/** The layer as it is uploaded: what it weighs, and that nothing is lacking of what was left out of onnxruntime. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const SCRIPTS = join(import.meta.dirname, '../../../scripts');
const OPEN_MODEL = join(import.meta.dirname, '../../../shared/adapters/pii/model/open-model.ts');
/** What Lambda takes in one upload. */
const MOST_ZIPPED_BYTES = 50_000_000;
/** As AWS counts it, with the function's own code. */
const MOST_BYTES = 250_000_000;

let scratch = '';
let staged: { layer: string; bytes: number; zippedBytes: number };

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'atp-layer-'));
  const said = execFileSync(process.execPath, [join(SCRIPTS, 'pii-layer.mjs'), '--out', scratch]);
  staged = JSON.parse(said.toString());
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('the layer with the model', () => {
  it('weighs less than Lambda takes', () => {
    expect(staged.zippedBytes).toBeLessThan(MOST_ZIPPED_BYTES);
    expect(staged.zippedBytes).toBeGreaterThan(10_000_000);
    expect(staged.bytes).toBeLessThan(MOST_BYTES);
  });

  it("holds no other system's libraries", () => {
    const libraries = readdirSync(staged.layer, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.(?:node|dll|dylib|so(?:\.\d+)*)$/.test(file),
    );

    expect(libraries.length).toBeGreaterThan(0);
    expect(libraries.filter((file) => !file.includes('/linux/x64/'))).toEqual([]);
  });

  // What Lambda loads, no other system can.
  it.runIf(process.platform === 'linux' && process.arch === 'x64')(
    'finds names with what it holds alone',
    () => {
      const directory = join(staged.layer, 'pii');
      const program = `
      const { openModel } = await import(${JSON.stringify(OPEN_MODEL)});
      const model = await openModel(${JSON.stringify(directory)}, { now: () => 0 });
      console.log(JSON.stringify(await model.read(['My name is Jane Doe.'], 1)));`;
      const said = execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: scratch });

      expect(JSON.parse(said.toString())).toEqual([
        { spans: [{ start: 11, end: 19, type: 'PERSON' }], complete: true },
      ]);
    },
  );
});
