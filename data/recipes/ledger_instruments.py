"""What the fact base says in words, as data: powers, families, files, scopes, days of announcement, suspensions."""

ECONOMY = {"US": "USA", "CN": "CHN", "NL": "NLD", "ALL": "all", "both": "both"}
RECALLED = "day of the cited act, recalled"


def lists(*names, **more):
    return [{"lists": list(names), **more}]


def us(folder, name, authority, family, statute, by="executive", **more):
    return {"file": f"USA/{folder}/{name}", "authority": authority, "family": family, "statute": statute,
            "reversible_by": by, **more}


def cn(folder, name, authority, family, **more):
    return {"file": f"CHN/{folder}/{name}", "authority": authority, "family": family, "reversible_by": "executive",
            "statute": more.pop("statute", "Tariff Law; State Council Customs Tariff Commission"), **more}


def s301(name, scope, **more):
    return us("section-301", name, "Section 301", "section-301-technology", "19 USC 2411 (Section 301)", "agency",
              scope=scope, reinstated_in="modification by notice, weeks; new action up to 12 months", **more)


def s232(name, scope, family="section-232", **more):
    return us("section-232", name, "Section 232", family, "19 USC 1862 (Section 232)", scope=scope,
              reinstated_in="proclamation, days where findings stand; new inquiry up to 270 days", **more)


TECHNOLOGY = ["US-301-L1", "US-301-L2", "US-301-L3", "US-301-L4A", "US-301-2024-STEELCRIT", "US-301-2024-SOLAR",
              "US-301-2024-EV", "US-301-2024-CRANE", "US-301-2025-SEMI", "US-301-2025-TUNG", "US-301-2026-BATT",
              "US-301-2026-MASK", "US-301-GLOVE"]
RETALIATION = ["CN-R301-34", "CN-R301-16", "CN-R301-60", "CN-R301-75A"]
ALL = [{"all": True}]
IEEPA = "50 USC 1702 (IEEPA)"

