#!/usr/bin/env python3
"""Derive data/products/USA and data/concordances from the shared public data.

    python3 data/recipes/product_lines.py ../shared

reads SHARED/data/{hts,product-trade,world-io}, and rewrites the
committed files byte for byte (run twice: `git diff` stays empty). Needs pandas and pyarrow. What each
column means, its source and licence: data/products/README.md.
"""
import csv
import gzip
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pandas as pd

from tables import ROOT, write

SHARED = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT.parent / "shared").resolve()
HTS = SHARED / "data/hts"
TRADE = SHARED / "data/product-trade"
PARTNER = {"5700": "CHN"}
SLOVAKIA = "4359"  # the EU row already contains it


def digits(text):
    return "".join(ch for ch in text if ch.isdigit())


# ---------------------------------------------------------------- the schedule: base rates and its 10-digit codes

def printed_rates():
    """hs8 -> (fraction or None, rate as printed). A rate that is no plain percentage stays text."""
    table = pd.read_csv(HTS / "mfn_rates_2025.csv.gz", dtype=str)
    rates = {}
    for row in table.itertuples():
        if row.hs8[:2] in ("98", "99"):
            continue
        plain = row.rate_type in ("free", "ad_valorem")
        raw = " ".join(str(row.rate_raw).split())
        if raw == "6.5% on the entire set":
            rates[row.hs8] = ("0.065", "")
        else:
            rates[row.hs8] = (f"{float(row.mfn_rate):.6f}".rstrip("0").rstrip(".") if plain else "", "" if plain else raw)
    # Quota lines that the parsed table leaves out stand in the schedule itself.
    for row in schedule():
        code, raw = digits(row["HTS Number"])[:8], " ".join(row["General Rate of Duty"].split())
        if len(code) < 8 or code[:2] in ("98", "99") or code in rates or not raw:
            continue
        if raw == "Free":
            rates[code] = ("0", "")
        elif re.fullmatch(r"[\d.]+%", raw):
            rates[code] = (f"{float(raw[:-1]) / 100:.6f}".rstrip("0").rstrip("."), "")
        else:
            rates[code] = ("", raw)
    return rates


def schedule():
    with gzip.open(HTS / "hts_2025_basic_edition.csv.gz", "rt", encoding="utf-8-sig", newline="") as handle:
        yield from csv.DictReader(handle)


def statistical_codes(trade):
    """hs8 -> its 10-digit codes, in the 2025 schedule or in 2024 trade."""
    children = defaultdict(set)
    for row in schedule():
        code = digits(row["HTS Number"])
        if len(code) == 10 and code[:2] not in ("98", "99"):
            children[code[:8]].add(code)
    for code in trade.hs10.unique():
        if not children[code[:8]]:
            children[code[:8]].add(code)
    return children


# ---------------------------------------------------------------- product lists

