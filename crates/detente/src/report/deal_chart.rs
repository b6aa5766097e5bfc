//! Pictures of a bargain: best responses in the plane of two rates, and the plane of payoffs.

use super::chart::configured;
use crate::strategy::pictures::{BestResponseCurves, PayoffPlane};
use plotly::{
    Contour, Plot, Scatter,
    color::NamedColor,
    common::{Line, Marker, MarkerSymbol, Mode, Title},
    contour::Contours,
    layout::{Axis, Layout, Legend},
};

/// Best responses with the Nash point, today's pair and lines of equal welfare of the first side.
pub fn best_responses(title: &str, curves: &BestResponseCurves) -> Plot {
    let [first, second] = &curves.sides;
    let percent = |rates: &[f64]| -> Vec<f64> { rates.iter().map(|rate| 100.0 * rate).collect() };
    let rate_axis = |side: &str, other: &str| {
        Axis::new().title(Title::with_text(format!("rate of {side} on {other}, percent")))
    };
    let layout = Layout::new()
        .title(Title::with_text(title))
        .height(460)
        .x_axis(rate_axis(first, second))
        .y_axis(rate_axis(second, first))
        .legend(Legend::new().y(-0.2));
    let mut plot = configured(layout, "best-responses");
    // Rows of a contour run along the vertical axis, which is the second side's rate.
    let welfare: Vec<Vec<f64>> = (0..curves.grid.len())
        .map(|row| curves.objective_pct.iter().map(|column| column[row][0]).collect())
        .collect();
    plot.add_trace(
        Contour::new(percent(&curves.grid), percent(&curves.grid), welfare)
            .name(&format!("welfare of {first}, percent of today"))
            .contours(Contours::new().coloring(plotly::contour::Coloring::Lines))
            .show_scale(false),
    );
    plot.add_trace(
        Scatter::new(percent(&curves.first_responds), percent(&curves.grid))
            .mode(Mode::Lines)
            .name(format!("best response of {first}"))
            .line(Line::new().width(3.0).color("#0072B2")),
    );
    plot.add_trace(
        Scatter::new(percent(&curves.grid), percent(&curves.second_responds))
            .mode(Mode::Lines)
            .name(format!("best response of {second}"))
            .line(Line::new().width(3.0).color("#D55E00")),
    );
    plot.add_trace(point("Nash", curves.nash, MarkerSymbol::Star, 100.0));
    plot.add_trace(point("today", curves.today, MarkerSymbol::Circle, 100.0));
    plot
}

/// The frontier with today, what happens without a deal, and the bargaining points.
pub fn payoffs(title: &str, plane: &PayoffPlane) -> Plot {
    let [first, second] = &plane.sides;
    let axis =
        |side: &str| Axis::new().title(Title::with_text(format!("income of {side}, percent from today")));
    let layout =
        Layout::new().title(Title::with_text(title)).height(460).x_axis(axis(first)).y_axis(axis(second));
    let mut plot = configured(layout, "payoff-plane");
    let (x, y): (Vec<f64>, Vec<f64>) = plane.frontier.iter().map(|[first, second]| (*first, *second)).unzip();
    plot.add_trace(
        Scatter::new(x, y)
            .mode(Mode::LinesMarkers)
            .name("no side can gain without the other losing")
            .line(Line::new().color("#009E73")),
    );
    for named in &plane.points {
        plot.add_trace(point(&named.name, named.objective_pct, MarkerSymbol::Diamond, 1.0));
    }
    plot
}

fn point(name: &str, at: [f64; 2], symbol: MarkerSymbol, scale: f64) -> Box<Scatter<f64, f64>> {
    let marker = Marker::new().size(12).symbol(symbol).line(Line::new().width(1.0).color(NamedColor::White));
    Scatter::new(vec![scale * at[0]], vec![scale * at[1]]).mode(Mode::Markers).name(name).marker(marker)
}
