//! The page that a run is told on.

use std::fmt::Write;

use super::{Row, python};

/// Everything that one run measured.
#[derive(Default)]
pub struct Page {
    pub rows: Vec<Row>,
    /// Cells and row of each random world.
    pub growth: Vec<(usize, Row)>,
    /// Seconds of a gradient, and over those of its solve.
    pub gradient: Option<(f64, f64)>,
    /// A solve whose inputs substitute over one under Cobb-Douglas.
    pub inputs: Option<f64>,
    /// Solves per second: by the clock on the wall, and by the threads' own time.
    pub throughput: Option<(f64, f64)>,
    pub numpy: python::Timings,
}

const HEAD: &str = "# Speed

Made by `cargo bench -p detente-engine --bench engine -- --write`, from one run. Times are medians of the
thread's own processor time, on one core, from ready instruments to a solution with every residual below 1e-12. A *sweep* is one
plain evaluation of the price map and of the expenditure map, timed in the same run in loops of its own; the numpy program is
`benches/numpy_reference.py`, vectorised, to the same tolerance, its times medians of the same run. Memory is what calibration and
solution together ask for at most, beside the benchmark and the instruments, over 4 N²S + 2 NS² doubles.

";

impl Page {
    /// The page, in Markdown.
    pub fn text(&self) -> String {
        let mut text = HEAD.to_owned();
        text.push_str(
            "| case | time | goal | numpy, ratio | cost in sweeps | sweeps counted | evaluations | Newton steps | residual | memory |\n\
             |---|---|---|---|---|---|---|---|---|---|\n",
        );
        for row in &self.rows {
            let goal = row.goal.map_or("-".to_owned(), |goal| {
                format!("{:.1} ms{}", 1e3 * goal, if row.seconds <= goal { "" } else { " (missed)" })
            });
            let other = self
                .numpy
                .milliseconds(&row.numpy_key)
                .map_or("-".to_owned(), |ms| format!("{ms:.1} ms, {:.0} x", ms / (1e3 * row.seconds)));
            let _ = writeln!(
                text,
                "| {} | {:.2} ms | {goal} | {other} | {:.0} | {} | {} | {} | {} | {:.2} |",
                row.case,
                1e3 * row.seconds,
                row.seconds / row.sweep_seconds,
                row.sweeps_counted,
                row.evaluations,
                row.steps,
                residual(row),
                row.memory as f64 / row.memory_goal as f64,
            );
        }
        text.push_str(
            "\n| growth, random worlds | cells N²S + NS² | time | nanoseconds per cell | per cell and sweep counted | sweeps counted | residual | memory |\n\
             |---|---|---|---|---|---|---|---|\n",
        );
        for (cells, row) in &self.growth {
            let each = 1e9 * row.seconds / *cells as f64;
            let _ = writeln!(
                text,
                "| {} | {cells} | {:.2} ms | {each:.1} | {:.2} | {} | {} | {:.2} |",
                row.case,
                1e3 * row.seconds,
                each / row.sweeps_counted as f64,
                row.sweeps_counted,
                residual(row),
                row.memory as f64 / row.memory_goal as f64,
            );
        }
        text.push('\n');
        if let Some((seconds, ratio)) = self.gradient {
            let _ = writeln!(
                text,
                "* Gradient of one outcome in every tariff and all other instruments, default world: {:.2} ms, {ratio:.2} of a solve (goal 1).",
                1e3 * seconds
            );
        }
        if let Some(ratio) = self.inputs {
            let missed = if ratio <= 1.5 { "" } else { ", missed" };
            let _ = writeln!(
                text,
                "* Inputs that substitute, default world: {ratio:.2} of the time of a Cobb-Douglas solve (goal 1.5{missed})."
            );
        }
        if let Some((by_wall, by_processor)) = self.throughput {
            let _ = writeln!(
                text,
                "* Throughput, default world, two threads, distinct tariff scenarios: {by_processor:.0} per second of two processors\n  \
                 ({by_wall:.0} by the clock on the wall, with whatever else ran) (goal 1,000)."
            );
        }
        if let Some(row) = self.rows.first() {
            let _ = writeln!(
                text,
                "* Memory beside the benchmark, {}: {} doubles of {} (goal 1 times).",
                row.case, row.memory, row.memory_goal
            );
        }
        let _ = writeln!(text, "* Ratios: {}.", self.numpy.said);
        self.why(&mut text);
        text
    }

    /// What keeps a solve above its sweeps.
    fn why(&self, text: &mut String) {
        let Some(row) = self.rows.first() else { return };
        let products = (row.sweeps_counted - row.evaluations) / 2;
        let _ = writeln!(
            text,
            "\nWhat keeps a solve above its sweeps: each Newton step solves its linear system by preconditioned products ({products} in the {} steps\n\
             of the first row, each counted as two sweeps). A product costs two passes over the cells where an evaluation costs one, and\n\
             the preconditioner (each economy's own input-output loop, factorised once at the data) about as much again. NAFTA is two\n\
             solves, the first of them far: its data are no equilibrium, and have deficits that the scenario sets to zero. With deficits\n\
             fixed, 1,000 percent on everything has no equilibrium on the default world; it is timed with balanced trade.",
            row.steps
        );
    }
}

fn residual(row: &Row) -> String {
    format!("{:.0e}", row.residual)
}

/// The table of solves, and below it what is said of gradient, throughput and memory.
pub fn first_table(text: &str) -> String {
    let rows =
        text.lines().skip_while(|line| !line.starts_with("| case")).take_while(|line| line.starts_with('|'));
    let remarks = text.lines().skip_while(|line| !line.starts_with("* ")).take_while(|line| !line.is_empty());
    let mut table: String = rows.flat_map(|line| [line, "\n"]).collect();
    table.push('\n');
    table.extend(remarks.flat_map(|line| [line, "\n"]));
    table
}
