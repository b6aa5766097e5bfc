//! From the words of `[closure]` and `[baseline]` to the settings of the model.

use detente_data::switching;
use detente_engine::closure::{
    Closure, Deficits, Demand, FactorMarket, FixedEntryProfit, Intermediates, LabourSupply, MarketStructure,
    Numeraire, Revenue, WelfareBase,
};
use detente_engine::horizon::Horizon;
use toml::Spanned;

use super::meant::InYears;
use super::selection::Frame;
use super::typed::{TypedBaseline, TypedClosure};
use detente_tables::diagnostics::{Finding, Problem};
use detente_tables::nearest::suggestion;

/// The words of a setting and what they mean.
type Words<T> = &'static [(&'static str, T)];

const MARKET_STRUCTURE: Words<MarketStructure> = &[
    ("perfect", MarketStructure::Perfect),
    ("krugman", MarketStructure::Krugman),
    ("melitz", MarketStructure::Melitz),
    ("fixed-entry", MarketStructure::FixedEntry),
];
const FACTOR_MARKET: Words<FactorMarket> =
    &[("mobile", FactorMarket::Mobile), ("roy", FactorMarket::Roy), ("specific", FactorMarket::Specific)];
const LABOUR_SUPPLY: Words<LabourSupply> =
    &[("fixed", LabourSupply::Fixed), ("elastic", LabourSupply::Elastic)];
const DEFICITS: Words<Deficits> = &Deficits::WORDS;
const DEMAND: Words<Demand> = &[("cobb-douglas", Demand::CobbDouglas), ("ces", Demand::Ces)];
const INTERMEDIATES: Words<Intermediates> =
    &[("input-output", Intermediates::InputOutput), ("none", Intermediates::None)];
const REVENUE: Words<Revenue> = &[
    ("rebated", Revenue::Rebated),
    ("wasted", Revenue::Wasted),
    ("income-tax-relief", Revenue::IncomeTaxRelief),
];
const WELFARE_BASE: Words<WelfareBase> =
    &[("income", WelfareBase::Income), ("utility", WelfareBase::Utility)];
const FIXED_ENTRY_PROFIT: Words<FixedEntryProfit> =
    &[("refuse", FixedEntryProfit::Refuse), ("cap", FixedEntryProfit::Cap)];
// `truce` is the old word of the first year, and is read.
const HORIZON: Words<Horizon> =
    &[("long", Horizon::Long), ("first-year", Horizon::FirstYear), ("truce", Horizon::FirstYear)];
const CAPITAL: Words<bool> = &[("fixed", false), ("steady", true)];
const DEFICIT_UNIT: Words<bool> = &[("world-gdp", false), ("numeraire", true)];

/// The settings of a closure in the words of the contract, for results and pages.
pub fn words(closure: &Closure) -> Vec<(&'static str, String)> {
    fn word<T: PartialEq + Copy>(words: Words<T>, value: T) -> String {
        words.iter().find(|(_, known)| *known == value).map_or(String::new(), |(word, _)| (*word).to_string())
    }
    let mut out = vec![
        ("market_structure", word(MARKET_STRUCTURE, closure.market_structure)),
        ("factor_market", word(FACTOR_MARKET, closure.factor_market)),
        ("labour_supply", word(LABOUR_SUPPLY, closure.labour_supply)),
        ("deficits", word(DEFICITS, closure.deficits)),
        ("demand", word(DEMAND, closure.demand)),
        ("intermediates", word(INTERMEDIATES, closure.intermediates)),
        ("revenue", word(REVENUE, closure.revenue)),
        ("numeraire", numeraire_word(&closure.numeraire)),
        ("welfare_base", word(WELFARE_BASE, closure.welfare_base)),
    ];
    let parameters = [
        ("roy_shape", closure.roy_shape),
        ("labour_supply_elasticity", closure.labour_supply_elasticity),
        ("demand_elasticity", closure.demand_elasticity),
        ("capital_share", closure.capital_share),
        ("scale_elasticity", closure.scale_elasticity),
        ("scale_times_trade_elasticity", closure.scale_times_trade_elasticity),
        ("elasticity_of_substitution", closure.elasticity_of_substitution),
        ("firm_size_tail", closure.firm_size_tail),
    ];
    out.extend(parameters.into_iter().filter_map(|(name, value)| Some((name, value?.to_string()))));
    if closure.market_structure == MarketStructure::FixedEntry {
        out.push(("fixed_entry_profit", word(FIXED_ENTRY_PROFIT, closure.fixed_entry_profit)));
    }
    if closure.deficit_unit_is_numeraire {
        out.push(("deficit_unit", "numeraire".to_string()));
    }
    if closure.local_selling_costs {
        out.push(("local_selling_costs", "true".to_string()));
    }
    out
}

