/** AWS's event streams: messages of headers and a body, each with its length and checksums. */
import { EventStreamCodec } from '@smithy/core/event-streams';
import type { Framing } from '../framing.ts';
import { garbled } from '../garbled.ts';

/** Before the headers: two lengths and their checksum. After the body: another checksum. */
const SMALLEST = 16;
/** AWS's own bound for a message. */
const LARGEST = 24 * 1024 * 1024;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** The data of an event is a JSON object of one member: the event's name, or the exception's, with its body. */
export const awsEventStream: Framing = {
  mediaType: 'application/vnd.amazon.eventstream',
  cutter() {
    const codec = new EventStreamCodec(
      (bytes) => decoder.decode(bytes as Uint8Array),
      (text) => encoder.encode(text),
    );
    let rest: Uint8Array = new Uint8Array();
    return (piece) => {
      const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      const data: string[] = [];
      let at = 0;
      for (let size = sizeAt(bytes, at); size !== undefined; size = sizeAt(bytes, at)) {
        data.push(toData(codec, bytes.subarray(at, at + size)));
        at += size;
      }
      rest = bytes.subarray(at);
      return data;
    };
  },
};

/** Undefined where the message is not whole yet. */
const sizeAt = (bytes: Uint8Array, at: number): number | undefined => {
  const left = bytes.length - at;
  if (left < 4) return undefined;
  const size = new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0);
  if (size < SMALLEST || size > LARGEST) throw garbled(undefined, 'an event stream');
  return size <= left ? size : undefined;
};

const toData = (codec: EventStreamCodec, message: Uint8Array): string => {
  const { headers, body } = decoded(codec, message);
  const type = headers[':message-type']?.value;
  const name = headers[type === 'exception' ? ':exception-type' : ':event-type']?.value;
  // An error that is not of the model: its name is a header, its body empty.
  if (type === 'error') return '{"error":{}}';
  return `{${JSON.stringify(String(name))}:${decoder.decode(body) || '{}'}}`;
};

const decoded = (codec: EventStreamCodec, message: Uint8Array) => {
  try {
    return codec.decode(message);
  } catch (cause) {
    throw garbled(cause, 'an event stream');
  }
};
