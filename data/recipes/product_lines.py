#!/usr/bin/env python3
"""Derive the lines of data/products and data/concordances from the shared public data. After us_lists.py, whose codes it splits by.

    python3 data/recipes/product_lines.py ../shared

reads SHARED/data/{hts,product-trade,world-io}, and rewrites the
committed files byte for byte (run twice: `git diff` stays empty). Needs pandas and pyarrow. What each
column means, its source and licence: data/products/README.md.
"""
import csv
import gzip
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pandas as pd

from tables import ROOT, write

SHARED = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT.parent / "shared").resolve()
HTS = SHARED / "data/hts"
TRADE = SHARED / "data/product-trade"
PARTNER = {"5700": "CHN"}
SLOVAKIA = "4359"  # the EU row already contains it


def digits(text):
    return "".join(ch for ch in text if ch.isdigit())


# ---------------------------------------------------------------- the schedule: base rates and its 10-digit codes

def printed_rates():
    """hs8 -> (fraction or None, rate as printed). A rate that is no plain percentage stays text."""
    table = pd.read_csv(HTS / "mfn_rates_2025.csv.gz", dtype=str)
    rates = {}
    for row in table.itertuples():
        if row.hs8[:2] in ("98", "99"):
            continue
        plain = row.rate_type in ("free", "ad_valorem")
        raw = " ".join(str(row.rate_raw).split())
        if raw == "6.5% on the entire set":
            rates[row.hs8] = ("0.065", "")
        else:
            rates[row.hs8] = (f"{float(row.mfn_rate):.6f}".rstrip("0").rstrip(".") if plain else "", "" if plain else raw)
    # Quota lines that the parsed table leaves out stand in the schedule itself.
    for row in schedule():
        code, raw = digits(row["HTS Number"])[:8], " ".join(row["General Rate of Duty"].split())
        if len(code) < 8 or code[:2] in ("98", "99") or code in rates or not raw:
            continue
        if raw == "Free":
            rates[code] = ("0", "")
        elif re.fullmatch(r"[\d.]+%", raw):
            rates[code] = (f"{float(raw[:-1]) / 100:.6f}".rstrip("0").rstrip("."), "")
        else:
            rates[code] = ("", raw)
    return rates


def schedule():
    with gzip.open(HTS / "hts_2025_basic_edition.csv.gz", "rt", encoding="utf-8-sig", newline="") as handle:
        yield from csv.DictReader(handle)


def statistical_codes(trade):
    """hs8 -> its 10-digit codes, in the 2025 schedule or in 2024 trade."""
    children = defaultdict(set)
    for row in schedule():
        code = digits(row["HTS Number"])
        if len(code) == 10 and code[:2] not in ("98", "99"):
            children[code[:8]].add(code)
    for code in trade.hs10.unique():
        if not children[code[:8]]:
            children[code[:8]].add(code)
    return children


# ---------------------------------------------------------------- product lists

def listed():
    """The codes of ten digits on the lists that data/recipes/us_lists.py makes: the lines that hold them are held by number."""
    codes = set()
    for path in (ROOT / "data/products/USA/lists").glob("*/*.csv"):
        with open(path, encoding="utf-8") as handle:
            codes |= {digits(row["code"]) for row in csv.DictReader(handle)}
    return {code for code in codes if len(code) == 10}


# ---------------------------------------------------------------- lines

def main():
    trade = pd.read_parquet(TRADE / "us_imports_2024_hs10_by_country.parquet")
    trade["cty_code"] = trade.cty_code.astype(str)
    trade = trade[trade.cty_code != SLOVAKIA]
    trade["hs8"] = trade.hs10.str[:8]
    trade = trade[~trade.hs8.str[:2].isin(("98", "99"))]
    rates = printed_rates()
    children = statistical_codes(trade)

    # Only the 8-digit lines that some list splits are held at 10 digits.
    numbers = listed()
    split = {code[:8] for code in numbers}
    leaves = {}
    for code in sorted(set(rates) | set(trade.hs8)):
        # A number that came after the schedule of 2025 is a line without trade: it can be asked for.
        leaves[code] = sorted(children.get(code, set()) | {number for number in numbers if number[:8] == code}) if code in split else [code]
    whole = defaultdict(Counter)
    for row in trade.itertuples():
        home = leaves[row.hs8]
        if len(home) == 1:
            leaf = home[0]
        elif row.hs10 in home:
            leaf = row.hs10
        else:  # a code that the 2025 schedule no longer has: kept as a leaf of its own
            home.append(row.hs10)
            home.sort()
            leaf = row.hs10
        whole[leaf]["all"] += row.imports_usd
        if row.cty_code in PARTNER:
            partner = PARTNER[row.cty_code]
            whole[leaf][partner] += row.imports_usd
            whole[leaf][partner + " duty"] += row.duty_usd
    dutiable = trade[(trade.duty_usd > 0) & ~trade.cty_code.isin(PARTNER)].groupby("hs8")[["imports_usd", "duty_usd"]].sum()
    rows = []
    for code in sorted(leaves):
        fraction, printed = rates.get(code, ("", ""))
        estimate = ""
        if printed and code in dutiable.index:
            paid = dutiable.loc[code]
            estimate = f"{paid.duty_usd / paid.imports_usd:.4f}"
        for leaf in leaves[code]:
            value = whole[leaf]
            rows.append([leaf, fraction or printed, estimate, value["all"] or "", value["CHN"] or "", value["CHN duty"] if value["CHN"] else ""])
    write(ROOT / "data/products/USA/lines.csv",
          ["code", "base_rate", "ad_valorem_equivalent", "customs_value_all", "customs_value_CHN", "calculated_duty_CHN"], rows)

    concordance()


# ---------------------------------------------------------------- codes to sectors

def concordance():
    """HS code (2, 4 or 6 digits, the longest match holds) to the sector of the default world."""
    members = {}
    with open(SHARED / "data/world-io/benchmark-2022-candidate/sectors.csv", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            members.update({icio: row["sector"] for icio in row["icio_members"].split()})
    sector = {}
    with open(HTS / "hs6_to_icio_wiod.csv", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            if row["icio"] != "D":  # electricity (2716): a service in the default world
                sector[row["hs6"]] = members[row["icio"]]
    rows = {}

    def majority(codes):
        counts = Counter(sector[code] for code in codes)
        return max(sorted(counts), key=lambda name: counts[name])

    for width in (2, 4, 6):
        groups = defaultdict(list)
        for code in sector:
            groups[code[:width]].append(code)
        for prefix, codes in groups.items():
            found = majority(codes)
            above = next((rows[prefix[:n]] for n in (4, 2) if n < width and prefix[:n] in rows), None)
            if found != above:
                rows[prefix] = found
    for code, name in sector.items():
        assert next(rows[code[:n]] for n in (6, 4, 2) if code[:n] in rows) == name, code
    write(ROOT / "data/concordances/world-2022-estimate.csv", ["code", "sector"], sorted(rows.items()))


if __name__ == "__main__":
    main()