STEEL_MILL = """7206 7207 7208 7209 7210 7211 7212 7213 7214 7215 721610 721621 721622 721631 721632 721633 721640
721650 721699 7217 7218 7219 7220 7221 7222 7223 7224 7225 7226 7227 7228 7229 730110 730210 730240 730290 7304
7305 7306""".split()
STEEL_2020 = "73170030 7317005503 7317005505 7317005507 7317005560 7317005580 7317006560".split()
STEEL_2025_03 = """73012010 73012050 73023000 73072110 73072150 73072210 73072250 73072300 73072900 730791 730792 730793
730799 7308 7309 7310 7311 7312 7313 7314 7315 7316 73170010 73170020 73170055 73170065 73170075 73181100 73181200
73181300 73181410 73181450 731815 73181600 73181900 7318210000 73182200 73182300 73182400 73182900 731940 731990 7320
73211110 73211130 73211160 73211200 73211900 73218110 73218150 73218210 73218250 73218900 73219010 73219020 73219040
73219050 73219060 73221900 73229000 73231000 73239300 73239400 73239910 73239930 73239950 73239970 73239990 73241000
73242900 73249000 73259100 73259910 73259950 73261100 73261900 73262000 73269010 73269025 73269035 73269045 73269060
73269086""".split()
STEEL_2025_08_METAL = "7216910010 73071930 73071990".split()
ALUMINIUM_MILL = "7601 7604 7605 7606 7607 7608 7609 7616995160 7616995170".split()
ALUMINIUM_2020 = "76141050 76149020 76149040 76149050".split()
ALUMINIUM_2025_03 = """76101000 76109000 7615102015 7615102025 7615103015 7615103025 7615105020 7615105040 7615107125
7615107130 7615107155 7615107180 7615109100 7615200000 7616109090 7616991000 7616995130 7616995140 7616995190
76129010""".split()
ALUMINIUM_2025_08_METAL = "7612100000 7612905000 7613000000 76141010".split()
# Note 33(g) names some provisions whole that hold far more than parts of vehicles: the duty reaches those goods only as parts
# of passenger vehicles or light trucks, and no share is published. They stand in a list of their own.
GENERAL_PROVISIONS = tuple("""8471 8501 850760 850790 853641 853710 853720 852560 851981 901510 842549 842691 843110 8482 8483
8414""".split())
PASSENGER_VEHICLES = "870322 870323 870324 870331 870332 870333 870340 870350 870360 870370 870380 870390".split()
LIGHT_TRUCKS = "87042101 87043101 87044100 87045100".split()
SOFTWOOD = """44031100 44032101 44032201 44032301 44032401 44032501 44032601 44039901 44061100 44069100 44071100 44071200
44071300 44071400 44071900""".split()
UPHOLSTERED = "9401614011 9401614031 9401616011 9401616031".split()
CABINETS = "9403409060 9403608093 9403910080".split()
HEAVY_TRUCKS = """87012100 87012200 87012300 87012400 87012900 87041010 87041050 87042211 87042251 87042301 87043201 87044200
87044300 87045200 87046000 87049001 87054000 8705900080 87060003 8706000520 8706000575 87060025 87060050 87091100
87091900""".split()
# Lines that note 31 took over in 2024-25 and that the present schedule no longer names in the older lists: where they stood
# before, from the rates "from ... to ..." of the 2024 action (89 FR 76581) and checked against the duty collected in 2024.
FORMER_1 = "87024031 87024061 87029031 87029061 87036000 87037000 87038000 87039001".split()
FORMER_2 = "8541 8542".split()
FORMER_3 = "38180000".split()
FORMER_4A_CHAPTERS = ("72", "73", "76")
FORMER_4A = "85079040 85076000 40151210".split()
# Note 31(h) names five statistical numbers of a basket line; batteries for vehicles went to 25 percent in 2024, others in 2026.
MASKS = "6307909842 6307909844 6307909850 6307909870 6307909875".split()
VEHICLE_BATTERIES = "8507600010"


def column(name, key=0, where=None):
    with open(HTS / name, encoding="utf-8") as handle:
        rows = [row for row in csv.reader(line for line in handle if not line.startswith("#"))]
    header = rows[0] if not rows[0][0].isdigit() else None
    body = rows[1:] if header else rows
    if where:
        position = {name: i for i, name in enumerate(header)}
        body = [row for row in body if all(row[position[k]] in v for k, v in where.items())]
    return [digits(row[key]) for row in body if digits(row[key])]


# Electronics of the memorandum of 2025-04-11; they must not go with the civil aircraft codes below.
ELECTRONICS = ("8471", "847330", "8486", "851713", "851762", "852351", "8524", "852852", "8541", "8542")
# Farm goods and fertilisers were exempted on 2025-11-13 (EO 14360), long after Annex II.
FARM_CHAPTERS = tuple(f"{chapter:02}" for chapter in range(1, 25)) + ("31",)


