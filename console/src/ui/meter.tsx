/** Bars as SVG: widths are attributes there, so no style is written. */
interface Part {
  readonly share: number;
  readonly color: string;
}

const clamp = (share: number): number => Math.min(1, Math.max(0, share));

export const Meter = ({ parts, label }: { readonly parts: readonly Part[]; readonly label: string }) => {
  let from = 0;
  return (
    <span className="meter" role="img" aria-label={label}>
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        {parts.map(({ share, color }, index) => {
          const x = from;
          const width = clamp(share) * 100;
          from += width;
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts have an order and no name
          return <rect key={index} x={x} y="0" width={width} height="10" fill={color} />;
        })}
      </svg>
    </span>
  );
};

/** A number with its bar, for tables that compare. */
export const BarCell = ({
  value,
  max,
  text,
  color = 'var(--c1)',
}: {
  readonly value: number | null;
  readonly max: number;
  readonly text: string;
  readonly color?: string;
}) =>
  value === null ? (
    <span className="muted">{text}</span>
  ) : (
    <div className="bar-cell">
      <Meter parts={[{ share: max > 0 ? value / max : 0, color }]} label={text} />
      <span className="num">{text}</span>
    </div>
  );
