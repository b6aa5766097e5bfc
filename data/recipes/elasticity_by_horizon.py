#!/usr/bin/env python3
"""What US imports from China did after the tariffs of 2018-24, by years since 2017: elasticities by horizon.

    python3 data/recipes/elasticity_by_horizon.py ../shared PANEL.csv --out ROWS.csv      one row a regression
    python3 data/recipes/elasticity_by_horizon.py ../shared PANEL.csv --compare REFERENCE.csv [--as-in-the-reference]
    python3 data/recipes/elasticity_by_horizon.py ../shared PANEL.csv --sets               the sets `record-2021`, `record-2024`

PANEL is the record itself, day by day and line by line: `detente ledger export --since 2017-01-01 --pair USA:CHN --out PANEL.csv`.
Needs nothing but Python.

Change in the log of imports (HS6, cost, insurance and freight included) on the change in log(1 + duty), duty being the base rate of
2025 and every layer of the record weighted by days in force, the mean over a subheading's lines; subheadings of more than one million
dollars in 2017; standard errors clustered by heading. PPML is in levels with zeros kept, imports of 2017 as the exposure. Codes that
the revision of 2022 dropped are lost: 15 percent of value.

Imports by HS6 are UN Comtrade's, whose terms do not allow passing them on: the estimates of the default sets ship (in
data/elasticities/record_*.toml), the table by HS6 and the rows do not.

`--as-in-the-reference`: an independent program that this recipe was held against adds two ways of counting imports (customs value beside
cost, insurance and freight) where the source has both, from 2022 on, and read the record of the days before the safeguard on washers
and the condition on aluminium stampings; with the same three choices 265 of its 318 rows to 2024 are met to 0.01, 311 to 0.03, all to 0.1 (the rows of 2020 lean on masks, whose
line has been split since). The choices move the elasticity of 2024 by 0.03.
"""
import argparse
import csv
import datetime
import gzip
import math
from collections import defaultdict
from pathlib import Path

from tables import ROOT

FIRST, LAST, REVISION = 2017, 2025, 2022
DAY = datetime.date
LEAST = 1e6  # dollars of imports in 2017
# The default sets: years from 2017, the estimator's eight specifications, and what the model's θ is of them.
SETS = {"record_2021": (2019, 2020, 2021), "record_2024": (2024,)}
OWN_SHARE = 0.145  # the exporter's part of the importer's spending by sector, home included, weighed by imports (default world, 2022)


def numbers(text):
    return float(text) if text else 0.0


class Panel:
    """Base rate and dated additions of every line, percent made fractions."""

    def __init__(self, file, lines_file, without=(), whole=()):
        self.base, self.adds = {}, defaultdict(list)
        with open(file, encoding="utf-8") as handle:
            for row in csv.DictReader(handle):
                code = row["code"].replace(".", "")
                rate = numbers(row["adds_pct"]) / 100
                if row["layer"] == "base":
                    self.base[code] = rate
                elif row["layer"] not in without:
                    until = DAY.fromisoformat(row["until"]) if row["until"] else DAY(2100, 1, 1)
                    if row["layer"] in whole:
                        rate = numbers(row["rate_pct"]) / 100
                    self.adds[code].append((row["layer"], DAY.fromisoformat(row["from"]), until, rate))
        self.value = {}
        with open(lines_file, encoding="utf-8") as handle:
            for row in csv.DictReader(handle):
                self.value[row["code"]] = numbers(row["customs_value_all"])
                if row["code"] not in self.base:  # an amount per unit: what it came to in 2024, else nothing
                    self.base[row["code"]] = numbers(row["ad_valorem_equivalent"])
        self.six = defaultdict(lambda: defaultdict(list))
        for code in self.base:
            self.six[code[:6]][code[:8]].append(code)

    def rate(self, code, year):
        """The duty of a year, weighted by days."""
        first, end = DAY(year, 1, 1), DAY(year + 1, 1, 1)
        days = sum(rate * max(0, (min(end, until) - max(first, since)).days)
                   for _, since, until, rate in self.adds.get(code, ()))
        return self.base[code] + days / (end - first).days

    def subheadings(self, year, mean):
        """Mean over a subheading's lines of eight digits; `value 2024` weighs by imports of 2024 from everywhere, where there were any."""
        out = {}
        for six, eights in self.six.items():
            if mean == "simple":
                rates = [sum(self.rate(code, year) for code in codes) / len(codes) for codes in eights.values()]
                out[six] = sum(rates) / len(rates)
                continue
            codes = [code for codes in eights.values() for code in codes]
            weights = [self.value.get(code, 0.0) for code in codes]
            if sum(weights) == 0:
                weights = [1.0] * len(codes)
            out[six] = sum(w * self.rate(code, year) for w, code in zip(weights, codes)) / sum(weights)
        return out

    def reached(self, *starts):
        """Subheadings that a layer with one of these names reaches before 2025."""
        return {code[:6] for code, runs in self.adds.items()
                if any(layer.startswith(starts) and since.year < 2025 for layer, since, _, _ in runs)}


