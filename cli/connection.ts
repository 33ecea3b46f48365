/** Where the router is and which key to show it: the options, the environment, or what `npm start` wrote down. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, Failure } from './failure.ts';

export interface ConnectionOptions {
  url?: string;
  key?: string;
  data: string;
}

export interface Connection {
  url: string;
  key: string;
}

interface RuntimeFile {
  url: string;
  admin_key: string;
  tenant_key: string;
}

const runtimeFile = (data: string): RuntimeFile | undefined => {
  try {
    return JSON.parse(readFileSync(join(data, 'runtime.json'), 'utf8')) as RuntimeFile;
  } catch {
    return undefined;
  }
};

const checked = (url: string): string => {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new Failure(EXIT.usage, 'The URL must be an address that begins with http:// or https://.');
  return url.replace(/\/+$/, '');
};

/** `role`: whose key is taken where none was given. A key from the file goes to nobody but the runtime that wrote it. */
export const connect = (
  options: ConnectionOptions,
  env: Readonly<Record<string, string | undefined>>,
  role: 'admin' | 'tenant' | 'none',
): Connection => {
  const runtime = runtimeFile(options.data);
  const given = options.url ?? env.ATP_URL;
  const url = given ?? runtime?.url;
  if (url === undefined)
    throw new Failure(
      EXIT.usage,
      `No router is known: give --url, set ATP_URL, or run \`npm start\` (there is no ${join(options.data, 'runtime.json')}).`,
    );
  const address = checked(url);
  const kept = runtime !== undefined && checked(runtime.url) === address ? runtime : undefined;
  const own = role === 'admin' ? kept?.admin_key : kept?.tenant_key;
  const key = options.key ?? env.ATP_API_KEY ?? own ?? '';
  if (key === '' && role !== 'none')
    throw new Failure(EXIT.usage, 'No key is known: give --key, or set ATP_API_KEY.');
  if (!/^[!-~]*$/.test(key)) throw new Failure(EXIT.usage, 'A key is of visible ASCII characters alone.');
  return { url: address, key };
};
