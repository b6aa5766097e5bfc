//! What goods a measure reaches, under which conditions, and on what share of their value.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Estimate, Setting};
use crate::condition::{Requirement, Situation};
use crate::interval::Interval;
use crate::preference::holds;
use crate::products::{Coverage, Match, ProductCode, ProductError, ProductLibrary, ProductList};

/// One entry of a scope as written: a choice of goods, less exceptions, and the share of their value that pays.
///
/// ```toml
/// [[scope]]
/// lists = ["section-232/steel-derivatives-2025-08-content"]
/// if = ["metal-weight"]
/// [[scope.except]]
/// lists = ["section-232/aircraft"]
/// if = ["civil-aircraft"]
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ScopeEntry {
    /// Every product.
    pub all: bool,
    /// Product lists of the importer.
    pub lists: Vec<String>,
    /// Codes of two to ten digits.
    pub codes: Vec<String>,
    /// Conditions that must be met.
    #[serde(rename = "if", skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<Requirement>,
    /// First day of the entry; the act's where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// First day without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Day from which it was known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub announced: Option<Date>,
    /// Product lists that are exempt.
    pub except_lists: Vec<String>,
    /// Codes that are exempt.
    pub except_codes: Vec<String>,
    /// What is exempt under conditions, for some origins or on some days.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<ExceptEntry>,
    /// The share of customs value, or of the goods of a line, that pays; all of it where absent.
    pub value_share: Option<Estimate>,
    /// What would settle an uncertain share.
    pub question: Option<String>,
    /// A condition on the goods that a code does not show and most goods of the code do not meet: the entry is told, not charged.
    pub only_if: Option<String>,
}

/// Exempt goods as written.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ExceptEntry {
    /// Whatever the product.
    pub all: bool,
    /// Product lists of the importer.
    pub lists: Vec<String>,
    /// Codes of two to ten digits.
    pub codes: Vec<String>,
    /// Conditions that must be met.
    #[serde(rename = "if")]
    pub requires: Vec<Requirement>,
    /// Only goods of these origins.
    pub targets: Vec<String>,
    /// Not goods of these origins.
    pub except_targets: Vec<String>,
    /// First day.
    pub from: Option<Date>,
    /// First day no longer.
    pub until: Option<Date>,
    /// Day from which it was known.
    pub announced: Option<Date>,
    /// The heading of the schedule.
    pub heading: Option<String>,
}

/// The scope of a measure as written: its entries together.
pub type ScopeRule = Vec<ScopeEntry>;

/// A scope with its lists at hand.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    entries: Vec<Entry>,
    id: u64,
}

#[derive(Debug, Clone)]
struct Named {
    title: String,
    list: String,
    codes: Arc<ProductList>,
}

#[derive(Debug, Clone)]
struct Goods {
    all: bool,
    named: Vec<Named>,
}

#[derive(Debug, Clone, Copy)]
struct Days {
    from: Option<Date>,
    until: Option<Date>,
    announced: Option<Date>,
}

#[derive(Debug, Clone)]
struct Except {
    goods: Goods,
    requires: Vec<Requirement>,
    days: Days,
    heading: Option<String>,
}

#[derive(Debug, Clone)]
struct Entry {
    goods: Goods,
    requires: Vec<Requirement>,
    days: Days,
    except: Vec<Except>,
    share: Estimate,
    question: Option<String>,
    only_if: Option<String>,
}

/// How a scope meets one product.
#[derive(Debug, Clone, PartialEq)]
pub struct Reach {
    /// Share of the value that the measure reaches, before stacking.
    pub share: Estimate,
    /// The list or words that bring the product in.
    pub by: Option<String>,
    /// The name of that list, where it is one.
    pub list: Option<String>,
    /// The note of the law that prints the row, where it differs from the list's.
    pub note: Option<String>,
    /// The list that takes it out.
    pub exempt_by: Option<String>,
    /// What would settle the share.
    pub question: Option<String>,
    /// The condition under which the measure would reach the product; it does not without.
    pub only_if: Option<String>,
}

impl Reach {
    const NOTHING: Self = Self {
        share: Estimate::NOTHING,
        by: None,
        list: None,
        note: None,
        exempt_by: None,
        question: None,
        only_if: None,
    };
}

/// Goods that a list may have rows for: one product, or lines that lists treat alike.
pub trait Meets {
    /// The rows of `list` that meet the goods.
    fn matches<'a>(&'a self, list: &'a ProductList) -> Cow<'a, [Match]>;
    /// Their share, where the list knows shares only.
    fn share(&self, list: &ProductList) -> Option<Coverage>;
    /// The product, where it is one.
    fn code(&self) -> Option<ProductCode>;
}

