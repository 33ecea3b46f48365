/**
 * RouteLLM's measures of routing between a strong and a weak model (Ong et al., "RouteLLM: Learning to Route LLMs with
 * Preference Data", arXiv:2406.18665, section 3). PGR is the share of the quality gap between weak and strong that is
 * recovered; APGR its mean over all shares of calls to the strong model, by the trapezoidal rule as in their
 * evaluation, here with every cut between two prompts in place of ten; CPT(p) the least share of strong calls at which
 * PGR reaches p. A random router has an expected APGR of .5 and a CPT(p) of p.
 */

export interface Routed {
  /** How much a prompt wants the strong model; only the order counts, and equal scores are cut together. */
  readonly wish: number;
  readonly weak: number;
  readonly strong: number;
}

export interface RouteMeasures {
  readonly pgr50: number;
  readonly apgr: number;
  /** Shares of calls; not a number where PGR never gets there. */
  readonly cpt50: number;
  readonly cpt80: number;
  /** [share of strong calls, PGR], from none to all. */
  readonly curve: readonly (readonly [number, number])[];
}

/** Throws RangeError where the strong model is no better than the weak one: there is no gap to recover. */
export function routeMeasures(prompts: readonly Routed[]): RouteMeasures {
  const gap = prompts.reduce((sum, { weak, strong }) => sum + strong - weak, 0);
  if (!(gap > 0)) throw new RangeError('the strong model is no better than the weak one');
  const curve = curveOf(prompts, gap);
  let area = 0;
  for (const [index, [share, pgr]] of curve.entries()) {
    const [before, pgrBefore] = curve[index - 1] ?? [0, 0];
    area += ((pgr + pgrBefore) / 2) * (share - before);
  }
  return {
    pgr50: pgrAt(curve, 0.5),
    apgr: area,
    cpt50: firstAt(curve, 0.5),
    cpt80: firstAt(curve, 0.8),
    curve,
  };
}

function curveOf(prompts: readonly Routed[], gap: number): [number, number][] {
  const sorted = prompts.toSorted((one, other) => other.wish - one.wish);
  const curve: [number, number][] = [[0, 0]];
  let gained = 0;
  for (const [index, { wish, weak, strong }] of sorted.entries()) {
    gained += strong - weak;
    if (sorted[index + 1]?.wish !== wish) curve.push([(index + 1) / sorted.length, gained / gap]);
  }
  return curve;
}

/** PGR at a share of strong calls, on the line between the two cuts about it. */
export function pgrAt(curve: readonly (readonly [number, number])[], share: number): number {
  const after = curve.findIndex(([x]) => x >= share);
  const [x1, y1] = curve[after] ?? [1, 1];
  const [x0, y0] = curve[after - 1] ?? [0, 0];
  return x1 === x0 ? y1 : y0 + ((y1 - y0) * (share - x0)) / (x1 - x0);
}

function firstAt(curve: readonly (readonly [number, number])[], pgr: number): number {
  const after = curve.findIndex(([, y]) => y >= pgr);
  const [x1, y1] = curve[after] ?? [Number.NaN, 1];
  const [x0, y0] = curve[after - 1] ?? [0, 0];
  return x0 + ((x1 - x0) * (pgr - y0)) / (y1 - y0);
}
