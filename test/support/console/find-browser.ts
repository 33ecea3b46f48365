/** An installed Chromium: none is downloaded. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Undefined where there is none. `CHROMIUM_PATH` is taken at its word. */
export const findBrowser = (env: NodeJS.ProcessEnv = process.env): string | undefined => {
  if (env.CHROMIUM_PATH !== undefined && env.CHROMIUM_PATH !== '')
    return isProgram(env.CHROMIUM_PATH) ? env.CHROMIUM_PATH : undefined;
  return (env.PATH ?? '')
    .split(delimiter)
    .flatMap((directory) => NAMES.map((name) => join(directory, name)))
    .find(isProgram);
};
