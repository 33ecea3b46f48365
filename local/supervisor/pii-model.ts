/** Whether the model that finds names can run here. Tried in a process of its own: a library that crashes is not to take us along. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export type PiiModel = { directory: string } | { missing: string };

const PATIENCE_MS = 10_000;
const TRY = `require('node:module').createRequire(process.argv[1])('onnxruntime-node')`;

export const findPiiModel = async (directory: string): Promise<PiiModel> => {
  if (!existsSync(join(directory, 'model.onnx'))) return { missing: `there is no model in ${directory}` };
  const isLoaded = await new Promise<boolean>((resolve) => {
    const args = ['-e', TRY, join(directory, 'package.json')];
    execFile(process.execPath, args, { timeout: PATIENCE_MS }, (error) => resolve(error === null));
  });
  return isLoaded ? { directory } : { missing: 'onnxruntime-node cannot be loaded here' };
};