INSTRUMENTS = {
    "US-301-L1": s301("list-1", lists("section-301/list-1", "section-301/list-1-until-note-31")),
    "US-301-L2": s301("list-2", lists("section-301/list-2", "section-301/list-2-until-note-31")),
    "US-301-L3": s301("list-3", lists("section-301/list-3", "section-301/list-3-until-note-31")),
    "US-301-L4A": s301("list-4a", lists("section-301/list-4a", "section-301/list-4a-until-note-31")),
    "US-301-L4B": s301("list-4b", lists("section-301/list-4b")),
    "US-301-2024-STEELCRIT": s301("note-31b-steel-batteries-minerals",
                                  lists("section-301/note-31b-steel-aluminium-batteries-minerals")),
    "US-301-2024-SOLAR": s301("note-31c-solar", lists("section-301/note-31c-solar")),
    "US-301-2024-EV": s301("note-31d-electric-vehicles-syringes",
                           lists("section-301/note-31d-electric-vehicles-syringes")),
    "US-301-2024-CRANE": s301("note-31a-cranes", lists("section-301/ship-to-shore-cranes")),
    "US-301-2025-SEMI": s301("note-31f-semiconductors", lists("section-301/note-31f-semiconductors")),
    "US-301-2025-TUNG": s301("note-31j-tungsten", lists("section-301/note-31j-tungsten")),
    "US-301-2026-BATT": s301("note-31g-graphite-magnets-batteries",
                             lists("section-301/note-31g-graphite-magnets-batteries")),
    "US-301-2026-MASK": s301("note-31h-masks", lists("section-301/note-31h-masks")),
    "US-301-GLOVE": s301("note-31i-gloves", lists("section-301/note-31i-gloves")),
    "US-301-EXCL": us("section-301", "exclusions", "Section 301", "section-301-exclusions", "19 USC 2411 (Section 301)",
                      "agency", acts_on=TECHNOLOGY, reinstated_in="notice, days"),
    "US-301-MAR-GOODS": us("section-301-maritime", "cranes-and-chassis", "Section 301 maritime", "section-301-maritime",
                           "19 USC 2411 (Section 301)", "agency", scope=lists("section-301/maritime-cranes-chassis"),
                           reinstated_in="by itself when the suspension ends"),
    "US-301-MAR-FEES": us("section-301-maritime", "port-fees", "Section 301 maritime", "section-301-maritime-fees",
                          "19 USC 2411 (Section 301)", "agency", reinstated_in="by itself when the suspension ends"),
    "US-301-FL": us("section-301-forced-labour", "all-goods", "Section 301 forced labour", "section-301-forced-labour",
                    "19 USC 2411 (Section 301)", "agency", scope=ALL,
                    reinstated_in="notice, weeks; new action up to 12 months"),
    "US-301-EXCAP": us("section-301-excess-capacity", "all-goods", "Section 301 excess capacity",
                       "section-301-excess-capacity", "19 USC 2411 (Section 301)", "agency", scope=ALL,
                       reinstated_in="determination and notice"),
    "US-IEEPA-FENT": us("ieepa", "fentanyl", "IEEPA fentanyl", "ieepa-fentanyl", IEEPA, scope=ALL,
                        reinstated_in="not under this statute since the ruling of 2026-02-20"),
    "US-IEEPA-RECIP": us("ieepa", "reciprocal", "IEEPA reciprocal", "ieepa-reciprocal", IEEPA,
                         scope=[{"all": True, "except_lists": ["ieepa/annex-ii-exempt"]}],
                         reinstated_in="not under this statute since the ruling of 2026-02-20"),
    "US-S122": us("section-122", "surcharge", "Section 122", "section-122", "19 USC 2132 (Section 122)",
                  scope=[{"all": True, "except_lists": ["section-122/exempt"]}],
                  reinstated_in="proclamation, days; 150 days at most without Congress"),
    "US-232-STEEL": s232("steel", lists("section-232/steel")),
    "US-232-ALU": s232("aluminium", lists("section-232/aluminium")),
    "US-232-AUTO": s232("automobiles", lists("section-232/passenger-vehicles", "section-232/light-trucks")),
    "US-232-PARTS": s232("automobile-parts", lists("section-232/automobile-parts")),
    "US-232-COPPER": s232("copper", lists("section-232/copper")),
    "US-232-WOOD": s232("timber-furniture-cabinets", lists("section-232/softwood", "section-232/upholstered-furniture",
                                                           "section-232/kitchen-cabinets")),
    "US-232-TRUCK": s232("heavy-trucks-and-buses", lists("section-232/heavy-trucks", "section-232/heavy-truck-parts",
                                                         "section-232/buses")),
    "US-232-SEMI": s232("semiconductors", lists("section-232/semiconductors"), family="section-232-semiconductors"),
    "US-232-PHARMA": s232("pharmaceuticals", [{"codes": ["3003", "3004"],
                          "value_share": {"least": 0, "expected": 0, "most": 1},
                          "question": "whether the medicine is patented, and whose agreement covers its maker"}]),
    "US-232-POLY": s232("polysilicon", lists("section-232/polysilicon")),
    "US-201-SOLAR": us("section-201", "solar", "Section 201", "section-201", "19 USC 2251 (Section 201)",
                       scope=lists("section-201/solar", value_share={"least": 0, "expected": 1, "most": 1},
                                   question="whether the goods lie above the quota"), reinstated_in="new inquiry"),
    "US-DEMIN": us("section-321", "de-minimis", "Section 321", "de-minimis", "19 USC 1321 (Section 321)"),
    "US-BIS-50": us("export-controls", "affiliates-rule", "Export Administration Regulations", "export-controls",
                    "50 USC 4801 (ECRA)", "agency", reinstated_in="by itself when the suspension ends"),
    "CN-R232": cn("retaliation-2018", "to-section-232", "Retaliation to Section 232", "retaliation-232"),
    "CN-R301-34": cn("retaliation-2018", "to-list-1", "Retaliation to Section 301", "retaliation-301"),
    "CN-R301-16": cn("retaliation-2018", "to-list-2", "Retaliation to Section 301", "retaliation-301"),
    "CN-R301-60": cn("retaliation-2018", "to-list-3", "Retaliation to Section 301", "retaliation-301"),
    "CN-R301-75A": cn("retaliation-2018", "to-list-4a", "Retaliation to Section 301", "retaliation-301"),
    "CN-AUTO": cn("retaliation-2018", "automobiles", "Retaliation to Section 301", "retaliation-301-automobiles",
                  scope=[{"codes": ["8703", "8708"]}]),
    "CN-EXCL": cn("retaliation-2018", "exclusions", "Retaliation to Section 301", "retaliation-exclusions",
                  acts_on=RETALIATION),
    "CN-FENT1": cn("response-to-fentanyl-duty", "energy-and-machinery", "Response to fentanyl duty", "response-fentanyl",
                   reinstated_in="announcement, days"),
    "CN-FENT2": cn("response-to-fentanyl-duty", "farm-goods", "Response to fentanyl duty", "response-fentanyl",
                   reinstated_in="announcement, days"),
    "CN-RECIP": cn("response-to-reciprocal-duty", "all-goods", "Response to reciprocal duty", "response-reciprocal",
                   scope=ALL, reinstated_in="24 points by themselves when the suspension ends; more by announcement, days"),
    "CN-RE-APR": cn("export-controls", "rare-earths-april-2025", "Export Control Law", "export-controls",
                    statute="Export Control Law; Regulations on Dual-Use Items"),
    "CN-RE-OCT": cn("export-controls", "package-october-2025", "Export Control Law", "export-controls",
                    statute="Export Control Law; Regulations on Dual-Use Items",
                    reinstated_in="by itself when the suspension ends"),
    "CN-GAGESB": cn("export-controls", "gallium-germanium-antimony", "Export Control Law", "export-controls",
                    statute="Export Control Law; Regulations on Dual-Use Items",
                    reinstated_in="by itself when the suspension ends"),
    "CN-PORT": cn("port-dues", "special-port-dues", "Special port dues", "port-dues",
                  statute="Regulations on International Maritime Transport",
                  reinstated_in="by itself when the suspension ends"),
    "CN-UEL": cn("listings", "april-2025", "Unreliable entity and export control lists", "listings",
                 statute="Provisions on the Unreliable Entity List; Export Control Law"),
}

