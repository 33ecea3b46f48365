/** `npm run check:supply`: known vulnerabilities, licences and sources of all lock files; what is not installed is said, and fails. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const crate = join(root, 'rust-selector');
const encoder = join(root, 'scripts/encoder');
const CARGO_DENY = '0.20.2';

const run = (command, args, cwd) => {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (error !== undefined) process.stderr.write(`${command}: ${error.message}\n`);
  return status === 0;
};

/** Installed by hand, since that takes minutes. */
const hasDeny = () => spawnSync('cargo', ['deny', '--version'], { stdio: 'ignore' }).status === 0;

const CHECKS = [
  ['npm: known vulnerabilities', () => run('npm', ['audit', '--audit-level=high'], root)],
  [
    'npm: known vulnerabilities of the sentence encoder',
    () => run('npm', ['audit', '--audit-level=high', '--package-lock-only'], encoder),
  ],
  ['npm: licences', () => run('npm', ['run', '--silent', 'licences'], root)],
  [
    'cargo: vulnerabilities, licences, sources',
    () => {
      if (hasDeny()) return run('cargo', ['deny', '--locked', 'check'], crate);
      process.stderr.write(
        `cargo-deny is missing: cargo install cargo-deny --locked --version ${CARGO_DENY}\n`,
      );
      return false;
    },
  ],
];

const failed = CHECKS.filter(([title, check]) => {
  process.stdout.write(`\n== ${title}\n`);
  return !check();
});
process.stdout.write(
  `\n${failed.length === 0 ? 'all clean' : `failed: ${failed.map(([title]) => title).join('; ')}`}\n`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
