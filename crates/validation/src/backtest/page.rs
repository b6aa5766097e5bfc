//! The page of the back-test: misses first, then scores, bands and the choice of parameters.

use super::episode::Basis;
use super::forecast::Item;
use super::orthogonality::Slope;
use super::score::{Reading, skill};
use super::skill::against;
use super::years::market;
use super::{BY_PRODUCT, Backtest, BacktestError, Entry, GAIN_TO_MOVE, RIVAL_ELASTICITY, Report};
use detente_engine::horizon::Horizon;
use serde::Deserialize;
use std::fmt::Write as _;

/// What is known about a miss.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Miss {
    episode: String,
    item: String,
    status: String,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Misses {
    miss: Vec<Miss>,
}

/// The page, in Markdown.
pub fn markdown(report: &Report) -> Result<String, BacktestError> {
    let misses: Misses = toml::from_str(detente_facts::needed("outturns/misses.toml")?)
        .map_err(|source| BacktestError::Misses { source })?;
    let mut page = String::new();
    page.push_str(INTRODUCTION);
    headline(&mut page, report);
    for backtest in &report.episodes {
        let _ = writeln!(page, "\n## {}\n", backtest.episode.title);
        let _ = writeln!(page, "Tariffs: {}\n", backtest.episode.tariffs);
        for rise in &backtest.statute_rises {
            let published = rise.published.map_or("no published average".to_owned(), |points| {
                format!("published averages {points:+.1}")
            });
            let _ = writeln!(
                page,
                "- {} on {}, mean rise by statute: {:+.1} points by the ledger at the benchmark's flows; {published}.",
                rise.importer, rise.exporter, rise.ledger
            );
        }
        page.push_str(
            "\nThe ledger weighs lines by imports of 2024 and sectors by the benchmark's flows, years after purchases moved away from what the lists of 2018-19 taxed; \
             published averages weigh by the flows before. Their distance is left standing.\n\n",
        );
        misses_table(&mut page, backtest, &misses.miss);
        scores_table(&mut page, backtest);
        skill_table(&mut page, backtest);
        skill_by_partner(&mut page, backtest);
        partners_table(&mut page, backtest);
        coverage_table(&mut page, backtest, report);
    }
    choice(&mut page, report);
    page.push_str(HOW);
    Ok(page)
}

const INTRODUCTION: &str = "# The back-test\n\n\
    <!-- made by `detente backtest --write docs/reference/backtest.md`; do not edit -->\n\n\
    The tariffs of two episodes went through each horizon; this page compares what came out with what happened. Changes are in percent, \
    errors in log points (0.10 is about ten percent). `first-year` is the horizon within a year, the published nest; `years` the equilibrium after some years, with \
    medium elasticities and factors that stay in their sectors; `long` the equilibrium with the long run's elasticities: it is not meant for these windows, and is shown because it is what \
    most models report.\n";

fn verdict(page: &mut String, backtest: &Backtest, entry: &Entry, reading: Reading, words: &str) {
    let own = backtest.score(entry, false, reading);
    let mut parts = Vec::new();
    for rival in backtest
        .entries
        .iter()
        .filter(|rival| rival.rival && (rival.basis == entry.basis || is_no_change(rival)))
    {
        let other = backtest.score(rival, false, reading);
        let Some(found) = against(backtest, entry, rival, reading) else { continue };
        parts.push(format!(
            "{} `{}` (skill {:+.2}, {:+.2} to {:+.2}; errors {:.3} against {:.3})",
            found.verdict(),
            rival.name,
            found.value,
            found.low,
            found.high,
            own.weighted_error,
            other.weighted_error
        ));
    }
    let _ =
        writeln!(page, "- {}, {words}: `{}` {}.", backtest.episode.name, entry.name, parts.join(", and "));
}

fn is_no_change(entry: &Entry) -> bool {
    entry.rival && entry.changes.get(&Item::AllImports).is_some_and(|change| change.abs() < 1e-12)
}

