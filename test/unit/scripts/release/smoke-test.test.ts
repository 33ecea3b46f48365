import { describe, expect, it } from 'vitest';
import { smokeTest } from '../../../../scripts/release/smoke-test.ts';

const functions = [
  { name: 'atp-dev-status', live: 5, versions: [1, 2, 3, 4, 5].map((version) => ({ version, at: 0 })) },
  { name: 'atp-dev-canary', live: 1, versions: [{ version: 1, at: 0 }] },
  { name: 'atp-dev-verify-release', live: 1, versions: [{ version: 1, at: 0 }] },
];

const testing = async (ok: boolean) => {
  const said: string[] = [];
  const deleted: [string, number][] = [];
  let asked: unknown;
  const result = await smokeTest(
    {
      cloud: {
        functions: async () => functions,
        invoke: async (_, payload) => {
          asked = payload;
          const verdict = { functionName: 'atp-dev-status', version: 'live', ok };
          return JSON.stringify({ ok, verdicts: [ok ? verdict : { ...verdict, reason: 'it failed' }] });
        },
        deleteVersion: async (name, version) => {
          deleted.push([name, version]);
        },
      },
      say: (line) => said.push(line),
    },
    'dev',
  );
  return { result, said, deleted, asked };
};

describe('after a deployment', () => {
  it('what gets traffic is asked, and old versions go', async () => {
    expect(await testing(true)).toEqual({
      result: true,
      said: ['atp-dev-status: good'],
      deleted: [
        ['atp-dev-status', 2],
        ['atp-dev-status', 1],
      ],
      asked: { versions: [{ functionName: 'atp-dev-status', version: 'live' }] },
    });
  });

  it('a bad answer is said, and every version stays', async () => {
    expect(await testing(false)).toMatchObject({
      result: false,
      said: ['atp-dev-status: it failed'],
      deleted: [],
    });
  });
});
