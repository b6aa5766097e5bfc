//! Lines grouped by the rows of lists that meet them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::added::Added;
use super::claim::Claim;
use super::class::Class;
use super::groups::{Groups, base_bits};
use crate::duty::{Bound, Effect, Layer, Scope, Stacking};
use crate::products::{Line, LineTable};

/// The lines of one importer, in classes with respect to a set of scopes.
#[derive(Debug, Clone)]
pub struct Panel {
    table: Arc<LineTable>,
    groups: Arc<Groups>,
    /// Lists and floors that it tells apart, by content, in order.
    lists: Vec<u64>,
    floors: Vec<u64>,
    /// Class of each line.
    class_of: Vec<usize>,
    classes: Vec<Class>,
    /// Programmes of preference as far as they are claimed.
    pub(super) claims: Vec<Claim>,
}

impl Panel {
    /// Forgets what was found of any day.
    pub(crate) fn forget_days(&self) {
        self.groups.forget_days();
    }

    /// Groups the lines of `table` by the way the lists of `scopes` meet them.
    pub fn new(table: Arc<LineTable>, scopes: impl IntoIterator<Item = Arc<Scope>>) -> Self {
        let scopes: Vec<Arc<Scope>> = scopes.into_iter().collect();
        Self::with_floors(table, &scopes, &[])
    }

    /// The same, lines that `floors` may reach told apart by their base rates too: what is added on them turns on it.
    pub fn with_floors(table: Arc<LineTable>, scopes: &[Arc<Scope>], floors: &[Arc<Scope>]) -> Self {
        let groups = Groups::new(&table, scopes.iter().flat_map(|scope| scope.lists()));
        Self::of(table, Arc::new(groups), scopes, floors)
    }

    /// The same with lines that are grouped already by these lists and perhaps by others.
    pub(crate) fn of(
        table: Arc<LineTable>,
        groups: Arc<Groups>,
        scopes: &[Arc<Scope>],
        floors: &[Arc<Scope>],
    ) -> Self {
        let ids = |scopes: &[Arc<Scope>]| {
            let mut ids: Vec<u64> =
                scopes.iter().flat_map(|scope| scope.lists()).map(|list| list.id()).collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        let (lists, floor_lists) = (ids(scopes), ids(floors));
        let everywhere = floors.iter().any(|scope| scope.is_for_all_goods());
        // Groups that differ only by lists that do not count here are one.
        let mut alike = HashMap::new();
        let group: Vec<usize> =
            (0..groups.len()).map(|at| *alike.entry(groups.among(at, &lists)).or_insert(at)).collect();
        let by_base: Vec<bool> =
            (0..groups.len()).map(|at| everywhere || !groups.among(at, &floor_lists).is_empty()).collect();
        let mut seen: HashMap<(usize, Option<u64>), usize> = HashMap::new();
        let mut classes = Vec::new();
        let mut class_of = Vec::with_capacity(table.lines().len());
        for (line, own) in table.lines().iter().zip(groups.of_lines()) {
            let own = *own as usize;
            let base = if by_base[own] { base_bits(line) } else { None };
            class_of.push(*seen.entry((group[own], base)).or_insert_with(|| {
                classes.push(Class { group: group[own], base: base.map(f64::from_bits) });
                classes.len() - 1
            }));
        }
        let mut floors: Vec<u64> = floors.iter().map(|scope| scope.id()).collect();
        floors.sort_unstable();
        Self { table, groups, lists, floors, class_of, classes, claims: Vec::new() }
    }

    /// The same with preferences that are claimed; the lists that bind what they take away are among those of the panel.
    pub(crate) fn claiming(self, claims: Vec<Claim>) -> Self {
        Self { claims, ..self }
    }

    /// The same, a programme claimed on one share of all goods.
    pub(crate) fn claiming_at(&self, programme: &str, share: f64) -> Self {
        self.with_claim(programme, |claim| claim.at_share(share))
    }

    /// The same, a programme claimed by line as on another day; where a mean over the exporter's trade is given, the odds of all lines are moved by
    /// one factor until it holds.
    pub(crate) fn claiming_as_on(
        &self,
        programme: &str,
        day: Date,
        exporter: &str,
        mean: Option<f64>,
    ) -> Self {
        let at = |odds: f64| self.with_claim(programme, |claim| claim.as_on(day, odds));
        let Some(mean) = mean else { return at(1.0) };
        let (mut low, mut high) = (1e-3_f64, 1e3_f64);
        for _ in 0..60 {
            let middle = (low * high).sqrt();
            match at(middle).claimed(programme, exporter, day) < mean {
                true => low = middle,
                false => high = middle,
            }
        }
        at((low * high).sqrt())
    }

    /// The share of an exporter's trade that claims a programme on a day.
    pub(crate) fn claimed(&self, programme: &str, exporter: &str, on: Date) -> f64 {
        let value_of = self.table.values(exporter);
        let (mut claimed, mut value) = (0.0, 0.0);
        for line in self.table.lines() {
            let Some(own) = value_of(line) else { continue };
            let held = self.claims.iter().find(|claim| claim.programme.id == programme);
            claimed += own * held.map_or(0.0, |claim| claim.share(line, on));
            value += own;
        }
        if value > 0.0 { claimed / value } else { 0.0 }
    }

    fn with_claim(&self, programme: &str, other: impl Fn(&Claim) -> Claim) -> Self {
        let of = |claim: &Claim| if claim.programme.id == programme { other(claim) } else { claim.clone() };
        Self { claims: self.claims.iter().map(of).collect(), ..self.clone() }
    }

    /// The lines.
    pub fn table(&self) -> &LineTable {
        &self.table
    }

    /// The class of the line at a place.
    pub(crate) fn class_at(&self, place: usize) -> Option<usize> {
        self.class_of.get(place).copied()
    }

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.classes.len()
    }

