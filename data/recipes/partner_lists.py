#!/usr/bin/env python3
"""Derive the product lists that only some origins meet, and their rows in data/products/USA/lists.csv.

    python3 data/recipes/partner_lists.py ../shared

reads SHARED/facts-partners/lists and, for the lists of the order on Brazil, the text of Chapter 99 in SHARED/law; rewrites the
committed files byte for byte. Rows of lists.csv that other recipes write stay as they are; run this one after them.
"""
import bisect
import csv
import gzip
import re
import sys
from datetime import date, timedelta
from pathlib import Path

from tables import ROOT, write

SHARED = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT.parent / "shared").resolve()
FACTS = SHARED / "facts-partners"
LISTS = ROOT / "data/products/USA/lists"
INDEX = ROOT / "data/products/USA/lists.csv"
HEADER = ["list", "title", "note", "count", "checked", "source", "confidence", "last_evidence"]
LAST = "2026-10-10"
NO_LINE = "not in the schedule of January 2025"
# Sources that keep no licence file are cited for codes and facts only: the codes are text of the schedule, a US government work.
TRACKER = "arifshehab/tariff-rate-tracker 9919812 (MIT)"
HERO = "brendanxmac/hts-hero, codes of the schedule"
REDUX = "tradewartracker/trade-war-redux-2025 726c595 (MIT)"
TEXT = "chapter 99, 2026 revision 6"

rests_on = []


