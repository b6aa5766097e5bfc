//! The first screen of a brief: 25 lines that fit a terminal, in the order in which a meeting asks.

use crate::width;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use detente::brief::{Against, Brief, Deadline, Effects, LosesMore, Measures, Outcome};
use detente::results::keys;
use detente_data::benchmark_directory::quality::Grade;
use detente_engine::catalogue::{OutcomeEntry, Place, economy::*, first_year::*, lists};
use detente_engine::horizon::Horizon;
use detente_ledger::talks::{BOTH, CommitmentStatus, OutcomeKind};
use detente_tables::number::{dollars, rate_percent, signed};
use detente_tables::result_table::{Column, Data, ResultTable};

/// Most lines of the screen.
pub const LINES: usize = 25;

/// The first screen.
pub fn render(brief: &Brief) -> String {
    let mut lines = Vec::new();
    lines.push(heading(brief));
    question(brief, &mut lines);
    duty(brief, &mut lines);
    outcomes(brief, &mut lines);
    not_in_numbers(brief, &mut lines);
    record(brief, &mut lines);
    intensity(brief, &mut lines);
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

fn heading(brief: &Brief) -> String {
    let known = if brief.known_on == brief.on {
        "as known that day".to_owned()
    } else {
        format!("as known on {}", brief.known_on)
    };
    let verified =
        brief.not_verified_after.as_ref().map_or(String::new(), |day| format!("; not verified after {day}"));
    let begins = brief.before_the_record.as_ref();
    let begins = begins.map_or(String::new(), |day| format!("; the record begins on {day}: base rates only"));
    clip(format!("{} on {}, {known}{verified}{begins}", brief.title, brief.on))
}

fn question(brief: &Brief, lines: &mut Vec<String>) {
    let Some(deadline) = &brief.deadline else {
        lines.push("1 THE QUESTION  no deadline is set on that day; nothing lapses by itself".to_owned());
        return;
    };
    lines.push(clip(format!(
        "1 THE QUESTION  deadline {}, in {} days: {}",
        deadline.date, deadline.days, deadline.what
    )));
    lines.push(clip(format!("  by law           {}", by_law(deadline))));
    if !deadline.no_legal_basis.is_empty() {
        lines.push(clip(format!("  no legal basis   {}", texts_without_basis(deadline))));
    }
    lines.push(clip(format!("  needs a new act  {}", new_acts(deadline))));
}

/// What the texts say would return and the law no longer permits; never counted as lapsing.
fn texts_without_basis(deadline: &Deadline) -> String {
    let items: Vec<String> = deadline
        .no_legal_basis
        .iter()
        .map(|item| {
            let size = points(item.points, item.points_high);
            format!("{} on {} {size} ({})", item.imposer, item.target, short_statute(&item.legal_basis))
        })
        .collect();
    items.join("; ")
}

fn new_acts(deadline: &Deadline) -> String {
    if deadline.needs_new_act.is_empty() {
        return "nothing announced and still standing".to_owned();
    }
    let items: Vec<String> = deadline
        .needs_new_act
        .iter()
        .map(|act| {
            let size = act.points.map_or("no figure".to_owned(), |points| format!("{points:+}"));
            let available = if act.legally_available { "" } else { ", not available" };
            format!("{} on {} {size} ({}{available})", act.imposer, act.target, short_statute(&act.statute))
        })
        .collect();
    items.join("; ")
}

/// The part of a statute that people say: what stands in brackets, else what comes before the first semicolon.
fn short_statute(statute: &str) -> &str {
    match (statute.find('('), statute.find(')')) {
        (Some(open), Some(close)) if open < close => &statute[open + 1..close],
        _ => statute.split(';').next().unwrap_or(statute),
    }
}

fn by_law(deadline: &Deadline) -> String {
    let items: Vec<String> = deadline
        .by_law
        .iter()
        .filter(|item| item.points.is_some())
        .map(|item| {
            format!(
                "{} on {} {} on {}",
                item.imposer,
                item.target,
                points(item.points, item.points_high),
                dollars(item.trade_at_stake_usd)
            )
        })
        .collect();
    let others = deadline.by_law.iter().filter(|item| item.points.is_none()).count();
    let mut text = if items.is_empty() { "no tariff returns by itself".to_owned() } else { items.join("; ") };
    if others > 0 {
        let word = if others == 1 { "measure" } else { "measures" };
        text.push_str(&format!("; {others} other {word}"));
    }
    text
}

fn points(low: Option<f64>, high: Option<f64>) -> String {
    match (low, high) {
        (Some(low), Some(high)) if high != low => format!("+{low} to +{high} points"),
        (Some(low), _) => format!("{low:+} points"),
        _ => "no tariff number".to_owned(),
    }
}

/// One line with both averages each way, one with their weights, then one a direction with the authorities that make up the statute's.
fn duty(brief: &Brief, lines: &mut Vec<String>) {
    let pairs = pairs(brief);
    let shown = |importer: &str, exporter: &str| {
        let mut averages = brief.duty.shown.iter();
        averages.find(|average| average.importer == importer && average.exporter == exporter)
    };
    let averages: Vec<String> = pairs
        .iter()
        .map(|(importer, exporter)| {
            let rate = shown(importer, exporter).map(|average| average.rate);
            let mut rows = brief.duty.collected.iter().flatten();
            let collected = rows
                .find(|row| row.importer == *importer && row.exporter == *exporter)
                .map_or("n/a".to_owned(), |row| format!("{} ({})", rate_percent(Some(row.rate)), row.period));
            format!("{importer} on {exporter} {} by statute, collected {collected}", rate_percent(rate))
        })
        .collect();
    lines.push(clip(format!("2 THE DUTY  {}", averages.join("; "))));
    let weights: Vec<String> = pairs
        .iter()
        .map(|(importer, exporter)| {
            let weights = shown(importer, exporter).map_or("none", |average| average.weights.as_str());
            format!("{importer} on {exporter} {weights}")
        })
        .collect();
    lines.push(clip(format!("  points by authority; weights: {}", weights.join("; "))));
    for (importer, exporter) in &pairs {
        let mut parts: Vec<(&str, f64)> = brief
            .duty
            .by_authority
            .iter()
            .filter(|part| part.importer == *importer && part.exporter == *exporter)
            .filter_map(|part| part.contribution.map(|value| (part.authority.as_str(), value)))
            .filter(|(_, value)| value.abs() >= 5e-4)
            .collect();
        parts.sort_by(|a, b| b.1.total_cmp(&a.1));
        let parts: Vec<String> =
            parts.iter().map(|(authority, value)| format!("{authority} {:.1}", 100.0 * value)).collect();
        lines.push(clip(format!("  {importer} on {exporter}: {}", parts.join(", "))));
    }
}

fn pairs(brief: &Brief) -> Vec<(String, String)> {
    let codes: Vec<&String> = brief.parties.iter().map(|party| &party.code).collect();
    let mut pairs = Vec::new();
    for importer in &codes {
        for exporter in &codes {
            if importer != exporter {
                pairs.push(((*importer).clone(), (*exporter).clone()));
            }
        }
    }
    pairs
}

/// A horizon's words up to the first comma: what follows says by what it is known.
fn short(label: &str) -> &str {
    label.split(',').next().unwrap_or(label)
}

fn outcomes(brief: &Brief, lines: &mut Vec<String>) {
    let label = brief
        .outcomes
        .iter()
        .find(|outcome| outcome.horizon == Horizon::Long)
        .map_or("no horizon solved", |outcome| short(&outcome.horizon_label));
    let basis = if brief.collection_ratios.is_empty() { "by statute" } else { "collected" };
    let has_others = all_measures(brief).is_some();
    lines.push(clip(format!("3 OUTCOMES  {label}, {basis}: %; revenue and manuf. points")));
    lines.push(clip(match has_others {
        true => format!(
            "  income: the two sides' measures given others' ({}); all: everybody's; 1st yr: importer's account; others of all",
            brief.others
        ),
        false => "  of the two sides' measures alone; goods: imports from the other; 1st yr: importer's account; worst/best others"
            .to_owned(),
    }));
    let mut table = Table::new();
    table.load_style_and_width();
    let mut head = vec!["", "", WELFARE.short, "5 to 95"];
    head.extend(has_others.then_some("all"));
    head.extend(BESIDE_INCOME.map(|entry| entry.short));
    head.extend(["1st yr", VALUE_ADDED_AT_RISK.short, "worst/best"]);
    table.set_header(head);
    for outcome in screen_outcomes(brief) {
        // Beside the two sides' measures those of everybody, where both are known; what lapses or is threatened is the two sides' alone.
        let all =
            all_measures(brief).filter(|all| (all.against, &all.name) == (outcome.against, &outcome.name));
        for (row, party) in brief.parties.iter().enumerate() {
            let effects = outcome.economies.get(&party.economy).cloned().unwrap_or_default();
            let first_year =
                first_year_of(brief, outcome).and_then(|other| other.economies.get(&party.economy)).cloned();
            let mut cells = effect_row(
                outcome_label(outcome, row).to_owned(),
                &party.code,
                &effects,
                first_year.as_ref(),
                partner_goods(brief, party.economy.as_str(), &effects),
            );
            if has_others {
                let all = all.and_then(|all| all.economies.get(&party.economy));
                cells.insert(4, all.map_or(String::new(), |effects| signed(effects.value(&WELFARE))));
            }
            cells.push(other_economy(all.unwrap_or(outcome), row));
            table.add_row(cells);
        }
    }
    table.align_right_from(2);
    lines.extend(table.to_string().lines().map(|line| clip(line.trim_end().to_owned())));
    lines.push(clip(certificate_line(brief)));
}

/// The outcomes of the screen: today's tariffs against the benchmark's, then each other outcome against today's.
fn screen_outcomes(brief: &Brief) -> impl Iterator<Item = &Outcome> {
    brief.outcomes.iter().filter(|outcome| outcome.horizon == Horizon::Long && outcome.is_shown())
}

/// What stands before an outcome's rows: its name, and below it what it is measured from where that is not today.
fn outcome_label(outcome: &Outcome, row: usize) -> &str {
    match row {
        0 => &outcome.name,
        1 if outcome.against == Against::Benchmark => "vs benchmark",
        _ => "",
    }
}

/// The same outcome from the same start, in the first year.
pub(super) fn first_year_of<'a>(brief: &'a Brief, outcome: &Outcome) -> Option<&'a Outcome> {
    brief.outcomes.iter().find(|other| {
        other.horizon == Horizon::FirstYear
            && other.name == outcome.name
            && (other.against, other.measures) == (outcome.against, outcome.measures)
    })
}

