//! The validator: what a reader of the record relies on and no reader of files can refuse line by line.

use crate::{
    error::LedgerError,
    instrument::{Change, EVERYBODY, Entry, Instrument, Kind},
    ledger::Ledger,
    party::OTHERS,
    rate::Rate,
    source::Sources,
    talks::{BOTH, OutcomeKind, Talks},
};

/// Everything that is wrong with the record, each with file, entry, what was found and what would be right. Empty: nothing.
pub fn check(ledger: &Ledger) -> Vec<LedgerError> {
    let mut found = Vec::new();
    for instrument in &ledger.instruments {
        check_instrument(instrument, ledger, &mut found);
        check_references(instrument, ledger, &mut found);
    }
    check_stacking(ledger, &mut found);
    for id in ledger.talks_ids() {
        match ledger.talks(id) {
            Ok(talks) => check_talks(&talks, ledger, &mut found),
            Err(error) => found.push(error),
        }
    }
    found
}

fn check_instrument(instrument: &Instrument, ledger: &Ledger, found: &mut Vec<LedgerError>) {
    let is_party = |code: &str| is_economy(code) || ledger.parties.is_group(code);
    let mut wrong = |problem: String, repair: &str| {
        found.push(LedgerError::entry(
            &instrument.file,
            format!("instrument `{}`", instrument.id),
            problem,
            repair,
        ));
    };
    if !is_party(&instrument.imposer) {
        wrong(
            format!("the imposer is `{}`", instrument.imposer),
            "write three capital letters (ISO 3166), like DEU",
        );
    }
    if instrument.targets.is_empty() {
        wrong("no target".to_owned(), "name the economies, or write [\"all\"]");
    }
    let acts = instrument.entries.iter().flat_map(|entry| {
        let parts =
            entry.parts.iter().flat_map(|part| part.targets.iter().flatten().chain(&part.except_targets));
        entry.targets.iter().flatten().chain(&entry.except_targets).chain(entry.rates.keys()).chain(parts)
    });
    let named = instrument.targets.iter().chain(&instrument.except_targets).chain(acts);
    for target in named.filter(|target| *target != EVERYBODY && *target != OTHERS && !is_party(target)) {
        wrong(
            format!("the target is `{target}`"),
            "write three capital letters (ISO 3166), a group of groups.csv, \"others\" or \"all\"",
        );
    }
    if instrument.targets.contains(&instrument.imposer) {
        wrong("it targets its own imposer".to_owned(), "drop the imposer from the targets");
    }
    if instrument.family.is_empty() || instrument.authority.is_empty() {
        wrong("an empty family or authority".to_owned(), "name both: tables and stacking rules go by them");
    }
    if instrument.entries.is_empty() {
        wrong("no [[entry]]".to_owned(), "add the act that set it");
    }
    if instrument.kind == Kind::Tariff
        && instrument.scope.is_empty()
        && instrument.entries.iter().any(|entry| {
            entry.scope.is_none()
                && entry.parts.is_empty()
                && (entry.charges(entry.rate_pct.as_ref()) || !entry.rates.is_empty())
        })
    {
        wrong("a tariff without goods".to_owned(), "add [[scope]] with lists, codes or all = true");
    }
    for (at, entry) in instrument.entries.iter().enumerate() {
        check_entry(instrument, entry, &ledger.sources, found);
        check_names(entry, ledger, found);
        check_twins(instrument, at, found);
    }
}

fn name(entry: &Entry) -> String {
    let row = entry.row.as_ref().map(|row| format!(" ({row})")).unwrap_or_default();
    format!("entry {} of {}{row}", entry.written.1, entry.from)
}

