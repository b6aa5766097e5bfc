#!/usr/bin/env python3
"""Derive data/validation/other-partners.csv and other-partners-trade.csv from the shared public data and the record.

    detente ledger export --pair USA:CHN --out PANEL.csv
    python3 data/recipes/other_partners.py ../shared PANEL.csv

What an importer adds on partners that the record has no schedule for, by group of partners and day, in percent of value. The level
is a public tracker's of announced rates, weighed by the trade of 2024. How it lies within a partner's goods is the record's: the goods
that Section 232 reaches, and those that an exempt list frees, weighed by the partner's own trade by line; a flat rate on all other
goods makes up the tracker's level. So the same schedule can be weighed by what was bought in a month, by three digits of NAICS.
Rewrites both files byte for byte. Needs pandas and pyarrow.
"""
import csv
import sys
from pathlib import Path

import pandas as pd

from tables import ROOT, write

SHARED = Path(sys.argv[1]).resolve()
PANEL = Path(sys.argv[2])
IMPORTER, ON_RECORD = "USA", "CHN"
SLOVAKIA = "4359"  # the EU row already contains it
YEAR = "2024"
MONTHS = ("2024-12", "2025-04", "2025-06", "2025-09", "2025-11")  # of the published receipts, as far as monthly data reach
NEWEST = MONTHS[-1]
# Partners with monthly trade of their own; all others are one group.
CODES = {"CHINA": "CHN", "MEXICO": "MEX", "CANADA": "CAN", "EUROPEAN UNION": "EU27", "JAPAN": "JPN", "VIETNAM": "VNM", "KOREA, SOUTH": "KOR",
         "TAIWAN": "TWN", "INDIA": "IND", "UNITED KINGDOM": "GBR", "THAILAND": "THA", "SWITZERLAND": "CHE", "MALAYSIA": "MYS", "BRAZIL": "BRA",
         "SINGAPORE": "SGP", "INDONESIA": "IDN", "ISRAEL": "ISR", "COLOMBIA": "COL", "AUSTRALIA": "AUS", "CHILE": "CHL", "SAUDI ARABIA": "SAU",
         "RUSSIA": "RUS"}
REST, TOTAL = "others", "TOTAL FOR ALL COUNTRIES"
# The tracker takes these shares of a partner's goods as free under the agreement (its flat 8.75 and 4.5 of 25); the shares that
# qualify by sector are in ../shared/data/hts/usmca_shares.csv.
CLAIMED = {"CAN": (0.65, "canada"), "MEX": (0.82, "mexico")}
# Which layer of the record shows the exempt goods of the duty on all goods, by first day.
GENERAL = (("", "US-IEEPA-RECIP"), ("2026-02-20", None), ("2026-02-24", "US-S122"), ("2026-07-24", "US-301-FL"))
ON_METALS_AND_THE_LIKE = ("US-232", "US-201")
NO_LINE = "980"


def longest(file):
    table = pd.read_csv(file, dtype=str)
    of = dict(zip(table.code, table.sector))
    return lambda code: next((of[code[:n]] for n in (10, 8, 6, 4, 2) if code[:n] in of), NO_LINE)


def trade_by_line():
    """2024 imports by partner and statistical number, with the record's line, the NAICS sector and the group of partners."""
    trade = pd.read_parquet(SHARED / "data/product-trade/us_imports_2024_hs10_by_country.parquet")
    trade = trade[trade.cty_code.astype(str) != SLOVAKIA].reset_index(drop=True)
    lines = set(pd.read_csv(ROOT / f"data/products/{IMPORTER}/lines.csv", dtype=str).code)
    trade["line"] = [code if code in lines else code[:8] for code in trade.hs10]
    sector = longest(ROOT / "data/concordances/naics-3.csv")
    of = {code: NO_LINE if code[:2] in ("98", "99") else sector(code) for code in trade.hs10.unique()}
    trade["sector"] = trade.hs10.map(of)
    trade["partner"] = trade.country.map(lambda name: CODES.get(name, REST))
    gtap = pd.read_csv(SHARED / "data/hts/hs10_gtap_crosswalk.csv.gz", dtype=str)
    gtap = dict(zip(gtap.hs10, gtap.gtap_code.str.lower()))
    qualifying = pd.read_csv(SHARED / "data/hts/usmca_shares.csv").set_index("gtap_code")
    trade["qualifies"] = 0.0
    for code, (_, column) in CLAIMED.items():
        own = trade.partner == code
        trade.loc[own, "qualifies"] = trade.hs10[own].map(gtap).map(qualifying[column]).fillna(0.0)
    return trade


def reaches(panel, day):
    """What Section 232 adds to a line on the day, percent, and the share of it that the duty on all goods reaches."""
    held = panel[(panel["from"] <= day) & (panel.until.isna() | (panel.until > day))]
    special = held[held.layer.str.startswith(ON_METALS_AND_THE_LIKE)].groupby("code").adds_pct.sum()
    layer = [name for first, name in GENERAL if first <= day][-1]
    general = held[held.layer == layer]
    return special, (general.adds_pct / general.rate_pct).groupby(general.code).sum() if len(general) else None


