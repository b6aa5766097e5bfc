"""Who buys for final use in the embedded world: data/benchmark/world-2022/final_demand.csv, and world-2022-final-use.csv beside the folder.

Run from the root of the project with the source material beside it:  python3 data/recipes/final_use.py
Needs pyarrow.

The residual use of each sector (what is bought less what is used as input) is the world's own and stays as it is: only its split over
households, government and investment is made here, so that no welfare number moves.

Totals: the United States and China as the World Bank publishes them for 2022 (shared/facts/macro.csv: household consumption over GDP; investment
as gross saving less the current account; government is what is left). Elsewhere shares of absorption at current prices of the Penn World Table
10.01 for 2019 (Feenstra, Inklaar & Timmer 2015, CC BY 4.0), members of a group added up.

Cells: seeds are each economy's own final use by product, WIOD 2013 release for 2011 (Timmer et al. 2015); for China and Japan the OECD's tables of
2018; where WIOD has no such economy its rest of the world, Germany for Switzerland. Seeds are scaled by rows and columns (RAS) to the
residual use and the totals. A sector that shares a row of the seed with another shares its split.

Grades: good where totals are published for the year and the seed is the economy's own; fair where totals are of 2019 and the seed its own; weak where
the seed is another's.
"""

import csv
import gzip
from collections import Counter
from pathlib import Path

import pyarrow.parquet as parquet

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
WORLD = ROOT / "data/benchmark/world-2022"
USES = ["household", "government", "investment"]
PUBLISHED = {"USA": "US", "CHN": "CN"}
OECD = {"CHN", "JPN"}
# Rows of the seeds for each of our sectors.
WIOD_ROWS = {
    "AGR": [1], "ENE": [2], "MIN": [2], "FOO": [3], "TEX": [4, 5], "WOD": [6], "PAP": [7], "PET": [8], "CHM": [9], "PHA": [9], "RUB": [10],
    "NMM": [11], "MET": [12], "FAB": [12], "ELE": [14], "EEQ": [14], "MCH": [13], "MVH": [15], "OTN": [15], "OMF": [16], "UTL": [17],
    "CON": [18], "TRD": [19, 20, 21], "TRP": [23, 24, 25, 26, 27], "ICT": [27, 30], "FIN": [28], "BUS": [29, 30],
    "OSV": [22, 31, 32, 33, 34, 35],
}
OECD_ROWS = {
    "AGR": [1, 2], "ENE": [3], "MIN": [4, 5], "FOO": [6], "TEX": [7], "WOD": [8], "PAP": [9], "PET": [10], "CHM": [11], "PHA": [12],
    "RUB": [13], "NMM": [14], "MET": [15], "FAB": [16], "ELE": [17], "EEQ": [18], "MCH": [19], "MVH": [20], "OTN": [21], "OMF": [22],
    "UTL": [23, 24], "CON": [25], "TRD": [26], "TRP": [27, 28, 29, 30, 31], "ICT": [33, 34, 35], "FIN": [36], "BUS": [37, 38, 39],
    "OSV": [32, 40, 41, 42, 43, 44, 45],
}
WIOD_USES = {"C_HH": 0, "C_NPISH": 0, "C_GOV": 1, "I_GFCF": 2, "I_INV": 2}
OECD_USES = {"HFCE": 0, "NPISH": 0, "GGFC": 1, "GFCF": 2, "INVNT": 2}
WIOD_NAMES = {"ROU": "ROM"}


def rows(path):
    opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else open(path, encoding="utf-8")
    with opened as file:
        yield from csv.DictReader(file)


def accounts():
    """Residual use by cell, and GDP by economy, of the embedded world."""
    tariff = {(r["exporter"], r["importer"], r["sector"]): float(r["rate"]) for r in rows(WORLD / "tariffs.csv")}
    use, output, gdp = Counter(), Counter(), Counter()
    for r in rows(WORLD / "trade.csv"):
        value, rate = float(r["value"]), tariff.get((r["exporter"], r["importer"], r["sector"]), 0.0)
        use[r["importer"], r["sector"]] += value * (1 + rate)
        output[r["exporter"], r["sector"]] += value
        gdp[r["exporter"]] += value
        gdp[r["importer"]] += value * rate
    for r in rows(WORLD / "input_shares.csv"):
        used = float(r["share"]) * output[r["economy"], r["using_sector"]]
        use[r["economy"], r["input_sector"]] -= used
        gdp[r["economy"]] -= used
    return use, gdp


def published_totals(code, gdp, spending):
    found = {}
    for r in rows(SHARED / "facts/macro.csv"):
        if r["country"] == PUBLISHED[code] and r["year"] == "2022":
            found[r["indicator"]] = float(r["value"]) / 100
    household = found["Household consumption"] * gdp
    investment = (found["Gross savings"] - found["Current account"]) * gdp
    return [household, spending - household - investment, investment]


