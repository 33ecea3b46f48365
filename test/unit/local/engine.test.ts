import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  builtEngine,
  engineBuild,
  engineBuilds,
  findEngine,
  publishedEngine,
} from '../../../local/dynamodb/engine.ts';
import { EngineBuilder } from '../../../local/dynamodb/engine-build.ts';
import { LogDirectory } from '../../../local/processes/log-directory.ts';

let root: string;
let builds: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'atp-engine-'));
  builds = join(root, 'builds');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const put = (path: string, content = ''): string => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, 0o755);
  return path;
};

describe('findEngine', () => {
  it('takes the named one, then the one built here, then the published one', () => {
    const published = put(publishedEngine(root));
    const first = findEngine(root, undefined, builds);
    const built = put(builtEngine(builds));
    const second = findEngine(root, undefined, builds);
    const named = put(join(root, 'mine'));
    const third = findEngine(root, named, builds);

    expect([first, second, third]).toEqual([published, built, named]);
    expect(findEngine(root, undefined)).toBe(published);
    expect(findEngine(root, undefined, engineBuilds(root, 'builds'))).toBe(built);
  });

  it('says how to get one where there is none, and refuses a name of nothing', () => {
    expect(() => findEngine(root, undefined)).toThrow('npm run build:store');
    expect(() => findEngine(root, join(root, 'nothing'))).toThrow('DYNOXIDE_PATH names no file.');
  });
});

describe('EngineBuilder', () => {
  const builder = (script: string | undefined) => {
    const notes: string[] = [];
    const pids: (number | undefined)[] = [];
    const cargo = join(root, 'cargo');
    if (script !== undefined) put(cargo, `#!/bin/sh\n${script}\n`);
    const made = new EngineBuilder({
      root,
      builds,
      logs: new LogDirectory(join(root, 'logs')),
      events: { up: (pid) => pids.push(pid), down: (pid) => pids.push(pid) },
      note: (text) => notes.push(text),
      cargo,
    });
    return { made, notes, pids };
  };

  it('has cargo build the pinned version, clears what only the build needed, and says so', async () => {
    const target = join(engineBuild(builds), 'target');
    const { made, notes, pids } = builder(
      `echo "$@" $CARGO_PROFILE_RELEASE_OPT_LEVEL > ${root}/args; mkdir -p ${target}`,
    );

    await made.run();

    expect(readFileSync(join(root, 'args'), 'utf8')).toContain(
      'install dynoxide-rs --version =2.0.1 --locked',
    );
    expect(readFileSync(join(root, 'args'), 'utf8')).toContain(`--root ${engineBuild(builds)} `);
    expect(readFileSync(join(root, 'args'), 'utf8')).toMatch(/ 2\n$/);
    expect(existsSync(target)).toBe(false);
    expect(notes).toEqual(['A faster build of the local store is ready for the next start.']);
    expect(pids[0]).toBeTypeOf('number');
    expect(pids).toEqual([pids[0], pids[0]]);
  });

  it('keeps what a failed build made, for the next one, and says where its words are', async () => {
    const target = join(engineBuild(builds), 'target');
    const { made, notes } = builder(`mkdir -p ${target}; exit 101`);

    await made.run();

    expect(existsSync(target)).toBe(true);
    expect(notes).toEqual([expect.stringContaining('logs/store-build.jsonl')]);
  });

  it('says nothing without cargo, builds nothing twice but clears what was left, and starts nothing once it is stopped', async () => {
    const without = builder(undefined);
    await without.made.run();
    const stopped = builder(`touch ${root}/ran`);
    stopped.made.stop();
    await stopped.made.run();
    put(builtEngine(builds));
    put(join(engineBuild(builds), 'target', 'left'));
    const again = builder(`touch ${root}/ran`);
    await again.made.run();

    expect(existsSync(join(root, 'ran'))).toBe(false);
    expect(existsSync(join(engineBuild(builds), 'target'))).toBe(false);
    expect([without.notes, stopped.notes, again.notes]).toEqual([[], [], []]);
  });

  it('ends a build that runs', async () => {
    const { made, notes } = builder('sleep 60');
    const running = made.run();

    made.stop();
    await running;

    expect(notes).toEqual([]);
  });
});
