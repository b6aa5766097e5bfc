#!/usr/bin/env python3
"""Give the default world the trade elasticities of a set of data/elasticities.

    python3 data/recipes/default_elasticities.py record_2024

rewrites the column `trade_elasticity` of data/benchmark/world-2022/sectors.csv. A set without a window is refused: an elasticity that does not
say when it was estimated has no horizon, and is no default.
"""
import csv
import sys
import tomllib

from tables import ROOT, write

SECTORS = ROOT / "data/benchmark/world-2022/sectors.csv"


def main():
    name = sys.argv[1] if len(sys.argv) > 1 else "record_2024"
    chosen = tomllib.loads((ROOT / f"data/elasticities/{name}.toml").read_text(encoding="utf-8"))
    missing = [key for key in ("window", "n", "standard_error", "range") if key not in chosen]
    if missing:
        sys.exit(f"{name} has no {', '.join(missing)}: it is no default")
    with open(SECTORS, encoding="utf-8") as handle:
        reader = csv.DictReader(handle)
        header, rows = reader.fieldnames, list(reader)
    for row in rows:
        kind = chosen["services"] if row["kind"] == "services" else chosen["goods"]
        row["trade_elasticity"] = f"{chosen.get('trade_elasticity', {}).get(row['sector'], kind):g}"
    write(SECTORS, header, [[row[column] for column in header] for row in rows])


if __name__ == "__main__":
    main()
