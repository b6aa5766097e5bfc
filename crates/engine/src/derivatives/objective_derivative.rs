//! A number's direct derivatives: what an adjoint or a tangent starts from.

use crate::model::calibration::Calibration;

/// A number's direct derivatives, in world-GDP units: in the unknowns and in what the equilibrium's sweep computes.
#[derive(Debug, Clone)]
pub(crate) struct Seed {
    /// In ln ŵ, N.
    pub wage: Vec<f64>,
    /// In I, N.
    pub income: Vec<f64>,
    /// In ln P̂, N·S.
    pub price: Vec<f64>,
    /// In Y, N·S.
    pub output: Vec<f64>,
    /// In import tariff revenue, N.
    pub revenue: Vec<f64>,
    /// In export tax revenue, N.
    pub export_revenue: Vec<f64>,
    /// In ln L̂, N.
    pub hours: Vec<f64>,
    /// In border values, N·N·S; may be empty.
    pub border_value: Vec<f64>,
    /// In shares of final use, N·S.
    pub final_share: Vec<f64>,
    /// In the logarithm of value added over gross output, N·S; what sets it apart from the data's is the sweep's.
    pub value_added: Vec<f64>,
    /// In the logarithm of what a sector spends on inputs whose prices are given, over its output, N·S.
    pub input_use: Vec<f64>,
    /// In the logarithm of the labour endowment at given hours, N.
    pub endowment: Vec<f64>,
}

impl Seed {
    /// All zero.
    pub fn new(calibration: &Calibration) -> Self {
        let d = calibration.dimensions;
        let (n, pairs) = (vec![0.0; d.economies], vec![0.0; d.pairs()]);
        Self {
            wage: n.clone(),
            income: n.clone(),
            price: pairs.clone(),
            final_share: pairs.clone(),
            value_added: pairs.clone(),
            input_use: pairs.clone(),
            output: pairs,
            revenue: n.clone(),
            export_revenue: n.clone(),
            hours: n.clone(),
            endowment: n,
            border_value: Vec::new(),
        }
    }
}