fn headline(page: &mut String, report: &Report) {
    page.push_str("\n## Does the horizon within a year beat a naive guess on imports by partner?\n\n");
    trend_first(page, report);
    page.push_str(
        "A forecast *beats* a rival where its skill, one less the ratio of squared errors weighed by imports, is above zero in 19 of 20 resamples of \
         the partners; it *loses* where it is below zero in as many, and is *level* else.\n\n",
    );
    for backtest in &report.episodes {
        let Some(entry) = backtest.entries.first() else { continue };
        let named = |name: &str| {
            backtest.entries.iter().find(|entry| entry.name.starts_with(name) && !entry.name.contains(" x "))
        };
        let others = [named("nest"), named(BY_PRODUCT), named(Horizon::Years.code())];
        for entry in std::iter::once(entry).chain(others.into_iter().flatten()) {
            verdict(page, backtest, entry, Reading::Level, "levels");
            verdict(page, backtest, entry, Reading::Share, "shares of all imports");
        }
    }
    let _ = writeln!(
        page,
        "\nIn levels growth that no tariff made counts as error for everybody. In shares it drops out, and the rival with an elasticity of {RIVAL_ELASTICITY} is \
         given an adding-up that it does not have by itself. The elasticities of `first-year`, and the substitution between origins of `years`, were \
         estimated on the tariffs of 2018-19 themselves, so that the first episode is no test of them; the second is."
    );
    page.push_str(
        "\n`by product` is the same nest on six digits of the code, at the record's trade of 2024 by origin, so for the second episode alone: duties on the \
         retaliating side are the record's own by line and statute, those on all other partners the rates of the cell, evenly on its products (`statute` as \
         the episode says). It says what the choice of duties is worth: beside it stands the nest on sector groups at collected and at statutory rates.\n",
    );
    page.push_str(
        "\nIn the second episode nearly every large miss is electronics: exempt from the largest duties, yet moved away from \
         their main target faster than any duty says, in a year of extraordinary demand for servers.\n",
    );
}

/// Where last year's growth says more than any tariff the page begins with it.
fn trend_first(page: &mut String, report: &Report) {
    for backtest in &report.episodes {
        let Some(first) = backtest.entries.first() else { continue };
        let trend = backtest.entries.iter().find(|entry| entry.rival && entry.name.starts_with("trend x"));
        let Some(trend) = trend else { continue };
        let readings = [(Reading::Share, "shares"), (Reading::Level, "levels")];
        let lost: Vec<String> = readings
            .into_iter()
            .filter_map(|(reading, words)| {
                let found = against(backtest, first, trend, reading)?;
                (found.value < 0.0).then(|| {
                    format!(
                        "{} it in {words} (skill {:+.2}, {:+.2} to {:+.2})",
                        found.verdict(),
                        found.value,
                        found.low,
                        found.high
                    )
                })
            })
            .collect();
        if !lost.is_empty() {
            let _ = writeln!(
                page,
                "**Tariffs are not what most moved trade in {}.** Growth of each partner and sector group over the year before, times an elasticity of \
                 {RIVAL_ELASTICITY}, is nearer than any forecast from tariffs alone: `{}` {}.\n",
                backtest.episode.name,
                first.name,
                lost.join(" and ")
            );
        }
    }
}

