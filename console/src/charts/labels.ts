/** Where labels go so that they lie on neither another label nor a dot: right, left, above or below theirs. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly text: string;
}

export interface Label {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const CHAR = 6.6;
const HEIGHT = 14;

const overlap = (one: Box, other: Box): number =>
  Math.max(0, Math.min(one.right, other.right) - Math.max(one.left, other.left)) *
  Math.max(0, Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top));

const around = ({ x, y, radius }: Spot): Box => ({
  left: x - radius,
  right: x + radius,
  top: y - radius,
  bottom: y + radius,
});

const candidates = ({ x, y, radius }: Spot): readonly Label[] => [
  { x: x + radius + 4, y: y + 4, anchor: 'start' },
  { x: x - radius - 4, y: y + 4, anchor: 'end' },
  { x, y: y - radius - 5, anchor: 'middle' },
  { x, y: y + radius + 13, anchor: 'middle' },
];

const boxOf = ({ x, y, anchor }: Label, text: string): Box => {
  const width = text.length * CHAR;
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
  return { left, right: left + width, top: y - HEIGHT + 3, bottom: y + 3 };
};

/** One label a spot, in their order; `bounds` is where text is seen. */
export const placeLabels = (spots: readonly Spot[], bounds: Box): readonly Label[] => {
  const taken: Box[] = spots.map(around);
  return spots.map((spot) => {
    let best: { label: Label; box: Box; cost: number } | null = null;
    for (const label of candidates(spot)) {
      const box = boxOf(label, spot.text);
      const outside =
        Math.max(0, bounds.left - box.left) +
        Math.max(0, box.right - bounds.right) +
        Math.max(0, bounds.top - box.top) +
        Math.max(0, box.bottom - bounds.bottom);
      const cost = outside * HEIGHT + taken.reduce((all, other) => all + overlap(box, other), 0);
      if (best === null || cost < best.cost) best = { label, box, cost };
    }
    const { label, box } = best ?? { label: { x: spot.x, y: spot.y, anchor: 'start' }, box: around(spot) };
    taken.push(box);
    return label;
  });
};
