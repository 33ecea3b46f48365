//! The atoms of a Beta(a, b): its quantiles at the middles of the grid. In t = ln(q / (1 - q)) the density is
//! q^a (1 - q)^b, smooth, log-concave, with its mode at ln(a / b) and exponential tails of rates a and b, so it is
//! summed up from the mode outwards to both sides, each in its own scale, by the trapezoid rule with the end
//! correction of Euler and Maclaurin. Within a cell the density is taken to be exponential.

use super::grid::{ATOMS, Atoms, middle};

/// Cells of each side.
const CELLS: usize = 64;
/// A side ends where the density has fallen to e^-18 of its mode.
const DEPTH: f64 = 18.0;

/// a and b are positive and finite; the values rise, in [0, 1].
pub fn beta_atoms(a: f64, b: f64) -> Atoms {
    let (low, high) = (Side::new(a, b), Side::new(b, a));
    let total = low.mass() + high.mass();
    let mode = libm::log(a) - libm::log(b);
    let (mut atoms, mut least) = ([0.0; ATOMS], 0.0_f64);
    for (atom, value) in atoms.iter_mut().enumerate() {
        let below = middle(atom) * total;
        let t = if below < low.mass() {
            mode - low.distance(low.mass() - below)
        } else {
            mode + high.distance(below - low.mass())
        };
        // Rounding must not put an atom below its predecessor.
        least = least.max(1.0 / (1.0 + libm::exp(-t)));
        *value = least;
    }
    atoms
}

/// One side of the mode, as a function of the distance d from it: density e^-s(d), where
/// s(d) = rate d + weight ln(1 - toward + toward e^-d).
struct Side {
    step: f64,
    /// s at each cell's ends.
    depths: [f64; CELLS + 1],
    /// Mass between the mode and each cell's ends.
    masses: [f64; CELLS + 1],
}

impl Side {
    fn new(rate: f64, other: f64) -> Self {
        let weight = rate + other;
        let (toward, away) = (rate / weight, other / weight);
        let depth = |distance: f64| {
            let fading = toward * libm::exp(-distance);
            let rest = away + fading;
            let slope = rate - weight * fading / rest;
            (rate * distance + weight * libm::log(rest), slope)
        };
        let step = end(rate, weight, away, depth) / CELLS as f64;
        let (mut depths, mut masses) = ([0.0; CELLS + 1], [0.0; CELLS + 1]);
        let (mut density, mut falling) = (1.0, 0.0);
        for cell in 0..CELLS {
            let (reached, slope) = depth((cell + 1) as f64 * step);
            let next = libm::exp(-reached);
            let next_falling = next * slope;
            let mass = 0.5 * step * (density + next) + step * step / 12.0 * (next_falling - falling);
            depths[cell + 1] = reached;
            masses[cell + 1] = masses[cell] + mass.max(0.0);
            (density, falling) = (next, next_falling);
        }
        Self { step, depths, masses }
    }

    fn mass(&self) -> f64 {
        self.masses[CELLS]
    }

    /// How far from the mode one must go to leave `mass` behind.
    fn distance(&self, mass: f64) -> f64 {
        let cell = self.masses[1..CELLS].partition_point(|reached| *reached < mass);
        let whole = self.masses[cell + 1] - self.masses[cell];
        let share = if whole > 0.0 {
            (mass - self.masses[cell]) / whole
        } else {
            0.0
        };
        let growth = self.depths[cell] - self.depths[cell + 1];
        let within = if growth.abs() < 1e-6 {
            share
        } else {
            libm::log(1.0 + share * (libm::exp(growth) - 1.0)) / growth
        };
        (cell as f64 + within.clamp(0.0, 1.0)) * self.step
    }
}

/// Where s reaches its end, closely, so that the cells change smoothly with the distribution. s is convex and lies above rate d + weight ln(away), so Newton's method falls towards the
/// root from where that line has reached it.
fn end(rate: f64, weight: f64, away: f64, depth: impl Fn(f64) -> (f64, f64)) -> f64 {
    let mut distance = (DEPTH - weight * libm::log(away)) / rate;
    loop {
        let (reached, slope) = depth(distance);
        let beyond = reached - DEPTH;
        if beyond <= 1e-6 || beyond.is_nan() {
            return distance;
        }
        distance -= beyond / slope;
    }
}

#[cfg(test)]
mod tests {
    use super::super::grid::MASSES;
    use super::*;

    #[test]
    fn atoms_have_the_moments_of_the_distribution() {
        for (a, b) in [
            (0.01, 0.99),
            (0.08, 7.92),
            (0.5, 0.5),
            (1.0, 1.0),
            (2.5, 0.7),
            (7.2, 0.8),
            (9e5, 1e5),
            (3e8, 7e8),
        ] {
            let atoms = beta_atoms(a, b);
            let weighted = |of: &dyn Fn(f64) -> f64| {
                atoms
                    .iter()
                    .zip(MASSES)
                    .map(|(q, mass)| mass * of(*q))
                    .sum::<f64>()
            };
            let mean = weighted(&|q| q);
            let (expected, variance) = (a / (a + b), a * b / ((a + b) * (a + b) * (a + b + 1.0)));
            let deviation = libm::sqrt(variance);
            assert!(
                (mean - expected).abs() < 0.005 * deviation,
                "{a} {b}: {mean} for {expected}"
            );
            let spread = weighted(&|q| (q - mean) * (q - mean));
            assert!(
                (spread / variance - 1.0).abs() < 0.05,
                "{a} {b}: {spread} for {variance}"
            );
        }
    }

    #[test]
    fn quantiles_of_a_uniform_distribution_are_the_middles() {
        for (atom, value) in beta_atoms(1.0, 1.0).iter().enumerate() {
            assert!(
                (value - middle(atom)).abs() < 1e-3 * (1.0 - middle(atom)),
                "{atom}: {value}"
            );
        }
    }
}
