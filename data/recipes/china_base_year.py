#!/usr/bin/env python3
"""What China charged on goods of the United States by statute since 2018, and what of its answers was paid in 2022, by sector.

    python3 data/recipes/china_base_year.py ../shared                       the averages of every date, on the screen
    python3 data/recipes/china_base_year.py ../shared --compare FOLDER      beside an independent program's tables
    python3 data/recipes/china_base_year.py ../shared --write               the default world's tariffs of 2022 with their paid shares

Rates by line are those of china_lines.py (its source and licence: data/products/README.md): statistical lines of ten digits, their mean by
eight, then within a subheading by China's imports of 2017, and subheadings by US exports of the year asked about (UN Comtrade, HS6). Both
weights are used and not shipped: what ships are averages by sector. Goods under quota are charged the rate within it; the first part of
List 4A is known by the highest line of a subheading; civil aircraft, which US statistics hold in one code of secret goods, are spread over
chapter 88 as China's customs counted them in 2017. No rate after 2019 is on file by line: most-favoured-nation rates of 2019 stand in.

What was paid. Of the answers of 2018-19 China waived a part, importer by importer, from 2020 on; how much is not published. Exclusions
of 2020 name goods under headings that bear NAMED of the answers' duty in a sector (USDA's reports, as read by others: the list of headings
is not on file here). Low: all waived. Middle: of goods under named headings 10 percent pay, of others 50; high: 40 and 80 percent. The middle
is a judgement between three kinds of evidence - lists, revenue, the response of trade - and no estimate.
"""
import argparse
import csv
import gzip
from collections import defaultdict
from pathlib import Path

from tables import ROOT, write

WORLD = ROOT / "data/benchmark/world-2022"
IMPORTER, EXPORTER, DAY = "CHN", "USA", "2022-07-01"
BASE = ["mfn_change_2018_05_01", "mfn_change_2018_07_01", "mfn_change_2018_11_01", "mfn_change_2019_01_01"]
ANSWERS = {"answer_to_232_2018_04_02": "2018-04-02", "list_1_2018_07_06": "2018-07-06", "list_2_2018_08_23": "2018-08-23",
           "list_3_2018_09_24": "2018-09-24", "cars_suspended_2019_01_01": "2019-01-01", "list_3_step_2019_06_01": "2019-06-01"}
QUOTA = {"1001": 1.0, "1005": 1.0, "1006": 1.0, "5201": 1.0, "1701": 15.0}  # percent within the quota, by heading
SECRET, AIRCRAFT = "999999", 0.9  # one code of US statistics, and the part of it that is civil aircraft
SEEN = ["2018-01-01", "2018-07-01", "2018-09-25", "2019-06-14", "2019-12-26", "2020-02-14", "2022-07-01", "2024-07-01"]
# Share of the answers' duty of a sector under headings that exclusions of 2020 name.
NAMED = {"AGR": 0.992, "ENE": 1.0, "MIN": 0.688, "FOO": 0.778, "TEX": 0.059, "WOD": 0.905, "PAP": 0.35, "PET": 0.593, "CHM": 0.118,
         "PHA": 0.128, "RUB": 0.0, "NMM": 0.0, "MET": 0.45, "FAB": 0.0, "ELE": 0.131, "EEQ": 0.0, "MCH": 0.0, "MVH": 0.0, "OTN": 0.184,
         "OMF": 0.642}
PAID = {"low": (0.0, 0.0), "share": (0.1, 0.5), "high": (0.4, 0.8)}  # of named goods, of others


def number(text):
    return float(text) if text else 0.0


class Schedule:
    def __init__(self, shared):
        rows = lambda name: csv.DictReader(gzip.open(shared / name, "rt"))  # noqa: E731
        self.ten, self.six = defaultdict(list), defaultdict(list)
        for row in rows("data/china-lines/china_lines_hs10_2018_2019.csv.gz"):
            self.ten[row["hs10"][:8]].append(row)
        for eight in self.ten:
            self.six[eight[:6]].append(eight)
        self.imports = defaultdict(float)
        for row in rows("data/china-lines/china_imports_from_us_2017_hs8.csv.gz"):
            self.imports[row["hs8"]] += number(row["usd_thousand"]) / 1e3
        self.highest = {row["hs6"]: row for row in rows("data/china-lines/china_on_us_total_hs6_2018_2019.csv.gz")}
        self.exports = defaultdict(lambda: defaultdict(float))
        for row in rows("data/outturns/us_china_hs6_annual.csv.gz"):
            if row["flow"] == "exports_total":
                self.exports[row["period"]][row["code"]] += number(row["value_usd"]) / 1e6
        with open(ROOT / "data/concordances/world-2022-estimate.csv", encoding="utf-8") as handle:
            self.sectors = {row["code"]: row["sector"] for row in csv.DictReader(handle)}

    def sector(self, code):
        return next((self.sectors[code[:digits]] for digits in range(len(code), 1, -1) if code[:digits] in self.sectors), None)

    def base(self, eight, day):
        """Mean most-favoured-nation rate of a line, percent, within the quota where there is one."""
        rates = [number(row["mfn_2018_01_01"]) + sum(number(row[column]) for column in BASE
                                                     if column[-10:].replace("_", "-") <= day) for row in self.ten[eight]]
        mean = sum(rates) / len(rates)
        within = next((rate for heading, rate in QUOTA.items() if eight.startswith(heading)), None)
        return mean if within is None else min(mean, within)

    def answers(self, eight, day):
        """Mean of what the answers to Section 232 and to Lists 1 to 3 add, percent."""
        adds = [sum(number(row[column]) for column, since in ANSWERS.items() if since <= day) for row in self.ten[eight]]
        return sum(adds) / len(adds)

    def list_4a(self, six, day):
        row = self.highest.get(six)
        if day < "2019-09-01" or row is None:
            return 0.0
        added = number(row["2019-09-01"]) - number(row["2019-06-01"])
        return added / 2 if day >= "2020-02-14" else added

    def by_sector(self, year, day):
        """Sector -> exports (million dollars), base rate and answers of 2018-19, percent."""
        sums = defaultdict(lambda: [0.0, 0.0, 0.0])

        def add(code, value, base, answers):
            held = sums[self.sector(code)]
            for place, amount in enumerate((value, value * base, value * answers)):
                held[place] += amount

        trade = self.exports[year]
        for six, value in trade.items():
            if six not in self.six:
                continue
            lines = self.six[six]
            weights = [self.imports.get(line, 0.0) for line in lines]
            if sum(weights) == 0:
                weights = [1.0] * len(lines)
            mean = lambda rate: sum(w * rate(line, day) for w, line in zip(weights, lines)) / sum(weights)  # noqa: E731
            add(six, value, mean(self.base), mean(self.answers) + self.list_4a(six, day))
        aircraft = {line: self.imports[line] for line in self.ten if line[:2] == "88" and self.imports.get(line)}
        for line, value in aircraft.items():
            part = AIRCRAFT * trade.get(SECRET, 0.0) * value / sum(aircraft.values())
            add(line, part, self.base(line, day), self.answers(line, day) + self.list_4a(line[:6], day))
        return {sector: (value, base / value, answers / value) for sector, (value, base, answers) in sums.items() if sector and value > 0}


