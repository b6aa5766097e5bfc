//! The board: who plays with which instruments for which objective, and what everybody else does.

use detente_engine::instruments::Instruments;
use detente_engine::strategy::best_response::{Start, best_response};
use detente_engine::strategy::known_points::KnownPoints;
use detente_engine::strategy::payoff::Game;
use detente_engine::strategy::policy::{PolicyGame, PolicyKind, PolicyVariable};
use detente_engine::strategy::projected_newton::SearchSettings;

use super::baseline_world::BaselineWorld;
use super::day::RecordDay;
use super::error::NoStrategy;
use super::instruments::{self, Grouping, InstrumentGroup, InstrumentSet};
use super::objectives::Objectives;

/// What the economies outside the game do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Others {
    /// They keep their tariffs.
    #[default]
    Hold,
    /// Players' rates are extended to all partners: one rate per sector.
    Mfn,
    /// They choose best responses of their own.
    Respond,
    /// They follow each move of a player with the same change of the tariff factor on the same flow's origin.
    Match,
}

impl Others {
    /// The words of the command line.
    pub const WORDS: [(&'static str, Others); 4] = [
        ("hold", Others::Hold),
        ("mfn", Others::Mfn),
        ("respond", Others::Respond),
        ("match", Others::Match),
    ];

    /// The word of the command line.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, others)| *others == self).map_or("", |(word, _)| word)
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Others::Hold => "the others hold their tariffs (a bilateral answer)",
            Others::Mfn => "rates are the same for all partners, sector by sector",
            Others::Respond => {
                "the others best-respond with tariffs on the players, one rate per sector and player"
            }
            Others::Match => "the others match each change of a rate on the same origin",
        }
    }
}

/// Towards whom players' instruments reach where nothing else is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All other economies.
    Everybody,
    /// The other players.
    EachOther,
    /// One economy.
    One(usize),
}

/// What is asked of every question alike.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules<'a> {
    /// What players set; tariffs by sector and partner where none.
    pub instruments: Option<&'a InstrumentSet>,
    /// What players want; welfare where none.
    pub objectives: Option<&'a Objectives>,
    /// What the others do.
    pub others: Others,
    /// The record's day, for lists as instruments.
    pub record: Option<&'a RecordDay<'a>>,
    /// What other questions on the same ground have found: asked and told, where questions come in a row.
    pub known: Option<&'a KnownPoints>,
}

/// A list of the record that a player sets the rate of.
#[derive(Clone, Debug, PartialEq)]
pub struct ListVariable {
    /// Position among the game's variables.
    pub variable: usize,
    /// What a reader calls it.
    pub title: String,
    /// Towards whom.
    pub partner: usize,
    /// Its rate today, a fraction.
    pub rate: f64,
}

/// Where searches with purchase commitments begin, as a multiple of today's purchases.
const FIRST_COMMITMENT: f64 = 2.0;

/// A game set up on a ground.
#[derive(Debug)]
pub struct Board<'g> {
    /// The world.
    pub ground: &'g BaselineWorld<'g>,
    /// The game.
    pub game: PolicyGame<'g>,
    /// Who plays.
    pub seats: Vec<usize>,
    /// Who best-responds beside them.
    pub responders: Vec<usize>,
    /// What everybody wants.
    pub objectives: Objectives,
    /// What the others do.
    pub others: Others,
    /// The point of today.
    pub today: Vec<f64>,
    /// Payoffs of today.
    pub base: Vec<f64>,
    /// Lists of the record among the variables.
    pub lists: Vec<ListVariable>,
}

impl<'g> Board<'g> {
    /// Sets the pieces.
    pub fn new(
        ground: &'g BaselineWorld<'g>,
        seats: &[usize],
        reach: Reach,
        rules: Rules,
    ) -> Result<Self, NoStrategy> {
        let welfare = || Objectives::welfare(&ground.calibration.benchmark);
        let objectives = rules.objectives.cloned().unwrap_or_else(welfare);
        Self::with_objectives(ground, seats, reach, rules, objectives)
    }