fn check_entry(instrument: &Instrument, entry: &Entry, sources: &Sources, found: &mut Vec<LedgerError>) {
    let mut wrong = |problem: String, repair: &str| {
        found.push(LedgerError::entry(&entry.written.0, name(entry), problem, repair));
    };
    if entry.interval().is_empty() {
        let until = entry.until.map(|day| day.to_string()).unwrap_or_default();
        wrong(
            format!("until {until} is not after from {}", entry.from),
            "`until` is the first day no longer: one day after the last",
        );
    }
    let rates = entry.rates.values().map(|rate| ("a rate of `rates`", Some(rate)));
    let own = [("rate_pct", entry.rate_pct.as_ref()), ("suspended_pct", entry.suspended_pct.as_ref())];
    let of_parts: Vec<Rate> = entry
        .parts
        .iter()
        .flat_map(|part| [part.rate_pct, part.over_pct])
        .chain([entry.over_pct])
        .flatten()
        .map(Rate::one)
        .collect();
    let of_parts = of_parts.iter().map(|rate| ("a rate of a part", Some(rate)));
    for (key, rate) in own.into_iter().chain(rates).chain(of_parts) {
        if rate.is_some_and(|rate| !rate.is_sound()) {
            wrong(
                format!("{key} is empty, negative, beyond every tariff or no number"),
                "write percentage points from 0 to 10000: 25 is a quarter of the value",
            );
        }
    }
    let needs_rate = instrument.kind == Kind::Tariff
        && matches!(entry.change, Change::Sets | Change::Suspends)
        && entry.rate_pct.is_none()
        && entry.rates.is_empty()
        && entry.parts.is_empty()
        && !entry.effect.charges_without_a_rate()
        && entry.effect != crate::duty::Effect::Exempt;
    if needs_rate {
        wrong(
            "a tariff act without rate_pct".to_owned(),
            "write the rate; missing is not zero, and zero is 0",
        );
    }
    if entry.sources.is_empty() && !entry.confidence.is_unsourced() {
        wrong(
            "no source".to_owned(),
            "cite one, or write confidence = \"memory\" so that it is shown as unsourced",
        );
    }
    for source in entry.sources.iter().filter(|source| sources.citation(source).is_none()) {
        let error = LedgerError::unknown("source", source, sources.ids());
        wrong(error.to_string(), "add it to sources.csv, or write the citation out");
    }
    if entry.act.trim().is_empty() {
        wrong("no act".to_owned(), "name the act with its citation");
    }
}

/// Two acts of one day on the same days that say different things: which holds would hang on their order in the file.
fn check_twins(instrument: &Instrument, at: usize, found: &mut Vec<LedgerError>) {
    let entry = &instrument.entries[at];
    let twin = instrument.entries[..at].iter().find(|other| {
        other.known_from() == entry.known_from()
            && other.from == entry.from
            && other.change == entry.change
            && (&other.targets, &other.rates) == (&entry.targets, &entry.rates)
            && other.rate_pct != entry.rate_pct
    });
    if let Some(twin) = twin {
        found.push(LedgerError::entry(
            &entry.written.0,
            name(entry),
            format!("another entry of {} was announced on {} too", twin.from, twin.known_from()),
            "keep one, or give the later one its own day of announcement",
        ));
    }
}

/// Conditions, contents and instruments that an act names and the record does not hold.
fn check_names(entry: &Entry, ledger: &Ledger, found: &mut Vec<LedgerError>) {
    let mut wrong = |problem: String, repair: &str| {
        found.push(LedgerError::entry(&entry.written.0, name(entry), problem, repair));
    };
    let of_scopes = entry
        .scope
        .iter()
        .chain(entry.parts.iter().filter_map(|part| part.scope.as_ref()))
        .flatten()
        .flat_map(|scope| {
            scope.requires.iter().chain(scope.except.iter().flat_map(|except| &except.requires))
        });
    let required = entry.requires.iter().chain(entry.parts.iter().flat_map(|part| &part.requires));
    let contents = entry.content.iter().chain(entry.parts.iter().filter_map(|part| part.content.as_ref()));
    let ids = required.chain(of_scopes).map(|one| &one.id).chain(contents);
    for id in ids.filter(|id| !ledger.knows_condition(id)) {
        let known = ledger.conditions.iter().map(|held| held.id.as_str());
        wrong(
            LedgerError::unknown("condition", id, known).to_string(),
            "add it to conditions.toml, or repair the name",
        );
    }
    for ended in entry.ends.iter().filter(|id| ledger.instrument(id).is_err()) {
        let known = ledger.instruments.iter().map(|held| held.id.as_str());
        wrong(LedgerError::unknown("instrument", ended, known).to_string(), "repair `ends`");
    }
}

fn check_references(instrument: &Instrument, ledger: &Ledger, found: &mut Vec<LedgerError>) {
    for other in &instrument.acts_on {
        if let Err(error) = ledger.instrument(other) {
            found.push(LedgerError::entry(
                &instrument.file,
                format!("instrument `{}`", instrument.id),
                error.to_string(),
                "repair acts_on",
            ));
        }
    }
}

