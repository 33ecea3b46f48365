//! y = U^-T x for an upper triangular U, many at a time: one U for eight x side by side, or one x for some U in turns,
//! since a single solve waits for itself at every row. Each y is the same, to the last bit, in whatever company.

use crate::linear_state::MAX_DIMENSION;
use fearless_simd::{Simd, SimdBase, SimdFrom, f64x8};

/// Requests solved side by side, and columns of U that a single one takes at once.
pub const LANES: usize = 8;

type Lanes = [f64; LANES];

/// U, and U^-T v for the two v that every y is multiplied by.
#[derive(Debug)]
pub struct Upper {
    /// Row by row, in blocks of columns: from the block on that the diagonal lies in, with zeros up to the diagonal.
    blocks: Vec<Lanes>,
    /// By row.
    rows: Vec<Row>,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    /// 1 / U's diagonal.
    inverse: f64,
    learnt: f64,
    prior: f64,
}

/// Dot products of y: with what was learnt, with the prior's direction, with itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Solved {
    pub learnt: f64,
    pub prior: f64,
    pub square: f64,
}

impl Upper {
    /// `upper` row by row, from the diagonal on.
    pub fn new(upper: &[f64], inverse: Vec<f64>, learnt: Vec<f64>, prior: Vec<f64>) -> Self {
        let dimension = inverse.len();
        let mut blocks = Vec::new();
        let mut rest = upper;
        for index in 0..dimension {
            let (row, below) = rest.split_at(dimension - index);
            let before = index % LANES;
            let from = blocks.len();
            blocks.resize(from + (before + row.len()).div_ceil(LANES), [0.0; LANES]);
            let filled = blocks[from..].as_flattened_mut();
            filled[before + 1..before + row.len()].copy_from_slice(&row[1..]);
            rest = below;
        }
        let rows = inverse.into_iter().zip(learnt).zip(prior);
        let row = |((inverse, learnt), prior)| Row {
            inverse,
            learnt,
            prior,
        };
        Self {
            blocks,
            rows: rows.map(row).collect(),
        }
    }
}

/// One x for each of some U of its dimension.
#[inline(always)]
pub fn solve_each<S: Simd, const N: usize>(simd: S, uppers: [&Upper; N], x: &[f64]) -> [Solved; N] {
    let mut first = [[0.0; LANES]; MAX_DIMENSION / LANES];
    first.as_flattened_mut()[..x.len()].copy_from_slice(x);
    let mut rests = [first; N];
    let mut solved = [Solved::default(); N];
    let blocks = x.len().div_ceil(LANES);
    let mut at = 0;
    for index in 0..x.len() {
        let block = index / LANES;
        let until = at + blocks - block;
        for ((upper, rest), solved) in uppers.iter().zip(&mut rests).zip(&mut solved) {
            let row = upper.rows[index];
            let y = rest[block][index % LANES] * row.inverse;
            solved.learnt += y * row.learnt;
            solved.prior += y * row.prior;
            solved.square += y * y;
            let y = f64x8::splat(simd, y);
            for (others, u) in rest[block..blocks].iter_mut().zip(&upper.blocks[at..until]) {
                *others = (f64x8::simd_from(simd, *others) - y * f64x8::simd_from(simd, *u)).into();
            }
        }
        at = until;
    }
    solved
}

/// Rows that are taken out of what is left at once: it is then read and written once for all of them.
const STEP: usize = 4;

/// On one cache line each.
#[repr(align(64))]
struct Rest([Lanes; MAX_DIMENSION]);

/// Eight x, their first features side by side, then their second ones, ...
#[inline(always)]
pub fn solve_lanes<S: Simd>(simd: S, upper: &Upper, lanes: &[Lanes]) -> [Solved; LANES] {
    let mut rest = Rest([[0.0; LANES]; MAX_DIMENSION]);
    let mut rest = &mut rest.0[..lanes.len()];
    rest.copy_from_slice(lanes);
    let mut blocks = upper.blocks.as_slice();
    let zero = f64x8::splat(simd, 0.0);
    let (mut learnt, mut prior, mut square) = (zero, zero, zero);
    for (step, rows) in upper.rows.chunks(STEP).enumerate() {
        // The rows of a step begin in the same block of columns.
        let before = step * STEP % LANES;
        let width = (before + rest.len()).div_ceil(LANES);
        let (here, below) = blocks.split_at(width * rows.len());
        let mut us = here.chunks(width).map(|row| &row.as_flattened()[before..]);
        let us: [&[f64]; STEP] = std::array::from_fn(|_| us.next().unwrap_or_default());
        let Some((first, others)) = rest.split_at_mut_checked(rows.len()) else {
            break;
        };
        let mut ys = [zero; STEP];
        for (at, (row, x)) in rows.iter().zip(first).enumerate() {
            let mut y = f64x8::simd_from(simd, *x);
            for (y_above, u) in ys.iter().zip(us).take(at) {
                y -= *y_above * u[at];
            }
            y *= row.inverse;
            learnt += y * row.learnt;
            prior += y * row.prior;
            square += y * y;
            ys[at] = y;
        }
        // Fewer rows than that are the last ones.
        let [a, b, c, d] = us.map(|row| row.get(STEP..).unwrap_or_default());
        let us = a.iter().zip(b).zip(c).zip(d);
        for (other, (((a, b), c), d)) in others.iter_mut().zip(us) {
            let mut left = f64x8::simd_from(simd, *other);
            left -= ys[0] * *a;
            left -= ys[1] * *b;
            left -= ys[2] * *c;
            left -= ys[3] * *d;
            *other = left.into();
        }
        (blocks, rest) = (below, others);
    }
    let (learnt, prior, square): (Lanes, Lanes, Lanes) = (learnt.into(), prior.into(), square.into());
    std::array::from_fn(|lane| Solved {
        learnt: learnt[lane],
        prior: prior[lane],
        square: square[lane],
    })
}
