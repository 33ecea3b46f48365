/**
 * The part of a prompt that features look at, so that a prompt of 1 MiB costs no more than one of 4 KiB. Instructions
 * stand at the start or at the end, so both are kept.
 */
const HEAD_UNITS = 2_560;
const TAIL_UNITS = 1_536;

export interface TextWindow {
  /** UTF-16 code units of the whole prompt. */
  readonly length: number;
  /** The whole prompt, or its head and tail joined by a line break. */
  readonly text: string;
  readonly lower: string;
}

export function windowOf(prompt: string): TextWindow {
  const { length } = prompt;
  const text =
    length <= HEAD_UNITS + TAIL_UNITS
      ? prompt
      : `${prompt.slice(0, HEAD_UNITS)}\n${prompt.slice(length - TAIL_UNITS)}`;
  return { length, text, lower: text.toLowerCase() };
}