/// A rule about a family that no instrument has would never apply: a slip of the pen changes duties in silence.
fn check_stacking(ledger: &Ledger, found: &mut Vec<LedgerError>) {
    let is_held = |name: &str| {
        ledger.instruments.iter().any(|held| {
            let heading = |own: &Option<String>| own.as_deref() == Some(name);
            held.family == name
                || held.id == name
                || held.entries.iter().any(|entry| {
                    heading(&entry.heading) || entry.parts.iter().any(|part| heading(&part.heading))
                })
        })
    };
    if let Some((names, day)) = ledger.stacking.circle() {
        found.push(LedgerError::entry(
            "stacking.toml",
            format!("the rules of {day}"),
            format!("{} block each other in a circle", names.join(", ")),
            "give the rules days or targets on which one comes first",
        ));
    }
    let families = || ledger.instruments.iter().map(|held| held.family.as_str());
    for (at, rule) in ledger.stacking.rules.iter().enumerate() {
        let names: Vec<&str> = [&rule.by, &rule.of, &rule.except]
            .into_iter()
            .flat_map(|names| &names.0)
            .map(String::as_str)
            .collect();
        for name in names.into_iter().filter(|name| !is_held(name)) {
            let error = LedgerError::unknown("family", name, families());
            found.push(LedgerError::entry(
                "stacking.toml",
                format!("rule {}", at + 1),
                error.to_string(),
                "name the family of an instrument on record",
            ));
        }
    }
}

fn is_economy(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|letter| letter.is_ascii_uppercase())
}

fn check_talks(talks: &Talks, ledger: &Ledger, found: &mut Vec<LedgerError>) {
    let folder = format!("talks/{}", talks.id);
    let mut wrong = |file: &str, entry: String, problem: String, repair: &str| {
        found.push(LedgerError::entry(&format!("{folder}/{file}"), entry, problem, repair));
    };
    if talks.parties.len() < 2 {
        wrong(
            "talks.toml",
            "[[party]]".to_owned(),
            format!("{} parties", talks.parties.len()),
            "talks have two or more",
        );
    }
    for outcome in talks.outcomes.iter().filter(|held| held.kind == OutcomeKind::Date && held.date.is_none())
    {
        wrong(
            "talks.toml",
            format!("outcome `{}`", outcome.name),
            "no date".to_owned(),
            "a reference day needs `date`",
        );
    }
    let is_side = |side: &str| side == BOTH || talks.parties.iter().any(|party| party.code == side);
    let is_measure =
        |id: &str| ledger.instrument(id).is_ok() || talks.nontariff.iter().any(|held| held.measure == id);
    let is_commitment = |id: &str| talks.commitments.iter().any(|held| held.id == id);
    for framework in &talks.frameworks {
        if framework.measures_from.is_some_and(|day| day < framework.date) {
            wrong(
                "frameworks.toml",
                format!("framework `{}`", framework.id),
                "its measures are in effect before its own day".to_owned(),
                "repair `measures_from` or `date`",
            );
        }
        for round in framework.rounds.iter().filter(|id| !talks.rounds.iter().any(|held| held.id == **id)) {
            wrong(
                "frameworks.toml",
                format!("framework `{}`", framework.id),
                format!("no round `{round}`"),
                "name a row of rounds.csv",
            );
        }
    }
    for held in &talks.commitments {
        let entry = || format!("commitment `{}`", held.id);
        if !is_side(&held.by) {
            wrong("commitments.toml", entry(), format!("made by `{}`", held.by), "name a party, or `both`");
        }
        if !talks.frameworks.iter().any(|framework| framework.name == held.framework) {
            wrong(
                "commitments.toml",
                entry(),
                format!("no framework `{}`", held.framework),
                "name a row of frameworks.toml",
            );
        }
        if let Some(measure) = held.measure.as_ref().filter(|id| !is_measure(id)) {
            wrong(
                "commitments.toml",
                entry(),
                format!("no measure `{measure}`"),
                "name an instrument or a non-tariff measure",
            );
        }
        if let Some(linked) = held.linked.iter().find(|id| !is_commitment(id)) {
            wrong("commitments.toml", entry(), format!("no commitment `{linked}`"), "repair `linked`");
        }
        if held.events.windows(2).any(|pair| pair[1].date < pair[0].date) {
            wrong("commitments.toml", entry(), "events out of order".to_owned(), "order them by day");
        }
        if !held.matched && held.accounts.is_empty() {
            wrong(
                "commitments.toml",
                entry(),
                "not matched, and no account".to_owned(),
                "give both accounts",
            );
        }
    }
    for held in &talks.deadlines {
        let entry = || format!("deadline `{}`", held.id);
        if !is_side(&held.side) {
            wrong(
                "deadlines.toml",
                entry(),
                format!("the side is `{}`", held.side),
                "name a party, or `both`",
            );
        }
        if held.date <= held.known_from {
            wrong(
                "deadlines.toml",
                entry(),
                format!("{} is not after known_from {}", held.date, held.known_from),
                "swap them",
            );
        }
    }
    for held in
        talks.threats.iter().filter(|held| held.instrument.as_deref().is_some_and(|id| !is_measure(id)))
    {
        wrong(
            "threats.toml",
            format!("threat `{}`", held.id),
            "its instrument is not on record".to_owned(),
            "repair it",
        );
    }
    for held in &talks.threats {
        let rates = [("adds_pct", held.adds_pct), ("rate_pct", held.rate_pct)];
        for (key, rate) in rates.into_iter().filter_map(|(key, rate)| Some((key, rate?))) {
            if !Rate::one(rate).is_sound() {
                wrong(
                    "threats.toml",
                    format!("threat `{}`", held.id),
                    format!("{key} is {rate}"),
                    "write percentage points from 0 to 10000: 25 is a quarter of the value",
                );
            }
        }
        if held.target != EVERYBODY && !is_side(&held.target) || !is_side(&held.imposer) {
            wrong(
                "threats.toml",
                format!("threat `{}`", held.id),
                format!("it is of `{}` on `{}`", held.imposer, held.target),
                "name parties of talks.toml, or \"all\" as the target",
            );
        }
    }
    for held in talks.positions.iter().filter(|held| !held.party.is_empty() && !is_side(&held.party)) {
        wrong(
            "positions.csv",
            format!("row `{}`", held.id),
            format!("the party is `{}`", held.party),
            "name a party of talks.toml, or leave it empty for somebody else",
        );
    }
    for held in &talks.rounds {
        let people = held.leads.keys().chain(held.others.keys());
        if let Some(code) = people.into_iter().find(|code| !is_side(code)) {
            wrong(
                "rounds.csv",
                format!("round `{}`", held.id),
                format!("people of `{code}`"),
                "name the columns after the parties of talks.toml: lead_<PARTY>, others_<PARTY>",
            );
        }
    }
    for measure in &talks.nontariff {
        for step in &measure.steps {
            let entry = || format!("non-tariff row `{}`", step.row);
            if step.trade_at_stake_usd.is_some_and(|stake| !(0.0..=1e15).contains(&stake)) {
                wrong(
                    "nontariff.csv",
                    entry(),
                    "trade_at_stake_usd is no amount".to_owned(),
                    "write US dollars, or leave it empty",
                );
            }
            if let Some(id) = step.commitments.iter().find(|id| !is_commitment(id)) {
                wrong("nontariff.csv", entry(), format!("no commitment `{id}`"), "repair `commitments`");
            }
            if step.from.zip(step.until).is_some_and(|(from, until)| until <= from) {
                wrong(
                    "nontariff.csv",
                    entry(),
                    "until is not after from".to_owned(),
                    "`until` is the first day no longer",
                );
            }
        }
    }
    check_citations(talks, &ledger.sources, &folder, found);
}