/// What all measures in force do from the benchmark's own tariffs; none where no duties on others stand on the day.
fn all_measures(brief: &Brief) -> Option<&Outcome> {
    let mut long = brief.outcomes.iter().filter(|outcome| outcome.horizon == Horizon::Long);
    long.find(|outcome| outcome.measures == Measures::All)
}

/// Change of goods imports from the other side.
fn partner_goods(brief: &Brief, economy: &str, effects: &Effects) -> Option<f64> {
    brief
        .parties
        .iter()
        .filter(|party| party.economy != economy)
        .find_map(|party| effects.goods_imports_from_pct.get(&party.economy).copied().flatten())
}

fn effect_row(
    name: String,
    code: &str,
    effects: &Effects,
    first_year: Option<&Effects>,
    imports: Option<f64>,
) -> Vec<String> {
    let band = effects
        .income_band_pct
        .map_or(String::new(), |(low, high)| format!("{} to {}", signed(Some(low)), signed(Some(high))));
    let mut cells = vec![name, code.to_owned(), signed(effects.value(&WELFARE)), band];
    cells.extend(
        BESIDE_INCOME.map(|entry| {
            signed(if entry.id == GOODS_IMPORTS_FROM.id { imports } else { effects.value(entry) })
        }),
    );
    let first_year = |entry| first_year.map_or(String::new(), |effects| signed(effects.value(entry)));
    cells.extend([first_year(&IMPORTERS_ACCOUNT), first_year(&VALUE_ADDED_AT_RISK)]);
    cells
}

