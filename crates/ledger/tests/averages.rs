//! Average tariffs from the record beside the published ones.

use detente_ledger::tariff::{Kind, Tariffs, View};

/// By statute: within four points, or the cause is measured and without it the gap is within four points.
#[test]
fn the_published_path_within_four_points() {
    let tariffs = Tariffs::embedded().unwrap();
    let mut compared = 0;
    for row in tariffs.published_averages().unwrap().iter().filter(|row| row.kind == Kind::Statutory) {
        let Some(gap) = row.gap else { continue };
        compared += 1;
        let left = row.without_causes_pct.map_or(gap, |without| without - row.published_pct);
        assert!(gap.abs() <= 4.0 || left.abs() <= 4.0, "{}: {gap} and {left}", row.id);
    }
    assert_eq!(compared, 36);
}

/// Receipts: what is left after the measured causes is within four points in every month. How many goods had left in time is
/// not published, so that May 2025 is bracketed: with none of them the schedule is above the receipts, with all below.
#[test]
fn receipts_are_explained_month_by_month() {
    let tariffs = Tariffs::embedded().unwrap();
    let mut compared = 0;
    for row in tariffs.published_averages().unwrap().iter().filter(|row| row.kind == Kind::Collected) {
        let Some(without) = row.without_causes_pct else { continue };
        compared += 1;
        let left = without - row.published_pct;
        assert!(left.abs() <= 4.0, "{}: {left} of {:?}", row.id, row.gap);
        // From the end of the truce of 2018 to 2024 goods bought, goods without a line and unpaid duties say it all.
        if row.id.as_str() >= "A49" && row.id.as_str() <= "A52" {
            assert!(left.abs() < 0.7, "{}: {left}", row.id);
        }
        for share in row.causes.iter().filter_map(|cause| cause.implied_share) {
            assert!(share > 0.5 && share <= 1.0, "{}: {share}", row.id);
        }
    }
    assert_eq!(compared, 12);
}

/// An average over all partners: the one partner on record is told with its part, the rest is not ours to compute.
#[test]
fn all_partners_show_the_part_on_record() {
    let rows = Tariffs::embedded().unwrap().published_averages().unwrap();
    let world: Vec<_> = rows.iter().filter(|row| row.exporter == "all").collect();
    assert_eq!(world.len(), 11);
    for row in world {
        let part = row.part_on_record.as_ref().unwrap();
        assert!((part.points - part.average_pct * part.share).abs() < 1e-12);
        assert!(row.gap.is_none() && part.share > 0.05 && part.share < 0.15, "{}: {part:?}", row.id);
    }
}

#[test]
fn the_peak_is_the_only_figure_of_piie_beyond_four_points_without_its_cause() {
    let tariffs = Tariffs::embedded().unwrap();
    let far: Vec<String> = tariffs
        .published_averages()
        .unwrap()
        .into_iter()
        .filter(|row| row.publisher.starts_with("PIIE") && row.gap.is_some_and(|gap| gap.abs() > 4.0))
        .map(|row| row.id)
        .collect();
    // A07: goods on the way in June 2019. A16, A17: April and May 2025, the reach of 125 points.
    assert_eq!(far, ["A07", "A16", "A17"]);
}

#[test]
fn parts_add_up_to_the_average() {
    let tariffs = Tariffs::embedded().unwrap();
    for (importer, exporter) in [("USA", "CHN"), ("CHN", "USA")] {
        let averages =
            tariffs.averages(View::on_day(importer, exporter, "2025-06-10".parse().unwrap())).unwrap();
        assert!(!averages.is_empty());
        for average in averages {
            let sum: f64 = average.by_authority.iter().map(|part| part.average_contribution_pct).sum();
            assert!((sum - average.rate * 100.0).abs() < 1e-9, "{}", average.weights);
        }
    }
}

#[test]
fn every_goods_sector_of_the_default_world_has_a_tariff_both_ways() {
    let tariffs = Tariffs::embedded().unwrap();
    for (importer, exporter) in [("USA", "CHN"), ("CHN", "USA")] {
        let cells = tariffs
            .by_sector(View::on_day(importer, exporter, "2026-11-20".parse().unwrap()), "world-2022-estimate")
            .unwrap();
        assert_eq!(cells.len(), 20, "{importer}");
        assert!(cells.iter().all(|cell| (0.0..1.0).contains(&cell.rate)), "{cells:?}");
    }
}
