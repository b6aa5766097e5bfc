//! Pictures of a brief, as interactive charts whose titles say the finding and the date.
//!
//! The charting library's script comes with its package and is written into the page, so that a page opens
//! without a network; hover shows the numbers and every chart can be saved as an image.

use crate::colours;
use detente::brief::tariff_steps::SteppedTariff;
use plotly::common::{
    Anchor, DashType, ErrorData, ErrorType, Fill, HoverInfo, Line, LineShape, Marker, MarkerSymbol, Mode,
    Orientation, Title,
};
use plotly::layout::{
    Annotation, Axis, AxisType, BarMode, HoverMode, ItemClick, Layout, Legend, Margin, Shape, ShapeLayer,
    ShapeLine, ShapeType,
};
use plotly::{Bar, Plot, Scatter, Trace, configuration::Configuration, configuration::ImageButtonFormats};

/// Heights among which the labels of meetings alternate.
const STAGES: usize = 4;

/// A meeting or a deadline on the time axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// ISO date.
    pub date: String,
    /// Short label.
    pub label: String,
    /// What hovering shows.
    pub detail: String,
}

/// The talks' timeline.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    /// Rounds, summits and calls held.
    pub meetings: Vec<Mark>,
    /// Deadlines.
    pub deadlines: Vec<Mark>,
    /// The day of the brief.
    pub today: String,
    /// First and last day shown at first; a double click shows everything.
    pub window: (String, String),
}

/// One bar of an outcome chart.
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeBar {
    /// Economy.
    pub economy: String,
    /// Change in percent.
    pub value: f64,
    /// 5–95 band, where there is one.
    pub band: Option<(f64, f64)>,
    /// Whether the economy's input structure is a proxy.
    pub weak: bool,
}

/// Bars of one outcome, by name.
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeGroup {
    /// Name of the outcome.
    pub name: String,
    /// One bar per economy, in the same order in every group.
    pub bars: Vec<OutcomeBar>,
}

/// A plot that fits its place and saves as a vector image under this name.
pub(super) fn configured(layout: Layout, file_name: &str) -> Plot {
    let mut plot = Plot::new();
    plot.set_layout(layout);
    plot.set_configuration(
        Configuration::new().responsive(true).display_logo(false).to_image_button_options(
            plotly::configuration::ToImageButtonOptions::new()
                .format(ImageButtonFormats::Svg)
                .filename(file_name),
        ),
    );
    plot
}

/// The stepped tariffs of both sides stacked by authority, the talks' timeline on the same axis, deadlines as
/// vertical lines, and what would return by itself as a dashed line.
pub fn tariffs_and_talks(panels: &[SteppedTariff], timeline: &Timeline) -> Plot {
    let authorities = authorities_of(panels);
    let rows = panels.len() + 1;
    let height = 0.86 / rows as f64;
    let domain = |row: usize| {
        let top = 1.0 - row as f64 * (height + 0.14 / rows as f64);
        vec![(top - height).max(0.0), top]
    };
    let mut layout = Layout::new()
        .height(330 * rows)
        .hover_mode(HoverMode::XUnified)
        .legend(Legend::new().orientation(Orientation::Horizontal).y(-0.08).item_click(ItemClick::Toggle))
        .margin(Margin::new().top(40).right(20))
        .x_axis(
            Axis::new()
                .type_(AxisType::Date)
                .anchor(axis_name(rows - 1))
                .range(vec![timeline.window.0.clone(), timeline.window.1.clone()]),
        );
    let mut plot_traces: Vec<Box<dyn Trace>> = Vec::new();
    let mut in_legend = Vec::new();
    for (row, panel) in panels.iter().enumerate() {
        let axis = Axis::new()
            .domain(&domain(row))
            .title(Title::with_text("percent, by statute"))
            .range_mode(plotly::layout::RangeMode::ToZero);
        layout = set_axis(layout, row, axis);
        layout.add_annotation(panel_title(&panel.title, domain(row)[1]));
        plot_traces.extend(step_traces(panel, row, &authorities, &mut in_legend));
    }
    layout = set_axis(
        layout,
        rows - 1,
        Axis::new().domain(&domain(rows - 1)).show_tick_labels(false).range(vec![0.0, 1.0]).show_grid(false),
    );
    layout.add_annotation(panel_title("Meetings and deadlines", domain(rows - 1)[1]));
    for mark in &timeline.deadlines {
        layout.add_shape(vertical(&mark.date, colours::ALERT, DashType::Dot));
    }
    layout.add_shape(vertical(&timeline.today, colours::INK, DashType::Solid));
    let mut plot = configured(layout, "tariffs-and-talks");
    for trace in plot_traces {
        plot.add_trace(trace);
    }
    plot.add_trace(marks(
        &timeline.meetings,
        "meetings",
        0.48,
        MarkerSymbol::Circle,
        colours::AUTHORITIES[0],
        rows - 1,
    ));
    plot.add_trace(marks(
        &timeline.deadlines,
        "deadlines",
        0.25,
        MarkerSymbol::Diamond,
        colours::ALERT,
        rows - 1,
    ));
    plot
}

