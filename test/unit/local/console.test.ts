import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ConsoleState } from '../../../local/console/build.ts';
import { ConsoleSite } from '../../../local/console/site.ts';
import { builtHash, hashSources } from '../../../local/console/sources.ts';
import { consolePolicy } from '../../../shared/config/console-headers.ts';
import type { PublishedSignIn } from '../../../shared/config/console-sign-in.ts';
import { readIdentity } from '../../../shared/config/identity-file.ts';

const ASSET = `assets/index-AbCd1234.js`;

const repository = (): string => {
  const root = mkdtempSync(join(tmpdir(), 'atp-console-'));
  for (const directory of ['console/src', 'console/dist/assets', 'docs/api'])
    mkdirSync(join(root, directory), { recursive: true });
  writeFileSync(join(root, 'console/index.html'), '<!doctype html>');
  writeFileSync(join(root, 'console/src/main.tsx'), 'one');
  writeFileSync(join(root, 'console/dist/index.html'), `<script src="/console/${ASSET}"></script>`);
  writeFileSync(join(root, 'console/dist', ASSET), 'export {};'.repeat(200));
  writeFileSync(join(root, 'console/dist/built.json'), '{"sources":"a"}');
  return root;
};

const siteOf = (state: ConsoleState, root = repository(), signIn?: PublishedSignIn) =>
  new ConsoleSite({ directory: join(root, 'console/dist'), state: async () => state, signIn });

const READY: ConsoleState = { kind: 'ready', build: 'a' };

describe("the console's pages at home", () => {
  it('are the one page for every path that names no file', async () => {
    const site = siteOf(READY);
    for (const path of ['/console/', '/console/tenants/acme']) {
      const reply = await site.reply(path);
      expect(reply?.headers).toMatchObject({
        'cache-control': 'no-cache',
        'content-security-policy': consolePolicy(),
      });
      expect(String(reply?.body)).toContain(ASSET);
    }
  });

  it('are packed for who takes that, and kept for ever where their name says what is in them', async () => {
    const site = siteOf(READY);
    const [packed, plain] = await Promise.all([
      site.reply(`/console/${ASSET}`, 'br, gzip'),
      site.reply(`/console/${ASSET}`, 'identity'),
    ]);

    expect(packed?.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
    expect(plain?.headers['content-encoding']).toBeUndefined();
    expect(plain?.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(packed?.body.length).toBeLessThan(plain?.body.length ?? 0);
  });

  it.each(['/console/nothing.js', '/console/built.json', '/console/../package.json'])(
    'are not there for %s',
    async (path) => {
      expect(await siteOf(READY).reply(path)).toBeUndefined();
    },
  );

  it('say that they are being built, ask again by themselves, and run nothing', async () => {
    const reply = await siteOf({ kind: 'building', seconds: 4 }).reply('/console/');

    expect([reply?.statusCode, reply?.headers['retry-after']]).toEqual([503, '2']);
    expect(String(reply?.body)).toContain('is being built');
    expect(String(reply?.body)).toContain('http-equiv="refresh"');
    expect(String(reply?.body)).not.toMatch(/<script|<style|style=/);
  });

  it('say where a failed build is written down, and are not there where there are no sources', async () => {
    const failed = await siteOf({ kind: 'failed' }).reply('/console/');
    expect([failed?.statusCode, String(failed?.body)]).toEqual([
      500,
      expect.stringContaining('logs/console-build.jsonl'),
    ]);
    expect(await siteOf({ kind: 'absent' }).reply('/console/')).toBeUndefined();
  });
});

describe('what the pages are told at home', () => {
  it('is nothing where the runtime has no issuer for them', async () => {
    const reply = await siteOf(READY).reply('/console/config.json');

    expect([reply?.headers['content-type'], reply?.body]).toEqual(['application/json', '{"api":""}']);
  });

  it('is the issuer of the identity file, which their policy then lets them call', async () => {
    const issuer = 'http://127.0.0.1:9000';
    const trusted = { issuer, audience: 'atp', tenant: { default: 'a' }, roles: { default: ['auditor'] } };
    const file = {
      issuers: [trusted],
      console: { issuer, client_id: 'console', connect: ['https://tokens.example'] },
    };
    const { console: signIn } = readIdentity(JSON.stringify(file), true);
    const site = siteOf(READY, repository(), signIn);
    const [page, config] = [await site.reply('/console/'), await site.reply('/console/config.json')];

    expect(JSON.parse(String(config?.body)).sign_in).toMatchObject({ issuer, accepts: ['atp'] });
    expect(page?.headers['content-security-policy']).toContain(
      `connect-src 'self' ${issuer} https://tokens.example; `,
    );
  });
});

describe('the sources of a build', () => {
  it('are other ones as soon as one of them changes, and what a build makes is none of them', () => {
    const root = repository();
    const before = hashSources(root);
    writeFileSync(join(root, 'console/dist/index.html'), 'built anew');
    expect(hashSources(root)).toBe(before);

    writeFileSync(join(root, 'console/src/main.tsx'), 'two');
    const after = hashSources(root);

    expect(after).not.toBe(before);
    expect(builtHash(root)).toBe('a');
  });

  it('are none where there is no console', () => {
    expect(hashSources(mkdtempSync(join(tmpdir(), 'atp-console-')))).toBeUndefined();
    expect(builtHash(mkdtempSync(join(tmpdir(), 'atp-console-')))).toBeUndefined();
  });
});
