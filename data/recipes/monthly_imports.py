#!/usr/bin/env python3
"""Derive data/concordances/naics-3.csv, data/validation/imports-by-month.csv and trade-by-partner.csv from the shared public data.

    python3 data/recipes/monthly_imports.py ../shared

reads SHARED/data/{hts,product-trade} and rewrites the three committed files byte for byte. They let `detente ledger averages`
weigh the schedule by what was bought, and from whom, in the very month of a published figure. Needs pandas and pyarrow.
"""
import csv
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pandas as pd

from tables import ROOT, write

SHARED = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT.parent / "shared").resolve()
IMPORTER = "USA"
ALL_GOODS = "00"
CHINA, TOTAL = "CHINA", "TOTAL FOR ALL COUNTRIES"
# Partners with monthly trade of their own; all others are one group.
CODES = {CHINA: "CHN", "MEXICO": "MEX", "CANADA": "CAN", "EUROPEAN UNION": "EU27", "JAPAN": "JPN", "VIETNAM": "VNM", "KOREA, SOUTH": "KOR",
         "TAIWAN": "TWN", "INDIA": "IND", "UNITED KINGDOM": "GBR", "THAILAND": "THA", "SWITZERLAND": "CHE", "MALAYSIA": "MYS", "BRAZIL": "BRA",
         "SINGAPORE": "SGP", "INDONESIA": "IDN", "ISRAEL": "ISR", "COLOMBIA": "COL", "AUSTRALIA": "AUS", "CHILE": "CHL", "SAUDI ARABIA": "SAU",
         "RUSSIA": "RUS"}
REST = "others"
SLOVAKIA = "4359"  # the row of the European Union already contains it
YEAR = "2024"


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
    as far as the monthly data reach; and those whose goods weigh a figure on all partners."""
    wanted, of_all = set(), set()
    with open(ROOT / "data/validation/average-tariffs.csv", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            wanted.add(row["on"][:7])
            wanted.update(re.findall(r"[~*](\d{4}-\d{2})", row["size_of_cause"]))
            of_all.update(re.findall(r"(?:partners|goods)-of:(\d{4}-\d{2})", row["size_of_cause"]))
            if row["exporter"] == "all" and row["kind"] == "collected":
                wanted.add(str(pd.Period(row["on"][:7], "M") - 1))
    with open(ROOT / "data/validation/goods-on-the-way.csv", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            wanted.update((row["month"], row["paid_as_in"]))
    table = pd.read_parquet(SHARED / "data/product-trade/us_imports_duties_monthly_naics_2017_2025.parquet")
    table = table.astype({"country": str, "naics": str, "month": str})
    return table[table.month.isin(wanted | of_all)], wanted, of_all


def by_sector(table, wanted, of_all):
    rows = []
    for row in table.itertuples():
        asked = wanted if row.country in (CHINA, TOTAL) else of_all
        partner = "all" if row.country == TOTAL else CODES.get(row.country)
        # Of all partners only the total is asked for. 980 and 990 are returned goods and low values,
        # which have no lines.
        if partner and row.month in asked and (row.naics == ALL_GOODS) == (row.country == TOTAL) and row.imports:
            rows.append([IMPORTER, partner, row.month, row.naics, row.imports, row.duty])
    rows.sort(key=lambda row: [str(cell) for cell in row[:4]])
    write(ROOT / "data/validation/imports-by-month.csv", ["importer", "exporter", "month", "sector", "customs_value", "calculated_duty"], rows)


def by_partner(table, of_all):
    """Imports and calculated duty by partner, of the year of trade and of the months that weigh a figure on all partners."""
    trade = pd.read_parquet(SHARED / "data/product-trade/us_imports_2024_hs10_by_country.parquet")
    trade = trade[trade.cty_code.astype(str) != SLOVAKIA]
    trade = trade.assign(partner=trade.country.map(lambda name: CODES.get(name, REST)))
    whole = trade.groupby("partner")[["imports_usd", "duty_usd"]].sum()
    rows = [[IMPORTER, code, YEAR, int(row.imports_usd), int(row.duty_usd)] for code, row in whole.iterrows()]
    for month in sorted(of_all):
        goods = table[(table.month == month) & (table.naics == ALL_GOODS)].set_index("country")
        own = goods.loc[[name for name in CODES if name in goods.index]]
        rows += [[IMPORTER, CODES[name], month, int(row.imports), int(row.duty)] for name, row in own.iterrows()]
        left = goods.loc[TOTAL, ["imports", "duty"]] - own[["imports", "duty"]].sum()
        rows.append([IMPORTER, REST, month, int(left.imports), int(left.duty)])
    rows.sort(key=lambda row: row[:3])
    write(ROOT / "data/validation/trade-by-partner.csv", ["importer", "exporter", "trade_of", "customs_value", "calculated_duty"], rows)


concordance()
table, wanted, of_all = months()
by_sector(table, wanted, of_all)
by_partner(table, of_all)
