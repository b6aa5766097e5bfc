//! Closures of trade deficits: every rule, its word, and what hangs on it elsewhere. A new rule begins here: the compiler then names each place
//! that has to decide. Its equation is `equations/deficit.rs`, its derivative `derivatives/deficit.rs`.

/// What a trade deficit does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Deficits {
    /// Levels in world-GDP units, an assumption.
    #[default]
    Fixed,
    /// All zero.
    Zero,
    /// Fixed shares of GDP, spread so that they sum to zero.
    ShareOfGdp,
    /// Levels given by the scenario.
    Path,
}

impl Deficits {
    /// All, with the words of scenario files and results.
    ///
    /// ```
    /// use detente_engine::closure::Deficits;
    ///
    /// let words: Vec<&str> = Deficits::WORDS.iter().map(|(word, _)| *word).collect();
    /// assert_eq!(words, ["fixed", "zero", "share-of-gdp", "path"]);
    /// ```
    pub const WORDS: [(&'static str, Deficits); 4] = [
        ("fixed", Deficits::Fixed),
        ("zero", Deficits::Zero),
        ("share-of-gdp", Deficits::ShareOfGdp),
        ("path", Deficits::Path),
    ];

    /// The word of scenario files and results.
    ///
    /// ```
    /// assert_eq!(detente_engine::closure::Deficits::ShareOfGdp.word(), "share-of-gdp");
    /// ```
    pub const fn word(self) -> &'static str {
        match self {
            Deficits::Fixed => "fixed",
            Deficits::Zero => "zero",
            Deficits::ShareOfGdp => "share-of-gdp",
            Deficits::Path => "path",
        }
    }

    /// Whether deficits move with GDP and are found by the model, not set from outside.
    pub const fn follow_gdp(self) -> bool {
        match self {
            Deficits::ShareOfGdp => true,
            Deficits::Fixed | Deficits::Zero | Deficits::Path => false,
        }
    }

    /// Whether there are none, whatever the data have.
    pub const fn are_zero(self) -> bool {
        match self {
            Deficits::Zero => true,
            Deficits::Fixed | Deficits::ShareOfGdp | Deficits::Path => false,
        }
    }

    /// Whether levels persist from a baseline that has others than the data.
    pub const fn persist_from_the_baseline(self) -> bool {
        match self {
            Deficits::Fixed => true,
            Deficits::Zero | Deficits::ShareOfGdp | Deficits::Path => false,
        }
    }

    /// Whether the scenario itself sets levels, so that bands draw no other rule.
    pub const fn are_set_by_the_scenario(self) -> bool {
        match self {
            Deficits::Path => true,
            Deficits::Fixed | Deficits::Zero | Deficits::ShareOfGdp => false,
        }
    }

    /// Whether readers must be told that levels are an assumption.
    pub const fn are_assumed_levels(self) -> bool {
        match self {
            Deficits::Fixed | Deficits::Path => true,
            Deficits::Zero | Deficits::ShareOfGdp => false,
        }
    }

    /// The rule of a baseline that nobody stated: the data's own deficits are part of it, whatever the counterfactual does to them.
    #[must_use]
    pub const fn of_an_unstated_baseline(self) -> Self {
        match self {
            Deficits::Fixed | Deficits::Zero | Deficits::Path => Deficits::Fixed,
            Deficits::ShareOfGdp => Deficits::ShareOfGdp,
        }
    }
}
