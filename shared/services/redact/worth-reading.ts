/** Whether a text can hold a name or an address at all: the model costs far more than this look. */

/** A word, and more than a single one that programs could have written: what names are made of. */
const WORDS = /\p{L}{2}/u;
const LONE_WORD = /^[a-z0-9_.:/-]*$/;

export const mayHoldNames = (text: string): boolean => WORDS.test(text) && !LONE_WORD.test(text);
