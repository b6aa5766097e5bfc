//! A smooth answer to two numbers, asked on a grid and read anywhere within it: polynomials through Chebyshev points, which come as close to
//! an analytic function as their degree allows everywhere alike (Berrut & Trefethen 2004).

/// Points of one number and the weights of the polynomial through them.
#[derive(Clone, Debug, PartialEq)]
struct Axis {
    points: Vec<f64>,
    weights: Vec<f64>,
}

impl Axis {
    /// `count` points from `low` to `high`, ends included; one point where the two are the same.
    fn between(low: f64, high: f64, count: usize) -> Self {
        if low == high || count < 2 {
            return Self { points: vec![low], weights: vec![1.0] };
        }
        let last = count - 1;
        let angle = |k: usize| std::f64::consts::PI * k as f64 / last as f64;
        let points = (0..count).map(|k| 0.5 * (low + high) - 0.5 * (high - low) * angle(k).cos()).collect();
        let weight = |k: usize| {
            let sign = if k.is_multiple_of(2) { 1.0 } else { -1.0 };
            if k == 0 || k == last { 0.5 * sign } else { sign }
        };
        Self { points, weights: (0..count).map(weight).collect() }
    }

    /// The share that each point has in the polynomial's value at `x`.
    fn shares(&self, x: f64) -> Vec<f64> {
        if let Some(at) = self.points.iter().position(|point| *point == x) {
            return (0..self.points.len()).map(|k| f64::from(u8::from(k == at))).collect();
        }
        let terms: Vec<f64> = self.points.iter().zip(&self.weights).map(|(p, w)| w / (x - p)).collect();
        let sum: f64 = terms.iter().sum();
        terms.into_iter().map(|term| term / sum).collect()
    }
}

/// A grid over two numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    first: Axis,
    second: Axis,
}

impl Grid {
    /// A grid that spans what two numbers range over, with so many points of each.
    ///
    /// ```
    /// use detente_engine::uncertainty::interpolation::Grid;
    ///
    /// let grid = Grid::over([0.0, 1.0], [1.0, 2.0], [12, 12]);
    /// let values: Vec<Vec<f64>> = grid.points().map(|(x, y)| vec![(x * y).exp()]).collect();
    /// assert!((grid.read(&values, 0.3, 1.7)[0] - (0.3_f64 * 1.7).exp()).abs() < 1e-8);
    /// ```
    pub fn over(first: [f64; 2], second: [f64; 2], points: [usize; 2]) -> Self {
        Self {
            first: Axis::between(first[0], first[1], points[0]),
            second: Axis::between(second[0], second[1], points[1]),
        }
    }

    /// The points to ask at, in the order that [`read`](Self::read) takes the answers in.
    pub fn points(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.first.points.iter().flat_map(|x| self.second.points.iter().map(|y| (*x, *y)))
    }

    /// What the answers at the points come to at another; not a number where one of them is none.
    pub fn read(&self, answers: &[Vec<f64>], x: f64, y: f64) -> Vec<f64> {
        let (first, second) = (self.first.shares(x), self.second.shares(y));
        let shares = first.iter().flat_map(|a| second.iter().map(move |b| a * b));
        let mut found = vec![0.0; answers.first().map_or(0, Vec::len)];
        for (share, answer) in shares.zip(answers).filter(|(share, _)| *share != 0.0) {
            found.iter_mut().zip(answer).for_each(|(sum, value)| *sum += share * value);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_of_the_degree_are_read_exactly_and_points_are_themselves() {
        let grid = Grid::over([1.0, 5.0], [0.5, 2.5], [5, 4]);
        let of = |x: f64, y: f64| vec![x.powi(4) * y.powi(3) - 2.0 * x * y, 7.0];
        let answers: Vec<Vec<f64>> = grid.points().map(|(x, y)| of(x, y)).collect();
        assert_eq!(answers.len(), 20);
        for (x, y) in [(1.0, 0.5), (5.0, 2.5), (2.2, 1.9), (3.0, 0.77)] {
            let (found, right) = (grid.read(&answers, x, y), of(x, y));
            assert!(
                found.iter().zip(right).all(|(a, b)| (a - b).abs() < 1e-10 * b.abs().max(1.0)),
                "{x} {y}"
            );
        }
    }

    #[test]
    fn a_number_that_does_not_vary_has_one_point() {
        let grid = Grid::over([2.0, 2.0], [1.0, 3.0], [9, 3]);
        assert_eq!(grid.points().count(), 3);
        let answers: Vec<Vec<f64>> = grid.points().map(|(x, y)| vec![x * y]).collect();
        assert!((grid.read(&answers, 2.0, 1.3)[0] - 2.6).abs() < 1e-12);
    }
}
