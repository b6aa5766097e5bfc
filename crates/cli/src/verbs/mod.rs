//! The verbs of the command, one file each. To add a verb: a file here with `Arguments` (clap) and `run`, a variant below, an arm in [`run`].

pub mod backtest;
mod balance;
mod benchmark_export;
pub mod break_it;
pub mod brief;
pub mod compare;
pub mod data;
mod data_elasticities;
pub mod duty;
pub mod elasticities;
pub mod export;
mod har;
pub mod ledger;
pub mod levers;
pub mod list;
pub mod merge;
pub mod rebalance;
mod sectors;
pub mod serve;
pub mod solve;
mod split;
pub mod status;
pub mod strategy;
pub mod sweep;
pub mod table;
mod table_file;
pub mod talks;

use crate::failure::Failure;
use clap::Subcommand;

/// The verbs of the command.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// The tariffs of past episodes through each horizon, against what happened.
    Backtest(backtest::Arguments),
    /// What theory says must hold, checked: symmetries, optima, efficiency, autarky, identities.
    BreakIt(break_it::Arguments),
    /// The main job: where the talks stand, what is in force, what the deadline would bring, what each outcome does.
    Brief(brief::Arguments),
    /// Where talks stand on a day: what is in force both ways, averages, the next deadline and what it would bring by law.
    Status(status::Arguments),
    /// The talks' record: rounds, frameworks, commitments, deadlines, positions; how often earlier series met.
    Talks(talks::Arguments),
    /// What a side carries into the room: ask, offer, linkage, legal vehicle, date, who can undo it, time to reinstate.
    Table(table::Arguments),
    /// The record of measures itself: what lapses, histories, checks, averages beside published ones.
    Ledger(ledger::Arguments),
    /// What there is to ask about: economies, sectors, scenarios, talks, measures; product codes by what the goods are called.
    List(list::Arguments),
    /// Sets of trade elasticities: horizon, window, observations, standard error, and which are defaults.
    Elasticities(elasticities::Arguments),
    /// The duty on a tariff line on a day, part by part, with the reason and the act for each.
    Duty(duty::Arguments),
    /// One counterfactual: a scenario on a benchmark.
    Solve(solve::Arguments),
    /// The desk: a local page with levers, that answers while one moves it.
    Serve(serve::Arguments),
    /// What each lever does to each dial: tariffs, access, subsidies, saving, final demand; one table that ends arguments.
    Levers(levers::Arguments),
    /// Which measures reach targets at the least cost, what the targets cost, and which cannot be met together.
    Rebalance(Box<rebalance::Arguments>),
    /// Several counterfactuals, side by side.
    Compare(compare::Arguments),
    /// Results that were written, as a workbook, Stata, Parquet, header arrays, GAMS or pictures; nothing is solved again.
    Export(export::Arguments),
    /// One scenario asked many times, with values varied and elasticities drawn; an interrupted sweep is taken up again.
    Sweep(Box<sweep::Arguments>),
    /// The parts of a sweep (`sweep --shard`) put together: the folder that one process writes.
    Merge(merge::Arguments),
    /// What one side would do alone: its best response to the tariffs of today.
    Optimal(Box<strategy::Optimal>),
    /// What a trade war settles at: rates from which nobody gains by moving alone.
    Nash(Box<strategy::Nash>),
    /// Efficient rates: the largest equal gain of those at the table.
    Cooperate(Box<strategy::Cooperate>),
    /// Where a deal between two sides can lie: the zone and its points.
    Bargain(Box<strategy::Bargain>),
    /// The Pareto frontier between two sides, with everybody else beside it.
    Frontier(Box<strategy::Frontier>),
    /// Which deals hold without a court: temptation, punishment, patience.
    Sustain(Box<strategy::Sustain>),
    /// What a truce, its deadline and one more extension are worth to each side.
    Deadline(Box<strategy::DeadlineArguments>),
    /// Benchmarks: bring them in, regroup, check, describe.
    Data(Box<data::Arguments>),
}

