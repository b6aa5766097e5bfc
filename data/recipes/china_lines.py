#!/usr/bin/env python3
"""Derive China's lines, quota rates and lists of answers (data/products/CHN) from the shared public data.

    python3 data/recipes/china_lines.py ../shared

reads SHARED/data/china-lines and SHARED/data/product-trade, and rewrites every file of data/products/CHN but lines.toml byte for byte
(run twice: `git diff` stays empty). Needs nothing but Python. What each file means, its source and licence: data/products/README.md.
"""
import csv
import gzip
import sys
from collections import defaultdict
from pathlib import Path

from tables import ROOT, write

SHARED = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT.parent / "shared").resolve()
PRODUCTS = ROOT / "data/products/CHN"
BASE_CHANGES = {"2018-05-01": "mfn_change_2018_05_01", "2018-07-01": "mfn_change_2018_07_01",
                "2018-11-01": "mfn_change_2018_11_01", "2019-01-01": "mfn_change_2019_01_01"}
TO_232, LIST_1, LIST_2, LIST_3 = "answer_to_232_2018_04_02", "list_1_2018_07_06", "list_2_2018_08_23", "list_3_2018_09_24"
CARS, STEP = "cars_suspended_2019_01_01", "list_3_step_2019_06_01"
PIIE = ("Bown, Jung and Zhang (PIIE, 2019-06-12), workbook on notices of China's Ministry of Finance and on Market Access Map, kept in "
        "mwaugh0328/consumption_and_tradewar (MIT)")
PIIE_LATER = "same authors' update of December 2019, kept in mwaugh0328/tradewar-tracker (MIT)"

# ---------------------------------------------------------------- quota goods: the rate within the quota, percent, by heading
# Goods under tariff-rate quotas (Customs Tariff Commission, yearly plans: eight kinds). The schedule's ten digits keep goods within and
# beyond the quota apart (..01 and ..90); the workbook has those beyond. Rates read in schedules of 2018-2025 as published (grain, wool,
# wool tops, wheat pellets; fertilisers 4, provisionally 1; sugar 15 and cotton 1 by the protocol of accession); flours and groats recalled.
QUOTA = {"1001": 1, "1005": 1, "1006": 1, "110100": 6, "110220": 9, "11029011": 9, "11029019": 9, "110311": 9, "110313": 9, "11031921": 9,
         "11031929": 9, "11032010": 10, "110423": 10, "1701": 15, "5101": 1, "51031010": 1, "51051000": 3, "51052100": 3, "51052900": 3,
         "520100": 1, "520300": 1, "31021000": 1, "31052000": 1, "31053000": 1}
BEYOND, SLIDING = "90", "80"  # statistical digits of goods beyond the quota; of the cotton let in beyond it at a sliding scale

# ---------------------------------------------------------------- the lists of 2025, restated
# No. 1 of 2025: annex 1 (15 percent) as printed, eight items. Annex 2 (10 percent, 72 items): subheadings as a public chart of the US
# exports hit counts them (J. Politano), in the codes of HS 2017; what lies whole in them, and what only in part.
ENERGY_15 = "27011100 27011210 27011290 27011900 27012000 27021000 27022000 27111100".split()
MACHINES_10 = """27090000 841931 842441 842449 842482 843210 84322 84323 84324 843280 84331 843320 843330 843340 84335 843360 843410
843610 843621 843629 843680 843710 843780 843860 847920 870110 870130 870324 871620""".split()
# Heading: share of its lines that is expected. Cars of more than 2.5 litres, trucks as far as they are pickups, farm tractors.
IN_PART_10 = {"870323": 0.0, "8703236": 1.0, "870421": 0.5, "870431": 0.5, "870490": 0.5}
IN_PART_10 |= {f"87019{power}": 0.0 for power in range(1, 6)} | {f"87019{power}10": 1.0 for power in range(1, 6)}
# No. 2 of 2025: annex 1 (15 percent, 29 items) as printed; annex 2 (10 percent, 711 items) as printed for sorghum, soybeans, pork and beef,
# by first and last item and count for seafood (346), fruit (128) and vegetables (176), by its first items for milk products.
FARM_15 = """02071100 02071200 02071311 02071319 02071321 02071329 02071411 02071419 02071421 02071422 02071429 16023210 16023291 16023292
16023299 10011100 10011900 10019100 10019900 11010000 11031100 11032010 10051000 10059000 11022000 11031300 11042300 52010000
52030000""".split()
# Yellow soybeans were one line in HS 2017 (12019010) and are two in HS 2022 (12019011, 12019019).
FARM_10 = """10071000 10079000 12019010 02031110 02031190 02031200 02031900 02032110 02032190 02032200 02032900 02063000 02064100 02064900
02101110 02101190 02101200 02101900 16024100 16024200 16024910 16024990 02011000 02012000 02013000 02021000 02022000 02023000 02061000
02062100 02062200 02062900 02102000 16025010 16025090""".split()
FARM_10_WHOLE = "03 1604 1605 07 2001 2002 2003 2004 2005 210320 08 0401 0402 0403 040490 0405 0406".split()
FARM_10_IN_PART = "1504 1105 1106 2006 2007 2008".split()
LAST_FRUIT = "20089920"