    /// Each line with its class.
    pub fn lines(&self) -> impl Iterator<Item = (&Line, usize)> {
        self.table.lines().iter().zip(self.class_of.iter().copied())
    }

    /// What each layer adds to each class on the day, unknown shares read at `bound`. The layers are those of the record that the panel was made
    /// with; [`Panel::knows`] tells, and averages see to it.
    pub fn added(&self, layers: &[Layer], stacking: &Stacking, on: Date, bound: Bound) -> Added {
        Added::new(&self.groups, &self.classes, layers, &stacking.active(layers, on, None), bound, None)
    }

    /// The same on goods for which a preference is claimed.
    pub(super) fn added_under(
        &self,
        claim: &Claim,
        layers: &[Layer],
        stacking: &Stacking,
        on: Date,
        bound: Bound,
    ) -> Added {
        let rules = stacking.active(layers, on, None);
        Added::new(&self.groups, &self.classes, layers, &rules, bound, Some(claim))
    }

    /// Whether the panel tells apart what the layers tell apart.
    pub fn knows(&self, layers: &[Layer]) -> bool {
        layers.iter().filter(|layer| layer.holds).all(|layer| {
            let turns = matches!(layer.effect, Effect::Floor | Effect::ReplacesBase);
            layer.scope.lists().all(|list| self.lists.binary_search(&list.id()).is_ok())
                && (!turns || self.floors.binary_search(&layer.scope.id()).is_ok())
        })
    }

    /// This panel; one made for the layers where this knows them not, as those of another record.
    pub(crate) fn ready(&self, layers: &[Layer]) -> Cow<'_, Self> {
        if self.knows(layers) {
            return Cow::Borrowed(self);
        }
        let bound = self.claims.iter().flat_map(Claim::scopes);
        let scopes: Vec<Arc<Scope>> =
            layers.iter().map(|layer| &layer.scope).chain(bound).map(Arc::clone).collect();
        let turns = |layer: &&Layer| matches!(layer.effect, Effect::Floor | Effect::ReplacesBase);
        let floors: Vec<Arc<Scope>> =
            layers.iter().filter(turns).map(|layer| Arc::clone(&layer.scope)).collect();
        let known = scopes.iter().flat_map(|scope| scope.lists()).all(|list| self.groups.knows(list));
        let table = Arc::clone(&self.table);
        let panel = match known {
            true => Self::of(table, Arc::clone(&self.groups), &scopes, &floors),
            false => Self::with_floors(table, &scopes, &floors),
        };
        Cow::Owned(panel.claiming(self.claims.clone()))
    }
}