impl Verb {
    /// Its word.
    pub fn name(&self) -> &'static str {
        match self {
            Verb::Backtest(_) => "backtest",
            Verb::BreakIt(_) => "break-it",
            Verb::Brief(_) => "brief",
            Verb::Status(_) => "status",
            Verb::Talks(_) => "talks",
            Verb::Table(_) => "table",
            Verb::Ledger(_) => "ledger",
            Verb::List(_) => "list",
            Verb::Duty(_) => "duty",
            Verb::Elasticities(_) => "elasticities",
            Verb::Solve(_) => "solve",
            Verb::Serve(_) => "serve",
            Verb::Levers(_) => "levers",
            Verb::Rebalance(_) => "rebalance",
            Verb::Compare(_) => "compare",
            Verb::Export(_) => "export",
            Verb::Sweep(_) => "sweep",
            Verb::Merge(_) => "merge",
            Verb::Optimal(_) => "optimal",
            Verb::Nash(_) => "nash",
            Verb::Cooperate(_) => "cooperate",
            Verb::Bargain(_) => "bargain",
            Verb::Frontier(_) => "frontier",
            Verb::Sustain(_) => "sustain",
            Verb::Deadline(_) => "deadline",
            Verb::Data(_) => "data",
        }
    }

    /// How long it usually takes on two processors with the embedded world, where that is more than a moment: an estimate for whoever waits.
    pub fn usually(&self) -> Option<&'static str> {
        match self {
            Verb::Cooperate(_) => Some("one to two minutes"),
            Verb::Bargain(_) => Some("half a minute, two minutes with --page"),
            Verb::Frontier(_) | Verb::Deadline(_) => Some("half a minute"),
            Verb::Sustain(_) | Verb::Nash(_) | Verb::Optimal(_) | Verb::Rebalance(_) => Some("a few seconds"),
            Verb::Backtest(_) | Verb::BreakIt(_) => Some("half a minute"),
            Verb::Brief(_) => Some("a second, a few with --html"),
            Verb::Solve(_) | Verb::Compare(_) => {
                Some("a moment; seconds with bands, and up to minutes with economies of scale")
            }
            Verb::Ledger(_) | Verb::Data(_) => Some("some seconds"),
            _ => None,
        }
    }

    /// Whether all of its long work looks at the flag that Ctrl-C sets, and ends by itself within a fraction of a second. Other verbs are
    /// ended from outside.
    pub fn looks_at_the_flag(&self) -> bool {
        matches!(
            self,
            Verb::Brief(_)
                | Verb::Solve(_)
                | Verb::Compare(_)
                | Verb::Sweep(_)
                | Verb::Optimal(_)
                | Verb::Nash(_)
                | Verb::Cooperate(_)
                | Verb::Bargain(_)
                | Verb::Frontier(_)
                | Verb::Sustain(_)
                | Verb::Deadline(_)
        )
    }
}

/// Runs what was typed.
pub fn run(verb: Verb) -> Result<(), Failure> {
    match verb {
        Verb::Backtest(arguments) => backtest::run(arguments),
        Verb::BreakIt(arguments) => break_it::run(arguments),
        Verb::Brief(arguments) => brief::run(arguments),
        Verb::Status(arguments) => status::run(arguments),
        Verb::Talks(arguments) => talks::run(arguments),
        Verb::Table(arguments) => table::run(arguments),
        Verb::Ledger(arguments) => ledger::run(arguments),
        Verb::List(arguments) => list::run(arguments),
        Verb::Duty(arguments) => duty::run(arguments),
        Verb::Elasticities(arguments) => elasticities::run(arguments),
        Verb::Solve(arguments) => solve::run(arguments),
        Verb::Serve(arguments) => serve::run(arguments),
        Verb::Levers(arguments) => levers::run(arguments),
        Verb::Rebalance(arguments) => rebalance::run(*arguments),
        Verb::Compare(arguments) => compare::run(arguments),
        Verb::Export(arguments) => export::run(&arguments),
        Verb::Sweep(arguments) => sweep::run(*arguments),
        Verb::Merge(arguments) => merge::run(arguments),
        Verb::Optimal(arguments) => strategy::optimal(*arguments),
        Verb::Nash(arguments) => strategy::nash(*arguments),
        Verb::Cooperate(arguments) => strategy::cooperate(*arguments),
        Verb::Bargain(arguments) => strategy::bargain(*arguments),
        Verb::Frontier(arguments) => strategy::frontier(*arguments),
        Verb::Sustain(arguments) => strategy::sustain(*arguments),
        Verb::Deadline(arguments) => strategy::deadline(*arguments),
        Verb::Data(arguments) => data::run(*arguments),
    }
}
