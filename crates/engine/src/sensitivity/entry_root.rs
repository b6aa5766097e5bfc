//! Whether an equilibrium under economies of scale would hold: the leading root of entry.
//!
//! Hold every sector's scale (in the term `ε ln Y` of exporters' weights) at some Y°, let all else clear, and let scale follow what
//! is then made: `d ln Y°/dt = ln Y(Y°) − ln Y°`. Near a solution that is linear with the matrix `J − 1`, `J = ∂ ln Y/∂ ln Y°`:
//! firms that enter along an eigenvector of J draw its root's multiple of their own number after them. Above one nothing returns
//! to the equilibrium; comparative statics of such a point say nothing of what would happen (Samuelson's correspondence principle),
//! and there is another equilibrium where entry comes to rest. A path from the data ends, in a fold, where the root passes one: the
//! model's whole derivative is singular there, as it is with ε over the root at any point.
//!
//! The root is found by power steps on `(1 + m − J)⁻¹`. With `A` the model's derivative without scale and `B` what scale does
//! to its rows, `ln Y°` solves `(1 + m) y° − y = u`, `A x + B y° = 0`, so that each step is one solve with the derivative of a model
//! whose scale is `1/(1+m)` of its own; m shrinks as the root becomes known.

use super::linear_solve;
use crate::equations::layout::Layout;
use crate::equilibrium::Equilibrium;
use crate::error::EngineError;
use crate::model::calibration::Calibration;
use crate::search::buffers::Buffers;
use crate::search::residual::norm;
use crate::search::solver::Solver;
use crate::search::start;

/// The leading root of entry and where it is felt most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EntryRoot {
    /// What entry along its own pattern returns of itself; the equilibrium is stable under entry where it is below one.
    pub root: f64,
    /// Economy and sector in which that pattern moves output most.
    pub most: (usize, usize),
    /// How far the pattern is from being an eigenvector, in units of the root: how well the root is known. Where several roots lie close
    /// together, or the leading ones are a complex pair, it stays large.
    pub residual: f64,
}

impl EntryRoot {
    /// Whether the equilibrium would hold: no root is known to exceed one.
    pub fn is_stable(&self) -> bool {
        self.root < 1.0 + self.residual
    }
}

/// First shift: roots up to one more than this are found.
const SHIFT: f64 = 3.0;
/// Power steps with the first shift, and with the one close to the root.
const STEPS: [usize; 2] = [40, 60];
/// How far above the root the second shift stands, as a share of what the first left.
const CLOSER: f64 = 0.1;
/// Residual of a root that is known.
const AT_REST: f64 = 1e-7;
/// Krylov directions of a solve.
const DIRECTIONS: usize = 150;
/// Its relative residual.
const TOLERANCE: f64 = 1e-8;

/// The leading root at a solved equilibrium; none where outputs do not act on prices.
pub fn entry_root(solver: &Solver, equilibrium: &Equilibrium) -> Result<Option<EntryRoot>, EngineError> {
    if !solver.technology.has_scale() {
        return Ok(None);
    }
    let mut buffers = start::at(solver, equilibrium)?;
    let layout = Layout::new(solver, buffers.point.costs.limits.len());
    let found = leading(solver, layout, &mut buffers);
    solver.give_back(buffers);
    solver.control().check()?;
    Ok(Some(found))
}

fn leading(solver: &Solver, layout: Layout, buffers: &mut Buffers) -> EntryRoot {
    let n = layout.n;
    let power = &solver.technology.output_power;
    let mut pattern: Vec<f64> =
        (0..layout.pairs).map(|pair| if power[pair] > 0.0 { irregular(pair) } else { 0.0 }).collect();
    let (mut right, mut x) = (vec![0.0; layout.len()], vec![0.0; layout.len()]);
    let mut found = EntryRoot { root: 0.0, most: (0, 0), residual: f64::INFINITY };
    let mut shift = SHIFT;
    let none = solver.with_scale(0.0);
    for steps in STEPS {
        let less = solver.with_scale(1.0 / (1.0 + shift));
        for _ in 0..steps {
            let size = norm(&pattern);
            pattern.iter_mut().for_each(|pattern| *pattern /= size);
            by_entry([&less, &none], layout, buffers, &pattern, &mut right);
            linear_solve::solve(&less, solver, buffers, &right, &mut x, TOLERANCE, DIRECTIONS);
            // y° = (u + y)/(1 + m).
            let at = buffers.point.linearisation(solver);
            let moved = layout.split(&x).output.iter().enumerate();
            let answer: Vec<f64> = moved
                .map(|(pair, unknown)| match power[pair] > 0.0 {
                    true => (pattern[pair] + at.log_output_per_unit(pair) * unknown) / (1.0 + shift),
                    false => 0.0,
                })
                .collect();
            let along: f64 = pattern.iter().zip(&answer).map(|(a, b)| a * b).sum();
            let miss: Vec<f64> = pattern.iter().zip(&answer).map(|(a, b)| b - along * a).collect();
            // The root is 1 + m − 1/along.
            found.residual = norm(&miss) / (along * along);
            found.root = 1.0 + shift - 1.0 / along;
            pattern = answer;
            if found.residual < AT_REST {
                break;
            }
        }
        shift = found.root - 1.0 + CLOSER * (1.0 + shift - found.root).abs();
    }
    let largest = (0..layout.pairs).max_by(|a, b| pattern[*a].abs().total_cmp(&pattern[*b].abs()));
    let most = largest.unwrap_or(0);
    EntryRoot { most: (most % n, most / n), ..found }
}

/// A number between one half and one and a half, another for each position.
fn irregular(position: usize) -> f64 {
    let turns = position as f64 * 0.618_033_988_749_895;
    (0.5 + turns.fract()) * if position.is_multiple_of(2) { 1.0 } else { -1.0 }
}

/// What scale that moves along a pattern does to the rows, with the sign of the right-hand side: `−B u`.
fn by_entry(
    [with, without]: [&Calibration; 2],
    layout: Layout,
    buffers: &mut Buffers,
    pattern: &[f64],
    right: &mut [f64],
) {
    let mut x = vec![0.0; layout.len()];
    let mut less = vec![0.0; layout.len()];
    {
        let at = buffers.point.linearisation(with);
        for (pair, x) in layout.split_mut(&mut x).output.iter_mut().enumerate() {
            let per_unit = at.log_output_per_unit(pair);
            *x = if per_unit > 0.0 { pattern[pair] / per_unit } else { 0.0 };
        }
    }
    for (calibration, to) in [(with, &mut *right), (without, &mut less)] {
        let Buffers { point, forward, .. } = buffers;
        point.linearisation(calibration).apply(&x, to, forward);
    }
    for (right, less) in right.iter_mut().zip(&less) {
        *right = less - *right;
    }
}
