/** Bodies of requests that are too long for a command line, and secrets that do not belong on one. */
import { readFile } from 'node:fs/promises';
import { EXIT, Failure } from '../failure.ts';
import { parseJson, type World } from '../session.ts';

/** A body from a file; - is standard input. */
export const bodyIn = async (world: World, file: string | undefined): Promise<Record<string, unknown>> => {
  if (file === undefined) return {};
  if (file === '-') return parseJson(await world.readInput(), 'What came by standard input');
  try {
    return parseJson(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(EXIT.usage, `${file} cannot be read.`);
  }
};

/** A provider's key from a variable. */
export const keyIn = (world: World, name: string | undefined): string | undefined => {
  if (name === undefined) return undefined;
  const key = world.env[name];
  if (key === undefined || key === '') throw new Failure(EXIT.usage, `The variable ${name} is not set.`);
  return key;
};