/// Welfare by outcome: one group of bars per outcome, economies of weak input structure in grey.
pub fn outcomes(title: &str, unit: &str, groups: &[OutcomeGroup]) -> Plot {
    let layout = Layout::new()
        .title(Title::with_text(title))
        .bar_mode(BarMode::Group)
        .height(420)
        .y_axis(Axis::new().title(Title::with_text(unit)).zero_line(true))
        .legend(Legend::new().orientation(Orientation::Horizontal).y(-0.2));
    let mut plot = configured(layout, "welfare-by-outcome");
    for (position, group) in groups.iter().enumerate() {
        let colours: Vec<String> = group
            .bars
            .iter()
            .map(|bar| {
                if bar.weak {
                    colours::WEAK
                } else {
                    colours::AUTHORITIES[position % colours::AUTHORITIES.len()]
                }
                .to_owned()
            })
            .collect();
        let names: Vec<String> = group.bars.iter().map(|bar| bar.economy.clone()).collect();
        let values: Vec<f64> = group.bars.iter().map(|bar| bar.value).collect();
        let mut trace =
            Bar::new(names, values).name(&group.name).marker(Marker::new().color_array(colours).line(
                Line::new().width(1.2).color(colours::AUTHORITIES[position % colours::AUTHORITIES.len()]),
            ));
        if group.bars.iter().any(|bar| bar.band.is_some()) {
            let above =
                group.bars.iter().map(|bar| bar.band.map_or(0.0, |band| band.1 - bar.value)).collect();
            let below =
                group.bars.iter().map(|bar| bar.band.map_or(0.0, |band| bar.value - band.0)).collect();
            trace = trace.error_y(ErrorData::new(ErrorType::Data).array(above).array_minus(below));
        }
        plot.add_trace(trace);
    }
    plot
}

fn authorities_of(panels: &[SteppedTariff]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for layer in panels.iter().flat_map(|panel| &panel.layers) {
        if !names.contains(&layer.authority) {
            names.push(layer.authority.clone());
        }
    }
    names
}

fn axis_name(row: usize) -> String {
    if row == 0 { "y".to_owned() } else { format!("y{}", row + 1) }
}

fn set_axis(layout: Layout, row: usize, axis: Axis) -> Layout {
    match row {
        0 => layout.y_axis(axis),
        1 => layout.y_axis2(axis),
        2 => layout.y_axis3(axis),
        3 => layout.y_axis4(axis),
        4 => layout.y_axis5(axis),
        5 => layout.y_axis6(axis),
        6 => layout.y_axis7(axis),
        _ => layout.y_axis8(axis),
    }
}

/// Days and rates of steps for an axis in percent.
fn in_percent(steps: &[(String, f64)]) -> (Vec<String>, Vec<f64>) {
    steps.iter().map(|(day, rate)| (day.clone(), 100.0 * rate)).unzip()
}

fn step_traces(
    panel: &SteppedTariff,
    row: usize,
    authorities: &[String],
    in_legend: &mut Vec<String>,
) -> Vec<Box<dyn Trace>> {
    let mut traces: Vec<Box<dyn Trace>> = Vec::new();
    for layer in panel.layers.iter().filter(|layer| layer.steps.iter().any(|(_, value)| *value != 0.0)) {
        let first = !in_legend.contains(&layer.authority);
        if first {
            in_legend.push(layer.authority.clone());
        }
        let colour = authorities.iter().position(|name| *name == layer.authority).unwrap_or(0)
            % colours::AUTHORITIES.len();
        let (dates, values) = in_percent(&layer.steps);
        traces.push(
            Scatter::new(dates, values)
                .mode(Mode::Lines)
                .name(&layer.authority)
                .legend_group(&layer.authority)
                .show_legend(first)
                .stack_group(format!("panel {row}"))
                .line(Line::new().shape(LineShape::Hv).width(0.5).color(colours::AUTHORITIES[colour]))
                .fill(Fill::ToNextY)
                .y_axis(axis_name(row)),
        );
    }
    if !panel.snap_back.is_empty() {
        let (dates, values) = in_percent(&panel.snap_back);
        traces.push(
            Scatter::new(dates, values)
                .mode(Mode::Lines)
                .name("if nobody signs (by law)")
                .legend_group("snap-back")
                .show_legend(row == 0)
                .line(Line::new().shape(LineShape::Hv).dash(DashType::Dash).width(2.5).color(colours::ALERT))
                .y_axis(axis_name(row)),
        );
    }
    traces
}

fn marks(
    list: &[Mark],
    name: &str,
    level: f64,
    symbol: MarkerSymbol,
    colour: &'static str,
    row: usize,
) -> Box<Scatter<String, f64>> {
    let dates = list.iter().map(|mark| mark.date.clone()).collect();
    let details: Vec<String> = list.iter().map(|mark| mark.detail.clone()).collect();
    let labels: Vec<String> = list.iter().map(|mark| mark.label.clone()).collect();
    // Neighbouring labels stand at different heights, so that rounds some weeks apart can all be read.
    let mut named = 0;
    let levels = list
        .iter()
        .map(|mark| {
            named += usize::from(!mark.label.is_empty());
            level + 0.11 * (named % STAGES) as f64
        })
        .collect();
    Scatter::new(dates, levels)
        .mode(Mode::MarkersText)
        .name(name)
        .text_array(labels)
        .text_position(plotly::common::Position::TopCenter)
        .hover_text_array(details)
        .hover_info(HoverInfo::Text)
        .marker(Marker::new().symbol(symbol).size(9).color(colour))
        .y_axis(axis_name(row))
}

fn vertical(date: &str, colour: &'static str, dash: DashType) -> Shape {
    Shape::new()
        .shape_type(ShapeType::Line)
        .x0(date)
        .x1(date)
        .x_ref("x")
        .y_ref("paper")
        .y0(0.0)
        .y1(1.0)
        .layer(ShapeLayer::Below)
        .line(ShapeLine::new().color(colour).width(1.2).dash(dash))
}

fn panel_title(text: &str, top: f64) -> Annotation {
    Annotation::new()
        .text(format!("<b>{text}</b>"))
        .x_ref("paper")
        .y_ref("paper")
        .x(0.0)
        .y(top)
        .x_anchor(Anchor::Left)
        .y_anchor(Anchor::Bottom)
        .show_arrow(false)
}
