#!/usr/bin/env python3
"""Derive which share of imports claims a preference, by tariff line and by month: data/products/USA/claims.csv.gz and claims-by-month.csv.

    python3 data/recipes/claims.py ../shared/facts-partners

Sources: base/usmca_shares_by_hts10.csv.gz and base/usmca_shares_by_month.csv of the facts (USITC DataWeb, a US government work; carried by
Budget-Lab-Yale/tariff-rate-tracker, MIT). By line the shares are known for three spans of months, by month for all goods of a partner. `odds` is the
factor on a line's odds (share over one less share) of its span that makes the mean over lines, weighed by the imports of the span, the share of the
month. A line without imports in a span has the mean of its other spans; shares to two digits. Lines of less than a
million dollars in all three spans, 0.14 percent of the trade, are left out and counted with the share of the month. Rewrites both files byte for byte.
"""
import csv
import gzip
import sys
from collections import defaultdict
from pathlib import Path

from tables import ROOT, write, write_packed

FOLDER = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT.parent / "shared/facts-partners").resolve()
PROGRAMME = "USMCA"
SPANS = {"2025H1": ("2025-01", "2025-06"), "2025H2": ("2025-07", "2025-12"), "2026M01_02": ("2026-01", "2026-02")}
# A share of nothing or all has no odds to move.
LEAST, MOST = 0.001, 0.999
LEAST_TRADE = 1e6


def moved(share, odds):
    share = min(max(share, LEAST), MOST)
    return odds * share / (1 - share + odds * share)


def odds_of(lines, target):
    """The factor on odds at which the weighted mean is the target, by halving."""
    total = sum(value for _, value in lines)
    low, high = 1e-4, 1e4
    for _ in range(200):
        middle = (low * high) ** 0.5
        mean = sum(moved(share, middle) * value for share, value in lines) / total
        low, high = (middle, high) if mean < target else (low, middle)
    return (low * high) ** 0.5


def main():
    with open(ROOT / "data/products/USA/lines.csv", newline="", encoding="utf-8") as handle:
        known = {row["code"] for row in csv.DictReader(handle)}
    sums = defaultdict(lambda: [0.0, 0.0])
    with gzip.open(FOLDER / "base/usmca_shares_by_hts10.csv.gz", "rt", newline="", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            line = row["hts10"] if row["hts10"] in known else row["hts10"][:8]
            if line not in known:
                continue
            for span in SPANS:
                if row[f"share_{span}"]:
                    held = sums[(row["partner"], line, span)]
                    held[0] += float(row[f"imports_{span}"])
                    held[1] += float(row[f"imports_{span}"]) * float(row[f"share_{span}"])
    by_line = defaultdict(dict)
    for (partner, line, span), (value, claimed) in sums.items():
        if value > 0:
            by_line[(partner, line)][span] = (round(claimed / value, 2), value)
    rows = []
    for (partner, line), held in sorted(by_line.items()):
        if sum(value for _, value in held.values()) < LEAST_TRADE:
            continue
        mean = sum(share for share, _ in held.values()) / len(held)
        rows.append([line, partner, PROGRAMME, *(f"{held[span][0] if span in held else mean:.2f}" for span in SPANS)])
    write_packed(ROOT / "data/products/USA/claims.csv.gz", ["code", "exporter", "programme", *(first for first, _ in SPANS.values())], rows)
    months = []
    with open(FOLDER / "base/usmca_shares_by_month.csv", newline="", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            span = next(span for span, (first, last) in SPANS.items() if first <= row["month"] <= last)
            lines = [held[span] for (partner, _), held in by_line.items() if partner == row["partner"] and span in held]
            odds = odds_of(lines, float(row["usmca_share"]))
            months.append([row["month"], row["partner"], PROGRAMME, row["usmca_share"], SPANS[span][0], f"{odds:.4f}"])
    write(ROOT / "data/products/USA/claims-by-month.csv", ["month", "exporter", "programme", "share", "span", "odds"], sorted(months))


if __name__ == "__main__":
    main()
