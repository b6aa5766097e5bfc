//! A product with the rows of lists that meet it, found once.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Layer, Meets};
use crate::products::{Coverage, Match, ProductCode, ProductList};

/// A product with the rows of lists that meet it found once.
pub(super) struct Known {
    pub(super) code: ProductCode,
    matches: HashMap<u64, Vec<Match>>,
}

impl Known {
    pub(super) fn new(code: ProductCode, layers: &[Layer]) -> Self {
        let mut matches = HashMap::new();
        for list in layers.iter().flat_map(|layer| layer.scope.lists()) {
            matches.entry(list.id()).or_insert_with(|| list.matches(code));
        }
        Self { code, matches }
    }
}

impl Meets for Known {
    fn matches<'a>(&'a self, list: &'a ProductList) -> Cow<'a, [Match]> {
        match self.matches.get(&list.id()) {
            Some(found) => Cow::Borrowed(found),
            None => Cow::Owned(list.matches(self.code)),
        }
    }

    fn share(&self, list: &ProductList) -> Option<Coverage> {
        list.share(self.code)
    }

    fn code(&self) -> Option<ProductCode> {
        Some(self.code)
    }
}
