//! Pictures of a bargain: best responses in the plane of two rates, the plane of payoffs, patience, the deadline.

use crate::chart::configured;
use crate::colours;
use detente::strategy::pictures::{BestResponseCurves, DeadlineCurve, PatienceCurve, PayoffPlane};
use plotly::{
    Contour, Plot, Scatter,
    color::NamedColor,
    common::{
        ColorScale, ColorScaleElement, DashType, Fill, HoverInfo, Line, LineShape, Marker, MarkerSymbol,
        Mode, Orientation, Title,
    },
    contour::Contours,
    layout::{Axis, Layout, Legend},
};

/// Best responses with the Nash point, today's and the agreed pair, and lines of equal income of both sides.
pub fn best_responses(title: &str, curves: &BestResponseCurves) -> Plot {
    let [first, second] = &curves.sides;
    let percent = |rates: &[f64]| -> Vec<f64> { rates.iter().map(|rate| 100.0 * rate).collect() };
    let highest = curves.grid.last().copied().unwrap_or(1.0);
    let rate_axis = |side: &str, other: &str| {
        Axis::new()
            .title(Title::with_text(format!("rate of {side} on {other}, percent")))
            .range(vec![0.0, 100.0 * highest])
    };
    let layout = Layout::new()
        .title(Title::with_text(title))
        .height(560)
        .x_axis(rate_axis(first, second))
        .y_axis(rate_axis(second, first))
        .legend(below());
    let mut plot = configured(layout, "best-responses");
    for (side, (code, colour)) in
        [(first, colours::FIRST_SIDE), (second, colours::SECOND_SIDE)].into_iter().enumerate()
    {
        // Rows of a contour run along the vertical axis, which is the second side's rate.
        let income: Vec<Vec<f64>> = (0..curves.grid.len())
            .map(|row| curves.objective_pct.iter().map(|column| column[row][side]).collect())
            .collect();
        let one_colour = ColorScale::Vector(vec![
            ColorScaleElement(0.0, colour.to_owned()),
            ColorScaleElement(1.0, colour.to_owned()),
        ]);
        let lines = |contours: Contours, width: f64, name: String| {
            Contour::new(percent(&curves.grid), percent(&curves.grid), income.clone())
                .name(&name)
                .color_scale(one_colour.clone())
                .contours(contours.coloring(plotly::contour::Coloring::Lines).show_labels(width < 1.5))
                .line(Line::new().width(width).dash(DashType::Dot))
                .show_scale(false)
        };
        plot.add_trace(
            lines(Contours::new(), 0.8, format!("equal income of {code}, percent of today")).n_contours(8),
        );
        let level = curves.nash_pct[side];
        plot.add_trace(lines(
            Contours::new().start(level).end(level).size(1.0),
            2.0,
            format!("as good for {code} as the Nash point"),
        ));
    }
    let response = |x: Vec<f64>, y: Vec<f64>, code: &str, colour: &'static str| {
        Scatter::new(x, y)
            .mode(Mode::Lines)
            .name(format!("best response of {code}"))
            .line(Line::new().width(3.0).color(colour))
    };
    plot.add_trace(response(
        percent(&curves.first_responds),
        percent(&curves.grid),
        first,
        colours::FIRST_SIDE,
    ));
    plot.add_trace(response(
        percent(&curves.grid),
        percent(&curves.second_responds),
        second,
        colours::SECOND_SIDE,
    ));
    plot.add_trace(point("Nash", curves.nash, MarkerSymbol::Star, 100.0, colours::INK));
    plot.add_trace(point("today's averages", curves.today, MarkerSymbol::Circle, 100.0, colours::ALERT));
    if let Some(agreed) = curves.agreed {
        plot.add_trace(point("agreed (Nash bargain)", agreed, MarkerSymbol::Diamond, 100.0, colours::DEAL));
    }
    plot
}

/// The frontier with the zone, today, what happens without a deal, and the bargaining points.
pub fn payoffs(title: &str, plane: &PayoffPlane) -> Plot {
    let [first, second] = &plane.sides;
    let axis = |side: &str| {
        Axis::new().title(Title::with_text(format!("income of {side}, percent from today"))).zero_line(true)
    };
    let layout = Layout::new()
        .title(Title::with_text(title))
        .height(560)
        .x_axis(axis(first))
        .y_axis(axis(second))
        .legend(below());
    let mut plot = configured(layout, "payoff-plane");
    if !plane.zone_is_empty {
        let (x, y): (Vec<f64>, Vec<f64>) = zone(plane).into_iter().map(|[x, y]| (x, y)).unzip();
        plot.add_trace(
            Scatter::new(x, y)
                .mode(Mode::Lines)
                .fill(Fill::ToSelf)
                .fill_color(colours::ZONE)
                .line(Line::new().width(0.0))
                .hover_info(HoverInfo::Skip)
                .name("zone: both gain"),
        );
    }
    let (x, y): (Vec<f64>, Vec<f64>) = plane.frontier.iter().map(|[first, second]| (*first, *second)).unzip();
    plot.add_trace(
        Scatter::new(x, y)
            .mode(Mode::Lines)
            .name("frontier: no side can gain without the other losing")
            .line(Line::new().width(3.0).color(colours::DEAL)),
    );
    let symbols = [
        MarkerSymbol::Circle,
        MarkerSymbol::X,
        MarkerSymbol::Star,
        MarkerSymbol::Square,
        MarkerSymbol::Diamond,
    ];
    let palette = colours::POINTS;
    for (k, named) in plane.points.iter().enumerate() {
        let symbol = symbols[k % symbols.len()].clone();
        plot.add_trace(point(&named.name, named.objective_pct, symbol, 1.0, palette[k % palette.len()]));
    }
    plot
}

