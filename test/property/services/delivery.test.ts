/** However a text comes in, and whatever befalls its connections, the chunks that clients get add up to it, in order. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Delivery } from '../../../functions/ws-worker/delivery.ts';
import { MAX_CHUNK_BYTES } from '../../../shared/model/socket-limits.ts';
import type { ClientSockets } from '../../../shared/ports/client-sockets.ts';
import { chunkFrame, chunkLength, type Frame } from '../../../shared/services/socket/frames.ts';
import { framesAfter, pack, unpack } from '../../../shared/services/socket/kept-answer.ts';
import { anyCharacter } from '../../support/any-character.ts';

const IDS = { id: 'mine', request_id: '01a2132b-8caf-7342-ba44-d82bec56a879' };

const anyText = fc.string({ unit: anyCharacter, minLength: 1, maxLength: 40 });
const longText = fc
  .tuple(anyText, fc.integer({ min: 1, max: 3_000 }))
  .map(([text, times]) => text.repeat(times));

/** A client on each connection; a post fails as `fates` say, in turn. */
class Clients implements ClientSockets {
  readonly received = new Map<string, Frame[]>();
  readonly #fates: ('sent' | 'gone' | 'away')[];

  constructor(fates: readonly ('sent' | 'gone' | 'away')[]) {
    this.#fates = [...fates];
  }

  async post(connectionId: string, text: string): Promise<'sent' | 'gone'> {
    await Promise.resolve();
    const fate = this.#fates.shift() ?? 'sent';
    if (fate === 'away') throw new Error('away');
    if (fate === 'sent') this.of(connectionId).push(JSON.parse(text) as Frame);
    return fate;
  }

  of(connectionId: string): Frame[] {
    const frames = this.received.get(connectionId) ?? [];
    this.received.set(connectionId, frames);
    return frames;
  }

  async isOpen(): Promise<boolean> {
    return true;
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}

const seqOf = (frame: Frame): number =>
  frame.type === 'chunk' || frame.type === 'response' ? frame.seq : -1;
const textOf = (frames: readonly Frame[]): string =>
  frames.map((frame) => (frame.type === 'chunk' ? frame.text : '')).join('');

const REPLY = { request_id: IDS.request_id, model_used: 'm', candidates: [] } as never as object;
const respond = (delivery: Delivery, text: string): void =>
  delivery.respond({ ...REPLY, text } as Parameters<Delivery['respond']>[0]);

describe('a chunk', () => {
  test('is as long as its bytes allow, and never half a pair', () => {
    fc.assert(
      fc.property(longText, (text) => {
        const length = chunkLength(IDS, 7, text);
        const piece = text.slice(0, length);
        const bytes = Buffer.byteLength(JSON.stringify(chunkFrame(IDS, 7, piece)));
        expect(bytes).toBeLessThanOrEqual(MAX_CHUNK_BYTES);
        expect(length).toBeGreaterThan(0);
        if (text.isWellFormed()) expect(piece.isWellFormed()).toBe(true);
        if (length < text.length) expect(bytes).toBeGreaterThan(MAX_CHUNK_BYTES / 4);
      }),
    );
  });
});

describe('an answer', () => {
  test('arrives whole at a client that stays', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(longText, { maxLength: 8 }), fc.boolean(), async (parts, paused) => {
        const clients = new Clients([]);
        const delivery = new Delivery(clients, IDS, { connectionId: 'a', afterSeq: -1 });
        for (const part of parts) {
          delivery.write(part);
          if (paused) await delivery.settled();
        }
        respond(delivery, parts.join(''));
        await delivery.settled();

        const frames = clients.of('a');
        expect(textOf(frames)).toBe(parts.join(''));
        expect(frames.map(seqOf)).toEqual(frames.map((_, index) => index));
        expect(frames.at(-1)).toMatchObject({ type: 'response' });
      }),
    );
  });

  test('arrives whole over connections that are lost and come back', async () => {
    const fate = fc.constantFrom<('sent' | 'gone' | 'away')[]>('sent', 'sent', 'gone', 'away');
    await fc.assert(
      fc.asyncProperty(
        fc.array(longText, { minLength: 1, maxLength: 8 }),
        fc.array(fate),
        async (parts, fates) => {
          const clients = new Clients(fates);
          const delivery = new Delivery(clients, IDS, { connectionId: '0', afterSeq: -1 });
          const got: Frame[] = [];
          const comeBack = (connection: number): void => {
            got.push(...clients.of(String(connection)));
            delivery.moveTo({
              connectionId: String(connection + 1),
              afterSeq: seqOf(got.at(-1) ?? ({} as Frame)),
            });
          };
          for (const [index, part] of parts.entries()) {
            delivery.write(part);
            await delivery.settled();
            comeBack(index);
          }
          respond(delivery, parts.join(''));
          await delivery.settled();
          for (let connection = parts.length; got.at(-1)?.type !== 'response'; connection++) {
            comeBack(connection);
            await delivery.settled();
          }

          expect(textOf(got)).toBe(parts.join(''));
          expect(got.map(seqOf)).toEqual(got.map((_, index) => index));
          expect(framesAfter(unpack(JSON.parse(JSON.stringify(pack(delivery.kept)))), -1)).toEqual(
            JSON.parse(JSON.stringify(got)),
          );
        },
      ),
    );
  });

  test('that a client claims to have more of than there is comes from where it ends', async () => {
    const clients = new Clients([]);
    const delivery = new Delivery(clients, IDS, { connectionId: 'a', afterSeq: -1 });
    delivery.write('one');
    await delivery.settled();
    delivery.moveTo({ connectionId: 'b', afterSeq: 1_000_000 });
    delivery.write('two');
    respond(delivery, 'onetwo');
    await delivery.settled();

    expect(clients.of('b').map(seqOf)).toEqual([1, 2]);
    expect(() => new Delivery(clients, IDS, { connectionId: 'a', afterSeq: -1 }).kept).toThrow('not ended');
  });
});
