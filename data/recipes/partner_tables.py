#!/usr/bin/env python3
"""Derive the membership of groups and the columns of the schedule of the United States.

    python3 data/recipes/partner_tables.py ../shared

writes data/ledger/USA/partners/groups.csv from SHARED/facts-partners/groups.csv and data/products/USA/columns.csv from
SHARED/facts-partners/base/hts8_columns_2025_2026.csv.gz, byte for byte. Membership of a programme that the source read in one
edition is open before it: the day of the edition is no day of entry.
"""
import csv
import gzip
import sys
from datetime import date, timedelta
from pathlib import Path

from tables import ROOT, write

SHARED = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT.parent / "shared").resolve()
FACTS = SHARED / "facts-partners"
# Groups whose first day is the edition in which the list was read, and no day of entry.
READ_IN_AN_EDITION = {"AGOA", "CBERA", "GSP-LISTED"}
# Members of the general system of preferences that the edition read no longer lists; preferences.csv has the days.
LEFT_BEFORE = [("GSP-LISTED", "IND", "", "2019-06-05", "preferences.csv of the facts on all partners: out on that day", "high"),
               ("GSP-LISTED", "TUR", "", "2019-05-17", "preferences.csv of the facts on all partners: out on that day", "high")]
# Two that a programme or an order reaches and that no table lists as a group; `from` empty is always.
OWN = [("NAFTA", "CAN", "", "2020-07-01", "general note 12", "memory"), ("NAFTA", "MEX", "", "2020-07-01", "general note 12", "memory")]


def day_after(day):
    return str(date.fromisoformat(day) + timedelta(days=1)) if day else ""


def groups():
    with open(FACTS / "groups.csv", encoding="utf-8", newline="") as handle:
        found = list(csv.DictReader(handle))
    rows = []
    for row in found:
        start = row["from"]
        if start == "2017-12-31" or (row["group"] in READ_IN_AN_EDITION and start == "2023-09-01"):
            start = ""
        source = row["source"] or "facts on all partners, groups.csv"
        if row["note"] and len(row["note"]) < 60:
            source = f"{row['note']}; {source}"
        rows.append([row["group"], row["member"], start, day_after(row["to"]), source, row["confidence"]])
    rows += [list(row) for row in LEFT_BEFORE + OWN]
    write(ROOT / "data/ledger/USA/partners/groups.csv", ["group", "member", "from", "until", "source", "confidence"],
          sorted(rows, key=lambda row: (row[0], row[1], row[2])))


def cell(text):
    """A rate as a fraction where it is one, else as printed; empty stays empty."""
    text = " ".join(text.split())
    if text == "Free":
        return "0"
    if text.endswith("%") and text[:-1].replace(".", "", 1).isdigit():
        return f"{float(text[:-1]) / 100:.6f}".rstrip("0").rstrip(".")
    return text


def columns():
    with gzip.open(FACTS / "base/hts8_columns_2025_2026.csv.gz", "rt", encoding="utf-8", newline="") as handle:
        found = list(csv.DictReader(handle))
    fixed = {"hts8", "edition", "edition_date", "general", "column2", "special_text", "other_symbols"}
    symbols = [name for name in found[0] if name not in fixed]
    used = [name for name in symbols if any(row[name] for row in found)]
    first = min(row["edition_date"] for row in found)
    rows, held = [], {}
    for row in sorted(found, key=lambda row: (row["hts8"], row["edition_date"])):
        code = row["hts8"].replace(".", "")
        if code[:2] in ("98", "99"):
            continue
        cells = [cell(row["general"]), cell(row["column2"])] + [cell(row[name]) for name in used]
        if held.get(code) == cells:
            continue
        held[code] = cells
        rows.append([code, "" if row["edition_date"] == first else row["edition_date"]] + cells)
    write(ROOT / "data/products/USA/columns.csv", ["code", "from", "general", "column2"] + used, rows)


if __name__ == "__main__":
    groups()
    columns()
