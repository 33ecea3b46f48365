/**
 * `node bench/cold/compile-cache.ts`: when Node takes a primed compile cache and when it passes it over, by its own
 * account (NODE_DEBUG_NATIVE). Decides whether a bundle may bring one along.
 */
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Start {
  /** Holds `app/` and `cache/`. */
  place: string;
  /** Where the code is, if not in the same place. */
  code?: string;
  portable?: boolean;
  flags?: string[];
  uid?: number;
}

type Verdict = 'taken' | 'not taken';

const OTHER_UID = 65_534;
const scratch = mkdtempSync(join(tmpdir(), 'atp-compile-cache-'));

const start = ({ place, code = place, portable = false, flags = [], uid }: Start): Verdict => {
  const { stderr, stdout, status } = spawnSync(process.execPath, [...flags, join(code, 'app/index.mjs')], {
    encoding: 'utf8',
    env: {
      NODE_COMPILE_CACHE: join(place, 'cache'),
      NODE_DEBUG_NATIVE: 'COMPILE_CACHE',
      ...(portable ? { NODE_COMPILE_CACHE_PORTABLE: '1' } : {}),
    },
    ...(uid === undefined ? {} : { uid }),
  });
  if (status !== 0) throw new Error(`node ended with ${status}: ${stderr}`);
  return /was accepted/.test(stdout + stderr) ? 'taken' : 'not taken';
};

const primed = (name: string, portable = false): string => {
  const place = join(scratch, name);
  mkdirSync(join(place, 'app'), { recursive: true });
  writeFileSync(join(place, 'app/index.mjs'), 'export const handler = () => 1;\n');
  start({ place, portable });
  return place;
};

const moved = (name: string, portable: boolean): string => {
  const to = join(scratch, `${name}-elsewhere`);
  cpSync(primed(name, portable), to, { recursive: true });
  return to;
};

const touched = (): string => {
  const place = primed('touched');
  utimesSync(join(place, 'app/index.mjs'), 0, 0);
  return place;
};

const changed = (): string => {
  const place = primed('changed');
  appendFileSync(join(place, 'app/index.mjs'), 'export const more = 1;\n');
  return place;
};

const forOtherUser = (): string => {
  const place = primed('user');
  chmodSync(scratch, 0o755);
  return place;
};

/** The user's number is the end of the directory's name; Node lets nobody else read what it wrote. */
const renamed = (): string => {
  const place = forOtherUser();
  for (const name of readdirSync(join(place, 'cache'))) {
    const directory = join(place, 'cache', name.replace(/-\d+$/, `-${OTHER_UID}`));
    renameSync(join(place, 'cache', name), directory);
    for (const file of readdirSync(directory)) chmodSync(join(directory, file), 0o444);
  }
  return place;
};

const cases: [string, () => Verdict][] = [
  ['started again', () => start({ place: primed('again') })],
  ['code with another time of change', () => start({ place: touched() })],
  ['code changed', () => start({ place: changed() })],
  ['code and cache moved', () => start({ place: moved('moved', false) })],
  ['code and cache moved, portable', () => start({ place: moved('portable', true), portable: true })],
  ['another heap limit', () => start({ place: primed('heap'), flags: ['--max-old-space-size=512'] })],
  ['another V8 flag (--expose-gc)', () => start({ place: primed('flag'), flags: ['--expose-gc'] })],
];
const asRoot: [string, () => Verdict][] = [
  ['another user', () => start({ place: forOtherUser(), uid: OTHER_UID })],
  [
    'another user, for whom it was renamed, and who cannot write',
    () => start({ place: renamed(), uid: OTHER_UID }),
  ],
];

try {
  console.log(`Node ${process.version}, ${process.arch}`);
  for (const [what, verdict] of process.getuid?.() === 0 ? [...cases, ...asRoot] : cases)
    console.log(`${verdict().padEnd(9)}  ${what}`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