/// The word of a numeraire.
pub fn numeraire_word(numeraire: &Numeraire) -> String {
    match numeraire {
        Numeraire::WorldGdp => "world-gdp".to_string(),
        Numeraire::Wage(code) => format!("wage:{code}"),
        Numeraire::WorldPrices => "world-prices".to_string(),
    }
}

/// Both tables have the keys of a closure; the absent ones keep what `base` says.
macro_rules! resolve_closure {
    ($frame:expr, $typed:expr, $base:expr) => {{
        let (frame, typed, mut closure): (&Frame<'_>, _, Closure) = ($frame, $typed, $base);
        frame.word(
            MARKET_STRUCTURE,
            "market_structure",
            &typed.market_structure,
            &mut closure.market_structure,
        )?;
        frame.word(FACTOR_MARKET, "factor_market", &typed.factor_market, &mut closure.factor_market)?;
        frame.word(LABOUR_SUPPLY, "labour_supply", &typed.labour_supply, &mut closure.labour_supply)?;
        frame.word(DEFICITS, "deficits", &typed.deficits, &mut closure.deficits)?;
        frame.word(DEMAND, "demand", &typed.demand, &mut closure.demand)?;
        frame.word(INTERMEDIATES, "intermediates", &typed.intermediates, &mut closure.intermediates)?;
        frame.word(REVENUE, "revenue", &typed.revenue, &mut closure.revenue)?;
        frame.word(WELFARE_BASE, "welfare_base", &typed.welfare_base, &mut closure.welfare_base)?;
        frame.word(
            FIXED_ENTRY_PROFIT,
            "fixed_entry_profit",
            &typed.fixed_entry_profit,
            &mut closure.fixed_entry_profit,
        )?;
        frame.word(
            DEFICIT_UNIT,
            "deficit_unit",
            &typed.deficit_unit,
            &mut closure.deficit_unit_is_numeraire,
        )?;
        if let Some(numeraire) = &typed.numeraire {
            closure.numeraire = frame.numeraire(numeraire)?;
        }
        closure.roy_shape = typed.roy_shape.or(closure.roy_shape);
        closure.labour_supply_elasticity =
            typed.labour_supply_elasticity.or(closure.labour_supply_elasticity);
        closure.demand_elasticity = typed.demand_elasticity.or(closure.demand_elasticity);
        closure.capital_share = typed.capital_share.or(closure.capital_share);
        closure.scale_elasticity = typed.scale_elasticity.or(closure.scale_elasticity);
        closure.scale_times_trade_elasticity =
            typed.scale_times_trade_elasticity.or(closure.scale_times_trade_elasticity);
        closure.elasticity_of_substitution =
            typed.elasticity_of_substitution.or(closure.elasticity_of_substitution);
        closure.firm_size_tail = typed.firm_size_tail.or(closure.firm_size_tail);
        closure.local_selling_costs = typed.local_selling_costs.unwrap_or(closure.local_selling_costs);
        closure
    }};
}

/// The settings of `[closure]`.
pub(super) fn closure(frame: &Frame<'_>, typed: &TypedClosure) -> Result<Closure, Problem> {
    let closure = resolve_closure!(frame, typed, Closure::default());
    refuse_domains(frame, "closure", &closure)?;
    Ok(closure)
}

/// What `horizon` says: a word, or a number of years with the path by which buyers find other origins.
pub(super) fn horizon(
    frame: &Frame<'_>,
    typed: &TypedClosure,
) -> Result<(Horizon, Option<InYears>), Problem> {
    /// `horizon = "years"`, the word of before, is these: its set of elasticities was labelled two to three years, and what it fell by (2.87)
    /// is what the record fell by in the third (2.9).
    const ALIAS: f64 = 3.0;
    const KEY: &str = "horizon";
    let Some(typed) = &typed.horizon else { return Ok((Horizon::default(), None)) };
    let start = typed.span().start;
    let refused = |reason: String| frame.combination(KEY, start, reason);
    let path = |name: &str| switching::named(name).map_err(|error| refused(error.to_string()));
    let keys = match typed.as_ref() {
        toml::Value::String(word) if word == Horizon::Years.code() => {
            let found = InYears { years: ALIAS, path: path(switching::PATHS[0])? };
            return Ok((Horizon::Years, Some(found)));
        }
        toml::Value::String(word) => {
            let mut horizon = Horizon::default();
            let word = Some(Spanned::new(typed.span(), word.clone()));
            frame.word(HORIZON, KEY, &word, &mut horizon)?;
            return Ok((horizon, None));
        }
        toml::Value::Table(keys) => keys,
        other => {
            let reason = format!(
                "`{other}` is no horizon; \"long\", \"first-year\" or {{ years = 3 }} is, with `path` beside `years`"
            );
            return Err(refused(reason));
        }
    };
    if let Some(unknown) = keys.keys().find(|key| !["years", "path"].contains(&key.as_str())) {
        return Err(refused(format!(
            "it has no key `{unknown}`; {}",
            suggestion(unknown, ["years", "path"])
        )));
    }
    let years = match keys.get("years") {
        Some(toml::Value::Integer(years)) => *years as f64,
        Some(toml::Value::Float(years)) => *years,
        Some(other) => return Err(refused(format!("`years` is `{other}`; a number is needed"))),
        None => return Err(refused("how many `years` is not said".to_owned())),
    };
    if !(years >= 0.0 && years.is_finite()) {
        return Err(refused(format!("`years` is {years}; a finite number, zero or above, is needed")));
    }
    let path = match keys.get("path") {
        None => path(switching::PATHS[0])?,
        Some(toml::Value::String(name)) => path(name)?,
        Some(other) => return Err(refused(format!("`path` is `{other}`; the name of a path is needed"))),
    };
    Ok((Horizon::Years, Some(InYears { years, path })))
}

/// Whether `[closure]` asks for what happens once capital has answered.
pub(super) fn capital_answers(frame: &Frame<'_>, typed: &TypedClosure) -> Result<bool, Problem> {
    let mut answers = false;
    frame.word(CAPITAL, "capital", &typed.capital, &mut answers)?;
    Ok(answers)
}

/// The settings of `[baseline]`: keys that are absent take the values of `[closure]`.
pub(super) fn baseline(
    frame: &Frame<'_>,
    typed: &TypedBaseline,
    closure: &Closure,
) -> Result<Closure, Problem> {
    if let Some(horizon) = &typed.horizon {
        let reason = "the horizon is that of the question; set it in [closure]";
        return Err(frame.combination("horizon", horizon.span().start, reason));
    }
    let own = resolve_closure!(frame, typed, closure.clone());
    refuse_domains(frame, "baseline", &own)?;
    Ok(own)
}

/// Refuses parameters that mean nothing under any setting, at their line; what a setting asks of them beyond that is the model's to say.
fn refuse_domains(frame: &Frame<'_>, table: &str, closure: &Closure) -> Result<(), Problem> {
    const SHARE: (f64, &str) = (1.0, "it is a share of value added, above zero and below one");
    const NUMBER: (f64, &str) = (f64::INFINITY, "a finite number, zero or above, is needed");
    let parameters = [
        ("roy_shape", closure.roy_shape, NUMBER),
        ("labour_supply_elasticity", closure.labour_supply_elasticity, NUMBER),
        ("demand_elasticity", closure.demand_elasticity, NUMBER),
        ("capital_share", closure.capital_share, SHARE),
        ("scale_elasticity", closure.scale_elasticity, NUMBER),
        ("scale_times_trade_elasticity", closure.scale_times_trade_elasticity, NUMBER),
        ("elasticity_of_substitution", closure.elasticity_of_substitution, NUMBER),
        ("firm_size_tail", closure.firm_size_tail, NUMBER),
    ];
    for (key, value, (most, rule)) in parameters {
        let Some(found) = value.filter(|value| !(*value >= 0.0 && *value < most)) else { continue };
        let finding = Finding::Domain { what: key.into(), cell: String::new(), found, rule: rule.into() };
        return Err(frame.problem(key, frame.start_of(table, key), finding));
    }
    Ok(())
}

impl Frame<'_> {
    /// Reads the word of a setting; absent keys leave it as it is.
    pub fn word<T: Copy>(
        &self,
        words: &[(&'static str, T)],
        key: &str,
        typed: &Option<Spanned<String>>,
        setting: &mut T,
    ) -> Result<(), Problem> {
        let Some(typed) = typed else { return Ok(()) };
        let found = typed.as_ref();
        let Some((_, value)) = words.iter().find(|(word, _)| word == found) else {
            let suggestion = suggestion(found, words.iter().map(|(word, _)| *word));
            let finding = Finding::UnknownWord { found: found.clone(), suggestion };
            return Err(self.problem(key, typed.span().start, finding));
        };
        *setting = *value;
        Ok(())
    }

    fn numeraire(&self, typed: &Spanned<String>) -> Result<Numeraire, Problem> {
        let start = typed.span().start;
        match typed.as_ref().split_once(':') {
            None if typed.as_ref() == "world-gdp" => Ok(Numeraire::WorldGdp),
            None if typed.as_ref() == "world-prices" => Ok(Numeraire::WorldPrices),
            Some(("wage", code)) => {
                self.economy("numeraire", start, code)?;
                Ok(Numeraire::Wage(code.to_string()))
            }
            _ => {
                let found = typed.as_ref().clone();
                let suggestion = suggestion(&found, ["world-gdp", "wage:CODE", "world-prices"]);
                Err(self.problem("numeraire", start, Finding::UnknownWord { found, suggestion }))
            }
        }
    }
}
