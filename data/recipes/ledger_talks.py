"""The talks' own record: rounds, frameworks, commitments, deadlines, positions, non-tariff measures, threats, outcomes.

What the fact base has in words is data here, by hand: since when a deadline is known and when it was moved, what became of a
commitment and when, whether both sides give the same account of it.
"""
import csv

from ledger_instruments import CN_STATEMENT, ECONOMY, FACT_SHEET, US_STATEMENT
from tables import talks_toml

TALKS = "talks/us-china"
PRESS_125 = ('Reuters via Daily8/JapanTimes, "U.S. and China extend tariff truce by 90 days", 2025-08-12; Ballotpedia page on EO '
             'of 2025-08-11')

TALKS_TOML = talks_toml('''
id = "us-china"
title = "US-China trade talks"
series = "2025-26 trade talks"
last_evidence = "2026-10-07"
last_evidence_note = "talks and truce 2026-10-07; US tariff layers 2026-10-07 (schedule), 2026-11-09 (averages); Chinese tariffs 2026-09-28"
# The first measure of this series is the duty of 2025-02-04.
series_first_measure = "US-IEEPA-FENT"
series_first_measure_from = "2025-02-04"
''', [("USA", "United States", ["us", "usa", "united states"]),
      ("CHN", "China", ["cn", "china", "prc"])],
    [("peak", "2025-04-12", "the measures of 12 April 2025, the height of both sides' duties, for reference"),
     ("rollback", "2025-02-03", "the measures of 3 February 2025, the day before this series' first measure (the US fentanyl duty)")])

SERIES_TOML = '''# Series of talks that are compared, and what is counted. `per_year` is meetings over the years from the first to the last
# counted day plus one mean gap, so that a series of n meetings n gaps long is not counted short; `days_between` is the mean gap.

[[series]]
name = "SED 2006-2008"
title = "Strategic Economic Dialogue 2006-08"
counts = ["dialogue"]
counting_rule = "the numbered cabinet-level meetings; calls, working groups and preparatory visits are not counted"

[[series]]
name = "S&ED 2009-2016"
title = "Strategic and Economic Dialogue 2009-16"
counts = ["dialogue"]
counting_rule = "the numbered annual meetings; calls, working groups and preparatory visits are not counted"

[[series]]
name = "2018-2020 to Phase One"
title = "Talks to Phase One 2018-20"
counts = ["round"]
counting_rule = "numbered rounds; summits, calls and the signing are not counted"

[[series]]
name = "2025-26 trade talks"
title = "Trade talks 2025-26"
current = true
counts = ["round"]
counting_rule = "numbered rounds of the principals; summits, calls and meetings at the margin of other events are not counted"

[[series]]
name = "2025-26 trade talks"
title = "Trade talks 2025-26, all in person"
current = true
counts = ["round", "summit", "meeting"]
counting_rule = "numbered rounds, leaders' summits and bilateral meetings in person; calls are not counted"
'''

# First day of the measures that carry a framework out; frameworks that are not named changed no tariff.
MEASURES_FROM = {
    "phase-one": "2020-02-14",
    "geneva": "2025-05-14",
    "stockholm": "2025-08-12",
    "kuala-lumpur-busan": "2025-11-10",
}
FRAMEWORKS = [
    ("phase-one", "Phase One", "2020-01-15", ["P17"],
     "purchases of US goods and services over two years; List 4A halved, List 4B not imposed; Chinese duties of September 2019 halved"),
    ("geneva", "Geneva", "2025-05-12", ["R01"],
     "each side keeps 10 points of the April duties, suspends 24 for 90 days and withdraws the later steps; consultation mechanism"),
    ("london", "London", "2025-06-27", ["R02"],
     "Geneva to be carried out: rare-earth licences against some US export restrictions; text never published"),
    ("stockholm", "Stockholm", "2025-07-29", ["R03"], "the suspension to be extended by 90 days"),
    ("madrid", "Madrid", "2025-09-15", ["R04"], "understanding on TikTok; leaders' call prepared; no tariff change"),
    ("kuala-lumpur-busan", "Kuala Lumpur-Busan", "2025-10-30", ["R05", "R06"],
     "fentanyl duty from 20 to 10, suspensions for a year, October export controls and port fees suspended, soybeans"),
    ("beijing-summit", "Beijing summit", "2026-05-17", ["R07", "R08", "R09"],
     "Board of Trade and Board of Investment, aircraft and farm goods (US account), cuts on about USD 30bn each to be discussed"),
    ("new-york-washington", "New York-Washington", "2026-09-28", ["R10", "R11"],
     "lists of reciprocal cuts (not in force), arrangement to run to 2027-01-10 (stated, notice not seen), AI dialogue, coal"),
]

