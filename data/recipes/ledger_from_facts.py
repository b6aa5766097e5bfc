#!/usr/bin/env python3
"""Carry the fact base into the ledger's own files, once.

    python3 data/recipes/ledger_from_facts.py ../shared/facts [FOLDER]

reads measures.csv, deadlines.csv, commitments.csv, rounds.csv, statements.csv and nontariff.csv and writes the ledger's
first version below FOLDER (data/ledger unless said otherwise). It refuses to overwrite an instrument file: from then on
the files are the record, and new acts are entries added by hand. `crates/ledger/tests/facts.rs` checks row by row that
nothing of the fact base was lost or altered on the way.

What the recipe adds to the rows, and from where:
  * `effective_to` is the last day included in the fact base; the ledger is half-open.
  * A rate that ran until a later act changed it is open at the end here: the later act covers it from the day it was
    announced, so that a reader of an earlier day does not see it.
  * Points that are suspended stand in words in `relations`; here the full rate is an entry and the suspension another one
    over it, with its own end.
  * Days of announcement, by hand below: from the citation or the sources of the row; "recalled" where the act is well known
    and its day stands in no source that was read; none where it is not known (the first day then stands in for it).
"""
import csv
import sys
from pathlib import Path

from ledger_instruments import ECONOMY, EXTRA, INSTRUMENTS, RATES

ROOT = Path(__file__).resolve().parents[2]
FACTS = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT.parent / "shared/facts").resolve()
OUT = Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else ROOT / "data/ledger"

SOURCES = {}


def source_ids(cell):
    """`a | b` -> identifiers; a citation is written once."""
    ids = []
    for text in (part.strip() for part in cell.split(" | ")):
        if text:
            ids.append(SOURCES.setdefault(text, f"s{len(SOURCES) + 1:03}"))
    return ids


def rows(name):
    with open(FACTS / name, encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def next_day(text):
    from datetime import date, timedelta

    return (date.fromisoformat(text) + timedelta(days=1)).isoformat() if text else ""


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def number(text):
    value = float(text)
    return str(int(value)) if value == int(value) else repr(value)


def rate(text):
    parts = [number(part) for part in str(text).split("/")]
    return parts[0] if len(parts) == 1 else "[" + ", ".join(parts) + "]"


def strings(values):
    return "[" + ", ".join(quoted(value) for value in values) + "]"


def scope_lines(table, entries):
    out = []
    for entry in entries:
        out.append(f"[[{table}]]")
        for key, value in entry.items():
            if value is True:
                out.append(f"{key} = true")
            elif isinstance(value, dict):
                inner = ", ".join(f"{name} = {float(part)}" for name, part in value.items())
                out.append(f"{key} = {{ {inner} }}")
            elif isinstance(value, list):
                out.append(f"{key} = {strings(value)}")
            else:
                out.append(f"{key} = {quoted(value)}")
    return out


def entry_lines(fact, change):
    """One act: what the row says, with what RATES or EXTRA say by hand laid over it."""
    out = ["", "[[entry]]"]
    add = out.append
    if change.get("row", True) and fact:
        add(f'row = "{fact["row_id"]}"')
    add(f'change = "{change["change"]}"')
    add(f'act = {quoted(change.get("act") or fact["change_event"] or fact["authority"])}')
    for key in ("announced", "announced_basis", "published", "from", "until"):
        if change.get(key):
            add(f"{key} = {quoted(change[key])}")
    if change.get("rate") not in (None, ""):
        add(f'rate_pct = {rate(change["rate"])}')
    if change.get("suspended"):
        add(f'suspended_pct = {rate(change["suspended"])}')
    if change.get("stated"):
        add("stated = true")
    if change.get("no_basis_from"):
        add(f'no_basis_from = "{change["no_basis_from"]}"')
    basis = change.get("rate_basis", fact["rate_basis"] if fact else "")
    if basis and basis not in ("add-on ad valorem", "suspended", "in force", "unknown", "ceased"):
        add(f"rate_basis = {quoted(basis)}")
    note = change.get("note", fact["relations"] if fact else "")
    if note:
        add(f"note = {quoted(note)}")
    ids = source_ids(change["sources"]) if "sources" in change else source_ids(fact["sources"])
    add(f"sources = {strings(ids)}")
    add(f'confidence = "{change.get("confidence", fact["confidence"])}"')
    if fact and fact["last_evidence"]:
        add(f'last_evidence = "{fact["last_evidence"]}"')
    if change.get("scope"):
        out += scope_lines("entry.scope", change["scope"])
    for part in change.get("parts", []):
        out.append("[[entry.parts]]")
        out.append(f'rate_pct = {number(part["rate_pct"])}')
        out += scope_lines("entry.parts.scope", part["scope"])
    return out


KINDS = {"export_control": "export-control", "port_fee": "port-fee"}


def instruments():
    grouped = {}
    for fact in rows("measures.csv"):
        grouped.setdefault(fact["measure_id"], []).append(fact)
    for measure, facts in grouped.items():
        meta = INSTRUMENTS[measure]
        first = facts[0]
        head = [
            f'id = "{measure}"',
            f'title = {quoted(meta.get("title", first["authority"]))}',
            f'imposer = "{ECONOMY[first["imposer"]]}"',
            f'targets = ["{ECONOMY[first["target"]]}"]',
            f'authority = {quoted(meta["authority"])}',
            f'statute = {quoted(meta["statute"])}',
            f'family = "{meta["family"]}"',
            f'kind = "{KINDS.get(first["kind"], first["kind"])}"',
            f'reversible_by = "{meta["reversible_by"]}"',
        ]
        if meta.get("reinstated_in"):
            head.append(f'reinstated_in = {quoted(meta["reinstated_in"])}')
        head.append(f'covers = {quoted(first["scope"])}')
        if first["hs_coverage"]:
            head.append(f'printed_codes = {quoted(first["hs_coverage"])}')
        if meta.get("acts_on"):
            head.append(f'acts_on = {strings(meta["acts_on"])}')
        body = scope_lines("scope", meta.get("scope", []))
        body = ([""] + body) if body else []
        acts = []
        for fact in facts:
            for act in EXTRA.get(fact["row_id"], {}).get("before", []):
                acts.append((fact, {"row": False, **act}))
            window = RATES.get(fact["row_id"], {})
            change = {
                "change": "sets",
                "from": fact["effective_from"],
                "rate": fact["rate_pct"],
                **window,
            }
            if change.get("until") == "fact":
                change["until"] = next_day(fact["effective_to"])
            acts.append((fact, change))
            for act in EXTRA.get(fact["row_id"], {}).get("after", []):
                acts.append((fact, {"row": False, **act}))
        for fact, change in acts:
            body += entry_lines(fact, change)
        path = OUT / (meta["file"] + ".toml")
        if path.exists():
            sys.exit(f"{path} is on record; edit it by hand")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(head + body) + "\n", encoding="utf-8")


def write_sources():
    path = OUT / "sources.csv"
    with open(path, "w", encoding="utf-8", newline="") as handle:
        out = csv.writer(handle, lineterminator="\n")
        out.writerow(["id", "citation"])
        out.writerows([ident, text] for text, ident in SOURCES.items())


if __name__ == "__main__":
    instruments()
    if (Path(__file__).parent / "ledger_talks.py").exists():
        import ledger_talks

        ledger_talks.write(OUT, rows, source_ids, next_day)
    write_sources()
