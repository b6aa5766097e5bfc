//! Puts a brief together: the record, the duty, the outcomes, each from the room that knows it.

use super::{
    Bands, BenchmarkDuties, Brief, ByLaw, Deadline, LeftOut, LostBasis, NeedsNewAct, OneRateDeal, Outcome,
    OwnStep, Party, bands, doubt,
    doubt::CostOfDoubt,
    duty,
    effects::{Case, Ground},
    one_rate::{GameTable, one_rate_deal},
    others::{self, OthersDuties, WithOthers},
    record,
};
use crate::by_product::ByProduct;
use crate::collection::{self, Basis, CollectionRatio};
use crate::join::Join;
use crate::ledger_tariffs::{LedgerTariffError, LedgerTariffs, Schedule};
use crate::strategy::day::RecordDay;
use crate::uncertainty::BandError;
use crate::words;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_data::elasticities;
use detente_engine::{
    closure::Closure,
    error::EngineError,
    first_year::{FirstYear, FirstYearCase},
    parallel::Control,
    solver::Solver,
};
use detente_ledger::{
    LedgerError,
    schedule::Reading,
    status::{self, AsOf, Lapse, NeedsAct, NextDeadline},
    talks::{Outcome as Planned, OutcomeKind, Talks, Threat},
    tariff::{TariffError, Tariffs, View},
};

/// Why there is no brief.
#[derive(Debug, thiserror::Error)]
pub enum BriefError {
    /// The record cannot answer.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The tariffs of a day cannot be worked out.
    #[error(transparent)]
    Tariff(#[from] TariffError),
    /// The ledger's tariffs cannot be laid on the benchmark.
    #[error(transparent)]
    Join(#[from] LedgerTariffError),
    /// The engine refuses the question.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The bands cannot be drawn.
    #[error(transparent)]
    Bands(#[from] BandError),
    /// The short-run parameters cannot be read.
    #[error(transparent)]
    Elasticity(#[from] elasticities::ElasticityError),
}

/// What a brief is made from.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// The record with the products at hand.
    pub tariffs: &'a Tariffs,
    /// The economy.
    pub world: &'a BenchmarkDirectory,
    /// How solves and draws are governed: threads, the flag that stops them, who hears of each draw.
    pub control: &'a Control,
}

/// How a brief is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Asked {
    /// The day, and whose knowledge.
    pub clock: AsOf,
    /// How steps of the ledger reach the model.
    pub basis: Basis,
    /// Which duties on others stand on the day.
    pub others: OthersDuties,
}

/// The brief on some talks on a day, as known on a day.
///
/// ```
/// use detente::brief::assemble::{Asked, Sources, brief};
/// use detente::brief::others::OthersDuties;
/// use detente::collection::Basis;
/// use detente_engine::parallel::Control;
/// use detente_ledger::AsOf;
/// use jiff::civil::date;
///
/// let world = detente::World::embedded()?;
/// let tariffs = world.record()?;
/// let talks = tariffs.ledger().talks("us-china")?;
/// let control = Control::default();
/// let sources = Sources { tariffs, world: world.directory(), control: &control };
/// let day = date(2025, 9, 16);
/// let clock = AsOf { on: day, known_on: day };
/// let asked = Asked { clock, basis: Basis::Statute, others: OthersDuties::None };
/// let found = brief(sources, &talks, asked)?;
/// assert_eq!(found.deadline.map(|deadline| deadline.days), Some(55));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn brief(sources: Sources<'_>, talks: &Talks, asked: Asked) -> Result<Brief, BriefError> {
    Ok(with_table(sources, talks, asked)?.0)
}

/// The same with the table that its deal was looked for at, for more games on the same day; none where none was laid.
///
/// # Errors
/// As [`brief`].
pub fn with_table<'a>(
    sources: Sources<'a>,
    talks: &Talks,
    asked: Asked,
) -> Result<(Brief, Option<GameTable<'a>>), BriefError> {
    assembled(sources, talks, asked, true)
}

