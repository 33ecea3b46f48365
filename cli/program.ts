/** The command line: every command, and how it ends. */
import { Command, CommanderError } from 'commander';
import { addAdapters } from './commands/adapters.ts';
import { addAsking } from './commands/asking.ts';
import { addLooking } from './commands/looking.ts';
import { addOperating } from './commands/operating.ts';
import { addPolicies } from './commands/policies.ts';
import { addTenancy } from './commands/tenancy.ts';
import { EXIT, Failure } from './failure.ts';
import { Output } from './output.ts';
import type { World } from './session.ts';

const HELP = `
Where no --url or --key is given, ATP_URL and ATP_API_KEY are taken, else what \`npm start\` wrote into .atp.
Exit codes: 0 done, 1 refused by the server, 2 wrong usage, 3 nobody answers.

Example:
  atp ask "Explain quantum computing"`;

export const makeProgram = (world: World, version: string): Command => {
  const program = new Command('atp')
    .description('Calls an ATP Router: asks, and what operators do.')
    .version(version)
    .option('--url <url>', 'where the router is')
    .option('--key <key>', 'the API key; safer in ATP_API_KEY, since others see the command line')
    .option('--data <dir>', 'data directory of a local runtime', '.atp')
    .option('--json', 'print JSON, one line; of a stream one line an event')
    .option('--as <tenant>', 'the tenant that an operator acts for')
    .addHelpText('after', HELP)
    .configureOutput({
      writeOut: (text) => void world.stdout.write(text),
      writeErr: (text) => void world.stderr.write(text),
    });
  addAsking(program, world);
  addAdapters(program, world);
  addPolicies(program, world);
  addTenancy(program, world);
  addLooking(program, world);
  addOperating(program, world);
  return exiting(program);
};

/** Throws instead of ending the process; subcommands do not take that over once they are there. */
const exiting = (command: Command): Command => {
  command.exitOverride();
  for (const inner of command.commands) exiting(inner.copyInheritedSettings(command));
  return command;
};

/** Runs one command and answers the exit code. */
export const run = async (args: readonly string[], world: World, version: string): Promise<number> => {
  try {
    await makeProgram(world, version).parseAsync(args, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    // Commander has printed what was wrong, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (!(error instanceof Failure)) throw error;
    const isJson = args.includes('--json');
    const out = new Output(world, isJson);
    if (isJson && error.problem !== undefined) world.stderr.write(`${JSON.stringify(error.problem)}\n`);
    else out.complain(`atp: ${error.message}`);
    return error.exitCode;
  }
};
