//! The duty on a product, with what a code does not show, what preferences and exclusions would make of it, and how sure it is.

use jiff::civil::Date;

use super::{TariffError, Tariffs, View};
use crate::condition::ConditionKind;
use crate::confidence::Confidence;
use crate::duty::{
    Alternative, Answer, AnswerGiven, Case, ConditionAsked, Ground, Layer, Offer, Qualified, Question,
    Removed, Standing, answer, loading_words,
};
use crate::instrument::{Change, EVERYBODY, Kind};
use crate::preference::{Programme, holds};
use crate::schedule::{Reading, governing_for};
use detente_tables::nearest::suggestion;

impl Tariffs {
    /// The duty on a product, part by part.
    ///
    /// Refused: a party that neither ISO nor the record knows, a product of the importer itself, a negative value or quantity, a claim
    /// or condition that is not on record.
    ///
    /// ```
    /// use detente_ledger::duty::Question;
    /// use detente_ledger::schedule::Reading;
    /// use detente_ledger::tariff::Tariffs;
    /// use jiff::civil::date;
    ///
    /// let code = "8471.30.01".parse().expect("a code");
    /// let question = Question::new(code, "CHN", "USA", date(2025, 9, 16));
    /// let duty = Tariffs::embedded()?.duty(&question, Reading::Stated)?;
    /// assert_eq!(duty.total_pct, Some(20.0));
    /// assert!(duty.parts.iter().any(|part| !part.applies), "what does not apply is listed too, with the reason");
    /// # Ok::<(), detente_ledger::tariff::TariffError>(())
    /// ```
    pub fn duty(&self, question: &Question<'_>, reading: Reading) -> Result<Answer, TariffError> {
        let (from, to) = (self.party(question.from)?, self.party(question.to)?);
        let question = Question { from: &from, to: &to, ..question.clone() };
        self.refuse(&question)?;
        let mut found = self.duty_of_day(&question, reading)?;
        let latest = self.ledger().last_known().filter(|last| *last > question.known_on);
        if let Some(latest) = latest {
            let today = self.duty_of_day(&Question { known_on: latest, ..question.clone() }, reading)?;
            let known = |answer: &Answer| (answer.total_pct, answer.range_pct, answer.prohibited);
            if known(&today) != known(&found) {
                found.as_known_today = Some(Qualified {
                    total_pct: today.total_pct,
                    range_pct: today.range_pct,
                    specific: today.specific,
                    prohibited: today.prohibited,
                    note: None,
                });
            }
        }
        Ok(found)
    }

    pub(super) fn refuse(&self, question: &Question<'_>) -> Result<(), TariffError> {
        let refuse =
            |problem: String, repair: &str| Err(TariffError::Question { problem, repair: repair.to_owned() });
        let importers = self.library().importers()?;
        if !importers.iter().any(|held| held == question.to) {
            return refuse(
                format!("the tariff lines of {} are not on record", question.to),
                &format!(
                    "importers on record are {}; a folder of your own may add products/{}/lines.csv",
                    importers.join(", "),
                    question.to
                ),
            );
        }
        let members = self.ledger().parties.members(question.from, question.on);
        if question.from == question.to || members.contains(&question.to) {
            return refuse(
                format!("goods of {} pay no duty when they enter {}", question.from, question.to),
                "name two parties of which neither is part of the other",
            );
        }
        for (name, number) in [("value", question.value), ("quantity", question.quantity)] {
            if let Some(number) =
                number.filter(|number| !number.is_finite() || *number < 0.0 || *number > 1e15)
            {
                return refuse(
                    format!("the {name} is {number}"),
                    "write a number that is not negative, and below a thousand million million",
                );
            }
        }
        if question.settled.loaded.is_some_and(|day| day > question.on) {
            return refuse(
                "the goods are loaded after they enter".to_owned(),
                "write a day of loading that is not after the day of entry",
            );
        }
        let conditions = &self.ledger().conditions;
        for claim in &question.settled.claims {
            let programme =
                |held: &Programme| held.importer == question.to && held.id.eq_ignore_ascii_case(claim);
            let known = self.ledger().programmes.iter().any(programme)
                || conditions.get(claim).is_some_and(|held| held.kind == ConditionKind::Claim);
            if !known {
                let programmes = self.ledger().programmes.iter().filter(|held| held.importer == question.to);
                let claims = conditions.iter().filter(|held| held.kind == ConditionKind::Claim);
                let names =
                    programmes.map(|held| held.id.as_str()).chain(claims.map(|held| held.id.as_str()));
                return refuse(
                    format!("`{claim}` is nothing that can be claimed"),
                    &suggestion(claim, names),
                );
            }
        }
        for (id, share) in &question.settled.given {
            if conditions.get(id).is_none() && !id.starts_with(crate::condition::QUOTA) {
                let names = conditions.iter().map(|held| held.id.as_str());
                return refuse(format!("`{id}` is no condition on record"), &suggestion(id, names));
            }
            if !(0.0..=1.0).contains(share) {
                return refuse(format!("`{id}` is {share}"), "write yes, no, or a share from 0 to 1");
            }
        }
        Ok(())
    }

