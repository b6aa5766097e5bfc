//! Consequences of several causes at once: rows of eight single-precision numbers, one for each cause, and the products of
//! tables with such rows. They only precondition, so single precision does: twice the lanes, half the memory.

/// Causes that are followed together: one vector. What every economy does in every sector would take more room than the data.
pub(crate) const AT_ONCE: usize = 8;

/// An entry for each of the causes; zero where fewer are left.
pub(crate) type Row = [f32; AT_ONCE];

/// Rows whose sums stay in registers while a table is walked.
const TOGETHER: usize = 4;

/// `to += factor · row`.
#[inline(always)]
pub(crate) fn add(to: &mut Row, factor: f32, row: &Row) {
    for (to, x) in to.iter_mut().zip(row) {
        *to += factor * x;
    }
}

/// `target[i] += Σ_k factor(k, i) source[k, i]`, economy by economy.
#[inline(always)]
pub(crate) fn own_products_into(target: &mut [Row], source: &[Row], factor: impl Fn(usize, usize) -> f32) {
    let n = target.len();
    let (chunks, rest) = target.as_chunks_mut::<TOGETHER>();
    let done = chunks.len() * TOGETHER;
    for (chunk, target) in chunks.iter_mut().enumerate() {
        let first = chunk * TOGETHER;
        let mut sums = *target;
        for (k, source) in source.chunks_exact(n).enumerate() {
            for (i, (sum, source)) in sums.iter_mut().zip(&source[first..first + TOGETHER]).enumerate() {
                add(sum, factor(k, first + i), source);
            }
        }
        *target = sums;
    }
    for (i, target) in rest.iter_mut().enumerate() {
        for (k, source) in source.chunks_exact(n).enumerate() {
            add(target, factor(k, done + i), &source[done + i]);
        }
    }
}

/// `out[r] = Σ_x table[r, x] source[x]`.
#[inline(always)]
pub(crate) fn rows_times(out: &mut [Row], table: &[f32], source: &[Row]) {
    let n = source.len();
    let (fours, rest) = out.as_chunks_mut::<TOGETHER>();
    let (together, single) = table.split_at((fours.len() * TOGETHER * n).min(table.len()));
    for (out, table) in fours.iter_mut().zip(together.chunks_exact(TOGETHER * n)) {
        let (ab, cd) = table.split_at(2 * n);
        let ((a, b), (c, d)) = (ab.split_at(n), cd.split_at(n));
        let mut sums = [Row::default(); TOGETHER];
        for ((((source, a), b), c), d) in source.iter().zip(a).zip(b).zip(c).zip(d) {
            for (sum, factor) in sums.iter_mut().zip([a, b, c, d]) {
                add(sum, *factor, source);
            }
        }
        *out = sums;
    }
    for (out, table) in rest.iter_mut().zip(single.chunks_exact(n)) {
        *out = Row::default();
        for (factor, source) in table.iter().zip(source) {
            add(out, *factor, source);
        }
    }
}

/// `target[x] += Σ_r table[r, x] source[r]`.
#[inline(always)]
pub(crate) fn columns_into(target: &mut [Row], table: &[f32], source: &[Row]) {
    let n = target.len();
    let (chunks, rest) = target.as_chunks_mut::<TOGETHER>();
    let done = chunks.len() * TOGETHER;
    for (chunk, target) in chunks.iter_mut().enumerate() {
        let first = chunk * TOGETHER;
        let mut sums = *target;
        for (table, source) in table.chunks_exact(n).zip(source) {
            for (sum, factor) in sums.iter_mut().zip(&table[first..first + TOGETHER]) {
                add(sum, *factor, source);
            }
        }
        *target = sums;
    }
    for (x, target) in rest.iter_mut().enumerate() {
        for (table, source) in table.chunks_exact(n).zip(source) {
            add(target, table[done + x], source);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(k: usize) -> f32 {
        ((k * 7919) % 1013) as f32 / 1013.0 - 0.4
    }

    fn rows(count: usize, seed: usize) -> Vec<Row> {
        (0..count).map(|r| std::array::from_fn(|l| number(seed + r * AT_ONCE + l))).collect()
    }

    /// Every length has its own last chunk.
    #[test]
    fn products_by_chunks_are_products_one_by_one() {
        for n in 1..14 {
            for count in 1..10 {
                let table: Vec<f32> = (0..n * count).map(|k| number(k + 5)).collect();
                let near = |found: &[Row], wanted: &dyn Fn(usize, usize) -> f32| {
                    for (r, row) in found.iter().enumerate() {
                        for (l, value) in row.iter().enumerate() {
                            let wanted = wanted(r, l);
                            assert!((value - wanted).abs() < 1e-5, "{n} {count} {r} {l}: {value} {wanted}");
                        }
                    }
                };
                let (wide, tall, all) = (rows(n, 1), rows(count, 2), rows(n * count, 3));

                let mut found = vec![Row::default(); count];
                rows_times(&mut found, &table, &wide);
                near(&found, &|r, l| (0..n).map(|x| table[r * n + x] * wide[x][l]).sum());

                let mut found = wide.clone();
                columns_into(&mut found, &table, &tall);
                near(&found, &|x, l| {
                    wide[x][l] + (0..count).map(|r| table[r * n + x] * tall[r][l]).sum::<f32>()
                });

                let mut found = wide.clone();
                own_products_into(&mut found, &all, |k, i| table[k * n + i]);
                near(&found, &|i, l| {
                    wide[i][l] + (0..count).map(|k| table[k * n + i] * all[k * n + i][l]).sum::<f32>()
                });
            }
        }
    }
}
