/** The commands that every kind of thing has: list, get, remove. */
import type { Command } from 'commander';
import { type Session, sessionOf, type World } from '../session.ts';

export const EVERYTHING = 1_000_000;

/** An operator's command. */
export const operating =
  <Args extends unknown[]>(world: World, act: (session: Session, ...args: Args) => Promise<void>) =>
  (...args: unknown[]): Promise<void> => {
    const command = args.at(-1) as Command;
    return act(sessionOf(world, command, 'admin'), ...(args.slice(0, -1) as Args));
  };

export interface Resource {
  name: string;
  /** One of them. */
  one: string;
  description: string;
  path: string;
  columns: readonly string[];
  example: string;
}

const at = (path: string, id: string): string => `${path}/${encodeURIComponent(id)}`;

/** A group with its `list`; without a word after it the group lists too. */
export const addGroup = (program: Command, world: World, resource: Resource): Command => {
  const { name, description, path, columns, example } = resource;
  const group = program
    .command(name)
    .description(description)
    .addHelpText('after', `\nExample:\n  ${example}`);
  group
    .command('list', { isDefault: true })
    .description('List them')
    .action(
      operating(world, async ({ api, out }) => out.rows(await api.list(path, {}, EVERYTHING), columns)),
    );
  return group;
};

export const addGet = (group: Command, world: World, { one, path }: Resource): Command =>
  group
    .command('get')
    .description(`Show one ${one}`)
    .argument('<id>', `its id`)
    .action(
      operating(world, async ({ api, out }, id: string) => out.record(await api.json('GET', at(path, id)))),
    );

export const addRemove = (
  group: Command,
  world: World,
  { one, path }: Resource,
  word: 'remove' | 'revoke' = 'remove',
): Command =>
  group
    .command(word)
    .description(`${word === 'remove' ? 'Remove' : 'Revoke'} a ${one}`)
    .argument('<id>', 'its id')
    .action(
      operating(world, async ({ api, out }, id: string) => {
        await api.json('DELETE', at(path, id));
        out.done(`The ${one} ${id} is ${word}d.`);
      }),
    );
