#!/usr/bin/env python3
"""Derive the lines of data/products and data/concordances from the shared public data. After us_lists.py, whose codes it splits by.

    python3 data/recipes/product_lines.py ../shared

reads SHARED/data/{hts,product-trade,tariffs} and SHARED/benchmarks/world-2022-estimate, and rewrites the
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
    exports(SHARED)


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


# ---------------------------------------------------------------- the other side: six digits, 2017 exports, shares by sector

# Published value of each retaliation list, billion US dollars of China's 2017 imports from the United States (MOFCOM and Customs
# Tariff Commission announcements as carried in the instruments). The 25 percent list of July 2018 less its passenger cars, which
# stand by their heading. The first part of the USD 75 bn announcement by its share of the items, 1,717 of 5,078.
LIST_VALUES = {"list-34bn-without-cars": 34.0 - 13.0, "list-16bn": 16.0, "list-60bn": 60.0,
               "list-75bn-first-part": 75.0 * 1717 / 5078}
IMPORTS_2017 = 90 / 0.583  # PIIE: the retaliation reached 58.3 percent, about USD 90 bn
# What the announcements name as goods and a heading holds whole: these are on the one list and on no other that shares no item with it.
NAMED = {"list-34bn-without-cars": ("120190",)}  # soybeans
EXCEPT = {"list-34bn-without-cars": ("8703",)}  # what the instrument of a list excepts does not count in its total
DISJOINT = ("list-34bn-without-cars", "list-16bn", "list-60bn")
ICIO_2021 = {"A01": "A01_02", "A02": "A01_02", "B05": "B05_06", "B06": "B05_06", "B07": "B07_08", "B08": "B07_08",
             "C24A": "C24", "C24B": "C24", "C301": "C30", "C302T309": "C30"}


def exports(shared):
    table = pd.read_csv(TRADE / "us_exports_to_china_hs6_annual.csv.gz", dtype={"hs6": str})
    wide = table[table.year == 2017].set_index("hs6").us_exports_usd
    wide = wide[~wide.index.str[:2].isin(("98", "99"))].groupby(level=0).sum()
    base = pd.read_csv(shared / "benchmarks/world-2022-estimate/tariffs.csv.gz")
    base = base[(base.exporter == "USA") & (base.importer == "CHN")].set_index("sector").rate
    sector = longest(ROOT / "data/concordances/world-2022-estimate.csv")
    rows = [[code, "", f"{base[sector(code)]:.4f}" if sector(code) in base else "", int(value)] for code, value in wide.items() if value > 0]
    write(ROOT / "data/products/CHN/lines.csv",
          ["code", "base_rate", "ad_valorem_equivalent", "customs_value_USA"], rows)
    retaliation(shared, wide)


def longest(path):
    with open(path, encoding="utf-8") as handle:
        held = {row["code"]: row["sector"] for row in csv.DictReader(handle)}
    return lambda code: next((held[code[:n]] for n in (10, 8, 6, 4, 2) if code[:n] in held), None)


def retaliation(shared, exports_2017):
    """Share of each code that a retaliation list reaches. The lists by line are not on record, only their totals; the increases
    of 2018-19 by sector give the profile: share = total of the list / imports, times the sector's increase / the mean."""
    seven = shared / "data/world-io/seven-economies-2017"
    names = pd.read_csv(seven / "sectors.csv").set_index("indcode").icio2021
    increase = pd.read_csv(seven / "tariff_increase_chn_on_us_2018_19.csv.gz").set_index("indcode").iloc[:, 0]
    increase = {names[code]: rate for code, rate in increase.items()}
    icio = {}
    with open(HTS / "hs6_to_icio_wiod.csv", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            icio[row["hs6"]] = ICIO_2021.get(row["icio"], row["icio"])
    heading = {}
    for code, name in icio.items():
        heading.setdefault(code[:4], Counter())[name] += 1
    chapter = {}
    for code, name in icio.items():
        chapter.setdefault(code[:2], Counter())[name] += 1

    def increase_of(code):
        name = icio.get(code) or (heading.get(code[:4]) or chapter[code[:2]]).most_common(1)[0][0]
        return increase.get(name, 0.0)

    mean = sum(value * increase_of(code) for code, value in exports_2017.items()) / exports_2017.sum()
    certain = {code: name for name, codes in NAMED.items() for code in codes}
    for name, total in LIST_VALUES.items():
        shares = {}
        for code in exports_2017.index:
            profile = increase_of(code) / mean
            share = total / IMPORTS_2017 * profile
            together = sum(LIST_VALUES[other] for other in DISJOINT) / IMPORTS_2017 * profile
            if name in DISJOINT and together > 1:
                share /= together
            shares[code] = min(share, 1)
        if name in DISJOINT:
            named_first(shares, certain, name, exports_2017)
        # One and nothing are facts; an expectation is neither.
        certainly = certain if name in DISJOINT else {}
        shares = {code: f"{share if code in certainly else min(max(share, 0.001), 0.999):.3f}" for code, share in shares.items()}
        write(ROOT / f"data/products/CHN/lists/retaliation-2018-19/{name}.csv", ["code", "share"], prefixes(shares))


def named_first(shares, certain, name, value):
    """Named goods are on their list whole and on no other; the rest of a list is scaled so that its total stays."""
    counted = [code for code in shares if not code.startswith(EXCEPT.get(name, ("-",)))]
    total = sum(shares[code] * value[code] for code in counted)
    shares.update({code: 1.0 if home == name else 0.0 for code, home in certain.items()})
    fixed = sum(shares[code] * value[code] for code in certain)
    rest = sum(shares[code] * value[code] for code in counted if code not in certain)
    for code in shares.keys() - certain.keys():
        shares[code] = min(shares[code] * (total - fixed) / rest, 1)


def prefixes(cells):
    """The same cells with as few codes as possible; the longest code holds."""
    rows = {}
    for width in (2, 4, 6):
        groups = defaultdict(Counter)
        for code, cell in cells.items():
            groups[code[:width]][cell] += 1
        for prefix, counts in groups.items():
            found = max(sorted(counts), key=lambda cell: counts[cell])
            above = next((rows[prefix[:n]] for n in (4, 2) if n < width and prefix[:n] in rows), None)
            if found != above:
                rows[prefix] = found
    return sorted(rows.items())


if __name__ == "__main__":
    main()