# id: kind, day from which the new state holds, known since, [closed: announced, how, to, stated]
DEADLINES = {
    "DL01": ("tariff", "2019-01-01", "2018-09-21", ("2018-12-01", "moved", "2019-03-01", False)),
    "DL02": ("tariff", "2019-03-01", "2018-12-01", ("2019-02-24", "moved without a day; applied 2019-05-10", "", False)),
    "DL03": ("tariff", "2019-12-15", "2019-08-30", ("2019-12-13", "suspended", "", False)),
    "DL04": ("tariff", "2025-08-12", "2025-05-12", ("2025-08-11", "moved", "2025-11-10", False)),
    "DL05": ("non-tariff", "2025-09-17", "2025-06-19", ("2025-09-16", "moved", "2025-12-16", False)),
    "DL06": ("threat", "2025-11-01", "2025-10-10", ("2025-10-30", "withdrawn", "", False)),
    "DL07": ("tariff", "2025-11-10", "2025-08-11", ("2025-11-05", "moved", "2026-11-10", False)),
    "DL08": ("tariff", "2025-11-30", "2025-08-28", ("2025-11-01", "moved", "2026-11-10", True)),
    "DL09": ("purchase", "2026-02-28", "2025-10-30", ("2026-01-20", "met", "", False)),
    "DL10": ("tariff", "2026-07-24", "2026-02-20", None),
    "DL11": ("procedure", "2026-07-10", "2026-06-02", None),
    "DL12": ("tariff", "2026-11-10", "2025-11-01", ("2026-09-23", "moved", "2027-01-10", True)),
    "DL13": ("tariff", "2026-11-10", "2025-11-01", ("2026-09-23", "moved", "2027-01-10", True)),
    "DL14": ("tariff", "2026-11-10", "2025-11-04", ("2026-09-23", "moved", "2027-01-10", True)),
    "DL15": ("tariff", "2026-11-10", "2025-11-05", ("2026-09-28", "moved", "2027-01-10", True)),
    "DL16": ("non-tariff", "2026-11-28", "2025-11-09", None),
    "DL17": ("account", "2027-01-01", "2025-11-01", None),
    "DL18": ("tariff", "2027-01-10", "2026-09-23", None),
    "DL19": ("scheduled", "2026-12-04", "2026-08-06", None),
    "DL20": ("scheduled", "2027-06-23", "2025-12-29", None),
    "DL21": ("scheduled", "2028-01-01", "2026-04-02", None),
}
# Steps of DL05 that the fact base has in its non-tariff rows only (N064, N065).
MORE_DEADLINES = [
    ("DL05-2", "2025-12-16", "2025-09-16", "EO 14350 of 2025-09-16", ("2025-09-25", "moved", "2026-01-23", False), "N064"),
    ("DL05-3", "2026-01-23", "2025-09-25", "EO 14352 of 2025-09-25", ("2026-01-22", "met", "", False), "N065"),
]

