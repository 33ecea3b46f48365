/** The X-Ray daemon that Lambda runs beside a function: one UDP datagram a segment document. Fails open: a trace is no reason to fail a request. */
import type { Socket } from 'node:dgram';

/** Resolves when the document has left, or could not. */
export type SendSegment = (document: object) => Promise<void>;

const HEADER = '{"format":"json","version":1}\n';
const ADDRESS = /^(?:.*udp:)?([^:\s]+):(\d{1,5})(?:\s|$)/;

/** `address` as in AWS_XRAY_DAEMON_ADDRESS: `host:port`, or `tcp:host:port udp:host:port`. Undefined where it is neither. */
export const xrayDaemon = (address: string): SendSegment | undefined => {
  const [, host, port] = ADDRESS.exec(address) ?? [];
  if (host === undefined || port === undefined) return undefined;
  let opening: Promise<Socket> | undefined;
  return async (document) => {
    try {
      // Most processes never sample a request, so they do without the module too.
      opening ??= open();
      const socket = await opening;
      await new Promise<void>((resolve) => {
        socket.send(HEADER + JSON.stringify(document), Number(port), host, () => resolve());
      });
    } catch {
      opening = undefined;
    }
  };
};

const open = async (): Promise<Socket> => {
  const { createSocket } = await import('node:dgram');
  const socket = createSocket('udp4');
  socket.on('error', () => undefined).unref();
  return socket;
};
