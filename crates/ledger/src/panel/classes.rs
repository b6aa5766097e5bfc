//! Lines grouped by the rows of lists that meet them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::condition::Situation;
use crate::duty::{Bound, Effect, Estimate, Layer, Meets, Scope, Stacking, rate, reaches_in};
use crate::products::{Coverage, Line, LineTable, Match, ProductCode, ProductList};

/// The lines of one importer, in classes with respect to a set of scopes.
#[derive(Debug, Clone)]
pub struct Panel {
    table: Arc<LineTable>,
    /// Lists and scopes that it knows, by what tells them from others: their content.
    lists: Vec<u64>,
    floors: Vec<u64>,
    /// Class of each line.
    class_of: Vec<usize>,
    classes: Vec<Class>,
}

/// Lines that every list treats alike; where a floor may reach them, with one base rate.
#[derive(Debug, Clone, PartialEq)]
struct Class {
    matches: Vec<(u64, Vec<Match>)>,
    shares: Vec<(u64, Coverage)>,
    base: Option<f64>,
}

impl Meets for Class {
    fn matches<'a>(&'a self, list: &'a ProductList) -> Cow<'a, [Match]> {
        let found = self.matches.iter().find(|(held, _)| *held == list.id());
        Cow::Borrowed(found.map_or(&[], |(_, matches)| matches.as_slice()))
    }

    fn share(&self, list: &ProductList) -> Option<Coverage> {
        list.is_by_share().then(|| {
            let found = self.shares.iter().find(|(held, _)| *held == list.id());
            found.map_or(Coverage::None, |(_, share)| *share)
        })
    }

    fn code(&self) -> Option<ProductCode> {
        None
    }
}

/// What tells a class: rows that meet it (list, terms, whole), shares (list, bits), base rate (bits).
type Key = (Vec<(u32, u16, bool)>, Vec<(u32, u64)>, Option<u64>);

impl Panel {
    /// Groups the lines of `table` by the way the lists of `scopes` meet them.
    pub fn new(table: Arc<LineTable>, scopes: impl IntoIterator<Item = Arc<Scope>>) -> Self {
        let scopes: Vec<Arc<Scope>> = scopes.into_iter().collect();
        Self::with_floors(table, &scopes, &[])
    }

    /// The same, lines that `floors` may reach told apart by their base rates too: what is added on them turns on it.
    pub fn with_floors(table: Arc<LineTable>, scopes: &[Arc<Scope>], floors: &[Arc<Scope>]) -> Self {
        let mut lists: Vec<&Arc<ProductList>> = Vec::new();
        for list in scopes.iter().flat_map(|scope| scope.lists()) {
            if !lists.iter().any(|held| held.id() == list.id()) {
                lists.push(list);
            }
        }
        let everywhere = floors.iter().any(|scope| scope.is_for_all_goods());
        let floor_lists: Vec<u64> =
            floors.iter().flat_map(|scope| scope.lists()).map(|list| list.id()).collect();
        let lines = table.lines();
        let mut keys: Vec<Key> = vec![(Vec::new(), Vec::new(), None); lines.len()];
        for (place, list) in (0_u32..).zip(&lists) {
            let is_floor = floor_lists.contains(&list.id());
            for (code, terms) in list.placed_rows() {
                for at in table.places_below(*code) {
                    keys[at].0.push((place, *terms, code.covers(lines[at].code)));
                    if is_floor {
                        keys[at].2 = Some(0);
                    }
                }
            }
            if list.is_by_share() {
                for (line, key) in lines.iter().zip(&mut keys) {
                    match list.share(line.code) {
                        Some(Coverage::Share(share)) => key.1.push((place, share.to_bits())),
                        Some(Coverage::All) => key.1.push((place, 1.0_f64.to_bits())),
                        _ => {}
                    }
                }
            }
        }
        let mut seen: HashMap<Key, usize> = HashMap::new();
        let mut classes = Vec::new();
        let mut class_of = Vec::with_capacity(lines.len());
        for (line, mut key) in lines.iter().zip(keys) {
            key.0.sort_unstable();
            key.0.dedup();
            let by_base = everywhere || key.2.is_some();
            key.2 = line.average_base().filter(|_| by_base).map(f64::to_bits);
            let class = *seen.entry(key).or_insert_with_key(|key| {
                classes.push(Class::new(key, &lists));
                classes.len() - 1
            });
            class_of.push(class);
        }
        let lists = lists.iter().map(|list| list.id()).collect();
        let floors = floors.iter().map(|scope| scope.id()).collect();
        Self { table, lists, floors, class_of, classes }
    }