def rows(name):
    with gzip.open(SHARED / name, "rt", encoding="utf-8-sig", newline="") as handle:
        yield from csv.DictReader(handle)


def fraction(percent):
    """Percent as a fraction, without a tail of zeros; empty where there is none."""
    return "" if percent is None else (f"{percent / 100:.6f}".rstrip("0").rstrip(".") or "0")


def starts(code, prefixes):
    return any(code.startswith(prefix) for prefix in prefixes)


class Schedule:
    """The lines of eight digits, each with its statistical lines."""

    def __init__(self):
        self.below = defaultdict(list)
        for row in rows("data/china-lines/china_lines_hs10_2018_2019.csv.gz"):
            self.below[row["hs10"][:8]].append(row)
        self.lines = sorted(self.below)
        self.six = defaultdict(list)
        for line in self.lines:
            self.six[line[:6]].append(line)

    def adds(self, line, column):
        """What an answer adds to a line: the same on all its statistical lines."""
        found = {float(row[column]) for row in self.below[line]}
        assert len(found) == 1, (line, column)
        return found.pop()

    def quota(self, line):
        held = [rate for prefix, rate in QUOTA.items() if line.startswith(prefix)]
        if held:
            ends = {row["hs10"][8:] for row in self.below[line]}
            assert ends <= {BEYOND, SLIDING} and BEYOND in ends, line
        return held[0] if held else None

    def leaves(self, line):
        """The line, or its statistical lines where their base rates differ: (code, row). Two kinds of goods share a code with a letter behind
        it where some are free: the row of those that are not stands for the line (`split`)."""
        below = self.below[line]
        if self.quota(line) is not None:
            below = [row for row in below if row["hs10"].endswith(BEYOND)]
        numbers = [row for row in below if row["hs10"].isdigit()] or [row for row in below if row["hs10"].endswith("A")]
        if len({path(row) for row in numbers}) == 1:
            return [(line, numbers[0])]
        return [(row["hs10"], row) for row in numbers]

    def split(self):
        """Lines of which some goods are free since 2018-11-01: the schedule keeps them apart by words that the workbook does not have."""
        return [line for line in self.lines if any(row["hs10"].endswith("B") for row in self.below[line])
                and len({row["mfn_2019_01_01"] for row in self.below[line]}) > 1]

    def highest(self, line):
        """The duty on the line's highest statistical line from 2019-06-01, percent."""
        answers = sum(self.adds(line, column) for column in (TO_232, LIST_1, LIST_2, LIST_3, CARS, STEP))
        return max(float(row["mfn_2019_01_01"] or 0) for row in self.below[line]) + answers


def path(row):
    """Base rate on 2018-01-01 and after each change, percent; none where the schedule has an amount per unit."""
    if row["mfn_2018_01_01"] == "":
        return (None,) * (1 + len(BASE_CHANGES))
    rates = [float(row["mfn_2018_01_01"])]
    for column in BASE_CHANGES.values():
        rates.append(round(rates[-1] + float(row[column] or 0), 4))
    assert abs(rates[-1] - float(row["mfn_2019_01_01"])) < 1e-9, row["hs10"]
    return tuple(rates)


# ---------------------------------------------------------------- lines, editions of the base rate, weights

