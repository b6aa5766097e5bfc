//! What a typed lever means on a benchmark: one or several levers of the engine, with bounds and the words that name them.

use detente_engine::benchmark::{Benchmark, FinalUse};
use detente_engine::rebalancing::lever::Lever;
use detente_tables::diagnostics::{Finding, Problem};
use detente_tables::nearest::suggestion;
use toml::Spanned;

use super::typed::TypedLever;
use crate::scenario::selection::{Chosen, Frame};
use crate::scenario::typed::Names;

/// Kinds of levers, by their words.
const KINDS: [&str; 8] = [
    "tariff",
    "export_tax",
    "output_subsidy",
    "trade_cost",
    "saving",
    "final_demand",
    "productivity",
    "capital",
];

/// How a lever's number is typed and printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// As it stands: points of a rate, a share of GDP, the logarithm of a cost.
    Plain,
    /// As the factor whose logarithm it is.
    Factor,
    /// As that factor less one.
    Rate,
}

impl Measure {
    /// From the lever's number to what is typed.
    pub fn shown(self, size: f64) -> f64 {
        match self {
            Self::Plain => size,
            Self::Factor => size.exp(),
            Self::Rate => size.exp_m1(),
        }
    }

    fn read(self, typed: f64) -> f64 {
        match self {
            Self::Plain => typed,
            Self::Factor => typed.ln(),
            Self::Rate => typed.ln_1p(),
        }
    }
}

/// A lever with its bounds and words.
#[derive(Clone, Debug)]
pub struct MeantLever {
    /// Of the entry: its name, or one made of its keys.
    pub name: String,
    /// Which part of the entry: sector, partner, both; empty where it is all of it.
    pub cell: String,
    /// What it does.
    pub lever: Lever,
    /// Bounds of its number; none where the file gives none.
    pub bounds: Option<(f64, f64)>,
    /// How its number is typed.
    pub measure: Measure,
    /// Cost per unit, and of the square.
    pub cost: (f64, f64),
    /// A unit and the size meant, for `levers`.
    pub sizes: (f64, f64),
    /// The unit in words.
    pub unit: &'static str,
}

/// Reads one entry.
pub(crate) fn read(frame: &Frame<'_>, entry: &Spanned<TypedLever>) -> Result<Vec<MeantLever>, Problem> {
    let (typed, start) = (entry.as_ref(), entry.span().start);
    let kind = typed.kind.as_ref().as_str();
    if !KINDS.contains(&kind) {
        let finding = Finding::UnknownCode {
            what: "kind of lever",
            found: kind.to_owned(),
            suggestion: suggestion(kind, KINDS),
        };
        return Err(frame.problem("kind", typed.kind.span().start, finding));
    }
    let reader = Reader { frame, typed, start };
    reader.refuse_other_keys(kind)?;
    match kind {
        "tariff" | "export_tax" | "trade_cost" => reader.of_flows(kind),
        "output_subsidy" | "productivity" | "capital" => reader.of_makers(kind),
        "saving" => reader.saving(),
        _ => reader.final_demand(),
    }
}

struct Reader<'a, 'b> {
    frame: &'a Frame<'b>,
    typed: &'a TypedLever,
    start: usize,
}

impl Reader<'_, '_> {
    fn refuse(&self, reason: impl Into<String>) -> Problem {
        self.frame.combination("lever", self.start, reason)
    }