US_STATEMENT = "CNBC 2026-09-24, NYT 2026-09-23, Al Jazeera 2026-09-24 as cited in public news logs (truce extended to 2027-01-10)"
CN_STATEMENT = ("MOFCOM Dept of American and Oceanian Affairs, interpretation of 8th-round results, 2026-09-28, "
                "mofcom.gov.cn/xwfb/sjfzrfb/art/2026/art_cd060e0649964da8ae13216c3bb1a645.html, as quoted in a public log")
PENDING = ("Public forecasting log, 2026-10-07 (White House fact sheet 2026-09-25 silent on extension; CalChamber 2026-10-06 "
           "and Crowell: FR notices pending)")
FACT_SHEET = ("White House fact sheet of 2025-11-01 as reproduced by Keneci Network, WorldTradeScanner and BreakingOn (Nov 2025)")
STR_REPORT = ('Sandler, Travis & Rosenberg Trade Report, Nov 2025, "U.S. to ease tariffs, ship fees, export restrictions on '
              'China"')


def act(date, basis="", **more):
    out = {"announced": date, **more}
    if basis:
        out["announced_basis"] = basis
    return out


def stated(kind, start, end, **more):
    """The arrangement as officials said in September 2026 that it runs; no notice was seen."""
    return {"change": kind, "from": start, "until": end, "stated": True, "confidence": "low", **more}


WOOD = [{"rate_pct": 10, "scope": lists("section-232/softwood")},
        {"rate_pct": 25, "scope": lists("section-232/upholstered-furniture", "section-232/kitchen-cabinets")}]
TRUCKS = [{"rate_pct": 25, "scope": lists("section-232/heavy-trucks", "section-232/heavy-truck-parts")},
          {"rate_pct": 10, "scope": lists("section-232/buses")}]