CN_SOURCE_K25 = "el7.ai, MOFCOM confirms 200-jet order, 2026-05-20"
ONE_YEAR = ("2026-09-23", "extended", "2027-01-10", "said to run on; notice not seen")
# id: events (day, effect, to, text); effects: met, kept, partly, missed, suspended, superseded, disputed, extended
EVENTS = {
    "K01": [("2022-02-08", "missed", "", "about 58 percent by PIIE (recalled)")],
    "K02": [("2025-05-14", "met", "", "EO 14298")],
    "K03": [("2025-05-14", "met", "", "")],
    "K04": [("2025-06-05", "partly", "", "US said rare-earth licensing was slow")],
    "K05": [("2025-06-09", "kept", "", "first meeting of the mechanism in London; in use since")],
    "K06": [("2025-09-14", "partly", "", "")],
    "K07": [("2025-07-03", "met", "", "July 2025 (recalled)")],
    "K08": [("2025-08-12", "met", "", "EO of 2025-08-11 and Tariff Commission notice")],
    "K09": [("2025-09-16", "extended", "2025-12-16", ""), ("2025-09-25", "extended", "2026-01-23", ""),
            ("2026-01-22", "met", "", "joint venture closed")],
    "K10": [],
    "K11": [("2025-11-10", "met", "", ""), ("2026-02-20", "superseded", "", "void by the ruling")],
    "K12": [("2025-11-10", "met", "", "EO 14358"), ("2026-02-20", "superseded", "", "overtaken by the ruling")],
    "K13": [("2025-12-01", "met", "", "90 FR 55232"), ONE_YEAR],
    "K14": [("2025-11-10", "met", "", ""), ONE_YEAR],
    "K15": [("2025-11-10", "met", "", "90 FR 50947"), ONE_YEAR],
    "K16": [("2026-01-20", "met", "", "by US account and traders")],
    "K17": [],
    "K18": [("2025-11-07", "met", "", "No. 70"), ("2026-09-28", "extended", "2027-01-10", "said to run on; notice not seen")],
    "K19": [("2026-09-21", "disputed", "", "no Chinese act revokes the April 2025 controls; magnet exports to the US fell in August 2026")],
    "K20": [("2025-11-10", "met", "", "")],
    "K21": [("2025-11-10", "partly", "", "listings stopped or suspended; acts ending the chip inquiries not found")],
    "K22": [("2025-11-10", "partly", "", "monitored by the US side")],
    "K23": [("2025-11-10", "met", "", ""), ("2026-09-28", "extended", "2027-01-10", "said to run on; notice not seen")],
    "K24": [("2025-11-10", "partly", "", "exemptions case by case")],
    "K25": [], "K26": [], "K27": [],
    "K28": [("2026-09-28", "partly", "", "lists published")],
    "K29": [("2026-09-28", "partly", "", "comments taken; named in the 8th-round outcome")],
    "K30": [], "K31": [], "K32": [],
    "K33": [("2026-09-28", "partly", "", "stated by both; notices pending at 2026-10-07")],
    "K34": [],
}
# The day is how long the promise runs, not by when it is due.
TERMS = {"K12", "K13", "K14", "K15", "K18", "K23", "K33"}
OTHER_DUE = {"K16": ["2026-01-31", "2026-02-28"]}
ACCOUNTS = {
    "K04": [("USA", "licensing of rare earths slow, so not kept in full"), ("CHN", "carried out")],
    "K16": [("USA", "12 Mt reached in the week of 2026-01-20"), ("CHN", "figures not confirmed")],
    "K17": [("USA", "25 Mt in each of 2026, 2027 and 2028"), ("CHN", "figures not confirmed")],
    "K19": [("USA", "general licences amount to removal of the April 2025 controls"),
            ("CHN", "the controls stand; some general licences granted since 2025-12-02")],
    "K20": [("USA", "suspended to 2026-12-31"), ("CHN", "cease to be implemented")],
    "K21": [("USA", "listings and chip inquiries to be ended"), ("CHN", "listings stopped or suspended; no act on the inquiries seen")],
    "K25": [("USA", "200 aircraft"), ("CHN", "200 aircraft confirmed on 2026-05-20, tied to assured parts")],
    "K26": [("USA", "USD 17bn a year"), ("CHN", "no act or figure seen")],
    "K27": [("USA", "concerns to be addressed"), ("CHN", "not mentioned")],
}
# Day from which an account was given, where that is not the day of the promise.
GIVEN = {("K04", "USA"): "2025-06-05", ("K16", "USA"): "2026-01-20", ("K16", "CHN"): "2026-01-20",
         ("K19", "USA"): "2025-11-01", ("K19", "CHN"): "2025-12-18", ("K20", "USA"): "2025-11-04", ("K20", "CHN"): "2025-11-05",
         ("K21", "USA"): "2025-11-01", ("K21", "CHN"): "2025-11-05", ("K25", "CHN"): "2026-05-20",
         ("K27", "CHN"): "2026-05-18"}
