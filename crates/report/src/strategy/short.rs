//! An answer for a new reader: one paragraph (who would do what, what a deal would be, what it is worth beyond a war, what holds it), one table,
//! how it is established in a line, and where to go next. All of it, by economy and sector, is the screen behind `--details`.

use detente::strategy::answer::Answer;
use detente::strategy::baseline_world::GameDeficits;
use detente::strategy::certificates;
use detente::strategy::found::{
    BargainingPoint, DeadlineValue, Disagreement, Found, SideSplit, Sustained, Waiting, Zone,
};
use detente::strategy::objectives::ObjectiveKind;
use detente::strategy::policies::{PolicyAtPoint, RateKind};
use detente::words::number::{change, dollars, joined, named, opening, percent};
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_engine::catalogue::economy::{OBJECTIVE, REAL_WAGE, WELFARE};

use super::money::{money, money_in_words};
use super::zone::LEFT_OUT;
use super::{draws, screen};
use crate::{paragraph, width};

/// Economies outside the game that the table has at each end.
const OUTSIDE: usize = 2;
/// Economies that a clause names before it counts them.
const NAMED: usize = 3;

/// The question as it was asked.
pub struct Asked<'a> {
    /// The verb of the command.
    pub verb: &'a str,
    /// Codes of the players, with commas.
    pub players: &'a str,
    /// What else was typed and another verb takes too, with a blank before each word.
    pub settings: &'a str,
    /// Which tariffs the game starts from, in a sentence.
    pub start: &'a str,
}

/// The screen; `variant` is the same question with the other deficits.
pub fn short(
    directory: &BenchmarkDirectory,
    answer: &Answer,
    variant: Option<&Answer>,
    asked: &Asked<'_>,
) -> String {
    let reader = Reader { directory, answer, variant };
    let mut sentences = reader.sentences();
    sentences.extend(reader.observed());
    let mut text = String::new();
    let mut add = |lines: Vec<String>| lines.iter().for_each(|line| text += &format!("{line}\n"));
    add(paragraph::lines("", &sentences, 0, width::columns()));
    add(vec![reader.table().trim_end().to_owned()]);
    let mut notes = vec![asked.start.to_owned()];
    notes.extend(reader.notes());
    add(paragraph::lines("", &notes, 0, width::columns()));
    add(paragraph::lines("", &[next(asked)], 0, width::columns()));
    text
}

/// The one command that goes deeper, and where the rest of this one is.
fn next(asked: &Asked<'_>) -> String {
    let Asked { verb, players, settings, .. } = asked;
    let (what, command) = match *verb {
        "optimal" => ("what a war would be", "nash --players"),
        "bargain" | "frontier" => ("what holds a deal", "sustain --between"),
        "sustain" => ("what an extension is worth", "deadline --extension 0.5 --between"),
        _ => ("where a deal can lie", "bargain --between"),
    };
    // A war needs a second side, and a deal is between two.
    let goes_on = if players.split(',').count() == 2 {
        format!(" Next, {what}: detente {command} {players}{settings}")
    } else {
        String::new()
    };
    format!("Every economy, rates by sector and certificates: the same with --details.{goes_on}")
}

struct Reader<'a> {
    directory: &'a BenchmarkDirectory,
    answer: &'a Answer,
    variant: Option<&'a Answer>,
}