/// The same without bands: the solved numbers alone, at a tenth of the time. What says how sure is none.
pub fn without_bands(sources: Sources<'_>, talks: &Talks, asked: Asked) -> Result<Brief, BriefError> {
    Ok(assembled(sources, talks, asked, false)?.0)
}

fn assembled<'a>(
    sources: Sources<'a>,
    talks: &Talks,
    asked: Asked,
    is_banded: bool,
) -> Result<(Brief, Option<GameTable<'a>>), BriefError> {
    let Asked { clock, basis, .. } = asked;
    let AsOf { on, known_on } = clock;
    let status = status::status(sources.tariffs.ledger(), talks, clock, None);
    let next = status.next_deadline.as_ref();
    let parties = parties(talks, sources.world)?;
    let ratios = match basis {
        Basis::Collected => collection::ratios(
            LedgerTariffs { tariffs: sources.tariffs },
            &sources.world.benchmark,
            &talks.parties.iter().map(|party| party.code.clone()).collect::<Vec<_>>(),
            on,
            known_on,
        )?,
        Basis::Statute => Vec::new(),
    };
    if asked.others == OthersDuties::Day {
        others::prepare(sources.tariffs, sources.world)?;
    }
    let day = RecordDay { tariffs: sources.tariffs, talks, clock, collected: &ratios };
    let codes: Vec<String> = parties.iter().map(|party| party.economy.clone()).collect();
    // Nothing else of a brief hangs on its deal: it is looked for meanwhile.
    let (answered, dealt) = sources.control.both(
        || answered(sources, talks, asked, is_banded, (&ratios, &codes), next),
        || is_banded.then(|| in_one_rate(sources, &day, &codes)),
    );
    let Answered { outcomes, bands, left_out, others, cost_of_doubt } = answered?;
    let Dealt { deal, no_deal, table } = dealt.unwrap_or_default();
    let not_counted = not_counted(cost_of_doubt.as_ref(), &parties);
    let brief = Brief {
        talks: talks.id.clone(),
        title: talks.title.clone(),
        on: on.to_string(),
        known_on: known_on.to_string(),
        last_evidence: talks.last_evidence.to_string(),
        not_verified_after: status.not_verified_after.map(|day| day.to_string()),
        before_the_record: status.before_the_record.map(|day| day.to_string()),
        parties,
        deadline: next.map(|next| deadline(sources.tariffs, talks, clock, next)).transpose()?,
        own_steps: own_steps(sources.tariffs, talks, clock)?,
        duty: duty::duty(sources.tariffs, talks, clock, next.map(|next| next.date))?,
        outcomes,
        bands,
        deal,
        no_deal,
        benchmark_duties: benchmark_duties(talks, sources.world),
        outcomes_left_out: left_out,
        not_in_these_numbers: record::not_in_these_numbers(talks, clock),
        not_counted,
        cost_of_doubt,
        unit: sources.world.benchmark.unit.clone(),
        record: record::record(talks, clock),
        intensity: record::intensity(talks, clock),
        caveats: caveats(sources.world, &ratios, &others),
        others: asked.others.word(),
        collection_ratios: ratios,
        basis,
    };
    Ok((brief, table))
}

/// What the model answers on a day.
struct Answered {
    outcomes: Vec<Outcome>,
    bands: Option<Bands>,
    left_out: Vec<LeftOut>,
    others: WithOthers,
    cost_of_doubt: Option<CostOfDoubt>,
}