    /// The answer of one day of knowledge; a group's where all its members agree.
    pub(super) fn duty_of_day(
        &self,
        question: &Question<'_>,
        reading: Reading,
    ) -> Result<Answer, TariffError> {
        let members = self.ledger().parties.members(question.from, question.on);
        if members.is_empty() {
            return self.duty_of_origin(question, reading);
        }
        // Members that no measure tells apart have one duty.
        let mut seen: Vec<(Vec<String>, Vec<&str>)> = Vec::new();
        for member in members {
            let names = self.names_that_matter(question.to, member, question.on);
            match seen.iter_mut().find(|(held, _)| *held == names) {
                Some((_, alike)) => alike.push(member),
                None => seen.push((names, vec![member])),
            }
        }
        seen.sort_by_key(|(_, alike)| std::cmp::Reverse(alike.len()));
        let mut answers = Vec::new();
        for (_, alike) in &seen {
            let own = self.duty_of_origin(&Question { from: alike[0], ..question.clone() }, reading)?;
            answers.push((own, alike));
        }
        let mut answers = answers.into_iter();
        let Some((mut found, _)) = answers.next() else { return self.duty_of_origin(question, reading) };
        found.from = question.from.to_owned();
        let ends = |answer: &Answer| {
            answer
                .range_pct
                .or(answer.total_pct.map(|total| crate::duty::Bounds { least: total, most: total }))
        };
        for (other, alike) in answers {
            if (other.total_pct, other.range_pct, &other.specific, other.prohibited)
                == (found.total_pct, found.range_pct, &found.specific, found.prohibited)
            {
                continue;
            }
            found.members_differ.extend(alike.iter().map(|member| (*member).to_owned()));
            if let (Some(one), Some(two)) = (ends(&found), ends(&other)) {
                let (least, most) = (one.least.min(two.least), one.most.max(two.most));
                found.range_pct = Some(crate::duty::Bounds { least, most });
            }
            found.total_pct = None;
            found.duty = None;
        }
        if !found.members_differ.is_empty() {
            found
                .questions
                .insert(0, format!("which member it is: {} differ", found.members_differ.join(", ")));
        }
        Ok(found)
    }

    /// The names of a party that some measure of the importer, rule or programme goes by.
    fn names_that_matter(&self, importer: &str, member: &str, on: Date) -> Vec<String> {
        let ledger = self.ledger();
        let mut names = ledger.parties.names_of(member, on);
        let instruments = ledger.instruments.iter().filter(|held| held.imposer == importer);
        let named = |name: &String| {
            let of = |targets: &[String]| targets.contains(name);
            instruments.clone().any(|held| {
                of(&held.targets)
                    || of(&held.except_targets)
                    || held.entries.iter().any(|entry| {
                        entry.targets.as_deref().is_some_and(of)
                            || of(&entry.except_targets)
                            || entry.rates.contains_key(name)
                            || entry.parts.iter().any(|part| {
                                part.targets.as_deref().is_some_and(of) || of(&part.except_targets)
                            })
                            || [Some(&held.scope), entry.scope.as_ref()]
                                .into_iter()
                                .flatten()
                                .chain(entry.parts.iter().filter_map(|part| part.scope.as_ref()))
                                .flatten()
                                .flat_map(|entry| &entry.except)
                                .any(|except| of(&except.targets) || of(&except.except_targets))
                    })
            }) || ledger.stacking.rules.iter().any(|rule| of(&rule.targets) || of(&rule.except_targets))
                || ledger.programmes.iter().any(|held| of(&held.members) || of(&held.except_members))
        };
        names.retain(|name| named(name));
        names
    }

