/** The documents' commands do what they say: every block marked `sh test` is run against a fresh local runtime. */
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentBlocks } from '../../support/docs/blocks.ts';
import { runBlock } from '../../support/docs/run-block.ts';
import { LocalProcess, makeHome } from '../../support/local-process.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const WITHIN_MS = 240_000;

describe("the documents' commands", () => {
  const home = makeHome();
  const blocks = documentBlocks(ROOT);
  let runtime: LocalProcess;
  const keys = new Map<string, string>();

  /** A tenant for each document, so that one's limits do not stand in another's way. */
  const keyOf = async (file: string): Promise<string> => {
    const known = keys.get(file);
    if (known !== undefined) return known;
    const tenant_id = file
      .replace(/\.md$/, '')
      .replace(/[^A-Za-z0-9]+/g, '-')
      .toLowerCase();
    const reply = await runtime.request('POST', '/admin/keys', runtime.first.admin_key, { tenant_id });
    const { key } = (await reply.json()) as { key: string };
    keys.set(file, key);
    return key;
  };

  beforeAll(async () => {
    runtime = await LocalProcess.start(home.data, ['--quiet']);
  });

  afterAll(async () => {
    await runtime.stop();
    home.remove();
  });

  it('are marked in the documents that have some', () => {
    expect(blocks.length).toBeGreaterThan(5);
  });

  it.each(blocks.map((block) => [`${block.file}:${block.line}`, block] as const))(
    '%s',
    async (place, block) => {
      const { url, ws_url, admin_key } = runtime.first;
      const env = { URL: url, WS_URL: ws_url, ADMIN: admin_key, ADMIN_KEY: admin_key, DATA: home.data };
      const run = await runBlock(block, {
        cwd: ROOT,
        env: { ...env, KEY: await keyOf(block.file), NO_COLOR: '1' },
        withinMs: WITHIN_MS,
      });

      expect(run.code, `${place} ended with ${run.code}:\n${run.output.slice(-2_000)}`).toBe(0);
    },
    WITHIN_MS + 10_000,
  );
});
