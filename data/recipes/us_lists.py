#!/usr/bin/env python3
"""Derive data/products/USA/lists and data/products/USA/lists.csv: every list of the law of the United States.

    python3 data/recipes/us_lists.py ../shared

reads the text of Chapter 99 and the annexes of April 2026 in SHARED/law, code by code at the digits printed, and, where no text
is at hand, the lists of SHARED/facts-partners and SHARED/data/hts with their own counts. Rewrites the committed files byte for
byte. A list that is not of the text says `count` in the column `checked`. What left a list keeps its row with its last day.
"""
import bisect
import csv
import gzip
import re
import sys
from datetime import date, timedelta
from pathlib import Path

from chapter99 import Law, digits
from tables import ROOT, write

SHARED = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT.parent / "shared").resolve()
LISTS = ROOT / "data/products/USA/lists"
EDITION = "chapter 99, 2026 revision 6"
FACTS = "facts on all partners, {}.csv: {}"
LAST = "2026-10-10"
NO_LINE = "not in the schedule of January 2025"
READ = "2026-05-11"

law = Law(SHARED / "law/chapter99_2026_rev6.txt.gz")
made, rests_on = {}, []


with gzip.open(SHARED / "data/hts/hts_2025_basic_edition.csv.gz", "rt", encoding="utf-8-sig", newline="") as handle:
    SCHEDULE = sorted(digits(entry["HTS Number"]) for entry in csv.DictReader(handle))


def has_line(code):
    """Whether the schedule of 2025 has the code or one below it."""
    at = bisect.bisect_left(SCHEDULE, code)
    return at < len(SCHEDULE) and SCHEDULE[at].startswith(code)


def row(code, start="", until="", announced="", condition="", note="", end_announced=""):
    return [code, start, until, announced, condition, note, end_announced]


def keep(name, title, note, rows, checked="text", source=EDITION, confidence="high", last=READ):
    """One list: its rows sorted, and what it rests on."""
    rows = [entry if isinstance(entry, list) else row(entry) for entry in rows]
    # A code that the schedule of 2025 has not is of an older edition, or a number that came later: said, and kept.
    rows = [entry if entry[5] or has_line(entry[0]) else [*entry[:5], NO_LINE, *entry[6:]] for entry in rows]
    rows = sorted({tuple(entry) for entry in rows})
    if name in made or not rows:
        raise SystemExit(f"{name}: made twice, or empty")
    made[name] = rows
    rests_on.append([name, title, note, len(rows), checked, source, confidence, last])