    /// Sets the pieces for given objectives.
    pub fn with_objectives(
        ground: &'g BaselineWorld<'g>,
        seats: &[usize],
        reach: Reach,
        rules: Rules,
        objectives: Objectives,
    ) -> Result<Self, NoStrategy> {
        let benchmark = &ground.calibration.benchmark;
        let groups = rules.instruments.unwrap_or(&InstrumentSet::Tariffs).groups(benchmark);
        let everybody: Vec<usize> = (0..benchmark.economies.len()).collect();
        let mut policies = Vec::new();
        let mut lists = Vec::new();
        for player in seats {
            for group in
                groups.iter().filter(|g| g.players.as_ref().is_none_or(|players| players.contains(player)))
            {
                let mut group = group.clone();
                let mut partners = match (&group.partners, reach) {
                    (Some(partners), _) => partners.clone(),
                    (None, Reach::Everybody) => everybody.clone(),
                    (None, Reach::EachOther) => seats.to_vec(),
                    (None, Reach::One(partner)) => vec![partner],
                };
                if rules.others == Others::Mfn && group.kind == PolicyKind::Tariff {
                    partners = everybody.clone();
                    group.by = match group.by {
                        Grouping::SectorAndPartner => Grouping::Sector,
                        Grouping::Partner => Grouping::OneRate,
                        kept => kept,
                    };
                }
                if let Some(list) = &group.list {
                    partners.retain(|partner| partner != player);
                    set_list(ground, &group, list, (*player, &partners), rules, (&mut policies, &mut lists))?;
                    continue;
                }
                policies.extend(group.variables(benchmark, *player, &partners));
            }
        }
        refuse_two_on_a_cell(ground, &policies)?;
        policies.extend(tariffs_on_oneself(ground, seats));
        if rules.others == Others::Match {
            follow(ground, seats, &mut policies);
        }
        let responders: Vec<usize> = if rules.others == Others::Respond {
            everybody.iter().copied().filter(|j| !seats.contains(j)).collect()
        } else {
            Vec::new()
        };
        for responder in &responders {
            for player in seats {
                let group = InstrumentGroup {
                    players: None,
                    kind: PolicyKind::Tariff,
                    partners: None,
                    sectors: instruments::goods(benchmark),
                    by: Grouping::SectorAndPartner,
                    bounds: (0.0, instruments::DEFAULT_RATES.1.ln_1p()),
                    list: None,
                };
                policies.extend(group.variables(benchmark, *responder, &[*player]));
            }
        }
        let mut game =
            PolicyGame::new(&ground.calibration, ground.today(), objectives.players.clone(), policies)?;
        if let Some(known) = rules.known {
            game = game.remembering(known);
        }
        for player in seats {
            if !game.variables().iter().any(|variable| variable.owner == *player) {
                return Err(NoStrategy::Unknown(format!(
                    "player `{}` has no instruments: no flow that it could set a rate on is in the benchmark or in the instruments asked for",
                    ground.code(*player)
                )));
            }
        }
        let today = game.today();
        // Not the game at its own point of today: one rate for several partners cannot repeat rates that differ.
        let base = objectives
            .players
            .iter()
            .map(|player| player.objective.value(&ground.calibration, &ground.baseline))
            .collect();
        Ok(Self {
            ground,
            game,
            seats: seats.to_vec(),
            responders,
            objectives,
            others: rules.others,
            today,
            base,
            lists,
        })
    }

