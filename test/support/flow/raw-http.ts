/** HTTP as bytes on a socket, for what no client would send. */
import { connect } from 'node:net';

export interface RawReply {
  /** 0 where the connection ended without a reply. */
  status: number;
  headers: Record<string, string>;
  body: string;
}

const PATIENCE_MS = 60_000;

const parse = (text: string): RawReply => {
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, Math.max(0, end)).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { status: Number(first.split(' ')[1] ?? 0), headers, body: end < 0 ? '' : text.slice(end + 4) };
};

const isComplete = (text: string): boolean => {
  const { headers, body } = parse(text);
  const length = headers['content-length'];
  return length !== undefined && Buffer.byteLength(body, 'latin1') >= Number(length);
};

/** Sends the bytes as they are; `hangUp` ends our side afterwards. Resolves with what came back until then. */
export const sendRaw = (
  url: string,
  bytes: string | Uint8Array,
  { hangUp = false }: { hangUp?: boolean } = {},
): Promise<RawReply> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    let text = '';
    const socket = connect(Number(port), hostname, () => {
      socket.write(bytes);
      if (hangUp) socket.end();
    });
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(parse(text));
    };
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no reply within ${PATIENCE_MS} ms`));
    }, PATIENCE_MS);
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (isComplete(text)) finish();
    });
    socket.on('close', finish);
    socket.on('error', () => undefined);
  });

/** A request's head and body; `content-length` is the body's unless `headers` says otherwise. */
export const rawRequest = (
  line: string,
  headers: readonly (readonly [string, string])[],
  body: string | Uint8Array = '',
): Buffer => {
  const bytes = Buffer.from(body);
  const named = new Set(headers.map(([name]) => name.toLowerCase()));
  const all = [
    ...headers,
    ...(named.has('content-length') || named.has('transfer-encoding')
      ? []
      : [['content-length', String(bytes.length)] as const]),
  ];
  const head = [line, ...all.map(([name, value]) => `${name}: ${value}`)].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), bytes]);
};

/** Everything that comes back until the other side hangs up. */
export const everythingFor = (url: string, bytes: Uint8Array): Promise<string> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setEncoding('latin1').setTimeout(PATIENCE_MS, () => socket.destroy());
    socket.on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('close', () => resolve(text));
    socket.on('error', () => undefined);
  });