    /// Keys that another kind has.
    fn refuse_other_keys(&self, kind: &str) -> Result<(), Problem> {
        let t = self.typed;
        let given = [
            ("importer", t.importer.is_some(), &["tariff", "export_tax", "trade_cost"][..]),
            ("exporter", t.exporter.is_some(), &["tariff", "export_tax", "trade_cost"]),
            (
                "economy",
                t.economy.is_some(),
                &["output_subsidy", "saving", "final_demand", "productivity", "capital"],
            ),
            (
                "sector",
                t.sector.is_some(),
                &["tariff", "export_tax", "trade_cost", "output_subsidy", "productivity", "capital"],
            ),
            (
                "by",
                t.by.is_some(),
                &["tariff", "export_tax", "trade_cost", "output_subsidy", "productivity", "capital"],
            ),
            ("spent_by", t.spent_by.is_some(), &["saving"]),
            ("from", t.from.is_some(), &["final_demand"]),
            ("to", t.to.is_some(), &["final_demand"]),
            ("owner", t.owner.is_some(), &["capital"]),
            ("factor", t.factor.is_some(), &["tariff", "trade_cost", "productivity", "capital"]),
            ("add", t.add.is_some(), &["tariff", "export_tax"]),
            ("rate", t.rate.is_some(), &["output_subsidy"]),
            ("ln_cost", t.ln_cost.is_some(), &["trade_cost"]),
            ("deficit_share_of_gdp", t.deficit_share_of_gdp.is_some(), &["saving"]),
            ("share_of_gdp", t.share_of_gdp.is_some(), &["final_demand"]),
        ];
        for (key, is_there, kinds) in given {
            if is_there && !kinds.contains(&kind) {
                let reason = format!(
                    "`{key}` does not go with `kind = \"{kind}\"`; it goes with {}",
                    kinds.join(", ")
                );
                return Err(self.refuse(reason));
            }
        }
        if t.condition == Some(true) && kind != "final_demand" {
            return Err(
                self.refuse("`condition = true` is said of `final_demand`, which no policy is modelled for")
            );
        }
        Ok(())
    }

