mod shared;
use detente_engine::calibration::{Calibration, SolveSettings};
use shared::draw::*;
use shared::random::Random;
#[test]
fn show() {
    let arg = std::env::var("SEED").unwrap();
    let (f, seed) = arg.split_once(':').unwrap();
    let family =
        Family::PLAIN.iter().chain(&Family::OTHERS).find(|x| format!("{x:?}") == f).copied().unwrap();
    let seed: u64 = seed.parse().unwrap();
    let mut random = Random(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ family as u64);
    let Case { benchmark, closure, mut instruments, limited } = draw(&mut random, family);
    let d = benchmark.dimensions();
    let c = Calibration::new(&benchmark, &closure).unwrap();
    println!("{closure:?} limited {limited}");
    println!("bloc {:?}", c.bloc);
    println!("deficit {:?}\nincome {:?}\nfactor {:?}", c.trade_deficit, c.income, c.factor_income);
    println!(
        "taxes {} costs {} prod {} endow {}",
        instruments.export_tax_rate.len(),
        instruments.trade_cost_hat.len(),
        instruments.productivity_hat.len(),
        instruments.endowment_hat.len()
    );
    for s in 0..d.sectors.min(2) {
        println!("sector {s} theta {}", benchmark.sectors[s].trade_elasticity);
        for n in 0..d.economies.min(8) {
            println!(
                "  {:?}",
                (0..d.economies.min(8))
                    .map(|i| format!(
                        "{:.3}|{:.2}|{:.2}",
                        benchmark.border_value[d.cell(n, i, s)],
                        benchmark.tariff_rate[d.cell(n, i, s)],
                        instruments.tariff_rate[d.cell(n, i, s)]
                    ))
                    .collect::<Vec<_>>()
            );
        }
    }
    let e = c.solve(&instruments, &SolveSettings::default(), None).unwrap();
    println!("free {:?} {:?}", e.status, e.certificate);
    println!("wage {:?}\nincome {:?}", e.wage_hat, e.income);
    println!("gap {:.3e}", shared::violation::violation(&benchmark, &closure, &instruments, &e));
    if limited && e.status.is_converged() {
        if random.chance(0.5) {
            let share: Vec<f64> =
                e.final_use.iter().enumerate().map(|(p, u)| u / e.income[p % d.economies]).collect();
            instruments.final_demand_shifts.push(draw_shift(&mut random, &share, d));
            println!("shift {:?}", instruments.final_demand_shifts);
        }
        instruments.limits = draw_limits(&mut random, &e, d);
        for l in &instruments.limits {
            println!(
                "{l:?} cells {:?} flow {:?}",
                l.cells.iter().map(|c| d.cell_of(*c)).collect::<Vec<_>>(),
                l.cells.iter().map(|c| e.border_value[*c]).collect::<Vec<_>>()
            );
        }
        let f = if family == Family::Levels {
            let mut cl = closure.clone();
            cl.deficits = detente_engine::closure::Deficits::Path;
            instruments.trade_deficit = e.trade_deficit.iter().map(|x| Some(*x)).collect();
            Calibration::new(&benchmark, &cl)
                .unwrap()
                .solve(&instruments, &SolveSettings::default(), None)
                .unwrap()
        } else {
            c.solve(&instruments, &SolveSettings::default(), None).unwrap()
        };
        println!("limited {:?} {:?}", f.status, f.certificate);
        println!("wedges {:?}", f.log_wedge);
        for l in &instruments.limits {
            let (n, _, s) = d.cell_of(l.cells[0]);
            println!(
                "theta {} row free {:?} now {:?} X {} X {}",
                benchmark.sectors[s].trade_elasticity,
                (0..d.economies).map(|i| e.border_value[d.cell(n, i, s)]).collect::<Vec<_>>(),
                (0..d.economies).map(|i| f.border_value[d.cell(n, i, s)]).collect::<Vec<_>>(),
                e.expenditure[d.pair(n, s)],
                f.expenditure[d.pair(n, s)]
            );
        }
        println!("wage {:?}\nincome {:?}", f.wage_hat, f.income);
        for l in &instruments.limits {
            println!("flow {:?}", l.cells.iter().map(|c| f.border_value[*c]).collect::<Vec<_>>());
        }
        println!("gap {:.3e}", shared::violation::violation(&benchmark, &closure, &instruments, &f));
    }
}
