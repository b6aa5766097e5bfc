#!/usr/bin/env python3
"""Derive data/outturns/us_trade_annual.csv: goods trade of a year as it was, to stand beside what a model says of today.

    python3 data/recipes/annual_trade.py ../shared

General imports (customs value) and exports (domestic and re-exports, FAS), whole million US dollars, by year and partner, where both are
known: US Census; 2025 from the annual release FT-900 of 2026-02-19 as published. Rewrites the file byte for byte.
"""
import csv
import sys
from pathlib import Path

from tables import ROOT, write

SHARED = Path(sys.argv[1]).resolve()
SOURCES = ("CENSUS", "FT-900")
# The annual release, rounded to 0.1 billion; the copy has its balance.
PUBLISHED = {("2025", "CHN"): (308_400_000_000, 106_300_000_000)}


def main():
    flows = {}
    with open(SHARED / "data/outturns/us_totals_annual.csv", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            known = any(source in row["source"] for source in SOURCES)
            if known and row["classification"] == "TOTAL" and row["period"].isdigit() and row["partner"] != "WORLD":
                flows.setdefault((row["period"], row["partner"], row["flow"]), int(row["value_usd"]))
    for (year, partner), (imports, exports) in PUBLISHED.items():
        assert flows[year, partner, "balance"] == exports - imports
        flows[year, partner, "imports_general"], flows[year, partner, "exports_total"] = imports, exports
    keys = sorted({key[:2] for key in flows})
    pairs = [(key, flows.get((*key, "imports_general")), flows.get((*key, "exports_total"))) for key in keys]
    rows = [[*key, round(imports / 1e6), round(exports / 1e6)] for key, imports, exports in pairs if imports and exports]
    write(ROOT / "data/outturns/us_trade_annual.csv", ["year", "partner", "imports", "exports"], rows)


main()
