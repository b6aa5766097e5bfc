//! GMRES, preconditioned from the right, for one operator given as a function.

use super::kernel::{self, dot_long};
use crate::parallel::Stop;

/// Basis and rotations, kept between solves.
#[derive(Debug, Default, Clone)]
pub(crate) struct Gmres {
    /// Orthonormal vectors.
    basis: Vec<Vec<f64>>,
    /// Preconditioned basis: kept, so that the solution needs no further application.
    directions: Vec<Vec<f64>>,
    hessenberg: Vec<Vec<f64>>,
    rotations: Vec<(f64, f64)>,
    projected: Vec<f64>,
    correction: Vec<f64>,
    /// Ends a solve before its next product.
    pub stop: Stop,
}

/// How a linear solve ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outcome {
    /// Products taken.
    pub iterations: usize,
    /// Norm of the residual over that of the right-hand side.
    pub relative_residual: f64,
}

/// Where a vector loses all but this share to the known ones, they are taken out once more, so that orthogonality holds
/// to rounding however close the solution.
const ALMOST_NOTHING: f64 = 0.1;

impl Gmres {
    /// Solves `A x = b` to `‖b − A x‖ ≤ tolerance ‖b‖` from zero. `step(v, z, y)` writes the preconditioned direction
    /// `z = M⁻¹ v` and the product `y = A z`.
    pub fn solve(
        &mut self,
        b: &[f64],
        x: &mut [f64],
        tolerance: f64,
        limit: usize,
        mut step: impl FnMut(&[f64], &mut [f64], &mut [f64]),
    ) -> Outcome {
        let size = b.len();
        x.fill(0.0);
        let norm = dot_long(b, b).sqrt();
        if norm == 0.0 {
            return Outcome { iterations: 0, relative_residual: 0.0 };
        }
        self.make_room(size, 0);
        for (v, b) in self.basis[0].iter_mut().zip(b) {
            *v = b / norm;
        }
        self.projected.clear();
        self.projected.push(norm);
        self.rotations.clear();
        let mut count = 0;
        let mut residual = norm;
        while count < limit && !self.stop.is_stopped() {
            self.make_room(size, count + 1);
            let (known, next) = self.basis.split_at_mut(count + 1);
            let next = &mut next[0];
            step(&known[count], &mut self.directions[count], next);
            let before = dot_long(next, next).sqrt();
            let column = &mut self.hessenberg[count];
            column.clear();
            column.resize(count + 1, 0.0);
            project_out(known, next, column);
            let mut length = dot_long(next, next).sqrt();
            if length < ALMOST_NOTHING * before {
                self.correction.clear();
                self.correction.resize(count + 1, 0.0);
                project_out(known, next, &mut self.correction);
                for (h, correction) in column.iter_mut().zip(&self.correction) {
                    *h += correction;
                }
                length = dot_long(next, next).sqrt();
            }
            for (k, (cosine, sine)) in self.rotations.iter().enumerate() {
                let (upper, lower) = (column[k], column[k + 1]);
                column[k] = cosine * upper + sine * lower;
                column[k + 1] = cosine * lower - sine * upper;
            }
            let last = column[count];
            let hypotenuse = last.hypot(length);
            if hypotenuse == 0.0 || !hypotenuse.is_finite() {
                break;
            }
            let (cosine, sine) = (last / hypotenuse, length / hypotenuse);
            column[count] = hypotenuse;
            self.rotations.push((cosine, sine));
            let value = self.projected[count];
            self.projected[count] = cosine * value;
            self.projected.push(-sine * value);
            count += 1;
            residual = (sine * value).abs();
            if residual <= tolerance * norm || length == 0.0 {
                break;
            }
            let inverse = 1.0 / length;
            for v in next.iter_mut() {
                *v *= inverse;
            }
        }
        for k in (0..count).rev() {
            let mut value = self.projected[k];
            for j in k + 1..count {
                value -= self.hessenberg[j][k] * self.projected[j];
            }
            self.projected[k] = value / self.hessenberg[k][k];
        }
        kernel::vectors_into(x, &self.projected[..count], &self.directions);
        Outcome { iterations: count, relative_residual: residual / norm }
    }

    fn make_room(&mut self, size: usize, index: usize) {
        if self.basis.len() <= index {
            self.basis.resize(index + 1, Vec::new());
        }
        // A direction and a column for each vector but the last.
        if self.directions.len() < index {
            self.directions.resize(index, Vec::new());
            self.hessenberg.resize(index, Vec::new());
        }
        for vectors in [&mut self.basis[..=index], &mut self.directions[..index]] {
            if let Some(vector) = vectors.last_mut() {
                vector.resize(size, 0.0);
            }
        }
    }
}

/// Takes the known vectors' parts out of the next, all of them at once, and says how large they were.
fn project_out(known: &[Vec<f64>], next: &mut [f64], parts: &mut [f64]) {
    kernel::vectors_times(known, next, parts);
    for part in parts.iter_mut() {
        *part = -*part;
    }
    kernel::vectors_into(next, parts, known);
    for part in parts.iter_mut() {
        *part = -*part;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_ends_a_solve_before_its_next_product() {
        let mut gmres = Gmres::default();
        let stop = gmres.stop.clone();
        let b: Vec<f64> = (1..=9).map(f64::from).collect();
        let mut x = vec![0.0; b.len()];
        let mut products = 0;
        // A cyclic shift takes nine products without a stop.
        gmres.solve(&b, &mut x, 1e-12, 50, |v, z, y| {
            products += 1;
            if products == 3 {
                stop.stop();
            }
            z.copy_from_slice(v);
            y.copy_from_slice(v);
            y.rotate_right(1);
        });
        assert_eq!(products, 3);
    }
}