fn answered(
    sources: Sources<'_>,
    talks: &Talks,
    asked: Asked,
    is_banded: bool,
    (ratios, codes): (&[CollectionRatio], &[String]),
    next: Option<&NextDeadline>,
) -> Result<Answered, BriefError> {
    let Asked { clock, basis, .. } = asked;
    let AsOf { on, known_on } = clock;
    let party_codes: Vec<String> = talks.parties.iter().map(|party| party.code.clone()).collect();
    let ledger = LedgerTariffs { tariffs: sources.tariffs };
    let join = Join { ledger, directory: sources.world, parties: &party_codes };
    let today = Schedule::on_day(on, known_on);
    let others = others::with_others(join, today, basis, asked.others)?;
    let by_product = ByProduct::new(join, known_on)?;
    let benchmark = &sources.world.benchmark;
    let first_year = FirstYear::with_products(benchmark, by_product.trade())?;
    let laid = Laid { join, ratios, others: &others, by_product: &by_product, first_year: &first_year };
    let (cases, mut left_out) = cases(&laid, talks, clock, next)?;
    let calibration = Solver::new(benchmark, &Closure::default())?;
    let calibration = calibration.with_control(sources.control.quiet());
    let quality = |code: &str| {
        let economy = sources.world.benchmark.economy(code)?;
        sources.world.quality(economy).map(|quality| quality.grade)
    };
    let without = Case {
        name: "without the two sides' measures".to_owned(),
        kind: OutcomeKind::Date,
        description: String::new(),
        first_year: laid.within_a_year(&others.tariff_rate, today)?,
        tariff_rate: others.tariff_rate.clone(),
        range: bands::own_range(sources.world),
    };
    let ground = Ground {
        calibration: &calibration,
        parties: codes,
        without: &without,
        first_year: &first_year,
        parameters: &elasticities::short_run()?.published(),
        quality: &quality,
    };
    let mut solved = ground.solve(&cases)?;
    let bands = match is_banded {
        true => bands::add(sources.control, &ground, sources.world, &cases, &mut solved.outcomes)?,
        false => None,
    };
    // Doubt is one sentence of many: what keeps it from being found keeps nothing else back.
    let cost_of_doubt = is_banded.then(|| doubt::cost(&calibration, &cases, codes).ok().flatten()).flatten();
    left_out.extend(solved.left_out);
    Ok(Answered { outcomes: solved.outcomes, bands, left_out, others, cost_of_doubt })
}

/// The deal of a brief, why there is none, and the table that it was looked for at.
#[derive(Default)]
struct Dealt<'a> {
    deal: Option<OneRateDeal>,
    no_deal: Option<String>,
    table: Option<GameTable<'a>>,
}

/// A deal is one sentence of many: what keeps it from being found is said and keeps nothing else back.
fn in_one_rate<'a>(sources: Sources<'a>, day: &RecordDay<'_>, economies: &[String]) -> Dealt<'a> {
    let [first, second] = economies else {
        let no_deal = format!("the talks have {} parties; a deal is looked for between two", economies.len());
        return Dealt { no_deal: Some(no_deal), ..Dealt::default() };
    };
    let table = match GameTable::new(&sources.control.quiet(), day, sources.world) {
        Ok(table) => table,
        Err(reason) => return Dealt { no_deal: Some(reason.to_string()), ..Dealt::default() },
    };
    let (deal, no_deal) = match one_rate_deal(&table, [first.as_str(), second.as_str()]) {
        Ok(deal) => (Some(deal), None),
        Err(reason) => (None, Some(reason.to_string())),
    };
    Dealt { deal, no_deal, table: Some(table) }
}

/// Which day's duties of each party the benchmark holds, where it says so.
fn benchmark_duties(talks: &Talks, world: &BenchmarkDirectory) -> Vec<BenchmarkDuties> {
    let of = |party: &detente_ledger::talks::Party| {
        let held = world.tariffs_of(world.benchmark.economy_of_member(&party.code)?)?;
        Some(BenchmarkDuties { importer: party.code.clone(), day: held.ledger_day.to_string() })
    };
    talks.parties.iter().filter_map(of).collect()
}

fn parties(talks: &Talks, world: &BenchmarkDirectory) -> Result<Vec<Party>, LedgerTariffError> {
    talks
        .parties
        .iter()
        .map(|party| {
            let economy = world
                .benchmark
                .economy_of_member(&party.code)
                .ok_or_else(|| LedgerTariffError::Party { party: party.code.clone() })?;
            Ok(Party {
                code: party.code.clone(),
                name: party.name.clone(),
                economy: world.benchmark.economies[economy].code.clone(),
            })
        })
        .collect()
}

