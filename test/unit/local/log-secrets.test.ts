/** The search that every runtime of the suite ends with finds what it is for. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { logsWithSecrets } from '../../support/log-secrets.ts';

const PEPPER = '0f'.repeat(32);
const FORMER = 'e1'.repeat(32);
const KEY = `atp_local_tzey4ebdk0tvxwah_${'a1b2'.repeat(13)}`;
let data = '';

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'atp-logs-'));
  mkdirSync(join(data, 'logs'));
  const ring = JSON.stringify({ secret: PEPPER, version: '2', former: [{ secret: FORMER, version: '1' }] });
  writeFileSync(
    join(data, 'secrets.json'),
    JSON.stringify({ pepper: ring, key: KEY, team: 'opensesame123' }),
  );
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

it('passes what a request leaves', () => {
  writeFileSync(
    join(data, 'logs', 'a.jsonl'),
    '{"key_id":"tzey4ebdk0tvxwah","path":"/v1/ask","status":200}\n',
  );

  expect(logsWithSecrets(data)).toEqual([]);
});

it.each([
  ['a secret of the data directory', 'opensesame123'],
  ['the version in force', PEPPER],
  ['a former version', FORMER],
  ['the secret part of a key', KEY.split('_').at(-1)],
  ['a key of ours', `atp_local_other_${'z9'.repeat(26)}`],
  ["a vendor's key", 'sk-proj-0123456789abcdef0123'],
  ['a token', 'Bearer eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwcyJ9.c2ln'],
])('finds %s', (_, text) => {
  writeFileSync(join(data, 'logs', 'a.jsonl'), '{}\n');
  writeFileSync(join(data, 'logs', 'b.jsonl'), `{"message":"${text}"}\n`);

  expect(logsWithSecrets(data)).toEqual(['b.jsonl']);
});
