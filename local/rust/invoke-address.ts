/** Where a function of this machine answers Invoke: a socket that only its owner can reach, else a port of 127.0.0.1. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { SOCKET } from '../../shared/adapters/aws/aws-client.ts';
import { writeAtomically } from '../data-dir/files.ts';
import { freePort } from '../free-port.ts';

export interface InvokeAddress {
  /** As the function takes it. */
  address: string;
  /** As the functions' clients take it. */
  endpoint: string;
  /** As Node's `http.request` takes it. */
  target: { socketPath: string } | { host: string; port: number };
  /** Removes what was made for it. */
  remove(): void;
}

const LOOPBACK = '127.0.0.1';
/** Bytes of a socket's path that every Unix takes. */
const LONGEST_PATH = 103;

export const atPort = (port: number): InvokeAddress => ({
  address: `${LOOPBACK}:${port}`,
  endpoint: `http://${LOOPBACK}:${port}`,
  target: { host: LOOPBACK, port },
  remove: () => undefined,
});

const PREFIX = 'atp-';

/** What a process left that was killed. */
const removeLeft = (record: string, base: string): void => {
  if (!existsSync(record)) return;
  const left = readFileSync(record, 'utf8').trim();
  if (dirname(left) === base && basename(left).startsWith(PREFIX)) {
    rmSync(left, { recursive: true, force: true });
  }
};

/**
 * `base`: where a directory of its own is made. It is none of the data directory's, whose files can be read and copied; a file
 * there, `record`, says which it is, so that the next start removes it where this one cannot.
 */
export const invokeAddress = async (
  name: string,
  record: string,
  base = tmpdir(),
  platform: NodeJS.Platform = process.platform,
): Promise<InvokeAddress> => {
  removeLeft(record, base);
  const longest = join(base, `${PREFIX}XXXXXX`, name);
  if (platform === 'win32' || Buffer.byteLength(longest) > LONGEST_PATH) return atPort(await freePort());
  const directory = mkdtempSync(join(base, PREFIX));
  const path = join(directory, name);
  writeAtomically(record, `${directory}\n`);
  return {
    address: path,
    endpoint: `${SOCKET}${path}`,
    target: { socketPath: path },
    remove: () => {
      rmSync(directory, { recursive: true, force: true });
      rmSync(record, { force: true });
    },
  };
};
