/**
 * A fake OpenAI-compatible upstream: answers at once with a fixed completion, or, where a stream is asked for, with its first
 * token at once and the others at set gaps. Arguments: port, milliseconds of a gap, tokens of a stream. On raw sockets, so that it takes as little as
 * possible of the processor that it shares with what is measured.
 */
import { createServer, type Socket } from 'node:net';

const BODY = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'bench',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'A short and steady answer.' },
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 12, completion_tokens: 6, total_tokens: 18 },
});
const REPLY = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(BODY)}\r\nkeep-alive: timeout=60\r\n\r\n${BODY}`,
);
const HEAD_END = '\r\n\r\n';

const [PORT = 0, GAP_MS = 20, TOKENS = 20] = process.argv.slice(2).map(Number);

const chunk = (delta: object, finish_reason: string | null, usage?: object): string => {
  const fields = {
    id: 'chatcmpl-bench',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'bench',
  };
  const choices = usage === undefined ? [{ index: 0, delta, finish_reason }] : [];
  const data = `data: ${JSON.stringify({ ...fields, choices, ...(usage === undefined ? {} : { usage }) })}\n\n`;
  return `${Buffer.byteLength(data).toString(16)}\r\n${data}\r\n`;
};
const STREAM_HEAD =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nkeep-alive: timeout=60\r\n\r\n';
const TOKEN = Buffer.from(chunk({ content: 'token ' }, null));
const FIRST = Buffer.concat([Buffer.from(STREAM_HEAD), TOKEN]);
const LAST = Buffer.from(
  chunk({}, 'stop') +
    chunk({}, null, { prompt_tokens: 12, completion_tokens: TOKENS, total_tokens: 12 + TOKENS }) +
    'e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n',
);

const STREAM_WANTED = /"stream": ?true/;

/** By its own clock: a gap that came late is not added to the next one. */
const stream = (socket: Socket): void => {
  const startedAt = performance.now();
  socket.write(FIRST);
  let sent = 1;
  const next = (): void => {
    if (socket.destroyed) return;
    socket.write(sent < TOKENS ? TOKEN : LAST);
    sent += 1;
    if (sent <= TOKENS) setTimeout(next, startedAt + sent * GAP_MS - performance.now());
  };
  setTimeout(next, GAP_MS);
};

/** Bytes of the request at the start of `text`, or 0 while it is incomplete. Clients here always say their length. */
const requestLength = (text: string): number => {
  const headEnd = text.indexOf(HEAD_END);
  if (headEnd < 0) return 0;
  const length = /content-length: *(\d+)/i.exec(text.slice(0, headEnd))?.[1] ?? '0';
  const total = headEnd + HEAD_END.length + Number(length);
  return text.length >= total ? total : 0;
};

const serve = (socket: Socket): void => {
  let received = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    for (let length = requestLength(received); length > 0; length = requestLength(received)) {
      if (STREAM_WANTED.test(received.slice(0, length))) stream(socket);
      else socket.write(REPLY);
      received = received.slice(length);
    }
  });
};

createServer({ noDelay: true }, serve).listen(PORT, '127.0.0.1');
