/**
 * The atoms of a Beta(a, b): its quantiles at the middles of the grid. In t = ln(q / (1 - q)) the density is
 * q^a (1 - q)^b, smooth, log-concave, with its mode at ln(a / b) and exponential tails of rates a and b, so it is
 * summed up from the mode outwards to both sides, each in its own scale, by the trapezoid rule with the end correction
 * of Euler and Maclaurin. Within a cell the density is taken to be exponential. Operations stand in the order of
 * rust-selector/src/discrete/beta.rs.
 */
import { at } from '../at.ts';
import { MIDDLES } from './grid.ts';

/** Cells of each side. */
const CELLS = 64;
/** A side ends where the density has fallen to e^-18 of its mode. */
const DEPTH = 18;

/** a and b are positive and finite; the values rise, in [0, 1]. */
export function betaAtoms(a: number, b: number): Float64Array {
  const low = sumUp(a, b);
  const high = sumUp(b, a);
  const lowMass = at(low.masses, CELLS);
  const total = lowMass + at(high.masses, CELLS);
  const mode = Math.log(a) - Math.log(b);
  let least = 0;
  return MIDDLES.map((middle) => {
    const below = middle * total;
    const t =
      below < lowMass ? mode - distance(low, lowMass - below) : mode + distance(high, below - lowMass);
    // Rounding must not put an atom below its predecessor.
    least = Math.max(least, 1 / (1 + Math.exp(-t)));
    return least;
  });
}

/**
 * One side of the mode, as a function of the distance d from it: density e^-s(d), where
 * s(d) = rate d + weight ln(1 - toward + toward e^-d).
 */
interface Side {
  readonly step: number;
  /** s at each cell's ends. */
  readonly depths: Float64Array;
  /** Mass between the mode and each cell's ends. */
  readonly masses: Float64Array;
}

/** s and its slope. */
type Depth = (distance: number) => readonly [depth: number, slope: number];

function sumUp(rate: number, other: number): Side {
  const weight = rate + other;
  const toward = rate / weight;
  const away = other / weight;
  const depth: Depth = (distance) => {
    const fading = toward * Math.exp(-distance);
    const rest = away + fading;
    return [rate * distance + weight * Math.log(rest), rate - (weight * fading) / rest];
  };
  const step = end((DEPTH - weight * Math.log(away)) / rate, depth) / CELLS;
  const depths = new Float64Array(CELLS + 1);
  const masses = new Float64Array(CELLS + 1);
  let density = 1;
  let falling = 0;
  for (let cell = 0; cell < CELLS; cell += 1) {
    const [reached, slope] = depth((cell + 1) * step);
    const next = Math.exp(-reached);
    const nextFalling = next * slope;
    const mass = 0.5 * step * (density + next) + ((step * step) / 12) * (nextFalling - falling);
    depths[cell + 1] = reached;
    masses[cell + 1] = at(masses, cell) + Math.max(mass, 0);
    density = next;
    falling = nextFalling;
  }
  return { step, depths, masses };
}

/** How far from the mode one must go to leave `mass` behind. */
function distance({ step, depths, masses }: Side, mass: number): number {
  let cell = 0;
  while (cell < CELLS - 1 && at(masses, cell + 1) < mass) cell += 1;
  const whole = at(masses, cell + 1) - at(masses, cell);
  const share = whole > 0 ? (mass - at(masses, cell)) / whole : 0;
  const growth = at(depths, cell) - at(depths, cell + 1);
  const within = Math.abs(growth) < 1e-6 ? share : Math.log(1 + share * (Math.exp(growth) - 1)) / growth;
  return (cell + Math.min(Math.max(within, 0), 1)) * step;
}

/** Where s reaches its end, closely, so that the cells change smoothly with the distribution. s is convex, so from
 * beyond the root Newton's method falls towards it. */
function end(beyond: number, depth: Depth): number {
  let distance = beyond;
  for (;;) {
    const [reached, slope] = depth(distance);
    const beyond = reached - DEPTH;
    if (beyond <= 1e-6 || Number.isNaN(beyond)) return distance;
    distance -= beyond / slope;
  }
}