/// Skill with intervals, without each partner, and whether the error is related to tariffs.
fn skill_by_partner(page: &mut String, backtest: &Backtest) {
    let shown = |entry: &&Entry| {
        !entry.rival
            && entry.basis == Basis::Collected
            && (entry.name.starts_with("nest") || entry.name == Horizon::FirstYear.code())
    };
    page.push_str(
        "### Skill with intervals: 5 to 95 over resamples of the partners, and without one partner\n\n\
         | forecast | rival | reading | skill | 5 to 95 | above 0 | verdict | without each partner |\n|---|---|---|--:|---|--:|---|---|\n",
    );
    for entry in backtest.entries.iter().filter(shown) {
        for rival in backtest.entries.iter().filter(|rival| rival.rival && rival.basis == Basis::Collected) {
            for (reading, words) in [(Reading::Share, "shares"), (Reading::Level, "levels")] {
                let Some(found) = against(backtest, entry, rival, reading) else { continue };
                let without: Vec<String> =
                    found.without.iter().map(|(partner, value)| format!("{partner} {value:+.2}")).collect();
                let _ = writeln!(
                    page,
                    "| {} | {} | {words} | {:+.2} | {:+.2} to {:+.2} | {:.2} | {} | {} |",
                    entry.name,
                    rival.name,
                    found.value,
                    found.low,
                    found.high,
                    found.positive,
                    found.verdict(),
                    without.join(", ")
                );
            }
        }
    }
    page.push_str(
        "\n### Is what was missed related to tariffs?\n\nSlope of outturn less forecast on the log change of 1+t, with its standard error, weighed by imports before; zero: \
         no tariff is left in the error. Cells of partner and sector group, clustered by partner; with effects of sector groups; over partners.\n\n\
         | forecast | cells | within sectors | partners |\n|---|--:|--:|--:|\n",
    );
    for entry in backtest.entries.iter().filter(|entry| entry.basis == Basis::Collected) {
        let Some(found) = &entry.orthogonality else { continue };
        let words = |slope: &Slope| format!("{:+.2} ± {:.2}", slope.value, slope.error);
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} |",
            entry.name,
            words(&found.cells),
            words(&found.within_sectors),
            words(&found.partners)
        );
    }
    page.push('\n');
}

fn item_key(item: &Item) -> String {
    match item {
        Item::Imports(partner) => partner.clone(),
        Item::Sector(partner, group) => format!("{partner} {group}"),
        Item::AllImports => "all".to_owned(),
        Item::Exports => "exports".to_owned(),
        Item::Duty => "duty".to_owned(),
    }
}

fn item_words(backtest: &Backtest, item: &Item) -> String {
    match item {
        Item::Imports(partner) => format!("imports from {partner}"),
        Item::Sector(partner, group) => format!("imports from {partner}, {group}"),
        Item::AllImports => "all goods imports".to_owned(),
        Item::Exports => format!("exports to {}", backtest.episode.retaliator),
        Item::Duty => "duty collected".to_owned(),
    }
}

/// Percent of a log change.
fn percent(log: f64) -> String {
    format!("{:+.1}", 100.0 * log.exp_m1())
}

/// Items of the table of partners: by size of the flow, then the totals.
fn shown(backtest: &Backtest) -> Vec<Item> {
    let mut partners: Vec<(&Item, &f64)> =
        backtest.weights.iter().filter(|(item, _)| matches!(item, Item::Imports(_))).collect();
    partners.sort_by(|a, b| b.1.total_cmp(a.1));
    let mut items: Vec<Item> = partners.into_iter().map(|(item, _)| item.clone()).collect();
    items.extend([Item::AllImports, Item::Exports, Item::Duty]);
    items.retain(|item| backtest.outturn.contains_key(item));
    items
}

fn misses_table(page: &mut String, backtest: &Backtest, known: &[Miss]) {
    let Some(entry) = backtest.entries.first() else { return };
    let mut items: Vec<(Item, f64, f64)> = shown(backtest)
        .into_iter()
        .filter_map(|item| {
            let said = *entry.changes.get(&item)?;
            let was = *backtest.outturn.get(&item)?;
            Some((item, said, was))
        })
        .collect();
    items.sort_by(|a, b| (b.1 - b.2).abs().total_cmp(&(a.1 - a.2).abs()));
    page.push_str(
        "### Misses of `first-year`, largest first\n\n| | said | was | | |\n|---|--:|--:|---|---|\n",
    );
    for (item, said, was) in items.iter().filter(|(_, said, was)| (said - was).abs() > 0.1) {
        let key = item_key(item);
        let found = known.iter().find(|miss| miss.episode == backtest.episode.name && miss.item == key);
        let (status, text) = found.map_or(("unexplained", ""), |miss| (&miss.status, &miss.text));
        let words = item_words(backtest, item);
        let _ = writeln!(page, "| {words} | {} | {} | {status} | {text} |", percent(*said), percent(*was));
    }
    page.push('\n');
}