def facts(name):
    with open(SHARED / f"facts-partners/lists/{name}.csv", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def counted(name):
    """How many rows the source of a list counts."""
    with open(SHARED / "facts-partners/lists/lists_index.csv", encoding="utf-8") as handle:
        return next(int(entry["distinct_codes"]) for entry in csv.DictReader(handle) if entry["list"] == name)


def day_after(day):
    return str(date.fromisoformat(day) + timedelta(days=1)) if day else ""


def hts(name, where):
    with open(SHARED / "data/hts" / name, encoding="utf-8") as handle:
        return [entry for entry in csv.DictReader(handle) if all(entry[key] in values for key, values in where.items())]


# ---------------------------------------------------------------- Section 301 on China

def section_301():
    keep("section-301/list-1", "List 1, note 20(b)", "note 20(b)",
         law.table("(b) Heading 9903.88.01 applies to all products", "(c) For the purposes of heading 9903.88.02"))
    keep("section-301/list-2", "List 2, note 20(d)", "note 20(d)",
         law.table("(d) Heading 9903.88.02 applies to all products", "(e) For the purposes of heading 9903.88.03"))
    keep("section-301/list-3", "List 3, note 20(f)", "note 20(f)",
         law.table("(f) Heading 9903.88.03 applies to all products", "(g) For the purposes of heading 9903.88.04"))
    keep("section-301/list-4a", "List 4A, note 20(s)(i)", "note 20(s)(i)",
         law.table("(s) Heading 9903.88.15 applies to:", "(ii) the following products of China: 1. Other printed books"))
    keep("section-301/list-4b", "List 4B, note 20(u)(i)", "note 20(u)(i)",
         law.table("(u) Heading 9903.88.16 applies to", "ii) the following products of China: 1. Other non-aromatic organa"))
    for name, title, note, opening, closing in (
        ("list-3", "List 3", "note 20(g)", "1. Other non-aromatic organo-inorganic", "Notwithstanding U.S. note 1"),
        ("list-4a", "List 4A", "note 20(s)(ii)", "1. Other printed books, brochures", "(t) For the purposes of heading 9903.88.16"),
        ("list-4b", "List 4B", "note 20(u)(ii)", "1. Other non-aromatic organa", "(v) The U.S. Trade Representative determined"),
    ):
        named, excepted = law.numbered(opening, closing)
        keep(f"section-301/{name}-named", f"{title}, the provisions named in {note}", note, named)
        keep(f"section-301/{name}-named-except", f"numbers that {note} leaves out of {title}", note, excepted)
    review = (
        ("note-31b-steel-aluminium-batteries-minerals", "note 31(b): steel, aluminium, batteries, minerals", "note 31(b)",
         law.table("(b) Heading 9903.91.01 applies", "(c) Heading 9903.91.02 applies")),
        ("note-31c-solar", "note 31(c): solar cells", "note 31(c)", law.prose("(c) Heading 9903.91.02 applies", "(d) Heading 9903.91.03")),
        ("note-31d-electric-vehicles-syringes", "note 31(d): electric vehicles, syringes", "note 31(d)",
         law.prose("(d) Heading 9903.91.03 applies", "(e) Heading 9903.91.04")),
        ("note-31e-disposable-masks", "note 31(e): disposable masks", "note 31(e)",
         law.prose("(e) Heading 9903.91.04 applies", "(i) Heading 9903.91.05")),
        ("note-31f-semiconductors", "note 31(f): semiconductors, polysilicon", "note 31(f)",
         law.prose("(i) Heading 9903.91.05 applies", "(ii) The additional rate of duty under heading 9903.91.05")),
        ("note-31g-graphite-magnets-batteries", "note 31(g): graphite, magnets, batteries", "note 31(g)",
         law.prose("(g) Heading 9903.91.06 applies", "(h) Heading 9903.91.07")),
        ("note-31h-masks", "note 31(h): masks", "note 31(h)", law.prose("(h) Heading 9903.91.07 applies", "(i) Heading 9903.91.08")),
        ("note-31i-gloves", "note 31(i): medical gloves", "note 31(i)", law.prose("(i) Heading 9903.91.08 applies", "(j) Heading 9903.91.11")),
        ("note-31j-tungsten", "note 31(j): tungsten", "note 31(j)", law.prose("(j) Heading 9903.91.11 applies", "(i) Heading 9903.91.12")),
        ("maritime-chassis", "chassis of the maritime action, note 31(k)", "note 31(k)",
         law.prose("(i) Heading 9903.91.12 applies to", "The articles consist of chassis")),
    )
    for name, title, note, codes in review:
        keep(f"section-301/{name}", title, note, codes)
    keep("section-301/ship-to-shore-cranes", "ship-to-shore cranes", "heading 9903.92.10",
         law.prose("9903.92.10 1/ Except as provided", "9903.92.80 1/ Other"), source=f"{EDITION}, the heading's own words")
    left(dict((name, codes) for name, _, _, codes in review))


def left(review):
    """Where lines stood before note 31 took them over in 2024 and 2025. The present notes name them no longer; the act that moved
    them (89 FR 76581) prints the rate that each left, which is restated here by provision."""
    act = "89 FR 76581, rates of each provision before the change, restated"
    steel_and_aluminium = [code for code in review["note-31b-steel-aluminium-batteries-minerals"]
                           if code[:2] in ("72", "73", "76") and code[:4] != "7202"]
    moved = (
        ("list-1", "List 1", [row(code, until="2024-09-27") for code in review["note-31d-electric-vehicles-syringes"] if code[:2] == "87"]),
        ("list-2", "List 2", [row(code, until="2025-01-01") for code in review["note-31f-semiconductors"] if code[:2] == "85"]
         + [row(code, until="2024-09-27") for code in review["note-31c-solar"]]),
        ("list-3", "List 3", [row(code, until="2025-01-01") for code in ("28046100", "38180000")]),
        ("list-4a", "List 4A", [row(code, until="2024-09-27") for code in steel_and_aluminium + ["85079040"]]
         + [row("85076000", until="2026-01-01"), row("40151210", until="2025-01-01")]
         + [row(code, until="2024-09-27") for code in review["note-31h-masks"]]),
    )
    for name, title, rows in moved:
        keep(f"section-301/{name}-until-note-31", f"{title}, until note 31 took the line over", "note 20 before 89 FR 76581", rows,
             checked="count", source=act, confidence="medium")
    keep("section-301/note-31b-vehicle-batteries", "note 31(b): batteries of electric vehicles, until note 31(g) took the line whole",
         "note 31(b) until 2026", [row("8507600010", "2024-09-27", "2026-01-01")], checked="count", source=act, confidence="medium")


# ---------------------------------------------------------------- the reciprocal duty and Section 122

REASONS = {  # of a row of the windows of Annex II: day announced
    "initial Annex II": "2025-04-02",
    "electronics memo of 2025-04-11, retroactive": "2025-04-11",
    "EO 14346 addition": "2025-09-05",
    "agricultural addition, heading 9903.02.78 or .01.32": "2025-11-14",
}

LEFT = {  # of goods that left Annex II: first day no longer, and the act that said so
    "2025-08-01": "2025-07-30",  # Proclamation 10962, copper
    "2025-09-08": "2025-09-05",  # EO 14346
    "2025-10-14": "2025-09-29",  # Proclamation 10976, wood
}


def exemptions():
    windows = {digits(entry["code"]): entry for entry in facts("ieepa_annex_ii_all_partners")}
    printed = law.table("(a) As provided for in heading 9903.01.32", "(b) As provided in heading 9903.02.78")
    rows = []
    for code in printed:
        window = windows.pop(code)
        # The memorandum of 2025-04-11 was written for these provisions whole, which Annex II named in part.
        rows.append(row(code, window["from"], "", REASONS[window["note"]]))
    keep("ieepa/annex-ii", "Annex II of EO 14257, note 2(v)(iii)(a)", "note 2(v)(iii)(a)", rows)
    keep("ieepa/annex-ii-until-2025", "goods that left Annex II in 2025: wood, copper, EO 14346", "note 2(v)(iii)(a) before 2026",
         [row(code, window["from"], day_after(window["to"]), "2025-04-02", end_announced=LEFT[day_after(window["to"])])
          for code, window in windows.items()],
         checked="count", source=FACTS.format("ieepa_annex_ii_all_partners", "editions of the schedule"))
    named = law.prose("(b) As provided in heading 9903.02.78", "(iv) As provided in 9903.01.26")
    keep("ieepa/named-articles", "articles named in note 2(v)(iii)(b)", "note 2(v)(iii)(b)",
         [row(code, "2025-11-13", "", "2025-11-14") for code in named])
    keep("section-122/exempt", "the exempt list of the Section 122 surcharge, note 2(aa)(ii)", "note 2(aa)(ii)",
         law.table("(ii) As provided in heading 9903.03.03", "(iii) As provided in heading 9903.03.04"))
    keep("section-122/named-articles", "articles named in note 2(aa)(iii)", "note 2(aa)(iii)",
         law.prose("(iii) As provided in heading 9903.03.04", "(iv) As provided in heading 9903.03.05"))
    keep("section-122/civil-aircraft", "articles of civil aircraft, note 2(aa)(iv)", "note 2(aa)(iv)",
         law.table("(iv) As provided in heading 9903.03.05", "(v) As provided in heading 9903.03.06"))
    for part, title, rule in (("52b", "goods exempt from the forced-labour duty, note 52(b)", "s301_fl_exempt_52b"),
                              ("52c", "articles named in note 52(c)", "s301_fl_exempt_52c_named"),
                              ("52d", "articles of civil aircraft, note 52(d)", "s301_fl_exempt_52d_aircraft"),
                              ("52e", "goods for pharmaceutical use, note 52(e)", "s301_fl_exempt_52e_pharma")):
        without_text(f"section-301-forced-labour/{part}", title, f"note 52({part[2]})", rule, last=LAST,
                     confidence="medium" if part == "52e" else "high")


def without_text(name, title, note, source, where=lambda entry: True, last=LAST, confidence="high", whole=True):
    rows = [row(digits(entry["code"])) for entry in facts(source) if where(entry)]
    if whole and len({entry[0] for entry in rows}) != counted(source):
        raise SystemExit(f"{name}: {len(rows)} codes, its source counts {counted(source)}")
    # Chapter 98 is left out: a claim of its own, not a line.
    rows = [entry for entry in rows if entry[0][:2] not in ("98", "99")]
    keep(name, title, note, rows, checked="count", source=FACTS.format(source, "codes of the schedule, revisions 7 to 21"),
         confidence=confidence, last=last)


# ---------------------------------------------------------------- Section 232

ANNEXES = {  # subdivision of note 16(c): list, title
    "i": ("annex-1a-aluminium", "Annex I-A, aluminium"), "ii": ("annex-1a-aluminium-derivatives", "Annex I-A, aluminium derivatives"),
    "iii": ("annex-1a-steel", "Annex I-A, steel"), "iv": ("annex-1a-steel-derivatives", "Annex I-A, steel derivatives"),
    "v": ("annex-1a-copper", "Annex I-A, copper"), "vi": ("annex-1b-aluminium-derivatives", "Annex I-B, aluminium derivatives"),
    "vii": ("annex-1b-steel-derivatives", "Annex I-B, steel derivatives"), "viii": ("annex-1b-copper", "Annex I-B, copper"),
    "ix": ("annex-3-aluminium-derivatives", "Annex III, aluminium derivatives"),
    "x": ("annex-3-steel-derivatives", "Annex III, steel derivatives"),
}
METAL_CHAPTERS = ("72", "73", "74", "76")
WEIGHT = "metal-weight"
JUNE = ("2026-06-08", "2026-06-01")  # Proclamation 11032: first day, announced


def metals():
    """Note 16(c): an article outside chapters 72, 73, 74 and 76 counts only where the metal is 15 percent of its weight."""
    heading = re.compile(r"^\s*\(([ivx]+)\) (?:Articles of|Derivative) \w+(?: articles)?:")
    printed = law.headed("(c) Headings 9903.82.02", "(d) Headings 9903.82.04 and 9903.82.05", heading)
    left_in_june = {}
    for annex in ("1a", "1b", "3"):
        for entry in facts(f"s232_metals_annex_{annex}"):
            found = re.search(r"note 16\(c\)\((\w+)\)", entry["note"])
            if found and entry["to"] == "2026-06-07":
                left_in_june[found.group(1), digits(entry["code"])] = JUNE[0]
    left_in_june["vi", "87082921"] = left_in_june["vii", "87082921"] = JUNE[0]
    for part, codes in printed.items():
        name, title = ANNEXES[part]
        keep(f"section-232/{name}", f"{title}, note 16(c)({part})", f"note 16(c)({part})",
             [row(code, until=left_in_june.pop((part, code), ""), condition="" if code[:2] in METAL_CHAPTERS else WEIGHT)
              for code in codes])
    left_in_june.pop(("vi", "87082921"), None), left_in_june.pop(("vii", "87082921"), None)
    if left_in_june:
        raise SystemExit(f"not in note 16(c): {sorted(left_in_june)}")
    for annex, title, source in (("1b", "Annex I-B, added in June 2026", "s232_metals_annex_1b"),
                                 ("1c", "Annex I-C, mobile industrial equipment", "s232_metals_annex_1c"),
                                 ("3", "Annex III, added in June 2026", "s232_metals_annex_3")):
        rows = [row(digits(entry["code"]), JUNE[0], "", JUNE[1], "" if digits(entry["code"])[:2] in METAL_CHAPTERS else WEIGHT)
                for entry in facts(source) if "procl. 11032" in entry["note"]]
        keep(f"section-232/annex-{annex}-2026-06", title, "note 16(c), Proclamation 11032", rows, checked="count",
             source=FACTS.format(source, "Proclamation 11032"), last=LAST)

    # The regimes before April 2026. The steel note and the copper note stand in the text no longer; the aluminium note does.
    steel = [entry for entry in facts("s232_metals_mill_products") if entry["note"].startswith("steel")]
    for kind, start, name, title in (("mill", "2018-03-23", "steel", "steel mill articles, note 16(b) and (j) until 2026"),
                                     ("derivative", "2018-03-23", "steel-derivatives-2020", "steel derivatives of 2020"),
                                     ("derivative", "2025-03-12", "steel-derivatives-2025-03", "steel derivatives of March 2025"),
                                     ("derivative", "2025-08-18", "steel-derivatives-2025-08-metal", "steel inclusions of August 2025")):
        keep(f"section-232/{name}", title, "note 16 until 2026-04-05",
             [digits(entry["code"]) for entry in steel if entry["note"] == f"steel; {kind}" and entry["from"] == start],
             checked="count", source=FACTS.format("s232_metals_mill_products", "headings and ranges of the former note 16"),
             confidence="medium")
    derivative = "s232_derivative_products.csv"
    keep("section-232/steel-derivatives-2025-08-content", "steel inclusions of August 2025, by content", "note 16(n) until 2026-04-05",
         numbered(digits(entry["hts_prefix"]) for entry in hts(derivative, {"derivative_type": {"steel"}})), checked="count",
         source=f"schedule of the United States as parsed, {derivative}; its numbers of ten digits as a later state of that file has them",
         confidence="medium")
    keep("section-232/copper", "copper, note 36", "note 36 until 2026-04-05",
         [digits(entry["hts10"]) for entry in hts("s232_copper_products.csv", {})], checked="count",
         source="schedule of the United States as parsed, s232_copper_products.csv", confidence="medium")
    keep("section-232/aluminium", "aluminium, note 19(b) and (g)", "note 19(g)",
         castings(headings("(g) The rates of duty set forth in heading 9903.85.02", "Any reference above to aluminum products"), printed["i"]))
    keep("section-232/aluminium-derivatives-2020", "aluminium derivatives of 2020, note 19(i)", "note 19(i)",
         [row(code, condition=STAMPINGS if code[:2] == "87" else "") for code in
          law.prose("(i) The rates of duty set forth in heading 9903.85.04 apply", "(j) The rates of duty set forth in heading 9903.85.07")])
    since = {digits(entry["hts_prefix"]): entry["effective_date"] for entry in hts(derivative, {"derivative_type": {"aluminum"}})}
    first = {digits(entry["code"]): entry["from"] for entry in facts("s232_metals_mill_products") if entry["note"].startswith("alum")}
    keep("section-232/aluminium-derivatives", "aluminium derivatives of chapter 76, note 19(j)", "note 19(j)",
         [dated(code, first.get(code, "2025-03-12")) for code in
          law.prose("(j) The rates of duty set forth in heading 9903.85.07 apply", "(k) The rates of duty in heading 9903.85.08")])
    keep("section-232/aluminium-derivatives-content", "aluminium derivatives by content, note 19(k)", "note 19(k)",
         [dated(code, since.get(code) or since.get(code[:8]) or "2025-03-12") for code in
          law.prose("(k) The rates of duty in heading 9903.85.08 apply", "For any derivative aluminum product that is classified in one of")])
    others()


# The table of steel inclusions on file is cut to eight digits. Where the notice of 2025-08-19 (90 FR 40326) prints ten, these: a later
# state of the same public table (Budget-Lab-Yale/tariff-rate-tracker 33e5bca, MIT).
NUMBERS = """2106909998 2710193050 2711120020 2804290010 3004909244 3824999397 8202390040 8207200070 8207306062 8207306095
8412909070 8412909075 8413919055 8413919060 8413919096 8454200010 8454200060 8477908601 8480490010 8480718045 8480718060 8480799010
8482105004 8482105008 8482105012 8482105016 8482105024 8482105028 8482105032 8482105036 8482105052 8482105056 8482105060 8482105064
8482105068 8482200064 8482200067 8482200090 8483101010 8483101050 8483405020 8501640110 8504909634 8504909638 8504909642 8607301010
8607301050 8607301090 8701210080 8701220080 8701230080 8701240080 8701290080 8705900010 8705900020 9403999010 9403999015 9403999020
9403999040 9403999045 9403999051 9403999061""".split()


def numbered(codes):
    """Codes, and in the place of a cut one its numbers."""
    codes = list(codes)
    orphans = [number for number in NUMBERS if number[:8] not in codes]
    if orphans:
        raise SystemExit(f"numbers of no code: {orphans}")
    return [whole for code in codes for whole in ([number for number in NUMBERS if number[:8] == code] or [code])]


ACTS = {"2025-03-12": "2025-02-10", "2025-04-03": "2025-04-02", "2025-08-18": "2025-08-15"}


def dated(code, start):
    return row(code, start, "", ACTS[start])


def castings(codes, numbers):
    """Note 19 names castings and forgings "provided for in subheading 7616.99.51", which holds other articles too: the statistical
    numbers of castings and of forgings, as note 16(c)(i) prints them."""
    return [number for code in codes for number in ([below for below in numbers if below.startswith(code)] or [code])]


STAMPINGS = "aluminium-stampings"


def headings(opening, closing):
    """Headings and subheadings named in words: "provided for in heading 7604"."""
    start, end = law.between(opening, closing)
    text = law.running(start, end)
    return [digits(found) for found in re.findall(r"\b7[0-9]{3}(?:\.\d\d\.\d\d)?\b", text)]


# Provisions that notes 33(g) and 38(i) name and that hold mostly other goods than parts of vehicles: the duty reaches those goods only
# as parts of vehicles, and no share is published.
GENERAL_PROVISIONS = tuple("""8471 8501 850760 850790 853641 853710 853720 852560 851981 901510 842549 842691 843110 8482 8483
8414""".split())


def others():
    vehicles = law.table("(b) The rates of duty set forth in headings 9903.94.01", "(c) Heading 9903.94.02 applies")
    keep("section-232/passenger-vehicles", "passenger vehicles, note 33(b)", "note 33(b)", [code for code in vehicles if code[:4] == "8703"])
    keep("section-232/light-trucks", "light trucks, note 33(b)", "note 33(b)", [code for code in vehicles if code[:4] == "8704"])
    parts = law.table("(g) Subject to a manufacturer's import adjustment", "(h) Heading 9903.94.06 applies")
    trucks = law.table("(i) The rates of duty set forth in heading 9903.74.08", "(j) Heading 9903.74.09")
    for name, title, note, codes in (("automobile-parts", "automobile parts", "note 33(g)", parts),
                                     ("heavy-truck-parts", "parts of medium and heavy trucks", "note 38(i)", trucks)):
        keep(f"section-232/{name}", f"{title}, {note}", note, [code for code in codes if not code.startswith(GENERAL_PROVISIONS)])
        keep(f"section-232/{name}-in-general-provisions", f"{title}, {note}, under provisions that hold mostly other goods", note,
             [code for code in codes if code.startswith(GENERAL_PROVISIONS)])
    keep("section-232/softwood", "softwood, note 37(b)", "note 37(b)",
         law.table("(b) The rates of duty set forth in heading 9903.76.01", "(c) Heading 9903.76.02"))
    keep("section-232/upholstered-furniture", "upholstered wooden furniture, note 37(d)", "note 37(d)",
         law.table("(d) The rates of duty set forth in headings 9903.76.02", "(e) Except for as provided by 9903.76.04"))
    keep("section-232/kitchen-cabinets", "kitchen cabinets and vanities, note 37(f)", "note 37(f)",
         law.table("(f) Except for as provided by 9903.76.04", "(g) Heading 9903.76.04"))
    keep("section-232/heavy-trucks", "medium and heavy trucks, note 38(b)", "note 38(b)",
         law.table("(b) The rate of duty set forth in heading 9903.74.01", "(c) Heading 9903.74.02"))
    keep("section-232/buses", "buses, note 38(c)", "note 38(c)", law.table("(c) Heading 9903.74.02 applies to buses", "(d) Heading 9903.74.03"))
    keep("section-232/semiconductors", "semiconductor articles, note 39(b)", "note 39(b)",
         law.table('(b) For the purposes of this note, "semiconductor articles"', "To be included within the definition of semiconductor"))
    uas = "s232_uas_43c"
    for name, title, words in (("drones", "unmanned aircraft, note 43(c)(1)", "100, 43(c)(1)"),
                               ("drones-small", "small unmanned aircraft, note 43(c)", "100 with thermal imaging, else 25"),
                               ("drone-parts", "parts of unmanned aircraft, note 43(c)", "100 if part for UAS"),
                               ("drone-docking-stations", "docking stations, note 43(c)", "100 if docking station")):
        without_text(f"section-232/{name}", title, "note 43(c)", uas, lambda entry, words=words: entry["condition"].startswith(words), whole=False)
    windows = facts("s232_pharmaceuticals_40c")
    keep("section-232/pharmaceuticals", "pharmaceuticals, note 40(c)", "note 40(c)",
         [row(digits(entry["code"]), entry["from"], day_after(entry["to"]), "2026-04-02") for entry in windows], checked="count",
         source=FACTS.format("s232_pharmaceuticals_40c", "codes of the schedule, revision 14 and 20"), last=LAST)
    keep("section-232/polysilicon", "polysilicon", "note 42",
         "28046100 3818000020 3818000040 3818000045 3818000050 3818000091 854142 854143".split(), checked="none",
         source="restated from accounts of the proclamation of 2026-08-06", confidence="medium", last="2026-08-11")
    keep("section-201/solar", "solar cells and modules, note 18", "note 18",
         [digits(entry["hts10"]) for entry in hts("s201_solar_products.csv", {})], checked="count",
         source="schedule of the United States as parsed, s201_solar_products.csv", confidence="medium")


def main():
    section_301()
    exemptions()
    metals()
    columns = ["code", "from", "until", "announced", "if", "note", "end_announced"]
    for name, rows in made.items():
        used = [0] + [at for at in range(1, len(columns)) if any(entry[at] for entry in rows)]
        write(LISTS / f"{name}.csv", [columns[at] for at in used], [[entry[at] for at in used] for entry in rows])
    table = ROOT / "data/products/USA/lists.csv"
    others_rows = []
    if table.exists():
        with open(table, encoding="utf-8") as handle:
            others_rows = [entry for entry in list(csv.reader(handle))[1:] if entry[0] not in made]
    write(table, ["list", "title", "note", "count", "checked", "source", "confidence", "last_evidence"],
          sorted([[str(cell) for cell in entry] for entry in rests_on] + others_rows))


if __name__ == "__main__":
    main()
