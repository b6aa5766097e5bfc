//! The search: sequential quadratic programming with the exact gradients of cost and dials, then Newton's method on what binds.
//!
//! Each step is the minimum of a quadratic model of the Lagrangian over linearised targets and bounds; targets that a step cannot meet are missed at a
//! price, so that a step always exists. Curvature is learned (damped BFGS, Powell 1978). Near the answer the curvature on free
//! levers is measured, a gradient a lever, and Newton's method on stationarity and binding targets ends it; bounds and targets enter and
//! leave one after the other by the signs of their multipliers.

use super::problem::{Evaluation, POINT, Problem, Sense, Target};
use super::quadratic::{Programme, dot, solve_square};
use crate::error::EngineError;

/// What is minimised: `on_cost · cost + Σ on_dials · dial`.
#[derive(Clone, Debug)]
pub(super) struct Aim {
    pub on_cost: f64,
    pub on_dials: Vec<f64>,
}

/// What is done about kept targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// They constrain, and a step that cannot meet them misses them at a price.
    Constrain,
    /// The squares of what they are missed by are the aim, half their sum.
    Miss,
}

/// A search among some of a problem's targets.
pub(super) struct Search<'a> {
    pub problem: &'a Problem<'a>,
    pub aim: Aim,
    /// Which targets constrain.
    pub kept: Vec<usize>,
    /// What has been solved.
    pub evaluations: usize,
}

/// Where a search stands. Everything by lever is scaled by the width of its bounds.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub sizes: Vec<f64>,
    pub evaluation: Evaluation,
    value: f64,
    slope: Vec<f64>,
    /// Kept targets in points, not negative where they hold.
    room: Vec<f64>,
    room_slope: Vec<Vec<f64>>,
}

/// The answer of a search.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub place: Place,
    /// Of kept targets: what a point more adds to the aim.
    pub multipliers: Vec<f64>,
    /// What is left of the conditions of a minimum, and of targets in points.
    pub residual: f64,
    /// −1 at the lower bound, 1 at the upper, 0 free.
    pub side: Vec<i8>,
    /// The aim's derivative in each lever with targets kept, per unit of the lever.
    pub reduced: Vec<f64>,
}

const MOST_STEPS: usize = 150;
const MOST_EXCHANGES: usize = 30;
/// The step of a difference of gradients, of the width between bounds.
const DIFFERENCE: f64 = 1e-4;
/// What a point missed costs a step at first.
const PRICE: f64 = 1e3;

fn sign(target: &Target) -> f64 {
    if target.sense == Sense::AtMost { -1.0 } else { 1.0 }
}

impl<'a> Search<'a> {
    pub fn new(problem: &'a Problem<'a>, aim: Aim, kept: Vec<usize>) -> Self {
        Self { problem, aim, kept, evaluations: 0 }
    }

    /// For the least cost in percent.
    pub fn least_cost(problem: &'a Problem<'a>, kept: Vec<usize>) -> Self {
        let on_dials = vec![0.0; problem.targets.len()];
        Self::new(problem, Aim { on_cost: 100.0, on_dials }, kept)
    }

    fn width(&self, k: usize) -> f64 {
        self.problem.levers[k].upper - self.problem.levers[k].lower
    }

    fn target(&self, place: usize) -> &Target {
        &self.problem.targets[self.kept[place]]
    }

    /// The scaled place, with gradients.
    pub fn at(&mut self, sizes: &[f64]) -> Result<Option<Place>, EngineError> {
        self.evaluations += 1;
        let Some(evaluation) = self.problem.evaluate(sizes, false)? else { return Ok(None) };
        self.place(sizes, evaluation).map(Some)
    }

    fn place(&self, sizes: &[f64], mut evaluation: Evaluation) -> Result<Place, EngineError> {
        self.problem.add_slopes(&mut evaluation, sizes)?;
        let scaled = |slope: &[f64], factor: f64| -> Vec<f64> {
            slope.iter().enumerate().map(|(k, by)| factor * by * self.width(k)).collect()
        };
        let mut slope = scaled(&evaluation.cost_slope, self.aim.on_cost);
        for (by, weight) in evaluation.slopes.iter().zip(&self.aim.on_dials) {
            slope.iter_mut().zip(scaled(by, *weight)).for_each(|(sum, by)| *sum += by);
        }
        let room_slope = (0..self.kept.len())
            .map(|j| scaled(&evaluation.slopes[self.kept[j]], sign(self.target(j)) / POINT))
            .collect();
        let value = self.value(&evaluation);
        let room = self.room(&evaluation);
        Ok(Place { sizes: sizes.to_vec(), evaluation, value, slope, room, room_slope })
    }

