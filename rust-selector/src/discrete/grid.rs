//! The probabilities of an arm's atoms, the same for every arm: 64 intervals of the unit interval, each of which
//! stands for its middle. Each half of a posterior has its share; towards both ends masses halve, so that small
//! probabilities are resolved, and they are finer above the median, where the best of several draws lies. All are
//! multiples of 2^-16, so that a random word of 16 bits hits each with exactly its mass.

use crate::random::Sfc32;

pub const ATOMS: usize = 64;

/// One arm's values, in ascending order.
pub type Atoms = [f64; ATOMS];

const UNITS: u32 = 1 << 16;

const COUNTS: [u32; ATOMS] = counts();

/// Units in an atom and in all that come before it.
const BELOW: [u32; ATOMS] = below();

pub const MASSES: Atoms = scaled(COUNTS);

/// By which factor an arm's distribution function grows at an atom, less 1: its mass over all masses below it.
pub(super) const GAINS: Atoms = gains();

const fn counts() -> [u32; ATOMS] {
    let mut counts = [0; ATOMS];
    let mut at = 0;
    while at < ATOMS {
        counts[at] = match at {
            0 => 64,
            1..=5 => 64 << (at - 1),
            6..=19 => 2_048,
            20..=51 => 1_024,
            52..=62 => 1_024 >> (at - 52),
            _ => 1,
        };
        at += 1;
    }
    counts
}

const fn below() -> [u32; ATOMS] {
    let mut below = [0; ATOMS];
    let mut at = 1;
    while at < ATOMS {
        below[at] = below[at - 1] + COUNTS[at - 1];
        at += 1;
    }
    below
}

const fn scaled(units: [u32; ATOMS]) -> Atoms {
    let mut scaled = [0.0; ATOMS];
    let mut at = 0;
    while at < ATOMS {
        scaled[at] = units[at] as f64 / UNITS as f64;
        at += 1;
    }
    scaled
}

const fn gains() -> Atoms {
    let mut gains = [0.0; ATOMS];
    let mut at = 1;
    while at < ATOMS {
        gains[at] = COUNTS[at] as f64 / BELOW[at] as f64;
        at += 1;
    }
    gains
}

/// Mass of the first `count` atoms.
pub(super) fn mass_of_first(count: usize) -> f64 {
    BELOW
        .get(count)
        .map_or(1.0, |below| f64::from(*below) / f64::from(UNITS))
}

/// Where in the unit interval an atom's middle lies.
pub(super) fn middle(atom: usize) -> f64 {
    (f64::from(BELOW[atom]) + 0.5 * f64::from(COUNTS[atom])) / f64::from(UNITS)
}

/// Index of an atom, drawn with its mass.
#[inline]
pub fn draw(rng: &mut Sfc32) -> usize {
    let units = rng.next_u32() >> 16;
    BELOW.partition_point(|below| *below <= units) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masses_add_up_and_are_hit_as_often_as_they_weigh() {
        assert_eq!(COUNTS.iter().sum::<u32>(), UNITS);
        assert!(MASSES.iter().all(|mass| *mass > 0.0));
        let hits = |atom: usize| {
            (0..UNITS)
                .filter(|units| BELOW.partition_point(|b| b <= units) - 1 == atom)
                .count()
        };
        for atom in [0, 1, 5, 6, 20, 52, 62, 63] {
            assert_eq!(hits(atom), COUNTS[atom] as usize);
        }
    }

    #[test]
    fn middles_rise_through_the_unit_interval() {
        let middles: Vec<f64> = (0..ATOMS).map(middle).collect();
        assert!(middles.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(middles[0] > 0.0 && middles[ATOMS - 1] < 1.0);
        assert!((mass_of_first(ATOMS) - 1.0).abs() < 1e-15 && mass_of_first(0) == 0.0);
    }
}
