/** One colour a name, the same on every page: names take the palette's colours in their own order. */
export const COLORS = ['--c1', '--c2', '--c3', '--c4', '--c5', '--c6', '--c7', '--c8'] as const;

export const cssColor = (index: number): string => `var(${COLORS[index % COLORS.length]})`;

export const colorsOf = (names: readonly string[]): ReadonlyMap<string, string> =>
  new Map([...names].sort().map((name, index) => [name, cssColor(index)]));

/** Canvas knows no variables: `var(--c1)` as the colour that it is now. */
export const resolved = (color: string): string => {
  const name = /^var\((--[\w-]+)\)$/.exec(color)?.[1];
  return name === undefined
    ? color
    : getComputedStyle(document.documentElement).getPropertyValue(name).trim();
};
