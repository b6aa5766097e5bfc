//! The page "Can tariffs rebalance?": what levers do to the declared aims, how sure, how soon, and what the cheapest way costs.

use detente::counterfactual;
use detente::ledger_tariffs::EmbeddedRecord;
use detente::rebalance::answer::{self, Found, Rebalanced, percent};
use detente::rebalance::effects_bands::{self, LeverBands};
use detente::rebalance::effects_table::{self, LeverTable};
use detente::rebalance::question;
use detente::scenario;
use detente::uncertainty::BandSettings;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_engine::benchmark::FinalUse;
use detente_engine::calibration::SolveSettings;
use detente_engine::closure::Closure;
use detente_engine::rebalancing::dial::{Dial, DialOf};
use detente_engine::rebalancing::least_cost::Outcome;
use detente_engine::rebalancing::lever::Lever;
use detente_tables::toml_file;

use serde::Deserialize;

use crate::made_by;
use crate::picture::figure::Picture;
use crate::rebalance::{self, Panel, points};

/// What the page is about, a file of `data/rebalancing`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct About {
    /// Whose dials: first the side that is to make more, then the one that is to consume more.
    economies: [String; 2],
    /// What was declared, a sentence.
    declared: String,
    /// Questions, files of the same folder.
    questions: Vec<String>,
}

/// Years after a tariff at which dials are read; after the last it is the long run.
const YEARS: [f64; 4] = [0.0, 1.0, 2.0, 3.0];

/// Everything that the page says, found.
pub struct Asked {
    about: About,
    table: LeverTable,
    bands: LeverBands,
    answers: Vec<Rebalanced>,
    /// By horizon in words: change of each of [`panels`]' dials, in points, and of the bilateral balance.
    soon: Vec<(String, Vec<Option<f64>>)>,
    made_by: String,
}

/// Why there is no page.
pub type Refused = Box<dyn std::error::Error>;

/// Asks all that the page says of a world.
///
/// # Errors
/// What the engine refuses, and a world without the two sides or their uses of final demand.
pub fn ask(directory: &BenchmarkDirectory, draws: &BandSettings) -> Result<Asked, Refused> {
    let settings = SolveSettings::default();
    let closure = Closure::default();
    let (label, text) = question::carried("page")?;
    let about: About = toml_file::parse(&label, text)?;
    let table = effects_table::levers(directory, &closure, &about.economies, None, &settings)?;
    let dials = rebalance::banded(&table);
    let bands = effects_bands::bands(directory, &closure, &table, dials, draws)?;
    let answers = about
        .questions
        .iter()
        .map(|name| {
            let (label, text) = question::carried(name)?;
            let question = question::read(&label, text, directory, None::<&EmbeddedRecord>, &settings)?;
            Ok(answer::ask(question, directory, None, 1)?)
        })
        .collect::<Result<Vec<_>, Refused>>()?;
    let mut soon = Vec::new();
    for years in YEARS.map(Some).into_iter().chain([None]) {
        let horizon = years.map_or("\"long\"".to_owned(), |years| format!("{{ years = {years} }}"));
        let text = format!(
            "[closure]\nhorizon = {horizon}\n[[tariff]]\nimporter = \"{}\"\nexporter = \"{}\"\n\
             sector = [\"agriculture\", \"mining\", \"manufacturing\"]\nadd = 0.3\n",
            about.economies[0], about.economies[1]
        );
        let read = scenario::parse("soon.toml", &text, None, directory, None)?;
        let found = counterfactual::solve(directory, read, &settings)?;
        let change = |of: &DialOf| {
            let [before, after] =
                [&found.baseline, &found.equilibrium].map(|e| of.value(&found.calibration, e));
            Some(100.0 * (after? - before?))
        };
        let label = match &found.scenario.in_years {
            Some(in_years) if in_years.years == 0.0 => "at once".to_owned(),
            Some(in_years) => in_years.label(),
            None => "in the long run".to_owned(),
        };
        soon.push((
            label,
            rebalance::panels(&table).iter().map(|panel| change(&table.dials[panel.dial])).collect(),
        ));
    }
    let made_by = made_by::line(Some(directory), None, "rebalance --write");
    Ok(Asked { about, table, bands, answers, soon, made_by })
}

impl Asked {
    /// The effect of the first lever that is meant on a dial of a side, in points a unit.
    fn unit(&self, is_meant: impl Fn(&Lever) -> bool, dial: Dial, side: usize) -> String {
        let lever = self.table.levers.iter().position(|meant| is_meant(&meant.lever));
        let dial = rebalance::place(&self.table, dial, side);
        let effect = lever.zip(dial).and_then(|(lever, dial)| self.table.found.effects[lever][dial]);
        effect.map_or("unknown".to_owned(), |effect| points(100.0 * effect.linear))
    }

