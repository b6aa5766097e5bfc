#!/usr/bin/env python3
"""Derive what the United States bought from each partner by tariff line: data/products/USA/trade.csv.

    python3 data/recipes/partner_trade.py ../shared

reads SHARED/data/product-trade/us_imports_2024_hs10_by_country.parquet (US Census, public domain, via tradewartracker/
trade-war-redux-2025, MIT) and the committed lines. Customs value of imports for consumption in 2024, US dollars, a column a partner;
an empty cell is no trade. A file of its own beside lines.csv, because one duty needs no trade and averages do. Needs pyarrow.
"""
import csv
import sys
from collections import defaultdict
from pathlib import Path

import pyarrow.parquet as parquet

from tables import ROOT, write

SHARED = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT.parent / "shared").resolve()
SLOVAKIA = "4359"  # the row of the European Union already contains it
UNION = "0003"
# Names of the Census file that no table of codes gives in one way.
NAMES = {"Korea, South": "KOR", "Taiwan": "TWN", "Vietnam": "VNM", "Hong Kong": "HKG", "Macau": "MAC", "Turkey": "TUR", "Russia": "RUS",
         "Cote d'Ivoire": "CIV", "Bolivia": "BOL", "Venezuela": "VEN", "Trinidad and Tobago": "TTO", "Dominican Republic": "DOM",
         "United Arab Emirates": "ARE", "United Kingdom": "GBR", "Brunei": "BRN", "Burma": "MMR", "Laos": "LAO", "Tanzania": "TZA"}


def codes():
    with open(ROOT / "data/ledger/parties.csv", encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    known = {}
    for row in rows:
        for name in (row["name"], *row["also"].split("|")):
            known[name.strip().lower()] = row["code"]
    return known


def main():
    known = codes()
    with open(ROOT / "data/products/USA/lines.csv", encoding="utf-8", newline="") as handle:
        lines = {row["code"] for row in csv.DictReader(handle)}
    table = parquet.read_table(SHARED / "data/product-trade/us_imports_2024_hs10_by_country.parquet")
    values, missing = defaultdict(lambda: defaultdict(int)), set()
    partners = {}
    for row in table.to_pylist():
        place = row["cty_code"]
        if place == SLOVAKIA or row["hs10"][:2] in ("98", "99"):
            continue
        if place not in partners:
            name = row["country"].strip()
            partners[place] = "EU27" if place == UNION else NAMES.get(name.title(), known.get(name.lower()) or NAMES.get(name))
            if partners[place] is None:
                raise SystemExit(f"no code for {place} `{name}`")
        line = row["hs10"] if row["hs10"] in lines else row["hs10"][:8]
        if line not in lines:
            missing.add(line)
            continue
        values[line][partners[place]] += row["imports_usd"]
    with open(ROOT / "data/products/USA/lines.csv", encoding="utf-8", newline="") as handle:
        held = next(csv.reader(handle))
    # A column that the lines have already is not written twice.
    columns = sorted(code for code in set(partners.values()) if f"customs_value_{code}" not in held)
    write(ROOT / "data/products/USA/trade.csv", ["code", *(f"customs_value_{code}" for code in columns)],
          [[line, *(values[line].get(code) or "" for code in columns)] for line in sorted(values)])
    print(f"{len(columns)} partners; {len(missing)} lines of the trade are not in the schedule of 2025")


if __name__ == "__main__":
    main()
