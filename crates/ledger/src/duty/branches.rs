//! One duty, with every answer to what a code does not show: claims not made, facts of the goods open, preferences beside it.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::answer::{averages, base_part, cents, layer_part, money, questions, specific};
use super::ground::{Ground, Offer};
use super::known_goods::Known;
use super::qualified::{AnswerGiven, ConditionAsked, Ends, Qualified, pct};
use super::{Answer, Bounds, Estimate, Goods, Layer, LineDuty, Part, Question, Scope, Standing, charge_in};
use crate::condition::{ConditionKind, QUOTA, Situation};
use crate::products::{BaseRate, Line, ProductCode, ProductError};
use std::sync::Arc;

/// Hardly any of the value: what counts where any at all decides.
const HARDLY_ANY: f64 = 1e-12;

/// More combinations of answers than this are not worked out one by one; the questions that come last are then left at their ends.
const MOST_COMBINATIONS: usize = 4096;

/// A fact of the goods with its possible answers; or the day of loading, whose answers are the cases.
struct Open {
    /// Names with their answers in words and what they put into the situation.
    id: String,
    kind: &'static str,
    question: String,
    answers: Vec<(String, Vec<(String, f64)>)>,
}

/// One combination of answers: which of each question, and the duty.
struct Combination {
    chosen: Vec<usize>,
    situation: Situation,
    ends: Ends,
}

/// Lines with what meets them.
struct Held<'a> {
    line: &'a Line,
    known: Known,
}

/// The duty, part by part, with its conditions and preferences.
pub fn answer(question: &Question<'_>, ground: &Ground<'_>) -> Result<Answer, ProductError> {
    // Pairs of zeros at the end say that a schedule divides no further; one that does means all of what is above them.
    let whole = [8, 6].into_iter().map(|digits| question.code.cut(digits)).find(|short| {
        *short != question.code
            && short.first() == question.code.first()
            && !ground.table.below(*short).is_empty()
    });
    let question = match whole {
        Some(code) if ground.table.below(question.code).is_empty() => &Question { code, ..question.clone() },
        _ => question,
    };
    let lines = ground.table.below(question.code);
    if lines.is_empty() {
        return Err(no_line(question.code, ground));
    }
    let Some(entered) = ground.cases.last() else { return Err(no_line(question.code, ground)) };
    let goods: Vec<Held<'_>> = lines
        .iter()
        .map(|line| {
            let longer = line.code.covers(question.code) && question.code.digits() > line.code.digits();
            let code = if longer { question.code } else { line.code };
            Held { line, known: Known::new(code, &entered.layers) }
        })
        .collect();
    let work = Work { question, ground, goods };
    let mut situation = Situation::default();
    for (id, answer) in &question.settled.given {
        situation = situation.with(id, *answer);
    }
    let mut claimed = None;
    for claim in &question.settled.claims {
        match ground.offers.iter().find(|offer| offer.id.eq_ignore_ascii_case(claim)) {
            Some(offer) => {
                claimed = Some(offer);
                situation = work.claiming(&situation, offer);
            }
            None => situation = situation.with(claim, 1.0),
        }
    }
    Ok(work.answer(&situation, claimed))
}

struct Work<'a> {
    question: &'a Question<'a>,
    ground: &'a Ground<'a>,
    goods: Vec<Held<'a>>,
}

