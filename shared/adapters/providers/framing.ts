/** How a stream of bytes is cut into events. */
import { createParser } from 'eventsource-parser';

export interface Framing {
  /** Of replies that are streams: what their `content-type` begins with. */
  mediaType: string;
  /** For one reply: takes its next bytes, gives the data of each event that they complete. */
  cutter(): (piece: Uint8Array) => readonly string[];
}

export const serverSentEvents: Framing = {
  mediaType: 'text/event-stream',
  cutter() {
    let ready: string[] = [];
    const decoder = new TextDecoder();
    const parser = createParser({ onEvent: ({ data }) => void ready.push(data) });
    return (piece) => {
      ready = [];
      parser.feed(decoder.decode(piece, { stream: true }));
      return ready;
    };
  },
};
