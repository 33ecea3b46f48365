/** `npm start -- --identity FILE`, with a real issuer beside it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { AUDIENCE, makeKey, RealIssuer } from '../../support/identity/real-issuer.ts';
import { LocalProcess, makeHome, startScript } from '../../support/local-process.ts';

describe('the local runtime with an issuer', () => {
  const ends: (() => unknown)[] = [];

  const write = (identity: object): { data: string; file: string } => {
    const home = makeHome();
    ends.push(() => home.remove());
    const file = `${home.data}.json`;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(identity));
    return { data: home.data, file };
  };

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  it('takes its tokens, and refuses those that somebody changed', async () => {
    const issuer = new RealIssuer();
    await issuer.listen(await makeKey('home'));
    ends.push(() => issuer.close());
    const identity = {
      issuers: [
        {
          issuer: issuer.url,
          audience: AUDIENCE,
          tenant: { claim: 'tenant_id' },
          roles: { claim: 'groups', map: { 'atp-callers': 'caller' } },
        },
      ],
    };
    const { data, file } = write(identity);
    const local = await LocalProcess.start(data, ['--identity', file]);
    ends.push(() => local.stop());
    const token = await issuer.token();
    const ask = (key: string): Promise<Response> =>
      local.request('POST', '/v1/ask', key, { prompt: 'hello' });

    const good = await ask(token);
    const bad = await ask(`${token.slice(0, -8)}AAAAAAAA`);

    expect([good.status, bad.status]).toEqual([200, 401]);
    expect(bad.headers.get('www-authenticate')).toBe('Bearer realm="atp-router", error="invalid_token"');
  });

  it('says which field of the file is at fault', async () => {
    const { file } = write({ issuers: [{ issuer: 'http://issuer.example' }] });

    const { code, stderr } = await startScript(['--identity', file]).ended;

    expect([code, stderr]).toEqual([2, `--identity ${file}: /issuers/0/issuer must be an https URL.\n`]);
  });
});