def imports(shared, both):
    """Year -> subheading -> dollars."""
    value = defaultdict(lambda: defaultdict(float))
    flows = ("imports_general_cif", "imports_general") if both else ("imports_general_cif",)
    with gzip.open(shared / "data/outturns/us_china_hs6_annual.csv.gz", "rt") as handle:
        for row in csv.DictReader(handle):
            if row["flow"] in flows:
                value[int(row["period"])][row["code"]] += float(row["value_usd"])
    return value


def demeaned(rows, weights, effects):
    """Outcome and regressor less their weighted means, within chapters where `effects`."""
    totals = defaultdict(lambda: [0.0, 0.0, 0.0])
    for (y, x, _, chapter), w in zip(rows, weights):
        total = totals[chapter if effects else ""]
        total[0] += w
        total[1] += w * y
        total[2] += w * x
    out = []
    for (y, x, _, chapter), w in zip(rows, weights):
        total = totals[chapter if effects else ""]
        out.append((y - total[1] / total[0], x - total[2] / total[0]))
    return out


def clustered(scores, keys, curvature):
    sums = defaultdict(float)
    for score, key in zip(scores, keys):
        sums[key] += score
    groups = len(sums)
    return math.sqrt(sum(s * s for s in sums.values()) * groups / (groups - 1)) / curvature


def least_squares(rows, weights, effects):
    """Slope and its clustered standard error."""
    parts = demeaned(rows, weights, effects)
    curvature = sum(w * x * x for w, (_, x) in zip(weights, parts))
    slope = sum(w * x * y for w, (y, x) in zip(weights, parts)) / curvature
    scores = [w * x * (y - slope * x) for w, (y, x) in zip(weights, parts)]
    return slope, clustered(scores, [row[2] for row in rows], curvature)


def poisson(rows, exposure, effects):
    """Pseudo maximum likelihood of levels over an exposure; rows hold the level over its exposure. The intercepts are concentrated out."""
    slope = 0.0
    for _ in range(100):
        tilted = [w * math.exp(slope * x) for (_, x, _, _), w in zip(rows, exposure)]
        seen, told = defaultdict(float), defaultdict(float)
        for (y, _, _, chapter), w, mu in zip(rows, exposure, tilted):
            seen[chapter if effects else ""] += w * y
            told[chapter if effects else ""] += mu
        fitted = [mu * seen[row[3] if effects else ""] / told[row[3] if effects else ""] for row, mu in zip(rows, tilted)]
        # A chapter without any imports in the later year says nothing of the slope: its fitted values are nil.
        kept = [k for k, mu in enumerate(fitted) if mu > 0]
        means = demeaned([rows[k] for k in kept], [fitted[k] for k in kept], effects)
        curvature = sum(fitted[k] * x * x for k, (_, x) in zip(kept, means))
        scores = [x * (exposure[k] * rows[k][0] - fitted[k]) for k, (_, x) in zip(kept, means)]
        step = sum(scores) / curvature
        slope += max(-2.0, min(2.0, step))
        if abs(step) < 1e-12:
            break
    return slope, clustered(scores, [rows[k][2] for k in kept], curvature)


def samples(panel):
    note_31 = panel.reached("US-301-202", "US-301-GLOVE")
    import_relief = panel.reached("US-232", "US-201")
    machines = ("84", "85")
    return {"all": lambda six: True, "without 84-85": lambda six: six[:2] not in machines, "only 84-85": lambda six: six[:2] in machines,
            "without 232/201": lambda six: six not in import_relief, "without note 31": lambda six: six not in note_31}