    /// The largest change that a tariff of the table brings to a dial at the size meant, in points.
    fn most_by_tariffs(&self, dial: Dial, economy: usize) -> String {
        let place = rebalance::place(&self.table, dial, economy);
        let effects =
            self.table.levers.iter().zip(&self.table.found.effects).filter_map(|(meant, effects)| {
                matches!(meant.lever, Lever::TariffPoints(_) | Lever::TariffFactor(_)).then_some(effects)
            });
        let sizes = effects.filter_map(|effects| Some(effects[place?]?.finite_large?.abs()));
        format!("{:.2}", 100.0 * sizes.fold(0.0, f64::max))
    }

    /// The same at the size meant, with its range.
    fn large(&self, lever: usize, panel: &Panel) -> String {
        let effect = self.table.found.effects[lever][panel.dial].and_then(|effect| effect.finite_large);
        let band = self.bands.of(lever, panel.dial);
        match (effect, band) {
            (Some(effect), Some(band)) => format!(
                "{} ({} to {})",
                points(100.0 * effect),
                points(100.0 * band.low),
                points(100.0 * band.high)
            ),
            (Some(effect), None) => points(100.0 * effect),
            _ => String::new(),
        }
    }

    /// The tornado of each aim.
    fn pictures(&self) -> Vec<Picture> {
        rebalance::tornados(&self.table, Some(&self.bands), [860.0, 350.0])
    }

    /// Pictures by their file names, which begin with the page's.
    pub fn drawings(&self, stem: &str) -> Vec<(String, String)> {
        let drawn = self.pictures();
        drawn
            .iter()
            .map(|picture| (format!("{stem}-{}.svg", picture.id), picture.standing_alone(&self.made_by)))
            .collect()
    }

    /// The page.
    pub fn markdown(&self, stem: &str) -> String {
        let [a, b] = rebalance::sides(&self.table);
        let saves = |economy: usize, by: Option<FinalUse>| move |lever: &Lever| matches!(lever, Lever::Saving { economy: e, spent_by } if *e == economy && *spent_by == by);
        let shifts = |lever: &Lever| matches!(lever, Lever::FinalDemand { economy, .. } if *economy == b);
        let n = self.table.economies();
        let on_everybody = move |lever: &Lever| {
            let Lever::TariffPoints(cells) = lever else { return false };
            let importer = cells.iter().all(|cell| cell / n % n == a);
            let mut exporters: Vec<usize> = cells.iter().map(|cell| cell % n).collect();
            exporters.sort_unstable();
            exporters.dedup();
            importer && exporters.len() == n - 1
        };
        let unit = |lever: &dyn Fn(&Lever) -> bool, dial| self.unit(lever, dial, a);
        let (share, balance) = (Dial::ManufacturingShare, Dial::TradeBalance);
        let household = Dial::Use(FinalUse::Household);
        let (spent, all) = (saves(b, Some(FinalUse::Household)), saves(a, None));
        let [first, second] = [a, b].map(|side| self.table.economy(side));
        let mut page = format!(
            "# Can tariffs rebalance?\n\nMade by `detente rebalance --write docs/reference/{stem}.md`.\n\n\
             {} Of the tariffs below none moves what households of {second} consume by more than {} points of GDP or the trade balance of {first} by more than {}: a \
             balance is what a country saves less what it invests, which is assumed here and which no tariff decides. Manufacturing's share of value added in \
             {first} moves by {} at the most.\n\n",
            self.about.declared,
            self.most_by_tariffs(household, b),
            self.most_by_tariffs(balance, a),
            self.most_by_tariffs(share, a),
        );
        page += &format!(
            "* One point of tariff of {first} on everybody's goods adds {} points to manufacturing's share of value added there, and {} points of GDP to its trade \
             balance.\n\
             * One percent of GDP more saved in {first} adds {} and {}.\n\
             * One percent of GDP moved from investment to households within {second}, which is a condition and no policy that is modelled here, adds {} and {} in \
             {first} and {} points of GDP to what households of {second} consume.\n\
             * A surplus of {second} smaller by one percent of GDP, spent by households, adds {} and {} in {first}, and {} points to households of {second}.\n\n",
            unit(&on_everybody, share),
            unit(&on_everybody, balance),
            unit(&all, share),
            unit(&all, balance),
            unit(&shifts, share),
            unit(&shifts, balance),
            self.unit(shifts, household, b),
            unit(&spent, share),
            unit(&spent, balance),
            self.unit(spent, household, b),
        );
        page += &format!(
            "These are first-order effects of a unit, in the long run, deficits given but for the lever that moves them, others hold. All levers, dials and sizes: \
             `detente levers --economies {}`; what dials and levers are: [rebalancing](../concepts/rebalancing.md).\n\n",
            self.about.economies.join(",")
        );
        page += &self.aims(stem);
        page += &self.prices();
        page += &self.when();
        page
    }