impl Meets for ProductCode {
    fn matches<'a>(&'a self, list: &'a ProductList) -> Cow<'a, [Match]> {
        Cow::Owned(list.matches(*self))
    }

    fn share(&self, list: &ProductList) -> Option<Coverage> {
        list.share(*self)
    }

    fn code(&self) -> Option<ProductCode> {
        Some(*self)
    }
}

/// On which days an origin is among targets less others.
pub type Membership<'a> = &'a dyn Fn(&[String], &[String]) -> Vec<Interval>;

impl Scope {
    /// Finds the lists that `rule` names among those of `importer`, for every origin.
    pub fn resolve(
        rule: &[ScopeEntry],
        importer: &str,
        library: &ProductLibrary,
    ) -> Result<Self, ProductError> {
        let always = Interval::new(jiff::civil::date(1, 1, 1), None);
        Self::resolve_for(rule, importer, library, &|_, _| vec![always])
    }

    /// The same for one origin: what is exempt for other origins only is left out.
    pub fn resolve_for(
        rule: &[ScopeEntry],
        importer: &str,
        library: &ProductLibrary,
        membership: Membership<'_>,
    ) -> Result<Self, ProductError> {
        let entries: Vec<Entry> = rule
            .iter()
            .map(|entry| Entry::resolve(entry, importer, library, membership))
            .collect::<Result<_, _>>()?;
        let mut written = String::new();
        for entry in &entries {
            entry.describe(&mut written);
        }
        let mut hash = DefaultHasher::new();
        (importer, &written).hash(&mut hash);
        Ok(Self { entries, id: hash.finish() })
    }

    /// The same scope, as if these lists exempted nothing.
    #[must_use]
    pub fn exempting_nothing_by(&self, lists: &[String]) -> Self {
        let mut found = self.clone();
        let mut changed = String::new();
        for entry in &mut found.entries {
            for except in &mut entry.except {
                let held = except.goods.named.len();
                except.goods.named.retain(|named| !lists.contains(&named.list));
                if except.goods.named.len() < held {
                    except.goods.describe(&mut changed);
                }
            }
        }
        if !changed.is_empty() {
            let mut hash = DefaultHasher::new();
            (self.id, lists, &changed).hash(&mut hash);
            found.id = hash.finish();
        }
        found
    }

    /// What tells the scope from any other: its words and the content of its lists.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// How the scope meets `code` in a setting where nothing is settled. The widest entry holds.
    pub fn reach(&self, code: ProductCode) -> Reach {
        let setting = Setting::plain(Date::MAX);
        self.reach_in(&code, &setting, &Situation::default())
    }

    /// How the scope meets goods on the day of the setting, with conditions as the situation answers them.
    pub fn reach_in(&self, goods: &dyn Meets, setting: &Setting, situation: &Situation) -> Reach {
        let mut best = Reach::NOTHING;
        for entry in &self.entries {
            let Some(found) = entry.reach(goods, setting, situation) else { continue };
            let first = best.by.is_none() && best.exempt_by.is_none();
            if found.share.expected > best.share.expected || first {
                let wider = best.share.wider(found.share);
                best = found;
                best.share = wider;
            } else {
                best.share = best.share.wider(found.share);
            }
        }
        best
    }

    /// The share alone, for sums over many lines.
    pub fn share_in(&self, goods: &dyn Meets, setting: &Setting, situation: &Situation) -> Estimate {
        let shares = self.entries.iter().map(|entry| entry.share(goods, setting, situation));
        shares.fold(Estimate::NOTHING, Estimate::wider)
    }

    /// The conditions on which its reach of the goods may turn on the day.
    pub fn conditions(&self, goods: &dyn Meets, setting: &Setting, found: &mut Vec<String>) {
        let mut put = |requires: &[Requirement]| {
            for one in requires {
                if !found.contains(&one.id) {
                    found.push(one.id.clone());
                }
            }
        };
        for entry in self.entries.iter().filter(|entry| entry.days.hold(setting)) {
            if !entry.goods.meets(goods, setting, &mut put) {
                continue;
            }
            put(&entry.requires);
            for except in entry.except.iter().filter(|except| except.days.hold(setting)) {
                if except.goods.meets(goods, setting, &mut put) {
                    put(&except.requires);
                }
            }
        }
    }

    /// Whether some entry names every product, whatever it exempts.
    pub fn is_for_all_goods(&self) -> bool {
        self.entries.iter().any(|entry| entry.goods.all)
    }