def reciprocal_exempt():
    """Annex II for every origin. The source pools it with the civil aircraft exemption, which only some partners were granted;
    those codes are taken out by the same source's aircraft lists, and chapter 88 and aircraft instruments with them. A
    10-digit code that ends in 00 stands for its whole 8-digit line (the source lists the old and new codes beside it)."""
    aircraft = {row for row in column("floor_exempt_products.csv", where={"category": {"civil_aircraft"}})}
    kept = []
    for code in column("ieepa_exempt_products.csv"):
        code = code[:10]
        if code[:2] in ("88", "98", "99") or code[:4] == "9014":
            continue
        if code[:8] in aircraft and not code.startswith(ELECTRONICS):
            continue
        kept.append(code[:8] if code.endswith("00") else code)
    return kept


def product_lists():
    """list id -> codes of 2 to 10 digits; a shorter code covers everything below it."""
    lists = {}
    named = {
        "section-301/list-1": {"1"}, "section-301/list-2": {"2"}, "section-301/list-3": {"3", "3_addl"},
        "section-301/list-4a": {"4A"}, "section-301/list-4b": {"4B"},
        "section-301/note-31b-steel-aluminium-batteries-minerals": {"biden_25"},
        "section-301/note-31c-solar": {"biden_50"},
        "section-301/note-31d-electric-vehicles-syringes": {"biden_100"},
        "section-301/note-31f-semiconductors": {"biden_50_jan25"},
        "section-301/note-31j-tungsten": {"biden_25_jan25"},
        "section-301/ship-to-shore-cranes": {"cranes_301"},
    }
    for name, source in named.items():
        lists[name] = column("s301_product_lists.csv", where={"list": source})
    headings = {"section-301/note-31g-graphite-magnets-batteries": "9903.91.06",
                "section-301/note-31h-masks": "9903.91.07", "section-301/note-31i-gloves": "9903.91.08"}
    for name, heading in headings.items():
        lists[name] = column("s301_product_lists.csv", where={"ch99_code": {heading}})
    lists["section-301/note-31h-masks"] = MASKS
    lists["section-301/note-31b-steel-aluminium-batteries-minerals"].append(VEHICLE_BATTERIES)
    lists["section-301/list-1-until-note-31"] = FORMER_1
    lists["section-301/list-2-until-note-31"] = FORMER_2
    lists["section-301/list-3-until-note-31"] = FORMER_3
    lists["section-301/list-4a-until-note-31"] = FORMER_4A + [
        code for code in lists["section-301/note-31b-steel-aluminium-batteries-minerals"]
        if code[:2] in FORMER_4A_CHAPTERS and code[:4] != "7202"]
    lists["section-301/maritime-chassis"] = "8716390090 87169030 87169050".split()

    exempt = reciprocal_exempt()
    lists["ieepa/annex-ii-exempt"] = [code for code in exempt if code[:2] not in FARM_CHAPTERS]
    lists["ieepa/farm-goods-exempt-2025-11"] = [code for code in exempt if code[:2] in FARM_CHAPTERS]
    lists["section-122/exempt"] = column("s122_exempt_products.csv")

    lists["section-232/steel"] = STEEL_MILL
    lists["section-232/steel-derivatives-2020"] = STEEL_2020
    lists["section-232/steel-derivatives-2025-03"] = STEEL_2025_03
    lists["section-232/steel-derivatives-2025-08-metal"] = STEEL_2025_08_METAL
    derivative = "s232_derivative_products.csv"
    lists["section-232/steel-derivatives-2025-08-content"] = column(derivative, where={"derivative_type": {"steel"}})
    lists["section-232/aluminium"] = ALUMINIUM_MILL
    lists["section-232/aluminium-derivatives-2020"] = ALUMINIUM_2020 + column(derivative, where={"ch99_code": {"9903.85.04"}, "derivative_type": {"aluminum"}})
    lists["section-232/aluminium-derivatives-2025-03"] = ALUMINIUM_2025_03 + [
        code for code in column(derivative, where={"ch99_code": {"9903.85.07"}})]
    lists["section-232/aluminium-derivatives-2025-03-content"] = column(derivative, where={"ch99_code": {"9903.85.08"}, "effective_date": {""}})
    lists["section-232/aluminium-derivatives-2025-08-metal"] = ALUMINIUM_2025_08_METAL
    lists["section-232/aluminium-derivatives-2025-08-content"] = column(derivative, where={"ch99_code": {"9903.85.08"}, "effective_date": {"2025-08-18"}})
    annex = "s232_annex_products.csv"
    for metal, spelled in (("steel", "steel"), ("aluminum", "aluminium"), ("copper", "copper")):
        for name in ("1a", "1b", "3"):
            codes = column(annex, where={"annex": {name}, "metal_type": {metal}})
            if codes:
                lists[f"section-232/annex-{name}-{spelled}"] = codes
    lists["section-232/copper"] = column("s232_copper_products.csv")
    lists["section-232/passenger-vehicles"] = PASSENGER_VEHICLES
    lists["section-232/light-trucks"] = LIGHT_TRUCKS
    parts = column("s232_auto_parts.txt")
    lists["section-232/automobile-parts"] = [code for code in parts if not code.startswith(GENERAL_PROVISIONS)]
    lists["section-232/automobile-parts-in-general-provisions"] = [code for code in parts if code.startswith(GENERAL_PROVISIONS)]
    lists["section-232/softwood"] = SOFTWOOD
    lists["section-232/upholstered-furniture"] = UPHOLSTERED
    lists["section-232/kitchen-cabinets"] = CABINETS
    lists["section-232/heavy-trucks"] = HEAVY_TRUCKS
    lists["section-232/buses"] = ["8702"]
    parts = column("s232_mhd_parts.txt")
    lists["section-232/heavy-truck-parts"] = [code for code in parts if not code.startswith(GENERAL_PROVISIONS)]
    lists["section-232/heavy-truck-parts-in-general-provisions"] = [code for code in parts if code.startswith(GENERAL_PROVISIONS)]
    lists["section-232/semiconductors"] = column("s232_semi_products.csv")
    lists["section-232/polysilicon"] = "3818000020 3818000040 3818000045 3818000050 3818000091 854142 854143".split()
    lists["section-201/solar"] = column("s201_solar_products.csv")
    return lists


