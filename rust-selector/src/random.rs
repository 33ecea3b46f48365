//! A generator that TypeScript reproduces bit for bit with 32-bit integers alone: sfc32 (C. Doty-Humphrey,
//! PractRand), its three words filled by splitmix32 from the two halves of a 53-bit seed.

/// Seeds are JSON numbers, so they stop where a double stops counting.
pub const MAX_SEED: u64 = (1 << 53) - 1;

#[derive(Clone, Debug)]
pub struct Sfc32 {
    a: u32,
    b: u32,
    c: u32,
    counter: u32,
}

impl Sfc32 {
    pub fn new(seed: u64) -> Self {
        let mut low = SplitMix32(seed as u32);
        let mut high = SplitMix32((seed >> 32) as u32 ^ 0x5851_f42d);
        let mut rng = Self {
            a: low.next(),
            b: low.next(),
            c: high.next(),
            counter: 1,
        };
        for _ in 0..12 {
            rng.next_u32();
        }
        rng
    }

    #[inline]
    pub fn next_u32(&mut self) -> u32 {
        let out = self.a.wrapping_add(self.b).wrapping_add(self.counter);
        self.counter = self.counter.wrapping_add(1);
        self.a = self.b ^ (self.b >> 9);
        self.b = self.c.wrapping_add(self.c << 3);
        self.c = self.c.rotate_left(21).wrapping_add(out);
        out
    }

    /// Uniform in (0, 1), 2^32 values, neither end among them.
    #[inline]
    pub fn next_unit(&mut self) -> f64 {
        (f64::from(self.next_u32()) + 0.5) / 4_294_967_296.0
    }

    /// Uniform in (-1, 1), symmetric about a 0 that never comes.
    #[inline]
    pub fn next_signed(&mut self) -> f64 {
        (f64::from(self.next_u32().cast_signed()) + 0.5) / 2_147_483_648.0
    }
}

struct SplitMix32(u32);

impl SplitMix32 {
    fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9);
        let mut word = self.0;
        word = (word ^ (word >> 16)).wrapping_mul(0x21f0_aaad);
        word = (word ^ (word >> 15)).wrapping_mul(0x735a_2d97);
        word ^ (word >> 15)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_fill_the_unit_interval_evenly() {
        let mut rng = Sfc32::new(7);
        let mut tenths = [0u32; 10];
        for _ in 0..100_000 {
            tenths[(rng.next_unit() * 10.0) as usize] += 1;
        }
        assert!(
            tenths.iter().all(|&count| count.abs_diff(10_000) < 500),
            "{tenths:?}"
        );
    }

    #[test]
    fn both_halves_of_the_seed_count() {
        let first = |seed| Sfc32::new(seed).next_u32();
        assert_ne!(first(1), first(2));
        assert_ne!(first(1), first(1 << 32 | 1));
        assert_ne!(first(MAX_SEED), first(MAX_SEED - 1));
    }
}