    /// The lists that it names for goods.
    pub fn goods(&self) -> impl Iterator<Item = &Arc<ProductList>> {
        self.entries.iter().flat_map(|entry| entry.goods.named.iter().map(|named| &named.codes))
    }

    /// Every list that it names, for goods and for exceptions.
    pub fn lists(&self) -> impl Iterator<Item = &Arc<ProductList>> {
        self.entries.iter().flat_map(|entry| {
            entry
                .goods
                .named
                .iter()
                .chain(entry.except.iter().flat_map(|except| &except.goods.named))
                .map(|named| &named.codes)
        })
    }

    /// The days on which an entry, an exception or a row of its lists begins or ends.
    pub fn days_of_change(&self) -> Vec<Date> {
        let mut days: Vec<Date> = self
            .entries
            .iter()
            .flat_map(|entry| entry.except.iter().map(|except| except.days).chain([entry.days]))
            .flat_map(|days| [days.from, days.until])
            .flatten()
            .collect();
        for list in self.lists() {
            days.extend(list.days_of_change());
        }
        days
    }
}

impl Days {
    fn hold(self, setting: &Setting) -> bool {
        holds(self.from, self.until, self.announced, setting.on, setting.known_on)
    }
}

/// What of some goods is covered, by which list, and what keeps the rest out.
struct Covered<'a> {
    share: Estimate,
    /// Place of the list; none where all goods are meant.
    list: Option<usize>,
    note: Option<&'a str>,
    unmet: &'a [Requirement],
    part: Option<Coverage>,
}

impl Goods {
    fn resolve(
        all: bool,
        lists: &[String],
        codes: &[String],
        importer: &str,
        library: &ProductLibrary,
    ) -> Result<Self, ProductError> {
        let mut named = Vec::new();
        for list in lists {
            named.push(Named {
                title: library.title(importer, list)?,
                list: list.clone(),
                codes: library.list(importer, list)?,
            });
        }
        if !codes.is_empty() {
            let codes = codes.iter().map(|code| code.parse()).collect::<Result<Vec<ProductCode>, _>>()?;
            named.push(Named {
                title: "the codes of the notice".to_owned(),
                list: String::new(),
                codes: Arc::new(ProductList::new(codes)),
            });
        }
        Ok(Self { all, named })
    }

    fn describe(&self, out: &mut String) {
        let _ = write!(out, "{}", self.all);
        for named in &self.named {
            let _ = write!(out, " {} {:x}", named.list, named.codes.id());
        }
    }

    /// Whether a row on the day means the goods; the conditions of such rows are put down.
    fn meets(&self, goods: &dyn Meets, setting: &Setting, put: &mut dyn FnMut(&[Requirement])) -> bool {
        let mut found = self.all;
        for named in &self.named {
            found |= goods.share(&named.codes).is_some_and(|share| share != Coverage::None);
            for one in goods.matches(&named.codes).iter() {
                let terms = &named.codes.terms()[usize::from(one.terms)];
                if terms.holds(setting.on, setting.known_on) {
                    found = true;
                    put(&terms.requires);
                }
            }
        }
        found
    }

    /// `None` where the goods are not meant at all on the day.
    fn covered(&self, goods: &dyn Meets, setting: &Setting, situation: &Situation) -> Option<Covered<'_>> {
        if self.all {
            let share = Estimate::WHOLE;
            return Some(Covered { share, list: None, note: None, unmet: &[], part: None });
        }
        let mut best: Option<Covered<'_>> = None;
        for (at, named) in self.named.iter().enumerate() {
            let Some(found) = covered_by(&named.codes, at, goods, setting, situation) else { continue };
            let wider = |held: &Covered<'_>| {
                (found.share.expected, found.share.most) > (held.share.expected, held.share.most)
            };
            if best.as_ref().is_none_or(wider) {
                best = Some(found);
            }
        }
        best
    }

    fn title(&self, covered: &Covered<'_>) -> String {
        covered.list.map_or_else(|| "all goods".to_owned(), |at| self.named[at].title.clone())
    }
}

