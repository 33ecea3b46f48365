/** What a command works with: made from the options before it and those of its own. */
import type { Command } from 'commander';
import { ApiClient } from './client.ts';
import { type ConnectionOptions, connect } from './connection.ts';
import { EXIT, Failure } from './failure.ts';
import { Output, type Stream } from './output.ts';

export interface World {
  stdout: Stream;
  stderr: Stream;
  env: Readonly<Record<string, string | undefined>>;
  /** All of standard input. */
  readInput(): Promise<string>;
}

export interface Session {
  api: ApiClient;
  out: Output;
  world: World;
  /** Headers that say for which tenant an operator acts. */
  acting: Record<string, string>;
}

interface GlobalOptions extends ConnectionOptions {
  json?: boolean;
  as?: string;
}

export const sessionOf = (world: World, command: Command, role: 'admin' | 'tenant' | 'none'): Session => {
  const options = command.optsWithGlobals<GlobalOptions>();
  // Only an operator acts for another tenant.
  const needed = options.as !== undefined && role === 'tenant' ? 'admin' : role;
  return {
    api: new ApiClient(connect(options, world.env, needed)),
    out: new Output(world, options.json === true),
    world,
    acting: options.as === undefined ? {} : { 'x-tenant-id': options.as },
  };
};

/** A number as the shell gives it. Throws Failure. */
export const numberOf = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new Failure(EXIT.usage, `${text} is not a number.`);
  return value;
};

export const parseJson = (text: string, where: string): Record<string, unknown> => {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new Failure(EXIT.usage, `${where} is not JSON.`);
  }
};

/** Without what was not given. */
export const given = <Fields extends Record<string, unknown>>(fields: Fields): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
