//! Small dense systems: one of a few rows per economy, or one per economy with all economies side by side.

use super::columns::{Row, own_products_into};
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
    pub fn factorise(size: usize, a: Vec<f64>) -> Self {
        // Nobody stops it.
        Self::factorise_unless(size, a, || false).unwrap_or_default()
    }

    /// The same, none where it was stopped on the way.
    pub fn factorise_unless(size: usize, mut a: Vec<f64>, stopped: impl Fn() -> bool) -> Option<Self> {
        let mut pivot = Vec::with_capacity(size);
        let scale = a.iter().fold(0.0_f64, |m, v| m.max(v.abs())).max(1e-300);
        // Panels of columns: a row of the rest then meets a whole panel while it is near at hand.
        for first in (0..size).step_by(PANEL) {
            if stopped() {
                return None;
            }
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
                let row = |k: usize| &above[k * size + last..(k + 1) * size];
                let mut k = first;
                while k + 4 <= last.min(r) {
                    let factor = [-factors[k], -factors[k + 1], -factors[k + 2], -factors[k + 3]];
                    if factor.iter().any(|factor| *factor != 0.0) {
                        kernel::four_rows_into(rest, &factor, [row(k), row(k + 1), row(k + 2), row(k + 3)]);
                    }
                    k += 4;
                }
                for k in k..last.min(r) {
                    if factors[k] != 0.0 {
                        kernel::add_scaled(rest, -factors[k], row(k));
                    }
                }
            }
        }
        Some(Self { size, factors: a, pivot })
    }

    /// Solves `A x = b` in place.
    pub fn solve(&self, b: &mut [f64]) {
        let n = self.size;
        for (k, &p) in self.pivot.iter().enumerate() {
            b.swap(k, p);
        }
        for r in 1..n {
            let row = &self.factors[r * n..r * n + r];
            b[r] -= kernel::dot_long(row, &b[..r]);
        }
        for r in (0..n).rev() {
            let row = &self.factors[r * n + r + 1..(r + 1) * n];
            let sum = kernel::dot_long(row, &b[r + 1..n]);
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
///
/// The factors only precondition, so they are made, kept and applied in single precision: half the memory to read, which is
/// what their application costs, and twice the lanes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Blocks {
    sectors: usize,
    economies: usize,
    /// Economies, and as many empty ones as make whole vectors.
    stride: usize,
    factors: Vec<f32>,
}

impl Blocks {
    /// Factorises the systems with these entries (row, column, economy).
    pub fn factorise(sectors: usize, economies: usize, entry: impl Fn(usize, usize, usize) -> f64) -> Self {
        let n = economies.next_multiple_of(8);
        let width = sectors * n;
        let mut a = vec![0.0_f32; sectors * width];
        for (block, entries) in a.chunks_exact_mut(n).enumerate() {
            let (row, column) = (block / sectors, block % sectors);
            for (economy, value) in entries.iter_mut().enumerate() {
                *value = match economy < economies {
                    true => entry(row, column, economy) as f32,
                    false => f32::from(u8::from(row == column)),
                };
            }
        }
        for k in 0..sectors {
            let (upper, lower) = a.split_at_mut((k + 1) * width);
            let top = &mut upper[k * width..];
            for pivot in &mut top[k * n..(k + 1) * n] {
                if pivot.abs() < 1e-6 {
                    *pivot = 1e-6_f32.copysign(*pivot);
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
        Self { sectors, economies, stride: n, factors: a }
    }

    /// Solves in place; `x` is `[sector, economy]`.
    pub fn solve(&self, x: &mut [f64], room: &mut Vec<f32>) {
        self.narrow(x, room);
        self.solve_narrow(room);
        self.widen(room, x);
    }

    /// Solves the transposed systems in place.
    pub fn solve_transposed(&self, x: &mut [f64], room: &mut Vec<f32>) {
        self.narrow(x, room);
        self.solve_transposed_narrow(room);
        self.widen(room, x);
    }

    fn narrow(&self, x: &[f64], room: &mut Vec<f32>) {
        room.clear();
        room.resize(self.sectors * self.stride, 0.0);
        for (room, x) in room.chunks_exact_mut(self.stride).zip(x.chunks_exact(self.economies)) {
            for (room, x) in room.iter_mut().zip(x) {
                *room = *x as f32;
            }
        }
    }

    fn widen(&self, room: &[f32], x: &mut [f64]) {
        for (room, x) in room.chunks_exact(self.stride).zip(x.chunks_exact_mut(self.economies)) {
            for (room, x) in room.iter().zip(x) {
                *x = f64::from(*room);
            }
        }
    }

    kernel::dispatch! {
        /// Forward and backward substitution.
        fn solve_narrow / solve_wide / solve_body(self: &, x: &mut [f32])
    }

    #[inline(always)]
    fn solve_body(&self, x: &mut [f32]) {
        let n = self.stride;
        let width = self.sectors * n;
        for r in 1..self.sectors {
            let (done, rest) = x.split_at_mut(r * n);
            subtract_products(&mut rest[..n], &self.factors[r * width..r * width + r * n], done);
        }
        for r in (0..self.sectors).rev() {
            let (head, done) = x.split_at_mut((r + 1) * n);
            let target = &mut head[r * n..];
            let row = &self.factors[r * width + r * n..(r + 1) * width];
            subtract_products(target, &row[n..], done);
            for (target, pivot) in target.iter_mut().zip(row) {
                *target *= pivot;
            }
        }
    }

    kernel::dispatch! {
        /// The same, transposed.
        fn solve_transposed_narrow / solve_transposed_wide / solve_transposed_body(self: &, x: &mut [f32])
    }

    #[inline(always)]
    fn solve_transposed_body(&self, x: &mut [f32]) {
        let n = self.stride;
        let width = self.sectors * n;
        for r in 0..self.sectors {
            let (done, rest) = x.split_at_mut(r * n);
            let target = &mut rest[..n];
            subtract_column(target, &self.factors[r * n..], width, done);
            for (target, pivot) in target.iter_mut().zip(&self.factors[r * width + r * n..]) {
                *target *= pivot;
            }
        }
        for r in (0..self.sectors).rev() {
            let (head, done) = x.split_at_mut((r + 1) * n);
            let below = &self.factors[((r + 1) * width + r * n).min(self.factors.len())..];
            subtract_column(&mut head[r * n..], below, width, done);
        }
    }

    kernel::dispatch! {
        /// Solves for several right-hand sides: `x` is `[sector, economy]`.
        pub fn solve_rows / solve_rows_wide / solve_rows_body(self: &, x: &mut [Row])
    }

    #[inline(always)]
    fn solve_rows_body(&self, x: &mut [Row]) {
        let n = self.economies;
        let (stride, width) = (self.stride, self.sectors * self.stride);
        for r in 1..self.sectors {
            let (done, rest) = x.split_at_mut(r * n);
            let factors = &self.factors[r * width..];
            own_products_into(&mut rest[..n], done, |k, i| -factors[k * stride + i]);
        }
        for r in (0..self.sectors).rev() {
            let (head, done) = x.split_at_mut((r + 1) * n);
            let target = &mut head[r * n..];
            let factors = &self.factors[r * width + r * stride..];
            own_products_into(target, done, |k, i| -factors[(k + 1) * stride + i]);
            scale_rows(target, factors);
        }
    }

    kernel::dispatch! {
        /// [`solve_rows`](Self::solve_rows), transposed.
        pub fn solve_rows_transposed / solve_rows_transposed_wide / solve_rows_transposed_body(self: &, x: &mut [Row])
    }

    #[inline(always)]
    fn solve_rows_transposed_body(&self, x: &mut [Row]) {
        let n = self.economies;
        let (stride, width) = (self.stride, self.sectors * self.stride);
        for r in 0..self.sectors {
            let (done, rest) = x.split_at_mut(r * n);
            let target = &mut rest[..n];
            let factors = &self.factors[r * stride..];
            own_products_into(target, done, |k, i| -factors[k * width + i]);
            scale_rows(target, &factors[r * width..]);
        }
        for r in (0..self.sectors).rev() {
            let (head, done) = x.split_at_mut((r + 1) * n);
            let factors = &self.factors[r * stride..];
            own_products_into(&mut head[r * n..], done, |k, i| -factors[(r + 1 + k) * width + i]);
        }
    }
}

#[inline(always)]
fn scale_rows(rows: &mut [Row], factors: &[f32]) {
    for (row, factor) in rows.iter_mut().zip(factors) {
        row.iter_mut().for_each(|value| *value *= factor);
    }
}

/// `target[i] -= Σ_k factor[k,i] source[k,i]`, four at a time.
#[inline(always)]
fn subtract_products(target: &mut [f32], factor: &[f32], source: &[f32]) {
    let n = target.len();
    let mut factors = factor.chunks_exact(4 * n);
    let mut sources = source.chunks_exact(4 * n);
    for (factor, source) in factors.by_ref().zip(sources.by_ref()) {
        let ((a, b), (c, d)) = kernel::quarters(factor, n);
        let ((p, q), (r, s)) = kernel::quarters(source, n);
        for i in 0..n {
            target[i] -= (a[i] * p[i] + b[i] * q[i]) + (c[i] * r[i] + d[i] * s[i]);
        }
    }
    for (factor, source) in factors.remainder().chunks_exact(n).zip(sources.remainder().chunks_exact(n)) {
        for i in 0..n {
            target[i] -= factor[i] * source[i];
        }
    }
}

/// `target[i] -= Σ_k factor[k · stride + i] source[k,i]`, four at a time.
#[inline(always)]
fn subtract_column(target: &mut [f32], factor: &[f32], stride: usize, source: &[f32]) {
    let n = target.len();
    let mut at = 0;
    let row = |at: usize| &factor[at..at + n];
    let mut sources = source.chunks_exact(4 * n);
    for source in sources.by_ref() {
        let (a, b, c, d) = (row(at), row(at + stride), row(at + 2 * stride), row(at + 3 * stride));
        let ((p, q), (r, s)) = kernel::quarters(source, n);
        for i in 0..n {
            target[i] -= (a[i] * p[i] + b[i] * q[i]) + (c[i] * r[i] + d[i] * s[i]);
        }
        at += 4 * stride;
    }
    for source in sources.remainder().chunks_exact(n) {
        let factor = row(at);
        for i in 0..n {
            target[i] -= factor[i] * source[i];
        }
        at += stride;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn a_factorisation_that_is_stopped_gives_none() {
        let size = 3 * PANEL;
        let matrix: Vec<f64> =
            (0..size * size).map(|k| if k % (size + 1) == 0 { 4.0 } else { 1.0 / (1 + k) as f64 }).collect();
        let asked = Cell::new(0);
        let stopped = || {
            asked.set(asked.get() + 1);
            asked.get() > 2
        };
        assert!(Lu::factorise_unless(size, matrix.clone(), stopped).is_none());
        assert_eq!(asked.get(), 3, "asked once a panel");
        assert!(Lu::factorise_unless(size, matrix, || false).is_some());
    }
}
