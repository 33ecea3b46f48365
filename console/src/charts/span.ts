/** Which part of a plot's time is looked at, and at which of its points. Pure, so that it can be tested. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Look {
  /** Null where all is seen. */
  readonly span: Span | null;
  /** Null where no point is pointed at: the legend then shows the newest. */
  readonly index: number | null;
}

export const ALL: Look = { span: null, index: null };
/** Points that are left in sight, however far somebody goes in. */
const FEWEST = 5;
const FAR = 10;

const whole = (at: readonly number[]): Span => ({ from: at[0] ?? 0, to: at.at(-1) ?? 0 });

/** A span that lies in the data and shows some points of it; null where it would show all of them, or none. */
export const spanOf = (at: readonly number[], { from, to }: Span): Span | null => {
  const all = whole(at);
  const width = Math.max(to - from, ((all.to - all.from) / Math.max(1, at.length - 1)) * (FEWEST - 1));
  if (at.length <= FEWEST || width >= all.to - all.from || to < all.from || from > all.to) return null;
  const start = Math.min(Math.max(from, all.from), all.to - width);
  return { from: start, to: start + width };
};

/** `factor` below 1 goes in, above it goes out; the point that is pointed at keeps its place. */
const zoomed = (at: readonly number[], { span, index }: Look, factor: number): Span | null => {
  const { from, to } = span ?? whole(at);
  const middle = index === null ? (from + to) / 2 : (at[index] ?? to);
  return spanOf(at, { from: middle - (middle - from) * factor, to: middle + (to - middle) * factor });
};

/** The point that a key leads to, brought into sight. */
const pointed = (at: readonly number[], { span }: Look, index: number): Look => {
  const next = Math.min(Math.max(index, 0), at.length - 1);
  const time = at[next] ?? 0;
  if (span === null) return { span, index: next };
  const by = Math.min(0, time - span.from) + Math.max(0, time - span.to);
  return { span: spanOf(at, { from: span.from + by, to: span.to + by }), index: next };
};

/** What is looked at after a key; undefined where the key means nothing here. */
export const afterKey = (at: readonly number[], look: Look, key: string): Look | undefined => {
  const index = look.index ?? at.length - 1;
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return pointed(at, look, look.index === null ? index : index - 1);
    case 'ArrowRight':
    case 'ArrowUp':
      return pointed(at, look, look.index === null ? index : index + 1);
    case 'PageDown':
      return pointed(at, look, index - FAR);
    case 'PageUp':
      return pointed(at, look, index + FAR);
    case 'Home':
      return pointed(at, look, 0);
    case 'End':
      return pointed(at, look, at.length - 1);
    case '+':
    case '=':
      return { ...look, span: zoomed(at, look, 0.5) };
    case '-':
      return { ...look, span: zoomed(at, look, 2) };
    case 'Escape':
      return look.span === null && look.index === null ? undefined : ALL;
    default:
      return undefined;
  }
};