UNMATCHED = {"K04", "K16", "K17", "K19", "K20", "K21", "K26", "K27"}
AGENDA = {"K10"}
# Who carries it out in law, and what it would take to undo: instrument or non-tariff measure, vehicle, who can undo it, time to put back.
VEHICLES = {
    "K01": ("", "agreement of 2020-01-15; purchases by state and private firms", "executive", "at once"),
    "K04": ("", "MOFCOM statements on each list", "agency", "days"),
    "K05": ("", "joint statement of 2025-05-12", "executive", "at once"),
    "K06": ("CN-RE-APR", "export licences, case by case", "agency", "at once"),
    "K07": ("US-EDA", "BIS letters", "agency", "at once"),
    "K09": ("US-TIKTOK", "P.L. 118-50 and executive orders that hold back its enforcement", "legislature", ""),
    "K22": ("", "drug-control lists of the ministries", "agency", ""),
    "K27": ("CN-RE-APR", "export licences; no act seen", "agency", "at once"),
    "K34": ("", "channel between governments; no legal text seen", "executive", "at once"),
    "K02": ("US-IEEPA-RECIP", "executive order", "executive", "none under IEEPA since 2026-02-20"),
    "K03": ("CN-RECIP", "Tariff Commission announcement", "executive", "days"),
    "K08": ("", "executive order; Tariff Commission announcement", "executive", "by itself at the deadline"),
    "K11": ("US-IEEPA-FENT", "executive order", "executive", "none under IEEPA since 2026-02-20"),
    "K12": ("US-IEEPA-RECIP", "executive order", "executive", "none under IEEPA since 2026-02-20"),
    "K13": ("US-301-EXCL", "USTR notice", "agency", "by itself at the deadline"),
    "K14": ("US-BIS-50", "BIS final rule", "agency", "by itself at the deadline"),
    "K15": ("US-301-MAR-FEES", "USTR notice", "agency", "by itself at the deadline"),
    "K16": ("CN-SOY-12", "purchases by state firms; no legal act", "executive", "at once"),
    "K17": ("CN-SOY-25", "purchases by state firms; no legal act", "executive", "at once"),
    "K18": ("CN-RE-OCT", "MOFCOM and customs announcement", "agency", "by itself at the deadline"),
    "K19": ("CN-RE-GL", "general licences, case by case", "agency", "at once"),
    "K20": ("CN-FENT2", "Tariff Commission announcement", "executive", "days"),
    "K21": ("CN-UEL-0404", "MOFCOM statements; agency inquiries", "agency", "days"),
    "K23": ("CN-PORT", "Ministry of Transport notice", "agency", "by itself at the deadline"),
    "K24": ("CN-NEXPERIA", "MOFCOM exemptions", "agency", "at once"),
    "K25": ("CN-BOEING-200", "orders by airlines; no legal act", "executive", "at once"),
    "K26": ("CN-AG-17", "purchases; no legal act", "executive", "at once"),
    "K28": ("", "tariff cuts by each side's own act", "executive", ""),
    "K29": ("BOTH-BOI", "understanding; no legal text seen", "executive", ""),
    "K30": ("", "Section 301 modification after comments", "agency", "weeks"),
    "K31": ("", "Tariff Commission announcement", "executive", "days"),
    "K32": ("CN-COAL", "purchases; no legal act", "executive", "at once"),
    "K33": ("", "notices of each side, not seen", "executive", "by itself at the deadline"),
}
LINKED = {"K11": ["K22"], "K12": ["K20", "K18"], "K14": ["K18"], "K15": ["K23"], "K07": ["K06"], "K13": ["K16"], "K30": ["K31"],
          "K02": ["K03", "K04"], "K25": ["K29"]}

