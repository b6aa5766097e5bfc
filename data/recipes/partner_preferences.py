"""Programmes of preference: the rows of preferences.csv with what a valid claim removes, and conditions, stacking and ambiguities of partners."""
import csv

from partner_law import HEAD, LEDGER, SOURCES, day_after, plain

# Programme of the facts -> identifier that is claimed, members, columns of the schedule. What is not here is no programme that an
# importer claims by origin (civil aircraft, pharmaceutical appendix, dye intermediates: the line's own provision).
PROGRAMMES = {
    "NAFTA": ("NAFTA", ["NAFTA"], ["S", "S+"]), "USMCA": ("USMCA", ["USMCA"], ["S", "S+"]), "KORUS": ("KORUS", ["KOR"], ["KR"]),
    "AUSFTA": ("AUSFTA", ["AUS"], ["AU"]), "Chile": ("CHILE", ["CHL"], ["CL"]), "Singapore": ("SINGAPORE", ["SGP"], ["SG"]),
    "Israel": ("ISRAEL", ["ISR"], ["IL"]), "Jordan": ("JORDAN", ["JOR"], ["JO"]), "Morocco": ("MOROCCO", ["MAR"], ["MA"]),
    "Bahrain": ("BAHRAIN", ["BHR"], ["BH"]), "Oman": ("OMAN", ["OMN"], ["OM"]), "Peru": ("PERU", ["PER"], ["PE"]),
    "Colombia": ("COLOMBIA", ["COL"], ["CO"]), "Panama": ("PANAMA", ["PAN"], ["PA"]), "CAFTA-DR": ("CAFTA", ["CAFTA-DR"], ["P", "P+"]),
    "Japan agreement": ("JAPAN", ["JPN"], ["JP"]), "GSP": ("GSP", ["GSP-LISTED"], ["A", "A*", "A+"]), "AGOA": ("AGOA", ["AGOA"], ["D"]),
    "CBERA": ("CBERA", ["CBERA"], ["E", "E*"]), "CBTPA": ("CBTPA", ["BRB", "BLZ", "CUW", "GUY", "HTI", "JAM", "LCA", "TTO"], ["R"]),
    "Nepal": ("NEPAL", ["NPL"], ["NP"]),
}
# Instruments of the metals: what a rule on metals names.
METALS = ["US-232-STEEL", "US-232-STEEL-DERIV-2020", "US-232-STEEL-DERIV-2025", "US-232-STEEL-INCL-2025", "US-232-ALU",
          "US-232-ALU-DERIV-2020", "US-232-ALU-DERIV-2025"]
REMOVES = {
    "USMCA": [
        {"of": ["ieepa-fentanyl-border"], "from": "2025-03-07", "announced": "2025-03-06", "why": "9903.01.04, .14: entered free under the agreement"},
        {"of": ["section-122"], "from": "2026-02-24", "why": "9903.03.07, .08"},
        {"of": ["section-301-forced-labour"], "from": "2026-07-24", "why": "9903.05.93, .94"},
        {"of": ["US-232-PARTS"], "from": "2025-05-03", "why": "9903.94.06: parts, not knock-down kits"},
        {"of": ["US-232-TRUCK"], "from": "2025-11-01", "why": "9903.74.10: parts",
         "lists": ["section-232/heavy-truck-parts", "section-232/heavy-truck-parts-in-general-provisions"]},
        {"of": ["US-201-QUARTZ"], "from": "2026-08-15", "why": "note 41"},
    ],
    "CAFTA": [
        {"of": ["section-122"], "from": "2026-02-24", "why": "9903.03.09: textiles and apparel entered free", "lists": ["section-301-forced-labour/cafta-textiles"]},
        {"of": ["section-301-forced-labour"], "from": "2026-07-24", "why": "9903.05.95: textiles and apparel entered free",
         "lists": ["section-301-forced-labour/cafta-textiles"]},
        {"of": ["section-301-nicaragua"], "why": "note 29(b): originating goods"},
    ],
}


