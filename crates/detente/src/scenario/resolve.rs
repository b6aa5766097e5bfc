//! From what was typed to what it means on a benchmark. All names, dates and files are checked here, with their lines.

use std::path::Path;

use detente_engine::benchmark::{FinalDemand, FinalUse};
use detente_engine::instruments::{FinalDemandShift, Limit, LimitMeasure, RentOwner};
use toml::Spanned;

use super::elasticities;
use super::ledger_day::{self, TypedDay};
use super::meant::{Case, Change, ChangePlace, NotMeasurable, Operation, Rate, Scenario, What};
use super::own_folder::is_below;
use super::selection::{Chosen, Frame};
use super::settings;
use super::typed::{
    Names, TypedDeficit, TypedFactor, TypedFinalDemand, TypedLimit, TypedOutputSubsidy, TypedRate,
    TypedScenario,
};
use crate::collection::Basis;
use crate::exposure::{self, Measurability};
use crate::ledger_tariffs::EmbeddedRecord;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_data::benchmark_directory::codes::{ALL, Codes};
use detente_data::benchmark_directory::consistency::Accounts;
use detente_data::benchmark_directory::flows::{self, Domain, MOST_RATE};
use detente_tables::diagnostics::{Finding, Problem, Problems};
use detente_tables::input_file;
use detente_tables::nearest::suggestion;
use detente_tables::table::Table;

/// The shocks that a scenario and its baseline share.
struct Shocks<'a> {
    tariff: &'a [Spanned<TypedRate>],
    export_tax: &'a [Spanned<TypedRate>],
    output_subsidy: &'a [Spanned<TypedOutputSubsidy>],
    trade_cost: &'a [Spanned<TypedFactor>],
    productivity: &'a [Spanned<TypedFactor>],
    endowment: &'a [Spanned<TypedFactor>],
    capital: &'a [Spanned<TypedFactor>],
    deficit: &'a [Spanned<TypedDeficit>],
    limit: &'a [Spanned<TypedLimit>],
    final_demand: &'a [Spanned<TypedFinalDemand>],
    day: TypedDay<'a>,
}

/// Both tables have the same shocks.
macro_rules! shocks {
    ($typed:expr) => {
        Shocks {
            tariff: &$typed.tariff,
            export_tax: &$typed.export_tax,
            output_subsidy: &$typed.output_subsidy,
            trade_cost: &$typed.trade_cost,
            productivity: &$typed.productivity,
            endowment: &$typed.endowment,
            capital: &$typed.capital,
            deficit: &$typed.deficit,
            limit: &$typed.limit,
            final_demand: &$typed.final_demand,
            day: TypedDay {
                ledger: &$typed.ledger,
                on: &$typed.on,
                framework: &$typed.framework,
                known_on: &$typed.known_on,
                basis: &$typed.basis,
                others: &$typed.others,
            },
        }
    };
}

/// Resolves a typed scenario. `file` and `text` are where it was typed, for messages; tables that it names are looked up
/// in `folder`.
pub fn resolve(
    typed: &TypedScenario,
    file: &str,
    text: &str,
    folder: Option<&Path>,
    directory: &BenchmarkDirectory,
    record: Option<&EmbeddedRecord>,
) -> Result<Scenario, Problems> {
    let frame = Frame::new(file, text, &directory.benchmark);
    let resolver = Resolver { frame, folder, directory, record };
    let mut read = Read::default();
    let closure = settings::closure(&resolver.frame, &typed.closure)?;
    let (horizon, in_years) = settings::horizon(&resolver.frame, &typed.closure)?;
    let trade_elasticity = match (&typed.trade_elasticities, &in_years) {
        (Some(named), _) => {
            Some(elasticities::resolve(&resolver.frame, named, folder, horizon, &mut read.notes)?)
        }
        (None, Some(in_years)) => {
            let start = typed.closure.horizon.as_ref().map_or(0, |typed| typed.span().start);
            elasticities::at_the_end(&resolver.frame, start, in_years, &mut read.notes)?
        }
        (None, None) => None,
    };
    let baseline = match &typed.baseline {
        None => None,
        Some(baseline) => Some(Case {
            closure: settings::baseline(&resolver.frame, baseline, &closure)?,
            changes: resolver.changes(&inheriting(shocks!(baseline), typed), "baseline.", &mut read)?,
        }),
    };
    let changes = resolver.changes(&shocks!(typed), "", &mut read)?;
    let stem =
        Path::new(file).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Scenario {
        name: typed.name.clone().unwrap_or(stem),
        sentence: typed.sentence.clone(),
        horizon,
        in_years,
        trade_elasticity,
        baseline,
        counterfactual: Case { closure, changes },
        basis: read.basis,
        not_measurable: read.not_measurable,
        capital_answers: settings::capital_answers(&resolver.frame, &typed.closure)?,
        notes: read.notes,
    })
}