# Row of measures.csv -> what is laid over it. Rows not named here are an act that sets the row's rate from its first day,
# announced on a day that is not known.
RATES = {
    "M001": act("2018-06-20"), "M002": act("2018-08-16"), "M003": act("2018-09-21", until="2019-01-01"),
    "M004": act("2019-05-09"),
    "M005": act("2019-08-30"), "M006": act("2020-01-22"),
    "M007": act("2019-12-13", "two days before effect, as the deadline's record says", change="suspends", suspended="15"),
    "M008": act("2024-09-18"), "M009": act("2024-09-18"), "M010": act("2024-09-18"), "M011": act("2024-09-18"),
    "M012": act("2024-09-18"), "M013": act("2024-12-16"), "M014": act("2024-09-18"), "M015": act("2024-09-18"),
    "M016": act("2024-09-18"), "M017": act("2024-09-18"), "M018": act("2024-09-18"),
    "M019": {"change": "relieves", "until": "fact"},
    "M020": act("2025-12-01", change="relieves", until="fact"),
    "M021": act("2025-11-01", "day the arrangement was made public", published="2025-11-13", change="suspends",
                suspended="100", until="fact"),
    "M022": act("2025-10-16", **{"from": "2025-11-10"},
                note="by its text from 2025-11-09; the suspension came the day after and the fact base counts no day of effect. "
                     "HTS 2026 Revision 21 (2026-10-07) still printed it from 2026-11-10; press says suspended to 2027-01-10, "
                     "no notice found"),
    "M023": act("2025-04-17"), "M024": act("2025-11-01", published="2025-11-13", change="suspends", until="fact"),
    "M025": act("2026-09-23", **stated("unknown", "2026-11-10", "2027-01-10")),
    "M026": act("2026-07-23", "day of the Presidential Memorandum", published="2026-07-28"),
    "M027": act("2026-03-11", change="proposes"),
    "M028": act("2025-02-01", RECALLED), "M029": act("2025-03-03", RECALLED), "M030": act("2025-11-04"),
    "M031": act("2026-02-20", change="invalidates", no_basis_from="2026-02-20"),
    "M032": act("2025-04-02", RECALLED),
    "M033": act("2025-04-08", RECALLED), "M034": act("2025-04-09", RECALLED),
    "M035": act("2025-05-12", change="suspends", suspended="24", until="fact"),
    "M036": act("2025-08-11", change="suspends", suspended="24", until="fact"),
    "M037": act("2025-11-04", change="suspends", suspended="24", until="2026-11-10"),
    "M038": act("2026-02-20", change="invalidates", no_basis_from="2026-02-20"),
    "M039": act("2026-02-20", "day of the ruling that it answers; its own day not read", until="fact"),
    "M040": act("2026-02-20", "the statute's 150 days run from the proclamation", change="lapses"),
    "M041": act("2018-03-08", RECALLED), "M042": act("2025-06-03", RECALLED), "M043": act("2026-04-02"),
    "M044": act("2018-03-08", RECALLED), "M045": act("2025-02-10", RECALLED), "M046": act("2025-06-03", RECALLED),
    "M047": act("2026-04-02"), "M048": act("2025-03-26", RECALLED), "M049": act("2025-03-26", RECALLED),
    "M050": act("2025-07-30", RECALLED), "M051": act("2025-09-29", RECALLED, parts=WOOD),
    "M052": act("2025-10-17", RECALLED, parts=TRUCKS), "M053": act("2026-01-14"), "M055": act("2026-08-06"),
    "M056": act("2022-02-04", RECALLED, until="fact"),
    "M057": act("2025-04-02"), "M058": act("2025-07-30"), "M059": act("2026-02-20"), "M060": act("2026-07-23"),
    "M061": act("2025-09-29"), "M062": act("2025-11-01", change="suspends", until="fact"),
    "M063": act("2026-09-23", **stated("unknown", "2026-11-10", "2027-01-10")),
    "M064": act("2018-04-01", RECALLED), "M065": act("2018-06-15"), "M066": act("2018-08-08"),
    "M067": act("2018-09-18", "recalled"), "M068": act("2019-05-13"), "M069": act("2019-08-23", RECALLED),
    "M070": act("2020-02-06", RECALLED),
    "M071": act("2018-12-14", RECALLED, change="suspends", suspended="5/25"),
    "M072": act("2020-02-17", RECALLED, change="relieves"),
    "M073": act("2025-02-04", RECALLED), "M074": act("2025-03-04"), "M075": act("2025-11-05", change="ends"),
    "M076": act("2025-04-09", RECALLED), "M077": act("2025-04-11", RECALLED),
    "M078": act("2025-05-13", change="suspends", suspended="24", until="fact"),
    "M079": act("2025-08-12", change="suspends", suspended="24", until="fact"),
    "M080": act("2025-11-05", change="suspends", suspended="24", until="2026-11-10", confidence="medium"),
    "M081": act("2025-04-04"), "M082": act("2025-10-09", change="proposes"),
    "M083": act("2025-11-07", change="suspends", until="fact"),
    "M084": act("2026-09-28", **stated("suspends", "2026-11-11", "2027-01-10")),
    "M085": act("2024-12-03"), "M086": act("2025-11-09", change="suspends", until="fact"),
    "M092": {"announced": "2025-11-09", "change": "unknown"},
    "M087": act("2025-10-10"), "M088": act("2025-11-10", change="suspends", until="fact"),
    "M089": act("2026-09-28", **stated("unknown", "2026-11-10", "2027-01-10")),
    "M090": act("2025-04-04"), "M091": act("2025-05-14", change="suspends"),
}