def facts(name):
    with open(FACTS / f"lists/{name}.csv", encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def day_after(day):
    return str(date.fromisoformat(day) + timedelta(days=1)) if day else ""


def keep(name, title, note, rows, source, checked="count", confidence="high", last=LAST):
    """One list: `rows` are (code, from, until, announced, if); columns that nothing needs are left out."""
    rows = sorted({tuple(row) if isinstance(row, (list, tuple)) else (row, "", "", "", "") for row in rows})
    if not rows:
        raise SystemExit(f"{name}: empty")
    # A code that the schedule of 2025 has not is of an older edition, of chapter 98, or came later: said, and kept.
    rows = [(*row, "" if has_line(row[0]) else NO_LINE) for row in rows]
    columns = ["code", "from", "until", "announced", "if", "note"]
    used = [at for at in range(6) if at == 0 or any(row[at] for row in rows)]
    write(LISTS / f"{name}.csv", [columns[at] for at in used], [[row[at] for at in used] for row in rows])
    rests_on.append([name, title, note, len(rows), checked, source, confidence, last])


with gzip.open(SHARED / "data/hts/hts_2025_basic_edition.csv.gz", "rt", encoding="utf-8-sig", newline="") as handle:
    SCHEDULE = sorted("".join(ch for ch in entry["HTS Number"] if ch.isdigit()) for entry in csv.DictReader(handle))


def has_line(code):
    """Whether the schedule of 2025 has the code or one below it."""
    code = code.replace(".", "")
    at = bisect.bisect_left(SCHEDULE, code)
    return at < len(SCHEDULE) and SCHEDULE[at].startswith(code) and code[:2] not in ("98", "99")


def whole(name, where=lambda row: True):
    """The codes of a list without days: the act that names the list has them."""
    return [row["code"] for row in facts(name) if where(row)]


def named(name, first_day):
    """A country's list: rows that hold only for the article named carry that condition; rows of a later day carry it."""
    out = []
    for row in facts(name):
        condition = "named-article" if row["condition"].startswith("only the article") else ""
        out.append((row["code"], "" if row["from"] == first_day else row["from"], day_after(row["to"]) if row["to"] else "", "", condition))
    return out


def brazil():
    """The order on Brazil: its text tells civil aircraft (note 2(x)(iv)) and articles named ((iii)(b)) from what is plainly exempt."""
    with gzip.open(SHARED / "law/chapter99_2026_rev6.txt.gz", "rt", encoding="utf-8", errors="replace") as handle:
        text = handle.read()
    pattern = re.compile(r"\b\d{4}\.\d{2}(?:\.\d{2}(?:\.?\d{2})?)?\b")

    def printed(opening, closing):
        start = text.index(opening)
        found = pattern.findall(text[start:text.index(closing, start + len(opening))])
        return {code for code in found if not code.startswith(("98", "99"))}

    article_b, aircraft_iv = "(b) As provided in heading 9903.01.90", "(iv) As provided in heading 9903.01.82"
    flat = printed("(a) As provided in heading 9903.01.81", article_b)
    aircraft = printed(aircraft_iv, "(v) The additional duties imposed by heading 9903.01.77")
    by_name = {row["code"] for row in facts("s301_brazil_exempt_named")}
    plain, named_rows, planes, dropped = [], [], [], []
    for row in facts("ieepa_brazil_exempt"):
        code = row["code"]
        start_day = "" if row["from"] == "2025-08-06" else row["from"]
        announced = "2025-11-20" if start_day else ""
        if code in by_name and start_day:
            named_rows.append((code, start_day, "", announced, ""))
        elif code in aircraft and code not in flat:
            planes.append((code, start_day, "", announced, ""))
        elif code in flat or code not in UNREAD_BRAZIL:
            plain.append((code, start_day, "", announced, ""))
        else:
            dropped.append(code)
    print(f"order on Brazil: {len(plain)} plain, {len(planes)} for civil aircraft, {len(named_rows)} named, dropped {dropped}")
    return plain, planes, named_rows


# On an older list and not in the text of revision 6: nothing read says that they were ever on Annex I, so they are not carried.
UNREAD_BRAZIL = {"9014.80.50", "9031.49.40", "9031.49.70", "9802.00.91"}

FORCED_LABOUR = {
    "GBR": "9903.05.96, note 52(j)(1)", "EU27": "9903.05.97, note 52(j)(2)", "CHE": "9903.05.98, note 52(j)(3)",
    "MYS": "9903.05.99, .06.01, note 52(j)(4)", "KHM": "9903.06.02, .03, note 52(j)(5)", "GTM": "9903.06.04, .05, note 52(j)(6)",
    "SLV": "9903.06.07, .08, note 52(j)(7)", "ARG": "9903.06.10, .11, note 52(j)(8)", "BGD": "9903.06.12, .13, note 52(j)(9)",
    "TWN": "9903.06.14, .15, note 52(j)(10)", "IDN": "9903.06.16, .17, note 52(j)(11)", "ECU": "9903.06.18, .19, note 52(j)(12)",
    "JOR": "9903.06.20, .21, note 52(j)(13)",
}


def airbus():
    """Note 21 by subdivision: each has its own origins."""
    by_letter = {}
    for row in facts("s301_airbus_note21"):
        letter = re.match(r"note 21\((\w)\)", row["note"]).group(1)
        by_letter.setdefault(letter, []).append(row["code"])
    return by_letter


def main():
    floor = "EO 14326; 90 FR 46136, 90 FR 55964, 90 FR 59281"
    keep("ieepa/floor-exempt-eu-resources", "natural resources that the European Union alone supplies", "9903.02.74",
         whole("ieepa_floor_exempt_eu_ptaap"), f"{floor}; {TRACKER}")
    keep("ieepa/floor-exempt-eu-named", "the article of the European Union that 9903.02.75 names", "9903.02.75",
         whole("ieepa_floor_exempt_eu_particular"), f"{floor}; {TRACKER}")
    keep("ieepa/floor-exempt-civil-aircraft", "articles of civil aircraft of the economies with a ceiling", "9903.02.76, .81, .85, .90",
         sorted(set(whole("ieepa_floor_exempt_eu_civil_aircraft")) | set(whole("ieepa_floor_exempt_korea_civil_aircraft"))
                | set(whole("ieepa_floor_exempt_swiss_civil_aircraft"))), f"{floor}; {TRACKER}")
    pharma = whole("ieepa_floor_exempt_eu_pharma")
    if set(pharma) != set(whole("ieepa_floor_exempt_swiss_pharma")):
        raise SystemExit("the lists for pharmaceutical use differ")
    keep("ieepa/floor-exempt-pharmaceutical-use", "goods for pharmaceutical use, not patented", "9903.02.77, .86, .91", pharma,
         f"{floor}; {TRACKER}")
    keep("ieepa/floor-exempt-swiss-resources", "goods of Switzerland and Liechtenstein at the base rate only", "9903.02.84, .89",
         whole("ieepa_floor_exempt_swiss_ptaap"), f"{floor}; {TRACKER}")
    plain, planes, named_rows = brazil()
    keep("ieepa/brazil-exempt", "goods that the order on Brazil exempts", "9903.01.81, .90; note 2(x)(iii)", plain,
         f"{TRACKER}, civil aircraft and named articles told apart by {TEXT}", confidence="medium")
    keep("ieepa/brazil-civil-aircraft", "articles of civil aircraft that the order on Brazil exempts", "9903.01.82; note 2(x)(iv)", planes,
         f"{TEXT}; {TRACKER}")
    keep("ieepa/brazil-named", "articles that the order on Brazil names", "9903.01.90; note 2(x)(iii)(b)", named_rows, f"{TEXT}; {TRACKER}")
    keep("ieepa/fentanyl-energy-canada", "energy and energy resources of Canada", "9903.01.13", whole("ieepa_fentanyl_energy_ca"),
         f"the law names kinds of goods, the codes are the reading of {TRACKER}", checked="none", confidence="medium")
    if whole("ieepa_fentanyl_potash_ca") != whole("ieepa_fentanyl_potash_mx"):
        raise SystemExit("the potash of Canada and of Mexico differ")
    keep("ieepa/fentanyl-potash", "potash", "9903.01.05, .15", whole("ieepa_fentanyl_potash_ca"),
         f"the law names the good, the codes are the reading of {TRACKER}", checked="none", confidence="medium")

    for partner, note in FORCED_LABOUR.items():
        confidence = "medium" if partner == "JOR" else "high"
        keep(f"section-301-forced-labour/exempt-{partner.lower()}", f"goods of {partner} exempt from the forced-labour duty", note,
             named(f"s301_fl_exempt_{partner}", "2026-07-24"), HERO, confidence=confidence)
    keep("section-301-forced-labour/cafta-textiles", "textiles and apparel of the agreement with Central America", "9903.06.06, .09",
         whole("s301_fl_cafta_textiles"), f"{HERO}; rebuilt from the chapters of 2026 revision 10, 1,737 codes as the source counts",
         confidence="medium")

    for part, title, confidence in [("flat", "goods that the duty on Brazil exempts", "high"), ("named", "articles that note 50(c) names", "high"),
                        ("aircraft", "articles of civil aircraft, note 50", "high"), ("pharma", "goods for pharmaceutical use, note 50", "high")]:
        keep(f"section-301-brazil/{part}", title, "91 FR 45516; note 50", whole(f"s301_brazil_exempt_{part}"), REDUX, confidence=confidence)
    with open(ROOT / "data/products/USA/lines.csv", encoding="utf-8", newline="") as handle:
        lines = [row["code"] for row in csv.DictReader(handle)]
    for letter, codes in airbus().items():
        # A code that the schedule no longer has reaches no line on record.
        gone = [code for code in codes if not any(line.startswith(code.replace(".", "")) or code.replace(".", "").startswith(line) for line in lines)]
        if gone:
            print(f"note 21({letter}): {gone} left the schedule before 2025")
        codes = [code for code in codes if code not in gone]
        keep(f"section-301-aircraft/note-21{letter}", f"goods of note 21({letter})", f"note 21({letter})", codes,
             f"{TEXT}, state as last amended", confidence="medium")

    def growing(name):
        out = []
        for row in facts(name):
            later = row["from"] != "2026-08-22"
            out.append((row["code"], row["from"] if later else "", day_after(row["to"]), "2026-09-08" if later else "", ""))
        return out

    keep("section-338/canada-alcohol", "alcohol and other goods of note 51(b)(1)", "9903.03.12; note 51(b)(1)", growing("s338_canada_b1_alcohol"),
         f"{REDUX}; changes from {HERO}")
    keep("section-338/canada-dairy", "dairy goods of note 51(b)(2)", "9903.03.13; note 51(b)(2)", growing("s338_canada_b2_dairy"), REDUX)
    keep("section-338/canada-motor-vehicles", "goods of note 51(b)(3)", "9903.03.14; note 51(b)(3)", growing("s338_canada_b3_motor_vehicles"),
         f"{REDUX}; changes from {HERO}")
    keep("section-338/canada-civil-aircraft", "articles of civil aircraft, note 51(d)", "9903.03.16; note 51(d)",
         whole("s338_canada_exempt_aircraft"), REDUX)
    banned = lambda row: "packaged" not in row["condition"]
    keep("section-338/canada-ban", "goods of Canada whose import is banned", "91 FR 58311, 58319, 58325",
         whole("s338_canada_import_ban", banned), f"{HERO}; CSMS 70050970")
    keep("section-338/canada-ban-packaged", "goods of Canada whose import is banned where packaged", "91 FR 58311, 58319, 58325",
         whole("s338_canada_import_ban", lambda row: not banned(row)), f"{HERO}; CSMS 70050970")
    keep("section-201/quartz", "quartz surface products, note 41", "9903.45.30, .31; note 41", whole("s201_quartz"), HERO)
    keep("section-201/washers", "residential washers, note 17", "9903.45.01, .02; note 17",
         ["8450.11.00.40", "8450.11.00.80", "8450.20.00.40", "8450.20.00.80"], TEXT, checked="none")
    keep("column-2/russia-35", "goods of note 30(b)", "9903.90.08; note 30(b)", whole("russia_35_note30b"),
         f"{TEXT}; which entered in 2022 and which in 2023 is not told apart", confidence="medium")
    keep("column-2/russia-70", "goods of note 30(d)", "9903.90.09; note 30(d)", whole("russia_70_note30d"), TEXT)
    mine = {row[0] for row in rests_on}
    others = []
    if INDEX.is_file():
        with open(INDEX, encoding="utf-8", newline="") as handle:
            others = [list(row) for row in csv.reader(handle)][1:]
    write(INDEX, HEADER, sorted([row for row in others if row[0] not in mine] + rests_on, key=lambda row: row[0]))


if __name__ == "__main__":
    main()