def by_number(lists, trade, rates):
    """Note 20(g), and one line that is on Lists 3 and 4A, name statistical numbers and not whole lines. The source has the lines
    only; which numbers, from the duty collected in 2024 beyond the base rate: a number that paid more than 12 percent stood on
    List 3 (25), one that paid 5 to 12 on List 4A (7.5), one that paid less on neither."""
    split = set(column("s301_product_lists.csv", where={"list": {"3_addl"}}))
    split |= {code for code in lists["section-301/list-3"] if code in set(lists["section-301/list-4a"])}
    for name in ("section-301/list-3", "section-301/list-4a"):
        lists[name] = [code for code in lists[name] if code not in split]
    numbers = {"section-301/list-3": [], "section-301/list-4a": []}
    paid = trade[trade.hs8.isin(split) & trade.cty_code.isin(PARTNER)].groupby("hs10")[["imports_usd", "duty_usd"]].sum()
    for code, row in paid.iterrows():
        added = row.duty_usd / row.imports_usd - float(rates[code[:8]][0])
        if added > 0.12:
            numbers["section-301/list-3"].append(code)
        elif added > 0.05:
            numbers["section-301/list-4a"].append(code)
    for name, codes in numbers.items():
        lists[name + "-statistical-numbers"] = codes


def shortest(codes, children):
    """The same goods in as few codes as possible: siblings that are all there become their parent; what a shorter code
    covers is dropped."""
    known = {code for below in children.values() for code in below}
    whole = {code for code in codes if len(code) < 10}
    # A 10-digit code of another year's schedule is dropped where its 8-digit line is listed or still has other codes.
    full = {code for code in codes if len(code) < 10 or code in known or (code[:8] not in whole and not children.get(code[:8]))}
    for parent, below in children.items():
        if below and below <= full:
            full.add(parent)
    return sorted(code for code in full if not any(code[:n] in full for n in range(2, len(code))))