/// What stands beside income and its band on the screen, in its order.
const BESIDE_INCOME: [&OutcomeEntry; 4] =
    [&REAL_WAGE, &GOODS_IMPORTS_FROM, &TARIFF_REVENUE_POINTS, &MANUFACTURING_POINTS];

/// The worst off of the other economies beside an outcome's first row, the best off beside its second.
fn other_economy(outcome: &Outcome, row: usize) -> String {
    let other = match row {
        0 => outcome.others_worst.as_ref(),
        1 => outcome.others_best.as_ref(),
        _ => None,
    };
    other.map_or(String::new(), |(code, income)| {
        format!("{code}{} {}", weak(outcome, code), signed(Some(*income)))
    })
}

/// The mark of an economy whose input structure is a proxy: grey on the page.
fn weak(outcome: &Outcome, economy: &str) -> &'static str {
    let grade = outcome.economies.get(economy).and_then(|effects| effects.quality);
    if grade == Some(Grade::Weak) { "~" } else { "" }
}

fn certificate_line(brief: &Brief) -> String {
    let certificates: Vec<_> =
        brief.outcomes.iter().filter_map(|outcome| outcome.certificate.as_ref()).collect();
    let worst = certificates.iter().map(|certificate| certificate.max_residual).fold(0.0, f64::max);
    let solved = certificates.iter().filter(|certificate| certificate.converged).count();
    let left_out: Vec<String> = brief
        .outcomes_left_out
        .iter()
        .map(|item| format!("{} left out: {}", item.name, item.reason))
        .collect();
    let left_out = if left_out.is_empty() { String::new() } else { format!("; {}", left_out.join("; ")) };
    format!(
        "  ~ weak data{left_out}; {solved} of {} solved, residuals < {}{}",
        certificates.len(),
        power_of_ten_above(worst),
        loses_more(brief)
    )
}

