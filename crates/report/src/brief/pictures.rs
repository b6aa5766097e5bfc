//! The pictures of a brief, each with its finding as its title.

use crate::picture::figure::Picture;
use crate::picture::in_force::{self, Mark, Timeline};
use crate::picture::outcomes::{self, Effect, Group};
use crate::picture::who_loses::{self, Split};
use crate::reach;
use detente::brief::deal::Deal;
use detente::brief::tariff_steps::SteppedTariff;
use detente::brief::{Brief, Outcome, ShownAverage, duty};
use detente::counterfactual;
use detente::strategy::day::RecordDay;
use detente::words::effects::{
    Names, median, number_and_band, outcome_name, outcome_name_with, shown, shown_once,
};
use detente::words::number::{change, day, joined, named, percent, whose, within};
use detente::words::{deadline, deal as deal_words, effects};
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_data::benchmark_directory::quality::Grade;
use detente_engine::calibration::SolveSettings;
use detente_engine::horizon::Horizon;
use detente_ledger::talks::DeadlineKind;
use detente_ledger::tariff::TariffError;
use jiff::{ToSpan, civil::Date};

use crate::picture::best_responses;
use crate::picture::colour::Ink;
use crate::picture::curves::{self, Curve, CurveWords};
use crate::picture::payoffs;

/// The pictures of a brief that need no game.
#[derive(Clone, Debug)]
pub struct Pictures {
    /// Duties in force and the timeline.
    pub in_force: Picture,
    /// What each outcome would do; none where none was solved.
    pub outcomes: Option<Picture>,
    /// Who loses more; none where no runs were made.
    pub who_loses: Option<Picture>,
    /// Where trade goes instead and which sectors pay; none where nothing could be solved.
    pub reach: Vec<Picture>,
    /// Names of the benchmark's economies.
    pub names: Names,
}

/// Names of a benchmark's economies by code.
pub fn names(world: &BenchmarkDirectory) -> Names {
    world.benchmark.economies.iter().map(|economy| (economy.code.clone(), economy.name.clone())).collect()
}

/// The pictures of a brief at two widths.
pub fn of(
    day: &RecordDay<'_>,
    world: &BenchmarkDirectory,
    brief: &Brief,
    widths: [f64; 2],
) -> Result<Pictures, TariffError> {
    let names = names(world);
    Ok(Pictures {
        in_force: duties(day, brief, widths)?,
        outcomes: outcome_picture(brief, widths),
        who_loses: who_loses_picture(brief, widths),
        reach: reach_pictures(day, world, brief, widths),
        names,
    })
}

/// Duties in force over time with what returns.
pub fn duties(day: &RecordDay<'_>, brief: &Brief, widths: [f64; 2]) -> Result<Picture, TariffError> {
    let (on, known_on) = (day.clock.on, day.clock.known_on);
    let deadline = day.deadline();
    let mut panels: Vec<SteppedTariff> = Vec::new();
    for (importer, exporter) in day.talks.pairs() {
        panels.push(duty::stepped(day.tariffs, importer, exporter, on, known_on, deadline)?);
    }
    let timeline = timeline(day, brief, deadline);
    let clauses: Vec<String> = deadline::returning(brief)
        .iter()
        .map(|held| {
            let whose = whose(brief.party_name(&held.importer));
            let after = if (held.after - held.today).abs() > 5e-4 && brief.deadline.is_some() {
                format!(", {} % if nobody signs", percent(held.after))
            } else {
                String::new()
            };
            format!("{whose} average duty {} %{after}", percent(held.today))
        })
        .collect();
    // Without a deadline nothing returns: what is in force is the whole of it.
    let stands = |held: &ShownAverage| {
        format!("{} average duty {} %", whose(brief.party_name(&held.importer)), percent(held.rate))
    };
    let clauses = if clauses.is_empty() { brief.duty.shown.iter().map(stands).collect() } else { clauses };
    let title = format!("In force on {}: {}", self::day(&brief.on), joined(&clauses));
    Ok(in_force::picture(&panels, &timeline, &title, widths))
}