/// How an outcome's measures become tariffs.
struct Laid<'a> {
    join: Join<'a>,
    ratios: &'a [CollectionRatio],
    others: &'a WithOthers,
    by_product: &'a ByProduct<'a>,
    first_year: &'a FirstYear<'a>,
}

impl Laid<'_> {
    fn within_a_year(
        &self,
        tariff_rate: &[f64],
        schedule: Schedule<'_>,
    ) -> Result<FirstYearCase, BriefError> {
        let by_product = self.by_product.rates(tariff_rate, schedule)?;
        Ok(self.first_year.case(tariff_rate, &by_product)?)
    }

    fn case(&self, outcome: &Planned, schedule: Schedule<'_>) -> Result<Case, BriefError> {
        let mut tariff_rate = self.others.tariff_rate.clone();
        for (cell, rate) in self.join.changed(schedule, self.ratios)? {
            tariff_rate[cell] = rate;
        }
        Ok(Case {
            name: outcome.name.clone(),
            kind: outcome.kind,
            description: outcome.description.clone(),
            first_year: self.within_a_year(&tariff_rate, schedule)?,
            range: self.join.range(schedule, self.ratios)?,
            tariff_rate,
        })
    }
}

/// The outcomes of the talks' file as tariffs; today first, since the others are measured from it.
fn cases(
    laid: &Laid<'_>,
    talks: &Talks,
    clock: AsOf,
    next: Option<&NextDeadline>,
) -> Result<(Vec<Case>, Vec<LeftOut>), BriefError> {
    let mut planned: Vec<&Planned> = talks.outcomes.iter().collect();
    planned.sort_by_key(|outcome| outcome.kind != OutcomeKind::InForce);
    let standing: Vec<&Threat> = talks
        .threats
        .iter()
        .filter(|threat| {
            threat.stands(clock) && threat.is_available(clock) && threat.has_figure(clock.known_on)
        })
        .collect();
    let mut cases = Vec::new();
    let mut left_out = Vec::new();
    for outcome in planned {
        match schedule(outcome, clock, next, &standing) {
            Ok(schedule) => cases.push(laid.case(outcome, schedule)?),
            Err(reason) => left_out.push(LeftOut { name: outcome.name.clone(), reason }),
        }
    }
    Ok((cases, left_out))
}

/// Which measures an outcome means, or why it means none on this day.
fn schedule<'a>(
    outcome: &Planned,
    clock: AsOf,
    next: Option<&NextDeadline>,
    standing: &'a [&'a Threat],
) -> Result<Schedule<'a>, String> {
    let today = Schedule::on_day(clock.on, clock.known_on);
    match outcome.kind {
        OutcomeKind::InForce => Ok(today),
        OutcomeKind::Lapse => next
            .map(|next| Schedule { on: next.date, ..today })
            .ok_or_else(|| "no deadline is set on that day".to_owned()),
        OutcomeKind::Threats if standing.is_empty() => {
            Err("nothing announced stands, is legally available and has a figure".to_owned())
        }
        OutcomeKind::Threats => Ok(Schedule { threats: standing, ..today }),
        OutcomeKind::Date => match outcome.date {
            // A day of reference is past or, for an early brief, not known yet: then it cannot be shown.
            Some(day) if day <= clock.known_on => Ok(Schedule::on_day(day, clock.known_on)),
            Some(day) => Err(format!("{day} lies after the day whose knowledge is used")),
            None => Err("the talks' file gives no date for it".to_owned()),
        },
    }
}

