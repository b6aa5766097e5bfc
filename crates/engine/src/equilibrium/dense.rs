//! Small dense systems: one of a few rows per economy, or one per economy with all economies side by side.

use super::kernel;

/// Columns that are eliminated together.
const PANEL: usize = 32;

/// LU factors with partial pivoting, row-major.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lu {
    size: usize,
    factors: Vec<f64>,
    pivot: Vec<usize>,
}

impl Lu {
    /// Factorises a row-major matrix. A vanishing pivot is replaced by a tiny one: the factors only precondition
    /// or are checked by a residual afterwards.
    pub fn factorise(size: usize, mut a: Vec<f64>) -> Self {
        let mut pivot = Vec::with_capacity(size);
        let scale = a.iter().fold(0.0_f64, |m, v| m.max(v.abs())).max(1e-300);
        // Panels of columns: a row of the rest then meets a whole panel while it is near at hand.
        for first in (0..size).step_by(PANEL) {
            let last = (first + PANEL).min(size);
            for k in first..last {
                let mut best = k;
                for r in k + 1..size {
                    if a[r * size + k].abs() > a[best * size + k].abs() {
                        best = r;
                    }
                }
                pivot.push(best);
                if best != k {
                    for c in 0..size {
                        a.swap(k * size + c, best * size + c);
                    }
                }
                if a[k * size + k].abs() < 1e-14 * scale {
                    a[k * size + k] = 1e-14 * scale;
                }
                let inverse = 1.0 / a[k * size + k];
                let (upper, lower) = a.split_at_mut((k + 1) * size);
                let row = &upper[k * size + k + 1..k * size + last];
                for other in lower.chunks_exact_mut(size) {
                    let factor = other[k] * inverse;
                    other[k] = factor;
                    if factor != 0.0 {
                        kernel::add_scaled(&mut other[k + 1..last], -factor, row);
                    }
                }
            }
            for r in first + 1..size {
                let (above, row) = a.split_at_mut(r * size);
                let (factors, rest) = row[..size].split_at_mut(last);
                for k in first..last.min(r) {
                    if factors[k] != 0.0 {
                        kernel::add_scaled(rest, -factors[k], &above[k * size + last..(k + 1) * size]);
                    }
                }
            }
        }
        Self { size, factors: a, pivot }
    }

    /// Solves `A x = b` in place.
    pub fn solve(&self, b: &mut [f64]) {
        let n = self.size;
        for (k, &p) in self.pivot.iter().enumerate() {
            b.swap(k, p);
        }
        for r in 1..n {
            let row = &self.factors[r * n..r * n + r];
            b[r] -= kernel::dot(row, &b[..r]);
        }
        for r in (0..n).rev() {
            let row = &self.factors[r * n + r + 1..(r + 1) * n];
            let sum = kernel::dot(row, &b[r + 1..n]);
            b[r] = (b[r] - sum) / self.factors[r * n + r];
        }
    }

    /// Solves `Aᵀ x = b` in place.
    pub fn solve_transposed(&self, b: &mut [f64]) {
        let n = self.size;
        for r in 0..n {
            b[r] /= self.factors[r * n + r];
            let value = b[r];
            let (_, rest) = b.split_at_mut(r + 1);
            for (target, factor) in rest.iter_mut().zip(&self.factors[r * n + r + 1..(r + 1) * n]) {
                *target -= factor * value;
            }
        }
        for r in (1..n).rev() {
            let value = b[r];
            for (target, factor) in b[..r].iter_mut().zip(&self.factors[r * n..r * n + r]) {
                *target -= factor * value;
            }
        }
        for (k, &p) in self.pivot.iter().enumerate().rev() {
            b.swap(k, p);
        }
    }
}

/// One S×S system per economy, entries `[row, column, economy]` with economies contiguous, factorised without pivoting
/// (the matrices are of the kind I − A with small columns or rows), so that all economies advance together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Blocks {
    sectors: usize,
    economies: usize,
    factors: Vec<f64>,
}

