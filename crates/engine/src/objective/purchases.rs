//! Whose goods an economy buys: sellers and groups of sectors.

use crate::model::benchmark::SectorKind;
use crate::model::calibration::Calibration;

/// From whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Seller {
    /// Anybody, makers at home included.
    Any,
    /// Anybody abroad.
    Abroad,
    /// Makers at home.
    Home,
    /// One partner.
    Partner(usize),
}

/// Which sectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Goods {
    /// All, services included.
    All,
    /// Everything but services.
    Goods,
    /// Sectors of one kind.
    Kind(SectorKind),
    /// One sector.
    Sector(usize),
}

impl Goods {
    /// Whether a sector is meant.
    pub fn hold(self, calibration: &Calibration, sector: usize) -> bool {
        let kind = calibration.benchmark.sectors[sector].kind;
        match self {
            Self::All => true,
            Self::Goods => kind != SectorKind::Services,
            Self::Kind(meant) => kind == meant,
            Self::Sector(meant) => sector == meant,
        }
    }
}

/// Cells of what an importer buys.
pub(crate) fn cells(
    calibration: &Calibration,
    importer: usize,
    seller: Seller,
    goods: Goods,
) -> impl Iterator<Item = usize> {
    let d = calibration.dimensions;
    let meant = move |exporter: &usize| match seller {
        Seller::Any => true,
        Seller::Abroad => *exporter != importer,
        Seller::Home => *exporter == importer,
        Seller::Partner(partner) => *exporter == partner,
    };
    (0..d.sectors)
        .filter(move |s| goods.hold(calibration, *s))
        .flat_map(move |s| (0..d.economies).filter(meant).map(move |i| d.cell(importer, i, s)))
}