# Acts that the fact base has in words only: announced and never applied, postponed, or the full rate under a suspension.
EXTRA = {
    "M003": {"after": [
        act("2018-09-21", change="sets", rate="25", **{"from": "2019-01-01"}, act="83 FR 47974: rise planned for 2019-01-01",
            note="postponed before effect (deadlines DL01)", confidence="medium"),
        act("2018-12-01", change="sets", rate="10", **{"from": "2019-01-01", "until": "2019-03-01"},
            act="Buenos Aires truce of 2018-12-01: rise postponed 90 days", note="", confidence="medium",
            sources="CNN timeline copy, channel3000.com, 2019 (Key events in Trump's China trade talks)"),
        act("2019-02-24", change="sets", rate="10", **{"from": "2019-03-01"}, act="rise delayed without a day, 24-28 February 2019",
            note="", sources="Washington Examiner, Dec 2019, timeline of 2019 talks | Bloomberg Quint, April 2019, trade war timeline"),
    ]},
    "M005": {"before": [
        act("2019-08-20", change="sets", rate="10", **{"from": "2019-09-01"}, act="84 FR 43304: 10 announced",
            note="raised to 15 before effect", sources="84 FR 43304 (2019-08-20)"),
    ]},
    "M007": {"before": [
        act("2019-08-20", change="sets", rate="10", **{"from": "2019-12-15"}, act="84 FR 43304: 10 announced for 2019-12-15",
            note="never collected", sources="84 FR 43304 (2019-08-20)"),
        act("2019-08-30", change="sets", rate="15", **{"from": "2019-12-15"}, act="84 FR 45821: 15 announced for 2019-12-15",
            note="never collected", sources="84 FR 45821 (2019-08-30)"),
    ]},
    "M020": {"before": [
        act("2025-11-01", change="relieves", stated=True, **{"from": "2025-11-30", "until": "2026-11-10"},
            act="fact sheet of 2025-11-01: exclusions to be extended", note="notice followed on 2025-12-01",
            sources=f"{FACT_SHEET} | {STR_REPORT}", confidence="medium"),
    ], "after": [
        act("2026-09-23", **stated("relieves", "2026-11-10", "2027-01-10",
                                   act="arrangement said to run to 2027-01-10; notice not seen", sources=f"{US_STATEMENT} | {PENDING}",
                                   note="named in press accounts of the arrangement; HTS 2026 Revision 21 still printed the old end")),
    ]},
    "M022": {"after": [
        act("2026-09-23", **stated("suspends", "2026-11-10", "2027-01-10", rate="0", suspended="100",
                                   act="arrangement said to run to 2027-01-10; notice not seen", sources=f"{US_STATEMENT} | {PENDING}",
                                   note="by the notices seen, 100 from 2026-11-10")),
    ]},
    "M032": {"after": [
        act("2025-04-02", RECALLED, change="sets", rate="34", **{"from": "2025-04-09"}, act="EO 14257, country rate",
            note="scheduled for 2025-04-09 and never applied alone"),
    ]},
    "M035": {"before": [
        act("2025-05-12", change="sets", rate="34", **{"from": "2025-05-14"}, act="EO 14298 (Geneva): 84 and 125 withdrawn, 34 kept",
            note="24 of the 34 points are suspended; this is the rate that shows when no suspension stands"),
    ]},
    "M038": {"after": [
        act("2026-09-23", **stated("suspends", "2026-11-10", "2027-01-10", rate="10", suspended="24",
                                   act="arrangement said to run to 2027-01-10; notice not seen", sources=f"{US_STATEMENT} | {PENDING}",
                                   note="holds back what no longer has a legal basis; without it the order's text says 34 from 2026-11-10")),
    ]},
    "M076": {"before": [
        act("2025-04-04", RECALLED, change="sets", rate="34", **{"from": "2025-04-10"}, act="Announcement No. 4 of 2025",
            note="never collected alone"),
    ]},
    "M071": {"after": [
        act("2019-08-23", RECALLED, change="sets", rate="5/25", **{"from": "2019-12-15"},
            act="Customs Tariff Commission 2019: 25 and 5 to return on 2019-12-15", note="suspended again before effect",
            confidence="medium"),
        {"announced": "2019-12-15", "announced_basis": "recalled", "change": "suspends", "rate": "0", "suspended": "5/25",
         "from": "2019-12-15", "act": "Customs Tariff Commission 2019 No. 7", "note": "", "confidence": "medium"},
    ]},
    "M078": {"before": [
        act("2025-05-13", change="sets", rate="34", **{"from": "2025-05-14"},
            act="Announcement of 2025-05-13: 84 and 125 steps withdrawn, 34 kept",
            note="24 of the 34 points are suspended; this is the rate that shows when no suspension stands"),
    ]},
    "M080": {"after": [
        act("2026-09-28", **stated("suspends", "2026-11-10", "2027-01-10", rate="10", suspended="24", confidence="medium",
                                   act="MOFCOM statement of 2026-09-28: arrangement runs to 2027-01-10; notice not seen",
                                   sources=f"{CN_STATEMENT} | {PENDING}", note="by the notices seen, 34 from 2026-11-10")),
    ]},
}
