//! Convex quadratic programmes of a few dozen variables: `min ½ xᵀB x + gᵀx` subject to `C x ≥ d`.
//!
//! A primal-dual interior-point method with a predictor (Mehrotra 1992), everything dense. It is the step of a search, not the search: its
//! answer is exact to 1e-10 of its own scale, and what is asked of targets is settled afterwards by Newton's method.

/// A programme. Rows of `constraints` are as long as `gradient`.
pub(super) struct Programme {
    /// B, row after row; positive definite on what constraints leave free.
    pub hessian: Vec<f64>,
    pub gradient: Vec<f64>,
    pub constraints: Vec<Vec<f64>>,
    pub least: Vec<f64>,
}

const MOST_STEPS: usize = 80;

impl Programme {
    /// The minimum and the constraints' multipliers; none where the method does not end.
    pub fn solve(&self) -> Option<(Vec<f64>, Vec<f64>)> {
        let (n, m) = (self.gradient.len(), self.least.len());
        let mut x = vec![0.0; n];
        let (mut slack, mut dual) = (vec![0.0; m], vec![1.0; m]);
        for (slack, (row, least)) in slack.iter_mut().zip(self.constraints.iter().zip(&self.least)) {
            *slack = (dot(row, &x) - least).max(1.0);
        }
        let scale = 1.0 + self.gradient.iter().chain(&self.least).fold(0.0_f64, |most, v| most.max(v.abs()));
        for _ in 0..MOST_STEPS {
            // Residuals of stationarity and of the constraints.
            let mut stationary = self.times_hessian(&x);
            for (sum, g) in stationary.iter_mut().zip(&self.gradient) {
                *sum += g;
            }
            for (row, dual) in self.constraints.iter().zip(&dual) {
                stationary.iter_mut().zip(row).for_each(|(sum, c)| *sum -= c * dual);
            }
            let missed: Vec<f64> =
                (0..m).map(|k| dot(&self.constraints[k], &x) - self.least[k] - slack[k]).collect();
            let gap = dot(&slack, &dual) / m.max(1) as f64;
            let worst = stationary.iter().chain(&missed).fold(0.0_f64, |most, v| most.max(v.abs()));
            // Below the second bound rounding alone is left, and barriers would only lose digits.
            if (worst <= 1e-11 * scale && gap <= 1e-13 * scale) || gap <= 1e-15 * scale {
                break;
            }
            let mut matrix = self.hessian.clone();
            for (k, row) in self.constraints.iter().enumerate() {
                let weight = dual[k] / slack[k];
                for (i, a) in row.iter().enumerate().filter(|(_, a)| **a != 0.0) {
                    for (j, b) in row.iter().enumerate() {
                        matrix[i * n + j] += weight * a * b;
                    }
                }
            }
            let Some(factor) = Cholesky::new(matrix, n) else {
                if worst <= 1e-6 * scale {
                    break;
                }
                return None;
            };
            let step = |aim: &dyn Fn(usize) -> f64| {
                // aim: what slack · dual is to be, less what it is.
                let mut right: Vec<f64> = stationary.iter().map(|v| -v).collect();
                for (k, row) in self.constraints.iter().enumerate() {
                    let amount = (aim(k) - dual[k] * missed[k]) / slack[k];
                    right.iter_mut().zip(row).for_each(|(sum, c)| *sum += c * amount);
                }
                let dx = factor.solve(&right);
                let ds: Vec<f64> = (0..m).map(|k| dot(&self.constraints[k], &dx) + missed[k]).collect();
                let dy: Vec<f64> = (0..m).map(|k| (aim(k) - dual[k] * ds[k]) / slack[k]).collect();
                (dx, ds, dy)
            };
            let (_, ds, dy) = step(&|k| -slack[k] * dual[k]);
            let (a, b) = (longest(&slack, &ds), longest(&dual, &dy));
            let after =
                (0..m).map(|k| (slack[k] + a * ds[k]) * (dual[k] + b * dy[k])).sum::<f64>() / m.max(1) as f64;
            let centre = gap * (after / gap).powi(3).min(1.0);
            let (dx, ds, dy) = step(&|k| centre - slack[k] * dual[k] - ds[k] * dy[k]);
            let (a, b) = (0.995 * longest(&slack, &ds), 0.995 * longest(&dual, &dy));
            let (a, b) = (a.min(1.0), b.min(1.0));
            x.iter_mut().zip(&dx).for_each(|(x, dx)| *x += a * dx);
            slack.iter_mut().zip(&ds).for_each(|(s, ds)| *s += a * ds);
            dual.iter_mut().zip(&dy).for_each(|(y, dy)| *y += b * dy);
        }
        // A step of a search is judged by what it gains.
        x.iter().all(|x| x.is_finite()).then_some((x, dual))
    }

