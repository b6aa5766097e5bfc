#!/usr/bin/env python3
"""Derive data/concordances/naics-3.csv and data/validation/imports-by-month.csv from the shared public data.

    python3 data/recipes/monthly_imports.py ../shared

reads SHARED/data/{hts,product-trade} and rewrites the two committed files byte for byte. They let `detente ledger averages`
weigh the schedule by what was bought in the very month of a published figure. Needs pandas and pyarrow.
"""
import csv
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pandas as pd

from tables import ROOT, write

SHARED = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT.parent / "shared").resolve()
PARTNERS = {"CHINA": "CHN", "TOTAL FOR ALL COUNTRIES": "all"}
ALL_GOODS = "00"


def concordance():
    """HS code (the longest match holds) to three digits of NAICS; by the number of statistical codes below."""
    table = pd.read_csv(SHARED / "data/hts/hs10_naics_crosswalk.csv.gz", dtype=str)
    table = table[~table.hs10.str[:2].isin(("98", "99"))]
    # 980 and 990 are returned goods and low values: no goods of a line, whatever a crosswalk puts there.
    of = {code: naics[:3] for code, naics in zip(table.hs10, table.naics) if naics[:3] not in ("980", "990")}
    rows = {}
    for width in (2, 4, 6, 8):
        groups = defaultdict(Counter)
        for code, naics in of.items():
            groups[code[:width]][naics] += 1
        for prefix, counts in groups.items():
            found = max(sorted(counts), key=lambda name: counts[name])
            above = next((rows[prefix[:n]] for n in (6, 4, 2) if n < width and prefix[:n] in rows), None)
            if found != above:
                rows[prefix] = found
    write(ROOT / "data/concordances/naics-3.csv", ["code", "sector"], sorted(rows.items()))


def months():
    """The months that average-tariffs.csv and goods-on-the-way.csv speak of, and the months before those of receipts on all partners,
    as far as the monthly data reach."""
    wanted = set()
    with open(ROOT / "data/validation/average-tariffs.csv", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            wanted.add(row["on"][:7])
            wanted.update(re.findall(r"[~*](\d{4}-\d{2})", row["size_of_cause"]))
            if row["exporter"] == "all" and row["kind"] == "collected":
                wanted.add(str(pd.Period(row["on"][:7], "M") - 1))
    with open(ROOT / "data/validation/goods-on-the-way.csv", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            wanted.update((row["month"], row["paid_as_in"]))
    table = pd.read_parquet(SHARED / "data/product-trade/us_imports_duties_monthly_naics_2017_2025.parquet")
    table = table[table.country.isin(PARTNERS) & table.month.isin(wanted)]
    rows = []
    for row in table.itertuples():
        partner = PARTNERS[row.country]
        # Of all partners only the total is asked for. 980 and 990 are returned goods and low values,
        # which have no lines.
        if (row.naics == ALL_GOODS) == (partner == "all") and row.imports:
            rows.append(["USA", partner, row.month, row.naics, row.imports, row.duty])
    rows.sort(key=lambda row: [str(cell) for cell in row[:4]])
    write(ROOT / "data/validation/imports-by-month.csv", ["importer", "exporter", "month", "sector", "customs_value", "calculated_duty"], rows)


concordance()
months()