/// The power of ten above a residual: its digits differ between processors, its size does not. All digits are in JSON.
fn power_of_ten_above(residual: f64) -> String {
    format!("1e{:.0}", residual.max(1e-15).log10().ceil())
}

/// Who loses more under the first outcome beside today, over the runs of the bands.
fn loses_more(brief: &Brief) -> String {
    let Some(bands) = &brief.bands else { return String::new() };
    let beside_today = bands.loses_more.iter().find(|found| found.kind != OutcomeKind::InForce);
    let Some(found) = beside_today else { return String::new() };
    let driver = found.depends_on.as_deref().unwrap_or("what was drawn");
    // A share of runs is said where it does not turn with what it depends on.
    match (found.first_loses_more, found.first_loses_more_in_money) {
        (Some(percent), Some(money)) => format!(
            "; {}, loses more: {} (percent), {} (money)",
            found.outcome,
            loser(found, percent),
            loser(found, money)
        ),
        (Some(percent), None) => format!(
            "; {}, loses more: {} (percent); in money it depends on {driver}",
            found.outcome,
            loser(found, percent)
        ),
        (None, Some(money)) => format!(
            "; {}, loses more: {} (money); in percent it depends on {driver}",
            found.outcome,
            loser(found, money)
        ),
        (None, None) => format!("; {}: who loses more depends on {driver}", found.outcome),
    }
}

/// The side that loses more in most runs, with their share.
fn loser(found: &LosesMore, share: f64) -> String {
    let (side, share) = if share >= 0.5 { (&found.first, share) } else { (&found.second, 1.0 - share) };
    format!("{side} in {:.0}% of runs", 100.0 * share)
}

fn not_in_numbers(brief: &Brief, lines: &mut Vec<String>) {
    let mut largest: Vec<_> = brief.not_in_these_numbers.iter().collect();
    largest.sort_by(|a, b| {
        b.trade_at_stake_usd.unwrap_or(-1.0).total_cmp(&a.trade_at_stake_usd.unwrap_or(-1.0))
    });
    let named: Vec<String> = largest
        .iter()
        .take(3)
        .filter(|item| item.trade_at_stake_usd.is_some())
        .map(|item| format!("{} {}", item.measure, dollars(item.trade_at_stake_usd)))
        .collect();
    let count = brief.not_in_these_numbers.len();
    let measures = if count == 1 { "measure" } else { "measures" };
    let named = if named.is_empty() { String::new() } else { format!(" ({})", named.join(", ")) };
    lines.push(clip(format!(
        "4 NOT IN THESE NUMBERS  what uncertainty costs; {count} {measures} without a rate{named}"
    )));
}

