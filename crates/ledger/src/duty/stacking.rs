//! How families of layers stack, by the table `data/ledger/stacking.toml`: a new authority is a row there and not a branch in the code.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Layer, Setting};
use crate::instrument::EVERYBODY;
use crate::own_folder::{OwnFolder, put};
use crate::preference::holds;
use crate::products::ProductCode;

/// What a rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleKind {
    /// Of the layers of a family that reach a good, only the highest is charged.
    Highest,
    /// Goods, or the part of their value, on which `by` is charged are free of `of`.
    Blocks,
    /// No good is on the lists of two of these: what the record knows only as shares of each adds up as expected, and never to
    /// more than the highest of them.
    OneOf,
}

/// One name, or several.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "TypedNames", into = "Vec<String>")]
pub struct Names(pub Vec<String>);

#[derive(Deserialize)]
#[serde(untagged)]
enum TypedNames {
    One(String),
    Several(Vec<String>),
}

impl From<TypedNames> for Names {
    fn from(typed: TypedNames) -> Self {
        match typed {
            TypedNames::One(name) => Self(vec![name]),
            TypedNames::Several(names) => Self(names),
        }
    }
}

impl From<Names> for Vec<String> {
    fn from(names: Names) -> Self {
        names.0
    }
}

impl From<&str> for Names {
    fn from(name: &str) -> Self {
        Self(vec![name.to_owned()])
    }
}

/// One rule between families.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "TypedRule")]
pub struct StackingRule {
    /// Identifier, if it has one.
    pub id: Option<String>,
    /// What it says.
    pub rule: RuleKind,
    /// Who blocks, or the family of which only the highest counts.
    pub by: Names,
    /// Who is blocked, or of whom a good meets one.
    pub of: Names,
    /// Names that neither `by` nor `of` means.
    pub except: Names,
    /// An article on which any of `by` is charged is free as a whole, not only on that part of its value.
    pub whole: bool,
    /// Only on goods of these codes.
    pub codes: Vec<String>,
    /// Origins; all where empty.
    pub targets: Vec<String>,
    /// Origins for which it does not hold.
    pub except_targets: Vec<String>,
    /// First day; always where absent.
    pub from: Option<Date>,
    /// First day without it.
    pub until: Option<Date>,
    /// Day from which it was known.
    pub announced: Option<Date>,
    /// Where it is written.
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedRule {
    #[serde(default)]
    id: Option<String>,
    rule: RuleKind,
    #[serde(default)]
    family: Option<String>,
    #[serde(default)]
    by: Names,
    #[serde(default)]
    of: Names,
    #[serde(default)]
    except: Names,
    #[serde(default)]
    whole: bool,
    #[serde(default)]
    codes: Vec<String>,
    #[serde(default)]
    targets: Vec<String>,
    #[serde(default)]
    except_targets: Vec<String>,
    #[serde(default)]
    from: Option<Date>,
    #[serde(default)]
    until: Option<Date>,
    #[serde(default)]
    announced: Option<Date>,
    source: String,
}

impl TryFrom<TypedRule> for StackingRule {
    type Error = String;

    fn try_from(typed: TypedRule) -> Result<Self, String> {
        let needs = |key: &str| Err(format!("a rule of this kind needs `{key}`"));
        let by = match (typed.rule, &typed.family) {
            (RuleKind::Highest, Some(family)) => Names(vec![family.clone()]),
            (RuleKind::Highest, None) => return needs("family"),
            (RuleKind::Blocks, _) if typed.by.0.is_empty() => return needs("by"),
            _ => typed.by,
        };
        if typed.rule != RuleKind::Highest && typed.of.0.is_empty() {
            return needs("of");
        }
        if let Some(wrong) = typed.codes.iter().find(|code| code.parse::<ProductCode>().is_err()) {
            return Err(format!("`{wrong}` is no product code"));
        }
        Ok(Self {
            id: typed.id,
            rule: typed.rule,
            by,
            of: typed.of,
            except: typed.except,
            whole: typed.whole,
            codes: typed.codes,
            targets: typed.targets,
            except_targets: typed.except_targets,
            from: typed.from,
            until: typed.until,
            announced: typed.announced,
            source: typed.source,
        })
    }
}

impl StackingRule {
    /// A rule on all days and origins.
    fn always(rule: RuleKind, by: Names, of: Names, source: &str) -> Self {
        Self {
            id: None,
            rule,
            by,
            of,
            except: Names::default(),
            whole: false,
            codes: Vec::new(),
            targets: Vec::new(),
            except_targets: Vec::new(),
            from: None,
            until: None,
            announced: None,
            source: source.to_owned(),
        }
    }

    /// Only the highest of a family.
    pub fn highest(family: &str, source: &str) -> Self {
        Self::always(RuleKind::Highest, family.into(), Names::default(), source)
    }

    /// Goods on which `by` is charged are free of `of`.
    pub fn blocks(by: &str, of: &str, source: &str) -> Self {
        Self::always(RuleKind::Blocks, by.into(), of.into(), source)
    }