    fn duty_of_origin(&self, question: &Question<'_>, reading: Reading) -> Result<Answer, TariffError> {
        let view = View {
            importer: question.to,
            exporter: question.from,
            on: question.on,
            known_on: question.known_on,
            reading,
        };
        let table = self.library().lines_of_chapter(question.to, question.code)?;
        let provenance = self.provenance(question.to)?;
        let columns = self.library().columns(question.to)?;
        let mut ground = Ground {
            table: &table,
            columns: columns.as_deref(),
            provenance: &provenance,
            cases: self.cases(view, question.settled.loaded)?,
            stacking: &self.ledger().stacking,
            offers: self.offers(view)?,
            setting: self.setting(view),
        };
        let mut found = answer(question, &ground)?;
        found.if_excluded = self.if_excluded(question, view, &mut ground, &found)?;
        if let Some(excluded) = &found.if_excluded {
            found.conditions.push(exclusion(excluded, &found));
        }
        found.without_unsourced = self.without_unsourced(question, &mut ground, &found)?;
        self.say_what_it_rests_on(question, view, &mut found)?;
        Ok(found)
    }

    /// The layers by day of loading: one case where it makes no difference or is said.
    fn cases(&self, view: View<'_>, loaded: Option<Date>) -> Result<Vec<Case>, TariffError> {
        if loaded.is_some() {
            return Ok(vec![Case { words: String::new(), layers: self.layers_loaded(view, loaded)? }]);
        }
        let days = self.loading_days(view);
        let mut cases = Vec::new();
        for (at, day) in days.iter().enumerate() {
            let from = at.checked_sub(1).map(|before| days[before]);
            let eve = day.yesterday().unwrap_or(*day);
            let words = loading_words(from, Some(*day));
            cases.push(Case { words, layers: self.layers_loaded(view, Some(eve))? });
        }
        let words = loading_words(days.last().copied(), None);
        cases.push(Case { words, layers: self.layers(view)? });
        Ok(cases)
    }

    /// The programmes that the origin may claim on the day.
    fn offers(&self, view: View<'_>) -> Result<Vec<Offer>, TariffError> {
        let ledger = self.ledger();
        let mut found: Vec<Offer> = Vec::new();
        for programme in ledger.programmes.iter().filter(|held| held.importer == view.importer) {
            let in_force = programme.holds(view.on, view.known_on);
            let member = ledger.parties.days(&programme.members, &programme.except_members, view.exporter);
            if !in_force || !member.iter().any(|days| days.contains(view.on)) {
                continue;
            }
            let mut removes = Vec::new();
            for removal in &programme.removes {
                if holds(removal.from, removal.until, removal.announced, view.on, view.known_on) {
                    removes.push(Removed {
                        of: removal.of.clone(),
                        except: removal.except.clone(),
                        goods: self.goods_of(view.importer, &removal.lists, &[])?,
                        requires: removal.requires.clone(),
                        why: removal.why.clone().unwrap_or_default(),
                    });
                }
            }
            found.retain(|held| held.id != programme.id);
            found.push(Offer {
                id: programme.id.clone(),
                title: programme.title.clone(),
                columns: programme.columns.clone(),
                frees: programme.frees,
                flat: programme.flat_pct / 100.0,
                removes,
                note: programme.note.clone(),
            });
        }
        Ok(found)
    }