# Metals that are articles of civil aircraft, by agreement: members, first day, announced, heading. The first reading had one day for all.
AIRCRAFT = [(["GBR"], "2025-06-30", "2025-06-16", "9903.96.01"), (["EU27"], "2025-09-01", "2025-09-25", "9903.02.76"),
            (["JPN"], "2025-09-16", "2025-09-04", "9903.96.02"), (["KOR"], "2025-11-14", "2025-12-04", "9903.02.81"),
            (["CHE", "LIE"], "2025-11-14", "2025-12-18", "9903.02.85, .90"), (["TWN"], "2026-05-01", "", "9903.96.03")]


def preferences(folder):
    with open(folder / "preferences.csv", encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    left = [row["program"] for row in rows if row["program"] not in PROGRAMMES]
    out = [HEAD + "# Never assumed: each is a branch beside the duty without it. Not carried, because no importer claims them by origin or their",
           f"# rates stand in no column that was read: {', '.join(left)}."]
    for row in rows:
        if row["program"] not in PROGRAMMES:
            continue
        name, members, columns = PROGRAMMES[row["program"]]
        held = {"id": name, "title": row["program"] + (f", general note {row['general_note']}" if row["general_note"] else ""), "importer": "USA",
                "members": members, "columns": columns, "from": row["from"], "until": day_after(row["to"])}
        if name == "AGOA" and row["from"] == "2025-10-01":
            held["announced"] = "2026-02-03"
        held |= {"note": "; ".join(part for part in (row["effect_on_base"], row["note"]) if part),
                 "sources": SOURCES.ids(row["source"]) if row["source"] else [], "confidence": row["confidence"]}
        out += ["", "[[programme]]", *plain(held)]
        for removed in REMOVES.get(name, []):
            out += ["[[programme.removes]]", *plain(removed)]
    for members, first, announced, why in AIRCRAFT:
        held = {"id": "CIVIL-AIRCRAFT", "title": "articles of civil aircraft, by agreement", "importer": "USA", "members": members, "columns": ["C"],
                "from": first, "announced": announced, "note": "general note 6; whether or not the line prints the symbol",
                "sources": SOURCES.ids(f"HTS {why}; brendanxmac/hts-hero revision plans and headings (Oct 2026)"), "confidence": "high"}
        out += ["", "[[programme]]", *plain(held), "[[programme.removes]]",
                *plain({"of": [*METALS, "US-232-METALS-ANNEX", "US-232-METALS-PARTNERS"], "from": first, "announced": announced, "why": why})]
    (LEDGER / "USA/partners/preferences.toml").write_text("\n".join(out) + "\n", encoding="utf-8")


def condition(name, kind, question, yes, no, source, **more):
    held = {"id": name, "kind": kind, "question": question, "yes": yes, "no": no, **more, "sources": SOURCES.ids(source)}
    return ["", "[[condition]]", *plain(held)]


CHAPTER = "chapter 99 of the schedule of the United States, 2026 revision 6"
# Those that measures on everybody ask too (civil aircraft, named article, donation ...) stand beside them.
CONDITIONS = [
    ("transshipped", "claim", "whether customs found the goods transshipped to evade the duty of their origin", "found transshipped", "no such finding",
     "EO 14326 section 3; EO 14325", {}),
    ("packaged", "fact", "whether the goods are packaged for sale or in bulk", "packaged", "in bulk", "91 FR 58311; CSMS 70050970", {}),
    ("imported-before-the-ban", "claim", "whether the goods were imported, also into bond or a foreign trade zone, before 2026-09-29", "imported before",
     "imported since", "91 FR 58311; CSMS 70050970", {}),
    ("us-content-approved", "claim", "whether the Department of Commerce approved the content of the United States in the vehicle or article", "approved",
     "not approved: full value", "procl. 10908 clause 2; note 33(d)", {}),
    ("non-us-content", "content", "what share of the value is no content of the United States", "", "", "procl. 10908 clause 2; note 33(d)", {"expected": 0.6}),
    ("for-uk-vehicles", "claim", "whether the parts are for vehicles of the United Kingdom (9903.94.32)", "for vehicles of the United Kingdom", "for other vehicles",
     "EO 14309; 90 FR 27851", {}),
    ("uk-metal", "fact", "whether at least 95 percent of the metal was melted and poured, or smelted and cast, in the United Kingdom", "metal of the United Kingdom",
     "other metal", "procl. 11021; note 16(d)", {"expected": 0.5}),
    ("authorised-amount", "claim", "whether the goods are within the amounts that the Department of Commerce authorised for makers of vehicles (9903.82.18, .19)",
     "within the amounts", "outside them", "procl. 10984; 91 FR 21790", {}),
    ("components-of-partners", "claim", "whether the critical components are of the United States, Japan, Korea, Taiwan, Switzerland, Liechtenstein, the "
     "European Union or the United Kingdom (9903.08.23, .24)", "components of these", "other components", "procl. 11055; note 43", {}),
    ("melted-elsewhere", "claim", "whether the steel was melted and poured outside Mexico, Canada and the United States", "melted elsewhere",
     "melted in Mexico, Canada or the United States", "proclamation of 2024-07-10", {}),
    ("smelted-in-named-countries", "claim", "whether metal in the goods was smelted or cast in China, Russia, Belarus or Iran", "smelted or cast there",
     "smelted and cast elsewhere", "proclamation of 2024-07-10", {}),
]


def conditions():
    out = [HEAD + "# What a code does not show. The words of a question are the reader's."]
    for name, kind, question, yes, no, source, more in CONDITIONS:
        out += condition(name, kind, question, yes, no, source, **more)
    (LEDGER / "USA/partners/conditions.toml").write_text("\n".join(out) + "\n", encoding="utf-8")


# What excludes what on goods of partners: rule of the facts, by, of, more keys, source.
PARTNER_METALS = ["section-232-partners"]
OTHERS_232 = ["US-232-COPPER", "US-232-WOOD", "US-232-TRUCK", "US-232-SEMI"]
ALL_232 = ["section-232", "section-232-semiconductors", "section-232-partners", "section-232-russia"]
RULES = [
    ("partners-transshipment", ["US-IEEPA-TRANSSHIPMENT"], ["ieepa-reciprocal"], {}, "EO 14326 section 3: in place of the country rate"),
    ("ST02", ["US-232-AUTO", "US-232-PARTS"], ["ieepa-fentanyl-border"], {"from": "2025-04-03", "until": "2026-02-24", "announced": "2025-04-29"},
     "EO 14289 section 3(a)(i), retroactive; note 33(a)"),
    ("ST03", ["ieepa-fentanyl-border"], METALS, {"from": "2025-03-04", "until": "2025-06-04", "announced": "2025-04-29", "targets": ["CAN", "MEX"]},
     "EO 14289 section 3(a)(ii), retroactive: metals apply where fentanyl is not due"),
    ("ST04", METALS, ["ieepa-fentanyl-border"], {"from": "2025-06-04", "until": "2026-02-24"}, "procl. 10947 clauses 5 and 6: content that pays the metals duty"),
    ("ST09", OTHERS_232, ["ieepa-fentanyl-border"], {"from": "2025-08-01", "until": "2026-02-24"}, "texts of the programmes and of the orders on Canada and Mexico"),
    ("ST09-orders", ALL_232, ["ieepa-country-order"], {"from": "2025-08-06", "until": "2026-02-24"}, "EO 14323, EO 14329: goods under Section 232"),
    ("partners-metals", PARTNER_METALS, ["US-232-METALS-ANNEX"], {"from": "2026-04-06", "whole": True},
     "note 16(d), (j) and headings 9903.82.04, .05, .12, .18-.22: the partner's rate in place of the rate for all"),
    ("partners-metals-122", PARTNER_METALS, ["section-122"], {"from": "2026-04-06", "until": "2026-07-24"}, "9903.03.06"),
    ("partners-metals-FL", PARTNER_METALS, ["section-301-forced-labour"], {"from": "2026-07-24"}, "9903.05.90, note 52(f)"),
    ("partners-metals-autos", ["US-232-AUTO", "US-232-PARTS", "US-232-TRUCK", "US-232-SEMI"], PARTNER_METALS, {"from": "2026-04-06"}, "notes 33(a), 38(a), 39(a)"),
    ("russia-aluminium", ["US-232-ALU-RUS"], [*METALS, "US-232-METALS-ANNEX"], {"from": "2023-03-10", "whole": True}, "9903.85.67: in place of the rate for all"),
    ("russia-122", ["US-232-ALU-RUS"], ["section-122"], {"from": "2026-02-24", "until": "2026-07-24"}, "9903.03.06"),
    ("ST13", ALL_232, ["section-301-brazil"], {"from": "2026-07-22"}, "9903.05.07"),
    ("ST15", ALL_232, ["section-338"], {"from": "2026-08-22", "until": "2026-09-15"}, "9903.03.15"),
    ("ST16", ALL_232, ["US-338-CAN-DAIRY"], {"from": "2026-09-15", "announced": "2026-09-08"}, "9903.03.15 as narrowed by procl. 11064 and 11065"),
]


def stacking():
    out = [HEAD + "# What excludes what on goods of partners. What no rule names adds up."]
    for name, by, of, more, source in RULES:
        out += ["", "[[stacking]]", *plain({"id": name, "rule": "blocks", "by": by, "of": of, **more, "source": source})]
    (LEDGER / "USA/partners/stacking.toml").write_text("\n".join(out) + "\n", encoding="utf-8")


# Decided once and told with every duty on which it bears.
AMBIGUITIES = [
    dict(id="A1", question="whether India pays 18 from 2026-02-07", decided="25: the schedule's text, not the joint statement",
         why="no order and no heading said 18 before the duty ended on 2026-02-24", targets=["IND"], instruments=["US-IEEPA-RECIP-PARTNERS"],
         **{"from": "2026-02-07"}, until="2026-02-24", source="README of the facts on all partners, A1; White House text 2026-02-06"),
    dict(id="A3", question="whether fentanyl or metals duty was due on metals of Canada and Mexico before 2025-06-04",
         decided="fentanyl keeps metals off, as the order of 2025-04-29 says with retroactive effect",
         why="what was collected before that day differs and is refunded on request", targets=["CAN", "MEX"],
         instruments=["US-IEEPA-FENT-CAN", "US-IEEPA-FENT-MEX"], **{"from": "2025-03-12"}, until="2025-06-04", source="EO 14289 section 3; procl. 10947"),
    dict(id="A4", question="which rate held before a ceiling was set with retroactive effect",
         decided="the law as it now stands; asked with the knowledge of the day, what was collected then",
         why="the notices refund the difference", targets=["EU27", "JPN", "KOR", "CHE", "LIE", "TWN"],
         instruments=["US-IEEPA-RECIP-PARTNERS", "US-232-AUTO", "US-232-PARTS"], **{"from": "2025-08-01"}, until="2026-02-24",
         source="90 FR 44638; 90 FR 46136; 90 FR 55964; 90 FR 59281"),
    dict(id="A8", question="whether goods under column 2 pay the forced-labour duty", decided="those of Russia alone",
         why="its heading is the one whose column 2 adds the rate", targets=["COLUMN2"], instruments=["US-COLUMN-2"], **{"from": "2026-07-24"},
         source="91 FR 47318, heading 9903.05.66"),
    dict(id="A9", question="what a ceiling adds where the base rate is an amount per unit",
         decided="the ceiling less the average value of the base rate in 2024; the value of the shipment decides",
         why="an amount per unit is no share of value before the value is known", targets=["EU27", "JPN", "KOR", "CHE", "LIE"],
         instruments=["US-IEEPA-RECIP-PARTNERS"], source="HTS 9903.02.19, .20, .72, .73"),
    dict(id="A10", question="on which day the steel and aluminium duties on Canada and Mexico ended", decided="2019-05-20, as customs collected",
         why="the recital of a later proclamation names 2019-05-21", targets=["CAN", "MEX"], instruments=["US-232-STEEL", "US-232-ALU"],
         **{"from": "2019-05-19"}, until="2019-05-22", source="procl. 9893; procl. 9894; procl. 10328"),
    dict(id="A12", question="whether the truce over large aircraft ended in July 2026", decided="no: suspended",
         why="the notes that suspend have no last day and stand unchanged to revision 21", targets=["EU27", "GBR"], instruments=["US-301-AIRCRAFT"],
         **{"from": "2026-07-04"}, source="note 21(u)-(x)"),
    dict(id="A13", question="what goods under the bans on Canada pay that were imported before the day", decided="the 50 percent of Section 338",
         why="the bans reach imports, the duty entries", targets=["CAN"], instruments=["US-338-CAN-BAN"], **{"from": "2026-09-29"},
         source="91 FR 58311; CSMS 70050970"),
    dict(id="A14", question="whether buyers of Russian oil and gas pay up to 100 under the act of 2026-09-18", decided="no: no action was found",
         why="the act permits it and orders nothing by itself", targets=["CHN", "IND", "TUR"], instruments=["US-301-FL", "US-301-FL-PARTNERS"],
         **{"from": "2026-10-18"}, source="Sanctioning Russia and Iran Act, signed 2026-09-18 (press, earlier reading)"),
]


def ambiguities():
    out = [HEAD + "# What the texts leave open and how this record decides it; shown with every duty on which it bears."]
    for held in AMBIGUITIES:
        row = {"id": held["id"], "question": held["question"], "decided": held["decided"], "why": held["why"], "importer": "USA",
               "targets": held["targets"], "instruments": held["instruments"], "from": held.get("from"), "until": held.get("until"),
               "sources": SOURCES.ids(held["source"])}
        out += ["", "[[ambiguity]]", *plain(row)]
    (LEDGER / "USA/partners/ambiguities.toml").write_text("\n".join(out) + "\n", encoding="utf-8")


# What the record knows to be missing for partners: the gaps that the facts name, where a duty rests on them.
MISSING = [
    dict(id="us-base-before-2025", until="2025-01-01", what="base rates before 2025 are those of the edition of January 2025; some special rates were higher by stages",
         confidence="medium"),
    dict(id="us-quota-states", instruments=["US-232-STEEL", "US-232-ALU", "US-201-WASHERS", "US-201-QUARTZ", "US-201-SOLAR", "US-232-AUTO"],
         what="how far quotas are filled is not on record: both answers are given"),
    dict(id="us-232-exclusions", instruments=["US-232-STEEL", "US-232-ALU"], until="2025-03-12",
         what="product exclusions of Section 232 (2018 to 2025) are not on record by line"),
    dict(id="us-russia-35-days", targets=["RUS"], lists=["column-2/russia-35"], until="2023-04-01",
         what="which goods of note 30(b) entered on 2022-07-27 and which on 2023-04-01 is not told apart", confidence="medium"),
    dict(id="us-aircraft-lists-before-2021", instruments=["US-301-AIRCRAFT"], until="2021-01-12",
         what="the lists on large aircraft stand as last amended: changes of 2020 are not told apart", confidence="medium"),
    dict(id="us-beef-quota", codes=["02013050", "02023050"], **{"from": "2026-02-13"},
         what="access of lean beef trimmings to the rate within quota (80,000 t for Argentina in 2026; 300,000 t for others from 2026-09-01 to 2026-11-30)"),
    dict(id="us-energy-of-canada", targets=["CAN"], lists=["ieepa/fentanyl-energy-canada"], instruments=["US-IEEPA-FENT-CAN"], until="2026-02-24",
         what="the order names kinds of energy; the codes are a reading of it", confidence="medium"),
]
EVIDENCE = [{"importer": "USA", "from": "2018-01-01", "until": "2026-10-10"}, {"importer": "EU27", "from": "2025-04-15", "until": "2026-10-10"}]


def coverage():
    out = [HEAD + "# The days that were read, and what the record knows to be missing on goods of partners."]
    for held in EVIDENCE:
        out += ["", "[[evidence]]", *plain(held)]
    for held in MISSING:
        row = {"id": held["id"], "importer": "USA", **{key: part for key, part in held.items() if key != "id"},
               "sources": SOURCES.ids("README of the facts on all partners, gaps")}
        out += ["", "[[missing]]", *plain(row)]
    (LEDGER / "USA/partners/coverage.toml").write_text("\n".join(out) + "\n", encoding="utf-8")


def write(folder):
    preferences(folder)
    conditions()
    stacking()
    ambiguities()
    coverage()
