#!/usr/bin/env python3
"""Derive the published averages by partner that ours are set beside: data/validation/averages-by-partner.csv.gz.

    python3 data/recipes/averages_by_partner.py ../shared [OUT]

Source: targets_averages_by_partner.csv of the facts. Added duties: `tradewartracker/trade-war-redux-2025` (726c595, MIT; Waugh); whole schedules and
receipts: the publishers named in the rows, one figure each. `causes` says in which ways the publisher reads the law otherwise, in the order in which they
are measured; no published figure is an input to a cause. Rewrites the file byte for byte.
"""
import csv
import sys
from collections import defaultdict
from pathlib import Path

from pyarrow import parquet

from partner_trade import NAMES, SHARED, SLOVAKIA, UNION, codes
from tables import ROOT, write_packed

FOLDER = SHARED / "facts-partners"
OUT = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "data/validation/averages-by-partner.csv.gz"

LISTS = "frees-nothing:ieepa/annex-ii+ieepa/annex-ii-until-2025"
# The tracker dates a duty by its announcement; the first day on which the law charges it.
CHARGED = {"2025-04-05": "2025-04-09", "2025-04-08": "2025-04-09", "2025-04-09": "2025-04-10", "2025-05-12": "2025-05-14", "2025-06-03": "2025-06-04",
           "2026-02-20": "2026-02-24"}
# Annex II of Executive Order 14257 entered the tracker in steps: nothing of it at first, then copper, crude oil and electronics.
NO_ANNEX = ("2025-04-05", "2025-04-08", "2025-04-09")
PART_OF_ANNEX = ("2025-04-11", "2025-05-12", "2025-06-03", "2025-08-07", "2025-10-14")
IN_THE_ANNEX = " but 74 2709 84 85"
# The tracker's flat shares of goods free under the agreement (8.75 and 4.5 of 25).
CLAIMED = {"CAN": 0.65, "MEX": 0.82}
CHINA = ("CHN", "HKG")
# Goods of chapters 98 and 99 are told apart where they are more than this share of what a partner sells.
MANY = 0.2


# Section 232 on metals reaches these in the tracker only from the annexes of April 2026 on: their quotas and exemptions of 2018 ended on 2025-03-12.
EXEMPT_FROM_METALS = ("ARG", "AUS", "BRA")
METALS = ("US-232-STEEL", "US-232-ALU", "US-232-STEEL-DERIV-2025", "US-232-ALU-DERIV-2025", "US-232-STEEL-INCL-2025", "US-232-STEEL-DERIV-2020",
          "US-232-ALU-DERIV-2020")
ANNEXES = "2026-04-06"
# Of these, exempt like them until 2025-03-12, it takes the derivatives from that day on and steel and aluminium themselves from the annexes.
OWN_METALS_LATER = ("CAN", "MEX")
# China's rate in the annex of 2 April 2025, which the tracker charges on Hong Kong in place of the two duties from its table of August on: its own
# table by chapter has 34.0 on all goods, chapters 98 and 99 too, and less where the annex exempts.
RATE_OF_THE_ANNEX = {"HKG": ("2025-08-07", "2025-10-14")}
DEAL_ON_CARS = {"JPN": ("2025-08-07", "2025-09-16"), "KOR": ("2025-08-07", "2025-11-01")}


def causes(day, partner, without_lines):
    """What the tracker reads otherwise, in order."""
    found = []
    if day in CHARGED:
        found.append(f"day:{CHARGED[day]}")
    if partner in CHINA and day == "2025-04-05":
        found.append("rate:US-IEEPA-RECIP=34")
    if partner in CHINA and day in ("2025-04-09", "2025-04-11"):
        # 125 with the fentanyl duty's 20 inside.
        found.append("rate:US-IEEPA-RECIP=105")
    if partner == "ZAF" and day in ("2025-04-05", "2025-04-08"):
        found.append("rate:US-IEEPA-RECIP-PARTNERS=10")
    if day in RATE_OF_THE_ANNEX.get(partner, ()):
        found += ["without:US-IEEPA-FENT", "rate:US-IEEPA-RECIP=34"]
    # On the parties of the North American agreement it never lays the surcharge: its figures of 20 and 24 February are the same.
    if day == "2026-02-20" or (partner in CLAIMED and day >= "2026-02-20"):
        found.append("without:US-S122")
    if partner == "RUS" and day in NO_ANNEX + PART_OF_ANNEX:
        found.append("layers-of:AUS")
    if day < "2025-05-03":
        found.append("instrument:US-232-PARTS@2025-05-03")
    if partner == "IND" and day == "2025-08-07":
        found.append("instrument:US-IEEPA-IND-OIL@2025-08-27")
    if partner == "IND" and day == "2026-02-07":
        found.append("rate:US-IEEPA-RECIP-PARTNERS=18")
    if partner in DEAL_ON_CARS:
        first, charged = DEAL_ON_CARS[partner]
        if partner == "JPN" and day == first:
            found.append("on-top-of-base:US-IEEPA-RECIP-PARTNERS")
        if first <= day < charged:
            found += [f"instrument:{measure}@{charged}" for measure in ("US-232-AUTO", "US-232-PARTS")]
    if partner == "GBR" and "2025-08-07" <= day < "2026-02-20":
        found.append("instrument:US-232-AUTO@2025-06-15")
    if partner in EXEMPT_FROM_METALS and day < ANNEXES:
        found += [f"without:{measure}" for measure in METALS]
    if partner in OWN_METALS_LATER and day < ANNEXES:
        found += ["without:US-232-STEEL", "without:US-232-ALU"]
    if "2025-08-18" <= day < ANNEXES:
        found += [f"answered:{metal}-content=0" for metal in ("steel", "aluminium")]
    if day >= "2025-11-01":
        found.append("answered:heavy-vehicle-part=1")
    if partner == "CHN":
        # Towards China the tracker had Annex II from the beginning, electronics since 2025-04-11.
        if day in NO_ANNEX:
            found.append(LISTS + " but " + " ".join(f"{chapter:02}" for chapter in range(1, 98) if chapter not in (77, 84, 85)))
    elif day in NO_ANNEX:
        found.append(LISTS)
    elif day in PART_OF_ANNEX and not (partner == "BRA" and day >= "2025-08-07"):
        # From 2025-08-07 on the tracker frees of Brazil's goods what the order on Brazil frees.
        found.append(LISTS + IN_THE_ANNEX)
    if partner in CLAIMED:
        found.append(f"claimed:USMCA={CLAIMED[partner]}")
    if partner == "BRA" and day >= "2025-08-07":
        found += ["answered:civil-aircraft=1", "answered:named-article=1"]
    if partner == "CAN" and "2025-04-11" <= day < "2026-02-20":
        found.append("free:2709 74")
    if without_lines > MANY:
        found.append(f"goods-without-lines-charged:{without_lines:.4f}")
    return found


