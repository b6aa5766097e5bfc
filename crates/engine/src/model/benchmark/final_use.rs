//! Who buys for final use: households, government, investors.

use super::FinalDemand;

/// One of the three uses of final spending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FinalUse {
    /// Households, non-profit institutions that serve them included.
    Household,
    /// Government.
    Government,
    /// Investment, inventories included.
    Investment,
}

impl FinalUse {
    /// All, in the order in which arrays by use are laid out.
    pub const ALL: [Self; 3] = [Self::Household, Self::Government, Self::Investment];

    /// Its word in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Household => "household",
            Self::Government => "government",
            Self::Investment => "investment",
        }
    }

    /// The use with this word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|entry| entry.word() == word)
    }

    /// The use that a category of a data set belongs to, by the names that national accounts and world tables give them.
    pub fn of_category(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        let is = |words: &[&str]| words.iter().any(|word| name.contains(word));
        if is(&["government", "ggfc", "public"]) {
            Some(Self::Government)
        } else if is(&[
            "household",
            "hfce",
            "npish",
            "non-profit",
            "consumption",
            "dpabr",
            "purchases abroad",
        ]) {
            Some(Self::Household)
        } else if is(&["investment", "gfcf", "capital formation", "invent", "invnt", "valuables"]) {
            Some(Self::Investment)
        } else {
            None
        }
    }
}

impl FinalDemand {
    /// Values by use, an N·S array each in the order of [`FinalUse::ALL`]; none where a category belongs to no use or one of the
    /// uses has no category, since a part then says nothing of the whole.
    pub fn by_use(&self) -> Option<[Vec<f64>; 3]> {
        let pairs = self.value.first().map_or(0, Vec::len);
        let mut found: [Vec<f64>; 3] = std::array::from_fn(|_| vec![0.0; pairs]);
        let mut met = [false; 3];
        for (name, values) in self.categories.iter().zip(&self.value) {
            let place = FinalUse::of_category(name)? as usize;
            met[place] = true;
            found[place].iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        }
        met.iter().all(|met| *met).then_some(found)
    }
}