    /// Each player's best rates under most-favoured-nation treatment, from several starts and with bounds probed: where searches with
    /// several local optima begin. Policies that are no tariffs stay as today.
    pub fn most_favoured_first(&self, players: &[usize], rules: Rules) -> Result<Start, NoStrategy> {
        let mut rates = self.ground.today();
        for player in players {
            let rules = Rules { instruments: Some(&InstrumentSet::Mfn), others: Others::Hold, ..rules };
            let mut board = Board::new(self.ground, &[*player], Reach::Everybody, rules)?;
            let tenth = vec![0.1_f64.ln_1p(); board.today.len()];
            let mut starts = vec![Start::new("ten percent", tenth), Start::new("today", board.today.clone())];
            starts.extend(board.starts());
            let settings = SearchSettings { probe_bounds: true, ..SearchSettings::default() };
            let today = board.today.clone();
            let best = best_response(&mut board.game, *player, &today, &starts, &settings)?;
            let found = board.game.instruments(&best.point);
            for policy in board.game.policies() {
                policy.cells.iter().for_each(|(cell, _)| rates.tariff_rate[*cell] = found.tariff_rate[*cell]);
            }
        }
        Ok(Start::new("most-favoured-nation optima", self.point_of(&rates)))
    }

    /// Where searches begin beside today: free trade (or the lowest that is allowed) and the mark-up `1/θ`.
    pub fn starts(&self) -> Vec<Start> {
        let d = self.ground.calibration.dimensions;
        let theta = &self.ground.calibration.technology.trade_elasticity;
        let policies = self.game.policies();
        // A commitment that asks for nothing has no slope: it begins where it binds.
        let commitment = |policy: &PolicyVariable| FIRST_COMMITMENT.clamp(policy.bounds.0, policy.bounds.1);
        let lowest = policies
            .iter()
            .map(|policy| match policy.kind {
                PolicyKind::Purchases => commitment(policy),
                _ => policy.bounds.0,
            })
            .collect();
        let markup = policies
            .iter()
            .map(|policy| match policy.kind {
                PolicyKind::Tariff => {
                    let (_, _, sector) = d.cell_of(policy.cells[0].0);
                    theta[sector].recip().ln_1p().clamp(policy.bounds.0, policy.bounds.1)
                }
                PolicyKind::Purchases => commitment(policy),
                _ => 0.0_f64.clamp(policy.bounds.0, policy.bounds.1),
            })
            .collect();
        vec![Start::new("the lowest rates allowed", lowest), Start::new("mark-ups 1/θ", markup)]
    }

    /// The point that some instruments of the same world mean in this game.
    pub fn point_of(&self, instruments: &Instruments) -> Vec<f64> {
        self.game.point_of(instruments)
    }

    /// Objectives at payoffs, percent change from today.
    pub fn objective_pct(&self, payoffs: &[f64]) -> Vec<Option<f64>> {
        let players = self.objectives.players.iter().zip(payoffs).zip(&self.base);
        let changes = players.map(|((player, payoff), base)| player.objective.change_pct(*payoff, *base));
        changes.map(|change| Some(change).filter(|change| change.is_finite())).collect()
    }

    /// The players and those who respond to them.
    pub fn movers(&self) -> Vec<usize> {
        self.seats.iter().chain(&self.responders).copied().collect()
    }

    /// Codes of the seats.
    pub fn names(&self) -> Vec<&str> {
        self.seats.iter().map(|j| self.ground.code(*j)).collect()
    }
}

/// One rate on a list of the record, as a change from today's.
fn set_list(
    ground: &BaselineWorld,
    group: &InstrumentGroup,
    id: &str,
    (player, partners): (usize, &[usize]),
    rules: Rules,
    (policies, lists): (&mut Vec<PolicyVariable>, &mut Vec<ListVariable>),
) -> Result<(), NoStrategy> {
    let Some(record) = rules.record else {
        return Err(NoStrategy::ListWithoutTalks { list: id.to_owned() });
    };
    let mut found = false;
    for partner in partners {
        let benchmark = &ground.calibration.benchmark;
        let Some(list) = record.list(benchmark, id, player, *partner)? else { continue };
        let cells: Vec<(usize, f64)> =
            list.shares.into_iter().filter(|(cell, _)| benchmark.border_value[*cell] > 0.0).collect();
        if cells.is_empty() {
            continue;
        }
        found = true;
        let bounds = (group.bounds.0 - list.rate, group.bounds.1 - list.rate);
        lists.push(ListVariable {
            variable: policies.len(),
            title: list.title,
            partner: *partner,
            rate: list.rate,
        });
        policies.push(PolicyVariable { player, kind: PolicyKind::ListRate, cells, bounds });
    }
    // The other players' lists in the same file are not this player's.
    if !found && group.players.is_some() {
        return Err(NoStrategy::Unknown(format!(
            "list `{id}`: {} has no such list on the books towards its partners in the game on {}",
            ground.code(player),
            record.clock.on
        )));
    }
    Ok(())
}

