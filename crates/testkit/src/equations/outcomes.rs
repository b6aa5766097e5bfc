//! Outcomes at a point of the equations.

use detente_engine::benchmark::SectorKind;
use detente_engine::closure::{LabourSupply, Revenue, WelfareBase};
use detente_engine::objective::{Goods, Outcome, Seller};

use super::{Model, State, sum};
use crate::number::Number;

impl Model<'_> {
    /// An outcome of an economy at a point.
    pub fn outcome<T: Number>(&self, at: &State<T>, outcome: Outcome, i: usize) -> T {
        let d = self.d;
        let own = || (0..d.sectors).map(|s| d.pair(i, s));
        let unit = at.log_unit.exp();
        let index = at.index[i].exp();
        let trade = |exports: bool, partner: Option<usize>| {
            sum((0..d.cells())
                .filter(|cell| {
                    let (importer, exporter, _) = d.cell_of(*cell);
                    let (us, them) = if exports { (exporter, importer) } else { (importer, exporter) };
                    us == i && them != i && partner.is_none_or(|partner| partner == them)
                })
                .map(|cell| at.border_value[cell]))
        };
        match outcome {
            Outcome::Welfare => self.welfare(at, i),
            Outcome::GovernmentWelfare => {
                let weight = |pair: usize| {
                    self.benchmark.political_weight.as_ref().map_or(1.0, |weights| weights[pair])
                };
                let added = |pair: usize| at.earning[pair].times(self.value_added(i, pair / d.economies));
                let people = |pair: usize| at.earning[pair].times(self.factors[pair] - self.capital[pair]);
                let transfers = at.income[i] - sum(own().map(added));
                let mean = sum(own().map(|k| people(k).times(weight(k)))) / sum(own().map(people));
                (sum(own().map(|k| added(k).times(weight(k)))) + mean * transfers) / index
            }
            Outcome::RealWage => (at.wage[i] - at.index[i]).exp(),
            Outcome::Wage => at.wage[i].exp() * unit,
            Outcome::PriceIndex => index * unit,
            Outcome::Income => at.income[i] * unit,
            Outcome::RealGdp => {
                let made = sum(own().map(|k| at.earning[k].times(self.profit[k] + self.capital[k])));
                (at.labour[i] + made + at.revenue[i] + at.taxes[i]) / index
            }
            Outcome::TariffRevenue => at.revenue[i] * unit,
            Outcome::Profits => sum(own().map(|k| at.output[k].times(self.profit[k]))) * unit,
            Outcome::Exports => trade(true, None) * unit,
            Outcome::Imports => trade(false, None) * unit,
            Outcome::ImportsFrom(partner) => trade(false, Some(partner)) * unit,
            Outcome::Gdp => {
                let made = sum(own().map(|k| at.earning[k].times(self.profit[k] + self.capital[k])));
                (at.labour[i] + made + at.revenue[i] + at.taxes[i]) * unit
            }
            Outcome::ExportTaxRevenue => at.taxes[i] * unit,
            Outcome::Purchases(seller, goods) => {
                let meant = |cell: usize| {
                    let (importer, exporter, s) = d.cell_of(cell);
                    let kind = self.benchmark.sectors[s].kind;
                    importer == i
                        && match seller {
                            Seller::Any => true,
                            Seller::Abroad => exporter != i,
                            Seller::Home => exporter == i,
                            Seller::Partner(partner) => exporter == partner,
                        }
                        && match goods {
                            Goods::All => true,
                            Goods::Goods => kind != SectorKind::Services,
                            Goods::Kind(of) => kind == of,
                            Goods::Sector(of) => s == of,
                        }
                };
                sum((0..d.cells()).filter(|cell| meant(*cell)).map(|cell| at.border_value[cell])) * unit
            }
            Outcome::FinalUse(_) => panic!("the worlds of these equations do not tell uses apart"),
            Outcome::Output(s) => at.output[d.pair(i, s)] * unit,
            Outcome::ManufacturingShare => {
                let added = |pair: usize| at.earning[pair].times(self.value_added(i, pair / d.economies));
                let is = |pair: &usize| {
                    self.benchmark.sectors[pair / d.economies].kind == SectorKind::Manufacturing
                };
                sum(own().filter(is).map(added)) / sum(own().map(added))
            }
        }
    }

    /// Real spending less the disutility of work, by the setting's base.
    fn welfare<T: Number>(&self, at: &State<T>, i: usize) -> T {
        let wasted = self.closure.revenue == Revenue::Wasted;
        let enjoyed = at.income[i] - if wasted { at.revenue[i] } else { T::of(0.0) };
        let index = at.index[i].exp();
        let phi = match self.closure.labour_supply {
            LabourSupply::Elastic => self.closure.labour_supply_elasticity.unwrap(),
            LabourSupply::Fixed => return enjoyed / index,
        };
        let part = phi / (1.0 + phi);
        if self.closure.welfare_base == WelfareBase::Income {
            let effort = (at.hours[i] - at.endowment[i]).times(1.0 + 1.0 / phi).exp();
            return enjoyed / index - (effort - T::of(1.0)).times(part * self.labour[i]);
        }
        let mut kept = T::of(1.0);
        if self.closure.revenue == Revenue::IncomeTaxRelief {
            kept =
                (kept - at.revenue[i] / at.labour[i]).times(1.0 / (1.0 - self.revenue[i] / self.labour[i]));
        }
        let before = self.income[i] - if wasted { self.revenue[i] } else { 0.0 };
        let k = kept.times(part);
        (enjoyed - k * at.labour[i]) / index / (T::of(before) - k.times(self.labour[i])).times(1.0 / before)
    }
}