    fn times_hessian(&self, x: &[f64]) -> Vec<f64> {
        self.hessian.chunks_exact(x.len()).map(|row| dot(row, x)).collect()
    }
}

/// The longest step, at most a little over one, that keeps all above zero.
fn longest(values: &[f64], step: &[f64]) -> f64 {
    let to_zero = values.iter().zip(step).filter(|(_, step)| **step < 0.0).map(|(v, step)| -v / step);
    to_zero.fold(1.0 / 0.995, f64::min)
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// `L Lᵀ` of a positive definite matrix.
struct Cholesky {
    lower: Vec<f64>,
    n: usize,
}

impl Cholesky {
    fn new(mut a: Vec<f64>, n: usize) -> Option<Self> {
        for j in 0..n {
            for i in j..n {
                let mut sum = a[i * n + j];
                for k in 0..j {
                    sum -= a[i * n + k] * a[j * n + k];
                }
                if i == j {
                    if !(sum > 0.0 && sum.is_finite()) {
                        return None;
                    }
                    a[j * n + j] = sum.sqrt();
                } else {
                    a[i * n + j] = sum / a[j * n + j];
                }
            }
        }
        Some(Self { lower: a, n })
    }

    fn solve(&self, right: &[f64]) -> Vec<f64> {
        let (n, l) = (self.n, &self.lower);
        let mut x = right.to_vec();
        for i in 0..n {
            let sum: f64 = (0..i).map(|k| l[i * n + k] * x[k]).sum();
            x[i] = (x[i] - sum) / l[i * n + i];
        }
        for i in (0..n).rev() {
            let sum: f64 = (i + 1..n).map(|k| l[k * n + i] * x[k]).sum();
            x[i] = (x[i] - sum) / l[i * n + i];
        }
        x
    }
}

/// Solves a general square system by elimination with row exchange; none where it is singular.
pub(super) fn solve_square(mut a: Vec<f64>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let n = right.len();
    for column in 0..n {
        let best = (column..n).max_by(|i, j| a[i * n + column].abs().total_cmp(&a[j * n + column].abs()))?;
        if a[best * n + column].abs() < 1e-300 {
            return None;
        }
        if best != column {
            for k in 0..n {
                a.swap(best * n + k, column * n + k);
            }
            right.swap(best, column);
        }
        for i in column + 1..n {
            let factor = a[i * n + column] / a[column * n + column];
            if factor != 0.0 {
                for k in column..n {
                    a[i * n + k] -= factor * a[column * n + k];
                }
                right[i] -= factor * right[column];
            }
        }
    }
    for i in (0..n).rev() {
        let sum: f64 = (i + 1..n).map(|k| a[i * n + k] * right[k]).sum();
        right[i] = (right[i] - sum) / a[i * n + i];
    }
    right.iter().all(|x| x.is_finite()).then_some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nearest point of a corner cut by a plane, by hand: min ½|x − (2,2)|² with x ≤ 1 in each and x₁ + x₂ ≤ 1.5.
    #[test]
    fn a_small_programme_by_hand() {
        let programme = Programme {
            hessian: vec![1.0, 0.0, 0.0, 1.0],
            gradient: vec![-2.0, -2.0],
            constraints: vec![vec![-1.0, 0.0], vec![0.0, -1.0], vec![-1.0, -1.0]],
            least: vec![-1.0, -1.0, -1.5],
        };
        let (x, dual) = programme.solve().expect("solved");
        assert!((x[0] - 0.75).abs() < 1e-9 && (x[1] - 0.75).abs() < 1e-9, "{x:?}");
        assert!((dual[2] - 1.25).abs() < 1e-8 && dual[0] < 1e-8, "{dual:?}");
    }

    #[test]
    fn a_square_system_needs_its_rows_exchanged() {
        let x = solve_square(vec![0.0, 2.0, 1.0, 1.0], vec![4.0, 3.0]).expect("regular");
        assert_eq!(x, [1.0, 2.0]);
        assert!(solve_square(vec![1.0, 2.0, 2.0, 4.0], vec![1.0, 2.0]).is_none());
    }
}
