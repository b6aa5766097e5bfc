//! The two passes over rows by hand, for machines with AVX2 and fused multiply-add: left to itself the compiler shuffles
//! rows into columns, at four times the cost.
#![allow(unsafe_code)]

use std::arch::x86_64::{
    __m256d, __m256i, _mm256_add_pd, _mm256_blend_pd, _mm256_fmadd_pd, _mm256_hadd_pd, _mm256_loadu_pd,
    _mm256_loadu_si256, _mm256_maskload_pd, _mm256_maskstore_pd, _mm256_permute2f128_pd, _mm256_set1_pd,
    _mm256_setzero_pd, _mm256_storeu_pd,
};

/// Four lanes of a chunk.
#[inline]
#[target_feature(enable = "avx2,fma")]
fn load(chunk: &[f64; 4]) -> __m256d {
    // SAFETY: the chunk holds the four numbers that are read.
    unsafe { _mm256_loadu_pd(chunk.as_ptr()) }
}

#[inline]
#[target_feature(enable = "avx2,fma")]
fn store(chunk: &mut [f64; 4], value: __m256d) {
    // SAFETY: the chunk holds the four numbers that are written.
    unsafe { _mm256_storeu_pd(chunk.as_mut_ptr(), value) }
}

/// Which lanes a last, incomplete chunk has.
#[inline]
#[target_feature(enable = "avx2,fma")]
fn mask(length: usize) -> __m256i {
    const LANES: [i64; 8] = [-1, -1, -1, -1, 0, 0, 0, 0];
    let from = &LANES[4 - length.min(4)..][..4];
    // SAFETY: the slice holds four numbers.
    unsafe { _mm256_loadu_si256(from.as_ptr().cast()) }
}

/// A last, incomplete chunk, zero beyond its end.
#[inline]
#[target_feature(enable = "avx2,fma")]
fn load_last(chunk: &[f64]) -> __m256d {
    // SAFETY: the mask lets no lane beyond the chunk's end be read.
    unsafe { _mm256_maskload_pd(chunk.as_ptr(), mask(chunk.len())) }
}

/// `out[r] = Σ_i rows[r,i] x[i]`.
#[target_feature(enable = "avx2,fma")]
pub(crate) fn rows_times(rows: &[f64], x: &[f64], out: &mut [f64]) {
    let n = x.len();
    let (fours, rest) = out.as_chunks_mut::<4>();
    let (together, single) = rows.split_at(fours.len() * 4 * n);
    for (rows, out) in together.chunks_exact(4 * n).zip(fours) {
        let (ab, cd) = rows.split_at(2 * n);
        let ((a, b), (c, d)) = (ab.split_at(n), cd.split_at(n));
        *out = four_times([a, b, c, d], x);
    }
    for (row, out) in single.chunks_exact(n).zip(rest) {
        let ((row, row_last), (chunks, last)) = (row.as_chunks::<4>(), x.as_chunks::<4>());
        let mut sum = _mm256_setzero_pd();
        for (x, row) in chunks.iter().zip(row) {
            sum = _mm256_fmadd_pd(load(row), load(x), sum);
        }
        sum = _mm256_fmadd_pd(load_last(row_last), load_last(last), sum);
        let mut all = [0.0; 4];
        store(&mut all, sum);
        *out = (all[0] + all[2]) + (all[1] + all[3]);
    }
}

/// Four rows' dot products with x, all of one length.
#[inline]
#[target_feature(enable = "avx2,fma")]
pub(crate) fn four_times(rows: [&[f64]; 4], x: &[f64]) -> [f64; 4] {
    let (x, last) = x.as_chunks::<4>();
    let [(a, a_last), (b, b_last), (c, c_last), (d, d_last)] = rows.map(|row| row.as_chunks::<4>());
    let mut sums = [_mm256_setzero_pd(); 4];
    for ((((x, a), b), c), d) in x.iter().zip(a).zip(b).zip(c).zip(d) {
        let x = load(x);
        sums[0] = _mm256_fmadd_pd(load(a), x, sums[0]);
        sums[1] = _mm256_fmadd_pd(load(b), x, sums[1]);
        sums[2] = _mm256_fmadd_pd(load(c), x, sums[2]);
        sums[3] = _mm256_fmadd_pd(load(d), x, sums[3]);
    }
    if !last.is_empty() {
        let x = load_last(last);
        sums[0] = _mm256_fmadd_pd(load_last(a_last), x, sums[0]);
        sums[1] = _mm256_fmadd_pd(load_last(b_last), x, sums[1]);
        sums[2] = _mm256_fmadd_pd(load_last(c_last), x, sums[2]);
        sums[3] = _mm256_fmadd_pd(load_last(d_last), x, sums[3]);
    }
    let mut out = [0.0; 4];
    store(&mut out, across(sums));
    out
}

