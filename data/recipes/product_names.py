#!/usr/bin/env python3
"""Derive data/products/USA/names.csv from the shared public data.

    python3 data/recipes/product_names.py ../shared

reads SHARED/data/hts/hts_2025_basic_edition.csv.gz and rewrites the committed file byte for byte. A heading (4 digits) has
its own text; a subheading (6 digits) has the texts on the way down from the heading, which a reader puts before it.
"""
import csv
import gzip
import sys
from pathlib import Path

from tables import ROOT, write

SHARED = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT.parent / "shared").resolve()


def names():
    """code (4 or 6 digits) -> text, in the order of the schedule."""
    found, above, heading = {}, [], None
    with gzip.open(SHARED / "data/hts/hts_2025_basic_edition.csv.gz", "rt", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            indent = int(row["Indent"] or 0)
            text = " ".join(row["Description"].split()).rstrip(":")
            above = above[:indent] + [text]
            code = row["HTS Number"].replace(".", "")
            if code[:2] in ("98", "99"):
                continue
            if len(code) == 4:
                heading = code
                found[code] = text
            elif len(code) >= 6 and code[:4] == heading and code[:6] not in found:
                # The first row of a subheading is its own, or its only line of eight digits.
                found[code[:6]] = "; ".join(above[1:]) or found[heading]
    return found


write(ROOT / "data/products/USA/names.csv", ["code", "name"], sorted(names().items()))
