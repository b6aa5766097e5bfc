//! Columns that say what a row is about, and how a run was solved: their names, labels and what they hold. Numbers that are outcomes stand
//! in the engine's catalogue.

use detente_tables::result_table::{Column, Data};

/// A column that is no outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyColumn {
    /// Name in files.
    pub name: &'static str,
    /// Name for readers.
    pub label: &'static str,
    /// Unit, where it is a number with one.
    pub unit: &'static str,
    /// What it holds.
    pub meaning: &'static str,
}

impl KeyColumn {
    /// A column of words.
    pub fn text<T: Into<String>>(self, cells: impl IntoIterator<Item = T>) -> Column {
        Column::text(self.name, self.label, cells)
    }

    /// A column of words, some of them not there.
    pub fn words(self, cells: Vec<Option<String>>) -> Column {
        Column::new(self.name, self.unit, self.label, Data::Text(cells))
    }

    /// A column of counts.
    pub fn integer(self, cells: impl IntoIterator<Item = i64>) -> Column {
        Column { unit: self.unit.into(), ..Column::integer(self.name, self.unit, self.label, cells) }
    }

    /// A column of numbers.
    pub fn number(self, cells: impl IntoIterator<Item = Option<f64>>) -> Column {
        Column::number(self.name, self.unit, self.label, cells)
    }
}

const fn key(
    name: &'static str,
    label: &'static str,
    unit: &'static str,
    meaning: &'static str,
) -> KeyColumn {
    KeyColumn { name, label, unit, meaning }
}

/// Economy.
pub const ECONOMY: KeyColumn = key("economy", "economy", "", "code of the economy whose outcome it is");
/// Sector.
pub const SECTOR: KeyColumn = key("sector", "sector", "", "code of the sector");
/// Exporter.
pub const EXPORTER: KeyColumn = key("exporter", "exporter", "", "code of the economy that sells");
/// Importer.
pub const IMPORTER: KeyColumn = key("importer", "importer", "", "code of the economy that buys");
/// Partner.
pub const PARTNER: KeyColumn = key("partner", "partner", "", "code of the economy on the other side");
/// Scenario.
pub const SCENARIO: KeyColumn = key("scenario", "scenario", "", "name of the scenario");
/// Instrument.
pub const INSTRUMENT: KeyColumn = key(
    "instrument",
    "instrument",
    "",
    "tariff, export_tax, trade_cost, productivity, capital, final_demand, limit, endowment or deficit",
);
/// Outcome.
pub const OUTCOME: KeyColumn = key("outcome", "outcome", "", "column whose band it is");
/// Median.
pub const MEDIAN: KeyColumn = key("median", "median", "the outcome's", "median over the runs");
/// Low end.
pub const LOW: KeyColumn = key("low_5", "5th percentile", "the outcome's", "5th percentile over the runs");
/// High end.
pub const HIGH: KeyColumn =
    key("high_95", "95th percentile", "the outcome's", "95th percentile over the runs");
/// Share with the median's sign.
pub const SIGN_SHARE: KeyColumn =
    key("sign_share", "sign holds in", "fraction", "share of runs with the sign of the median");
/// Driver.
pub const DRIVER: KeyColumn = key(
    "driver",
    "spread driven by",
    "",
    "input that alone explains most of the spread; empty where there is none",
);
/// Driver's share.
pub const DRIVER_SHARE: KeyColumn =
    key("driver_share", "share of the spread", "fraction", "share of the variance that the driver explains");
/// What a tag is of.
pub const OF: KeyColumn = key("of", "of", "", "`column` or `economy`");
/// Word in `of` for a row about a column.
pub const COLUMN_WORD: &str = "column";
/// Name.
pub const NAME: KeyColumn = key("name", "name", "", "name of the column, or code of the economy");
/// Tag.
pub const TAG: KeyColumn = key(
    "tag",
    "tag",
    "",
    "of a column how its numbers come about (assumed, accounting, model), of an economy the grade of its input structure (good, fair, weak)",
);
/// Run.
pub const RUN: KeyColumn = key("run", "run", "", "number of the run, from 0");
/// Elasticities.
pub const ELASTICITY_SET: KeyColumn =
    key("elasticity_set", "elasticities", "", "published set of trade elasticities that the run uses");
/// Common factor.
pub const COMMON_FACTOR: KeyColumn =
    key("common_factor", "common factor", "factor", "factor on all elasticities of the set");
/// Status.
pub const STATUS: KeyColumn = key("status", "status", "", "`converged` or `not_converged`");
/// Iterations.
pub const ITERATIONS: KeyColumn = key("iterations", "iterations", "count", "Newton steps");
/// Evaluations.
pub const EVALUATIONS: KeyColumn =
    key("evaluations", "evaluations", "count", "evaluations of the equilibrium's equations");
/// Residual.
pub const MAX_RESIDUAL: KeyColumn =
    key("max_residual", "largest residual", "relative", "largest relative residual of an equation");
/// A point of the talks.
pub const POINT: KeyColumn = key("point", "point", "", "name of the point of the bargain or of the frontier");
/// Gain over no deal.
pub const GAIN_FROM_DISAGREEMENT: KeyColumn = key(
    "gain_from_disagreement_pct",
    "gain from disagreement",
    "percent",
    "objective at the point over that without a deal, less one",
);

/// Dial.
pub const DIAL: KeyColumn = key("dial", "dial", "", "name of the dial, see *A dial of a rebalancing*");
/// All of them, with the files in which they stand.
pub const ALL: &[(&str, &[KeyColumn])] = &[
    ("`economies.csv`, `sectors.csv`, `comparison.csv`", &[SCENARIO, ECONOMY, SECTOR]),
    ("`trade.csv`, `tariffs.csv`, `decomposition.csv`", &[EXPORTER, IMPORTER, PARTNER]),
    ("`gradient.csv`", &[INSTRUMENT]),
    ("`dials.csv`, `levers.csv`, `targets.csv`", &[DIAL]),
    ("`bands.csv`", &[OUTCOME, MEDIAN, LOW, HIGH, SIGN_SHARE, DRIVER, DRIVER_SHARE]),
    ("`tags.csv`", &[OF, NAME, TAG]),
    ("`runs.csv`", &[RUN, ELASTICITY_SET, COMMON_FACTOR, STATUS, ITERATIONS, EVALUATIONS, MAX_RESIDUAL]),
    ("`frontier.csv`, `bargaining_points.csv`", &[POINT, GAIN_FROM_DISAGREEMENT]),
];
