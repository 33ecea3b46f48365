/** The console's built files into the stage's bucket: assets first, so that no page names what is not there yet. */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { TYPES } from '../../local/console/files.ts';
import { STAMP } from '../../local/console/sources.ts';
import { ASSET_CACHING, PAGE_CACHING } from '../../shared/config/console-headers.ts';

const isAsset = (name: string): boolean => name.startsWith('assets/');

const filesIn = (directory: string): string[] =>
  readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .filter((name) => name !== STAMP && Object.hasOwn(TYPES, extname(name)))
    .sort((a, b) => Number(isAsset(b)) - Number(isAsset(a)));

const CONFIG = 'config.json';

/** Answers how many. `config` is what the stage tells its pages. What an earlier version left stays: pages that are open still load it. */
export const uploadConsole = async (
  client: Pick<S3Client, 'send'>,
  bucket: string,
  directory: string,
  config: string,
): Promise<number> => {
  const names = filesIn(directory);
  if (!names.includes('index.html')) throw new Error(`${directory} holds no console.`);
  for (const name of names) {
    await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: `console/${name}`,
        Body: name === CONFIG ? config : readFileSync(join(directory, name)),
        ContentType: TYPES[extname(name)],
        CacheControl: isAsset(name) ? ASSET_CACHING : PAGE_CACHING,
      }),
    );
  }
  return names.length;
};
