/** A text cut at what was found in it, so that a page can mark the pieces. Offsets are UTF-16. */
export interface Finding {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

export interface Piece {
  readonly text: string;
  readonly at: number;
  readonly type: string | null;
}

export const pieces = (text: string, findings: readonly Finding[]): Piece[] => {
  const out: Piece[] = [];
  let at = 0;
  for (const { type, start, end } of [...findings].sort((one, other) => one.start - other.start)) {
    if (start < at || end <= start) continue;
    if (start > at) out.push({ text: text.slice(at, start), at, type: null });
    out.push({ text: text.slice(start, end), at: start, type });
    at = end;
  }
  if (at < text.length) out.push({ text: text.slice(at), at, type: null });
  return out;
};