    /// Whether it holds on the day, as known then, for an origin that goes by `names`.
    fn is_active(&self, setting: &Setting, on: Date) -> bool {
        let meets =
            |targets: &[String]| targets.iter().any(|name| name == EVERYBODY || setting.names.contains(name));
        holds(self.from, self.until, self.announced, on, setting.known_on)
            && (self.targets.is_empty() || meets(&self.targets))
            && !meets(&self.except_targets)
    }

    fn names(&self, names: &Names, layer: &Layer) -> bool {
        let meant = |names: &Names| names.0.iter().any(|name| layer.answers_to(name));
        meant(names) && !meant(&self.except)
    }

    /// Whether `layer` blocks.
    pub(super) fn is_by(&self, layer: &Layer) -> bool {
        self.names(&self.by, layer)
    }

    /// Whether `layer` is blocked.
    pub(super) fn is_of(&self, layer: &Layer) -> bool {
        self.names(&self.of, layer)
    }

    fn has_goods(&self, code: Option<ProductCode>) -> bool {
        let Some(code) = code else { return true };
        self.codes.is_empty()
            || self
                .codes
                .iter()
                .filter_map(|typed| typed.parse::<ProductCode>().ok())
                .any(|held| held.covers(code))
    }
}

/// The table of rules. What no rule names adds up.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stacking {
    /// The rules.
    #[serde(default, rename = "stacking")]
    pub rules: Vec<StackingRule>,
}

/// The rules of a day for an origin.
#[derive(Debug, Clone, Default)]
pub struct ActiveRules<'a>(Vec<&'a StackingRule>);

impl Stacking {
    /// The rules that hold on the day among `layers`, on goods of `code` where it is said.
    pub fn active(&self, layers: &[Layer], on: Date, code: Option<ProductCode>) -> ActiveRules<'_> {
        let Some(first) = layers.first() else { return ActiveRules::default() };
        let holds = |rule: &&StackingRule| rule.is_active(&first.setting, on) && rule.has_goods(code);
        ActiveRules(self.rules.iter().filter(holds).collect())
    }

    /// Adds rules; one whose `id` is known replaces it.
    pub(crate) fn lay(&mut self, added: Vec<StackingRule>, own: &mut OwnFolder) {
        for rule in added {
            let id = rule.id.clone();
            let took_a_place = put(&mut self.rules, rule, |held, one| one.id.is_some() && held.id == one.id);
            own.count(id.filter(|_| took_a_place).map(|id| format!("rule {id}")));
        }
    }

    /// The days on which some rule begins or ends.
    pub fn days_of_change(&self) -> impl Iterator<Item = Date> {
        self.rules.iter().flat_map(|rule| [rule.from, rule.until]).flatten()
    }

    /// Families that block each other in a circle on some day, with the day; the names as written in the rules.
    pub fn circle(&self) -> Option<(Vec<String>, Date)> {
        let mut days: Vec<Date> = self.days_of_change().collect();
        days.push(Date::MAX);
        days.sort_unstable();
        days.dedup();
        days.into_iter().find_map(|day| self.circle_on(day).map(|names| (names, day)))
    }

    fn circle_on(&self, day: Date) -> Option<Vec<String>> {
        let active: Vec<&StackingRule> = self
            .rules
            .iter()
            .filter(|rule| {
                rule.rule == RuleKind::Blocks && holds(rule.from, rule.until, None, day, Date::MAX)
            })
            .collect();
        let meets = |one: &StackingRule, two: &StackingRule| {
            one.targets.is_empty()
                || two.targets.is_empty()
                || one.targets.iter().any(|target| two.targets.contains(target))
        };
        // Names only: an instrument of a blocked family may block without a circle, so only circles of one name count.
        let mut open: Vec<(Vec<String>, &StackingRule)> =
            active.iter().flat_map(|rule| rule.by.0.iter().map(|by| (vec![by.clone()], *rule))).collect();
        while let Some((path, rule)) = open.pop() {
            for of in &rule.of.0 {
                if path.contains(of) {
                    return Some(path);
                }
                for next in active.iter().filter(|next| next.by.0.contains(of) && meets(rule, next)) {
                    let mut longer = path.clone();
                    longer.push(of.clone());
                    open.push((longer, next));
                }
            }
        }
        None
    }
}

impl ActiveRules<'_> {
    /// Whether only the highest layer of a layer's family is charged.
    pub(super) fn only_highest(&self, family: &str) -> bool {
        self.0
            .iter()
            .any(|rule| rule.rule == RuleKind::Highest && rule.by.0.iter().any(|held| held == family))
    }

    /// The sets of families or instruments of which a good meets one at most.
    pub(super) fn one_of(&self) -> impl Iterator<Item = &[String]> {
        self.0.iter().filter(|rule| rule.rule == RuleKind::OneOf).map(|rule| rule.of.0.as_slice())
    }

    /// The rules that keep `layer` off goods.
    pub(super) fn against<'b>(&'b self, layer: &'b Layer) -> impl Iterator<Item = &'b StackingRule> {
        self.0.iter().copied().filter(move |rule| rule.rule == RuleKind::Blocks && rule.is_of(layer))
    }
}