def totals(found):
    whole = sum(value for value, _, _ in found.values())
    return [sum(held[0] * held[place] for held in found.values()) / whole for place in (1, 2)]


def shares(sector):
    named = NAMED[sector]
    return {end: named * ours + (1 - named) * others for end, (ours, others) in PAID.items()}


def compare(schedule, folder):
    """Averages of each date, total and by sector, beside an independent program's; by how much each differs."""
    with open(folder / "china_statutory_on_us_aggregate.csv", encoding="utf-8") as handle:
        known = {row["day"]: row for row in csv.DictReader(handle)}
    for year in ("2022", "2024"):
        for day in SEEN:
            base, answers = totals(schedule.by_sector(year, day))
            there = float(known[day][f"{year} HS6 in-quota"])
            print(f"exports of {year}, {day}: {base + answers:.2f}, there {there:.2f} ({base + answers - there:+.3f})")
    with open(folder / "china_statutory_on_us_by_sector.csv", encoding="utf-8") as handle:
        rows = [row for row in csv.DictReader(handle) if row["weights"] == "2022 HS6" and row["day"] in SEEN]
    off = []
    for row in rows:
        _, base, answers = schedule.by_sector("2022", row["day"])[row["sector"]]
        off.append((max(abs(base - float(row["mfn"])), abs(answers - float(row["answers_2018_19"]))), row["day"], row["sector"]))
    off.sort(reverse=True)
    print(f"by sector: {sum(gap <= 0.05 for gap, _, _ in off)} of {len(off)} within 0.05; furthest {off[:4]}")
    with open(folder / "china_base_year_by_sector.csv", encoding="utf-8") as handle:
        levels = {row["sector"]: row for row in csv.DictReader(handle)}
    found = schedule.by_sector("2022", DAY)
    gaps = defaultdict(list)
    for sector, (_, base, answers) in found.items():
        for end, column in (("low", "low: all waived"), ("share", "mid"), ("high", "high")):
            gaps[column].append((abs(base + shares(sector)[end] * answers - float(levels[sector][column])), sector))
    for column, held in gaps.items():
        held.sort(reverse=True)
        print(f"paid in 2022, {column}: {sum(gap <= 0.05 for gap, _ in held)} of {len(held)} within 0.05; furthest {held[:2]}")


def rewrite(schedule):
    """The default world's cells of the pair and its paid shares; the day of the importer's tariffs stands in the world's recipe.toml."""
    found = schedule.by_sector("2022", DAY)
    order = [row["sector"] for row in csv.DictReader(open(WORLD / "sectors.csv", encoding="utf-8")) if row["sector"] in found]
    rates = {sector: (found[sector][1] + shares(sector)["share"] * found[sector][2]) / 100 for sector in order}
    path = WORLD / "tariffs.csv"
    with open(path, encoding="utf-8") as handle:
        reader = csv.DictReader(handle)
        header, rows = reader.fieldnames, list(reader)
    held = {(row["importer"], row["exporter"], row["sector"]): row for row in rows}
    for sector, rate in rates.items():
        held[IMPORTER, EXPORTER, sector]["rate"] = f"{rate:.5f}".rstrip("0").rstrip(".")
    write(path, header, [[row[column] for column in header] for row in rows])
    write(WORLD / "paid_shares.csv", ["importer", "exporter", "sector", "additional", "low", "share", "high"],
          [[IMPORTER, EXPORTER, sector, f"{found[sector][2] / 100:.5f}", *(f"{shares(sector)[end]:.4f}" for end in PAID)]
           for sector in order])


def main():
    parse = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parse.add_argument("shared", type=Path)
    parse.add_argument("--compare", type=Path)
    parse.add_argument("--write", action="store_true")
    typed = parse.parse_args()
    schedule = Schedule(typed.shared.resolve())
    if typed.write:
        rewrite(schedule)
    elif typed.compare:
        compare(schedule, typed.compare)
    else:
        for day in SEEN:
            base, answers = totals(schedule.by_sector("2022", day))
            print(f"{day}: {base:.2f} most favoured nation, {answers:.2f} answers of 2018-19, exports of 2022")


if __name__ == "__main__":
    main()