def regressions(panel, value):
    """Every row: from, to, line_mean, sample, estimator, weights, effects, n, elasticity, se."""
    for year in range(FIRST + 1, LAST + 1):
        for mean in ("simple", "value 2024"):
            before, after = panel.subheadings(FIRST, mean), panel.subheadings(year, mean)
            goods = [(six, v) for six, v in value[FIRST].items() if v > LEAST and six in before and six[:2] < "98"]
            change = {six: math.log((1 + after[six]) / (1 + before[six])) for six, _ in goods}
            for sample, keeps in samples(panel).items():
                if mean != "simple" and sample not in ("all", "without 84-85"):
                    continue
                kept = [(six, v) for six, v in goods if keeps(six)]
                both = [(six, v) for six, v in kept if value[year].get(six, 0) > 0]
                logs = [(math.log(value[year][six] / v), change[six], six[:4], six[:2]) for six, v in both]
                weights = {"none": [1.0] * len(both), "sqrt": [math.sqrt(v) for _, v in both], "value": [v for _, v in both]}
                for name, held in weights.items():
                    for effects in ("none", "HS2"):
                        if mean != "simple" and sample != "all":
                            continue
                        yield year, mean, sample, "log", name, effects, len(logs), *least_squares(logs, held, effects == "HS2")
                if sample == "all":
                    low, high = percentiles([row[0] for row in logs])
                    inner = [k for k, row in enumerate(logs) if low <= row[0] <= high]
                    yield (year, mean, "trimmed 1-99", "log", "sqrt", "none", len(inner),
                           *least_squares([logs[k] for k in inner], [weights["sqrt"][k] for k in inner], False))
                if sample in ("all", "without 84-85"):
                    # Zeros count; a code of the revision of 2022 that no later year has any more is a code that was given up.
                    alive = {six for later in range(year, LAST + 1) for six in value[later]}
                    zeros = [(six, v) for six, v in kept if year < REVISION or six in alive]
                    levels = [(value[year].get(six, 0.0) / v, change[six], six[:4], six[:2]) for six, v in zeros]
                    for effects in ("none", "HS2"):
                        yield (year, mean, sample, "PPML", "(value)", effects, len(levels),
                               *poisson(levels, [v for _, v in zeros], effects == "HS2"))


def percentiles(values):
    """The first and the ninety-ninth, between neighbours in proportion."""
    ordered = sorted(values)

    def at(share):
        place = share * (len(ordered) - 1)
        low = int(place)
        return ordered[low] + (place - low) * (ordered[min(low + 1, len(ordered) - 1)] - ordered[low])

    return at(0.01), at(0.99)


def median(values):
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def sets(rows):
    """What the sets rest on: the eight specifications over all goods."""
    for name, years in SETS.items():
        eight = [row for row in rows if row[0] in years and row[1] == "simple" and row[2] == "all"]
        assert len(eight) == 8 * len(years), len(eight)
        slopes = [row[7] for row in eight]
        middle = -median(slopes)
        print(f"{name}: n {max(row[6] for row in eight)}, elasticity -{middle:.2f} ({min(slopes):.2f} to {max(slopes):.2f}), "
              f"standard errors {min(row[8] for row in eight):.2f} to {max(row[8] for row in eight):.2f}, "
              f"median {median([row[8] for row in eight]):.2f}; "
              f"θ = ({middle:.2f} - 1) / (1 - {OWN_SHARE}) = {(middle - 1) / (1 - OWN_SHARE):.2f}")


def compare(rows, file):
    """Against a table of the same columns: how many rows, how far apart."""
    with open(file, encoding="utf-8") as handle:
        known = {(int(row["to"]), row["line_mean"], row["sample"], row["estimator"], row["weights"], row["effects"]): row
                 for row in csv.DictReader(handle) if row["elasticity"] and row["se"] and int(row["to"]) < LAST}
    found = {row[:6]: row for row in rows}
    assert known.keys() <= found.keys(), sorted(known.keys() - found.keys())[:3]
    gaps = sorted(((abs(found[key][7] - float(row["elasticity"])), key, float(row["elasticity"])) for key, row in known.items()), reverse=True)
    errors = max(abs(found[key][8] - float(row["se"])) for key, row in known.items())
    counts = sum(found[key][6] != int(row["n"]) for key, row in known.items())
    within = sum(gap <= 0.01 + 5e-4 for gap, _, _ in gaps)
    print(f"{len(gaps)} rows, {within} within 0.01, {counts} with another count, standard errors within {errors:.3f}; furthest:")
    for gap, key, there in gaps[:12]:
        print(f"  {' '.join(map(str, key))}: {found[key][7]:.3f}, there {there:.3f} (n {found[key][6]}, there {known[key]['n']})")


def main():
    parse = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parse.add_argument("shared", type=Path)
    parse.add_argument("panel", type=Path)
    parse.add_argument("--out", type=Path)
    parse.add_argument("--compare", type=Path)
    parse.add_argument("--sets", action="store_true")
    parse.add_argument("--as-in-the-reference", action="store_true")
    typed = parse.parse_args()
    same = typed.as_in_the_reference
    panel = Panel(typed.panel, ROOT / "data/products/USA/lines.csv", without=("US-201-WASHERS",) if same else (),
                  whole=("US-232-ALU-DERIV-2020",) if same else ())
    rows = list(regressions(panel, imports(typed.shared.resolve(), both=same)))
    if typed.out:
        header = ["from", "to", "line_mean", "sample", "estimator", "weights", "effects", "n", "elasticity", "se"]
        with open(typed.out, "w", encoding="utf-8", newline="") as handle:
            out = csv.writer(handle, lineterminator="\n")
            out.writerow(header)
            out.writerows([FIRST, *row[:7], f"{row[7]:.3f}", f"{row[8]:.3f}"] for row in rows)
    if typed.sets:
        sets(rows)
    if typed.compare:
        compare(rows, typed.compare)


if __name__ == "__main__":
    main()