THREATS = [
    dict(id="T01", imposer="USA", target="CHN", announced="2025-10-10", announced_by="the President, on social media",
         what="100 points on top of existing duties from 2025-11-01", statute="50 USC 1702 (IEEPA)", adds_pct=100,
         withdrawn="2025-10-30", withdrawn_by="Kuala Lumpur and Busan", no_basis_from="2026-02-20",
         sources=["Business Today (India), 2025-10-26 (Kuala Lumpur framework; fifth round)", FACT_SHEET], confidence="high"),
    dict(id="T02", imposer="USA", target="CHN", announced="2025-05-12", announced_by="press accounts of the truce's end",
         what="the full rate of April 2025 returns (125 instead of the 34 that the order of 2025-05-12 keeps)",
         statute="50 USC 1702 (IEEPA)", instrument="US-IEEPA-RECIP", rate_pct=125, withdrawn="2025-11-04",
         withdrawn_by="truce extended a year; not repeated in sources read since", no_basis_from="2026-02-20",
         sources=[PRESS_125], confidence="medium"),
    dict(id="T03", imposer="CHN", target="USA", announced="2025-05-13", announced_by="press accounts of the truce's end",
         what="the full rate of April 2025 returns (125 instead of 34)",
         statute="Tariff Law; State Council Customs Tariff Commission", instrument="CN-RECIP", rate_pct=125,
         withdrawn="2025-11-05", withdrawn_by="truce extended a year; not repeated in sources read since",
         sources=[PRESS_125], confidence="medium"),
    dict(id="T04", imposer="USA", target="CHN", announced="2026-03-11", announced_by="the Trade Representative (inquiry opened)",
         what="Section 301 duty over excess capacity; 7.5 reported on 2026-08-24, postponed 2026-09-18, no rate adopted",
         statute="19 USC 2411 (Section 301)", instrument="US-301-EXCAP", adds_pct=7.5, figure_known_from="2026-08-24",
         sources=["Korea Times/Bloomberg 2026-09-18; InsideTrade; Bloomberg 2026-08-24 as cited in public logs (excess-capacity "
                  "action delayed)", "AP via Manila Bulletin, 2026-03-13 (Paris date; new Section 301 probe)"], confidence="medium"),
    dict(id="T05", imposer="USA", target="all", announced="2026-02-21", announced_basis="recalled", announced_by="the President",
         what="Section 122 surcharge raised from 10 to 15", statute="19 USC 2132 (Section 122)", instrument="US-S122", rate_pct=15,
         withdrawn="2026-07-24", withdrawn_by="never implemented; the 150 days ended",
         sources=["Proclamation 11012 (91 FR 9339)"], confidence="medium"),
    dict(id="T06", imposer="USA", target="CHN", announced="2025-10-10", announced_by="the President, on social media",
         what="export controls on any critical software", statute="50 USC 4801 (ECRA)", withdrawn="2025-10-30",
         withdrawn_by="not carried out after Busan",
         sources=['Particle News, "Trump announces 100% tariffs on China as Beijing tightens rare earth controls", Oct 2025'],
         confidence="medium"),
    dict(id="T07", imposer="CHN", target="USA", announced="2026-02-25", announced_by="the Ministry of Commerce",
         what="measures if new US inquiries lead to duties; no rate named", statute="Foreign Trade Law; Tariff Law",
         sources=["Tasnim/TASS 2026-02-25", "AP via Manila Bulletin, 2026-03-13 (Paris date; new Section 301 probe)"],
         confidence="high"),
]

# What a text says of the days after a suspension where the row before it was only announced: row, state, since when known.
BY_TEXT = {"N088": ("in-force", "2025-11-07")}

# Non-tariff rows whose first day the fact base leaves blank: the last day of the period that the row's text names.
PERIOD_END = {"N006": "2025-05-31", "N012": "2025-12-31", "N035": "2025-06-05", "N057": "2026-04-30", "N096": "2026-06-30"}


# What a round's text tells with hindsight: row, where it begins, since when it is known.
LATER = {"R03": ("; formalised on 2025-08-11/12", "2025-08-12"), "R09": ("; US fact sheet 2026-05-17", "2026-05-20"),
         "R11": ("; truce extension to 2027-01-10", "2026-09-28"), "P02": ("; reversed in June", "2018-06-15")}


def told(row):
    """Outcome as known at the end of the round; what was added later; since when that is known."""
    text = row["outcome"]
    if row["id"] not in LATER:
        return [text, "", ""]
    mark, known = LATER[row["id"]]
    at = text.index(mark)
    return [text[:at], text[at:], known]


def quoted(text):
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def strings(values):
    return "[" + ", ".join(quoted(value) for value in values) + "]"


def closed_lines(closed):
    if not closed:
        return []
    announced, how, to, stated = closed
    out = ["[deadline.closed]", f'announced = "{announced}"', f"how = {quoted(how)}"]
    if to:
        out.append(f'to = "{to}"')
    if stated:
        out.append("stated = true")
    return out


