#!/usr/bin/env python3
"""Derive data/capital/world-2022: capital's share of income, investment's share of final use, and what investment buys.

    python3 data/recipes/capital.py ../shared

Capital's share is one less labour's of the Penn World Table 10.01 in 2019 (groups: weighed by GDP at current purchasing-power parities; an
economy that the table has no labour share of takes the world's). Investment over final use, and what it buys, are gross fixed capital
formation of the World Input-Output Database (2013 release) in 2011, by buying economy and making industry, wherever it was made; an economy
that the database does not have takes its rest of the world. An industry that is more than one of our sectors is split by the economy's final
use of them in 2022, as the committed benchmark has it. Rewrites the files byte for byte. Needs pyarrow.
"""
import csv
import gzip
import sys
from collections import defaultdict
from pathlib import Path

import pyarrow.parquet as parquet

from tables import ROOT, write

SHARED = Path(sys.argv[1]).resolve()
WORLD = ROOT / "data/benchmark/world-2022"
OUT = ROOT / "data/capital/world-2022"
YEAR_OF_SHARES, YEAR_OF_BASKETS = "2019", 2011
FINAL = ("C_HH", "C_NPISH", "C_GOV", "I_GFCF", "I_INV")
INDUSTRIES = {
    "c1": ["AGR"], "c2": ["ENE", "MIN"], "c3": ["FOO"], "c4": ["TEX"], "c5": ["TEX"], "c6": ["WOD"], "c7": ["PAP"], "c8": ["PET"],
    "c9": ["CHM", "PHA"], "c10": ["RUB"], "c11": ["NMM"], "c12": ["MET", "FAB"], "c13": ["MCH"], "c14": ["ELE", "EEQ"],
    "c15": ["MVH", "OTN"], "c16": ["OMF"], "c17": ["UTL"], "c18": ["CON"], "c19": ["TRD"], "c20": ["TRD"], "c21": ["TRD"], "c22": ["OSV"],
    "c23": ["TRP"], "c24": ["TRP"], "c25": ["TRP"], "c26": ["TRP"], "c27": ["ICT"], "c28": ["FIN"], "c29": ["BUS"], "c30": ["BUS"],
    "c31": ["OSV"], "c32": ["OSV"], "c33": ["OSV"], "c34": ["OSV"], "c35": ["OSV"],
}
RENAMED = {"ROM": "ROU"}
REST = "ROW"


def rows(name):
    with open(WORLD / name, encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def final_use():
    """Spending with duty less inputs, by economy and sector."""
    rate = {(r["importer"], r["exporter"], r["sector"]): float(r["rate"]) for r in rows("tariffs.csv")}
    used, made = defaultdict(float), defaultdict(float)
    for r in rows("trade.csv"):
        value = float(r["value"])
        key = (r["importer"], r["exporter"], r["sector"])
        used[r["importer"], r["sector"]] += value * (1 + rate.get(key, 0.0))
        made[r["exporter"], r["sector"]] += value
    for r in rows("input_shares.csv"):
        used[r["economy"], r["input_sector"]] -= float(r["share"]) * made[r["economy"], r["using_sector"]]
    return used


def labour_shares():
    """Labour's share and GDP by country; the world's share."""
    table = {}
    with gzip.open(SHARED / "data/macro/pwt1001_1995_2019.csv.gz", "rt", encoding="utf-8") as handle:
        for r in csv.DictReader(handle):
            if r["year"] == YEAR_OF_SHARES and r["labsh"] and r["cgdpo"]:
                table[r["isocode"]] = (float(r["labsh"]), float(r["cgdpo"]))
    return table, mean(table.values())


def mean(pairs):
    pairs = list(pairs)
    return sum(share * weight for share, weight in pairs) / sum(weight for _, weight in pairs)


def main():
    economies = {r["economy"]: r["members"].split() for r in rows("economies.csv")}
    sectors = [r["sector"] for r in rows("sectors.csv")]
    used = final_use()
    labour, world = labour_shares()
    table = parquet.read_table(SHARED / f"data/world-io/wiod2013_{YEAR_OF_BASKETS}.parquet")
    table = table.select(["oind", "dest", "use", "value"]).to_pydict()
    invested, final = defaultdict(float), defaultdict(float)
    for industry, buyer, use, value in zip(*table.values()):
        if use not in FINAL:
            continue
        buyer = RENAMED.get(buyer, buyer)
        final[buyer] += value
        if use == "I_GFCF":
            invested[buyer, industry] += value
    known = set(final)
    shares, investment, baskets = [], [], []
    for economy, members in economies.items():
        own = [labour[m] for m in members if m in labour]
        labour_share = mean(own) if own else world
        buyers = [m for m in members if m in known and m != REST] or [REST]
        basket = defaultdict(float)
        for buyer in buyers:
            for industry, parts in INDUSTRIES.items():
                value = invested[buyer, industry]
                whole = sum(max(used[economy, part], 0.0) for part in parts)
                for part in parts:
                    basket[part] += value * (max(used[economy, part], 0.0) / whole if whole > 0 else 1 / len(parts))
        # A few cells of 2011 are below zero (sales of used goods); nothing is bought of them.
        basket = {sector: max(basket[sector], 0.0) for sector in sectors}
        total = sum(basket.values())
        share_of_use = sum(invested[b, i] for b in buyers for i in INDUSTRIES) / sum(final[b] for b in buyers)
        shares.append([economy, f"{1 - labour_share:.4f}"])
        investment.append([economy, f"{share_of_use:.4f}"])
        baskets += [[economy, s, f"{basket[s] / total:.5f}"] for s in sectors if round(basket[s] / total, 5) > 0]
    write(OUT / "capital_shares.csv", ["economy", "share"], shares)
    write(OUT / "investment_shares.csv", ["economy", "share"], investment)
    write(OUT / "baskets.csv", ["economy", "sector", "share"], baskets)


main()