/// The sums of four vectors' lanes.
#[inline]
#[target_feature(enable = "avx2,fma")]
fn across(sums: [__m256d; 4]) -> __m256d {
    let (first, second) = (_mm256_hadd_pd(sums[0], sums[1]), _mm256_hadd_pd(sums[2], sums[3]));
    let crossed = _mm256_permute2f128_pd::<0x21>(first, second);
    _mm256_add_pd(crossed, _mm256_blend_pd::<0b1100>(first, second))
}

/// `y[i] += Σ_r factor[r] rows[r,i]`.
#[target_feature(enable = "avx2,fma")]
pub(crate) fn rows_into(y: &mut [f64], factor: &[f64], rows: &[f64]) {
    let n = y.len();
    let (fours, rest) = factor.as_chunks::<4>();
    let (together, single) = rows.split_at(fours.len() * 4 * n);
    for (rows, factor) in together.chunks_exact(4 * n).zip(fours) {
        let (ab, cd) = rows.split_at(2 * n);
        let ((a, b), (c, d)) = (ab.split_at(n), cd.split_at(n));
        four_into(y, factor, [a, b, c, d]);
    }
    for (row, factor) in single.chunks_exact(n).zip(rest) {
        for (y, x) in y.iter_mut().zip(row) {
            *y += *factor * x;
        }
    }
}

/// Adds four rows, each times its factor, to y; all of one length.
#[inline]
#[target_feature(enable = "avx2,fma")]
pub(crate) fn four_into(y: &mut [f64], factor: &[f64; 4], rows: [&[f64]; 4]) {
    let factor = factor.map(|value| _mm256_set1_pd(value));
    let (chunks, last) = y.as_chunks_mut::<4>();
    let [(a, a_last), (b, b_last), (c, c_last), (d, d_last)] = rows.map(|row| row.as_chunks::<4>());
    for ((((y, a), b), c), d) in chunks.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        let first = _mm256_fmadd_pd(load(b), factor[1], _mm256_fmadd_pd(load(a), factor[0], load(y)));
        store(y, _mm256_fmadd_pd(load(d), factor[3], _mm256_fmadd_pd(load(c), factor[2], first)));
    }
    if !last.is_empty() {
        let mut sum = _mm256_fmadd_pd(load_last(a_last), factor[0], load_last(last));
        sum = _mm256_fmadd_pd(load_last(b_last), factor[1], sum);
        sum = _mm256_fmadd_pd(load_last(c_last), factor[2], sum);
        sum = _mm256_fmadd_pd(load_last(d_last), factor[3], sum);
        // SAFETY: the mask lets no lane beyond the chunk's end be written.
        unsafe { _mm256_maskstore_pd(last.as_mut_ptr(), mask(last.len()), sum) };
    }
}

/// `y[i] += Σ_k rows[k][i] values[k][i]`, all of one length.
#[inline]
#[target_feature(enable = "avx2,fma")]
pub(crate) fn four_products_into(y: &mut [f64], rows: [&[f64]; 4], values: [&[f64]; 4]) {
    let (chunks, last) = y.as_chunks_mut::<4>();
    let [(a, a_last), (b, b_last), (c, c_last), (d, d_last)] = rows.map(|row| row.as_chunks::<4>());
    let [(p, p_last), (q, q_last), (r, r_last), (s, s_last)] = values.map(|row| row.as_chunks::<4>());
    for ((((y, (a, p)), (b, q)), (c, r)), (d, s)) in
        chunks.iter_mut().zip(a.iter().zip(p)).zip(b.iter().zip(q)).zip(c.iter().zip(r)).zip(d.iter().zip(s))
    {
        let first = _mm256_fmadd_pd(load(b), load(q), _mm256_fmadd_pd(load(a), load(p), load(y)));
        store(y, _mm256_fmadd_pd(load(d), load(s), _mm256_fmadd_pd(load(c), load(r), first)));
    }
    if !last.is_empty() {
        let mut sum = load_last(last);
        for (row, value) in [(a_last, p_last), (b_last, q_last), (c_last, r_last), (d_last, s_last)] {
            sum = _mm256_fmadd_pd(load_last(row), load_last(value), sum);
        }
        // SAFETY: the mask lets no lane beyond the chunk's end be written.
        unsafe { _mm256_maskstore_pd(last.as_mut_ptr(), mask(last.len()), sum) };
    }
}
