//! What an economy's own factors earn on a unit of exports, its suppliers at home included.

use crate::linear::dense::Lu;
use crate::model::benchmark::Benchmark;

/// v\[i,s\], N·S: value added at home per unit of output, `v = γ (I − A)⁻¹` with `A[k,s] = γ[i,k→s] · π[i,i,k]`, π the share of
/// spending on k that is made at home, duties inside. Between zero and one where the benchmark's shares are.
pub(super) fn content(benchmark: &Benchmark) -> Vec<f64> {
    let size = benchmark.dimensions();
    let (n, s) = (size.economies, size.sectors);
    let mut content = benchmark.value_added_share.clone();
    let Some(input_share) = &benchmark.input_share else { return content };
    for economy in 0..n {
        let home: Vec<f64> = (0..s)
            .map(|sector| {
                let spent = |exporter| {
                    let at = size.cell(economy, exporter, sector);
                    (1.0 + benchmark.tariff_rate[at]) * benchmark.border_value[at]
                };
                let all: f64 = (0..n).map(spent).sum();
                if all > 0.0 { spent(economy) / all } else { 0.0 }
            })
            .collect();
        // Row s, column k: (I − Aᵀ) v = γ.
        let mut matrix = vec![0.0; s * s];
        for using in 0..s {
            for input in 0..s {
                let share = input_share[size.input(economy, using, input)] * home[input];
                matrix[using * s + input] = f64::from(u8::from(using == input)) - share;
            }
        }
        let mut v: Vec<f64> = (0..s).map(|sector| content[size.pair(economy, sector)]).collect();
        Lu::factorise(s, matrix).solve(&mut v);
        for (sector, v) in v.into_iter().enumerate() {
            content[size.pair(economy, sector)] = v;
        }
    }
    content
}