# ---------------------------------------------------------------- lines

def main():
    trade = pd.read_parquet(TRADE / "us_imports_2024_hs10_by_country.parquet")
    trade["cty_code"] = trade.cty_code.astype(str)
    trade = trade[trade.cty_code != SLOVAKIA]
    trade["hs8"] = trade.hs10.str[:8]
    trade = trade[~trade.hs8.str[:2].isin(("98", "99"))]
    rates = printed_rates()
    children = statistical_codes(trade)

    raw = product_lists()
    by_number(raw, trade, rates)
    lists = {name: shortest([code for code in codes if code[:2] not in ("98", "99")], children)
             for name, codes in raw.items()}
    for name, codes in lists.items():
        write(ROOT / f"data/products/USA/lists/{name}.csv", ["code"], [[code] for code in codes])

    # Only the 8-digit lines that some list splits are held at 10 digits.
    split = {code[:8] for codes in lists.values() for code in codes if len(code) == 10}
    leaves = {}
    for code in sorted(set(rates) | set(trade.hs8)):
        below = sorted(children.get(code, ()))
        leaves[code] = below if code in split and len(below) > 1 else [code]
    whole = defaultdict(Counter)
    for row in trade.itertuples():
        home = leaves[row.hs8]
        if len(home) == 1:
            leaf = home[0]
        elif row.hs10 in home:
            leaf = row.hs10
        else:  # a code that the 2025 schedule no longer has: kept as a leaf of its own
            home.append(row.hs10)
            home.sort()
            leaf = row.hs10
        whole[leaf]["all"] += row.imports_usd
        if row.cty_code in PARTNER:
            partner = PARTNER[row.cty_code]
            whole[leaf][partner] += row.imports_usd
            whole[leaf][partner + " duty"] += row.duty_usd
    dutiable = trade[(trade.duty_usd > 0) & ~trade.cty_code.isin(PARTNER)].groupby("hs8")[["imports_usd", "duty_usd"]].sum()
    rows = []
    for code in sorted(leaves):
        fraction, printed = rates.get(code, ("", ""))
        estimate = ""
        if printed and code in dutiable.index:
            paid = dutiable.loc[code]
            estimate = f"{paid.duty_usd / paid.imports_usd:.4f}"
        for leaf in leaves[code]:
            value = whole[leaf]
            rows.append([leaf, fraction or printed, estimate, value["all"] or "", value["CHN"] or "", value["CHN duty"] if value["CHN"] else ""])
    write(ROOT / "data/products/USA/lines.csv",
          ["code", "base_rate", "ad_valorem_equivalent", "customs_value_all", "customs_value_CHN", "calculated_duty_CHN"], rows)

    concordance()


# ---------------------------------------------------------------- codes to sectors

def concordance():
    """HS code (2, 4 or 6 digits, the longest match holds) to the sector of the default world."""
    members = {}
    with open(SHARED / "data/world-io/benchmark-2022-candidate/sectors.csv", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            members.update({icio: row["sector"] for icio in row["icio_members"].split()})
    sector = {}
    with open(HTS / "hs6_to_icio_wiod.csv", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            if row["icio"] != "D":  # electricity (2716): a service in the default world
                sector[row["hs6"]] = members[row["icio"]]
    rows = {}

    def majority(codes):
        counts = Counter(sector[code] for code in codes)
        return max(sorted(counts), key=lambda name: counts[name])

    for width in (2, 4, 6):
        groups = defaultdict(list)
        for code in sector:
            groups[code[:width]].append(code)
        for prefix, codes in groups.items():
            found = majority(codes)
            above = next((rows[prefix[:n]] for n in (4, 2) if n < width and prefix[:n] in rows), None)
            if found != above:
                rows[prefix] = found
    for code, name in sector.items():
        assert next(rows[code[:n]] for n in (6, 4, 2) if code[:n] in rows) == name, code
    write(ROOT / "data/concordances/world-2022-estimate.csv", ["code", "sector"], sorted(rows.items()))


if __name__ == "__main__":
    main()