    fn value(&self, at: &Evaluation) -> f64 {
        self.aim.on_cost * at.cost + dot(&self.aim.on_dials, &at.dials)
    }

    fn room(&self, at: &Evaluation) -> Vec<f64> {
        (0..self.kept.len())
            .map(|j| sign(self.target(j)) * (at.dials[self.kept[j]] - self.target(j).level) / POINT)
            .collect()
    }

    fn missed(&self, room: &[f64]) -> f64 {
        let missed = |j: usize| match self.target(j).sense {
            Sense::Equal => room[j].abs(),
            _ => (-room[j]).max(0.0),
        };
        (0..room.len()).map(missed).sum()
    }

    /// A step of a quadratic model: by lever (scaled), multipliers of kept targets.
    fn step(&self, at: &Place, hessian: &[f64], mode: Mode) -> Option<(Vec<f64>, Vec<f64>)> {
        let (n, m) = (at.sizes.len(), self.kept.len());
        let all = n + m;
        let (aim, price, bend) = match mode {
            Mode::Constrain => (1.0, PRICE, 1e-6),
            Mode::Miss => (0.0, 0.0, 1.0),
        };
        let mut programme = Programme {
            hessian: vec![0.0; all * all],
            gradient: at.slope.iter().map(|by| aim * by).chain(std::iter::repeat_n(price, m)).collect(),
            constraints: Vec::new(),
            least: Vec::new(),
        };
        for i in 0..n {
            programme.hessian[i * all..i * all + n].copy_from_slice(&hessian[i * n..(i + 1) * n]);
        }
        let mut add = |row: Vec<f64>, least: f64| {
            programme.constraints.push(row);
            programme.least.push(least);
        };
        let unit = |place: usize, value: f64| {
            let mut row = vec![0.0; all];
            row[place] = value;
            row
        };
        let mut of_target = Vec::new();
        let mut count = 0;
        for j in 0..m {
            let mut row: Vec<f64> = at.room_slope[j].clone();
            row.resize(all, 0.0);
            row[n + j] = 1.0;
            add(row.clone(), -at.room[j]);
            of_target.push((j, count, 1.0));
            count += 1;
            if self.target(j).sense == Sense::Equal {
                row[..n].iter_mut().for_each(|v| *v = -*v);
                add(row, at.room[j]);
                of_target.push((j, count, -1.0));
                count += 1;
            }
            add(unit(n + j, 1.0), 0.0);
            count += 1;
        }
        for k in 0..n {
            let (bounded, width) = (&self.problem.levers[k], self.width(k));
            if width <= 0.0 {
                continue;
            }
            add(unit(k, 1.0), (bounded.lower - at.sizes[k]) / width);
            add(unit(k, -1.0), (at.sizes[k] - bounded.upper) / width);
        }
        for j in 0..m {
            programme.hessian[(n + j) * all + n + j] = bend;
        }
        for k in (0..n).filter(|k| self.width(*k) <= 0.0) {
            programme.hessian[k * all + k] += 1.0;
            programme.gradient[k] = 0.0;
        }
        let (x, dual) = programme.solve()?;
        let mut multipliers = vec![0.0; m];
        for (j, row, sign) in of_target {
            multipliers[j] += sign * dual[row];
        }
        Some((x[..n].to_vec(), multipliers))
    }

    fn moved(&self, sizes: &[f64], step: &[f64], length: f64) -> Vec<f64> {
        (0..sizes.len())
            .map(|k| {
                let bounded = &self.problem.levers[k];
                (sizes[k] + length * step[k] * self.width(k)).clamp(bounded.lower, bounded.upper)
            })
            .collect()
    }

    /// From a start to a minimum.
    pub fn run(&mut self, start: &[f64]) -> Result<Option<Found>, EngineError> {
        let Some(at) = self.at(start)? else { return Ok(None) };
        let (at, multipliers) = self.descend(at, Mode::Constrain)?;
        self.polish(at, multipliers).map(Some)
    }