    /// Exclusions that relieve a measure charged on the product: their goods are described in words, and not on record.
    fn if_excluded(
        &self,
        question: &Question<'_>,
        view: View<'_>,
        ground: &mut Ground<'_>,
        found: &Answer,
    ) -> Result<Option<Alternative>, TariffError> {
        let exclusions = self
            .ledger()
            .between(view.importer, view.exporter)
            .filter(|held| held.kind == Kind::Exclusion && !held.acts_on.is_empty());
        for exclusion in exclusions {
            let step =
                governing_for(self.ledger(), exclusion, view.exporter, view.on, view.known_on, view.reading);
            let Some(step) = step else { continue };
            if step.ended_by.is_some() || step.entry.change != Change::Relieves {
                continue;
            }
            let acts_on = |layer: &Layer| exclusion.acts_on.contains(&layer.instrument);
            let until = step.days.until.map(|until| format!(" to {until}")).unwrap_or_default();
            let why = format!("{}: {} ({}{until})", exclusion.title, exclusion.covers, step.days.from);
            let mut sources = vec![step.entry.act.clone()];
            sources.extend(self.ledger().sources.citations(&step.entry.sources));
            let without = alternative(question, ground, found, acts_on, why, sources)?;
            if without.is_some() {
                return Ok(without);
            }
        }
        Ok(None)
    }

    /// The same without the layers that no source is on record for.
    fn without_unsourced(
        &self,
        question: &Question<'_>,
        ground: &mut Ground<'_>,
        found: &Answer,
    ) -> Result<Option<Alternative>, TariffError> {
        let unsourced = Confidence::Memory.word();
        let is_unsourced = |layer: &Layer| layer.confidence == unsourced;
        let why = "recalled, without a source on record".to_owned();
        alternative(question, ground, found, is_unsourced, why, Vec::new())
    }

    /// Puts the weakest confidence, the days of evidence, what is missing and what was decided beside the answer.
    fn say_what_it_rests_on(
        &self,
        question: &Question<'_>,
        view: View<'_>,
        found: &mut Answer,
    ) -> Result<(), TariffError> {
        let ledger = self.ledger();
        let mut weakest = Confidence::High;
        for part in found.parts.iter_mut().filter(|part| part.named) {
            let Some(list) = &part.list else { continue };
            let about = self.library().about(view.importer, list)?;
            if part.list_note.is_none() {
                part.list_note = about.as_ref().map(|held| held.note.clone()).filter(|note| !note.is_empty());
            }
            if !part.applies {
                continue;
            }
            if let Some(held) = about.as_ref().and_then(|held| word(&held.confidence)) {
                weakest = weakest.min(held);
            }
            if about.is_none_or(|held| !held.is_checked_with_the_text()) {
                let said = format!("list not checked against the law's text: {list}");
                if !found.missing.contains(&said) {
                    found.missing.push(said);
                }
            }
        }
        for part in found.parts.iter().filter(|part| part.applies) {
            weakest = weakest.min(word(&part.confidence).unwrap_or(Confidence::Low));
        }
        let provenance = self.provenance(view.importer)?;
        let outside = provenance.base_from.is_some_and(|day| view.on < day)
            || provenance.base_until.is_some_and(|day| view.on >= day);
        if let (true, Some(note)) = (outside, &provenance.base_note) {
            found.missing.push(note.clone());
            weakest = weakest.min(Confidence::Medium);
        }
        let on_the_books = |instruments: &[String]| {
            let named = |instrument: &String| instruments.contains(instrument);
            instruments.is_empty() || found.parts.iter().any(|part| part.named && named(&part.instrument))
        };
        let mut missing = Vec::new();
        for held in ledger.coverage.missing.iter().filter(|held| held.importer == view.importer) {
            let goods = self.goods_of(view.importer, &held.lists, &held.codes)?;
            let has_goods = goods.is_none_or(|goods| goods.reach(question.code).share.most > 0.0);
            let days = holds(held.from, held.until, None, view.on, Date::MAX);
            if days && has_goods && self.is_target(&held.targets, view) && on_the_books(&held.instruments) {
                missing.push(held.what.clone());
                weakest = weakest.min(held.confidence.unwrap_or(Confidence::High));
            }
        }
        for held in ledger.coverage.ambiguities.iter().filter(|held| held.importer == view.importer) {
            let days = holds(held.from, held.until, None, view.on, Date::MAX);
            if days && self.is_target(&held.targets, view) && on_the_books(&held.instruments) {
                found.ambiguities.push(format!("{}: {}; decided: {}", held.id, held.question, held.decided));
            }
        }
        found.missing.extend(missing);
        if let Some(evidence) = ledger.coverage.evidence_of(view.importer) {
            found.not_verified_after = (view.on > evidence.until).then_some(evidence.until);
            found.before_the_record = evidence.from.filter(|first| view.on < *first);
        }
        if found.before_the_record.is_none() {
            let first = ledger.instruments.iter().filter(|held| held.imposer == view.importer);
            let first = first.flat_map(|held| &held.entries).map(|entry| entry.from).min();
            found.before_the_record = first.filter(|first| view.on < *first);
        }
        found.confidence = weakest.word().to_owned();
        Ok(())
    }