fn covered_by<'a>(
    list: &'a ProductList,
    at: usize,
    goods: &dyn Meets,
    setting: &Setting,
    situation: &Situation,
) -> Option<Covered<'a>> {
    let mut found = Covered { share: Estimate::NOTHING, list: Some(at), note: None, unmet: &[], part: None };
    if let Some(share) = goods.share(list) {
        found.share = match share {
            Coverage::None => return None,
            Coverage::All => Estimate::WHOLE,
            Coverage::Share(expected) => Estimate { least: 0.0, expected, most: 1.0 },
            Coverage::Part => Estimate { least: 0.0, expected: 0.5, most: 1.0 },
        };
        found.part = (!found.share.is_exact()).then_some(share);
        return Some(found);
    }
    let (mut whole, mut part, mut named) = (0.0_f64, 0.0_f64, false);
    for one in goods.matches(list).iter() {
        let terms = &list.terms()[usize::from(one.terms)];
        if !terms.holds(setting.on, setting.known_on) {
            continue;
        }
        named = true;
        let weight = setting.met(&terms.requires, situation);
        let best = if one.whole { &mut whole } else { &mut part };
        if weight > *best || found.note.is_none() {
            found.note = terms.note.as_deref();
        }
        *best = best.max(weight);
        if weight == 0.0 {
            found.unmet = &terms.requires;
        }
    }
    found.share = Estimate { least: whole, expected: whole.max(part / 2.0), most: whole.max(part) };
    found.part = (part > whole).then_some(Coverage::Part);
    named.then_some(found)
}

impl Entry {
    fn resolve(
        entry: &ScopeEntry,
        importer: &str,
        library: &ProductLibrary,
        membership: Membership<'_>,
    ) -> Result<Self, ProductError> {
        check(entry)?;
        let mut except = Vec::new();
        if !entry.except_lists.is_empty() || !entry.except_codes.is_empty() {
            except.push(Except {
                goods: Goods::resolve(false, &entry.except_lists, &entry.except_codes, importer, library)?,
                requires: Vec::new(),
                days: Days { from: None, until: None, announced: None },
                heading: None,
            });
        }
        for typed in &entry.except {
            let whole = Days { from: typed.from, until: typed.until, announced: typed.announced };
            let days = if typed.targets.is_empty() && typed.except_targets.is_empty() {
                vec![whole]
            } else {
                let everybody = [crate::instrument::EVERYBODY.to_owned()];
                let targets = if typed.targets.is_empty() { &everybody[..] } else { &typed.targets };
                membership(targets, &typed.except_targets)
                    .into_iter()
                    .filter_map(|held| whole.within(held))
                    .collect()
            };
            for days in days {
                except.push(Except {
                    goods: Goods::resolve(typed.all, &typed.lists, &typed.codes, importer, library)?,
                    requires: typed.requires.clone(),
                    days,
                    heading: typed.heading.clone(),
                });
            }
        }
        Ok(Self {
            goods: Goods::resolve(entry.all, &entry.lists, &entry.codes, importer, library)?,
            requires: entry.requires.clone(),
            days: Days { from: entry.from, until: entry.until, announced: entry.announced },
            except,
            share: match entry.only_if {
                Some(_) => Estimate::NOTHING,
                None => entry.value_share.unwrap_or(Estimate::WHOLE),
            },
            question: entry.question.clone(),
            only_if: entry.only_if.clone(),
        })
    }

    fn describe(&self, out: &mut String) {
        self.goods.describe(out);
        let _ = write!(
            out,
            "{:?}{:?}{:?}{:?}{:?}",
            self.requires, self.days, self.share, self.question, self.only_if
        );
        for except in &self.except {
            except.goods.describe(out);
            let _ = write!(out, "{:?}{:?}{:?};", except.requires, except.days, except.heading);
        }
    }

    /// The share alone.
    fn share(&self, goods: &dyn Meets, setting: &Setting, situation: &Situation) -> Estimate {
        if !self.days.hold(setting) {
            return Estimate::NOTHING;
        }
        let Some(inside) = self.goods.covered(goods, setting, situation) else { return Estimate::NOTHING };
        let met = Estimate::exactly(setting.met(&self.requires, situation));
        let share = scaled(scaled(inside.share, self.share), met);
        if share == Estimate::NOTHING {
            return share;
        }
        let mut out = Estimate::NOTHING;
        for except in self.except.iter().filter(|except| except.days.hold(setting)) {
            let Some(covered) = except.goods.covered(goods, setting, situation) else { continue };
            let met = Estimate::exactly(setting.met(&except.requires, situation));
            out = out.wider(scaled(covered.share, met));
        }
        share.without(out)
    }

