/** The local store, as published and as built for this machine: the same store, on the same files. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { layout } from '../../../local/data-dir/layout.ts';
import { builtEngine, publishedEngine } from '../../../local/dynamodb/engine.ts';
import { commandOf, eventually, LocalProcess, makeHome } from '../../support/local-process.ts';

const ROOT = join(import.meta.dirname, '../../..');
/** It compiles for half a minute on two idle cores, and gives way to whatever else runs. */
const BUILT_WITHIN_MS = 900_000;
const PUBLISHED = { DYNOXIDE_PATH: publishedEngine(ROOT) };

const home = makeHome();
const BUILDS = join(dirname(home.data), 'builds');
/** Not optimised, which would take three times as long: no test is about its speed. */
const BUILDING = {
  ATP_STORE_BUILD: 'on',
  ATP_STORE_BUILD_DIR: BUILDS,
  CARGO_PROFILE_RELEASE_OPT_LEVEL: '0',
};
const BUILT = { ATP_STORE_BUILD_DIR: BUILDS };
afterAll(() => home.remove());

const askOnce = async (runtime: LocalProcess): Promise<string> => {
  const reply = (await (await runtime.ask()).json()) as { request_id: string };
  return reply.request_id;
};

const observed = async (runtime: LocalProcess): Promise<string[]> => {
  const reply = await runtime.request('GET', '/admin/observations?limit=10', runtime.first.admin_key);
  return ((await reply.json()) as { request_id: string }[]).map(({ request_id }) => request_id);
};

const storeOf = (runtime: LocalProcess): string => commandOf(runtime.first.processes.dynamodb ?? 0);

/** The release that the store says it is of. */
const releaseOf = async (runtime: LocalProcess): Promise<string | null> => {
  const { dynamodb } = JSON.parse(readFileSync(layout(runtime.data).store, 'utf8')) as { dynamodb: string };
  return (await fetch(dynamodb)).headers.get('x-dynoxide-version');
};

describe('the local store', () => {
  it(
    'is built behind a running gateway, serves from the next start on, and leaves its files to the published one',
    async () => {
      const first = await LocalProcess.start(home.data, [], BUILDING);
      const asked = [await askOnce(first)];
      await eventually(() => existsSync(builtEngine(BUILDS)) || undefined, BUILT_WITHIN_MS);
      await first.stop();

      const second = await LocalProcess.start(home.data, [], BUILT);
      const builtRuns = storeOf(second);
      const readByBuilt = await observed(second);
      const builtRelease = await releaseOf(second);
      asked.unshift(await askOnce(second));
      await second.stop();

      const third = await LocalProcess.start(home.data, [], PUBLISHED);
      const publishedRuns = storeOf(third);
      const readByPublished = await observed(third);
      const publishedRelease = await releaseOf(third);
      await third.stop();

      expect(builtRuns).toContain(builtEngine(BUILDS));
      expect(publishedRuns).toContain(publishedEngine(ROOT));
      expect(builtRelease).toMatch(/^\d/);
      expect(builtRelease).toBe(publishedRelease);
      expect(readByBuilt).toEqual(asked.slice(1));
      expect(readByPublished).toEqual(asked);
    },
    BUILT_WITHIN_MS + 120_000,
  );
});
