#!/usr/bin/env python3
"""Derive the lines of the European Union: codes of six digits, with what the base rate comes to on average on goods of the United States.

    python3 data/recipes/union_lines.py

reads the committed lines of the United States (for the codes), the concordance and the tariffs of the default world, and rewrites
data/products/EU27/lines.csv byte for byte. The Union's schedule by line and its imports by line are not on record: `base_rate` is empty,
which is not zero, and there is no column of trade, so averages by trade are n/a.
"""
import csv

from tables import ROOT, write

TOML = '''# Where the base rates of lines.csv come from, and what a duty computed from them leaves out.
base = "most-favoured-nation rate"
source = "not on record by line; sector averages of Teti (2024), Global Tariff Database, 2021, serve averages only"
confidence = "low"
currency = "EUR"
left_out = ["value-added tax", "antidumping and countervailing duties", "tariff quotas for farm goods"]

[weights]
'''


def read(name):
    with open(ROOT / "data" / name, encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def main():
    sectors = {row["code"]: row["sector"] for row in read("concordances/world-2022-estimate.csv")}
    rates = {row["sector"]: float(row["rate"]) for row in read("benchmark/world-2022/tariffs.csv")
             if row["exporter"] == "USA" and row["importer"] == "EU27"}
    codes = sorted({row["code"][:6] for row in read("products/USA/lines.csv")})

    def sector(code):
        return next((sectors[code[:digits]] for digits in (6, 4, 2) if code[:digits] in sectors), None)

    rows = [[code, "", f"{rates[sector(code)]:.4f}" if sector(code) in rates else ""] for code in codes]
    write(ROOT / "data/products/EU27/lines.csv", ["code", "base_rate", "ad_valorem_equivalent"], rows)
    (ROOT / "data/products/EU27/lines.toml").write_text(TOML, encoding="utf-8")


if __name__ == "__main__":
    main()