/// The corner of the zone and the part of the frontier beyond it (in the order of the frontier, from the second side's best), with the ends where the frontier crosses the corner's lines.
fn zone(plane: &PayoffPlane) -> Vec<[f64; 2]> {
    let corner = plane.disagreement_pct;
    let inside = |at: &[f64; 2]| at[0] >= corner[0] && at[1] >= corner[1];
    let mut outline = vec![corner];
    for pair in plane.frontier.windows(2) {
        let [a, b] = [pair[0], pair[1]];
        if inside(&a) {
            outline.push(a);
        }
        // Where the segment enters or leaves through one of the corner's two lines.
        for k in 0..2 {
            let share = (corner[k] - a[k]) / (b[k] - a[k]);
            if (0.0..1.0).contains(&share) {
                let mut at = [0, 1].map(|k| a[k] + share * (b[k] - a[k]));
                at[k] = corner[k];
                if inside(&at) {
                    outline.push(at);
                }
            }
        }
    }
    outline.extend(plane.frontier.last().filter(|at| inside(at)));
    // Beyond an end of the frontier a side would get less for nothing: the zone is closed along the corner's lines.
    if let (Some(first), Some(last)) = (outline.get(1).copied(), outline.last().copied()) {
        outline.insert(1, [corner[0], first[1]]);
        outline.push([last[0], corner[1]]);
    }
    outline.push(corner);
    outline
}

/// How much of a deal holds without a court, against patience.
pub fn patience(title: &str, curve: &PatienceCurve) -> Plot {
    let layout = Layout::new()
        .title(Title::with_text(title))
        .height(400)
        .x_axis(Axis::new().title(Title::with_text(format!(
            "discount factor per {:.0} days: patience times the chance that the counterpart is still in office",
            curve.period_days
        ))))
        .y_axis(Axis::new().title(Title::with_text("share of the way from war to the deal")).range(vec![0.0, 1.05]))
        .legend(below());
    let mut plot = configured(layout, "patience");
    plot.add_trace(
        Scatter::new(curve.discount_factor.clone(), curve.share.clone())
            .mode(Mode::Lines)
            .name("the most cooperative deal that holds")
            .line(Line::new().width(3.0).color(colours::DEAL).shape(LineShape::Hv)),
    );
    for ((code, critical), colour) in
        curve.sides.iter().zip(curve.critical).zip([colours::FIRST_SIDE, colours::SECOND_SIDE])
    {
        if let Some(critical) = critical {
            plot.add_trace(
                Scatter::new(vec![critical, critical], vec![0.0, 1.0])
                    .mode(Mode::Lines)
                    .name(format!("{code} keeps the whole deal from {critical:.2} on"))
                    .line(Line::new().width(2.0).color(colour).dash(DashType::Dash)),
            );
        }
    }
    plot
}

/// What one more extension is worth, against the chance of further ones.
pub fn deadline(title: &str, curve: &DeadlineCurve) -> Plot {
    let layout = Layout::new()
        .title(Title::with_text(title))
        .height(400)
        .x_axis(
            Axis::new().title(Title::with_text("probability of an extension at each deadline (your input)")),
        )
        .y_axis(
            Axis::new()
                .title(Title::with_text(format!(
                    "one more {:.0} days, % of a year's income",
                    curve.period_days
                )))
                .zero_line(true),
        )
        .legend(below());
    let mut plot = configured(layout, "deadline");
    for (slot, (code, colour)) in
        curve.sides.iter().zip([colours::FIRST_SIDE, colours::SECOND_SIDE]).enumerate()
    {
        let values: Vec<f64> = curve.value_pct.iter().map(|row| row[slot]).collect();
        plot.add_trace(
            Scatter::new(curve.extension.clone(), values)
                .mode(Mode::Lines)
                .name(code)
                .line(Line::new().width(3.0).color(colour)),
        );
    }
    plot
}

fn below() -> Legend {
    Legend::new().orientation(Orientation::Horizontal).y(-0.3)
}

fn point(
    name: &str,
    at: [f64; 2],
    symbol: MarkerSymbol,
    scale: f64,
    colour: &'static str,
) -> Box<Scatter<f64, f64>> {
    let marker = Marker::new()
        .size(13)
        .symbol(symbol)
        .color(colour)
        .line(Line::new().width(1.0).color(NamedColor::White));
    Scatter::new(vec![scale * at[0]], vec![scale * at[1]]).mode(Mode::Markers).name(name).marker(marker)
}
