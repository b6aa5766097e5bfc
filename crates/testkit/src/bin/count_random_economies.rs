//! The full count of random economies: how many are solved, by which branches of the search, and whether any is wrong.
//!
//! `count-random-economies [HOW MANY]`: so many for each half (perfect competition with mobile labour; all other closures), 9,999 by
//! default, twelve minutes on two processors. Ends with 1 where a solution is wrong, where one is left under perfect competition, or more
//! than two percent under the others. `DETENTE_RANDOM_SEEDS=FAMILY:SEED,…` draws these alone.

use std::process::ExitCode;

use detente_engine::equilibrium::route::Branch;
use detente_testkit::count::{Counts, run};
use detente_testkit::draw::Family;

fn main() -> ExitCode {
    let each = match std::env::args().nth(1).map(|text| text.parse()) {
        None => 9_999,
        Some(Ok(count)) => count,
        Some(Err(_)) => {
            eprintln!("count-random-economies [HOW MANY]: a whole number, 9999 by default");
            return ExitCode::from(2);
        }
    };
    let mut sound = true;
    for (name, families, allowed) in
        [("perfect competition", &Family::PLAIN[..], 0.0), ("other closures", &Family::OTHERS[..], 0.02)]
    {
        let mut all = Counts::default();
        run(families, each / families.len() as u64).into_iter().for_each(|(_, counts)| all.merge(counts));
        let (left, asked) = (all.left(), all.left() + all.solved);
        println!("{name}: {left} of {asked} left, {} wrong; found with the help of", all.wrong.len());
        for branch in Branch::ALL {
            println!("    {:24} {}", branch.code(), all.branches.get(&branch).copied().unwrap_or(0));
        }
        sound &= all.wrong.is_empty() && left as f64 <= allowed * asked as f64;
    }
    if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
