//! The ten days from 2018 to 2026 on which sentences and screens are held to their words.

/// ISO dates, in order.
pub const DAYS: [&str; 10] = [
    "2018-07-10",
    "2018-12-02",
    "2019-09-02",
    "2020-02-15",
    "2022-06-01",
    "2025-04-12",
    "2025-09-16",
    "2025-11-28",
    "2026-03-01",
    "2026-10-07",
];
