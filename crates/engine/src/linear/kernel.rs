//! The few loops that touch every cell, as plain passes over contiguous exporters, and the choice of instructions.
//!
//! The loops are written so that the compiler turns them into vector code. It may use AVX2 only in functions that say so, and
//! the program must run where there is none: [`dispatch`] compiles a pass twice and picks at run time.

#[cfg(target_arch = "x86_64")]
use super::simd_avx2;

/// Whether this machine has the instructions that the second compilation of a pass uses.
#[inline]
pub(crate) fn has_wide_vectors() -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma")
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        false
    }
}

/// Defines a pass as two compilations of one body, `name` choosing between them.
macro_rules! dispatch {
    ($(#[$doc:meta])* $visibility:vis fn $name:ident / $wide:ident / $body:ident ($this:ident: & $($mutable:ident)?, $($argument:ident : $kind:ty),* $(,)?)) => {
        $(#[$doc])*
        #[allow(clippy::too_many_arguments, unsafe_code)]
        $visibility fn $name(&$($mutable)? $this, $($argument: $kind),*) {
            #[cfg(target_arch = "x86_64")]
            if $crate::linear::kernel::has_wide_vectors() {
                // SAFETY: the features that the function is compiled for have just been found.
                return unsafe { $this.$wide($($argument),*) };
            }
            $this.$body($($argument),*);
        }

        #[cfg(target_arch = "x86_64")]
        #[allow(clippy::too_many_arguments)]
        #[target_feature(enable = "avx2,fma")]
        fn $wide(&$($mutable)? $this, $($argument: $kind),*) {
            $this.$body($($argument),*);
        }
    };
    ($(#[$doc:meta])* free $visibility:vis fn $name:ident / $wide:ident / $body:ident ($($argument:ident : $kind:ty),* $(,)?) $(-> $result:ty)?) => {
        $(#[$doc])*
        #[allow(unsafe_code)]
        $visibility fn $name($($argument: $kind),*) $(-> $result)? {
            #[cfg(target_arch = "x86_64")]
            if $crate::linear::kernel::has_wide_vectors() {
                // SAFETY: the features that the function is compiled for have just been found.
                return unsafe { $wide($($argument),*) };
            }
            $body($($argument),*)
        }

        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2,fma")]
        fn $wide($($argument: $kind),*) $(-> $result)? {
            $body($($argument),*)
        }
    };
}
pub(crate) use dispatch;

/// How many rows of n cells are visited together: few enough to stay in the nearest cache between two passes.
#[inline]
pub(crate) fn rows_at_once(n: usize) -> usize {
    (2048 / n.max(1)).max(4) & !3
}

/// `out[r] = Σ_i rows[r,i] x[i]`.
#[inline(always)]
#[allow(unsafe_code)]
pub(crate) fn rows_times(rows: &[f64], x: &[f64], out: &mut [f64]) {
    #[cfg(target_arch = "x86_64")]
    if has_wide_vectors() {
        // SAFETY: the features that the function is compiled for have just been found.
        return unsafe { simd_avx2::rows_times(rows, x, out) };
    }
    rows_times_plain(rows, x, out);
}

pub(crate) fn rows_times_plain(rows: &[f64], x: &[f64], out: &mut [f64]) {
    for (row, out) in rows.chunks_exact(x.len()).zip(out) {
        *out = dot(row, x);
    }
}

/// `y[i] += Σ_r factor[r] rows[r,i]`.
#[inline(always)]
#[allow(unsafe_code)]
pub(crate) fn rows_into(y: &mut [f64], factor: &[f64], rows: &[f64]) {
    #[cfg(target_arch = "x86_64")]
    if has_wide_vectors() {
        // SAFETY: the features that the function is compiled for have just been found.
        return unsafe { simd_avx2::rows_into(y, factor, rows) };
    }
    rows_into_plain(y, factor, rows);
}

pub(crate) fn rows_into_plain(y: &mut [f64], factor: &[f64], rows: &[f64]) {
    for (row, factor) in rows.chunks_exact(y.len()).zip(factor) {
        add_scaled(y, *factor, row);
    }
}

/// Dot products of several vectors with one, `out[k] = Σ_i vectors[k][i] x[i]`.
#[allow(unsafe_code)]
pub(crate) fn vectors_times(vectors: &[Vec<f64>], x: &[f64], out: &mut [f64]) {
    let mut done = 0;
    #[cfg(target_arch = "x86_64")]
    if has_wide_vectors() {
        for (vectors, out) in vectors.as_chunks::<4>().0.iter().zip(out.as_chunks_mut::<4>().0) {
            // SAFETY: the features that the function is compiled for have just been found.
            *out = unsafe { simd_avx2::four_times(vectors.each_ref().map(Vec::as_slice), x) };
            done += 4;
        }
    }
    for (vector, out) in vectors.iter().zip(out).skip(done) {
        *out = dot_long(vector, x);
    }
}

/// `y[i] += Σ_k factor[k] vectors[k][i]`.
#[allow(unsafe_code)]
pub(crate) fn vectors_into(y: &mut [f64], factor: &[f64], vectors: &[Vec<f64>]) {
    let mut done = 0;
    #[cfg(target_arch = "x86_64")]
    if has_wide_vectors() {
        for (vectors, factor) in vectors.as_chunks::<4>().0.iter().zip(factor.as_chunks::<4>().0) {
            // SAFETY: the features that the function is compiled for have just been found.
            unsafe { simd_avx2::four_into(y, factor, vectors.each_ref().map(Vec::as_slice)) };
            done += 4;
        }
    }
    for (vector, factor) in vectors.iter().zip(factor).skip(done) {
        add_scaled_long(y, *factor, vector);
    }
}

/// `x[i] = a[i] b[i]`.
#[inline(always)]
pub(crate) fn multiply(x: &mut [f64], a: &[f64], b: &[f64]) {
    for ((x, a), b) in x.iter_mut().zip(a).zip(b) {
        *x = a * b;
    }
}

/// `x[i] *= a[i]`.
#[inline(always)]
pub(crate) fn scale_by(x: &mut [f64], a: &[f64]) {
    for (x, a) in x.iter_mut().zip(a) {
        *x *= a;
    }
}

/// `cost[i] += Σ_k γ[i,k→s] value[i,k]` for one using sector `s`; `input` holds its S·N shares.
#[inline(always)]
pub(crate) fn inputs_into_costs(cost: &mut [f64], input: &[f64], value: &[f64]) {
    let n = cost.len();
    let mut shares = input.chunks_exact(4 * n);
    let mut values = value.chunks_exact(4 * n);
    for (share, value) in shares.by_ref().zip(values.by_ref()) {
        let ((a, b), (c, d)) = quarters(share, n);
        let ((p, q), (r, s)) = quarters(value, n);
        products_into(cost, [a, b, c, d], [p, q, r, s]);
    }
    for (share, value) in shares.remainder().chunks_exact(n).zip(values.remainder().chunks_exact(n)) {
        for i in 0..n {
            cost[i] += share[i] * value[i];
        }
    }
}

/// `y[i] += Σ_k rows[k][i] values[k][i]`, all of one length.
#[inline(always)]
#[allow(unsafe_code)]
fn products_into(y: &mut [f64], rows: [&[f64]; 4], values: [&[f64]; 4]) {
    #[cfg(target_arch = "x86_64")]
    if has_wide_vectors() {
        // SAFETY: the features that the function is compiled for have just been found.
        return unsafe { simd_avx2::four_products_into(y, rows, values) };
    }
    let ([a, b, c, d], [p, q, r, s]) = (rows, values);
    for i in 0..y.len() {
        y[i] += (a[i] * p[i] + b[i] * q[i]) + (c[i] * r[i] + d[i] * s[i]);
    }
}

/// Adds four rows, each times its factor, to y; all of one length.
#[inline(always)]
#[allow(unsafe_code)]
pub(crate) fn four_rows_into(y: &mut [f64], factor: &[f64; 4], rows: [&[f64]; 4]) {
    #[cfg(target_arch = "x86_64")]
    if has_wide_vectors() {
        // SAFETY: the features that the function is compiled for have just been found.
        return unsafe { simd_avx2::four_into(y, factor, rows) };
    }
    let [a, b, c, d] = rows;
    for i in 0..y.len() {
        y[i] += (factor[0] * a[i] + factor[1] * b[i]) + (factor[2] * c[i] + factor[3] * d[i]);
    }
}

/// Four rows of n, to be walked together.
#[inline(always)]
pub(crate) fn quarters<T>(rows: &[T], n: usize) -> ((&[T], &[T]), (&[T], &[T])) {
    let (first, second) = rows.split_at(2 * n);
    let ((a, b), (c, d)) = (first.split_at(n), second.split_at(n));
    ((a, b), (c, &d[..n]))
}

/// `usage[i,k] += Σ_s γ[i,k→s] output[i,s]`; `input` holds S·S·N shares, four using sectors at a time.
#[inline(always)]
pub(crate) fn outputs_into_use(usage: &mut [f64], input: &[f64], output: &[f64], n: usize) {
    let width = usage.len();
    let mut shares = input.chunks_exact(4 * width);
    let mut outputs = output.chunks_exact(4 * n);
    for (share, output) in shares.by_ref().zip(outputs.by_ref()) {
        let ((a, b), (c, d)) = quarters(share, width);
        let ((p, q), (r, s)) = quarters(output, n);
        for (k, usage) in usage.chunks_exact_mut(n).enumerate() {
            let own = k * n..(k + 1) * n;
            let (a, b, c, d) = (&a[own.clone()], &b[own.clone()], &c[own.clone()], &d[own]);
            products_into(usage, [a, b, c, d], [p, q, r, s]);
        }
    }
    for (share, output) in shares.remainder().chunks_exact(width).zip(outputs.remainder().chunks_exact(n)) {
        for (share, usage) in share.chunks_exact(n).zip(usage.chunks_exact_mut(n)) {
            for i in 0..n {
                usage[i] += share[i] * output[i];
            }
        }
    }
}

/// Dot product.
#[inline(always)]
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let ((a, last_a), (b, last_b)) = (a.as_chunks::<8>(), b[..a.len()].as_chunks::<8>());
    let mut lanes = [0.0; 8];
    for (a, b) in a.iter().zip(b) {
        for l in 0..8 {
            lanes[l] += a[l] * b[l];
        }
    }
    let mut total =
        ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
    for (a, b) in last_a.iter().zip(last_b) {
        total += a * b;
    }
    total
}

dispatch! {
    /// [`dot`] for long vectors.
    free pub(crate) fn dot_long / dot_long_wide / dot(a: &[f64], b: &[f64]) -> f64
}

/// `y += factor · x`.
#[inline(always)]
pub(crate) fn add_scaled(y: &mut [f64], factor: f64, x: &[f64]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += factor * x;
    }
}

dispatch! {
    /// [`add_scaled`] for long vectors.
    free fn add_scaled_long / add_scaled_long_wide / add_scaled(y: &mut [f64], factor: f64, x: &[f64])
}

#[cfg(test)]
mod tests {
    use crate::linear::kernel;

    /// Every length has its own last chunk, on both sides.
    #[test]
    fn rows_by_hand_are_rows_by_the_compiler() {
        if !kernel::has_wide_vectors() {
            return;
        }
        for n in 1..40 {
            for count in 1..12 {
                let number = |k: usize| ((k * 7919 + n) % 1013) as f64 / 1013.0 - 0.4;
                let rows: Vec<f64> = (0..n * count).map(number).collect();
                let x: Vec<f64> = (0..n).map(|k| number(k + 3)).collect();
                let factor: Vec<f64> = (0..count).map(|k| number(k + 11)).collect();
                let (mut plain, mut wide) = (vec![0.0; count], vec![0.0; count]);
                kernel::rows_times_plain(&rows, &x, &mut plain);
                kernel::rows_times(&rows, &x, &mut wide);
                let (mut y, mut z) = (x.clone(), x.clone());
                kernel::rows_into_plain(&mut y, &factor, &rows);
                kernel::rows_into(&mut z, &factor, &rows);
                let rows4: Vec<f64> = (0..4 * n).map(number).collect();
                let values4: Vec<f64> = (0..4 * n).map(|k| number(k + 5)).collect();
                kernel::inputs_into_costs(&mut z, &rows4, &values4);
                for k in 0..4 * n {
                    y[k % n] += rows4[k] * values4[k];
                }
                for (a, b) in plain.iter().chain(&y).zip(wide.iter().chain(&z)) {
                    assert!((a - b).abs() < 1e-13, "{n} {count}: {a} {b}");
                }
            }
        }
    }
}