/// Two instruments on one flow are one margin: which of them is set would be arbitrary. Lists of the record may overlap, they add up.
fn refuse_two_on_a_cell(ground: &BaselineWorld, policies: &[PolicyVariable]) -> Result<(), NoStrategy> {
    let d = ground.calibration.dimensions;
    let mut set: std::collections::HashMap<(bool, bool, usize), PolicyKind> =
        std::collections::HashMap::new();
    for policy in policies {
        for (cell, _) in &policy.cells {
            let (tax, cost) = (policy.kind == PolicyKind::ExportTax, policy.kind == PolicyKind::TradeCost);
            let before = set.insert((tax, cost, *cell), policy.kind);
            let both_lists = before == Some(PolicyKind::ListRate) && policy.kind == PolicyKind::ListRate;
            if before.is_some() && !both_lists {
                let benchmark = &ground.calibration.benchmark;
                let (importer, exporter, sector) = d.cell_of(*cell);
                return Err(NoStrategy::Unknown(format!(
                    "instruments: two entries set the same flow [importer {}, exporter {}, {}]; a tariff, a list and purchases are one \
                     margin, keep one of them on each flow (`tariffs-and-subsidies` lets a rate go below zero)",
                    benchmark.economies[importer].code,
                    benchmark.economies[exporter].code,
                    benchmark.sectors[sector].code
                )));
            }
        }
    }
    Ok(())
}

/// A "tariff" on one's own goods, as some data have it, is no tariff: who sets rates sets it to zero.
fn tariffs_on_oneself(ground: &BaselineWorld, seats: &[usize]) -> Vec<PolicyVariable> {
    let benchmark = &ground.calibration.benchmark;
    let d = benchmark.dimensions();
    let own = |player: usize| {
        let cells: Vec<(usize, f64)> = (0..d.sectors)
            .map(|s| d.cell(player, player, s))
            .filter(|cell| benchmark.tariff_rate[*cell] != 0.0)
            .map(|cell| (cell, 0.0))
            .collect();
        (!cells.is_empty()).then_some(PolicyVariable {
            player,
            kind: PolicyKind::Tariff,
            cells,
            bounds: (0.0, 0.0),
        })
    };
    seats.iter().filter_map(|player| own(*player)).collect()
}

/// Other importers' rates on the same origin and sector move with a player's.
fn follow(ground: &BaselineWorld, seats: &[usize], policies: &mut [PolicyVariable]) {
    let benchmark = &ground.calibration.benchmark;
    let d = benchmark.dimensions();
    let mut taken = vec![false; d.cells()];
    for policy in policies.iter_mut().filter(|policy| policy.kind == PolicyKind::Tariff) {
        let led: Vec<usize> = policy.cells.iter().map(|(cell, _)| *cell).collect();
        let log_factor = |cell: usize| benchmark.tariff_rate[cell].ln_1p();
        let leader = led.iter().map(|cell| log_factor(*cell)).sum::<f64>() / led.len() as f64;
        for cell in led {
            let (_, exporter, sector) = d.cell_of(cell);
            for other in (0..d.economies).filter(|j| !seats.contains(j) && *j != exporter) {
                let follower = d.cell(other, exporter, sector);
                // Where two players lead on one origin the first is followed.
                if benchmark.border_value[follower] > 0.0 && !std::mem::replace(&mut taken[follower], true) {
                    policy.cells.push((follower, log_factor(follower) - leader));
                }
            }
        }
    }
}