/// Every row cites what is on record, or is marked as resting on memory.
fn check_citations(talks: &Talks, sources: &Sources, folder: &str, found: &mut Vec<LedgerError>) {
    let rows = (talks.rounds.iter().map(|row| ("rounds.csv", &row.id, &row.sources, row.confidence)))
        .chain(talks.deadlines.iter().map(|row| ("deadlines.toml", &row.id, &row.sources, row.confidence)))
        .chain(
            talks.commitments.iter().map(|row| ("commitments.toml", &row.id, &row.sources, row.confidence)),
        )
        .chain(talks.positions.iter().map(|row| ("positions.csv", &row.id, &row.sources, row.confidence)))
        .chain(talks.threats.iter().map(|row| ("threats.toml", &row.id, &row.sources, row.confidence)))
        .chain(
            talks
                .nontariff
                .iter()
                .flat_map(|held| &held.steps)
                .map(|row| ("nontariff.csv", &row.row, &row.sources, row.confidence)),
        );
    for (file, id, cited, confidence) in rows {
        let unknown = cited.iter().find(|source| sources.citation(source).is_none());
        let problem = match unknown {
            Some(source) => format!("source `{source}` is not on record"),
            None if cited.is_empty() && !confidence.is_unsourced() => "no source".to_owned(),
            None => continue,
        };
        let file = format!("{folder}/{file}");
        found.push(LedgerError::entry(&file, format!("row `{id}`"), problem, "cite a source of sources.csv"));
    }
}
