/** Numbers to places, and the round numbers that an axis shows. */
export interface Scale {
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
}

const STEPS = [1, 2, 2.5, 5, 10];

export const roundStep = (span: number, wanted: number): number => {
  const rough = span / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * (STEPS.find((step) => step * power >= rough * 0.999) ?? 10);
};

export const linear = (
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
  wanted = 5,
): Scale => {
  const span = high > low ? high - low : Math.abs(high) || 1;
  const step = roundStep(span, wanted);
  const first = Math.ceil(low / step - 1e-9) * step;
  const ticks: number[] = [];
  for (let index = 0; first + index * step <= low + span + step * 1e-6; index += 1) {
    ticks.push(Number((first + index * step).toPrecision(15)));
  }
  return { place: (value) => from + ((value - low) / span) * (to - from), ticks };
};

/** For values over orders of magnitude; the ticks are powers of ten. */
export const logarithmic = (
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
): Scale => {
  const least = Math.floor(Math.log10(low));
  const most = Math.max(least + 1, Math.ceil(Math.log10(high)));
  const ticks = Array.from({ length: most - least + 1 }, (_, index) => 10 ** (least + index));
  return {
    place: (value) =>
      from + ((Math.log10(Math.max(value, 10 ** least)) - least) / (most - least)) * (to - from),
    ticks,
  };
};