    /// The point within the bounds that misses kept targets least: half the sum of squares of points missed.
    pub fn least_missed(&mut self, start: &[f64]) -> Result<Option<Place>, EngineError> {
        let Some(at) = self.at(start)? else { return Ok(None) };
        self.descend(at, Mode::Miss).map(|(at, _)| Some(at))
    }

    fn lagrange(&self, at: &Place, multipliers: &[f64], mode: Mode) -> Vec<f64> {
        let mut slope = if mode == Mode::Miss { vec![0.0; at.sizes.len()] } else { at.slope.clone() };
        for (by, y) in at.room_slope.iter().zip(multipliers) {
            slope.iter_mut().zip(by).for_each(|(sum, by)| *sum -= y * by);
        }
        slope
    }

    /// Steps of quadratic models until they are short; the place and the multipliers there.
    fn descend(&mut self, mut at: Place, mode: Mode) -> Result<(Place, Vec<f64>), EngineError> {
        let n = at.sizes.len();
        // Where only misses count a first step should meet targets that can be met.
        let first = if mode == Mode::Miss { 1e-3 } else { 1.0 };
        let shortest = if mode == Mode::Miss { 1e-8 } else { 1e-5 };
        let mut hessian = identity(n, first);
        let mut multipliers = vec![0.0; self.kept.len()];
        let mut fresh = true;
        for _ in 0..MOST_STEPS {
            self.problem.solver.control().check()?;
            if mode == Mode::Miss && self.missed(&at.room) <= 1e-9 {
                break;
            }
            let Some((step, dual)) = self.step(&at, &hessian, mode) else {
                if fresh {
                    break;
                }
                hessian = identity(n, first);
                fresh = true;
                continue;
            };
            let length = step.iter().fold(0.0_f64, |most, d| most.max(d.abs()));
            let missed = self.missed(&at.room);
            if length <= shortest && (mode == Mode::Miss || missed <= 1e-5) {
                multipliers = dual;
                break;
            }
            let price = 2.0 * dual.iter().fold(0.1_f64, |most, y| most.max(y.abs()));
            let merit = |value: f64, room: &[f64]| match mode {
                Mode::Constrain => value + price * self.missed(room),
                Mode::Miss => 0.5 * self.gaps(room).iter().map(|gap| gap * gap).sum::<f64>(),
            };
            let before = merit(at.value, &at.room);
            let fall = match mode {
                Mode::Constrain => dot(&at.slope, &step) - price * missed,
                Mode::Miss => dot(&self.lagrange(&at, &self.gaps(&at.room), mode), &step),
            };
            let mut part = 1.0;
            let mut taken = None;
            let mut solved = 0;
            while part > 1e-6 {
                let sizes = self.moved(&at.sizes, &step, part);
                solved += 1;
                if let Some(there) = self.problem.evaluate(&sizes, false)? {
                    let gained = before - merit(self.value(&there), &self.room(&there));
                    if gained >= -1e-4 * part * fall.min(0.0) - 1e-12 {
                        taken = Some((sizes, there));
                        break;
                    }
                }
                part *= 0.5;
            }
            self.evaluations += solved;
            let Some((sizes, there)) = taken else {
                if fresh {
                    multipliers = dual;
                    break;
                }
                hessian = identity(n, first);
                fresh = true;
                continue;
            };
            let next = self.place(&sizes, there)?;
            let (old, new) = (self.lagrange(&at, &dual, mode), self.lagrange(&next, &dual, mode));
            let moved: Vec<f64> = (0..n)
                .map(
                    |k| if self.width(k) > 0.0 { (next.sizes[k] - at.sizes[k]) / self.width(k) } else { 0.0 },
                )
                .collect();
            let turned: Vec<f64> = new.iter().zip(&old).map(|(a, b)| a - b).collect();
            update(&mut hessian, &moved, &turned);
            fresh = false;
            (at, multipliers) = (next, dual);
        }
        Ok((at, multipliers))
    }

