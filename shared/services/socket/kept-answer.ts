/** An answer's frames as they are kept for a client that comes back: texts once, though they stand in chunks and response. */
import { chunkFrame, type ErrorFrame, type Frame, type FrameIds, type ResponseFrame } from './frames.ts';

export interface KeptAnswer {
  ids: FrameIds;
  /** The chunks', by seq. */
  texts: readonly string[];
  last: ResponseFrame | ErrorFrame;
}

/** As it is written down: a response's text is left out where the chunks hold it. */
interface Packed extends KeptAnswer {
  joined: boolean;
}

export const placeOf = (requestId: string): string => `ask:${requestId}`;
export const QUEUE_PLACE = 'queue';

export const pack = ({ ids, texts, last }: KeptAnswer): Packed => {
  const joined = last.type === 'response' && last.text !== undefined && texts.length > 0;
  if (!joined) return { ids, texts, last, joined };
  const { text: _, ...rest } = last;
  return { ids, texts, last: rest, joined };
};

export const unpack = ({ ids, texts, last, joined }: Packed): KeptAnswer =>
  joined && last.type === 'response'
    ? { ids, texts, last: { ...last, text: texts.join('') } }
    : { ids, texts, last };

/** What a client lacks that has everything up to `afterSeq`. */
export const framesAfter = ({ ids, texts, last }: KeptAnswer, afterSeq: number): Frame[] => [
  ...texts.slice(afterSeq + 1).map((text, index) => chunkFrame(ids, afterSeq + 1 + index, text)),
  ...(afterSeq < texts.length ? [last] : []),
];