    /// The lines.
    pub fn table(&self) -> &LineTable {
        &self.table
    }

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.classes.len()
    }

    /// Each line with its class.
    pub fn lines(&self) -> impl Iterator<Item = (&Line, usize)> {
        self.table.lines().iter().zip(self.class_of.iter().copied())
    }

    /// What each layer adds to each class on the day, unknown shares read at `bound`: `[class][layer]`, shares of value. The layers are those of
    /// the record that the panel was made with; [`Panel::knows`] tells, and averages see to it.
    pub fn added(&self, layers: &[Layer], stacking: &Stacking, on: Date, bound: Bound) -> Vec<Vec<f64>> {
        let rules = stacking.active(layers, on, None);
        let situation = Situation::default();
        // Layers that do not hold on the day reach nothing, and most that hold reach few classes: those that reach a class are stacked alone,
        // and gathered once for all classes that the same ones reach.
        let live: Vec<usize> = (0..layers.len()).filter(|at| layers[*at].holds).collect();
        let mut gathered: HashMap<Vec<usize>, Vec<Layer>> = HashMap::new();
        self.classes
            .iter()
            .map(|class| {
                let mut added = vec![0.0; layers.len()];
                let (reaching, shares): (Vec<usize>, Vec<Estimate>) = live
                    .iter()
                    .map(|at| (*at, layers[*at].scope.share_in(class, &layers[*at].setting, &situation)))
                    .filter(|(_, share)| share.most != 0.0)
                    .unzip();
                if reaching.is_empty() {
                    return added;
                }
                let held = gathered
                    .entry(reaching.clone())
                    .or_insert_with(|| reaching.iter().map(|at| layers[*at].clone()).collect());
                let charged = reaches_in(held, &shares, &rules, bound);
                let base = class.base;
                let adds = |layer: &Layer| match (layer.effect, &layer.column, base) {
                    (Effect::ReplacesBase, None, Some(base)) => layer.rate.at(bound) - base,
                    _ => rate(layer, base, base, &situation, bound),
                };
                for ((at, layer), reach) in reaching.iter().zip(held.iter()).zip(&charged) {
                    added[*at] = reach * adds(layer);
                }
                added
            })
            .collect()
    }

    /// Whether the panel tells apart what the layers tell apart.
    pub fn knows(&self, layers: &[Layer]) -> bool {
        layers.iter().filter(|layer| layer.holds).all(|layer| {
            let turns = matches!(layer.effect, Effect::Floor | Effect::ReplacesBase);
            layer.scope.lists().all(|list| self.lists.contains(&list.id()))
                && (!turns || self.floors.contains(&layer.scope.id()))
        })
    }

    /// This panel; one made for the layers where this knows them not, as those of another record.
    pub(super) fn ready(&self, layers: &[Layer]) -> Cow<'_, Self> {
        if self.knows(layers) {
            return Cow::Borrowed(self);
        }
        let scopes: Vec<Arc<Scope>> = layers.iter().map(|layer| Arc::clone(&layer.scope)).collect();
        let turns = |layer: &&Layer| matches!(layer.effect, Effect::Floor | Effect::ReplacesBase);
        let floors: Vec<Arc<Scope>> =
            layers.iter().filter(turns).map(|layer| Arc::clone(&layer.scope)).collect();
        Cow::Owned(Self::with_floors(Arc::clone(&self.table), &scopes, &floors))
    }
}

impl Class {
    fn new(key: &Key, lists: &[&Arc<ProductList>]) -> Self {
        let mut matches: Vec<(u64, Vec<Match>)> = Vec::new();
        for (place, terms, whole) in &key.0 {
            let id = lists[*place as usize].id();
            let found = Match { terms: *terms, whole: *whole };
            match matches.iter_mut().find(|(held, _)| *held == id) {
                Some((_, held)) => held.push(found),
                None => matches.push((id, vec![found])),
            }
        }
        let share = |bits: u64| match f64::from_bits(bits) {
            share if share >= 1.0 => Coverage::All,
            share => Coverage::Share(share),
        };
        let shares = key.1.iter().map(|(place, bits)| (lists[*place as usize].id(), share(*bits))).collect();
        Self { matches, shares, base: key.2.map(f64::from_bits) }
    }
}
