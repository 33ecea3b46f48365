/**
 * A fake OpenAI-compatible upstream: answers at once with a fixed completion. On raw sockets, so that it takes as little as
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
      received = received.slice(length);
      socket.write(REPLY);
    }
  });
};

createServer({ noDelay: true }, serve).listen(Number(process.argv[2] ?? 0), '127.0.0.1');
