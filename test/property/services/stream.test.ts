import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventStream } from '../../../functions/completions/event-stream.ts';
import { anyCharacter } from '../../support/any-character.ts';
import { Answering, aJob } from '../../support/fakes/answering.ts';
import { end, text } from '../../support/fakes/scripted-models.ts';
import { framesOf } from '../../support/fakes/server-sent-events.ts';

const piece = fc.oneof(
  fc.string({ unit: anyCharacter }),
  fc.constantFrom(
    '',
    '\n',
    '\r\n\r\n',
    'data: x\n\n',
    'event: response',
    '\u2028',
    '\ud83d',
    '\ude00',
    '"\\',
  ),
);

const read = async (pieces: readonly string[], readAtMost = Number.POSITIVE_INFINITY) => {
  const answering = new Answering({
    a: [[...pieces.map((value) => text(value)), end({ tokens_in: 1, tokens_out: 1 })]],
  });
  const abort = new AbortController();
  const answer = await answering.service.stream(aJob(), abort.signal);
  const hooks = { ended: () => undefined, failed: () => undefined };
  const stream = eventStream(answer, 'request-1', hooks, () => abort.abort());
  const frames: string[] = [];
  for await (const chunk of stream) {
    frames.push(String(chunk));
    if (frames.length >= readAtMost) break;
  }
  await new Promise((resolve) => (stream.closed ? resolve(undefined) : stream.once('close', resolve)));
  return { answering, frames: framesOf(frames.join('')) };
};

describe('a stream', () => {
  it('has chunks, numbered from 0, whose texts add up to exactly the text of the reply', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 20 }), async (pieces) => {
        const { frames } = await read(pieces);
        const chunks = frames.filter(([event]) => event === 'chunk').map(([, data]) => data);

        expect(frames.at(-1)?.[0]).toBe('response');
        expect(chunks.map(({ text: said }) => said).join('')).toBe(frames.at(-1)?.[1].text);
        expect(frames.at(-1)?.[1].text).toBe(pieces.join(''));
        expect(chunks.map(({ seq }) => seq)).toEqual(chunks.map((_, index) => index));
      }),
    );
  });

  it('is settled exactly once, wherever its reader leaves', async () => {
    const pieces = fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 1, max: 8 }), async (said, readAtMost) => {
        const { answering } = await read(said, readAtMost);

        expect(await answering.observed()).toHaveLength(1);
        expect(answering.settlements).toHaveLength(1);
      }),
    );
  });
});