    /// The table that ends arguments, and its pictures.
    fn aims(&self, stem: &str) -> String {
        let panels = rebalance::panels(&self.table);
        let mut page = format!(
            "## What each lever does at the size that is meant\n\nPercentage points (welfare: percent), in brackets the 5th to the 95th percentile of {} runs over {}. ",
            self.bands.runs(),
            self.bands.over
        );
        if self.bands.not_converged() > 0 {
            page += &format!("{} of them ended without an equilibrium. ", self.bands.not_converged());
        }
        page += "A number in bold has another sign at first order.\n\n";
        let heads: Vec<&str> = panels.iter().map(|panel| panel.short.as_str()).collect();
        page +=
            &format!("| lever | size | {} |\n|---|---|{}\n", heads.join(" | "), "--:|".repeat(heads.len()));
        for lever in 0..self.table.levers.len() {
            let cells = panels.iter().map(|panel| {
                let turns = self.table.found.effects[lever][panel.dial].is_some_and(|effect| effect.turns());
                let cell = self.large(lever, panel);
                if turns { format!("**{cell}**") } else { cell }
            });
            let cells: Vec<String> = cells.collect();
            page += &format!(
                "| {} | {} | {} |\n",
                self.table.name(lever),
                rebalance::size_meant(&self.table.levers[lever]),
                cells.join(" | ")
            );
        }
        for picture in self.pictures() {
            page +=
                &format!("\n![{}]({stem}-{}.svg)\n", picture.alternative.replace(['[', ']'], ""), picture.id);
        }
        page + "\n"
    }

    /// What aims cost by the cheapest mix.
    fn prices(&self) -> String {
        let mut page = "## What an aim costs by its cheapest mix\n\n\
             The price of an aim is the cost with it less the cost of the same levers without it: a tariff within bounds collects what an optimal tariff would with or \
             without an aim. A unit saved counts like a unit spent. Others hold; where they answer, tariffs cost more.\n\n\
             | question | price, percent of income | cost | without the aim |\n|---|--:|--:|--:|\n"
            .to_owned();
        let mut missed = Vec::new();
        for (name, answer) in self.about.questions.iter().zip(&self.answers) {
            let asked = format!("[{}](../../data/rebalancing/{name}.toml)", answer.question.name);
            match &answer.found {
                Found::LeastCost(Outcome::Met { answer: best, without: Some(without) }) => {
                    let [cost, free] =
                        [best.at.cost, without.at.cost].map(|cost| percent(&answer.question, cost));
                    page += &format!("| {asked} | {:.4} | {cost:+.4} | {free:+.4} |\n", cost - free);
                }
                Found::LeastCost(Outcome::Missed(_)) => {
                    page += &format!("| {asked} | cannot be met | | |\n");
                    missed.push(answer);
                }
                _ => {}
            }
        }
        page += "\nA negative cost is a gain of the side or sides whose welfare is counted: at others' expense, while they hold.\n\n";
        for answer in missed {
            if let Some(conflict) = rebalance::conflict(answer) {
                page += &format!("{}\n\n", conflict.replace("\n  ", "\n* ").replacen("\n* ", "\n\n* ", 1));
            }
        }
        page
    }

    /// How soon.
    fn when(&self) -> String {
        let panels = rebalance::panels(&self.table);
        let heads: Vec<&str> = panels.iter().map(|panel| panel.short.as_str()).collect();
        let mut page = format!(
            "## How soon\n\nThirty points of tariff of {} on all goods of {}, some years after: part of the buyers has found other origins by then, the others keep the \
             quantities that they bought ([horizon](../concepts/closures.md#horizon)). Points; welfare in percent.\n\n| | {} |\n|---|{}\n",
            self.table.economy(rebalance::sides(&self.table)[0]),
            self.table.economy(rebalance::sides(&self.table)[1]),
            heads.join(" | "),
            "--:|".repeat(heads.len())
        );
        for (label, values) in &self.soon {
            let cells: Vec<String> = values.iter().map(|value| value.map_or(String::new(), points)).collect();
            page += &format!("| {label} | {} |\n", cells.join(" | "));
        }
        page
    }
}