fn deadline(
    tariffs: &Tariffs,
    talks: &Talks,
    clock: AsOf,
    next: &NextDeadline,
) -> Result<Deadline, BriefError> {
    let measure = next.what.join("; ");
    let mut what = measure.clone();
    if let Some(standing) = &next.standing {
        what.push_str(&format!(" ({standing})"));
    }
    Ok(Deadline {
        date: next.date.to_string(),
        days: i64::from(next.days),
        what,
        measure,
        standing: next.standing.as_ref().map(ToString::to_string),
        by_notices: match next.stated {
            true => duty::by_notices(tariffs, talks, clock, next.date)?,
            false => None,
        },
        by_law: next.lapses.iter().map(|lapse| by_law(tariffs, clock, lapse)).collect::<Result<_, _>>()?,
        no_legal_basis: next
            .no_legal_basis
            .iter()
            .map(|lapse| by_law(tariffs, clock, lapse))
            .collect::<Result<_, _>>()?,
        needs_new_act: next
            .needs_new_act
            .iter()
            .map(|act| NeedsNewAct {
                imposer: act.imposer.clone(),
                target: act.target.clone(),
                points: act.points,
                is_on_top: threat(talks, act).is_some_and(|threat| threat.adds_pct.is_some()),
                of_which_by_law: threat(talks, act).and_then(|threat| returning_part(threat, act, next)),
                announced_by: act.announced_by.clone(),
                announced: Some(act.announced.to_string()),
                statute: act.statute.clone(),
                legally_available: act.legally_available,
                what: act.what.clone(),
            })
            .collect(),
    })
}

fn threat<'a>(talks: &'a Talks, act: &NeedsAct) -> Option<&'a Threat> {
    talks.threats.iter().find(|threat| threat.id == act.id)
}

/// What a threat would put in the place of a measure holds the points that return of that measure by law.
fn returning_part(threat: &Threat, act: &NeedsAct, next: &NextDeadline) -> Option<f64> {
    let measure = threat.instrument.as_ref().filter(|_| threat.adds_pct.is_none())?;
    let same = |lapse: &&Lapse| {
        lapse.measure == *measure && lapse.imposer == act.imposer && lapse.target == act.target
    };
    next.lapses.iter().find(same)?.points.filter(|points| *points > 0.0)
}

/// When and by which act a measure lost its legal basis, as known on the day.
fn lost_basis(tariffs: &Tariffs, clock: AsOf, lapse: &Lapse) -> Option<LostBasis> {
    let instrument = tariffs.ledger().instrument(&lapse.measure).ok()?;
    let known = instrument.entries.iter().filter(|entry| entry.known_from() <= clock.known_on);
    let (entry, day) = known.filter_map(|entry| Some((entry, entry.no_basis_from?))).next_back()?;
    Some(LostBasis { on: day.to_string(), act: entry.act.clone() })
}

/// What acts of a user's own folders change on days ahead.
fn own_steps(tariffs: &Tariffs, talks: &Talks, clock: AsOf) -> Result<Vec<OwnStep>, BriefError> {
    let ledger = tariffs.ledger();
    if ledger.own.is_empty() {
        return Ok(Vec::new());
    }
    let is_own = |lapse: &&Lapse| ledger.own.iter().any(|folder| folder.measures.contains(&lapse.measure));
    let mut found = Vec::new();
    for step in status::adopted(ledger, talks, clock, None) {
        let changes = step.changes.iter().filter(is_own).map(|lapse| by_law(tariffs, clock, lapse));
        let changes = changes.collect::<Result<Vec<_>, _>>()?;
        if !changes.is_empty() {
            found.push(OwnStep { date: step.date.to_string(), days: i64::from(step.days), changes });
        }
    }
    Ok(found)
}

