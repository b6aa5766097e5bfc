#!/usr/bin/env python3
"""Derive data/published/world-2024 from data/benchmark/world-2022: the same structures, with two importers' trade of 2024.

    python3 data/recipes/world_2024.py ../shared

By sector, outputs and spending at basic prices stay those of 2022. The cells of imports of the United States from everybody grow as customs
values did from 2022 to 2024 (18 groups of sectors, 18 partners and the others), those of China from the United States as US exports by subheading
did; all other cells, home sales included, are scaled by rows and columns (RAS) until outputs and spending are met. Where a seller's given cells
are more than 0.9 of what it made in 2022 its output grows to given / 0.9, its value added with it, and its own final use absorbs what is made and
what its making uses. Where imports fell so far that a spending of 2022 asks the United States for more than it made, it makes that much more, and
who lost the sales uses them at home; deficits move by as much. Input shares, tariffs, names and notes are those of the world of 2022.
Prints what moved most. Needs numpy.
"""
import csv
import gzip
import re
import shutil
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

from tables import ROOT, write

SHARED = Path(sys.argv[1]).resolve()
SOURCE, OUT = ROOT / "data/benchmark/world-2022", ROOT / "data/published/world-2024"
BUYER, PARTNER = "USA", "CHN"
MOST_OF_OUTPUT = 0.9
TOLERANCE = 1e-12
ROUNDS = 5_000


