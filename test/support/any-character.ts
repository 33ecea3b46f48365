/** Any character there is, as fast-check's own `binary` unit has it, without the second that its table of all of them takes. */
import fc from 'fast-check';

const SURROGATES = 0xd800;
const SURROGATE_COUNT = 0x800;

export const anyCharacter = fc
  .integer({ min: 0, max: 0x10_ffff - SURROGATE_COUNT })
  .map((code) => String.fromCodePoint(code < SURROGATES ? code : code + SURROGATE_COUNT));
