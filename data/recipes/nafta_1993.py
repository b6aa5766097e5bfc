#!/usr/bin/env python3
"""Writes data/published/nafta-1993: the NAFTA benchmark of Caliendo and Parro (2015) in a benchmark directory's layout, with the published tables.

    python3 data/recipes/nafta_1993.py FOLDER

FOLDER holds long CSV tables (trade, tariffs, io_coefficients, value_added_total, …, expected/) as written from `cp2015_nafta.rda` of the R package
cp2015 (github.com/paulofelipe/cp2015, commit ecf59b9, MIT licence, Copyright Paulo Felipe Alencar de Oliveira). Facts and figures are of L. Caliendo and F. Parro, "Estimates of the Trade and
Welfare Effects of NAFTA", Review of Economic Studies 82(1), 2015. Nothing is estimated or smoothed here: zero flows and zero tariffs are left out, labels
stay, and the tables of results (deficits zero before and after, residuals below 1e-12) are copied column by column."""
import csv
import gzip
import io
import pathlib
import sys

SOURCE = pathlib.Path(sys.argv[1])
TARGET = pathlib.Path(__file__).resolve().parent.parent / "published" / "nafta-1993"
NAFTA = {"Canada", "Mexico", "USA"}
KINDS = ["agriculture", "mining"] + ["manufacturing"] * 18 + ["services"] * 20


def rows(name):
    path = SOURCE / name
    opened = gzip.open(path, "rt", encoding="utf-8", newline="") if name.endswith(".gz") else open(path, encoding="utf-8", newline="")
    with opened as handle:
        return list(csv.DictReader(handle))


def write(name, header, body):
    """A table; compressed without a time stamp, so that the same input gives the same bytes."""
    path = TARGET / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(body)
    content = text.getvalue().encode()
    path.write_bytes(gzip.compress(content, 9, mtime=0) if name.endswith(".gz") else content)


regions = [row["region"] for row in rows("regions.csv")]
sectors = [row["sector"] for row in rows("sectors.csv")]
theta = {row["sector"]: row["theta"] for row in rows("theta.csv")}
tariffs = rows("tariffs.csv.gz")
inside = lambda row: row["importer"] in NAFTA and row["exporter"] in NAFTA and row["importer"] != row["exporter"]

write("economies.csv", ["economy", "name"], [[code, "Rest of the world" if code == "Row" else code] for code in regions])
write("sectors.csv", ["sector", "name", "kind", "trade_elasticity"], [[code, code, kind, theta[code]] for code, kind in zip(sectors, KINDS, strict=True)])
write("trade.csv.gz", ["exporter", "importer", "sector", "value"], [list(row.values()) for row in rows("trade.csv.gz") if float(row["value"]) != 0])
write("tariffs.csv.gz", ["exporter", "importer", "sector", "rate"],
      [[row["exporter"], row["importer"], row["sector"], row["tariff_before"]] for row in tariffs if float(row["tariff_before"]) != 0])
write("input_shares.csv.gz", ["economy", "using_sector", "input_sector", "share"],
      [[row["region"], row["sector"], row["input"], row["coefficient"]] for row in rows("io_coefficients.csv.gz") if float(row["coefficient"]) != 0])
write("value_added_shares.csv", ["economy", "sector", "share"], [list(row.values()) for row in rows("value_added_shares.csv")])
write("final_shares.csv", ["economy", "sector", "share"], [list(row.values()) for row in rows("final_consumption_shares.csv")])
write("deficits.csv", ["economy", "deficit"], [list(row.values()) for row in rows("deficits.csv")])
write("value_added.csv", ["economy", "value"], [list(row.values()) for row in rows("value_added_total.csv")])
write("scenarios/tariffs-2005.csv", ["exporter", "importer", "sector", "rate"],
      [[row["exporter"], row["importer"], row["sector"], row["tariff_after"]] for row in tariffs
       if inside(row) and row["tariff_after"] != row["tariff_before"]])
for table in sorted((SOURCE / "expected").iterdir()):
    body = rows(f"expected/{table.name}")
    write(f"expected/{table.name}", list(body[0]), [list(row.values()) for row in body])

(TARGET / "benchmark.toml").write_text('''name = "NAFTA 1993 (Caliendo and Parro 2015)"
year = 1993
unit = "USD"
source = "Caliendo and Parro (2015), Review of Economic Studies 82(1), 1-44, as distributed in the R package cp2015 (commit ecf59b9)"
licence = "facts and figures; the package that carries them is under the MIT licence"
''', encoding="utf-8")
(TARGET / "scenarios" / "nafta.toml").write_text('''name = "NAFTA's tariff cuts, 1993 to 2005"
sentence = "Canada, Mexico and the United States cut tariffs on each other as they did between 1993 and 2005; trade is balanced before and after."

[baseline]
deficits = "zero"

[[tariff]]
file = "tariffs-2005.csv"
''', encoding="utf-8")
(TARGET / "README.md").write_text('''# NAFTA 1993: the benchmark of Caliendo and Parro (2015)

31 economies, 40 sectors, and the published results for the tariff cuts from 1993 to 2005 (`expected/`, deficits zero before and after). Asked like this:

    cargo run --release -- solve data/published/nafta-1993/scenarios/nafta.toml --benchmark data/published/nafta-1993

Source: L. Caliendo and F. Parro, "Estimates of the Trade and Welfare Effects of NAFTA", Review of Economic Studies 82(1), 2015, 1-44, in the form
distributed in the R package cp2015 (github.com/paulofelipe/cp2015, commit ecf59b9, MIT licence). Made by `data/recipes/nafta_1993.py`; facts and figures, nothing changed
but the layout. Values are US dollars of 1993 before tariffs. The data are no equilibrium of the model (market gap 0.037), so a baseline is solved first.
''', encoding="utf-8")
