//! One plain sweep: the price map and the expenditure map once, in straightforward loops over the benchmark's cells. It is
//! the unit in which the cost of a solve is told, so it shares no code with the solver.

use detente_engine::benchmark::Benchmark;

/// Arrays of a sweep at hats of one.
pub struct PlainSweep {
    n: usize,
    sectors: usize,
    theta: Vec<f64>,
    share: Vec<f64>,
    border: Vec<f64>,
    input: Option<Vec<f64>>,
    value_added: Vec<f64>,
    log_price: Vec<f64>,
    spending: Vec<f64>,
    output: Vec<f64>,
    income: Vec<f64>,
    final_share: Vec<f64>,
}

impl PlainSweep {
    pub fn new(benchmark: &Benchmark) -> Self {
        let d = benchmark.dimensions();
        let n = d.economies;
        let mut sweep = Self {
            n,
            sectors: d.sectors,
            theta: benchmark.sectors.iter().map(|s| s.trade_elasticity).collect(),
            share: vec![0.0; d.cells()],
            border: benchmark.tariff_rate.iter().map(|t| 1.0 / (1.0 + t)).collect(),
            input: benchmark.input_share.clone(),
            value_added: benchmark.value_added_share.clone(),
            log_price: vec![0.0; d.pairs()],
            spending: vec![0.0; d.pairs()],
            output: vec![0.0; d.pairs()],
            income: vec![1.0; n],
            final_share: vec![1.0 / d.sectors as f64; d.pairs()],
        };
        for pair in 0..d.pairs() {
            for exporter in 0..n {
                let cell = pair * n + exporter;
                sweep.share[cell] = benchmark.border_value[cell] / sweep.border[cell];
                sweep.spending[pair] += sweep.share[cell];
            }
            for share in &mut sweep.share[pair * n..(pair + 1) * n] {
                *share /= sweep.spending[pair].max(f64::MIN_POSITIVE);
            }
        }
        sweep
    }

    /// Both maps; returns something that depends on all of it.
    pub fn run(&mut self) -> f64 {
        let (n, sectors) = (self.n, self.sectors);
        let mut power = vec![0.0; n * sectors];
        let mut price = vec![0.0; n * sectors];
        let mut sales = vec![0.0; n * sectors];
        let mut usage: Vec<f64> =
            self.final_share.iter().enumerate().map(|(p, a)| a * self.income[p % n]).collect();
        for s in 0..sectors {
            let mut cost = vec![0.0; n];
            if let Some(input) = &self.input {
                for k in 0..sectors {
                    let block = &input[(s * sectors + k) * n..(s * sectors + k + 1) * n];
                    for i in 0..n {
                        cost[i] += block[i] * self.log_price[k * n + i];
                        usage[k * n + i] += block[i] * self.output[s * n + i];
                    }
                }
            }
            for i in 0..n {
                power[s * n + i] = (-self.theta[s] * (cost[i] + 0.0 * self.value_added[s * n + i])).exp();
            }
        }
        let mut revenue = 0.0;
        for s in 0..sectors {
            for importer in 0..n {
                let pair = s * n + importer;
                let (share, border) =
                    (&self.share[pair * n..(pair + 1) * n], &self.border[pair * n..(pair + 1) * n]);
                let (power, sales) = (&power[s * n..(s + 1) * n], &mut sales[s * n..(s + 1) * n]);
                let mut total = 0.0;
                for i in 0..n {
                    total += share[i] * power[i];
                }
                price[pair] = -total.max(f64::MIN_POSITIVE).ln() / self.theta[s];
                let spending = self.spending[pair];
                let mut kept = 0.0;
                for i in 0..n {
                    let value = share[i] * power[i] / total * border[i] * spending;
                    sales[i] += value;
                    kept += value;
                }
                revenue += spending - kept;
            }
        }
        revenue + price.iter().sum::<f64>() + sales.iter().sum::<f64>() + usage.iter().sum::<f64>()
    }
}