impl Reader<'_> {
    fn name(&self, code: &str) -> String {
        named(&self.plain(code))
    }

    /// A name as a heading has it.
    fn plain(&self, code: &str) -> String {
        let found = self.directory.benchmark.economy(code);
        found.map_or(code.to_owned(), |j| self.directory.benchmark.economies[j].name.clone())
    }

    fn names(&self, codes: &[String]) -> String {
        match codes {
            few if few.len() <= NAMED => joined(&few.iter().map(|code| self.name(code)).collect::<Vec<_>>()),
            many => format!("{} partners", many.len()),
        }
    }

    /// What is maximised, as readers have it.
    fn objective(&self) -> String {
        match self.answer.objective {
            ObjectiveKind::Welfare => WELFARE.label.to_owned(),
            _ => format!("its objective ({})", self.answer.objective_name),
        }
    }

    fn objective_of(&self, answer: &Answer, economy: usize) -> Option<f64> {
        answer.objective_pct[economy].filter(|value| value.is_finite())
    }

    /// `+0.08 % to the United States and +0.12 % to China`.
    fn worth<'a>(&self, sides: impl IntoIterator<Item = (&'a str, f64)>) -> String {
        let sides: Vec<(&str, String)> =
            sides.into_iter().map(|(code, value)| (code, change(value))).collect();
        if sides.len() > 1 && sides.iter().all(|(_, value)| *value == sides[0].1) {
            return format!("{} % to each", sides[0].1);
        }
        let each: Vec<String> =
            sides.iter().map(|(code, value)| format!("{value} % to {}", self.name(code))).collect();
        joined(&each)
    }

    /// What is set where, a clause a policy; purchases that only follow stand behind `--details`.
    fn policies(&self, policies: &[PolicyAtPoint]) -> String {
        let clauses: Vec<String> = policies.iter().filter_map(|policy| self.policy(policy)).collect();
        joined(&clauses)
    }

    fn policy(&self, policy: &PolicyAtPoint) -> Option<String> {
        Some(match policy {
            PolicyAtPoint::Rates(rates) => {
                let (verb, towards) = match rates.kind {
                    RateKind::Tariff => ("charge", "on"),
                    RateKind::ExportTax => ("tax exports by", "to"),
                    RateKind::TradeCost => ("make imports dearer by", "from"),
                };
                let average = if rates.sectors.len() > 1 { " on average" } else { "" };
                format!(
                    "{} would {verb} {} %{average} {towards} {} instead of {}",
                    self.name(&rates.player),
                    percent(rates.after),
                    self.names(&rates.partners),
                    percent(rates.before)
                )
            }
            PolicyAtPoint::List(list) => format!(
                "{} would charge {} % on {} from {} instead of {}",
                self.name(&list.player),
                percent(list.after),
                list.title,
                self.name(&list.partner),
                percent(list.before)
            ),
            PolicyAtPoint::Commitment(promise) => format!(
                "{} would promise to buy {} a year from {}, where it buys {}",
                self.name(&promise.player),
                money(&self.directory.benchmark.unit, promise.promised),
                self.names(&promise.sellers),
                money(&self.directory.benchmark.unit, promise.before)
            ),
            PolicyAtPoint::OwnTariffRemoved { .. } | PolicyAtPoint::Purchases(_) => return None,
        })
    }

    fn start(&self) -> &'static str {
        self.answer.start.words()
    }

    fn sentences(&self) -> Vec<String> {
        let answer = self.answer;
        let players = || {
            let position = |code: &String| answer.player_codes.iter().position(|other| other == code);
            answer.player_codes.iter().filter_map(move |code| {
                let j = answer.players[position(code)?];
                Some((code.as_str(), self.objective_of(answer, j)?))
            })
        };
        let rates = self.policies(&answer.policies);
        let mut found = match &answer.found {
            Found::Point => {
                vec![
                    format!("Choosing alone, {rates}."),
                    format!(
                        "That is worth {} in {} over {}.",
                        self.worth(players()),
                        self.objective(),
                        self.start()
                    ),
                ]
            }
            Found::War(_) => vec![
                match answer.players.len() {
                    1 => format!("Choosing alone, while nobody else moves, {rates}."),
                    _ => format!("At war, each choosing for itself and nobody agreeing, {rates}."),
                },
                format!(
                    "Against {} that is worth {} in {}.",
                    self.start(),
                    self.worth(players()),
                    self.objective()
                ),
            ],
            Found::Cooperation(deal) => vec![
                format!(
                    "At one table, each gaining the same over {}, {rates}.",
                    deal.from.words(answer.start)
                ),
                format!("That is worth {} in {}.", self.worth(players()), self.objective()),
            ],
            Found::Zone(zone) => self.zone(zone),
            Found::Frontier(line) => {
                let end = |at: usize| {
                    let side = |j: &usize| {
                        (line.economies[*j].as_str(), line.points[at].objective_pct[*j].unwrap_or(f64::NAN))
                    };
                    self.worth(line.sides.iter().map(side))
                };
                vec![
                    format!(
                        "What both can have together runs from {} to {}, in {} over {} ({} points, {} without an answer).",
                        end(0),
                        end(line.points.len() - 1),
                        self.objective(),
                        self.start(),
                        line.points.len(),
                        line.not_converged()
                    ),
                    format!("At its middle {rates}."),
                ]
            }
            Found::Sustained(held) => self.sustained(held, &rates),
            Found::Deadline(value) => self.deadline(value),
        };
        found.extend(answer.draws.iter().flat_map(draws::lines).map(|line| opening(&line) + "."));
        found.extend(self.outside());
        found
    }

    fn zone(&self, zone: &Zone) -> Vec<String> {
        let without = match zone.from {
            Disagreement::Nash => "a war in which both choose freely",
            Disagreement::Lapse => "what returns by law",
            Disagreement::Today => self.start(),
        };
        let Some(points) = &zone.points else {
            return vec![format!(
                "There is no deal in these instruments that leaves both better off than {without}."
            )];
        };
        let mut found = Vec::new();
        let equal = points.points.iter().find(|point| point.name == BargainingPoint::EqualGains);
        if let Some(point) = equal {
            let gains = super::zone::gains(zone, point);
            let sides = (0..2).map(|k| (zone.sides[k].as_str(), gains[k]));
            found.push(format!(
                "A deal exists that leaves both better off than {without}: in the one of equal gains {}; worth {} in {} over {without}.",
                self.policies(&point.policies),
                self.worth(sides),
                self.objective()
            ));
        }
        let most = (0..2).map(|k| (zone.sides[k].as_str(), 100.0 * points.largest_gains[k]));
        found.push(format!("The most that a deal could bring one side alone: {}.", self.worth(most)));
        found.extend(self.without_a_deal());
        let paid = &zone.side_payments;
        if paid.joint_gain > 0.0 {
            found.push(format!(
                "With money on the table both together could gain {} a year, {} paying {} {}.",
                money(&zone.unit, paid.joint_gain),
                self.name(&paid.payer),
                self.name(&paid.payee),
                money(&zone.unit, paid.payment)
            ));
        }
        found
    }

    /// What needs no deal.
    fn without_a_deal(&self) -> Option<String> {
        let split = self.answer.split.as_ref()?;
        let of = |value: fn(&SideSplit) -> f64| {
            self.worth(split.sides.iter().map(|side| (side.player.as_str(), value(side))))
        };
        Some(format!(
            "Without any deal a side that chose its own rates alone would have {}, and a war in which both choose {}, over {}.",
            of(|side| side.alone_pct),
            of(|side| side.war_pct),
            self.start()
        ))
    }

    fn sustained(&self, held: &Sustained, rates: &str) -> Vec<String> {
        let days = held.period_days;
        let mut found = vec![format!("The deal: {rates}.")];
        for side in &held.sides {
            let name = opening(&self.name(&side.player));
            let brings = format!(
                "{name} would gain {} % of income a year by breaking it until that is noticed",
                change(100.0 * side.temptation)
            );
            found.push(match side.critical_discount {
                Some(weight) => format!(
                    "{brings} and lose {} % by what follows: it keeps the deal by itself if it weighs the next {days:.0} days at {weight:.2} or more \
                     of today.",
                    change(100.0 * side.loss_from_punishment).trim_start_matches('+')
                ),
                None => format!("{brings}, and what follows costs it too little at any patience."),
            });
        }
        let weight = held.effective_discount;
        found.push(match held.most_cooperative_share {
            Some(share) if share >= 1.0 => {
                format!("At the weight asked about, {weight:.2}, the whole deal holds without a court.")
            }
            Some(share) => format!(
                "At the weight asked about, {weight:.2}, {:.0} % of the way to the deal holds.",
                100.0 * share
            ),
            None => format!("At the weight asked about, {weight:.2}, next to nothing of the deal holds."),
        });
        if !held.war_is_equilibrium && held.path.is_none() {
            found.push("The punishment is an empty threat: a side would gain by leaving it.".to_owned());
        }
        if held.talked_away.is_some() {
            found.push("Both would rather talk the punishment away once it is due.".to_owned());
        }
        found
    }

    fn deadline(&self, value: &DeadlineValue) -> Vec<String> {
        let unit = &value.unit;
        let signed = |amount: f64| {
            let sign = if amount < 0.0 { "−" } else { "+" };
            format!("{sign}{}", money_in_words(unit, amount.abs()))
        };
        let each = |of: &dyn Fn(&detente::strategy::found::SideValue) -> String| {
            let sides: Vec<String> = value
                .sides
                .iter()
                .map(|side| format!("{} to {}", of(side), self.name(&side.player)))
                .collect();
            joined(&sides)
        };
        let mut found = vec![
            format!(
                "{:.0} days more of today, whatever follows, are worth {}: what a lapse would cost in that time.",
                value.period_days,
                each(&|side| signed(side.period_of_today * side.income))
            ),
            format!(
                "For ever, a lapse means {} in income a year.",
                each(&|side| format!(
                    "{} % ({})",
                    change(100.0 * side.lapse),
                    signed(side.lapse * side.income)
                ))
            ),
        ];
        found.push(if value.has_deal {
            format!(
                "A deal means {}.",
                each(&|side| side
                    .deal
                    .map_or("nothing".to_owned(), |deal| format!("{} %", change(100.0 * deal))))
            )
        } else {
            "There is no deal to be had in these instruments.".to_owned()
        });
        found.push(format!(
            "At the odds given ({:.0} % an extension, {:.0} % a deal, {:.0} % a lapse at each deadline) keeping the truce alive is worth {} of a year's income.",
            100.0 * value.extension,
            100.0 * value.deal,
            100.0 * value.lapse,
            each(&|side| format!("{} %", change(100.0 * side.value_of_extension)))
        ));
        for side in &value.sides {
            let name = opening(&self.name(&side.player));
            found.extend(side.waiting.map(|waiting| match waiting {
                Waiting::IndifferentAt(odds) => {
                    format!(
                        "{name} would rather wait where an extension is likelier than {:.0} %.",
                        100.0 * odds
                    )
                }
                Waiting::AlwaysDeal => {
                    format!("{name} would take the deal whatever the odds of an extension.")
                }
                Waiting::AlwaysWait => format!("{name} would rather wait whatever the odds."),
            }));
        }
        found.push(match &value.risk {
            Ok(risk) => {
                let cost = risk.sides.iter().map(|side| format!("{:.2} % to {}", 100.0 * side.cost_per_year, self.name(&side.player)));
                let alive = risk.sides.iter().map(|side| format!("{} % to {}", change(100.0 * side.extension), self.name(&side.player)));
                format!(
                    "Where exporters of {} pay to enter and wait at these odds, doubt costs {} of income a year, and keeping the truce alive is worth {}.",
                    risk.sectors,
                    joined(&cost.collect::<Vec<_>>()),
                    joined(&alive.collect::<Vec<_>>())
                )
            }
            Err(reason) => format!("What doubt costs while the truce may lapse is not in these values: {reason}."),
        });
        found
    }

    /// Who outside the game fares worst.
    fn outside(&self) -> Option<String> {
        let loser = self.answer.largest_loser_outside.as_ref()?;
        if loser.welfare_pct >= 0.0 {
            return None;
        }
        let weak =
            self.directory.benchmark.economy(&loser.economy).is_some_and(|j| self.directory.is_weak(j));
        let weak = if weak { ", weak data" } else { "" };
        Some(format!(
            "Outside the game {} would lose most ({} % of income{weak}).",
            self.name(&loser.economy),
            change(loser.welfare_pct)
        ))
    }

    fn observed(&self) -> Option<String> {
        let seen = self.answer.observed.as_ref()?;
        Some(format!(
            "In {} {} bought goods for {} from {} and sold it {}.",
            seen.year,
            self.name(&seen.reporter),
            dollars(1e6 * seen.imports),
            self.name(&seen.partner),
            dollars(1e6 * seen.exports)
        ))
    }

    fn table(&self) -> String {
        match &self.answer.found {
            Found::Zone(zone) => self.deals(Some(zone)),
            Found::Sustained(_) | Found::Deadline(_) | Found::Frontier(_) if self.answer.split.is_some() => {
                self.deals(None)
            }
            _ => self.economies(),
        }
    }

    /// What each of two sides has without a deal and by each deal.
    fn deals(&self, zone: Option<&Zone>) -> String {
        let codes: Vec<&str> = self.answer.player_codes.iter().map(String::as_str).take(2).collect();
        let [first, second] = codes.as_slice() else { return self.economies() };
        let header =
            [format!("{}, % from {}", self.objective(), self.start()), self.plain(first), self.plain(second)];
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut add = |what: String, values: [Option<f64>; 2]| {
            let cells = values.map(|value| value.map_or("–".to_owned(), change));
            rows.push([what].into_iter().chain(cells).collect());
        };
        if let Some(split) = &self.answer.split {
            let of = |value: fn(&SideSplit) -> Option<f64>| split.sides.each_ref().map(value);
            add("choosing its own rates alone".to_owned(), of(|side| Some(side.alone_pct)));
            add("the other choosing alone".to_owned(), of(|side| Some(side.other_alone_pct)));
            add("a war, both choosing".to_owned(), of(|side| Some(side.war_pct)));
            if zone.is_none() && split.sides.iter().any(|side| side.deal_pct.is_some()) {
                add("the deal".to_owned(), of(|side| side.deal_pct));
            }
        }
        if let Found::Deadline(value) = &self.answer.found {
            let of = |k: usize| value.sides.get(k).map(|side| 100.0 * side.lapse);
            add("what a lapse brings".to_owned(), [of(0), of(1)]);
        }
        if let Found::Frontier(line) = &self.answer.found {
            let at = |point: usize| line.sides.map(|j| line.points[point].objective_pct[j]);
            let last = line.points.len() - 1;
            add(format!("most for {}", self.name(second)), at(0));
            add("in the middle".to_owned(), at(last / 2));
            add(format!("most for {}", self.name(first)), at(last));
        }
        if let Some(zone) = zone {
            for point in zone.points.iter().flat_map(|points| &points.points) {
                let what = match point.name {
                    BargainingPoint::EqualGains => "deal of equal gains",
                    BargainingPoint::NashBargain => "deal by Nash's rule (largest product of gains)",
                    BargainingPoint::KalaiSmorodinsky => "deal in proportion to the most each could have",
                };
                add(what.to_owned(), zone.positions.map(|j| point.economies[j].objective_pct));
            }
        }
        screen::table(&header, rows)
    }

    /// The players, and those outside who gain and lose most.
    fn economies(&self) -> String {
        let answer = self.answer;
        let outcomes = &answer.counterfactual.outcomes.economies;
        let income =
            |j: usize| (WELFARE.equilibrium.and_then(|read| read(&outcomes[j]))).filter(|v| v.is_finite());
        let mut outside: Vec<(usize, f64)> = (0..outcomes.len())
            .filter(|j| !answer.players.contains(j))
            .filter_map(|j| Some((j, income(j)?)))
            .collect();
        outside.sort_by(|a, b| b.1.total_cmp(&a.1));
        let (best, worst) = (outside.iter().take(OUTSIDE), outside.iter().rev().take(OUTSIDE));
        let mut rows: Vec<usize> = answer.players.clone();
        let mut ends: Vec<usize> = worst.map(|(j, _)| *j).collect();
        ends.reverse();
        for j in best.map(|(j, _)| *j).chain(ends) {
            if !rows.contains(&j) {
                rows.push(j);
            }
        }
        let own = answer.objective != ObjectiveKind::Welfare;
        let mut header = vec![format!("% from {}", self.start())];
        header.extend(own.then(|| OBJECTIVE.label.to_owned()));
        header.extend([WELFARE.label.to_owned(), REAL_WAGE.label.to_owned()]);
        header.extend(self.variant.map(|_| format!("{}, observed deficits", WELFARE.label)));
        let cell = |value: Option<f64>| value.filter(|v| v.is_finite()).map_or("–".to_owned(), change);
        let rows = rows.into_iter().map(|j| {
            let weak = if self.directory.is_weak(j) { ", weak data" } else { "" };
            let mut cells = vec![format!("{}{weak}", self.directory.benchmark.economies[j].name)];
            cells.extend(own.then(|| cell(answer.objective_pct[j])));
            cells.push(cell(income(j)));
            cells.push(cell(REAL_WAGE.equilibrium.and_then(|read| read(&outcomes[j]))));
            cells.extend(self.variant.map(|other| cell(other.objective_pct[j])));
            cells
        });
        screen::table(&header, rows)
    }

    /// What the numbers are: horizon, deficits, what they leave out, how they are established.
    fn notes(&self) -> Vec<String> {
        let answer = self.answer;
        let deficits = match answer.deficits {
            GameDeficits::Zero => "trade is balanced before the game begins",
            GameDeficits::Observed => "observed deficits are held",
        };
        let mut found = vec![format!(
            "Long run, after about seven years; {}; {deficits}. Left out are {LEFT_OUT}.",
            answer.others.words()
        )];
        if let Some(variant) = self.variant {
            let sides: Vec<(&str, f64)> = answer
                .player_codes
                .iter()
                .zip(&answer.players)
                .filter_map(|(code, j)| Some((code.as_str(), self.objective_of(variant, *j)?)))
                .collect();
            if matches!(
                answer.found,
                Found::Zone(_) | Found::Sustained(_) | Found::Deadline(_) | Found::Frontier(_)
            ) && sides.len() == 2
            {
                found.push(format!(
                    "With observed deficits held instead, the point shown would be {} over {}.",
                    self.worth(sides),
                    self.start()
                ));
            }
        }
        let all = answer.all_certificates();
        let searched: Vec<_> =
            all.iter().map(|(_, held)| held).filter(|held| certificates::is_searched(held)).collect();
        let unsettled = searched.iter().filter(|held| !held.status.is_converged()).count();
        let left = searched.iter().filter_map(|held| held.best_response_gain).fold(0.0, f64::max);
        found.push(match unsettled {
            0 => format!(
                "Points searched: {}; searching each again found {} more, residual {:.0e}.",
                searched.len(),
                if left > 0.0 { format!("at most {left:.0e} (in logarithms)") } else { "nothing".to_owned() },
                answer.counterfactual.equilibrium.certificate.max_residual()
            ),
            some => format!("NOT CONVERGED: {some} of the {} points that were searched for.", searched.len()),
        });
        found
    }
}
