/** A Markdown table, its columns as wide as their widest cell. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) =>
    Math.max(3, cell.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)].join(
    '\n',
  );
}

/** `.6172 ± .0012`, or the mean alone for a single seed. */
export const spread = ({ mean, half }: { mean: number; half: number }, digits = 4): string =>
  Number.isFinite(half) ? `${mean.toFixed(digits)} ± ${half.toFixed(digits)}` : mean.toFixed(digits);

export const percent = ({ mean, half }: { mean: number; half: number }): string =>
  Number.isFinite(half)
    ? `${(100 * mean).toFixed(1)} ± ${(100 * half).toFixed(1)} %`
    : `${(100 * mean).toFixed(1)} %`;