/// A baseline with a ledger of its own takes the scenario's basis, and its duties on others, where it names none.
fn inheriting<'a>(mut baseline: Shocks<'a>, scenario: &'a TypedScenario) -> Shocks<'a> {
    if baseline.day.ledger.is_some() && baseline.day.basis.is_none() {
        baseline.day.basis = &scenario.basis;
    }
    if baseline.day.ledger.is_some() && baseline.day.others.is_none() {
        baseline.day.others = &scenario.others;
    }
    baseline
}

/// What is read beside the changes.
#[derive(Default)]
struct Read {
    notes: Vec<String>,
    basis: Option<Basis>,
    not_measurable: Vec<NotMeasurable>,
}

struct Resolver<'a> {
    frame: Frame<'a>,
    folder: Option<&'a Path>,
    directory: &'a BenchmarkDirectory,
    record: Option<&'a EmbeddedRecord>,
}

impl Resolver<'_> {
    fn changes(&self, shocks: &Shocks<'_>, prefix: &str, read: &mut Read) -> Result<Vec<Change>, Problems> {
        let mut changes = Vec::new();
        let key = |name: &str| format!("{prefix}{name}");
        let mut add = |name: &str, start: usize, what: What| {
            let place = ChangePlace {
                file: self.frame.file.to_string(),
                key: key(name),
                line: self.frame.line(start),
            };
            changes.push(Change { place, what });
        };
        // The ledger's day comes first, so that entries below it can differ from it.
        if let Some(day) = ledger_day::resolve(&self.frame, &shocks.day, self.directory, self.record)? {
            read.notes.extend(day.notes);
            read.basis = Some(day.basis);
            add("ledger", day.start, What::Rates(Rate::Tariff, day.rates));
        }
        for (name, rate, entries) in
            [("tariff", Rate::Tariff, shocks.tariff), ("export_tax", Rate::ExportTax, shocks.export_tax)]
        {
            for entry in entries {
                add(name, entry.span().start, self.rate(&key(name), rate, entry)?);
            }
        }
        for entry in shocks.output_subsidy {
            add("output_subsidy", entry.span().start, self.output_subsidy(&key("output_subsidy"), entry)?);
        }
        for entry in shocks.trade_cost {
            add("trade_cost", entry.span().start, self.trade_cost(&key("trade_cost"), entry)?);
        }
        for entry in shocks.productivity {
            let (factor, economies) = self.factor(&key("productivity"), entry, true, false)?;
            let pairs = self.frame.pairs(&economies, &self.frame.sectors(entry.as_ref().sector.as_ref())?);
            add("productivity", entry.span().start, What::Productivity(factor, pairs));
        }
        for entry in shocks.endowment {
            let (factor, economies) = self.factor(&key("endowment"), entry, false, false)?;
            add("endowment", entry.span().start, What::Endowment(factor, economies.positions));
        }
        for entry in shocks.capital {
            let (factor, economies) = self.factor(&key("capital"), entry, true, true)?;
            let pairs = self.frame.pairs(&economies, &self.frame.sectors(entry.as_ref().sector.as_ref())?);
            let owner = entry.as_ref().owner.as_ref();
            let owner = owner
                .map(|owner| self.frame.economy("owner", owner.span().start, owner.as_ref()))
                .transpose()?;
            add("capital", entry.span().start, What::Capital(factor, pairs, owner));
        }
        for entry in shocks.deficit {
            add("deficit", entry.span().start, self.deficit(&key("deficit"), entry)?);
        }
        for entry in shocks.limit {
            for limit in self.limits(&key("limit"), entry, read)? {
                add("limit", entry.span().start, What::Limit(limit));
            }
        }
        for entry in shocks.final_demand {
            for shift in self.final_demand(&key("final_demand"), entry)? {
                add("final_demand", entry.span().start, What::FinalDemand(shift));
            }
        }
        Ok(changes)
    }

    fn rate(&self, key: &str, rate: Rate, entry: &Spanned<TypedRate>) -> Result<What, Problems> {
        let (typed, start) = (entry.as_ref(), entry.span().start);
        let refuse = |reason: &str| Problems::from(self.frame.combination(key, start, reason));
        let numbers = [&typed.set, &typed.add, &typed.multiply];
        let given =
            numbers.iter().filter(|number| number.is_some()).count() + usize::from(typed.file.is_some());
        if given != 1 {
            return Err(refuse(
                "needs exactly one of `set`, `add`, `multiply` (fractions: 0.10 is ten points) or `file`",
            ));
        }
        if let Some(file) = &typed.file {
            if typed.importer.is_some() || typed.exporter.is_some() || typed.sector.is_some() {
                return Err(refuse(
                    "a `file` names its own cells; leave out `importer`, `exporter` and `sector`",
                ));
            }
            return self.rate_file(key, rate, file);
        }
        let (Some(importer), Some(exporter)) = (&typed.importer, &typed.exporter) else {
            return Err(refuse("needs `importer` and `exporter`: a code, a list of codes, or \"all\""));
        };
        let cells = self.cells(importer, exporter, typed.sector.as_ref())?;
        let dimensions = self.frame.benchmark.dimensions();
        let crosses_a_border = |cell: &usize| {
            let (importer, exporter, _) = dimensions.cell_of(*cell);
            importer != exporter
        };
        if !cells.iter().any(crosses_a_border) {
            self.refuse_home_sales(key, start, rate, cells.iter().copied())?;
        }
        let operation = if let Some(set) = &typed.set {
            let number = self.number("set", set)?;
            if !Domain::RATE.holds(number) {
                let rule = Domain::RATE.rule.to_string();
                let finding =
                    Finding::Domain { what: "the rate".into(), cell: String::new(), found: number, rule };
                return Err(self.frame.problem("set", set.span().start, finding).into());
            }
            Operation::Set(number)
        } else if let Some(add) = &typed.add {
            let number = self.number("add", add)?;
            if number.abs() >= MOST_RATE {
                let rule = "it is a fraction (0.10 is ten percentage points), and 10 would be 1,000 of them: write 0.25 for 25".to_string();
                let what = "what is added to the rate".to_string();
                let finding = Finding::Domain { what, cell: String::new(), found: number, rule };
                return Err(self.frame.problem("add", add.span().start, finding).into());
            }
            Operation::Add(number)
        } else if let Some(multiply) = &typed.multiply {
            Operation::Multiply(self.number("multiply", multiply)?)
        } else {
            return Err(refuse("needs one of `set`, `add`, `multiply` or `file`"));
        };
        Ok(What::Rate(rate, operation, cells))
    }

    /// A subsidy on output is an export tax below zero to all destinations and at home.
    fn output_subsidy(&self, key: &str, entry: &Spanned<TypedOutputSubsidy>) -> Result<What, Problem> {
        let typed = entry.as_ref();
        let rate = self.number("rate", &typed.rate)?;
        if rate >= 1.0 {
            let reason = "a rate is a fraction of output below one (0.05 is five percent)";
            return Err(self.frame.combination(key, typed.rate.span().start, reason));
        }
        let makers = self.frame.economies("economy", &typed.economy)?;
        let everywhere =
            Chosen { positions: (0..self.frame.benchmark.economies.len()).collect(), all: false };
        let makers = Chosen { all: false, ..makers };
        let cells = self.frame.cells(&everywhere, &makers, &self.frame.sectors(typed.sector.as_ref())?);
        Ok(What::Rate(Rate::ExportTax, Operation::Add(-rate), cells))
    }

    fn rate_file(&self, key: &str, rate: Rate, file: &Spanned<String>) -> Result<What, Problems> {
        let start = file.span().start;
        let Some(folder) = self.folder else {
            let reason = "a scenario without a folder of its own cannot name a file";
            return Err(self.frame.combination(key, start, reason).into());
        };
        let path = folder.join(file.as_ref());
        let label = path.display().to_string();
        if !is_below(folder, Path::new(file.as_ref())) {
            let reason = "leads out of the scenario's folder; put the table there, or below it".to_owned();
            return Err(self
                .frame
                .combination("file", start, format!("`{}` {reason}", file.as_ref()))
                .into());
        }
        let bytes = input_file::read(&path).map_err(|finding| Problem::whole(label.clone(), finding))?;
        let Some(bytes) = bytes else {
            let right = format!("`{label}`: the path starts at the scenario's folder");
            return Err(self.frame.problem("file", start, Finding::Missing { what: "file", right }).into());
        };
        let benchmark = self.frame.benchmark;
        let table = Table::parse_of(label, &bytes, benchmark.dimensions().cells())?;
        let frame = flows::Frame {
            economies: Codes::of_economies(&benchmark.economies),
            sectors: Codes::of_sectors(&benchmark.sectors),
            dimensions: benchmark.dimensions(),
        };
        let mut rates = Vec::new();
        flows::read_cells(&table, "rate", Domain::RATE, &frame, |cell, rate| rates.push((cell, rate)))?;
        let charged = rates.iter().filter(|(_, rate)| *rate != 0.0).map(|(cell, _)| *cell);
        self.refuse_home_sales(key, start, rate, charged)?;
        Ok(What::Rates(rate, rates))
    }

    /// What an economy buys from itself crosses no border. Lists of economies on both sides mean trade among them, and name each with itself only in
    /// passing: an entry is refused where it names nothing but home sales, or a row of a table that does.
    fn refuse_home_sales(
        &self,
        key: &str,
        start: usize,
        rate: Rate,
        mut cells: impl Iterator<Item = usize>,
    ) -> Result<(), Problem> {
        let dimensions = self.frame.benchmark.dimensions();
        let at_home = cells.find_map(|cell| {
            let (importer, exporter, _) = dimensions.cell_of(cell);
            // A group of economies trades within itself, and may charge for it.
            let is_group = self.frame.benchmark.economies[importer].members.len() > 1;
            (importer == exporter && !is_group).then_some(importer)
        });
        let Some(economy) = at_home else { return Ok(()) };
        let what = if rate == Rate::Tariff { "tariff" } else { "export tax" };
        let code = &self.frame.benchmark.economies[economy].code;
        let reason = format!(
            "a {what} on what `{code}` buys from itself: home sales cross no border; name other economies, or \"all\" for all others"
        );
        Err(self.frame.combination(key, start, reason))
    }

    fn cells(
        &self,
        importer: &Spanned<Names>,
        exporter: &Spanned<Names>,
        sector: Option<&Spanned<Names>>,
    ) -> Result<Vec<usize>, Problem> {
        let importers = self.frame.economies("importer", importer)?;
        let exporters = self.frame.economies("exporter", exporter)?;
        Ok(self.frame.cells(&importers, &exporters, &self.frame.sectors(sector)?))
    }

    fn number(&self, key: &str, typed: &Spanned<f64>) -> Result<f64, Problem> {
        let number = *typed.as_ref();
        if number.is_finite() {
            return Ok(number);
        }
        let finding = Finding::NotANumber { column: key.to_string(), found: number.to_string() };
        Err(self.frame.problem(key, typed.span().start, finding))
    }

    fn positive(&self, typed: &Spanned<f64>) -> Result<f64, Problem> {
        let number = self.number("factor", typed)?;
        if number > 0.0 {
            return Ok(number);
        }
        let rule = "a factor is new over old, above zero (0.95 is five percent less)".to_string();
        let finding = Finding::Domain { what: "the factor".into(), cell: String::new(), found: number, rule };
        Err(self.frame.problem("factor", typed.span().start, finding))
    }

    fn trade_cost(&self, key: &str, entry: &Spanned<TypedFactor>) -> Result<What, Problem> {
        let typed = entry.as_ref();
        let start = entry.span().start;
        if typed.economy.is_some() || typed.owner.is_some() {
            return Err(self.frame.combination(
                key,
                start,
                "has `importer`, `exporter`, `sector` and `factor` only",
            ));
        }
        let (Some(importer), Some(exporter)) = (&typed.importer, &typed.exporter) else {
            let reason = "needs `importer` and `exporter`: a code, a list of codes, or \"all\"";
            return Err(self.frame.combination(key, start, reason));
        };
        Ok(What::TradeCost(
            self.positive(&typed.factor)?,
            self.cells(importer, exporter, typed.sector.as_ref())?,
        ))
    }

    /// Factor and economies of productivity, endowment and capital.
    fn factor(
        &self,
        key: &str,
        entry: &Spanned<TypedFactor>,
        by_sector: bool,
        owned: bool,
    ) -> Result<(f64, Chosen), Problem> {
        let typed = entry.as_ref();
        let start = entry.span().start;
        let foreign = typed.importer.is_some() || typed.exporter.is_some();
        if foreign || (typed.sector.is_some() && !by_sector) || (typed.owner.is_some() && !owned) {
            let keys = match (by_sector, owned) {
                (true, true) => "`economy`, `sector`, `factor`, `owner`",
                (true, false) => "`economy`, `sector`, `factor`",
                _ => "`economy`, `factor`",
            };
            return Err(self.frame.combination(key, start, format!("has the keys {keys} only")));
        }
        let Some(economy) = &typed.economy else {
            return Err(self.frame.combination(
                key,
                start,
                "needs `economy`: a code, a list of codes, or \"all\"",
            ));
        };
        Ok((self.positive(&typed.factor)?, self.frame.economies("economy", economy)?))
    }

    fn deficit(&self, key: &str, entry: &Spanned<TypedDeficit>) -> Result<What, Problem> {
        let typed = entry.as_ref();
        let economies = self.frame.economies("economy", &typed.economy)?.positions;
        match (&typed.set, &typed.factor) {
            (Some(set), None) => Ok(What::DeficitLevel(self.number("set", set)?, economies)),
            (None, Some(factor)) => Ok(What::DeficitFactor(self.number("factor", factor)?, economies)),
            _ => {
                let reason = "needs exactly one of `set` (a level in the benchmark's unit) and `factor`";
                Err(self.frame.combination(key, entry.span().start, reason))
            }
        }
    }

    fn limits(&self, key: &str, entry: &Spanned<TypedLimit>, read: &mut Read) -> Result<Vec<Limit>, Problem> {
        let typed = entry.as_ref();
        let start = entry.span().start;
        let cells = self.cells(&typed.importer, &typed.exporter, typed.sector.as_ref())?;
        self.product(key, entry, &cells, read)?;
        let bound = |name: &str, typed: &Option<Spanned<f64>>| -> Result<Option<f64>, Problem> {
            let Some(typed) = typed else { return Ok(None) };
            let number = self.number(name, typed)?;
            if number >= 0.0 {
                return Ok(Some(number));
            }
            let rule = "a limit on a flow is zero or above, in the benchmark's unit".to_string();
            let finding =
                Finding::Domain { what: "the limit".into(), cell: String::new(), found: number, rule };
            Err(self.frame.problem(name, typed.span().start, finding))
        };
        let (min, max) = (bound("min", &typed.min)?, bound("max", &typed.max)?);
        if min.is_some() == max.is_some() {
            return Err(self.frame.combination(
                key,
                start,
                "needs exactly one of `min` (a floor) and `max` (a cap)",
            ));
        }
        let mut measure = LimitMeasure::Value;
        let words = [("value", LimitMeasure::Value), ("volume", LimitMeasure::Volume)];
        self.frame.word(&words, "of", &typed.of, &mut measure)?;
        let mut rent = RentOwner::Importer;
        let words =
            [("exporter", RentOwner::Exporter), ("importer", RentOwner::Importer), ("none", RentOwner::None)];
        if typed.rent.is_none() && max.is_some() {
            let reason =
                "a cap creates a rent: say whose it is, `rent = \"exporter\"`, \"importer\" or \"none\"";
            return Err(self.frame.combination(key, start, reason));
        }
        self.frame.word(&words, "rent", &typed.rent, &mut rent)?;
        let limit = |cells: Vec<usize>| Limit { cells, min, max, measure, rent };
        if typed.each.unwrap_or(false) {
            Ok(cells.into_iter().map(|cell| limit(vec![cell])).collect())
        } else {
            Ok(vec![limit(cells)])
        }
    }

    /// A measure on a product is answered by acting on its sector only where the product is most of the sector's flow.
    fn product(
        &self,
        key: &str,
        entry: &Spanned<TypedLimit>,
        cells: &[usize],
        read: &mut Read,
    ) -> Result<(), Problem> {
        let (typed, start) = (entry.as_ref(), entry.span().start);
        let (product, value) = match (&typed.product, &typed.product_value) {
            (None, None) => return Ok(()),
            (Some(product), Some(value)) => (product, value),
            _ => {
                let reason =
                    "`product` and `product_value` (its trade on these flows, benchmark unit) go together";
                return Err(self.frame.combination(key, start, reason));
            }
        };
        let value = match self.number("product_value", value)? {
            number if number > 0.0 => number,
            found => {
                let rule = "trade in a product is above zero, in the benchmark's unit".to_string();
                let finding =
                    Finding::Domain { what: "the product's trade".into(), cell: String::new(), found, rule };
                return Err(self.frame.problem("product_value", value.span().start, finding));
            }
        };
        let flow: f64 = cells.iter().map(|cell| self.frame.benchmark.border_value[*cell]).sum();
        match exposure::of_product(value, flow) {
            Measurability::Measurable => read.notes.push(format!(
                "{}: {:.0} percent of its sector's flow, which stands for it",
                product.as_ref(),
                100.0 * value / flow
            )),
            measurability => read.not_measurable.push(NotMeasurable {
                key: key.to_string(),
                line: self.frame.line(start),
                product: product.as_ref().clone(),
                measurability,
            }),
        }
        Ok(())
    }

    /// A shift of final demand as fractions of income: from what it names to what it names, spread within each as final
    /// use is spread in the data.
    fn final_demand(
        &self,
        key: &str,
        entry: &Spanned<TypedFinalDemand>,
    ) -> Result<Vec<FinalDemandShift>, Problem> {
        let typed = entry.as_ref();
        let share = self.number("share_of_gdp", &typed.share_of_gdp)?;
        let economies = self.frame.economies("economy", &typed.economy)?.positions;
        let benchmark = self.frame.benchmark;
        let dimensions = benchmark.dimensions();
        let accounts = Accounts::of(benchmark);
        let mut shifts = Vec::new();
        for economy in economies {
            let final_use: Vec<f64> = (0..dimensions.sectors)
                .map(|sector| {
                    let pair = dimensions.pair(economy, sector);
                    accounts.spending[pair] - accounts.input_use[pair]
                })
                .collect();
            let gdp = accounts.value_added[economy] + accounts.revenue[economy];
            let moved = share * gdp / accounts.income[economy];
            let from = self.split(key, "from", &typed.from, economy, &final_use)?;
            let to = self.split(key, "to", &typed.to, economy, &final_use)?;
            let moved_by = |from: &[f64], to: &[f64]| -> Vec<f64> {
                from.iter().zip(to).map(|(from, to)| moved * (to - from)).collect()
            };
            let shift = moved_by(&from.by_sector, &to.by_sector);
            let by_use = moved_by(&from.by_use, &to.by_use);
            for (sector, change) in shift.iter().enumerate() {
                if final_use[sector] / accounts.income[economy] + change < 0.0 {
                    let reason = format!(
                        "would leave final use of `{}` in `{}` below zero; move a smaller share",
                        benchmark.sectors[sector].code, benchmark.economies[economy].code
                    );
                    return Err(self.frame.combination(key, entry.span().start, reason));
                }
            }
            shifts.push(FinalDemandShift { economy, shift, by_use });
        }
        Ok(shifts)
    }

    /// How a sector, a kind or a category is spread over sectors in an economy, and over uses where the data tell them apart.
    fn split(
        &self,
        key: &str,
        side: &str,
        name: &Spanned<String>,
        economy: usize,
        final_use: &[f64],
    ) -> Result<Spread, Problem> {
        let benchmark = self.frame.benchmark;
        let dimensions = benchmark.dimensions();
        let start = name.span().start;
        let name = name.as_ref();
        let categories = benchmark.final_demand.as_ref();
        let by_use = categories.and_then(FinalDemand::by_use);
        let sectors = dimensions.sectors;
        let mut spread = Spread {
            by_sector: vec![0.0; sectors],
            by_use: if by_use.is_some() { vec![0.0; FinalUse::ALL.len() * sectors] } else { Vec::new() },
        };
        if let Some(chosen) = self.frame.sector_or_kind(name) {
            for sector in chosen {
                let weight = final_use[sector].max(0.0);
                spread.by_sector[sector] = weight;
                // All who buy of it, in proportion.
                let Some(by_use) = &by_use else { continue };
                let pair = dimensions.pair(economy, sector);
                let total: f64 = by_use.iter().map(|values| values[pair]).sum();
                for (place, values) in by_use.iter().enumerate().filter(|_| total > 0.0) {
                    spread.by_use[place * sectors + sector] = weight * values[pair] / total;
                }
            }
        } else if let Some((demand, category)) = categories
            .and_then(|demand| Some((demand, demand.categories.iter().position(|known| known == name)?)))
        {
            let of_use = FinalUse::of_category(name);
            for (sector, weight) in spread.by_sector.iter_mut().enumerate() {
                let pair = dimensions.pair(economy, sector);
                let total: f64 = demand.value.iter().map(|values| values[pair]).sum();
                *weight =
                    if total > 0.0 { final_use[sector] * demand.value[category][pair] / total } else { 0.0 };
                if let (Some(of_use), true) = (of_use, by_use.is_some()) {
                    spread.by_use[of_use as usize * sectors + sector] = *weight;
                }
            }
        } else {
            let known = benchmark.sectors.iter().map(|sector| sector.code.as_str());
            let known = known.chain(
                categories.into_iter().flat_map(|demand| demand.categories.iter().map(String::as_str)),
            );
            let what = "sector, kind or category of final demand";
            let finding =
                Finding::UnknownCode { what, found: name.clone(), suggestion: suggestion(name, known) };
            return Err(self.frame.problem(side, start, finding));
        }
        let sum: f64 = spread.by_sector.iter().sum();
        if name == ALL || sum <= 0.0 {
            let reason = format!("`{name}` has no final use in `{}`", benchmark.economies[economy].code);
            return Err(self.frame.combination(key, start, reason));
        }
        spread.by_sector.iter_mut().chain(&mut spread.by_use).for_each(|weight| *weight /= sum);
        Ok(spread)
    }
}

/// Where a part of final demand stands: weights that sum to one.
struct Spread {
    by_sector: Vec<f64>,
    /// Use by use, sectors within; empty where the data do not tell uses apart.
    by_use: Vec<f64>,
}