fn scores_table(page: &mut String, backtest: &Backtest) {
    page.push_str(
        "### Scores: imports by partner, and by partner and sector\n\n\
         | forecast | rates | signs right | error | weighted | error of shares | weighted | sectors: signs | weighted error |\n\
         |---|---|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    let signs = |share: Option<f64>| share.map_or(String::new(), |share| format!("{:.0} %", 100.0 * share));
    for entry in &backtest.entries {
        let level = backtest.score(entry, false, Reading::Level);
        let share = backtest.score(entry, false, Reading::Share);
        let sector = backtest.score(entry, true, Reading::Level);
        let rates = if is_no_change(entry) { "" } else { entry.basis.label() };
        let _ = writeln!(
            page,
            "| {} | {rates} | {} | {:.3} | {:.3} | {:.3} | {:.3} | {} | {:.3} |",
            entry.name,
            signs(level.sign_hits),
            level.error,
            level.weighted_error,
            share.error,
            share.weighted_error,
            signs(sector.sign_hits),
            sector.weighted_error
        );
    }
    page.push('\n');
}

/// Skill against both rivals on imports by partner, weighted by imports: one less the ratio of mean squared errors, above zero is better.
fn skill_table(page: &mut String, backtest: &Backtest) {
    page.push_str(
        "### Skill on imports by partner, weighted by imports: above 0 beats the rival, 1 is perfect\n\n\
         | forecast | rates | levels: no change | elasticity 2 | shares: no change | elasticity 2 |\n|---|---|--:|--:|--:|--:|\n",
    );
    for entry in backtest.entries.iter().filter(|entry| !entry.rival) {
        let _ = write!(page, "| {} | {} |", entry.name, entry.basis.label());
        for reading in [Reading::Level, Reading::Share] {
            let own = backtest.score(entry, false, reading).weighted_error;
            for naive in [true, false] {
                let rivals =
                    backtest.entries.iter().filter(|rival| rival.rival && is_no_change(rival) == naive);
                let against = rivals.into_iter().find(|rival| naive || rival.basis == entry.basis);
                let words = against.map_or(String::new(), |rival| {
                    format!("{:+.2}", skill(own, backtest.score(rival, false, reading).weighted_error))
                });
                let _ = write!(page, " {words} |");
            }
        }
        page.push('\n');
    }
    page.push('\n');
}

fn partners_table(page: &mut String, backtest: &Backtest) {
    let picked: Vec<&Entry> = backtest
        .entries
        .iter()
        .filter(|entry| entry.basis == Basis::Collected && !is_no_change(entry))
        .collect();
    page.push_str("### What was said and what happened, percent, collected rates\n\n| |");
    for entry in &picked {
        let _ = write!(page, " {} |", entry.name);
        if !entry.bands.is_empty() {
            page.push_str(" 5–95 |");
        }
    }
    page.push_str(" outturn |\n|---|");
    let columns: usize = picked.iter().map(|entry| 1 + usize::from(!entry.bands.is_empty())).sum();
    page.push_str(&"--:|".repeat(columns + 1));
    page.push('\n');
    for item in shown(backtest) {
        let _ = write!(page, "| {} |", item_words(backtest, &item));
        for entry in &picked {
            let said = entry.changes.get(&item).map_or(String::new(), |change| percent(*change));
            let _ = write!(page, " {said} |");
            if !entry.bands.is_empty() {
                let band = entry.bands.get(&item);
                let words = band
                    .map_or(String::new(), |(low, high)| format!("{} … {}", percent(*low), percent(*high)));
                let _ = write!(page, " {words} |");
            }
        }
        let was = backtest.outturn.get(&item).map_or(String::new(), |change| percent(*change));
        let _ = writeln!(page, " {was} |");
    }
    page.push('\n');
}

fn coverage_table(page: &mut String, backtest: &Backtest, report: &Report) {
    page.push_str("### Coverage of the 5–95 bands\n\n| bands | partners | partners, widened | sectors, widened |\n|---|--:|--:|--:|\n");
    let words = |share: Option<f64>| share.map_or(String::new(), |share| format!("{:.0} %", 100.0 * share));
    for entry in
        backtest.entries.iter().filter(|entry| !entry.bands.is_empty() && entry.basis == Basis::Collected)
    {
        let half_width = report.half_width(&entry.name);
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} |",
            entry.name,
            words(backtest.coverage(entry, false, 0.0)),
            words(backtest.coverage(entry, false, half_width)),
            words(backtest.coverage(entry, true, half_width))
        );
    }
}

