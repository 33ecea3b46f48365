/**
 * UUIDv7 (RFC 9562, method 3 of section 6.2): 48 bits of milliseconds, a 12-bit counter that keeps ids of one
 * process in order within a millisecond, 62 random bits.
 */
import type { Clock, IdSource, Random } from '../../ports/runtime.ts';

const MAX_COUNTER = 0xfff;
/** The counter starts in its lower half, so that it seldom overflows within a millisecond. */
const COUNTER_START_MASK = 0x7ff;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

const at16 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) << 8) | (bytes[at + 1] as number);

const OCTETS = Array.from({ length: 256 }, (_, value) => hex(value, 2));

const octets = (bytes: Uint8Array, from: number, to: number): string => {
  let text = '';
  for (let at = from; at < to; at += 1) text += OCTETS[bytes[at] as number];
  return text;
};

export const uuidv7Source = (clock: Clock, random: Random): IdSource => {
  let last = 0;
  let counter = 0;
  return {
    uuidv7: () => {
      const bytes = random.bytes(10);
      const now = clock.now();
      if (now > last) {
        last = now;
        counter = at16(bytes, 8) & COUNTER_START_MASK;
      } else if (counter < MAX_COUNTER) {
        counter += 1;
      } else {
        // Runs ahead of the clock rather than out of order.
        last += 1;
        counter = 0;
      }
      const variant = hex(0x8000 | (at16(bytes, 0) & 0x3fff), 4);
      return `${uuidv7Prefix(last)}7${hex(counter, 3)}-${variant}-${octets(bytes, 2, 8)}`;
    },
  };
};

/** The beginning that the ids of this millisecond share: no later id sorts before it. */
export const uuidv7Prefix = (ms: number): string => {
  const time = hex(ms, 12);
  return `${time.slice(0, 8)}-${time.slice(8)}-`;
};

/** Milliseconds since the epoch that a UUIDv7 carries; undefined for any other text. */
export const timeOfUuidv7 = (id: string): number | undefined =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)
    ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
    : undefined;
