/** Progress for people: one line a step with its elapsed time; redrawn on a terminal, plain elsewhere. */
import { spawn } from 'node:child_process';

export const wantsColour = (stream, env = process.env) =>
  stream.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';

export const paint = (code, text, stream = process.stderr) =>
  wantsColour(stream) ? `\u001b[${code}m${text}\u001b[0m` : text;

export const elapsed = (startedAt) => {
  const seconds = (Date.now() - startedAt) / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${String(Math.round(seconds % 60)).padStart(2, '0')} s`;
};

export class SetupError extends Error {}

/** Runs a command quietly; its output is shown only if it fails. Throws SetupError. */
export const step = async (title, command, args, options = {}) => {
  const startedAt = Date.now();
  const stream = process.stderr;
  const live = stream.isTTY === true;
  const draw = () => stream.write(`\r${title} … ${elapsed(startedAt)} `);
  if (live) draw();
  else stream.write(`${title} …\n`);
  const timer = setInterval(
    () => (live ? draw() : stream.write(`${title} … ${elapsed(startedAt)}\n`)),
    live ? 200 : 15_000,
  );
  const finish = (mark, colour) =>
    stream.write(
      `${live ? '\r' : ''}${paint(colour, mark)} ${title} (${elapsed(startedAt)})\u001b[K\n`.replace(
        live ? '' : '\u001b[K',
        '',
      ),
    );
  try {
    await run(command, args, options);
    finish('done', '32');
  } catch (error) {
    finish('failed', '31');
    throw error;
  } finally {
    clearInterval(timer);
  }
};

const TAIL = 8_000;

const run = (command, args, options) =>
  new Promise((resolve, reject) => {
    let tail = '';
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (chunk) => {
      tail = (tail + chunk).slice(-TAIL);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => {
      const missing =
        error.code === 'ENOENT' ? `${command} was not found; install it and try again` : error.message;
      reject(new SetupError(missing));
    });
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          new SetupError(`${command} ${args.join(' ')} ended with ${signal ?? code}:\n${tail.trimEnd()}`),
        );
    });
  });
