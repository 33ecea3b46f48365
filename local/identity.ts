/** `--identity FILE`: the issuers that this machine's gateway trusts. */
import { readFileSync } from 'node:fs';
import { readIdentity } from '../shared/config/identity-file.ts';
import { signInVariable } from './console/sign-in.ts';
import { StartError } from './data-dir/layout.ts';

const USAGE_ERROR = 2;

/** Throws StartError where the file cannot be used. */
export const localIdentity = (path: string | undefined): Record<string, string> => {
  if (path === undefined) return {};
  try {
    const { variables, domain, console } = readIdentity(readFileSync(path, 'utf8'), true);
    if (domain !== undefined) throw new Error('/domain is for a deployed stage');
    const set = Object.entries(variables).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    );
    return { ...Object.fromEntries(set), ...signInVariable(console) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === undefined ? message : `it cannot be read (${code})`;
    throw new StartError(`--identity ${path}: ${reason}.`, USAGE_ERROR);
  }
};