    fn needed<'t, T>(&self, key: &str, value: &'t Option<T>) -> Result<&'t T, Problem> {
        value.as_ref().ok_or_else(|| self.refuse(format!("needs `{key}`")))
    }

    fn one_economy(&self) -> Result<usize, Problem> {
        let names = self.needed("economy", &self.typed.economy)?;
        match &self.frame.economies("economy", names)?.positions[..] {
            [one] => Ok(*one),
            _ => Err(self.refuse("`economy` names one economy here; write an entry for each")),
        }
    }

    fn bounds(
        &self,
        typed: Option<&Spanned<[f64; 2]>>,
        measure: Measure,
    ) -> Result<Option<(f64, f64)>, Problem> {
        let Some(typed) = typed else { return Ok(None) };
        let [lower, upper] = *typed.as_ref();
        let (lower, upper) = (measure.read(lower), measure.read(upper));
        if lower <= upper && lower.is_finite() && upper.is_finite() {
            return Ok(Some((lower, upper)));
        }
        Err(self.refuse("bounds are [least, most], least first; a factor is above zero and a rate above −1"))
    }

    /// How an entry falls into levers.
    fn by(&self, words: &[&str]) -> Result<(bool, bool), Problem> {
        let Some(by) = &self.typed.by else { return Ok((false, false)) };
        let word = by.as_ref().as_str();
        if !words.contains(&word) {
            let found = word.to_owned();
            let finding = Finding::UnknownCode {
                what: "way to split a lever",
                found,
                suggestion: suggestion(word, words.iter().copied()),
            };
            return Err(self.frame.problem("by", by.span().start, finding));
        }
        Ok((word.contains("sector"), word.contains("partner")))
    }

    fn make(
        &self,
        name: String,
        cell: String,
        lever: Lever,
        bounds: Option<(f64, f64)>,
        measure: Measure,
        unit: (&'static str, f64, f64),
    ) -> MeantLever {
        let t = self.typed;
        MeantLever {
            name: t.name.clone().unwrap_or(name),
            cell,
            lever,
            bounds,
            measure,
            cost: (t.cost.unwrap_or(0.0), t.curvature.unwrap_or(0.0)),
            sizes: (t.unit.unwrap_or(unit.1), t.large.unwrap_or(unit.2)),
            unit: unit.0,
        }
    }

    fn of_flows(&self, kind: &str) -> Result<Vec<MeantLever>, Problem> {
        let t = self.typed;
        let importers = self.frame.economies("importer", self.needed("importer", &t.importer)?)?;
        let exporters = self.frame.economies("exporter", self.needed("exporter", &t.exporter)?)?;
        let sectors = self.frame.sectors(t.sector.as_ref())?;
        let (by_sector, by_partner) = self.by(&["one-rate", "sector", "partner", "sector-and-partner"])?;
        let (typed, measure) = match (&t.factor, &t.add, &t.ln_cost) {
            (Some(factor), None, None) => (Some(factor), Measure::Factor),
            (None, add, None) if kind != "trade_cost" => (add.as_ref(), Measure::Plain),
            (None, None, ln_cost) => (ln_cost.as_ref(), Measure::Plain),
            _ => return Err(self.refuse("has its bounds in one way: `factor`, `add` or `ln_cost`")),
        };
        let bounds = self.bounds(typed, measure)?;
        let benchmark = self.frame.benchmark;
        // The partner is on the side that names several; whose own measure it is stands first.
        let partners = if importers.positions.len() == 1 { &exporters } else { &importers };
        let (sector_parts, partner_parts) =
            (parts(&sectors, by_sector), parts(&partners.positions, by_partner));
        let name = format!(
            "{} of {} on {}, {}",
            kind.replace('_', " "),
            of_names(&t.importer),
            of_names(&t.exporter),
            t.sector.as_ref().map_or("all sectors".to_owned(), |names| names.as_ref().0.join(" "))
        );
        let mut found = Vec::new();
        for sectors in &sector_parts {
            for partner in &partner_parts {
                let chosen = Chosen { positions: partner.clone(), all: partners.all };
                let cells = if std::ptr::eq(partners, &exporters) {
                    self.frame.cells(&importers, &chosen, sectors)
                } else {
                    self.frame.cells(&chosen, &exporters, sectors)
                };
                // Nobody is charged below zero by a lever that lowers a tariff.
                let cells: Vec<usize> =
                    cells.into_iter().filter(|cell| benchmark.border_value[*cell] > 0.0).collect();
                if cells.is_empty() {
                    continue;
                }
                let cell = cell_name(benchmark, by_sector.then_some(sectors), by_partner.then_some(partner));
                let (lever, unit) = match (kind, measure) {
                    ("tariff", Measure::Factor) => {
                        (Lever::TariffFactor(cells), ("+1 point of the factor", 0.01, 0.1))
                    }
                    ("tariff", _) => (Lever::TariffPoints(cells), ("+1 point", 0.01, 0.1)),
                    ("export_tax", _) => (Lever::ExportTax(cells), ("+1 point", 0.01, 0.1)),
                    _ if t.unit.is_some_and(|unit| unit < 0.0) => {
                        (Lever::TradeCost(cells), ("-1 percent", -0.01, -0.1))
                    }
                    _ => (Lever::TradeCost(cells), ("+1 percent", 0.01, 0.1)),
                };
                found.push(self.make(name.clone(), cell, lever, bounds, measure, unit));
            }
        }
        if found.is_empty() {
            return Err(self.refuse("names no flow of this benchmark"));
        }
        Ok(found)
    }

    fn of_makers(&self, kind: &str) -> Result<Vec<MeantLever>, Problem> {
        let t = self.typed;
        let makers = self.frame.economies("economy", self.needed("economy", &t.economy)?)?;
        let sectors = self.frame.sectors(t.sector.as_ref())?;
        let (by_sector, _) = self.by(&["one-rate", "sector"])?;
        let owner = match &t.owner {
            Some(owner) => Some(self.frame.economy("owner", owner.span().start, owner.as_ref())?),
            None => None,
        };
        let (measure, typed) = match kind {
            "output_subsidy" => (Measure::Rate, t.rate.as_ref()),
            _ => (Measure::Factor, t.factor.as_ref()),
        };
        let bounds = self.bounds(typed, measure)?;
        let benchmark = self.frame.benchmark;
        let name = format!(
            "{} of {}, {}",
            kind.replace('_', " "),
            of_names(&t.economy),
            t.sector.as_ref().map_or("all sectors".to_owned(), |names| names.as_ref().0.join(" "))
        );
        let everywhere = Chosen { positions: (0..benchmark.economies.len()).collect(), all: false };
        let makers = Chosen { positions: makers.positions, all: false };
        Ok(parts(&sectors, by_sector)
            .iter()
            .map(|sectors| {
                let (lever, unit) = match kind {
                    // A question of levers reads a share of output, one of the least cost what makers receive over what buyers pay.
                    "output_subsidy" if bounds.is_none() => {
                        let cells = self.frame.cells(&everywhere, &makers, sectors);
                        (Lever::OutputSubsidy(cells), ("1 percent of output", 0.01, 0.1))
                    }
                    "output_subsidy" => {
                        let cells = self.frame.cells(&everywhere, &makers, sectors);
                        (Lever::OutputTopUp(cells), ("1 percent of what buyers pay", 0.01, 0.1))
                    }
                    "productivity" => {
                        (Lever::Productivity(self.frame.pairs(&makers, sectors)), ("+1 percent", 0.01, 0.1))
                    }
                    _ => {
                        let pairs = self.frame.pairs(&makers, sectors);
                        (Lever::Capital { pairs, owner }, ("+1 percent", 0.01, 0.1))
                    }
                };
                let cell = cell_name(benchmark, by_sector.then_some(sectors), None);
                self.make(name.clone(), cell, lever, bounds, measure, unit)
            })
            .collect())
    }

    fn used(&self, key: &str, typed: &Spanned<String>) -> Result<FinalUse, Problem> {
        FinalUse::of_word(typed.as_ref()).ok_or_else(|| {
            let words = FinalUse::ALL.map(FinalUse::word);
            let found = typed.as_ref().clone();
            let suggestion = suggestion(&found, words);
            let finding = Finding::UnknownCode { what: "use of final demand", found, suggestion };
            self.frame.problem(key, typed.span().start, finding)
        })
    }

    fn saving(&self) -> Result<Vec<MeantLever>, Problem> {
        let t = self.typed;
        let economy = self.one_economy()?;
        let spent_by = t.spent_by.as_ref().map(|typed| self.used("spent_by", typed)).transpose()?;
        let bounds = self.bounds(t.deficit_share_of_gdp.as_ref(), Measure::Plain)?;
        let name = format!("saving of {}", self.frame.benchmark.economies[economy].code);
        let lever = Lever::Saving { economy, spent_by };
        let unit = ("1 percent of GDP", 0.01, 0.03);
        Ok(vec![self.make(name, String::new(), lever, bounds, Measure::Plain, unit)])
    }

    fn final_demand(&self) -> Result<Vec<MeantLever>, Problem> {
        let t = self.typed;
        if t.condition != Some(true) {
            return Err(self.refuse(
                "a shift of final demand is no policy: write `condition = true` beside it, and the answer says that it assumes it",
            ));
        }
        let economy = self.one_economy()?;
        let from = self.used("from", self.needed("from", &t.from)?)?;
        let to = self.used("to", self.needed("to", &t.to)?)?;
        let bounds = self.bounds(t.share_of_gdp.as_ref(), Measure::Plain)?;
        let code = &self.frame.benchmark.economies[economy].code;
        let name = format!("{code} final demand, {} to {} (condition)", from.word(), to.word());
        let lever = Lever::FinalDemand { economy, from, to };
        let unit = ("1 percent of GDP", 0.01, 0.03);
        Ok(vec![self.make(name, String::new(), lever, bounds, Measure::Plain, unit)])
    }
}

fn parts(positions: &[usize], apart: bool) -> Vec<Vec<usize>> {
    if apart { positions.iter().map(|position| vec![*position]).collect() } else { vec![positions.to_vec()] }
}

fn of_names(names: &Option<Spanned<Names>>) -> String {
    names.as_ref().map_or(String::new(), |names| names.as_ref().0.join(" "))
}

fn cell_name(benchmark: &Benchmark, sector: Option<&Vec<usize>>, partner: Option<&Vec<usize>>) -> String {
    let sector = sector.and_then(|sectors| sectors.first()).map(|s| benchmark.sectors[*s].code.clone());
    let partner = partner.and_then(|partners| partners.first()).map(|i| benchmark.economies[*i].code.clone());
    partner.into_iter().chain(sector).collect::<Vec<_>>().join(":")
}
