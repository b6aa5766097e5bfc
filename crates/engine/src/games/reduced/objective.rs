//! What a government maximises, as a function of incomes, sales and revenue.

/// A government's objective.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Objective {
    /// Real income: `ln I_j − ln P_j`.
    #[default]
    Welfare,
    /// Real income weighted by sector, one weight per sector with mean one (Ossa 2014): `ln Σ_s λ_s (R_s + d_s TR) − ln P`, where
    /// revenue is shared out by employment d.
    Political(Vec<f64>),
}

/// A weighted income `H = Σ λ R + λ̄ TR` with its derivatives, `λ̄ = Σ λ ℓ R / Σ ℓ R`.
pub(super) struct WeightedIncome {
    pub value: f64,
    /// ∂H/∂R_s.
    pub by_sales: Vec<f64>,
    /// λ̄ = ∂H/∂TR.
    pub mean_weight: f64,
    wages: f64,
    revenue: f64,
}

impl WeightedIncome {
    /// At sales and labour shares of one economy.
    pub fn at(weights: &[f64], labour_share: &[f64], sales: &[f64], revenue: f64) -> Self {
        let (mut wages, mut weighted_wages, mut weighted_sales) = (0.0, 0.0, 0.0);
        for ((lambda, ell), sales) in weights.iter().zip(labour_share).zip(sales) {
            wages += ell * sales;
            weighted_wages += lambda * ell * sales;
            weighted_sales += lambda * sales;
        }
        let mean_weight = weighted_wages / wages;
        let by_sales = weights
            .iter()
            .zip(labour_share)
            .map(|(lambda, ell)| lambda + revenue * ell * (lambda - mean_weight) / wages)
            .collect();
        Self { value: weighted_sales + mean_weight * revenue, by_sales, mean_weight, wages, revenue }
    }

    /// Change of `∂ln H/∂R_s` (written to `by_sales`) and of `∂ln H/∂TR` (returned) when sales and revenue move.
    pub fn bend(
        &self,
        weights: &[f64],
        labour_share: &[f64],
        sales_change: &[f64],
        revenue_change: f64,
        by_sales: &mut [f64],
    ) -> f64 {
        let (mut wages_change, mut mean_change, mut value_change) =
            (0.0, 0.0, self.mean_weight * revenue_change);
        for s in 0..weights.len() {
            wages_change += labour_share[s] * sales_change[s];
            mean_change += labour_share[s] * (weights[s] - self.mean_weight) * sales_change[s];
            value_change += self.by_sales[s] * sales_change[s];
        }
        mean_change /= self.wages;
        for s in 0..weights.len() {
            let away = labour_share[s] * (weights[s] - self.mean_weight) / self.wages;
            let change = revenue_change * away
                - self.revenue * labour_share[s] * mean_change / self.wages
                - self.revenue * away * wages_change / self.wages;
            by_sales[s] = (change - self.by_sales[s] * value_change / self.value) / self.value;
        }
        (mean_change - self.mean_weight * value_change / self.value) / self.value
    }
}