fn timeline(held: &RecordDay<'_>, brief: &Brief, deadline: Option<Date>) -> Timeline {
    let (talks, on, known_on) = (held.talks, held.clock.on, held.clock.known_on);
    let meetings = talks
        .rounds_so_far(detente_ledger::AsOf { on, known_on })
        .map(|round| Mark {
            date: round.start.to_string(),
            label: round.city.clone(),
            detail: format!(
                "{} {} to {}: {}",
                if round.city.is_empty() { &round.kind } else { &round.city },
                round.start,
                round.end,
                // The whole of it stands in the record.
                round.outcome_as_known(known_on).split([';', '.']).next().unwrap_or_default()
            ),
        })
        .collect();
    let frameworks = brief.record.frameworks.iter().map(|framework| Mark {
        date: framework.date.clone(),
        label: framework.name.clone(),
        detail: format!("{}: {}", framework.name, framework.settled),
    });
    let known = talks
        .deadlines
        .iter()
        .filter(|held| held.kind == DeadlineKind::Tariff && held.known_from <= known_on);
    let deadlines = known
        .map(|held| Mark {
            date: held.date.to_string(),
            label: String::new(),
            detail: format!("{}: {} ({})", held.date, held.instrument, held.lapses),
        })
        .collect();
    let next_deadline = brief.deadline.as_ref().map(|held| Mark {
        date: held.date.clone(),
        label: format!("{}: {}", day(&held.date), held.measure),
        detail: deadline::days_left(brief),
    });
    // Before the series of these talks had begun the picture goes back a year and a half, so that it has a past.
    let begun = talks.series_first_measure_from.filter(|first| *first <= on);
    let first = begun.unwrap_or_else(|| on.saturating_sub(16.months())).saturating_sub(2.months());
    let last = deadline.unwrap_or(on).max(on).saturating_add(3.months());
    Timeline {
        meetings,
        frameworks: frameworks.collect(),
        deadlines,
        today: on.to_string(),
        next_deadline,
        window: (first.to_string(), last.to_string()),
    }
}

/// What each outcome would do to both sides, first year and long run.
pub fn outcome_picture(brief: &Brief, widths: [f64; 2]) -> Option<Picture> {
    let group = |(outcome, alike): (&Outcome, Vec<&Outcome>)| Group {
        outcome: outcome_name_with(brief, outcome, &alike),
        effects: brief
            .parties
            .iter()
            .enumerate()
            .filter_map(|(k, party)| {
                let held = outcome.economies.get(&party.economy)?;
                let (median, band) = number_and_band(held, outcome.horizon)?;
                Some(Effect {
                    economy: party.name.clone(),
                    side: Some(k),
                    median,
                    band,
                    is_weak: held.quality == Some(Grade::Weak),
                })
            })
            .collect(),
    };
    let horizon = |horizon: Horizon, heading: &str| outcomes::Horizon {
        heading: heading.to_owned(),
        groups: shown_once(brief, horizon).into_iter().map(group).collect(),
    };
    let first = shown(brief, Horizon::Long)
        .find(|outcome| brief.is_beside_today(outcome))
        .or_else(|| shown(brief, Horizon::Long).next())?;
    let clauses: Vec<String> = brief
        .parties
        .iter()
        .filter_map(|party| {
            let value = median(first.economies.get(&party.economy)?)?;
            Some(format!("{} {} %", named(&party.name), change(value)))
        })
        .collect();
    let title = format!("{}, income in the long run: {}", outcome_name(brief, first), joined(&clauses));
    let long = first.horizon_label.split(',').next().unwrap_or("in the long run");
    let note = format!(
        "Percent. Dot: median over the runs; bar: 5 to 95. Long run, {long}: income. Within a year: the importer's account ({}), wages and \
         border prices held. The two are not one number at two dates.",
        effects::IMPORTERS_ACCOUNT_IS
    );
    let horizons = [
        horizon(Horizon::FirstYear, "Within a year: the importer's account"),
        horizon(Horizon::Long, "In the long run: income"),
    ];
    Some(outcomes::picture("outcomes", &title, &note, &horizons, widths))
}

/// Who loses more under every outcome.
pub fn who_loses_picture(brief: &Brief, widths: [f64; 2]) -> Option<Picture> {
    let bands = brief.bands.as_ref()?;
    let told = shown_once(brief, Horizon::Long);
    let splits: Vec<Split> = bands
        .loses_more
        .iter()
        .filter_map(|found| {
            let (outcome, alike) = told.iter().find(|(outcome, _)| outcome.name == found.outcome)?;
            effects::is_noticed(brief, &found.outcome).then_some(())?;
            Some(Split {
                outcome: outcome_name_with(brief, outcome, alike),
                sides: [&found.first, &found.second].map(|code| brief.economy_name(code).to_owned()),
                first_loses_more: found.first_loses_more,
                depends_on: found.depends_on.clone().unwrap_or_else(|| "nothing that was drawn".to_owned()),
            })
        })
        .collect();
    let title = effects::who_loses_more(brief).unwrap_or_else(|| "Who would lose more".to_owned());
    let title = title.trim_end_matches('.');
    let title = if effects::beside_today(brief).is_some() {
        // The sentence goes on after the first words: its own first letter is no longer the first.
        format!("If nobody signs, {}", within(title))
    } else {
        title.to_owned()
    };
    (!splits.is_empty()).then(|| who_loses::picture(&title, &splits, widths))
}

