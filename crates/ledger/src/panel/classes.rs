//! Lines grouped by the way the scopes reach them.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::duty::{Bound, Estimate, Layer, Scope, Stacking, reaches};
use crate::products::{Line, LineTable};

/// The lines of one importer, in classes with respect to a set of scopes.
#[derive(Debug)]
pub struct Panel {
    table: Arc<LineTable>,
    /// The scopes, told apart by where they live: the layers of one schedule share them.
    scopes: Vec<Arc<Scope>>,
    /// Class of each line.
    class_of: Vec<usize>,
    /// Share of value that each scope reaches, by class.
    shares: Vec<Box<[Estimate]>>,
}

impl Panel {
    /// Groups the lines of `table` by the way `scopes` reach them.
    pub fn new(table: Arc<LineTable>, scopes: impl IntoIterator<Item = Arc<Scope>>) -> Self {
        let mut held: Vec<Arc<Scope>> = Vec::new();
        for scope in scopes {
            if !held.iter().any(|other| Arc::ptr_eq(other, &scope)) {
                held.push(scope);
            }
        }
        let mut seen: HashMap<Vec<u64>, usize> = HashMap::new();
        let mut shares: Vec<Box<[Estimate]>> = Vec::new();
        let mut key = Vec::with_capacity(held.len() * 3);
        let mut class_of = Vec::with_capacity(table.lines().len());
        for line in table.lines() {
            let reaches: Box<[Estimate]> = held.iter().map(|scope| scope.share(line.code)).collect();
            key.clear();
            key.extend(
                reaches.iter().flat_map(|share| [share.least, share.expected, share.most].map(f64::to_bits)),
            );
            let class = *seen.entry(key.clone()).or_insert_with(|| {
                shares.push(reaches);
                shares.len() - 1
            });
            class_of.push(class);
        }
        Self { table, scopes: held, class_of, shares }
    }

    /// The lines.
    pub fn table(&self) -> &LineTable {
        &self.table
    }

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.shares.len()
    }

    /// Each line with its class.
    pub fn lines(&self) -> impl Iterator<Item = (&Line, usize)> {
        self.table.lines().iter().zip(self.class_of.iter().copied())
    }

    /// What each layer adds to each class on the day, unknown shares read at `bound`: `[class][layer]`, shares of value. A layer whose scope the
    /// panel was not made with reaches nothing; [`Panel::holds`] tells.
    pub fn added(&self, layers: &[Layer], stacking: &Stacking, on: Date, bound: Bound) -> Vec<Vec<f64>> {
        let places: Vec<Option<usize>> = layers.iter().map(|layer| self.place(&layer.scope)).collect();
        self.shares
            .iter()
            .map(|class| {
                let shares: Vec<Estimate> = layers
                    .iter()
                    .zip(&places)
                    .map(|(layer, place)| match place {
                        Some(place) if layer.is_charged() => class[*place],
                        _ => Estimate::NOTHING,
                    })
                    .collect();
                let charged = reaches(layers, &shares, stacking, on, bound);
                charged.iter().zip(layers).map(|(reach, layer)| reach * layer.rate.at(bound)).collect()
            })
            .collect()
    }

    /// Whether the panel was made with the scope.
    pub fn holds(&self, scope: &Arc<Scope>) -> bool {
        self.place(scope).is_some()
    }

    fn place(&self, scope: &Arc<Scope>) -> Option<usize> {
        self.scopes.iter().position(|held| Arc::ptr_eq(held, scope))
    }
}