def added(trade, panel, level, day):
    """What the day's schedule adds to each row of `trade`: at the tracker's level, and with all qualifying goods free."""
    special, general = reaches(panel, day)
    special = trade.line.map(special).fillna(0.0)
    # On a day without such a layer on the partner on record: all goods that Section 232 leaves.
    general = (special == 0.0).astype(float) if general is None else trade.line.map(general).fillna(0.0)
    value = trade.groupby("country").imports_usd.sum()
    mean = lambda of: (of * trade.imports_usd).groupby(trade.country).sum() / value
    special_mean, general_mean, level = mean(special), mean(general), level.reindex(value.index).fillna(0.0)
    # Agreements lower Section 232 for some; where the tracker's level is below it, all of it is scaled down.
    flat = ((level - special_mean) / general_mean).where((level > special_mean) & (general_mean > 0), 0.0)
    scale = (level / special_mean).where(level < special_mean, 1.0).fillna(0.0)
    by_flat = general * trade.country.map(flat)
    by_special = special * trade.country.map(scale)
    # More of the flat rate is not charged where more goods qualify than the tracker takes as free.
    claims = trade.partner.map({code: 1 / (1 - free) for code, (free, _) in CLAIMED.items()})
    kept = ((1 - trade.qualifies) * claims).where(claims.notna(), 1.0)
    return by_special + by_flat, by_special + by_flat * kept


def month_trade(month):
    table = pd.read_parquet(SHARED / "data/product-trade/us_imports_duties_monthly_naics_2017_2025.parquet")
    table = table[table.month.astype(str) == month].copy()
    for name in ("country", "naics"):
        table[name] = table[name].astype(str)
    total = table[(table.country == TOTAL) & (table.naics == "00")].iloc[0]
    own = table[table.country.isin(CODES)]
    whole = own[own.naics == "00"].set_index("country")
    rows = {CODES[name]: (row.imports, row.duty) for name, row in whole.iterrows()}
    rows[REST] = (total.imports - whole.imports.sum(), total.duty - whole.duty.sum())
    sectors = own[own.naics != "00"]
    return rows, {CODES[name]: group.set_index("naics").imports for name, group in sectors.groupby("country")}


def by_partner(trade, values, bought):
    """The mean of `values` over each partner's trade; by the sectors of `bought` where it has the partner."""
    weight = trade.imports_usd
    mean = (values * weight).groupby(trade.partner).sum() / weight.groupby(trade.partner).sum()
    if bought:
        keys = [trade.partner, trade.sector]
        sector = (values * weight).groupby(keys).sum() / weight.groupby(keys).sum()
        for partner, imports in bought.items():
            mean[partner] = (sector[partner].reindex(imports.index).fillna(0.0) * imports).sum() / imports.sum()
    return mean


def main():
    trade = trade_by_line()
    panel = pd.read_csv(PANEL, dtype={"code": str})
    panel = panel[panel.importer == IMPORTER]
    panel["code"] = panel.code.str.replace(".", "")
    tracker = pd.read_csv(SHARED / "data/tariffs/us_country-by-time.csv")
    levels = {day: group.set_index("country_name")["effective tariff"] for day, group in tracker.groupby("date")}
    levels[f"{YEAR}-01-01"] = levels[min(levels)] * 0.0
    collected = (trade.duty_usd / trade.imports_usd * 100).fillna(0.0)
    whole = trade.groupby("partner")[["imports_usd", "duty_usd"]].sum()
    traded = [[IMPORTER, code, YEAR, int(row.imports_usd), int(row.duty_usd)] for code, row in whole.iterrows()]
    bought = {YEAR: {}}
    for month in MONTHS:
        rows, bought[month] = month_trade(month)
        traded += [[IMPORTER, code, month, int(value), int(duty)] for code, (value, duty) in rows.items()]
    schedule = []
    for day in sorted(levels):
        at_level, with_claims = added(trade, panel, levels[day], day)
        for trade_of, imports in bought.items():
            if trade_of not in (YEAR, NEWEST) and day[:7] > trade_of:
                continue
            columns = [by_partner(trade, values, imports) for values in (collected, at_level, with_claims)]
            for code in sorted(set(trade.partner) - {ON_RECORD}):
                schedule.append([IMPORTER, code, trade_of, day, *(f"{column[code] + 0.0:.2f}" for column in columns)])
    schedule.sort(key=lambda row: row[:4])
    traded.sort(key=lambda row: row[:3])
    folder = ROOT / "data/validation"
    write(folder / "other-partners.csv", ["importer", "exporter", "trade_of", "from", "base_pct", "added_pct", "added_pct_if_claimed"], schedule)
    write(folder / "other-partners-trade.csv", ["importer", "exporter", "trade_of", "customs_value", "calculated_duty"], traded)


main()