def deadlines(rows, ids):
    out = ["# Days on which something changes if nobody acts. `date` is the first day of the new state; `as_given` the day as the",
           "# source prints it. kind: tariff, non-tariff, scheduled (a step already adopted), account (one side's account only),",
           "# threat, purchase, procedure. The next deadline of the talks is the next one of kind tariff.", ""]
    nontariff = {row["row_id"]: row for row in rows("nontariff.csv")}
    for row in rows("deadlines.csv"):
        kind, day, known, closed = DEADLINES[row["id"]]
        out += ["[[deadline]]", f'id = "{row["id"]}"', f'kind = "{kind}"', f'date = "{day}"',
                f'as_given = {quoted((row["date"] + " " + row["time_zone_note"]).strip())}', f'known_from = "{known}"',
                f'side = "{ECONOMY[row["side"]]}"', f'instrument = {quoted(row["instrument"])}', f'set_by = {quoted(row["set_by"])}',
                f'lapses = {quoted(row["what_lapses_or_snaps_back"])}', f'became = {quoted(row["outcome"])}']
        if row["id"] == "DL08":
            out.append('known_from_basis = "recalled"')
        if row["id"] == "DL18":
            out.append("stated = true")
        out += [f'sources = {strings(ids(row["sources"]))}', f'confidence = "{row["confidence"]}"']
        out += closed_lines(closed) + [""]
        if row["id"] == "DL05":
            for ident, day, known, act, closed, source in MORE_DEADLINES:
                fact = nontariff[source]
                out += ["[[deadline]]", f'id = "{ident}"', 'kind = "non-tariff"', f'date = "{day}"', f'known_from = "{known}"',
                        'side = "USA"', f'instrument = {quoted(row["instrument"])}', f"set_by = {quoted(act)}",
                        f'lapses = {quoted(row["what_lapses_or_snaps_back"])}', f'became = {quoted(closed[1])}',
                        f'sources = {strings(ids(fact["sources"]))}', f'confidence = "{fact["confidence"]}"']
                out += closed_lines(closed) + [""]
    return out


def commitments(rows, ids):
    out = ["# Promises. Status is computed from `event`s and dates, never written down. `term_until`: how long it runs; `due`: by when.", ""]
    for row in rows("commitments.csv"):
        ident = row["id"]
        out += ["[[commitment]]", f'id = "{ident}"', f'framework = {quoted(row["framework"])}', f'made = "{row["framework_date"]}"',
                f'by = "{ECONOMY[row["by"]]}"', f'topic = {quoted(row["topic"])}', f'what = {quoted(row["commitment"])}']
        if row["amount"]:
            out += [f'amount = {quoted(row["amount"])}', f'unit = {quoted(row["unit"])}']
        if row["due_date"]:
            out.append(f'{"term_until" if ident in TERMS else "due"} = "{row["due_date"]}"')
        if ident in OTHER_DUE:
            out.append(f"due_also_given = {strings(OTHER_DUE[ident])}")
        if ident in AGENDA:
            out.append("agenda_only = true")
        if ident in UNMATCHED:
            out.append("matched = false")
        if ident in VEHICLES:
            measure, vehicle, undo, back = VEHICLES[ident]
            if measure:
                out.append(f'measure = "{measure}"')
            out += [f"vehicle = {quoted(vehicle)}", f'undone_by = "{undo}"']
            if back:
                out.append(f"reinstated_in = {quoted(back)}")
        if ident in LINKED:
            out.append(f"linked = {strings(LINKED[ident])}")
        out += [f'fact_status = {quoted(row["status"])}', f'fact_status_date = "{row["status_date"]}"',
                f'sources = {strings(ids(row["sources"]))}', f'confidence = "{row["confidence"]}"']
        for day, effect, to, text in EVENTS[ident]:
            out += ["[[commitment.event]]", f'date = "{day}"', f'effect = "{effect}"']
            if to:
                out.append(f'to = "{to}"')
            if text:
                out.append(f"text = {quoted(text)}")
        for party, text in ACCOUNTS.get(ident, []):
            out += ["[[commitment.account]]", f'party = "{party}"', f"text = {quoted(text)}"]
            if (ident, party) in GIVEN:
                out.append(f'given = "{GIVEN[(ident, party)]}"')
        out.append("")
    return out


def threats(ids):
    out = ["# Announced and not adopted. `adds_pct` comes on top, `rate_pct` takes the place of the named instrument's rate.", ""]
    for threat in THREATS:
        out.append("[[threat]]")
        for key, value in threat.items():
            if key == "sources":
                value = [ident for source in value for ident in ids(source)]
                out.append(f"sources = {strings(value)}")
            elif isinstance(value, (int, float)):
                out.append(f"{key} = {value}")
            else:
                out.append(f"{key} = {quoted(value)}")
        out.append("")
    return out


