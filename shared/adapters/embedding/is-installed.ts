/** Whether `npm run setup:encoder` has finished in a directory; without loading anything of it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const FILES = ['model.onnx', 'tokenizer.json', 'tokenizer_config.json'];

export const isInstalled = (directory: string): boolean =>
  FILES.every((name) => existsSync(join(directory, 'model', name)));