# US statistics of 2017 keep some headings of wood in the codes of HS 2012; these are the subheadings that took their place. Civil
# aircraft with their parts are one code there (8800.00): China's customs counted nine tenths of them as aeroplanes (8802.40).
SUCCESSORS = {"440110": ["440111", "440112"], "440310": ["440311", "440312"], "440320": ["44032"], "440392": ["440393", "440394"],
              "440690": ["440691", "440692"], "440710": ["440711", "440712", "440719"], "441232": ["441233", "441234"], "880000": ["880240"]}


def exports(schedule, year):
    """Line -> US exports to China of the year, dollars: shared equally over the lines of a subheading."""
    value = defaultdict(float)
    for row in rows("data/product-trade/us_exports_to_china_hs6_annual.csv.gz"):
        if row["year"] != year or row["hs6"][:2] in ("98", "99") or float(row["us_exports_usd"]) == 0:
            continue
        into = [code for code in SUCCESSORS.get(row["hs6"], [row["hs6"]])]
        lines = [line for line in schedule.lines if starts(line, into)]
        assert lines, row
        for line in lines:
            leaves = schedule.leaves(line)
            for code, _ in leaves:
                value[code] += float(row["us_exports_usd"]) / len(lines) / len(leaves)
    return value


def lines_and_columns(schedule):
    weights = {year: exports(schedule, year) for year in ("2017", "2020")}
    lines, columns = [], []
    days = ["", *BASE_CHANGES]
    for line in schedule.lines:
        within = schedule.quota(line)
        for code, row in schedule.leaves(line):
            rates = path(row)
            trade = [round(weights[year][code]) or "" for year in ("2017", "2020")]
            # Averages take the rate within the quota (column `in_quota`), a duty gives both; `general` is the rate beyond it.
            lines.append([code, fraction(rates[-1] if within is None else within), "", *trade])
            before = None
            for day, rate in zip(days, rates):
                if rate != before and (len(set(rates)) > 1 or within is not None):
                    columns.append([code, day, fraction(rate), fraction(within)])
                before = rate
    write(PRODUCTS / "lines.csv",
          ["code", "base_rate", "ad_valorem_equivalent", "customs_value_USA", "customs_value_USA_2020"], lines)
    write(PRODUCTS / "columns.csv", ["code", "from", "general", "in_quota"], columns)


# ---------------------------------------------------------------- lists

def answers_of_2018(schedule):
    """List -> codes. The 211 lines of cars and their parts, suspended from 2019-01-01, stand in lists of their own."""
    lists = defaultdict(list)
    for line in schedule.lines:
        to_232, one, two, three, step = (schedule.adds(line, column) for column in (TO_232, LIST_1, LIST_2, LIST_3, STEP))
        cars = schedule.adds(line, CARS) != 0
        if to_232:
            lists[f"to-section-232-at-{to_232:g}"].append(line)
        if one or two:
            lists[("list-34bn" if one else "list-16bn") + ("-vehicles" if cars else "")].append(line)
        if three and cars:
            lists["list-60bn-vehicle-parts"].append(line)
        elif three:
            lists[f"list-60bn-at-{three:g}" + (f"-then-{three + step:g}" if step else "")].append(line)
    counts = {"to-section-232": 128, "list-34bn": 545, "list-16bn": 333, "list-60bn": 5207}
    for name, count in counts.items():
        assert sum(len(codes) for held, codes in lists.items() if held.startswith(name)) == count, name
    assert sum(len(codes) for held, codes in lists.items() if "vehicle" in held) == 211
    return lists


# How often a line is listed where the highest line of its subheading is, and where it is not: from the lists of 2018 by line (6,200 other
# lines of subheadings with several), then scaled to the 1,717 items of the notice.
LISTED_BESIDE_UNLISTED, ITEMS_4A = 0.01, 1717


