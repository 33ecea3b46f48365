import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { KeepingStream } from '../../../shared/middleware/keeping-stream.ts';

const told = (source: Readable, most = 100) => {
  const events: string[] = [];
  const stream = new KeepingStream(source, most, {
    ended: async (body) => {
      await turn();
      events.push(`ended ${body}`);
    },
    left: async () => {
      events.push('left');
    },
  });
  stream.on('close', () => events.push('closed'));
  stream.on('error', () => undefined);
  return { events, stream };
};

const closed = (stream: Readable): Promise<void> => new Promise((resolve) => stream.once('close', resolve));

async function* silent(onEnd: () => void): AsyncGenerator<string> {
  try {
    yield 'one';
    await turn();
    yield 'two';
  } finally {
    onEnd();
  }
}

describe('KeepingStream', () => {
  it('passes on what comes, and ends when it was told', async () => {
    const { events, stream } = told(Readable.from(['Grü', 'ße'], { objectMode: false }));
    let text = '';
    for await (const chunk of stream) text += String(chunk);

    expect(text).toBe('Grüße');
    expect(events[0]).toBe('ended Grüße');
  });

  it('keeps nothing of what is too long, and passes it on all the same', async () => {
    const { events, stream } = told(Readable.from(['12', '345', '6'], { objectMode: false }), 5);
    let text = '';
    for await (const chunk of stream) text += String(chunk);

    expect([text, events[0]]).toEqual(['123456', 'ended undefined']);
  });

  it('ends its source when its reader leaves, and closes after it', async () => {
    const source = Readable.from(
      silent(() => undefined),
      { objectMode: false },
    );
    const { events, stream } = told(source);
    source.on('close', () => events.push('source closed'));
    stream.once('data', () => stream.destroy());
    await closed(stream);

    expect(events).toEqual(['source closed', 'left', 'closed']);
  });

  it('says that it was left where the source fails', async () => {
    const source = new Readable({ read: () => undefined });
    const { events, stream } = told(source);
    source.push('one');
    source.destroy(new Error('broken'));
    await closed(stream);

    expect(events).toEqual(['left', 'closed']);
  });
});