def table(path, header, body):
    with open(path, "w", encoding="utf-8", newline="") as handle:
        out = csv.writer(handle, lineterminator="\n")
        out.writerow(header)
        out.writerows(body)


def economies(cell):
    return ECONOMY[cell]


def write(out, rows, ids, next_day):
    folder = out / TALKS
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "talks.toml").write_text(TALKS_TOML, encoding="utf-8")
    (folder / "series.toml").write_text(SERIES_TOML, encoding="utf-8")
    table(folder / "rounds.csv",
          ["id", "series", "number", "start", "end", "city", "country", "kind", "lead_USA", "others_USA", "lead_CHN", "others_CHN",
           "outcome", "later", "later_known_from", "sources", "confidence"],
          [[r["id"], r["series"], r["round_no"], r["start_date"], r["end_date"], r["city"], r["country"], r["kind"], r["us_lead"],
            r["us_others"], r["china_lead"], r["china_others"], *told(r), " ".join(ids(r["sources"])), r["confidence"]]
           for r in rows("rounds.csv")])
    named = []
    for ident, name, day, rounds, settled in FRAMEWORKS:
        named += ["[[framework]]", f'id = "{ident}"', f"name = {quoted(name)}", f'date = "{day}"']
        named += [f'measures_from = "{MEASURES_FROM[ident]}"'] if ident in MEASURES_FROM else []
        named += [f"rounds = {strings(rounds)}", f"settled = {quoted(settled)}", ""]
    (folder / "frameworks.toml").write_text("\n".join(named), encoding="utf-8")
    (folder / "deadlines.toml").write_text("\n".join(deadlines(rows, ids)), encoding="utf-8")
    (folder / "commitments.toml").write_text("\n".join(commitments(rows, ids)), encoding="utf-8")
    party = {"US": "USA", "CN": "CHN", "other": ""}
    table(folder / "positions.csv",
          ["id", "date", "party", "speaker", "role", "topic", "position", "quote", "sources", "confidence"],
          [[r["id"], r["date"], party[r["party"]], r["speaker"], r["role"], r["topic"], r["paraphrase"], r["short_quote"],
            " ".join(ids(r["sources"])), r["confidence"]] for r in rows("statements.csv")])
    body = []
    last = {r["measure_id"]: r["row_id"] for r in rows("nontariff.csv")}
    announced_scope = {r["measure_id"]: r["scope"] for r in reversed(rows("nontariff.csv"))}
    for r in rows("nontariff.csv"):
        until = next_day(r["effective_to"])
        start, basis = r["effective_from"], ""
        if not start:
            start = r["announced"] or PERIOD_END.get(r["row_id"], "")
            basis = "day not read" if start else "start not on record"
        stated = r["status_kind"] == "unknown" and "2027-01-10" in r["authority"] + r["scope"]
        # A suspension ends by its own text, as does what no later row follows; any other state runs until a later act.
        if stated:
            until = "2027-01-10"
        elif r["status_kind"] != "suspended" and last[r["measure_id"]] != r["row_id"]:
            until = ""
        if r["row_id"] in BY_TEXT:
            state, known = BY_TEXT[r["row_id"]]
            body.append([r["row_id"] + "-text", r["measure_id"], economies(r["imposer"]), economies(r["target"]), r["area"],
                         r["authority"], announced_scope[r["measure_id"]], state, r["effective_from"],
                         "", "", known, "", r["change_event"], r["linked_commitment"], r["trade_at_stake_usd"], r["reversible_by"],
                         r["last_evidence"], " ".join(ids(r["sources"])), r["confidence"]])
        body.append([r["row_id"], r["measure_id"], economies(r["imposer"]), economies(r["target"]), r["area"], r["authority"],
                     r["scope"], r["status_kind"].replace(" ", "-"), start, basis, until, r["announced"], "yes" if stated else "",
                     r["change_event"], r["linked_commitment"], r["trade_at_stake_usd"], r["reversible_by"], r["last_evidence"],
                     " ".join(ids(r["sources"])), r["confidence"]])
    table(folder / "nontariff.csv",
          ["row", "measure", "imposer", "target", "area", "authority", "scope", "status", "from", "from_basis", "until", "announced",
           "stated", "act", "commitments", "trade_at_stake_usd", "reversible_by", "last_evidence", "sources", "confidence"], body)
    (folder / "threats.toml").write_text("\n".join(threats(ids)), encoding="utf-8")