impl Work<'_> {
    fn answer(&self, situation: &Situation, claimed: Option<&Offer>) -> Answer {
        let (question, ground) = (self.question, self.ground);
        let near = self.near(claimed);
        let (claims, open) = self.asked(&near, situation);
        let combined = self.combinations(&near, situation, &open, claimed);
        let all = combined.iter().fold(Ends::NONE, |ends, one| ends.with(one.ends));
        let open_matters = combined.iter().any(|one| one.ends != combined[0].ends);
        // What is shown part by part is the dearest combination that may enter.
        let dearest = combined.iter().enumerate().max_by(|(at, one), (other, two)| {
            let most = |ends: &Ends| ends.range.map_or(f64::NEG_INFINITY, |range| range.1);
            most(&one.ends).total_cmp(&most(&two.ends)).then(other.cmp(at))
        });
        let shown = dearest.map_or(0, |(at, _)| at);
        let case = self.case_of(&combined[shown], &open);
        let layers = self.layers(case, claimed);
        let duties = self.duties(&layers, &combined[shown].situation, claimed);
        let lines: Vec<Line> = self.goods.iter().map(|goods| goods.line.clone()).collect();
        let mut base = base_part(&lines, &duties, ground.provenance, question);
        if let Some(offer) = claimed.filter(|offer| offer.frees) {
            base.why = format!("{}% in place of all duties: {}", pct(offer.flat), offer.title);
            base.sources = offer.note.iter().cloned().collect();
        }
        let mut parts = vec![base];
        parts.extend((0..layers.len()).map(|at| layer_part(&duties, at, question)));
        if self.goods.len() == 1 {
            self.widen(&mut parts, &combined, &open, case, claimed);
        }
        let mut told = questions(&duties);
        if let (Some(unit), None) = (duties[0].base.unit(), question.quantity) {
            told.push(format!("the quantity in {unit}: the base rate is {}", duties[0].base));
        }
        let mut duty = all.as_duty(specific(&duties));
        if open_matters && duty.total_pct.is_some() {
            duty.range_pct = duty.total_pct.map(|total| Bounds { least: total, most: total });
            duty.total_pct = None;
        }
        let conditions = self.conditions(&near, situation, &claims, &open, &combined, claimed);
        for asked in &conditions {
            if asked.kind != "claim" && !told.contains(&asked.question) {
                told.push(asked.question.clone());
            }
        }
        Answer {
            code: question.code.to_string(),
            from: question.from.to_owned(),
            to: question.to.to_owned(),
            on: question.on,
            known_on: question.known_on,
            duty: if open_matters || duty.prohibited { None } else { money(&duties, question) },
            total_pct: duty.total_pct,
            range_pct: duty.range_pct,
            prohibited: duty.prohibited,
            specific: duty.specific,
            parts,
            lines: self.goods.len(),
            averages: averages(&lines, &duties, ground.table, ground.provenance, question),
            questions: told,
            left_out: ground.provenance.left_out.clone(),
            if_excluded: None,
            without_unsourced: None,
            conditions,
            if_qualifies: self.preferences(situation, claimed),
            as_known_today: None,
            confidence: String::new(),
            not_verified_after: None,
            before_the_record: None,
            missing: Vec::new(),
            ambiguities: Vec::new(),
            members_differ: Vec::new(),
        }
    }

    fn case_of(&self, combination: &Combination, open: &[Open]) -> usize {
        open.iter()
            .position(|held| held.kind == "loading")
            .map_or(self.ground.cases.len() - 1, |at| combination.chosen[at])
    }

    /// The layers of a case under a claim.
    fn layers(&self, case: usize, claimed: Option<&Offer>) -> Vec<Layer> {
        let mut layers = self.ground.cases[case].layers.clone();
        if let Some(offer) = claimed {
            self.remove(&mut layers, offer);
        }
        layers
    }

    fn remove(&self, layers: &mut [Layer], offer: &Offer) {
        let claim = Situation::default().with(&offer.id, 1.0);
        for layer in layers.iter_mut().filter(|layer| layer.is_charged()) {
            let meant = |names: &[String]| names.iter().any(|name| layer.answers_to(name));
            let removed = offer.removes.iter().find(|removed| {
                let has_goods = |goods: &Arc<Scope>| {
                    self.goods.iter().any(|held| {
                        goods.reach_in(&held.known, &self.ground.setting, &claim).share.most > 0.0
                    })
                };
                meant(&removed.of)
                    && !meant(&removed.except)
                    && self.ground.setting.met(&removed.requires, &claim) > 0.0
                    && removed.goods.as_ref().is_none_or(has_goods)
            });
            if removed.is_some() || offer.frees {
                let why = removed.map_or("", |removed| removed.why.as_str());
                let blank = if why.is_empty() { "" } else { ": " };
                layer.standing = Standing::NotCharged(format!("not under {}{blank}{why}", offer.title));
                layer.holds = false;
            }
        }
    }

    /// With an offer claimed, and the condition of its name met: who claims articles of civil aircraft says that they are.
    fn claiming(&self, situation: &Situation, offer: &Offer) -> Situation {
        let mut conditions = self.ground.setting.conditions.iter();
        let same = conditions.find(|held| held.id.eq_ignore_ascii_case(&offer.id));
        same.map_or_else(|| situation.clone(), |condition| situation.with(&condition.id, 1.0))
    }

    /// Of each case only the layers that can reach the goods: what all combinations are worked out with.
    fn near(&self, claimed: Option<&Offer>) -> Vec<Vec<Layer>> {
        (0..self.ground.cases.len())
            .map(|case| {
                let mut layers = self.layers(case, claimed);
                layers.retain(|layer| {
                    layer.holds
                        && self.goods.iter().any(|goods| {
                            let setting = &layer.setting;
                            let mut asked = Vec::new();
                            layer.scope.conditions(&goods.known, setting, &mut asked);
                            !asked.is_empty()
                                || layer
                                    .scope
                                    .reach_in(&goods.known, setting, &Situation::default())
                                    .share
                                    .most
                                    > 0.0
                        })
                });
                layers
            })
            .collect()
    }

    fn base(&self, goods: &Held<'_>, claimed: Option<&Offer>) -> (BaseRate, Option<f64>) {
        let on = self.question.on;
        let column = |name: &str| self.ground.columns.and_then(|held| held.rate(goods.known.code, name, on));
        let general = column(crate::products::GENERAL).unwrap_or_else(|| goods.line.base.clone());
        let Some(offer) = claimed else { return (general, None) };
        if offer.frees {
            return (BaseRate::AdValorem(offer.flat), general.ad_valorem());
        }
        let mut rates: Vec<BaseRate> = offer.columns.iter().filter_map(|name| column(name)).collect();
        rates.sort_by(|a, b| {
            let key = |rate: &BaseRate| rate.ad_valorem().unwrap_or(f64::INFINITY);
            key(a).total_cmp(&key(b))
        });
        let share = general.ad_valorem();
        (rates.into_iter().next().unwrap_or(general), share)
    }

    fn duties<'b>(
        &self,
        layers: &'b [Layer],
        situation: &Situation,
        claimed: Option<&Offer>,
    ) -> Vec<LineDuty<'b>> {
        let situation = match claimed {
            Some(offer) => situation.with(&offer.id, 1.0),
            None => situation.clone(),
        };
        self.goods
            .iter()
            .map(|goods| {
                let code = goods.known.code;
                let rules = self.ground.stacking.active(layers, self.question.on, Some(code));
                let column =
                    |name: &str| self.ground.columns.and_then(|held| held.rate(code, name, self.question.on));
                let (base, general) = self.base(goods, claimed);
                let equivalent = if claimed.is_some_and(|offer| offer.frees) || base.ad_valorem().is_some() {
                    None
                } else {
                    goods.line.ad_valorem_equivalent
                };
                let asked = Goods { code, base, equivalent, general, column: &column, meets: &goods.known };
                charge_in(&asked, layers, &rules, &situation)
            })
            .collect()
    }

    fn ends(&self, layers: &[Layer], situation: &Situation, claimed: Option<&Offer>) -> Ends {
        let estimate = self.goods.len() == 1;
        self.duties(layers, situation, claimed)
            .iter()
            .map(|duty| Ends::of(duty, estimate))
            .reduce(Ends::with)
            .unwrap_or(Ends::NONE)
    }

    /// The claims and the open facts on which the duty may turn.
    fn asked(&self, near: &[Vec<Layer>], situation: &Situation) -> (Vec<String>, Vec<Open>) {
        let mut ids: Vec<String> = Vec::new();
        for layer in near.iter().flatten().filter(|layer| layer.holds) {
            let of_layer = layer.requires.iter().map(|one| one.id.clone()).chain(layer.content.clone());
            for id in of_layer.chain(layer.quota()) {
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
            for goods in &self.goods {
                layer.scope.conditions(&goods.known, &layer.setting, &mut ids);
            }
        }
        let conditions = &self.ground.setting.conditions;
        let on = self.question.on;
        ids.retain(|id| {
            situation.answer(id).is_none() && conditions.get(id).is_none_or(|held| held.is_asked(on))
        });
        let mut claims = Vec::new();
        let mut open: Vec<Open> = Vec::new();
        let loading: Vec<(String, Vec<(String, f64)>)> =
            self.ground.cases.iter().map(|case| (case.words.clone(), Vec::new())).collect();
        if loading.len() > 1 {
            open.push(Open {
                id: "loaded".to_owned(),
                kind: "loading",
                question: "on which day the goods were loaded for export".to_owned(),
                answers: loading,
            });
        }
        let mut contents: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for id in ids {
            match conditions.get(&id) {
                Some(held) if held.kind == ConditionKind::Fact => open.push(Open {
                    question: held.question.clone(),
                    kind: "fact",
                    answers: vec![
                        (held.answer(true).to_owned(), vec![(id.clone(), 1.0)]),
                        (held.answer(false).to_owned(), vec![(id.clone(), 0.0)]),
                    ],
                    id,
                }),
                Some(held) if held.kind == ConditionKind::Content => {
                    let of = held.of.clone().unwrap_or_else(|| id.clone());
                    contents.entry(of).or_default().push(id);
                }
                None if id.starts_with(QUOTA) => open.push(self.quota(id, near)),
                _ => claims.push(id),
            }
        }
        open.extend(contents.into_values().map(|ids| self.content(ids)));
        claims.retain(|id| !self.ground.offers.iter().any(|offer| offer.id == *id));
        (claims, open)
    }

    fn quota(&self, id: String, near: &[Vec<Layer>]) -> Open {
        let layer = near.iter().flatten().find(|layer| layer.quota().as_ref() == Some(&id));
        let words = layer.map(|layer| layer.measure.clone()).unwrap_or_default();
        let amount =
            layer.and_then(|layer| layer.note.clone()).map(|note| format!(" ({note})")).unwrap_or_default();
        Open {
            question: format!("whether the entry is within the quota of {words}{amount}"),
            kind: "quota",
            answers: vec![
                ("within the quota".to_owned(), vec![(id.clone(), 1.0)]),
                ("beyond the quota".to_owned(), vec![(id.clone(), 0.0)]),
            ],
            id,
        }
    }

    /// Contents that share one value: none, all of one, or hardly any of one.
    fn content(&self, ids: Vec<String>) -> Open {
        let conditions = &self.ground.setting.conditions;
        let words: Vec<String> = ids
            .iter()
            .map(|id| conditions.get(id).map_or_else(|| id.clone(), |held| held.question.clone()))
            .collect();
        let put = |which: usize, share: f64| -> Vec<(String, f64)> {
            ids.iter()
                .enumerate()
                .map(|(at, id)| (id.clone(), if at == which { share } else { 0.0 }))
                .collect()
        };
        let mut answers = vec![("none of it".to_owned(), put(usize::MAX, 0.0))];
        for (at, id) in ids.iter().enumerate() {
            answers.push((format!("hardly any ({id})"), put(at, HARDLY_ANY)));
            answers.push((format!("all of it ({id})"), put(at, 1.0)));
        }
        Open { id: ids.join(" "), kind: "content", question: words.join("; "), answers }
    }

    fn combinations(
        &self,
        near: &[Vec<Layer>],
        situation: &Situation,
        open: &[Open],
        claimed: Option<&Offer>,
    ) -> Vec<Combination> {
        let mut chosen: Vec<Vec<usize>> = vec![Vec::new()];
        for held in open {
            let crowded = chosen.len() * held.answers.len() > MOST_COMBINATIONS;
            let count = if crowded { 1 } else { held.answers.len() };
            chosen = chosen
                .into_iter()
                .flat_map(|begun| {
                    (0..count).map(move |next| begun.iter().copied().chain([next]).collect::<Vec<usize>>())
                })
                .collect();
        }
        chosen
            .into_iter()
            .map(|chosen| {
                let mut case = near.len() - 1;
                let mut settled = situation.clone();
                for (held, answer) in open.iter().zip(&chosen) {
                    if held.kind == "loading" {
                        case = *answer;
                    }
                    for (id, value) in &held.answers[*answer].1 {
                        settled = settled.with(id, *value);
                    }
                }
                let ends = self.ends(&near[case], &settled, claimed);
                Combination { chosen, situation: settled, ends }
            })
            .collect()
    }

    fn conditions(
        &self,
        near: &[Vec<Layer>],
        situation: &Situation,
        claims: &[String],
        open: &[Open],
        combined: &[Combination],
        claimed: Option<&Offer>,
    ) -> Vec<ConditionAsked> {
        let all = combined.iter().fold(Ends::NONE, |ends, one| ends.with(one.ends));
        let worded =
            |answer: &str, ends: Ends| AnswerGiven { answer: answer.to_owned(), duty: ends.as_duty(None) };
        let mut found = Vec::new();
        for (at, held) in open.iter().enumerate() {
            let answers: Vec<(String, Ends)> = held
                .answers
                .iter()
                .enumerate()
                .filter_map(|(place, (words, _))| {
                    let chosen = combined.iter().filter(|one| one.chosen[at] == place);
                    let ends = chosen.map(|one| one.ends).reduce(Ends::with)?;
                    Some((words.clone(), ends))
                })
                .collect();
            if answers.iter().all(|(_, ends)| *ends == answers[0].1) {
                continue;
            }
            found.push(ConditionAsked {
                id: held.id.clone(),
                kind: held.kind,
                question: held.question.clone(),
                answers: answers.iter().map(|(words, ends)| worded(words, *ends)).collect(),
            });
        }
        let conditions = &self.ground.setting.conditions;
        for id in claims {
            let made = situation.with(id, 1.0);
            let ends = self
                .combinations(near, &made, open, claimed)
                .iter()
                .fold(Ends::NONE, |ends, one| ends.with(one.ends));
            if ends == all {
                continue;
            }
            let held = conditions.get(id);
            let words = |met: bool| held.map_or(if met { "yes" } else { "no" }, |held| held.answer(met));
            found.push(ConditionAsked {
                id: id.clone(),
                kind: "claim",
                question: held
                    .map_or_else(|| format!("whether {id} is claimed"), |held| held.question.clone()),
                answers: vec![worded(words(true), ends), worded(words(false), all)],
            });
        }
        if claimed.is_none() {
            for offer in self.ground.offers.iter().filter(|offer| offer.frees) {
                let free = self.qualified(situation, offer);
                if free.total_pct == all.as_duty(None).total_pct {
                    continue;
                }
                found.push(ConditionAsked {
                    id: offer.id.clone(),
                    kind: "claim",
                    question: format!("whether the entry is made under {}", offer.title),
                    answers: vec![AnswerGiven { answer: "yes".to_owned(), duty: free }, worded("no", all)],
                });
            }
        }
        found
    }

    /// The duty where a programme is claimed.
    fn qualified(&self, situation: &Situation, offer: &Offer) -> Qualified {
        let near = self.near(Some(offer));
        let claimed = situation.with(&offer.id, 1.0);
        let (_, open) = self.asked(&near, &claimed);
        let combined = self.combinations(&near, situation, &open, Some(offer));
        let ends = combined.iter().fold(Ends::NONE, |ends, one| ends.with(one.ends));
        let duties = self.duties(near.last().map_or(&[], Vec::as_slice), situation, Some(offer));
        let mut duty = ends.as_duty(specific(&duties));
        duty.note.clone_from(&offer.note);
        duty
    }

    fn preferences(&self, situation: &Situation, claimed: Option<&Offer>) -> BTreeMap<String, Qualified> {
        let mut found = BTreeMap::new();
        if claimed.is_some() {
            return found;
        }
        for offer in self.ground.offers.iter().filter(|offer| !offer.frees) {
            let open_to = self.goods.iter().any(|goods| {
                let on = self.question.on;
                let column = |name: &String| {
                    self.ground.columns.and_then(|held| held.rate(goods.known.code, name, on))
                };
                let free = self.base(goods, None).0.ad_valorem() == Some(0.0);
                free || offer.columns.iter().any(|name| column(name).is_some())
            });
            if open_to {
                found.insert(offer.id.clone(), self.qualified(&self.claiming(situation, offer), offer));
            }
        }
        found
    }

    /// What each part adds over all answers.
    fn widen(
        &self,
        parts: &mut [Part],
        combined: &[Combination],
        open: &[Open],
        case: usize,
        claimed: Option<&Offer>,
    ) {
        if combined.len() < 2 {
            return;
        }
        let layers = self.layers(case, claimed);
        let mut bounds: Vec<Option<(f64, f64)>> = vec![None; layers.len()];
        for one in combined.iter().filter(|one| self.case_of(one, open) == case) {
            for duty in self.duties(&layers, &one.situation, claimed) {
                for (held, charge) in bounds.iter_mut().zip(&duty.charges) {
                    let Estimate { least, most, .. } = charge.added;
                    *held = Some(held.map_or((least, most), |(a, b)| (a.min(least), b.max(most))));
                }
            }
        }
        for (part, bounds) in parts.iter_mut().skip(1).zip(bounds) {
            let Some((least, most)) = bounds else { continue };
            part.adds_pct = Some(Bounds { least: pct(least), most: pct(most) });
            if least != most {
                part.duty = None;
            } else if let Some(value) = self.question.value {
                part.duty = Some(cents(value * least));
            }
        }
    }
}

fn no_line(code: ProductCode, ground: &Ground<'_>) -> ProductError {
    let near = [8, 6, 4, 2].into_iter().map(|digits| code.cut(digits)).find_map(|short| {
        let found = ground.table.below(short);
        (short != code && !found.is_empty())
            .then(|| found.iter().take(4).map(|line| line.code.to_string()).collect::<Vec<_>>().join(", "))
    });
    ProductError::NoLine { code: code.to_string(), near, schedule: ground.provenance.source.clone() }
}

/// The days of loading in words: before the first of `days`, between two, from the last on.
pub(crate) fn loading_words(from: Option<Date>, until: Option<Date>) -> String {
    match (from, until) {
        (None, None) => String::new(),
        (None, Some(until)) => format!("loaded before {until}"),
        (Some(from), Some(until)) => {
            format!("loaded from {from} and before {until}")
        }
        (Some(from), None) => format!("loaded on or after {from}"),
    }
}
