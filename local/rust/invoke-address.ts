/** Where a function of this machine answers Invoke: a socket that only its owner can reach, else a port of 127.0.0.1. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SOCKET } from '../../shared/adapters/aws/aws-client.ts';
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

/** `base`: where a directory of its own is made. It is none of the data directory's, whose files can be read and copied. */
export const invokeAddress = async (
  name: string,
  base = tmpdir(),
  platform: NodeJS.Platform = process.platform,
): Promise<InvokeAddress> => {
  const longest = join(base, 'atp-XXXXXX', name);
  if (platform === 'win32' || Buffer.byteLength(longest) > LONGEST_PATH) return atPort(await freePort());
  const path = join(mkdtempSync(join(base, 'atp-')), name);
  return {
    address: path,
    endpoint: `${SOCKET}${path}`,
    target: { socketPath: path },
    remove: () => rmSync(dirname(path), { recursive: true, force: true }),
  };
};
