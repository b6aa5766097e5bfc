//! Every colour of charts and pages: authorities, sides, deals, today, what is weak.

/// Colours that stay apart for colour-blind readers (Okabe & Ito) and in print: authorities, economies.
pub const AUTHORITIES: [&str; 12] = [
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C6D31", "#666666", "#F0E442",
    "#7B3294", "#A6611A", "#1B4F72",
];
/// Bars of economies whose input structure is a proxy.
pub const WEAK: &str = "#B0B0B0";
/// Deadlines, and what returns if nobody signs.
pub const ALERT: &str = "#B22222";
/// Today, and the Nash point.
pub const INK: &str = "#222222";
/// The first of two sides.
pub const FIRST_SIDE: &str = "#0072B2";
/// The second of two sides.
pub const SECOND_SIDE: &str = "#D55E00";
/// The frontier and what is agreed on it.
pub const DEAL: &str = "#009E73";
/// The zone between no deal and the frontier.
pub const ZONE: &str = "rgba(0,158,115,0.15)";
/// Named points of the plane of payoffs, in order.
pub const POINTS: [&str; 5] = ["#B22222", "#222222", "#0072B2", "#D55E00", "#CC79A7"];
/// Colours of the text of a page, by the names that its style sheet has for them.
pub const PAGE: &str = ":root { --ink: #1c1c1c; --soft: #5a5a5a; --line: #d9d9d9; --paper: #ffffff; --tint: #f5f7f9; --weak: #8a8a8a; }\n";