def answer_to_list_4a(schedule):
    """What is certain of the list of 2019-09-01 and what is not, from the duty on the highest line of each subheading before and after.
    A line may have been raised by 5 or 10 at most to what the highest line came to; where one line alone can have come to it, it did."""
    totals = {row["hs6"]: (float(row["2019-06-01"] or 0), float(row["2019-09-01"] or 0))
              for row in rows("data/china-lines/china_on_us_total_hs6_2018_2019.csv.gz")}
    certain, possible = {5: [], 10: []}, []
    for six, lines in schedule.six.items():
        before, after = totals[six]
        heights = {line: schedule.highest(line) for line in lines}
        assert abs(max(heights.values()) - before) < 0.01, six
        room = {line: [add for add in (0, 5, 10) if height + add <= after + 0.011] for line, height in heights.items()}
        reached = [line for line in lines if any(abs(heights[line] + add - after) < 0.02 for add in room[line])]
        for line in lines:
            if reached == [line]:
                add = round(after - heights[line])
                if add:
                    certain[add].append(line)
            elif len(room[line]) > 1:
                possible.append((line, room[line][-1], min(after - before, room[line][-1])))
    beside = [line for line, _, raised in possible if raised > 0]
    others = [line for line, _, raised in possible if raised == 0]
    left = ITEMS_4A - sum(map(len, certain.values())) - LISTED_BESIDE_UNLISTED * len(others)
    share = left / len(beside)
    assert 0.5 < share < 1, share
    print(f"list 4A: {sum(map(len, certain.values()))} lines certain, {len(beside)} at {share:.3f}, {len(others)} at {LISTED_BESIDE_UNLISTED}")
    lists = {f"list-75bn-at-{add}": [[line] for line in lines] for add, lines in certain.items()}
    for most in (5, 10):
        lists[f"list-75bn-possibly-{most}"] = [
            [line, f"{share * raised / most if raised else LISTED_BESIDE_UNLISTED:.3f}"]
            for line, room, raised in possible if room == most]
    return lists


def answers_of_2025(schedule):
    def named(codes):
        """Codes as restated, each of the schedule; a heading of an odd number of digits as the subheadings that it starts."""
        whole = [code for code in codes if len(code) % 2 == 0]
        whole += [six for six in schedule.six if starts(six, [code for code in codes if len(code) % 2])]
        for code in codes:
            assert any(line.startswith(code) for line in schedule.lines), code
        return [[code] for code in sorted(whole)]

    machines = []
    for line in schedule.lines:
        held = [prefix for prefix in IN_PART_10 if line.startswith(prefix)]
        if held:
            # One and nothing would be facts; an expectation is neither.
            machines.append([line, f"{min(max(IN_PART_10[max(held, key=len)], 0.001), 0.999):.3f}"])
    farm = [line for line in schedule.lines if starts(line, FARM_10_IN_PART) and not (line.startswith("2008") and line > LAST_FRUIT)]
    return {"energy-at-15": named(ENERGY_15), "machinery-and-oil-at-10": named(MACHINES_10),
            "machinery-in-part-at-10": machines, "farm-goods-at-15": named(FARM_15),
            "farm-goods-at-10": named(FARM_10 + FARM_10_WHOLE), "farm-goods-in-part-at-10": [[line, "0.999"] for line in farm]}