impl Blocks {
    /// Factorises in place.
    pub fn factorise(sectors: usize, economies: usize, mut a: Vec<f64>) -> Self {
        let n = economies;
        let width = sectors * n;
        for k in 0..sectors {
            let (upper, lower) = a.split_at_mut((k + 1) * width);
            let top = &mut upper[k * width..];
            for pivot in &mut top[k * n..(k + 1) * n] {
                if pivot.abs() < 1e-8 {
                    *pivot = 1e-8_f64.copysign(*pivot);
                }
                *pivot = 1.0 / *pivot;
            }
            for row in lower.chunks_exact_mut(width) {
                let (left, right) = row.split_at_mut((k + 1) * n);
                let factor = &mut left[k * n..];
                for i in 0..n {
                    factor[i] *= top[k * n + i];
                }
                if factor.iter().all(|f| *f == 0.0) {
                    continue;
                }
                for (target, source) in right.chunks_exact_mut(n).zip(top[(k + 1) * n..].chunks_exact(n)) {
                    for i in 0..n {
                        target[i] -= factor[i] * source[i];
                    }
                }
            }
        }
        Self { sectors, economies, factors: a }
    }

    kernel::dispatch! {
        /// Solves in place; `x` is `[sector, economy]`.
        pub fn solve / solve_wide / solve_body(self: &, x: &mut [f64])
    }

    #[inline(always)]
    fn solve_body(&self, x: &mut [f64]) {
        let n = self.economies;
        let width = self.sectors * n;
        for r in 1..self.sectors {
            let (done, rest) = x.split_at_mut(r * n);
            let target = &mut rest[..n];
            let row = &self.factors[r * width..r * width + r * n];
            for (factor, source) in row.chunks_exact(n).zip(done.chunks_exact(n)) {
                for i in 0..n {
                    target[i] -= factor[i] * source[i];
                }
            }
        }
        for r in (0..self.sectors).rev() {
            let (head, done) = x.split_at_mut((r + 1) * n);
            let target = &mut head[r * n..];
            let row = &self.factors[r * width + r * n..(r + 1) * width];
            for (factor, source) in row[n..].chunks_exact(n).zip(done.chunks_exact(n)) {
                for i in 0..n {
                    target[i] -= factor[i] * source[i];
                }
            }
            for i in 0..n {
                target[i] *= row[i];
            }
        }
    }

    kernel::dispatch! {
        /// Solves the transposed systems in place.
        pub fn solve_transposed / solve_transposed_wide / solve_transposed_body(self: &, x: &mut [f64])
    }

    #[inline(always)]
    fn solve_transposed_body(&self, x: &mut [f64]) {
        let n = self.economies;
        let width = self.sectors * n;
        for r in 0..self.sectors {
            let (head, rest) = x.split_at_mut((r + 1) * n);
            let value = &mut head[r * n..];
            let row = &self.factors[r * width + r * n..(r + 1) * width];
            for i in 0..n {
                value[i] *= row[i];
            }
            for (factor, target) in row[n..].chunks_exact(n).zip(rest.chunks_exact_mut(n)) {
                for i in 0..n {
                    target[i] -= factor[i] * value[i];
                }
            }
        }
        for r in (1..self.sectors).rev() {
            let (head, rest) = x.split_at_mut(r * n);
            let value = &rest[..n];
            let row = &self.factors[r * width..r * width + r * n];
            for (factor, target) in row.chunks_exact(n).zip(head.chunks_exact_mut(n)) {
                for i in 0..n {
                    target[i] -= factor[i] * value[i];
                }
            }
        }
    }

    /// Solves for many right-hand sides: `x` is `[sector, economy, column]`.
    pub fn solve_columns(&self, x: &mut [f64], columns: usize) {
        let n = self.economies;
        let width = self.sectors * n;
        let slab = n * columns;
        for r in 1..self.sectors {
            let (done, rest) = x.split_at_mut(r * slab);
            for k in 0..r {
                for i in 0..n {
                    let factor = self.factors[r * width + k * n + i];
                    if factor != 0.0 {
                        let source = &done[k * slab + i * columns..k * slab + (i + 1) * columns];
                        kernel::add_scaled(&mut rest[i * columns..(i + 1) * columns], -factor, source);
                    }
                }
            }
        }
        for r in (0..self.sectors).rev() {
            let (head, done) = x.split_at_mut((r + 1) * slab);
            let target = &mut head[r * slab..];
            for k in r + 1..self.sectors {
                for i in 0..n {
                    let factor = self.factors[r * width + k * n + i];
                    if factor != 0.0 {
                        let from = (k - r - 1) * slab + i * columns;
                        let source = &done[from..from + columns];
                        kernel::add_scaled(&mut target[i * columns..(i + 1) * columns], -factor, source);
                    }
                }
            }
            for i in 0..n {
                let pivot = self.factors[r * width + r * n + i];
                for value in &mut target[i * columns..(i + 1) * columns] {
                    *value *= pivot;
                }
            }
        }
    }
}