    /// Newton's method on the active set.
    fn polish(&mut self, mut at: Place, mut multipliers: Vec<f64>) -> Result<Found, EngineError> {
        let n = at.sizes.len();
        let mut slope = self.lagrange(&at, &multipliers, Mode::Constrain);
        let near = |search: &Self, at: &Place, k: usize| -> i8 {
            let (bounded, width) = (&search.problem.levers[k], search.width(k));
            if width <= 0.0 {
                return 1;
            }
            if (at.sizes[k] - bounded.lower) / width < 1e-6 {
                -1
            } else if (bounded.upper - at.sizes[k]) / width < 1e-6 {
                1
            } else {
                0
            }
        };
        let mut side: Vec<i8> = (0..n)
            .map(|k| match near(self, &at, k) {
                -1 if slope[k] > 0.0 || self.width(k) <= 0.0 => -1,
                1 if slope[k] < 0.0 || self.width(k) <= 0.0 => 1,
                _ => 0,
            })
            .collect();
        let mut binds: Vec<bool> = (0..self.kept.len())
            .map(|j| self.target(j).sense == Sense::Equal || multipliers[j] > 1e-7 || at.room[j] < 0.0)
            .collect();
        let mut residual = f64::INFINITY;
        let mut measured: Vec<Option<Vec<f64>>> = vec![None; n];
        let mut best: Option<Found> = None;
        for _ in 0..MOST_EXCHANGES {
            for k in 0..n {
                let bounded = &self.problem.levers[k];
                match side[k] {
                    -1 => at.sizes[k] = bounded.lower,
                    1 => at.sizes[k] = bounded.upper,
                    _ => {}
                }
            }
            let sizes = at.sizes.clone();
            match self.at(&sizes)? {
                Some(place) => at = place,
                None => break,
            }
            for j in 0..binds.len() {
                if !binds[j] {
                    multipliers[j] = 0.0;
                }
            }
            slope = self.lagrange(&at, &multipliers, Mode::Constrain);
            let free: Vec<usize> = (0..n).filter(|k| side[*k] == 0).collect();
            let active: Vec<usize> = (0..binds.len()).filter(|j| binds[*j]).collect();
            residual = free
                .iter()
                .map(|k| slope[*k].abs())
                .chain(active.iter().map(|j| at.room[*j].abs()))
                .fold(0.0, f64::max);
            if residual <= 1e-9 {
                // What has the wrong sign leaves, the worst first; a target that is missed enters.
                let missed = (0..binds.len()).find(|j| !binds[*j] && at.room[*j] < -1e-9);
                let wrong = (0..n)
                    .filter(|k| self.width(*k) > 0.0 && f64::from(side[*k]) * slope[*k] > 1e-9)
                    .max_by(|a, b| slope[*a].abs().total_cmp(&slope[*b].abs()));
                let slack = (0..binds.len())
                    .find(|j| binds[*j] && self.target(*j).sense != Sense::Equal && multipliers[*j] < -1e-9);
                if let Some(j) = missed {
                    binds[j] = true;
                } else if let Some(j) = slack {
                    binds[j] = false;
                } else if let Some(k) = wrong {
                    side[k] = 0;
                } else {
                    best = Some(self.found(&at, &multipliers, residual, &side, &slope));
                    break;
                }
                continue;
            }
            for k in &free {
                if measured[*k].is_none() {
                    measured[*k] = Some(self.curvature(&at, &multipliers, *k)?);
                }
            }
            let column = |k: usize, l: usize| measured[k].as_ref().map_or(0.0, |column| column[l]);
            let hessian: Vec<f64> = free
                .iter()
                .flat_map(|k| free.iter().map(move |l| (*k, *l)))
                .map(|(k, l)| 0.5 * (column(k, l) + column(l, k)))
                .collect();
            let (f, a) = (free.len(), active.len());
            let size = f + a;
            let mut matrix = vec![0.0; size * size];
            let mut right = vec![0.0; size];
            for (i, k) in free.iter().enumerate() {
                matrix[i * size..i * size + f].copy_from_slice(&hessian[i * f..(i + 1) * f]);
                for (c, j) in active.iter().enumerate() {
                    matrix[i * size + f + c] = -at.room_slope[*j][*k];
                    matrix[(f + c) * size + i] = at.room_slope[*j][*k];
                }
                right[i] = -slope[*k];
            }
            for (c, j) in active.iter().enumerate() {
                right[f + c] = -at.room[*j];
            }
            let Some(step) = solve_square(matrix, right) else { break };
            // As far as the bounds let it.
            let mut part = 1.0_f64;
            let mut stopped = None;
            for (i, k) in free.iter().enumerate() {
                let (bounded, width) = (&self.problem.levers[*k], self.width(*k));
                let to = at.sizes[*k] + step[i] * width;
                let bound = if to < bounded.lower { bounded.lower } else { bounded.upper };
                if to < bounded.lower || to > bounded.upper {
                    let reach = (bound - at.sizes[*k]) / (step[i] * width);
                    if reach < part {
                        (part, stopped) =
                            (reach.max(0.0), Some((*k, if bound == bounded.lower { -1 } else { 1 })));
                    }
                }
            }
            for (i, k) in free.iter().enumerate() {
                at.sizes[*k] += part * step[i] * self.width(*k);
            }
            for (c, j) in active.iter().enumerate() {
                multipliers[*j] += part * step[f + c];
            }
            if let Some((k, to)) = stopped {
                side[k] = to;
            } else if step[..f].iter().any(|d| d.abs() > 1e-3) {
                measured = vec![None; n];
            }
        }
        Ok(match best {
            Some(found) => found,
            None => self.found(&at, &multipliers, residual, &side, &slope),
        })
    }

