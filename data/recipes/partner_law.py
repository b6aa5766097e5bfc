"""What the recipes of the measures on partners share: rows of the facts, sources by identifier, and how a measure is written."""
import csv
from datetime import date, timedelta

from tables import ROOT

LEDGER = ROOT / "data/ledger"
LAST_EVIDENCE = "2026-10-10"
HEAD = "# Derived by data/recipes/partners.py from ../shared/facts-partners; own words. Sources: sources.csv of USA/partners.\n"


def day_after(day):
    return str(date.fromisoformat(day) + timedelta(days=1)) if day else ""


class Facts:
    """The rows of instruments_by_partner.csv; each is to be used or set aside with a reason."""

    def __init__(self, folder):
        with open(folder / "instruments_by_partner.csv", encoding="utf-8", newline="") as handle:
            self.rows = list(csv.DictReader(handle))
        self.used = {}

    def all(self, instrument, where=lambda row: True, by="carried"):
        """Every row of an instrument, or of instruments that begin alike (`NAME*`)."""
        start = instrument.rstrip("*")
        fits = (lambda name: name.startswith(start)) if instrument.endswith("*") else (lambda name: name == instrument)
        found = [(at, row) for at, row in enumerate(self.rows) if fits(row["instrument_id"]) and where(row)]
        if not found:
            raise SystemExit(f"no row {instrument}")
        for at, _ in found:
            self.used[at] = by
        return [row for _, row in found]

    def one(self, instrument, where=lambda row: True):
        rows = self.all(instrument, where)
        if len(rows) != 1:
            raise SystemExit(f"{len(rows)} rows {instrument}")
        return rows[0]

    def aside(self, instrument, why):
        self.all(instrument, by=why)

    def left(self):
        return [row["instrument_id"] for at, row in enumerate(self.rows) if at not in self.used]


class Sources:
    """Citations, each under one identifier."""

    def __init__(self):
        self.held = {}

    def ids(self, *cells):
        found = []
        for cell in cells:
            for text in str(cell).replace(" | ", ";").split(";"):
                text = " ".join(text.split())
                if text:
                    found.append(self.held.setdefault(text, f"p{len(self.held) + 1:03}"))
        return list(dict.fromkeys(found))

    def write(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "w", encoding="utf-8", newline="") as handle:
            out = csv.writer(handle, lineterminator="\n")
            out.writerow(["id", "citation"])
            # A citation that stands in an entry has a blank; a single word would read as an identifier that is not there.
            out.writerows([name, text] for text, name in self.held.items())


SOURCES = Sources()


def quoted(text):
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def value(held):
    if isinstance(held, bool):
        return "true" if held else "false"
    if isinstance(held, (int, float)):
        return str(int(held)) if float(held) == int(held) else repr(float(held))
    if isinstance(held, dict):
        return "{ " + ", ".join(f"{key} = {value(part)}" for key, part in held.items()) + " }"
    if isinstance(held, (list, tuple)):
        one_line = "[" + ", ".join(value(part) for part in held) + "]"
        if len(one_line) <= 110:
            return one_line
        return "[\n" + "".join(f"    {value(part)},\n" for part in held) + "]"
    return quoted(held)


def plain(table, skip=()):
    return [f"{key} = {value(held)}" for key, held in table.items() if key not in skip and held not in (None, "", [])]


def scope_lines(name, rules):
    out = []
    for rule in rules:
        out.append(f"[[{name}]]")
        out += plain(rule, ("except",))
        for exempt in rule.get("except", []):
            out.append(f"[[{name}.except]]")
            out += plain(exempt)
    return out


def act_lines(act):
    out = ["", "[[entry]]"]
    out += plain(act, ("rates", "scope", "parts"))
    if act.get("rates"):
        out.append("[entry.rates]")
        for target, rate in act["rates"].items():
            points, heading = rate if isinstance(rate, tuple) else (rate, "")
            out.append(f"{target} = {value(points)}" + (f"  # {heading}" if heading else ""))
    out += scope_lines("entry.scope", act.get("scope", []))
    for part in act.get("parts", []):
        out.append("[[entry.parts]]")
        out += plain(part, ("scope",))
        out += scope_lines("entry.parts.scope", part.get("scope", []))
    return out


def instrument(path, head, acts, scope=(), comment=HEAD):
    """Writes one file of a measure; `head` without more than `id` adds acts to a measure that another file holds."""
    lines = plain(head)
    if scope:
        lines += [""] + scope_lines("scope", scope)
    for act in acts:
        lines += act_lines(act)
    target = LEDGER / f"{path}.toml"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(comment + "\n".join(lines) + "\n", encoding="utf-8")


def act(row, change="sets", **more):
    """An act as a row of the facts has it; `more` lays over it, and None takes a key away."""
    kept = {
        "change": change,
        "act": row["act"],
        "announced": row["announced"] if len(row["announced"]) == 10 else "",
        "from": row["effective_from"],
        "rate_pct": float(row["rate_pct"]) if row["rate_pct"].replace(".", "", 1).isdigit() else None,
        "effect": {"floor all-in": "floor", "exempt": "exempt"}.get(row["kind"]),
        "note": row["note"],
    }
    kept.update(more)
    kept.setdefault("sources", SOURCES.ids(row["source"]))
    kept.setdefault("confidence", row["confidence"])
    kept.setdefault("last_evidence", LAST_EVIDENCE)
    if kept["confidence"] == "memory":
        # Recalled and not read: marked so, and nothing is cited for it.
        kept["sources"] = []
    order = ["change", "act", "announced", "announced_basis", "from", "until", "loaded_before", "entered_before", "targets",
             "except_targets", "effect", "floor_on", "column", "content", "rate_pct", "over_pct", "quota", "suspended_pct", "stated",
             "no_basis_from", "reinstated_in", "ends", "heading", "if", "note", "sources", "confidence", "last_evidence"]
    tables = ("rates", "scope", "parts")
    return {key: kept[key] for key in [*order, *tables] if kept.get(key) not in (None, "", [])}


def rates(rows):
    """Rates by target with the heading that prints them."""
    return {row["target"]: (float(row["rate_pct"]), row["heading"]) for row in rows}
