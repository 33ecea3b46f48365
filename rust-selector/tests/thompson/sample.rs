//! Draws from the continuous distributions, by which the discrete ones are judged.
//! Normal: Marsaglia's polar method (1964). Gamma: Marsaglia & Tsang, "A simple method for generating gamma
//! variables", ACM TOMS 26(3), 2000, with their boost for shapes below 1. Beta: X / (X + Y) of two gammas.

use atp_selector::random::Sfc32;

/// Draws normals in pairs and keeps the second one for the next call.
pub struct Sampler<'a> {
    rng: &'a mut Sfc32,
    spare: Option<f64>,
}

impl<'a> Sampler<'a> {
    pub fn new(rng: &'a mut Sfc32) -> Self {
        Self { rng, spare: None }
    }

    #[inline]
    pub fn normal(&mut self) -> f64 {
        if let Some(value) = self.spare.take() {
            return value;
        }
        loop {
            let u = self.rng.next_signed();
            let v = self.rng.next_signed();
            let square = u * u + v * v;
            if square < 1.0 {
                let factor = libm::sqrt(-2.0 * libm::log(square) / square);
                self.spare = Some(v * factor);
                return u * factor;
            }
        }
    }

    #[inline]
    fn gamma(&mut self, shape: &Gamma) -> f64 {
        loop {
            let x = self.normal();
            let root = 1.0 + shape.c * x;
            if root <= 0.0 {
                continue;
            }
            let v = root * root * root;
            let u = self.rng.next_unit();
            let square = x * x;
            if u < 1.0 - 0.0331 * square * square
                || libm::log(u) < 0.5 * square + shape.d * (1.0 - v + libm::log(v))
            {
                return shape.d * v * self.boost(shape);
            }
        }
    }

    #[inline]
    fn boost(&mut self, shape: &Gamma) -> f64 {
        match shape.inverse {
            Some(inverse) => libm::exp(libm::log(self.rng.next_unit()) * inverse),
            None => 1.0,
        }
    }

    #[inline]
    pub fn beta(&mut self, beta: &Beta) -> f64 {
        let x = self.gamma(&beta.x);
        let y = self.gamma(&beta.y);
        if x + y > 0.0 { x / (x + y) } else { beta.mean }
    }
}

/// Constants of one Beta(a, b), worked out once for many draws; a and b are positive and finite.
pub struct Beta {
    x: Gamma,
    y: Gamma,
    mean: f64,
}

impl Beta {
    pub fn new(a: f64, b: f64) -> Self {
        Self {
            x: Gamma::new(a),
            y: Gamma::new(b),
            mean: a / (a + b),
        }
    }
}

struct Gamma {
    d: f64,
    c: f64,
    inverse: Option<f64>,
}

impl Gamma {
    fn new(shape: f64) -> Self {
        let boosted = if shape < 1.0 { shape + 1.0 } else { shape };
        let d = boosted - 1.0 / 3.0;
        Self {
            d,
            c: 1.0 / libm::sqrt(9.0 * d),
            inverse: (shape < 1.0).then(|| 1.0 / shape),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(mut draw: impl FnMut() -> f64) -> (f64, f64) {
        let draws: Vec<f64> = (0..200_000).map(|_| draw()).collect();
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        let variance = draws.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / draws.len() as f64;
        (mean, variance)
    }

    #[test]
    fn normal_has_mean_zero_and_variance_one() {
        let mut rng = Sfc32::new(1);
        let mut sampler = Sampler::new(&mut rng);
        let (mean, variance) = moments(|| sampler.normal());
        assert!(
            mean.abs() < 0.01 && (variance - 1.0).abs() < 0.02,
            "{mean} {variance}"
        );
    }

    #[test]
    fn beta_has_its_closed_form_moments() {
        for (a, b) in [
            (0.08, 7.92),
            (0.5, 0.5),
            (1.0, 1.0),
            (2.5, 0.7),
            (7.2, 0.8),
            (900.0, 100.0),
        ] {
            let mut rng = Sfc32::new(42);
            let mut sampler = Sampler::new(&mut rng);
            let beta = Beta::new(a, b);
            let (mean, variance) = moments(|| sampler.beta(&beta));
            let expected = a / (a + b);
            let spread = expected * (1.0 - expected) / (a + b + 1.0);
            assert!(
                (mean - expected).abs() < 4.0 * libm::sqrt(spread / 200_000.0),
                "{a} {b}: {mean}"
            );
            assert!(
                (variance / spread - 1.0).abs() < 0.03,
                "{a} {b}: {variance} {spread}"
            );
        }
    }
}
