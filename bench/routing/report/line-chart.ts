/** A line chart as one SVG text, without a browser: axes, grid, legend, and a title that readers of screens hear. */

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly dashed?: boolean;
}

export interface Chart {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
}

const WIDTH = 920;
const HEIGHT = 420;
const PLOT = { left: 64, top: 40, right: 600, bottom: 366 };
const TICKS = 5;
/** Okabe & Ito's colours, told apart by colour-blind readers too. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000', '#999999'];

export function lineChart({ title, x, y, series }: Chart): string {
  const points = series.flatMap((one) => one.points);
  const across = scale(range(points.map(([value]) => value)), PLOT.left, PLOT.right);
  const up = scale(range(points.map(([, value]) => value)), PLOT.bottom, PLOT.top);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="sans-serif" font-size="12">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(PLOT.left, 22, title, 'font-size="15"'),
    ...up.ticks.flatMap((value) => [
      `<path d="M${PLOT.left} ${at(up, value)}H${PLOT.right}" stroke="#dddddd"/>`,
      text(PLOT.left - 8, up.to(value) + 4, label(value), 'text-anchor="end"'),
    ]),
    ...across.ticks.map((value) =>
      text(across.to(value), PLOT.bottom + 18, label(value), 'text-anchor="middle"'),
    ),
    text((PLOT.left + PLOT.right) / 2, HEIGHT - 14, x, 'text-anchor="middle"'),
    text(
      16,
      (PLOT.top + PLOT.bottom) / 2,
      y,
      `text-anchor="middle" transform="rotate(-90 16 ${(PLOT.top + PLOT.bottom) / 2})"`,
    ),
    ...series.flatMap((one, index) => {
      const stroke = `stroke="${COLOURS[index % COLOURS.length]}" stroke-width="2"${one.dashed ? ' stroke-dasharray="6 4"' : ''}`;
      const height = PLOT.top + 10 + index * 20;
      return [
        `<path fill="none" ${stroke} d="M${one.points.map(([px, py]) => `${at(across, px)} ${at(up, py)}`).join('L')}"/>`,
        `<path ${stroke} d="M${PLOT.right + 16} ${height}h24"/>`,
        text(PLOT.right + 48, height + 4, one.name, ''),
      ];
    }),
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}

interface Scale {
  readonly ticks: readonly number[];
  to(value: number): number;
}

function range(values: readonly number[]): [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  return low < high ? [low, high] : [low - 0.5, high + 0.5];
}

/** Ticks at 1, 2 or 5 times a power of ten. */
function scale([low, high]: [number, number], from: number, until: number): Scale {
  const rough = (high - low) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const ticks = Array.from(
    { length: Math.floor(high / step + 1e-9) - first + 1 },
    (_, index) => (first + index) * step,
  );
  return { ticks, to: (value) => from + ((value - low) / (high - low)) * (until - from) };
}

const at = (scaled: Scale, value: number): string => scaled.to(value).toFixed(1);
const label = (value: number): string => String(Number(value.toPrecision(6)));
const text = (x: number, y: number, content: string, attributes: string): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${escapeXml(content)}</text>`;
const escapeXml = (content: string): string =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