/// Rounds, frameworks and commitments: in two lines where there is room, else in one.
fn record(brief: &Brief, lines: &mut Vec<String>) {
    let rounds: Vec<String> = brief
        .record
        .rounds
        .iter()
        .filter(|round| round.kind == "round")
        .map(|round| format!("{} {}", round.city, round.start))
        .collect();
    let frameworks: Vec<&str> = brief
        .record
        .frameworks
        .iter()
        .filter(|framework| framework.in_series)
        .map(|framework| framework.name.as_str())
        .collect();
    let unmatched = brief.record.commitments.iter().filter(|item| !item.matched).count();
    let open: Vec<String> = brief
        .parties
        .iter()
        .map(|party| {
            let open = brief.record.commitments.iter().filter(|item| {
                matches!(
                    item.status,
                    CommitmentStatus::Open | CommitmentStatus::Late | CommitmentStatus::Missed
                ) && (item.by == party.code || item.by == BOTH)
            });
            format!("{} {}", party.code, open.count())
        })
        .collect();
    let promises = format!("open commitments: {}; not matched: {unmatched}", open.join(", "));
    let count = rounds.len();
    // The comparison of series takes the last line.
    if count == 0 && frameworks.is_empty() {
        lines.push(clip(format!("5 THE RECORD  no round of this series yet; {promises}")));
    } else if lines.len() + 3 <= LINES {
        lines.push(clip(format!("5 THE RECORD  {count} rounds: {}", rounds.join(", "))));
        lines.push(clip(format!("  frameworks: {}; {promises}", frameworks.join(", "))));
    } else {
        let last = rounds.last().map_or(String::new(), |round| format!(", last {round}"));
        let held = frameworks.len();
        lines.push(clip(format!("5 THE RECORD  {count} rounds{last}; {held} frameworks; {promises}")));
    }
}

fn intensity(brief: &Brief, lines: &mut Vec<String>) {
    let items: Vec<String> = brief
        .intensity
        .iter()
        .map(|item| {
            let times =
                item.this_series_times.map_or(String::new(), |times| format!(" (now {times:.1} times)"));
            format!("{} {:.1}{times}", item.short, item.per_year)
        })
        .collect();
    lines.push(clip(format!("6 MEETINGS A YEAR  {}", items.join("; "))));
}

/// Cuts a line at the width of the screen; what is cut stands in the details below and in JSON.
fn clip(line: String) -> String {
    if line.chars().count() <= width::columns() {
        return line;
    }
    let cut: String = line.chars().take(width::columns() - 2).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!("{} …", cut[..end].trim_end_matches([',', ';', ' ']))
}

/// The look of the tables of a brief: no frame, numbers to the right.
trait BriefTable {
    fn load_style_and_width(&mut self);
    fn align_right_from(&mut self, column: usize);
}

impl BriefTable for Table {
    fn load_style_and_width(&mut self) {
        self.load_style(presets::NOTHING);
        self.set_content_arrangement(ContentArrangement::Disabled);
    }

    fn align_right_from(&mut self, first: usize) {
        for (position, column) in self.column_iter_mut().enumerate() {
            column.set_padding((if position == 0 { 2 } else { 0 }, 1));
            if position >= first {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
    }
}

/// The outcomes as a table for notebooks: one row per outcome, horizon, starting point and economy, all digits.
pub fn outcomes_csv(brief: &Brief) -> String {
    let rows: Vec<(&Outcome, &String, &Effects)> = brief
        .outcomes
        .iter()
        .flat_map(|outcome| {
            outcome.economies.iter().map(move |(economy, effects)| (outcome, economy, effects))
        })
        .collect();
    let of_outcome = |name: &str, word: &dyn Fn(&Outcome) -> String| {
        Column::text(name, name, rows.iter().map(|(outcome, ..)| word(outcome)))
    };
    let mut columns = vec![
        of_outcome(keys::OUTCOME.name, &|outcome| outcome.name.clone()),
        of_outcome("horizon", &|outcome| outcome.horizon.code().to_owned()),
        of_outcome("against", &|outcome| outcome.against.word().to_owned()),
        keys::ECONOMY.text(rows.iter().map(|(_, economy, _)| *economy)),
    ];
    columns.push(of_outcome("measures", &|outcome| outcome.measures.word().to_owned()));
    // Imports from each partner are in the JSON.
    let imports = [IMPORTS_FROM.id, GOODS_IMPORTS_FROM.id];
    let first_year: [&OutcomeEntry; 2] = [&IMPORTERS_ACCOUNT, &VALUE_ADDED_AT_RISK];
    let numbers = lists::BRIEF.iter().copied().chain(first_year).filter(|entry| !imports.contains(&entry.id));
    columns.extend(numbers.map(|entry| {
        let cells = rows.iter().map(|(_, _, effects)| effects.value(entry));
        Column::number(entry.key(Place::Brief), entry.unit.words(None), entry.label, cells)
    }));
    let grades = rows.iter().map(|(_, _, effects)| effects.quality.map(|grade| grade.word().to_owned()));
    columns.push(Column::new("quality", "", "input structure", Data::Text(grades.collect())));
    ResultTable::new(columns).csv()
}