def penn_totals(members, spending):
    parts = [0.0, 0.0, 0.0]
    for r in rows(SHARED / "data/macro/pwt1001_1995_2019.csv.gz"):
        if r["year"] == "2019" and r["isocode"] in members and r["cgdpo"]:
            for place, key in enumerate(["csh_c", "csh_g", "csh_i"]):
                parts[place] += float(r[key]) * float(r["cgdpo"])
    return [spending * part / sum(parts) for part in parts]


def wiod_seeds():
    """Final use by economy, row and use, and the economies that are there."""
    table = parquet.read_table(SHARED / "data/world-io/wiod2013_2011.parquet")
    seeds, known = Counter(), set()
    columns = [table.column(name).to_pylist() for name in ("oind", "dest", "use", "value")]
    for industry, economy, use, value in zip(*columns):
        if use in WIOD_USES:
            seeds[economy, int(industry[1:]), WIOD_USES[use]] += value
            known.add(economy)
    return seeds, known


def oecd_seeds():
    seeds = Counter()
    for r in rows(SHARED / "data/world-io/oecd_iot2021ed_chn_jpn_2018.csv.gz"):
        if r["row"].isdigit() and r["column"] in OECD_USES:
            seeds[r["economy"], int(r["row"]), OECD_USES[r["column"]]] += float(r["value"])
    return seeds


def balanced(cells, use, totals):
    """Rows to residual use, columns to totals."""
    for _ in range(5000):
        for sector, row in cells.items():
            scale = use[sector] / sum(row)
            cells[sector] = [value * scale for value in row]
        worst = 0.0
        for place, total in enumerate(totals):
            scale = total / sum(row[place] for row in cells.values())
            worst = max(worst, abs(scale - 1))
            for row in cells.values():
                row[place] *= scale
        if worst < 1e-13:
            break
    else:
        raise SystemExit(f"balancing leaves {worst}")
    for sector, row in cells.items():
        scale = use[sector] / sum(row)
        cells[sector] = [value * scale for value in row]
    return cells


def main():
    use, gdp = accounts()
    sectors = [r["sector"] for r in rows(WORLD / "sectors.csv")]
    wiod, known = wiod_seeds()
    oecd = oecd_seeds()
    rest = next(code for code in ("RoW", "ROW") if code in known)
    demand, quality = [], []
    for r in rows(WORLD / "economies.csv"):
        code, members = r["economy"], r["members"].split()
        spending = sum(use[code, sector] for sector in sectors)
        if code in PUBLISHED:
            totals, of_totals = published_totals(code, gdp[code], spending), "published, 2022"
        else:
            totals, of_totals = penn_totals(set(members), spending), "Penn World Table, 2019"
        own = [WIOD_NAMES.get(member, member) for member in members if WIOD_NAMES.get(member, member) in known]
        if code in OECD:
            table, sources, of_rows, of_seed = oecd, [code], OECD_ROWS, "own, OECD 2018"
        elif len(own) > len(members) / 2:
            table, sources, of_rows, of_seed = wiod, own, WIOD_ROWS, "own, WIOD 2011"
        else:
            proxy = "DEU" if code == "CHE" else rest
            table, sources, of_rows, of_seed = wiod, [proxy], WIOD_ROWS, f"WIOD 2011 of {'Germany' if proxy == 'DEU' else 'its rest of the world'}"
        cells = {}
        for sector in sectors:
            if use[code, sector] <= 0:
                continue
            row = [max(sum(table[source, line, place] for source in sources for line in of_rows[sector]), 0.0) for place in range(3)]
            whole = sum(row) or 1.0
            # No cell is empty for certain: a tenth of a percent keeps balancing possible.
            cells[sector] = [value / whole * use[code, sector] + 1e-3 * use[code, sector] / 3 for value in row]
        cells = balanced(cells, {sector: use[code, sector] for sector in cells}, totals)
        demand += [(code, name, sector, f"{row[place]:.3f}") for place, name in enumerate(USES) for sector, row in cells.items()]
        grade = "weak" if not of_seed.startswith("own") else "good" if code in PUBLISHED else "fair"
        quality.append((code, of_totals, of_seed, grade))
        print(code, of_totals, "|", of_seed, "|", *(f"{100 * total / gdp[code]:.2f}" for total in totals), grade)
    for name, header, lines in [
        ("final_demand.csv", ["economy", "category", "sector", "value"], demand),
        ("../world-2022-final-use.csv", ["economy", "totals", "cells", "grade"], quality),
    ]:
        with open(WORLD / name, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(lines)


main()