    /// `None` where the entry does not speak of the product at all on the day.
    fn reach(&self, goods: &dyn Meets, setting: &Setting, situation: &Situation) -> Option<Reach> {
        if !self.days.hold(setting) {
            return None;
        }
        let inside = self.goods.covered(goods, setting, situation)?;
        let met = setting.met(&self.requires, situation);
        let mut found = Reach {
            share: scaled(scaled(inside.share, self.share), Estimate::exactly(met)),
            by: Some(self.goods.title(&inside)),
            list: inside.list.map(|at| self.goods.named[at].list.clone()).filter(|list| !list.is_empty()),
            note: inside.note.map(str::to_owned),
            exempt_by: None,
            question: self.question.clone(),
            only_if: self.only_if.clone(),
        };
        if found.only_if.is_none() && found.share == Estimate::NOTHING {
            let unmet = if met == 0.0 { &self.requires } else { inside.unmet };
            found.only_if = Some(in_words(unmet, setting)).filter(|words| !words.is_empty());
        }
        let mut out = Estimate::NOTHING;
        for except in self.except.iter().filter(|except| except.days.hold(setting)) {
            let Some(covered) = except.goods.covered(goods, setting, situation) else { continue };
            let share = scaled(covered.share, Estimate::exactly(setting.met(&except.requires, situation)));
            if share.most > 0.0 && (found.exempt_by.is_none() || share.expected > out.expected) {
                found.exempt_by = Some(except_words(except, &covered, setting));
            }
            out = out.wider(share);
        }
        found.share = found.share.without(out);
        if found.question.is_none() && !found.share.is_exact() {
            found.question = Some(match (inside.part, goods.code()) {
                (Some(Coverage::Share(_)), Some(code)) => {
                    format!("whether the notice lists {code}: the record has its total and a share by sector")
                }
                (_, Some(code)) => format!("which longer code below {code} the goods have"),
                (_, None) => "which longer code the goods have".to_owned(),
            });
        }
        Some(found)
    }
}

impl Days {
    fn within(self, held: Interval) -> Option<Self> {
        let whole = Interval::new(self.from.unwrap_or(held.from), self.until);
        let both = whole.intersection(held)?;
        // A membership that was always there leaves the first day open.
        let from = if self.from.is_none() && held.from.year() == 1 { None } else { Some(both.from) };
        Some(Self { from, until: both.until, announced: self.announced })
    }
}

fn except_words(except: &Except, covered: &Covered<'_>, setting: &Setting) -> String {
    let mut words = if covered.list.is_none() { String::new() } else { except.goods.title(covered) };
    let conditions = in_words(&except.requires, setting);
    if !conditions.is_empty() {
        let _ = write!(words, "{}{conditions}", if words.is_empty() { "" } else { ", " });
    }
    if let Some(heading) = &except.heading {
        let _ = write!(words, "{}{heading}", if words.is_empty() { "" } else { ", " });
    }
    if words.is_empty() { "its scope".to_owned() } else { words }
}

/// A share of a share.
fn scaled(share: Estimate, by: Estimate) -> Estimate {
    Estimate {
        least: share.least * by.least,
        expected: share.expected * by.expected,
        most: share.most * by.most,
    }
}

/// The answers under which all of `required` are met, in words.
pub(super) fn in_words(required: &[Requirement], setting: &Setting) -> String {
    let words: Vec<&str> = required
        .iter()
        .map(|one| match setting.conditions.get(&one.id) {
            Some(condition) => condition.answer(!one.negated),
            None => one.id.as_str(),
        })
        .collect();
    words.join(", ")
}

/// Refuses an entry that names no goods, names them twice, or says a share that is none.
fn check(entry: &ScopeEntry) -> Result<(), ProductError> {
    let refuse = |problem: &str, repair| Err(ProductError::Scope { problem: problem.to_owned(), repair });
    let named = !entry.lists.is_empty() || !entry.codes.is_empty();
    match (entry.all, named) {
        (false, false) => return refuse("an entry names no goods", "write `all = true`, `lists` or `codes`"),
        (true, true) => {
            return refuse("an entry names all goods and some", "keep `all` or the lists and codes");
        }
        _ => {}
    }
    for except in &entry.except {
        if except.all == (!except.lists.is_empty() || !except.codes.is_empty()) {
            return refuse(
                "an exception names no goods, or all goods and some",
                "write one of `all = true`, and `lists` or `codes`",
            );
        }
    }
    if entry.value_share.is_some() && entry.only_if.is_some() {
        return refuse("an entry has a share and a condition", "keep `value_share` or `only_if`");
    }
    let Some(share) = entry.value_share else { return Ok(()) };
    if !share.is_sound() || share.most > 1.0 {
        return refuse("`value_share` is no share", "write 0 <= least <= expected <= most <= 1");
    }
    if !share.is_exact() && entry.question.is_none() {
        return refuse(
            "`value_share` is uncertain and no `question` says what would settle it",
            "add `question`",
        );
    }
    Ok(())
}
