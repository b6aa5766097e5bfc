//! What goods a measure reaches, and on what share of their value.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Estimate;
use crate::products::{Coverage, ProductCode, ProductError, ProductLibrary, ProductList};

/// One entry of a scope as written: a choice of goods, less exceptions, and the share of their value that pays.
///
/// ```toml
/// [[scope]]
/// lists = ["section-232/steel-derivatives-2025-08-content"]
/// value_share = { least = 0.0, expected = 0.5, most = 1.0 }
/// question = "what share of the value is metal"
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
    /// Product lists that are exempt.
    pub except_lists: Vec<String>,
    /// Codes that are exempt.
    pub except_codes: Vec<String>,
    /// The share of customs value, or of the goods of a line, that pays; all of it where absent.
    pub value_share: Option<Estimate>,
    /// What would settle an uncertain share.
    pub question: Option<String>,
    /// A condition on the goods that a code does not show and most goods of the code do not meet: the entry is told, not charged.
    pub only_if: Option<String>,
}

/// The scope of a measure as written: its entries together.
pub type ScopeRule = Vec<ScopeEntry>;

/// A scope with its lists at hand.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    entries: Vec<Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    all: bool,
    named: Vec<(String, Arc<ProductList>)>,
    exempt: Vec<(String, Arc<ProductList>)>,
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
    /// The list that takes it out.
    pub exempt_by: Option<String>,
    /// What would settle the share.
    pub question: Option<String>,
    /// The condition under which the measure would reach the product; it does not without.
    pub only_if: Option<String>,
}

impl Scope {
    /// Finds the lists that `rule` names among those of `importer`.
    pub fn resolve(
        rule: &[ScopeEntry],
        importer: &str,
        library: &ProductLibrary,
    ) -> Result<Self, ProductError> {
        let entries =
            rule.iter().map(|entry| Entry::resolve(entry, importer, library)).collect::<Result<_, _>>()?;
        Ok(Self { entries })
    }

    /// How the scope meets `code`. The widest entry holds.
    pub fn reach(&self, code: ProductCode) -> Reach {
        let mut best =
            Reach { share: Estimate::NOTHING, by: None, exempt_by: None, question: None, only_if: None };
        for entry in &self.entries {
            let Some(found) = entry.reach(code) else { continue };
            if found.share.expected > best.share.expected || (best.by.is_none() && best.exempt_by.is_none()) {
                best = found;
            } else {
                best.share = best.share.wider(found.share);
            }
        }
        best
    }

    /// Whether some entry names every product, whatever it exempts.
    pub fn is_for_all_goods(&self) -> bool {
        self.entries.iter().any(|entry| entry.all)
    }

    /// The share alone, for sums over many lines.
    pub fn share(&self, code: ProductCode) -> Estimate {
        self.entries.iter().map(|entry| entry.share_of(code)).fold(Estimate::NOTHING, Estimate::wider)
    }
}

impl Entry {
    fn resolve(entry: &ScopeEntry, importer: &str, library: &ProductLibrary) -> Result<Self, ProductError> {
        check(entry)?;
        let gather = |lists: &[String],
                      codes: &[String]|
         -> Result<Vec<(String, Arc<ProductList>)>, ProductError> {
            let mut found = Vec::new();
            for list in lists {
                found.push((library.title(importer, list)?, library.list(importer, list)?));
            }
            if !codes.is_empty() {
                let codes = codes.iter().map(|code| code.parse()).collect::<Result<Vec<ProductCode>, _>>()?;
                found.push(("the codes of the notice".to_owned(), Arc::new(ProductList::new(codes))));
            }
            Ok(found)
        };
        Ok(Self {
            all: entry.all,
            named: gather(&entry.lists, &entry.codes)?,
            exempt: gather(&entry.except_lists, &entry.except_codes)?,
            share: match entry.only_if {
                Some(_) => Estimate::NOTHING,
                None => entry.value_share.unwrap_or(Estimate::WHOLE),
            },
            question: entry.question.clone(),
            only_if: entry.only_if.clone(),
        })
    }

    /// `None` where the entry does not speak of the product at all.
    fn reach(&self, code: ProductCode) -> Option<Reach> {
        let (inside, by) = if self.all {
            (Coverage::All, "all goods".to_owned())
        } else {
            let (coverage, name) = widest(&self.named, code)?;
            (coverage, name.to_owned())
        };
        let mut found = Reach {
            share: part(inside, self.share),
            by: Some(by),
            exempt_by: None,
            question: self.question.clone(),
            only_if: self.only_if.clone(),
        };
        if let Some((coverage, name)) = widest(&self.exempt, code) {
            found.share = found.share.without(part(coverage, Estimate::WHOLE));
            found.exempt_by = Some(name.to_owned());
        }
        if found.question.is_none() && !found.share.is_exact() {
            found.question = Some(match inside {
                Coverage::Share(_) => {
                    format!("whether the notice lists {code}: the record has its total and a share by sector")
                }
                _ => format!("which longer code below {code} the goods have"),
            });
        }
        Some(found)
    }

    fn share_of(&self, code: ProductCode) -> Estimate {
        let inside = if self.all {
            Coverage::All
        } else {
            widest(&self.named, code).map_or(Coverage::None, |(held, _)| held)
        };
        let share = part(inside, self.share);
        if share == Estimate::NOTHING || self.exempt.is_empty() {
            return share;
        }
        widest(&self.exempt, code).map_or(share, |(held, _)| share.without(part(held, Estimate::WHOLE)))
    }
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

/// The list that covers most of `code`, if any covers some.
fn widest(lists: &[(String, Arc<ProductList>)], code: ProductCode) -> Option<(Coverage, &str)> {
    lists
        .iter()
        .map(|(name, list)| (list.coverage(code), name.as_str()))
        .filter(|(coverage, _)| *coverage != Coverage::None)
        .max_by(|a, b| a.0.partial_cmp(&b.0).unwrap_or(std::cmp::Ordering::Equal))
}

/// A share of the goods that a list covers. Some but not all of them: anything up to the share, and half of it expected.
fn part(coverage: Coverage, share: Estimate) -> Estimate {
    match coverage {
        Coverage::None => Estimate::NOTHING,
        Coverage::All => share,
        Coverage::Share(expected) => {
            Estimate { least: 0.0, expected: share.expected * expected, most: share.most }
        }
        Coverage::Part => Estimate { least: 0.0, expected: share.expected / 2.0, most: share.most },
    }
}