    fn found(&self, at: &Place, multipliers: &[f64], residual: f64, side: &[i8], slope: &[f64]) -> Found {
        let reduced = (0..slope.len())
            .map(|k| if self.width(k) > 0.0 { slope[k] / self.width(k) } else { 0.0 })
            .collect();
        Found {
            place: at.clone(),
            multipliers: multipliers.to_vec(),
            residual: residual.max(self.missed(&at.room)),
            side: side.to_vec(),
            reduced,
        }
    }

    /// The second derivatives of the Lagrangian in one lever and each, by central differences of its exact gradient.
    fn curvature(&mut self, at: &Place, multipliers: &[f64], lever: usize) -> Result<Vec<f64>, EngineError> {
        let mut on_dials = self.aim.on_dials.clone();
        for (j, y) in multipliers.iter().enumerate() {
            on_dials[self.kept[j]] -= y * sign(self.target(j)) / POINT;
        }
        let mut slopes = Vec::new();
        for way in [1.0, -1.0] {
            let mut sizes = at.sizes.clone();
            sizes[lever] += way * DIFFERENCE * self.width(lever);
            self.evaluations += 1;
            let Some(e) = self.problem.equilibrium(&sizes)? else {
                return Ok((0..sizes.len()).map(|k| if k == lever { 1.0 } else { 0.0 }).collect());
            };
            slopes.push(self.problem.combined(&e, &sizes, self.aim.on_cost, &on_dials)?);
        }
        let column = slopes[0].iter().zip(&slopes[1]).enumerate();
        Ok(column.map(|(l, (up, down))| (up - down) * self.width(l) / (2.0 * DIFFERENCE)).collect())
    }

    /// By how many points kept targets are missed, with the side for those to be met exactly.
    pub fn gaps(&self, room: &[f64]) -> Vec<f64> {
        (0..room.len())
            .map(|j| match self.target(j).sense {
                Sense::Equal => -room[j],
                _ => (-room[j]).max(0.0),
            })
            .collect()
    }
}

impl Place {
    pub fn room(&self) -> &[f64] {
        &self.room
    }

    /// Gradients of kept targets in points per unit of each lever.
    pub fn room_slopes(&self) -> &[Vec<f64>] {
        &self.room_slope
    }
}

fn identity(n: usize, times: f64) -> Vec<f64> {
    let mut matrix = vec![0.0; n * n];
    (0..n).for_each(|i| matrix[i * n + i] = times);
    matrix
}

/// Powell's damped update, which keeps the matrix positive definite.
fn update(hessian: &mut [f64], moved: &[f64], turned: &[f64]) {
    let n = moved.len();
    let through: Vec<f64> = hessian.chunks_exact(n).map(|row| dot(row, moved)).collect();
    let (bent, own) = (dot(moved, &through), dot(moved, turned));
    if bent <= 1e-300 {
        return;
    }
    let damped = if own >= 0.2 * bent { 1.0 } else { 0.8 * bent / (bent - own) };
    let y: Vec<f64> = turned.iter().zip(&through).map(|(t, b)| damped * t + (1.0 - damped) * b).collect();
    let along = dot(moved, &y);
    for i in 0..n {
        for j in 0..n {
            hessian[i * n + j] += y[i] * y[j] / along - through[i] * through[j] / bent;
        }
    }
}