    fn is_target(&self, targets: &[String], view: View<'_>) -> bool {
        let days = self.ledger().parties.days(targets, &[], view.exporter);
        targets.is_empty()
            || targets.iter().any(|name| name == EVERYBODY)
            || days.iter().any(|days| days.contains(view.on))
    }
}

/// The confidence that a word means.
fn word(text: &str) -> Option<Confidence> {
    let all = [Confidence::Memory, Confidence::Low, Confidence::Medium, Confidence::High];
    all.into_iter().find(|held| held.word() == text || format!("{held:?}").eq_ignore_ascii_case(text))
}

/// An exclusion as a condition: a claim that is not made.
fn exclusion(excluded: &Alternative, found: &Answer) -> ConditionAsked {
    let given = |answer: &str, duty: Qualified| AnswerGiven { answer: answer.to_owned(), duty };
    ConditionAsked {
        id: "exclusion".to_owned(),
        kind: "claim",
        question: format!("whether an exclusion describes the goods ({})", excluded.why),
        answers: vec![
            given(
                "an exclusion is held",
                Qualified {
                    total_pct: excluded.total_pct,
                    range_pct: excluded.range_pct,
                    specific: excluded.specific.clone(),
                    ..Qualified::default()
                },
            ),
            given(
                "no exclusion",
                Qualified {
                    total_pct: found.total_pct,
                    range_pct: found.range_pct,
                    specific: found.specific.clone(),
                    ..Qualified::default()
                },
            ),
        ],
    }
}

/// The duty with the layers that `left_out` names not charged; none where that changes nothing.
fn alternative(
    question: &Question<'_>,
    ground: &mut Ground<'_>,
    found: &Answer,
    left_out: impl Fn(&Layer) -> bool,
    why: String,
    sources: Vec<String>,
) -> Result<Option<Alternative>, TariffError> {
    let mut without: Vec<String> = Vec::new();
    let applies =
        |layer: &Layer| found.parts.iter().any(|part| part.applies && part.instrument == layer.instrument);
    for layer in ground.cases.iter().flat_map(|case| &case.layers) {
        if left_out(layer) && layer.is_charged() && applies(layer) && !without.contains(&layer.measure) {
            without.push(layer.measure.clone());
        }
    }
    if without.is_empty() {
        return Ok(None);
    }
    let held = ground.cases.clone();
    for layer in ground.cases.iter_mut().flat_map(|case| &mut case.layers) {
        if left_out(layer) && layer.is_charged() {
            layer.standing = Standing::NotCharged(why.clone());
            layer.holds = false;
        }
    }
    let other = answer(question, ground);
    ground.cases = held;
    let other = other?;
    Ok(Some(Alternative {
        without,
        why,
        sources,
        total_pct: other.total_pct,
        range_pct: other.range_pct,
        specific: other.specific,
        duty: other.duty,
    }))
}