fn by_law(tariffs: &Tariffs, clock: AsOf, lapse: &Lapse) -> Result<ByLaw, BriefError> {
    let exposure = if lapse.is_tariff { exposed_trade(tariffs, clock, lapse)? } else { None };
    Ok(ByLaw {
        imposer: lapse.imposer.clone(),
        target: lapse.target.clone(),
        is_tariff: lapse.is_tariff,
        before: lapse.before.clone(),
        after: lapse.after.clone(),
        points: lapse.points,
        points_high: lapse.points_high.filter(|high| Some(*high) != lapse.points),
        trade_at_stake_usd: exposure.as_ref().map(|(value, _)| *value).or(lapse.trade_at_stake_usd),
        trade_basis: exposure.map(|(_, weights)| weights),
        measures: vec![lapse.title.clone()],
        legal_basis: if lapse.stated {
            format!("{} (stated)", lapse.legal_basis)
        } else {
            lapse.legal_basis.clone()
        },
        lost_basis: lost_basis(tariffs, clock, lapse),
    })
}

/// The trade that a returning tariff would reach, after stacking, with the name of the year and flow it is counted in: what the
/// measure adds to the average, over its rate, times the trade that weighs the average.
fn exposed_trade(tariffs: &Tariffs, clock: AsOf, lapse: &Lapse) -> Result<Option<(f64, String)>, BriefError> {
    let (importer, exporter) = (lapse.imposer.as_str(), lapse.target.as_str());
    let panel = tariffs.panel(importer, exporter)?;
    // A duty that ends on the day reaches nothing on it: what it reached on the eve is at stake.
    for on in [Some(lapse.on), lapse.on.yesterday().ok()].into_iter().flatten() {
        let view = View { importer, exporter, on, known_on: clock.known_on, reading: Reading::default() };
        let layers = tariffs.layers(view)?;
        let Some(average) = panel.average(&layers, &tariffs.ledger().stacking, on, exporter) else {
            return Ok(None);
        };
        let reach: f64 = layers
            .iter()
            .zip(&average.layers)
            .filter(|(layer, _)| layer.instrument == lapse.measure && layer.rate.expected > 0.0)
            .map(|(layer, share)| share / layer.rate.expected)
            .sum();
        if reach > 0.0 {
            let weights = tariffs.provenance(importer)?.weights.get(exporter).cloned().unwrap_or_default();
            return Ok(Some((reach * average.value, weights)));
        }
    }
    Ok(None)
}

fn not_counted(doubt: Option<&CostOfDoubt>, parties: &[Party]) -> Vec<String> {
    let doubt = doubt.map_or_else(
        || {
            "What uncertainty about the next deadline costs: firms that wait are not in the model, so the true value of \
             certainty, and of extending, is higher (Handley & Limão 2017)."
                .to_owned()
        },
        |cost| words::doubt::in_full(cost, parties),
    );
    vec![
        doubt,
        "Measures without a tariff rate: an exposure is named where known, never an effect.".to_owned(),
        "Responses of third countries, and duties between others since the benchmark's year.".to_owned(),
    ]
}

fn caveats(world: &BenchmarkDirectory, ratios: &[CollectionRatio], others: &WithOthers) -> Vec<String> {
    let mut caveats = vec![
        format!("Economy: {} ({}).", world.benchmark.name, world.benchmark.source),
        "Closure: perfect competition, mobile labour, tariffs rebated, deficits fixed in units of world GDP (assumed)."
            .to_owned(),
        format!("Long run: {}. Within a year: border prices and wages held, nested demand with published short-run elasticities.", super::effects::long_run(&world.benchmark)),
        "Averages are by statute; duties collected are lower (exemptions, shifted trade, timing).".to_owned(),
        collection_words(ratios),
    ];
    caveats.extend(others.caveats.iter().cloned());
    let weak = world.weak_economies();
    if !weak.is_empty() {
        caveats.push(format!("Weak input structures, shown in grey: {}.", weak.join(", ")));
    }
    caveats
}

/// How steps of the ledger reach the model, in words.
fn collection_words(ratios: &[CollectionRatio]) -> String {
    if ratios.is_empty() {
        return "Steps of the ledger reach the model as the law has them.".to_owned();
    }
    let named: Vec<String> = ratios.iter().map(CollectionRatio::words).collect();
    format!(
        "Steps of the ledger reach the model times the measured share of statutory duty collected: {}; others as the law has \
         them.",
        named.join(", ")
    )
}