# The publisher's shares of 2024 by line are not on file: those of the month of 2025 nearest to it, moved together to the means that its notes on
# assumptions give for 2024.
SHARES_OF_2024 = {"CAN": "2025-01-15=0.38", "MEX": "2025-01-15=0.50"}
# Its content shares by line, from the input-output table of 2017, are not on file: a tenth of the value of every derivative article is assumed.
CONTENT = 0.1
# Suspended on 15 December 2019, before its first day, but still printed in the schedule with its rate: the build of 11 March 2026 charged it. The
# publisher found and mended it two weeks later, with 590 lines and 116 billion dollars of imports (Budget-Lab-Yale/tariff-rate-tracker, todo.md,
# "Section 301 List 4B (9903.88.16) suspension fix", completed 2026-03-25).
CHARGED_THOUGH_SUSPENDED = "rate:US-301-L4B=15"


def of_the_other_tracker(partner, without_lines, by_sectors):
    """What the Budget Lab's two methods read otherwise; that by sectors has its own claims. Both free civil aircraft of everybody."""
    found = [f"answered:{metal}-content={CONTENT}" for metal in ("steel", "aluminium")]
    found.append("answered:civil-aircraft=1")
    if not by_sectors:
        if partner in SHARES_OF_2024:
            found.append(f"claimed-as-on:USMCA@{SHARES_OF_2024[partner]}")
        found.append("answered:pharmaceutical-use=1")
        # Whole headings, computers among them, stand on its list of parts of vehicles.
        found.append("answered:vehicle-part=1")
        if partner == "CHN":
            found.append(CHARGED_THOUGH_SUSPENDED)
    found.append(f"goods-without-lines:{without_lines:.4f}")
    return found


def goods_without_lines():
    """The share of 2024 imports in chapters 98 and 99, by partner."""
    known, partners = codes(), {}
    all_goods, without = defaultdict(int), defaultdict(int)
    table = parquet.read_table(SHARED / "data/product-trade/us_imports_2024_hs10_by_country.parquet")
    for row in table.to_pylist():
        place = row["cty_code"]
        if place == SLOVAKIA:
            continue
        if place not in partners:
            name = row["country"].strip()
            partners[place] = "EU27" if place == UNION else NAMES.get(name.title(), known.get(name.lower()) or NAMES.get(name))
        all_goods[partners[place]] += row["imports_usd"]
        if row["hs10"][:2] in ("98", "99"):
            without[partners[place]] += row["imports_usd"]
    return {partner: without[partner] / value for partner, value in all_goods.items() if value}


def main():
    rows, without = [], goods_without_lines()
    with open(ROOT / "data/products/USA/trade.csv", newline="", encoding="utf-8") as handle:
        by_line = {name.removeprefix("customs_value_") for name in next(csv.reader(handle))[1:]} | {"CHN"}
    with open(FOLDER / "targets_averages_by_partner.csv", newline="", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            day, partner, method = row["as_of_date"], row["partner"], row["method"]
            if method.startswith("statutory, HS10 lists"):
                counts, why = "added", causes(day, partner, without[partner])
            elif method.startswith("HS10 x country, 2024 weights"):
                counts, why = "whole", of_the_other_tracker(partner, without[partner], False)
            elif method.startswith("GTAP-sector USMCA shares"):
                counts, why = "whole", of_the_other_tracker(partner, without[partner], True)
            elif method.startswith("collected") and partner in by_line:
                counts, why = "collected", []
            else:
                continue
            publisher = row["publisher_version"].replace(",", " ")
            rows.append([row["id"], day, "USA", partner, counts, row["rate_pct"], publisher, ";".join(why)])
    write_packed(OUT, ["id", "on", "importer", "exporter", "counts", "published_pct", "publisher", "causes"], rows)


if __name__ == "__main__":
    main()
