/** What a simulated model says: a few sentences of filler that name the model and say that it is simulated. Same seed, same words. */

const WORDS = [
  'model',
  'answer',
  'steady',
  'route',
  'token',
  'signal',
  'pattern',
  'measure',
  'window',
  'gentle',
  'careful',
  'simple',
  'balance',
  'choice',
  'context',
  'reason',
  'quiet',
  'river',
  'garden',
  'lantern',
  'harbour',
  'meadow',
  'bridge',
  'copper',
  'orbit',
  'violet',
  'season',
  'marble',
  'thread',
  'canvas',
  'echo',
  'summit',
] as const;

/** 32-bit FNV-1a. */
export const hash = (text: string, seed = 0): number => {
  let value = (0x811c9dc5 ^ seed) >>> 0;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
};

/** Uniform numbers in [0, 1) from a seed (mulberry32). */
export const uniform = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
};

/** About `words` words. */
export const simulatedText = (model: string, words: number, next: () => number): string => {
  const parts = [`This is a simulated answer by ${model}:`];
  for (let count = 0; count < words; count++) parts.push(WORDS[Math.floor(next() * WORDS.length)] ?? 'word');
  return `${parts.join(' ')}.`;
};

/** Cuts a text into `count` pieces that add up to it, never within a surrogate pair. */
export const pieces = (text: string, count: number): string[] => {
  const characters = [...text];
  const size = Math.max(1, Math.ceil(characters.length / count));
  const cut: string[] = [];
  for (let start = 0; start < characters.length; start += size)
    cut.push(characters.slice(start, start + size).join(''));
  return cut;
};
