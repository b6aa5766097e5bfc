#!/usr/bin/env python3
"""Derive the talks of the United States and the European Union and the Union's measures from the facts on partners.

    python3 data/recipes/talks_us_eu.py ../shared/facts-partners

writes data/ledger/talks/us-eu, data/ledger/EU27 and their sources. What the facts have in words is data here, by hand: since when a
deadline is known and how it was closed, what became of a promise and when. Own words.
"""
import csv
import sys
from pathlib import Path

from partner_law import LAST_EVIDENCE, LEDGER, ROOT, Sources, instrument, plain
from tables import talks_toml, write as write_table

FACTS = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT.parent / "shared/facts-partners").resolve() / "us-eu"
TALKS = LEDGER / "talks/us-eu"
HEAD = "# Derived by data/recipes/talks_us_eu.py from ../shared/facts-partners/us-eu; own words. Sources: sources.csv of EU27.\n"
PARTY = {"US": "USA", "EU": "EU27", "both": "both", "all": "both"}


class Cited(Sources):
    def ids(self, *cells):
        before = len(self.held)
        found = super().ids(*cells)
        if len(self.held) != before:
            self.held = {text: f"e{at + 1:03}" for at, text in enumerate(self.held)}
            return self.ids(*cells)
        return found


SOURCES = Cited()