TITLES = {
    "retaliation-2018-19/to-section-232-at-15": ("the notice of 2018-04-01, 15 percent", "Customs Tariff Commission 2018 No. 13", PIIE, "high"),
    "retaliation-2018-19/to-section-232-at-25": ("the notice of 2018-04-01, 25 percent", "Customs Tariff Commission 2018 No. 13", PIIE, "high"),
    "retaliation-2018-19/list-34bn": ("the list of USD 34 bn", "Customs Tariff Commission 2018 No. 5", PIIE, "high"),
    "retaliation-2018-19/list-34bn-vehicles": ("the list of USD 34 bn, cars", "Customs Tariff Commission 2018 No. 5", PIIE, "high"),
    "retaliation-2018-19/list-16bn": ("the list of USD 16 bn", "Customs Tariff Commission 2018 No. 7", PIIE, "high"),
    "retaliation-2018-19/list-16bn-vehicles": ("the list of USD 16 bn, cars", "Customs Tariff Commission 2018 No. 7", PIIE, "high"),
    "retaliation-2018-19/list-60bn-at-10-then-25": ("the list of USD 60 bn, 10 then 25 percent", "Customs Tariff Commission 2018 No. 8 and 2019 No. 3", PIIE, "high"),
    "retaliation-2018-19/list-60bn-at-10-then-20": ("the list of USD 60 bn, 10 then 20 percent", "Customs Tariff Commission 2018 No. 8 and 2019 No. 3", PIIE, "high"),
    "retaliation-2018-19/list-60bn-at-5-then-10": ("the list of USD 60 bn, 5 then 10 percent", "Customs Tariff Commission 2018 No. 8 and 2019 No. 3", PIIE, "high"),
    "retaliation-2018-19/list-60bn-at-5": ("the list of USD 60 bn, 5 percent", "Customs Tariff Commission 2018 No. 8 and 2019 No. 3", PIIE, "high"),
    "retaliation-2018-19/list-60bn-vehicle-parts": ("the list of USD 60 bn, parts of vehicles", "Customs Tariff Commission 2018 No. 8", PIIE, "high"),
    "retaliation-2018-19/list-75bn-at-10": ("the first part of the list of USD 75 bn, 10 percent", "Customs Tariff Commission 2019 No. 4", f"deduced from the highest line of each subheading; {PIIE_LATER}", "medium"),
    "retaliation-2018-19/list-75bn-at-5": ("the first part of the list of USD 75 bn, 5 percent", "Customs Tariff Commission 2019 No. 4", f"deduced from the highest line of each subheading; {PIIE_LATER}", "medium"),
    "retaliation-2018-19/list-75bn-possibly-10": ("the first part of the list of USD 75 bn, known by the highest line of a subheading", "Customs Tariff Commission 2019 No. 4", f"deduced from the highest line of each subheading; {PIIE_LATER}", "low"),
    "retaliation-2018-19/list-75bn-possibly-5": ("the first part of the list of USD 75 bn, known by the highest line of a subheading", "Customs Tariff Commission 2019 No. 4", f"deduced from the highest line of each subheading; {PIIE_LATER}", "low"),
    "response-2025/energy-at-15": ("annex 1 of No. 1 of 2025: coal and liquefied gas", "Customs Tariff Commission 2025 No. 1, annex 1", "translation of the notice, energynow.com and energyheadlines.com, February 2025", "high"),
    "response-2025/machinery-and-oil-at-10": ("annex 2 of No. 1 of 2025", "Customs Tariff Commission 2025 No. 1, annex 2", "subheadings of the notice as counted in a public chart of J. Politano (Apricitas), 2025", "medium"),
    "response-2025/machinery-in-part-at-10": ("annex 2 of No. 1 of 2025, headings named in part", "Customs Tariff Commission 2025 No. 1, annex 2", "subheadings of the notice as counted in a public chart of J. Politano (Apricitas), 2025", "low"),
    "response-2025/farm-goods-at-15": ("annex 1 of No. 2 of 2025", "Customs Tariff Commission 2025 No. 2, annex 1", "items as printed by ChemLinked, 2025-03-04", "high"),
    "response-2025/farm-goods-at-10": ("annex 2 of No. 2 of 2025", "Customs Tariff Commission 2025 No. 2, annex 2", "items, first and last items and counts as printed by ChemLinked, 2025-03-04; dimsums.blogspot.com, 2025-03", "medium"),
    "response-2025/farm-goods-in-part-at-10": ("annex 2 of No. 2 of 2025, headings named in part", "Customs Tariff Commission 2025 No. 2, annex 2", "dimsums.blogspot.com, 2025-03", "low"),
    "base/within-quota": ("goods under tariff-rate quotas", "Customs Tariff Commission, tariff-rate quotas of eight kinds of goods", f"lines beyond the quota: {PIIE}; rates within it: schedules as published 2018-2025, protocol of accession, flours and groats recalled", "medium"),
    "base/lines-partly-free": ("lines of which some goods are free since 2018-11-01", "schedule of 2018", PIIE, "medium"),
}


def main():
    schedule = Schedule()
    lines_and_columns(schedule)
    lists = {f"retaliation-2018-19/{name}": [[code] for code in codes] for name, codes in answers_of_2018(schedule).items()}
    lists |= {f"retaliation-2018-19/{name}": held for name, held in answer_to_list_4a(schedule).items()}
    lists |= {f"response-2025/{name}": held for name, held in answers_of_2025(schedule).items()}
    lists["base/within-quota"] = [[line] for line in schedule.lines if schedule.quota(line) is not None]
    lists["base/lines-partly-free"] = [[line] for line in schedule.split()]
    assert lists.keys() == TITLES.keys(), lists.keys() ^ TITLES.keys()
    for name, held in lists.items():
        write(PRODUCTS / f"lists/{name}.csv", ["code", "share"][:len(held[0])], held)
    write(PRODUCTS / "lists.csv", ["list", "title", "note", "count", "checked", "source", "confidence", "last_evidence"],
          [[name, TITLES[name][0], TITLES[name][1], len(lists[name]), "count", TITLES[name][2], TITLES[name][3], ""] for name in sorted(lists)])


if __name__ == "__main__":
    main()