/// Where trade goes and which sectors pay if nobody signs; where nothing lapses, under today's tariffs.
fn reach_pictures(
    held: &RecordDay<'_>,
    world: &BenchmarkDirectory,
    brief: &Brief,
    widths: [f64; 2],
) -> Vec<Picture> {
    let Ok(mut scenario) = held.scenario(world) else { return Vec::new() };
    let lapses =
        brief.deadline.is_some() && deadline::returning(brief).iter().any(|held| !held.steps.is_empty());
    let from =
        if lapses { "if nobody signs, from today" } else { "under today's duties, from those before them" };
    if !lapses {
        let Some(today) = scenario.baseline.take() else { return Vec::new() };
        scenario.counterfactual = today;
    }
    let Ok(answer) = counterfactual::solve(world, scenario, &SolveSettings::default()) else {
        return Vec::new();
    };
    let sides: Vec<usize> =
        brief.parties.iter().filter_map(|party| world.benchmark.economy(&party.economy)).collect();
    let mut pictures = vec![reach::diversion(world, &answer.outcomes, &sides, from, widths)];
    if let [first, second] = sides.as_slice() {
        pictures.push(reach::who_at_home_pays(world, &answer.outcomes, [*first, *second], from, widths));
    }
    pictures
}

/// Where a deal can lie.
pub fn zone(brief: &Brief, deal: &Deal, names: [&str; 2], widths: [f64; 2]) -> Picture {
    let title = deal_words::balanced(brief, &deal.balanced);
    let note = "One rate a side on all of the other's goods, trade balanced, long run, everybody else holding their duties. What doubt \
                costs is left out.";
    payoffs::picture(&title, note, names, &deal.plane, widths)
}

/// Pictures that economists ask for: best responses, patience, the worth of an extension.
pub fn for_economists(deal: &Deal, names: [&str; 2], widths: [f64; 2]) -> Vec<Picture> {
    let percent = |rate: f64| format!("{:.0} %", 100.0 * rate);
    let [first, second] = names;
    let title = format!(
        "If each chose one rate for its own income alone, given the other's, {} would choose {} (today {}) and {} {} (today {})",
        named(first),
        percent(deal.curves.nash[0]),
        percent(deal.curves.today[0]),
        named(second),
        percent(deal.curves.nash[1]),
        percent(deal.curves.today[1])
    );
    let note = "Best for a side means for its own income under this model, trade balanced, the others holding theirs. Where today's rates \
                stand above, income is not what they were chosen for.";
    let mut pictures = vec![best_responses::picture(&title, note, names, &deal.curves, widths)];
    if let Some(curve) = &deal.patience {
        let line = Curve {
            name: "the most cooperative deal that holds".to_owned(),
            ink: Ink::Agreed,
            points: curve.discount_factor.iter().zip(&curve.share).map(|(x, y)| [*x, *y]).collect(),
            is_stepped: true,
            is_dashed: false,
        };
        let across = format!("weight of the next {:.0} days against today", curve.period_days);
        let words = CurveWords {
            id: "patience",
            title: &deal_words::holds(curve),
            note: "Patience times the chance that the counterpart is still in office; war for ever punishes.",
            across: &across,
            up: "share of the way from war to the deal",
        };
        pictures.push(curves::picture(words, &[line], widths));
    }
    if let Some(curve) = &deal.deadline {
        let lines: Vec<Curve> = names
            .iter()
            .enumerate()
            .map(|(k, name)| Curve {
                name: (*name).to_owned(),
                ink: Ink::side(k),
                points: curve.extension.iter().zip(&curve.value_pct).map(|(x, y)| [*x, y[k]]).collect(),
                is_stepped: false,
                is_dashed: k == 1,
            })
            .collect();
        let worth = curve.value_pct.first().copied().unwrap_or_default();
        let title = format!(
            "One more extension of {:.0} days is worth {} % of a year's income to {} and {} to {}, if no other follows",
            curve.period_days,
            change(worth[0]),
            named(first),
            change(worth[1]),
            named(second)
        );
        let note = format!(
            "Against the chance that each deadline is extended again; after a lapse: {}.",
            deal.without
        );
        let up = "percent of a year's income".to_owned();
        let words = CurveWords {
            id: "extension",
            title: &title,
            note: &note,
            across: "chance of an extension at each deadline",
            up: &up,
        };
        pictures.push(curves::picture(words, &lines, widths));
    }
    pictures
}