fn choice(page: &mut String, report: &Report) {
    page.push_str("\n## Bands are widened, and why\n\n");
    page.push_str(
        "Bands from parameters alone miss nearly everything: what partners sell moves with much that is no tariff (demand, oil prices, exemptions, \
         stocks), and the longer horizons are not meant for these windows. Bands of imports by partner are therefore widened, in logs, by the smallest \
         half-width with which the bands of that horizon cover at least 80 percent of the partners in each of the two episodes. That is fitted on both; the last \
         column is what the width of the first episode alone covers in the second. Bands of duty, prices and income are not widened: there is no outturn for them.\n\n\
         | bands | widened by ± | of which needed | second episode, first one's width |\n|---|--:|---|--:|\n",
    );
    for width in &report.widths {
        let own: Vec<String> =
            width.own.iter().map(|(episode, width)| format!("{width:.2} on {episode}")).collect();
        let _ = writeln!(
            page,
            "| {} | {:.2} | {} | {:.0} % |",
            width.horizon,
            width.half_width,
            own.join(", "),
            100.0 * width.out_of_sample
        );
    }
    page.push_str("\n## Which elasticities some years use\n\n| some years: elasticities | trade elasticity | factors | weighted error of shares |\n|---|--:|---|--:|\n");
    for tried in &report.years_grid {
        let mark = if *tried == report.years_chosen { " **headline**" } else { "" };
        let _ = writeln!(
            page,
            "| {} | {} | {} | {:.4}{mark} |",
            tried.set,
            tried.trade_elasticity,
            market(&tried.closure),
            tried.error
        );
    }
    let first = report.episodes.first().map_or("", |backtest| backtest.episode.name.as_str());
    let _ = writeln!(
        page,
        "\nChosen on {first} alone, on shares of imports (the counterfactual growth of all imports is not forecast, so it is taken out: this normalisation \
         was decided on that episode), and scored on the other. A parameter leaves its source only where the error falls by more than {:.0} percent.",
        100.0 * GAIN_TO_MOVE
    );
}

const HOW: &str = "\n## How it is done\n\n\
    - Forecasts are by partner and sector group: 13 partners and all others together, 18 groups.\n\
    - `first-year` and the rivals start from the flows of the period before; `years` and `long` from the world of 2022 with the tariffs of the period before, solved anew.\n\
    - Rivals: no change, and tariff-exclusive flows falling by two percent for each percent of duty, supplier by supplier; where the tables reach back, growth of each cell over the year \
      before (`trend`), alone and times that elasticity. The published nest on the tables' own cells, alone and times that growth, stands beside; no parameter is fitted: two years identify none.\n\
    - Signs: share of items where forecast and outturn have the same sign; empty for no change, which names none.\n\
    - Errors: root of the mean squared error of log changes; weighted: by imports before. Skill is one less the ratio of squared errors.\n\
    - Bands of `first-year`: 400 draws of the nest's elasticities and of how far the rate is the statute's. Bands of `long` and `years`: 200 runs \
      about the point, over the level of the horizon's elasticities and each sector's own.\n\
    - Retaliation is known by statute only, and that of 2025 by others than the retaliator named is missing from the record. Services are left out.\n\
    - Sources and recipes: `data/outturns`. Outturns are nominal US dollars, customs value.\n";
