//! Random economies: consistent by construction, as ragged as the argument `Shape` says.

use detente_engine::benchmark::{Benchmark, Economy, Sector, SectorKind};

/// A benchmark with its codes and nothing else: what a reader or a generator fills.
pub fn blank(name: String, economies: Vec<Economy>, sectors: Vec<Sector>) -> Benchmark {
    Benchmark {
        name,
        unit: String::new(),
        source: String::new(),
        licence: String::new(),
        year: None,
        border_value: Vec::new(),
        tariff_rate: Vec::new(),
        tariffs_given: true,
        value_added_share: Vec::new(),
        value_added: None,
        input_share: None,
        final_share: None,
        final_demand: None,
        trade_deficit: None,
        political_weight: None,
        capital_share: None,
        local_cost_share: None,
        economies,
        sectors,
    }
}

/// SplitMix64: small, seeded, good enough to draw economies.
pub struct Random(pub u64);

impl Random {
    #[allow(clippy::should_implement_trait, reason = "a generator has no end, and an iterator may")]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// Uniform on (0, 1).
    pub fn unit(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }
    /// Log-uniform.
    pub fn log_between(&mut self, low: f64, high: f64) -> f64 {
        self.between(low.ln(), high.ln()).exp()
    }
    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }
}

/// What kind of world to draw.
#[derive(Clone, Debug)]
pub struct Shape {
    pub economies: usize,
    pub sectors: usize,
    pub elasticity: (f64, f64),
    /// Probability that a foreign flow is zero.
    pub zero_flows: f64,
    pub intermediates: bool,
    /// Highest benchmark tariff.
    pub tariff: f64,
    /// Whether trade is unbalanced.
    pub deficits: bool,
}

impl Shape {
    /// Small, with inputs, tariffs, deficits and some flows that are zero: what derivatives are checked on.
    #[allow(dead_code, reason = "not every test that draws worlds checks derivatives")]
    pub fn small() -> Self {
        Self {
            economies: 4,
            sectors: 3,
            elasticity: (1.5, 8.0),
            zero_flows: 0.1,
            intermediates: true,
            tariff: 0.3,
            deficits: true,
        }
    }
}

/// A world in which market clearing holds exactly: final use is the residual.
///
/// Sales are drawn first; each using sector then spends on inputs a share that leaves every market a positive residual.
pub fn world(random: &mut Random, shape: &Shape) -> Benchmark {
    let (n, s) = (shape.economies, shape.sectors);
    let economies: Vec<Economy> = (0..n)
        .map(|i| Economy { code: format!("E{i}"), name: format!("Economy {i}"), members: Vec::new() })
        .collect();
    let kinds =
        [SectorKind::Manufacturing, SectorKind::Agriculture, SectorKind::Services, SectorKind::Mining];
    let sectors: Vec<Sector> = (0..s)
        .map(|k| Sector {
            code: format!("S{k}"),
            name: format!("Sector {k}"),
            kind: kinds[k % 4],
            trade_elasticity: random.log_between(shape.elasticity.0, shape.elasticity.1),
            elasticity_of_substitution: None,
            scale_elasticity: None,
            tariff_elasticity: None,
        })
        .collect();
    let mut b = blank("random".into(), economies, sectors);
    let d = b.dimensions();
    b.border_value = vec![0.0; d.cells()];
    b.tariff_rate = vec![0.0; d.cells()];
    let size: Vec<f64> = (0..n).map(|_| random.log_between(1.0, 300.0)).collect();
    for sector in 0..s {
        let weight = random.log_between(0.1, 10.0);
        for importer in 0..n {
            for exporter in 0..n {
                let cell = d.cell(importer, exporter, sector);
                if importer == exporter {
                    b.border_value[cell] = weight * size[importer] * random.log_between(0.3, 3.0);
                } else if !random.chance(shape.zero_flows) {
                    let gravity = size[importer] * size[exporter] / size.iter().sum::<f64>();
                    b.border_value[cell] = weight * gravity * random.log_between(0.05, 2.0);
                    if shape.tariff > 0.0 && random.chance(0.7) {
                        b.tariff_rate[cell] = shape.tariff * random.unit();
                    }
                }
            }
        }
    }
    if !shape.deficits {
        balance(&mut b);
    }
    b.value_added_share = vec![1.0; d.pairs()];
    if shape.intermediates {
        let mut spending = vec![0.0; d.pairs()];
        let mut output = vec![0.0; d.pairs()];
        for cell in 0..d.cells() {
            let (importer, exporter, sector) = d.cell_of(cell);
            spending[d.pair(importer, sector)] += b.border_value[cell] * (1.0 + b.tariff_rate[cell]);
            output[d.pair(exporter, sector)] += b.border_value[cell];
        }
        let mut input = vec![0.0; d.inputs()];
        for i in 0..n {
            for using in 0..s {
                let pair = d.pair(i, using);
                let purchases = random.between(0.1, 0.75);
                let weights: Vec<f64> =
                    (0..s).map(|_| if random.chance(0.3) { 0.0 } else { random.unit() }).collect();
                let total: f64 = weights.iter().sum::<f64>().max(1e-9);
                for k in 0..s {
                    input[d.input(i, using, k)] = purchases * weights[k] / total;
                }
                let _ = pair;
            }
            // Scale down the rows of inputs of which more would be used than is spent.
            for k in 0..s {
                let used: f64 = (0..s).map(|u| input[d.input(i, u, k)] * output[d.pair(i, u)]).sum();
                let limit = 0.8 * spending[d.pair(i, k)];
                if used > limit {
                    for u in 0..s {
                        input[d.input(i, u, k)] *= limit / used;
                    }
                }
            }
            for u in 0..s {
                b.value_added_share[d.pair(i, u)] =
                    1.0 - (0..s).map(|k| input[d.input(i, u, k)]).sum::<f64>();
            }
        }
        b.input_share = Some(input);
    }
    b
}

/// Makes exports equal imports by symmetrising foreign flows at border values.
fn balance(b: &mut Benchmark) {
    let d = b.dimensions();
    let n = d.economies;
    for importer in 0..n {
        for exporter in 0..importer {
            let there: f64 = (0..d.sectors).map(|s| b.border_value[d.cell(importer, exporter, s)]).sum();
            let back: f64 = (0..d.sectors).map(|s| b.border_value[d.cell(exporter, importer, s)]).sum();
            for s in 0..d.sectors {
                if there > 0.0 && back > 0.0 {
                    b.border_value[d.cell(exporter, importer, s)] *= there / back;
                } else {
                    b.border_value[d.cell(exporter, importer, s)] = 0.0;
                    b.border_value[d.cell(importer, exporter, s)] = 0.0;
                }
            }
        }
    }
}
