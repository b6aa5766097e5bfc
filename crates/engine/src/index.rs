//! Where a number lives: the layout of every array of the model.
//!
//! Names always say importer, exporter, sector; arrays are stored sector-major with the exporter running
//! fastest, so that a sweep over the model reads memory once, in order, and vectorises over exporters.

/// The size of an economy: how many economies and how many sectors, and where each cell is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dimensions {
    /// Number of economies, N.
    pub economies: usize,
    /// Number of sectors, S.
    pub sectors: usize,
}

impl Dimensions {
    /// Position of `[importer, exporter, sector]` in an array of N·N·S flows.
    ///
    /// ```
    /// use detente_engine::index::Dimensions;
    ///
    /// let d = Dimensions { economies: 24, sectors: 28 };
    /// assert_eq!(d.cell_of(d.cell(3, 7, 11)), (3, 7, 11), "importer, exporter, sector");
    /// ```
    #[inline]
    pub fn cell(&self, importer: usize, exporter: usize, sector: usize) -> usize {
        (sector * self.economies + importer) * self.economies + exporter
    }

    /// Position of `[economy, sector]` in an array of N·S values: sector-major, economies contiguous.
    ///
    /// ```
    /// use detente_engine::index::Dimensions;
    ///
    /// assert_eq!(Dimensions { economies: 24, sectors: 28 }.pair(2, 5), 5 * 24 + 2, "a sector's economies side by side");
    /// ```
    #[inline]
    pub fn pair(&self, economy: usize, sector: usize) -> usize {
        sector * self.economies + economy
    }

    /// Position of `[economy, using sector, input sector]` in an array of N·S·S values: economies contiguous.
    #[inline]
    pub fn input(&self, economy: usize, using_sector: usize, input_sector: usize) -> usize {
        (using_sector * self.sectors + input_sector) * self.economies + economy
    }

    /// N·N·S.
    ///
    /// ```
    /// use detente_engine::index::Dimensions;
    ///
    /// let d = Dimensions { economies: 24, sectors: 28 };
    /// assert_eq!((d.cells(), d.pairs(), d.inputs()), (24 * 24 * 28, 24 * 28, 24 * 28 * 28));
    /// ```
    pub fn cells(&self) -> usize {
        self.economies * self.economies * self.sectors
    }

    /// N·S.
    pub fn pairs(&self) -> usize {
        self.economies * self.sectors
    }

    /// N·S·S.
    pub fn inputs(&self) -> usize {
        self.economies * self.sectors * self.sectors
    }

    /// The inverse of [`cell`](Self::cell): `(importer, exporter, sector)`.
    pub fn cell_of(&self, position: usize) -> (usize, usize, usize) {
        let n = self.economies;
        ((position / n) % n, position % n, position / (n * n))
    }
}