def rows(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def import_growth(economies, sectors):
    """Of the buyer's customs values, exporter by sector."""
    growth = {}
    for row in rows(SHARED / "data/product-trade/us_imports_2022_2024_by_exporter_sector.csv"):
        # A year without an entry says nothing of growth.
        before, after = float(row["imports_2022"] or 0), float(row["imports_2024"] or 0)
        for sector in row["sector_group"].split("+"):
            growth[row["exporter"], sector] = after / before if before > 0 and after > 0 else 1.0
    known = {exporter for exporter, _ in growth}
    return {(e, s): growth.get((e if e in known else "OTHER", s)) for e in economies for s in sectors}


def export_growth(sectors):
    """Of the buyer's exports to its partner, by sector, from subheadings."""
    # Civil aircraft, their engines and parts stand under one code of their own.
    special = {"99": "OTN"}
    prefixes = special | {r["code"]: r["sector"] for r in rows(ROOT / "data/concordances/world-2022-estimate.csv")}

    def sector(code):
        return next((prefixes[code[:k]] for k in (6, 4, 2) if code[:k] in prefixes), None)

    value = defaultdict(float)
    for row in rows(SHARED / "data/outturns/us_china_hs6_annual.csv.gz"):
        if row["flow"] == "exports_total" and row["classification"] == "HS6" and row["period"] in ("2022", "2024"):
            value[sector(row["code"]), row["period"]] += float(row["value_usd"])
    return {s: value[s, "2024"] / value[s, "2022"] for s in sectors if value[s, "2022"] > 0}


def ras(free, made, used):
    """Scales free cells [seller, buyer] to row sums and column sums."""
    cells = free.copy()
    gap = np.inf
    for _ in range(ROUNDS):
        by_row = cells.sum(1)
        cells *= np.divide(made, by_row, out=np.zeros_like(made), where=by_row > 0)[:, None]
        by_column = cells.sum(0)
        cells *= np.divide(used, by_column, out=np.zeros_like(used), where=by_column > 0)[None, :]
        gap = np.max(np.abs(cells.sum(1) - made) / np.maximum(made, 1.0))
        if gap < TOLERANCE:
            break
    return cells, gap


def main():
    economies = [r["economy"] for r in rows(SOURCE / "economies.csv")]
    sectors = [r["sector"] for r in rows(SOURCE / "sectors.csv")]
    e, s = {c: k for k, c in enumerate(economies)}, {c: k for k, c in enumerate(sectors)}
    n, count = len(economies), len(sectors)
    flow, rate = np.zeros((count, n, n)), np.zeros((count, n, n))  # sector, seller, buyer
    for r in rows(SOURCE / "trade.csv"):
        flow[s[r["sector"]], e[r["exporter"]], e[r["importer"]]] = float(r["value"])
    for r in rows(SOURCE / "tariffs.csv"):
        rate[s[r["sector"]], e[r["exporter"]], e[r["importer"]]] = float(r["rate"])
    share = np.zeros((n, count, count))  # economy, using, input
    for r in rows(SOURCE / "input_shares.csv"):
        share[e[r["economy"]], s[r["using_sector"]], s[r["input_sector"]]] = float(r["share"])
    made, used = flow.sum(2), flow.sum(1)
    us, cn = e[BUYER], e[PARTNER]
    bought, sold = import_growth(economies, sectors), export_growth(sectors)
    new, moved, kept, worst = flow.copy(), [], [], 0.0
    for k, sector in enumerate(sectors):
        given = np.zeros((n, n), dtype=bool)
        target = flow[k].copy()
        for i, economy in enumerate(economies):
            grown = bought[economy, sector]
            if i != us and grown is not None and flow[k, i, us] > 0:
                given[i, us], target[i, us] = True, flow[k, i, us] * grown
        if sector in sold and flow[k, us, cn] > 0:
            given[us, cn], target[us, cn] = True, flow[k, us, cn] * sold[sector]
        if not given.any():
            continue
        fixed = np.where(given, target, 0.0)
        output = np.maximum(made[k], fixed.sum(1) / MOST_OF_OUTPUT)
        more = output - made[k]
        for i in np.flatnonzero(more > 1e-9):
            moved.append((more[i], economies[i], sector, made[k, i], output[i]))
        # What is made more is used at home; what its making uses is taken from final use, which is what other sectors' spending leaves.
        made[k], used[k] = output, used[k] + more
        row, column = output - fixed.sum(1), used[k] - fixed.sum(0)
        if column[us] > row[us]:
            # All that the buyer buys abroad is given, so that its spending fixes what it buys at home: more than it made. It makes that much
            # more, keeping what it sold to others; who lost sales to it uses at home what is no longer sold.
            others = np.where(given, 0.0, flow[k])[us].sum() - flow[k, us, us]
            more = column[us] + others - row[us]
            lost = np.maximum(flow[k, :, us] - target[:, us], 0.0)
            moved.append((more, BUYER, sector, made[k, us], made[k, us] + more))
            made[k, us] += more
            used[k] = used[k] + more * lost / lost.sum()
            kept.append(f"{sector}: " + ", ".join(f"{economies[i]} {more * lost[i] / lost.sum():.0f}" for i in np.argsort(-lost)[:3]))
            row, column = made[k] - fixed.sum(1), used[k] - fixed.sum(0)
        free, gap = ras(np.where(given, 0.0, flow[k]), row, column)
        worst = max(worst, gap)
        new[k] = free + fixed
    spending = (new * (1 + rate)).sum(1)
    final = spending - np.einsum("nuk,un->kn", share, made)
    least = np.unravel_index(np.argmin(final), final.shape)
    was = (flow * (1 + rate)).sum(1) - np.einsum("nuk,un->kn", share, flow.sum(2))
    for grown, economy, sector, before, after in sorted(moved, reverse=True):
        print(f"output {economy} {sector}: {before:.0f} to {after:.0f} (+{grown:.0f})")
    print(f"largest gap of rows {worst:.1e}; least final use {final[least]:.1f} ({economies[least[1]]} {sectors[least[0]]}; was {was[least]:.1f})")
    goods = [k for k, sector in enumerate(sectors) if bought[PARTNER, sector] is not None]
    print(f"{BUYER} from {PARTNER} {flow[goods, cn, us].sum():.0f} to {new[goods, cn, us].sum():.0f}; {PARTNER} from {BUYER} "
          f"{flow[goods, us, cn].sum():.0f} to {new[goods, us, cn].sum():.0f}")
    print("used at home instead of sold:", "; ".join(kept))
    before, after = (flow.sum((0, 1)) - flow.sum((0, 2)), new.sum((0, 1)) - new.sum((0, 2)))
    print("deficits moved:", ", ".join(f"{economies[i]} {after[i] - before[i]:+.0f}" for i in np.argsort(-np.abs(after - before))[:4]))
    if final.min() < 0:
        sys.exit(f"no world is written: final use of {economies[least[1]]} {sectors[least[0]]} would be {final[least]:.1f}")
    OUT.mkdir(parents=True, exist_ok=True)
    for path in sorted(SOURCE.glob("*.csv")):
        if path.name != "trade.csv":
            shutil.copyfile(path, OUT / path.name)
    (OUT / "capital").mkdir(exist_ok=True)
    for path in sorted((ROOT / "data/capital/world-2022").glob("*.csv")):
        shutil.copyfile(path, OUT / "capital" / path.name)
    table = [
        [economies[i], economies[j], sectors[k], f"{new[k, i, j]:.6f}"]
        for i in range(n) for j in range(n) for k in range(count) if new[k, i, j] > 0
    ]
    write(OUT / "trade.csv", ["exporter", "importer", "sector", "value"], table)
    text = (SOURCE / "benchmark.toml").read_text(encoding="utf-8")
    text = text.replace('name = "World 2022"', 'name = "World 2024"').replace("year = 2022", "year = 2024")
    note = "trade of the United States with everybody and of China with it grown to 2024 (US Census; US exports by subheading), the rest of 2022 scaled to fit"
    text = re.sub(r'source = "', f'source = "Structure of 2022; {note}. World 2022: ', text)
    (OUT / "benchmark.toml").write_text(text, encoding="utf-8")


main()
