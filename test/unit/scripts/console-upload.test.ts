import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { uploadConsole } from '../../../scripts/console/upload.ts';

const site = (files: Record<string, string>): string => {
  const directory = mkdtempSync(join(tmpdir(), 'atp-site-'));
  mkdirSync(join(directory, 'assets'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return directory;
};

const recording = () => {
  const put: PutObjectCommand['input'][] = [];
  const client = {
    send: async ({ input }: PutObjectCommand) => {
      put.push(input);
    },
  } as unknown as Pick<S3Client, 'send'>;
  return { put, client };
};

describe('the upload of the console', () => {
  it('puts what never changes first, and says how long each may be kept', async () => {
    const { put, client } = recording();
    const directory = site({
      'index.html': '<!doctype html>',
      'config.json': '{}',
      'built.json': '{}',
      'assets/index-AbCd1234.js': 'export {}',
    });

    expect(await uploadConsole(client, 'bucket', directory, '{"told":1}')).toBe(3);

    expect(put.map(({ Key, CacheControl, ContentType }) => [Key, CacheControl, ContentType])).toEqual([
      [
        'console/assets/index-AbCd1234.js',
        'public, max-age=31536000, immutable',
        'text/javascript; charset=utf-8',
      ],
      ['console/config.json', 'no-cache', 'application/json'],
      ['console/index.html', 'no-cache', 'text/html; charset=utf-8'],
    ]);
  });

  it('puts what the stage tells its pages in the place of what the build left', async () => {
    const { put, client } = recording();
    await uploadConsole(client, 'bucket', site({ 'index.html': '', 'config.json': '{}' }), '{"told":1}');

    expect(put.find(({ Key }) => Key === 'console/config.json')?.Body).toBe('{"told":1}');
  });

  it('puts nothing where there is no page', async () => {
    const { put, client } = recording();
    await expect(uploadConsole(client, 'bucket', site({}), '{}')).rejects.toThrow('holds no console');
    expect(put).toEqual([]);
  });
});