def rows(name):
    with open(FACTS / f"{name}.csv", encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def cite(row):
    # The facts' own table of measures is the record here.
    return SOURCES.ids(row["sources"].replace("instruments_by_partner.csv", "HTS of the United States and notices, as in USA/sources.csv"))


TALKS_TOML = talks_toml('''
id = "us-eu"
title = "US-EU trade talks"
series = "US-EU 2025-26"
last_evidence = "2026-10-10"
last_evidence_note = "US tariff layers 2026-10-10; the Union's suspension of its list 2026-08-06; contacts July 2026"
series_first_measure = "US-IEEPA-RECIP-PARTNERS"
series_first_measure_from = "2025-04-05"
''', [("USA", "United States", ["us", "usa", "united states"]),
      ("EU27", "European Union", ["eu", "european union", "europe"])],
    [("Turnberry", "2025-10-14", "the measures of 14 October 2025, with the ceilings of the joint statement in force and before the ruling on "
                                 "the emergency statute"),
     ("rollback", "2025-03-11", "the measures of 11 March 2025, the day before the metals duties reached the Union again")])

SERIES_TOML = '''[[series]]
name = "US-EU 2025-26"
title = "US-EU talks 2025-26"
short = "this series"
current = true
counts = ["summit", "meeting"]
counting_rule = "summits and meetings of the principals in person; calls, statements and votes are not counted"
'''

# What a round's text tells with hindsight: where it begins, since when it is known.
LATER = {"ER09": (" (they did on 2026-04-06)", "2026-04-06")}


def rounds():
    header = ["id", "series", "number", "start", "end", "city", "country", "kind", "lead_USA", "others_USA", "lead_EU27", "others_EU27",
              "outcome", "later", "later_known_from", "sources", "confidence"]
    out = []
    for row in rows("rounds"):
        outcome, later, known = row["outcome"], "", ""
        if row["id"] in LATER:
            mark, known = LATER[row["id"]]
            at = outcome.index(mark)
            outcome, later = outcome[:at], outcome[at:]
        out.append([row["id"], row["series"], row["round_no"], row["start_date"], row["end_date"], row["city"], row["country"], row["kind"],
                    row["us_lead"], row["us_others"], row["eu_lead"], row["eu_others"], outcome, later, known, " ".join(cite(row)), row["confidence"]])
    write_table(TALKS / "rounds.csv", header, out)


FRAMEWORKS = [
    dict(id="turnberry", name="Turnberry", date="2025-07-27", measures_from="2025-08-01",
         first_measure="90 FR 46136: cars and parts at 15 with the base rate inside; EO 14326 from 2025-08-07", rounds=["ER03", "ER04"],
         settled="15 percent with the base rate inside on most goods of the Union; the Union drops its duties on industrial goods; energy and "
                 "investment expected; joint statement of 19 points on 2025-08-21"),
    dict(id="eu-regulation", name="EU regulation", date="2026-06-25", measures_from="2026-07-01",
         first_measure="the Union's tariff regulation of June 2026", rounds=["ER11", "ER12", "ER13"],
         settled="the Union's cuts adopted, with safeguard, suspension and sunset (2029-12-31) clauses"),
]

# id: events (day, effect, to, text)
EVENTS = {
    "EK01": [("2026-07-01", "met", "", "in force on that day")],
    "EK02": [("2026-07-01", "met", "", "by quotas and cuts")],
    "EK03": [("2026-06-25", "met", "", "from 2025-08-01 to 2030-07-31")],
    "EK04": [("2025-08-07", "met", "", "EO 14326"), ("2026-02-24", "disputed", "", "Section 122 came on top: the Union speaks of a breach"),
             ("2026-07-24", "partly", "", "the forced-labour duty has a ceiling of 10 with the base rate inside")],
    "EK05": [("2025-09-25", "met", "", "90 FR 46136, with effect from 2025-09-01")],
    "EK06": [("2025-09-25", "met", "", "90 FR 46136, with effect from 2025-08-01")],
    "EK07": [("2025-10-14", "partly", "", "wood"), ("2026-07-31", "partly", "", "patented pharmaceuticals; no heading for semiconductors")],
    "EK08": [("2026-04-06", "partly", "", "no quota; list trimmed and rates cut on derivatives")],
    "EK14": [("2026-03-31", "partly", "", "acts that simplify of 2025-26")],
    "EK15": [("2025-11-24", "disputed", "", "the United States ties metals to digital rules")],
    "EK16": [("2026-07-01", "kept", "", "in force")],
}
AGENDA = {"EK08", "EK13"}
DUE = {"EK05": "2025-09-01", "EK09": "2028-12-31", "EK10": "2028-12-31", "EK16": ""}
MEASURE = {"EK01": "EU-TARIFF-CUT", "EK03": "EU-LOBSTER", "EK04": "US-IEEPA-RECIP-PARTNERS", "EK05": "US-IEEPA-RECIP-PARTNERS",
           "EK06": "US-232-AUTO", "EK16": "EU-TARIFF-CUT"}
VEHICLE = {"USA": ("executive orders and notices", "executive"), "EU27": ("regulation of Parliament and Council", "legislature"),
           "both": ("joint statement of 2025-08-21; not binding", "executive")}


def commitments():
    out = [HEAD + "# Promises. Status is computed from events and dates, never written down."]
    for row in rows("commitments"):
        by = PARTY[row["by"]]
        vehicle, undone = VEHICLE[by]
        made = row["framework_date"]
        held = {"id": row["id"], "framework": row["framework"], "made": made, "by": by, "topic": row["topic"], "what": row["commitment"],
                "amount": row["amount"], "unit": row["unit"], "due": DUE.get(row["id"], ""), "agenda_only": row["id"] in AGENDA or "",
                "measure": MEASURE.get(row["id"]), "vehicle": vehicle, "undone_by": undone, "fact_status": row["status"],
                "fact_status_date": row["status_date"] if len(row["status_date"]) == 10 else "", "sources": cite(row), "confidence": row["confidence"]}
        out += ["", "[[commitment]]", *plain(held)]
        for day, effect, to, text in EVENTS.get(row["id"], []):
            out += ["[[commitment.event]]", *plain({"date": day, "effect": effect, "to": to, "text": text})]
    (TALKS / "commitments.toml").write_text("\n".join(out) + "\n", encoding="utf-8")


# id: kind, first day of the new state, known since, [closed: announced, how, to]
DEADLINES = {
    "ED01": ("tariff", "2025-07-09", "2025-04-09", ("2025-07-07", "moved", "2025-08-01")),
    "ED02": ("tariff", "2025-07-15", "2025-04-10", ("2025-07-13", "moved", "2025-08-07")),
    "ED03": ("threat", "2025-08-01", "2025-07-12", ("2025-07-27", "settled at Turnberry", "")),
    "ED04": ("tariff", "2025-08-07", "2025-07-24", ("2025-08-05", "moved", "2026-02-07")),
    "ED05": ("tariff", "2026-02-07", "2025-08-05", ("2026-02-06", "moved", "2026-08-07")),
    "ED06": ("threat", "2026-02-01", "2026-01-17", ("2026-01-21", "withdrawn", "")),
    "ED07": ("threat", "2026-07-04", "2026-05-07", ("2026-06-25", "met: regulation adopted", "")),
    "ED08": ("tariff", "2026-07-24", "2026-02-20", None),
    "ED09": ("tariff", "2026-08-07", "2026-02-06", None),
    "ED10": ("account", "2026-07-11", "2021-06-15", None),
    "ED11": ("procedure", "2026-12-31", "2026-06-16", None),
    "ED12": ("scheduled", "2028-01-01", "2026-04-02", None),
    "ED13": ("purchase", "2028-12-31", "2025-08-21", None),
    "ED14": ("procedure", "2029-06-30", "2026-06-25", None),
    "ED15": ("tariff", "2030-01-01", "2026-06-25", None),
    "ED16": ("tariff", "2030-08-01", "2026-06-25", None),
    "ED17": ("procedure", "2027-01-05", "2026-07-09", None),
}
RECALLED = {"ED02", "ED03", "ED06", "ED10"}
# A step of ED01 that the facts have in its outcome only.
MORE = [dict(id="ED01-2", kind="tariff", date="2025-08-01", known_from="2025-07-07", side="USA", instrument="IEEPA country rate 20",
             set_by="EO of 2025-07-07", lapses="pause ends", became="EO 14326: 10 until 2025-08-07, then 15 with the base rate inside",
             confidence="high", closed=("2025-07-31", "replaced by EO 14326", ""), like="ED01")]


def deadlines():
    out = [HEAD + "# Days on which something changes if nobody acts; `date` is the first day of the new state."]
    cited = {}
    held_rows = []
    for row in rows("deadlines"):
        kind, day, known, closed = DEADLINES[row["id"]]
        cited[row["id"]] = cite(row) or SOURCES.ids("facts on partners, us-eu/deadlines.csv: no act found")
        became = row["outcome"] + (f" to {row['moved_to']}" if row["moved_to"] else "")
        held_rows.append(dict(id=row["id"], kind=kind, date=day, as_given=f"{row['date']} {row['time_zone_note']}".strip(), known_from=known,
                              known_from_basis="recalled" if row["id"] in RECALLED else "", side=PARTY[row["side"]], instrument=row["instrument"],
                              set_by=row["set_by"], lapses=row["what_lapses_or_snaps_back"], became="" if row["outcome"] == "open" else became,
                              sources=cited[row["id"]], confidence=row["confidence"], closed=closed))
    for row in MORE:
        held_rows.append({**{key: part for key, part in row.items() if key != "like"}, "sources": cited[row["like"]]})
    for row in sorted(held_rows, key=lambda row: (row["date"], row["id"])):
        closed = row.pop("closed")
        out += ["", "[[deadline]]", *plain(row)]
        if closed:
            out += ["[deadline.closed]", *plain({"announced": closed[0], "how": closed[1], "to": closed[2]})]
    (TALKS / "deadlines.toml").write_text("\n".join(out) + "\n", encoding="utf-8")


THREATS = [
    dict(id="ET01", imposer="USA", target="EU27", announced="2025-05-23", announced_by="the President, on social media",
         what="50 percent on goods of the Union from 2025-06-01", statute="50 USC 1702 (IEEPA)", adds_pct=50, withdrawn="2025-05-25",
         withdrawn_by="put off after a call", no_basis_from="2026-02-20", source="facts on partners, AN04", confidence="memory"),
    dict(id="ET02", imposer="USA", target="EU27", announced="2025-07-12", announced_basis="recalled", announced_by="the President, by letter",
         what="30 percent on goods of the Union from 2025-08-01", statute="50 USC 1702 (IEEPA)", instrument="US-IEEPA-RECIP-PARTNERS", rate_pct=30,
         withdrawn="2025-07-27", withdrawn_by="Turnberry", no_basis_from="2026-02-20", source="econotimes.com July 2025", confidence="high"),
    dict(id="ET03", imposer="USA", target="EU27", announced="2026-01-17", announced_basis="recalled", announced_by="the President",
         what="10 percent on eight European states over Greenland from 2026-02-01, then 25", statute="50 USC 1702 (IEEPA)", adds_pct=10,
         withdrawn="2026-01-21", withdrawn_by="Davos", no_basis_from="2026-02-20", source="turkiyetoday.com 2026-01-23", confidence="medium"),
    dict(id="ET04", imposer="USA", target="EU27", announced="2026-05-01", announced_by="the President",
         what="25 on cars and trucks of the Union", statute="19 USC 1862 (Section 232)", instrument="US-232-AUTO", rate_pct=25,
         withdrawn="2026-07-01", withdrawn_by="the Union's regulation in force; not repeated in sources read since",
         source="modeldiplomat.com May 2026; brusselstimes.com 2026-06-30", confidence="medium"),
    dict(id="ET05", imposer="USA", target="EU27", announced="2026-05-07", announced_by="the President, in a call",
         what="far higher duties on the Union unless its regulation is in force by 2026-07-04; no rate named", statute="not named",
         withdrawn="2026-07-01", withdrawn_by="the Union's regulation in force", source="modeldiplomat.com May 2026", confidence="high"),
]


def threats():
    out = [HEAD + "# Announced and not adopted."]
    for threat in THREATS:
        held = {key: part for key, part in threat.items() if key not in ("source", "confidence")}
        out += ["", "[[threat]]", *plain({**held, "sources": SOURCES.ids(threat["source"]), "confidence": threat["confidence"]})]
    (TALKS / "threats.toml").write_text("\n".join(out) + "\n", encoding="utf-8")


def positions():
    header = ["id", "date", "party", "speaker", "role", "topic", "position", "quote", "sources", "confidence"]
    write_table(TALKS / "positions.csv", header,
                [[row["id"], row["date"], PARTY[row["party"]], row["speaker"], row["role"], row["topic"], row["paraphrase"], row["short_quote"],
                  " ".join(cite(row)), row["confidence"]] for row in rows("statements")])


def frameworks():
    out = [HEAD.rstrip("\n")]
    for held in FRAMEWORKS:
        out += ["", "[[framework]]", *plain(held)]
    (TALKS / "frameworks.toml").write_text("\n".join(out) + "\n", encoding="utf-8")


def union_measures():
    """The Union's own measures: what the facts have of EM20 to EM26."""
    held = {row["row_id"]: row for row in rows("measures")}

    def head(name, title, family, authority, covers, targets=("USA",), **more):
        return {"id": name, "title": title, "imposer": "EU27", "targets": list(targets), "authority": authority,
                "statute": "regulation of the European Union", "family": family, "kind": "tariff", "reversible_by": "executive", "covers": covers, **more}

    def entry(row, change, act, announced, start, **more):
        kept = {"row": row, "change": change, "act": act, "announced": announced, "from": start, **more}
        recalled = kept.get("confidence") == "memory"
        return {**{key: part for key, part in kept.items() if key not in ("scope", "parts")}, "sources": [] if recalled else cite(held[row]) or SOURCES.ids("facts on partners, us-eu/measures.csv"),
                "confidence": more.get("confidence", held[row]["confidence"]), "last_evidence": LAST_EVIDENCE,
                **{key: part for key, part in kept.items() if key in ("scope", "parts")}}

    share = {"least": 0.0, "expected": 0.28, "most": 1.0}
    listed = "whether the Union's list names the line: the record has its total, EUR 93 bn of about 333 bn of imports from the United States (recalled)"
    small = {"least": 0.0, "expected": 0.063, "most": 1.0}
    first = "whether the Union's list names the line: the record has its total, EUR 21 bn of about 333 bn of imports from the United States (recalled)"
    instrument("EU27/countermeasures/first-package",
               head("EU-CM-21", "EU countermeasures, first package", "eu-countermeasures", "EU countermeasures",
                    "Goods of EUR 21 bn in answer to the metals duties; never applied"),
               [entry("EM20", "sets", "Regulation 2025/778", "2025-04-09", "2025-04-15", rate_pct=[10, 25], note="planned 10 and 25; never applied"),
                {**entry("EM20", "suspends", "Regulation 2025/786", "2025-04-10", "2025-04-15", until="2025-07-15", rate_pct=0, suspended_pct=[10, 25],
                         note="for 90 days"), "row": None},
                {**entry("EM20", "suspends", "suspension carried on to 2025-08-06", "2025-07-13", "2025-07-15", until="2025-08-07", rate_pct=0, suspended_pct=[10, 25]), "row": None},
                {**entry("EM21", "ends", "merged into the list of EUR 93 bn", "2025-07-24", "2025-08-07", rate_pct=0), "row": None}],
               [{"all": True, "value_share": small, "question": first}], comment=HEAD)
    instrument("EU27/countermeasures/merged-list",
               head("EU-CM-93", "EU countermeasures, list of EUR 93 bn", "eu-countermeasures", "EU countermeasures",
                    "Soybeans, aircraft, cars, bourbon, machinery and more; never applied"),
               [entry("EM21", "sets", "Regulation 2025/1564 (number recalled)", "2025-07-24", "2025-08-07", rate_pct=[10, 30],
                      note="planned up to 30; never applied"),
                {**entry("EM21", "suspends", "suspension of 2025-08-05", "2025-08-05", "2025-08-07", until="2026-02-07", rate_pct=0, suspended_pct=[10, 30], note="for six months"),
                 "row": None},
                entry("EM22", "suspends", "suspension renewed", "2026-02-06", "2026-02-07", until="2026-08-07", rate_pct=0, suspended_pct=[10, 30], note="for six months"),
                entry("EM23", "unknown", "no act found on what followed 2026-08-06", "2026-08-07", "2026-08-07",
                      note="by the letter of the renewal the list would apply; no report of it found")],
               [{"all": True, "value_share": share, "question": listed}], comment=HEAD)
    industrial = [{"codes": [f"{chapter:02}" for chapter in range(25, 98) if chapter != 77]}]
    instrument("EU27/cuts/industrial-goods",
               head("EU-TARIFF-CUT", "EU tariff regulation of June 2026", "eu-tariff-cut", "EU tariff cuts",
                    "Industrial goods free; quotas and cuts for seafood and farm goods are not on record by line", reversible_by="legislature"),
               [entry("EM24", "sets", held["EM24"]["authority"], "2026-06-25", "2026-07-01", until="2030-01-01", effect="replaces-base", rate_pct=0,
                      note=held["EM24"]["relations"])], industrial, comment=HEAD)
    instrument("EU27/cuts/lobster",
               head("EU-LOBSTER", "EU lobster regulation of June 2026", "eu-lobster", "EU tariff cuts", "Lobster, also processed",
                    reversible_by="legislature"),
               [entry("EM25", "sets", "regulation of June 2026, retroactive", "2026-06-25", "2025-08-01", until="2030-08-01", effect="replaces-base",
                      rate_pct=0)], [{"codes": ["0306", "160530"]}], comment=HEAD)
    instrument("EU27/steel/over-quota",
               head("EU-STEEL", "EU steel measure, successor of the safeguard", "eu-steel", "EU steel", "Steel over quota", targets=("all",)),
               [entry("EM26", "sets", held["EM26"]["authority"], "2025-10-07", "2026-07-01", effect="quota", rate_pct=0, over_pct=50,
                      quota="by product and origin; amounts not on record", confidence="memory", note=held["EM26"]["change_event"])],
               [{"codes": ["7208", "7209", "7210", "7211", "7212", "7213", "7214", "7215", "7216", "7217", "7219", "7220", "7222", "7225", "7226",
                           "7227", "7228", "7304", "7305", "7306"]}], comment=HEAD)


def main():
    TALKS.mkdir(parents=True, exist_ok=True)
    (TALKS / "talks.toml").write_text(TALKS_TOML, encoding="utf-8")
    (TALKS / "series.toml").write_text(SERIES_TOML, encoding="utf-8")
    rounds()
    frameworks()
    commitments()
    deadlines()
    threats()
    positions()
    union_measures()
    SOURCES.write(LEDGER / "EU27/sources.csv")


if __name__ == "__main__":
    main()
