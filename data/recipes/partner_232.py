"""Section 232 by partner: the exemptions, quotas and deals of each country as acts of the measures that reach everybody.

The measures themselves stand in files of their own; a file here has the same `id` and adds acts. Deals that stand whatever the general
act does are acts that name the origin while the general ones reach the rest (`targets = ["others"]`).
"""
from partner_law import act, day_after, instrument

RECALLED = {"announced_basis": "recalled"}
CEILING = ["EU27", "JPN", "KOR", "CHE", "LIE"]


def start(day):
    return {"from": day}


def automobiles(facts):
    britain, japan, union, korea = (facts.one(f"S232-AUTO-{code}") for code in ("GBR", "JPN", "EU27", "KOR"))
    content = facts.one("S232-AUTO-USMCA")
    cars, trucks = [{"lists": ["section-232/passenger-vehicles"]}], [{"lists": ["section-232/light-trucks"]}]
    usmca = [{"rate_pct": 25, "content": "non-us-content", "if": ["USMCA", "us-content-approved"], "heading": content["heading"]}, {"rate_pct": 25}]
    instrument("USA/section-232/automobiles-partners", {"id": "US-232-AUTO", "targets": ["others"]}, [
        act(content, announced="2025-03-26", effect=None, targets=["CAN", "MEX"], parts=usmca, note="full value until the United States approved its content"),
        act(britain, announced="2025-06-16", effect=None, targets=["GBR"], rate_pct=[7.5, 25],
            parts=[{"effect": "quota", "rate_pct": 7.5, "over_pct": 25, "heading": "9903.94.31", "scope": cars,
                    "quota": "65,205 vehicles in 2025; from 2026 100,000 a year, at most 25,000 a quarter with what is left over"},
                   {"rate_pct": 25, "scope": trucks}], note=None),
        act(union, announced="2025-09-25", targets=["EU27"], floor_on="general", note="retroactive"),
        act(japan, announced="2025-09-04", targets=["JPN"], floor_on="general"),
        act(korea, announced="2025-12-04", targets=["KOR"], floor_on="paid", note="retroactive"),
    ])
    britain, japan, union, korea, taiwan = (facts.one(f"S232-AUTO-PARTS-{code}") for code in ("GBR", "JPN", "EU27", "KOR", "TWN"))
    facts.aside("S232-AUTO-PARTS-USMCA", "carried as what a claim of the programme removes: preferences.toml")
    instrument("USA/section-232/automobile-parts-partners", {"id": "US-232-PARTS", "targets": ["others"]}, [
        act(britain, announced="2025-06-16", effect=None, targets=["GBR"], rate_pct=[10, 25],
            parts=[{"effect": "floor", "floor_on": "general", "rate_pct": 10, "if": ["for-uk-vehicles"], "heading": "9903.94.32"}, {"rate_pct": 25}]),
        act(union, act="90 FR 46136", announced="2025-09-25", targets=["EU27"], floor_on="general", note="retroactive"),
        act(japan, act="EO 14345; 90 FR 44638", announced="2025-09-04", targets=["JPN"], floor_on="general"),
        act(korea, act="90 FR 55964", announced="2025-12-04", targets=["KOR"], floor_on="paid", note="retroactive"),
        act(taiwan, act="notice on Taiwan", targets=["TWN"], floor_on="general", note="retroactive to 2026-05-01; the day of the notice not read"),
    ])
    facts.aside("S232-MHDV-PARTS-USMCA", "carried as what a claim of the programme removes: preferences.toml")


def wood(facts):
    goods = [{"lists": ["section-232/upholstered-furniture", "section-232/kitchen-cabinets"]}]
    soft = {"rate_pct": 10, "scope": [{"lists": ["section-232/softwood"]}]}
    acts = []
    for code in ("GBR", "JPN", "EU27", "KOR", "TWN"):
        row = facts.one(f"S232-WOOD-{code}")
        own = {"rate_pct": float(row["rate_pct"]), "heading": row["heading"], "scope": goods}
        if row["kind"] == "floor all-in":
            own = {"effect": "floor", "floor_on": "paid" if code == "KOR" else "general", **own}
        announced = {"KOR": "2025-12-04", "TWN": ""}.get(code, row["announced"])
        acts.append(act(row, announced=announced, effect=None, targets=[code], rate_pct=[10, float(row["rate_pct"])] if float(row["rate_pct"]) != 10 else 10,
                        parts=[own, soft]))
    instrument("USA/section-232/timber-partners", {"id": "US-232-WOOD", "targets": ["others"]}, acts)


def later_programmes(facts):
    patented = ["patented-medicine", "!pharmaceutical-agreement"]
    acts = []
    for first, more in (("2026-07-31", ["annex-iii-maker"]), ("2026-09-29", [])):
        for code in (*CEILING, "GBR"):
            row = facts.one(f"S232-PHARMA-{code}")
            part = {"effect": "exempt", "if": [*patented, *more], "heading": row["heading"]} if code == "GBR" else {
                "effect": "floor", "floor_on": "paid" if code == "KOR" else "general", "rate_pct": 15, "if": [*patented, *more], "heading": row["heading"]}
            acts.append(act(row, effect=None, rate_pct=float(row["rate_pct"]), targets=[code], parts=[part], **start(first),
                            note="patented goods of makers named in Annex III" if more else "all patented goods"))
    instrument("USA/section-232/pharmaceuticals-partners", {"id": "US-232-PHARMA", "targets": ["others"]}, acts)
    britain, partners = facts.one("S232-POLY-GBR"), facts.one("S232-POLY-PARTNERS")
    instrument("USA/section-232/polysilicon-partners", {"id": "US-232-POLY", "targets": ["others"]}, [
        act(britain, targets=["GBR"]), act(partners, targets=["EU27", "JPN", "KOR", "TWN", "CHE", "LIE"], floor_on="general")])


STEEL_2018 = ["EU28", "CAN", "MEX", "ARG", "BRA", "AUS"]


def steel(facts):
    for name in ("EU28-2018", "CAN-2018", "MEX-2018", "ARG-2018", "BRA-2018", "KOR-2018", "EU28", "CAN", "MEX"):
        facts.all(f"S232-STEEL-{name}")
    turkey, korea, brazil, australia, north = (facts.one(f"S232-STEEL-{name}") for name in ("TUR", "KOR", "BRA", "AUS", "CAN-2019"))
    facts.all("S232-STEEL-ARG"), facts.all("S232-STEEL-MEX-2019")
    union, japan, britain, ukraine, melt = (facts.one(f"S232-STEEL-{name}") for name in ("EU-TRQ", "JPN-TRQ", "GBR-TRQ", "UKR", "MEX-MELT"))
    general = facts.one("S232-STEEL-2018")
    derived = facts.one("S232-STEEL-DERIV-2020")
    ended = act(facts.one("S232-STEEL-2025"), act="Proclamation 10896: every exemption and quota ends", effect=None, rate_pct=25, note=None,
                targets=["ARG", "AUS", "BRA", "CAN", "MEX", "KOR", "EU27", "JPN", "GBR", "UKR"])
    free = {"effect": "exempt", "rate_pct": None}
    beyond = "70 percent of the mean of 2015-17 by product; beyond it no entry"

    def trq(row, announced, code, quota):
        return act(row, announced=announced, effect="quota", rate_pct=0, over_pct=25, quota=quota, targets=[code], note=row["note"], **RECALLED)

    ways = [
        trq(union, "2021-12-27", "EU27", "3.3 million tonnes a year by product and member (recalled), melted and poured in the Union"),
        trq(japan, "2022-03-31", "JPN", "1.25 million tonnes a year (recalled), melted and poured in Japan"),
        trq(britain, "2022-05-31", "GBR", "500,000 tonnes a year (recalled), melted and poured in the United Kingdom or the Union"),
        act(ukraine, announced="2022-05-27", targets=["UKR"], **free, **RECALLED),
    ]
    instrument("USA/section-232/steel-partners", {"id": "US-232-STEEL"}, [
        act(general, act="Proclamation 9711", announced="2018-03-22", targets=STEEL_2018, until="2018-06-01", **free, **RECALLED,
            note="for the time of talks, first to 2018-04-30"),
        act(general, act="Proclamation 9711", announced="2018-03-22", targets=["KOR"], until="2018-05-01", **free, **RECALLED, note="for the time of talks"),
        act(korea, announced="2018-04-30", targets=["KOR"], effect="quota", rate_pct=0, quota=beyond, **RECALLED),
        act(brazil, announced="2018-05-31", targets=["BRA", "ARG"], effect="quota", rate_pct=0, quota="by product; beyond it no entry", **RECALLED),
        act(australia, announced="2018-05-31", targets=["AUS"], **start("2018-06-01"), **free, **RECALLED),
        act(turkey, announced="2018-08-10", until="2019-05-21", targets=["TUR"], effect=None, rate_pct=50, **RECALLED, note="50 in place of 25"),
        act(north, announced="2019-05-19", targets=["CAN", "MEX"], **free, **RECALLED),
        *ways,
        act(melt, announced="2024-07-10", targets=["MEX"], effect=None, rate_pct=[0, 25],
            parts=[{"rate_pct": 25, "if": ["melted-elsewhere"], "heading": melt["heading"]}, {"effect": "exempt"}], note="other steel of Mexico stays free"),
        ended,
    ])
    instrument("USA/section-232/steel-derivatives-partners", {"id": "US-232-STEEL-DERIV-2020"}, [
        act(derived, announced="2020-01-24", targets=["ARG", "AUS", "BRA", "CAN", "MEX", "KOR"], **free, note=None),
        *[{**one, "effect": "exempt", "rate_pct": None, "over_pct": None, "quota": None} for one in ways],
        ended,
    ])


def aluminium(facts):
    for name in ("EU28-2018", "CAN-2018", "MEX-2018", "ARG-2018", "BRA-2018", "KOR-2018", "EU28", "CAN", "MEX", "KOR", "BRA", "UAE"):
        facts.all(f"S232-ALU-{name}")
    argentina, australia, north, canada = (facts.one(f"S232-ALU-{name}") for name in ("ARG", "AUS", "CAN-2019", "CAN-2020"))
    facts.all("S232-ALU-MEX-2019")
    union, britain, melt = (facts.one(f"S232-ALU-{name}") for name in ("EU-TRQ", "GBR-TRQ", "MEX-SMELT"))
    general, derived = facts.one("S232-ALU-2018"), facts.one("S232-ALU-DERIV-2020")
    ended = act(facts.one("S232-ALU-2025"), act="Proclamation 10895: every exemption and quota ends", effect=None, rate_pct=25, note=None,
                targets=["ARG", "AUS", "CAN", "MEX", "EU27", "GBR"])
    free = {"effect": "exempt", "rate_pct": None}
    amounts = "amounts by product and member not on record, with certificate of analysis"
    ways = [act(row, announced=announced, effect="quota", rate_pct=0, over_pct=10, quota=amounts, targets=[code], **RECALLED)
            for row, announced, code in ((union, "2021-12-27", "EU27"), (britain, "2022-05-31", "GBR"))]
    instrument("USA/section-232/aluminium-partners", {"id": "US-232-ALU"}, [
        act(general, act="Proclamation 9710", announced="2018-03-22", targets=STEEL_2018, until="2018-06-01", **free, **RECALLED,
            note="for the time of talks, first to 2018-04-30"),
        act(general, act="Proclamation 9710", announced="2018-03-22", targets=["KOR"], until="2018-05-01", **free, **RECALLED, note="for the time of talks"),
        act(argentina, announced="2018-05-31", targets=["ARG"], effect="quota", rate_pct=0, quota="180,000 tonnes a year (recalled); beyond it no entry", **RECALLED),
        act(australia, announced="2018-05-31", targets=["AUS"], **start("2018-06-01"), **free, **RECALLED),
        act(north, announced="2019-05-19", targets=["CAN", "MEX"], **free, **RECALLED),
        act(canada, announced="2020-08-06", until=day_after(canada["effective_to"]), targets=["CAN"], effect=None, rate_pct=[0, 10],
            parts=[{"rate_pct": 10, "scope": [{"codes": ["7601.10"]}]}, {"effect": "exempt"}], **RECALLED),
        *ways,
        act(melt, announced="2024-07-10", targets=["MEX"], effect=None, rate_pct=[0, 10],
            parts=[{"rate_pct": 10, "if": ["smelted-in-named-countries"], "heading": melt["heading"]}, {"effect": "exempt"}],
            note="other aluminium of Mexico stays free"),
        ended,
    ])
    instrument("USA/section-232/aluminium-derivatives-partners", {"id": "US-232-ALU-DERIV-2020"}, [
        act(derived, announced="2020-01-24", targets=["ARG", "AUS", "CAN", "MEX"], **free, note=None),
        *[{**one, "effect": "exempt", "rate_pct": None, "over_pct": None, "quota": None} for one in ways],
        ended,
    ])
    russia, after = facts.one("S232-ALU-RUS"), facts.one("S232-ALU-RUS-AFTER")
    head = {"id": "US-232-ALU-RUS", "title": "Section 232 aluminium of Russia", "imposer": "USA", "targets": ["RUS"], "authority": "Section 232",
            "statute": "19 USC 1862 (Section 232)", "family": "section-232-russia", "kind": "tariff", "reversible_by": "executive",
            "reinstated_in": "proclamation, days where findings stand", "covers": "Aluminium and derivatives of Russia",
            "printed_codes": "HTS 9903.85.67, .68"}
    metals = ["section-232/aluminium", "section-232/aluminium-derivatives", "section-232/aluminium-derivatives-2020"]
    annexes = ["section-232/annex-1a-aluminium", "section-232/annex-1a-aluminium-derivatives"]
    instrument("USA/section-232/aluminium-russia", head, [
        act(russia, announced="2023-02-24", effect=None, note="200 in place of the rate of the day, on top of column 2 or what stands in its place"),
        act(after, announced="2026-04-02", effect=None, scope=[{"lists": annexes}], note="goes on under note 16; not among the goods that the forced-labour duty leaves out"),
    ], [{"lists": metals}])


def metals(facts):
    """Since April 2026 the annexes hold for all; what a partner has in their place is a measure of its own, which keeps the rate for all off."""
    one_a, one_b = facts.one("S232-METALS-IA-GBR"), facts.one("S232-METALS-IB-GBR")
    one_c, usmca = facts.one("S232-METALS-IC-PARTNERS"), facts.one("S232-METALS-IC-USMCA")
    column_two, amounts = facts.one("S232-METALS-III-COL2"), facts.one("S232-METALS-CANMEX")
    facts.aside("S232-METALS-RUS", "section-232/metals-annexes.toml: the rates of all; aluminium-russia.toml")

    def lists(*names):
        return [{"lists": [f"section-232/annex-{name}" for name in names]}]

    # Copper of the United Kingdom pays the rate for all: note 16(d) names (c)(i)-(iv) and (vi)-(vii).
    uk = [{"targets": ["GBR"], "rate_pct": 25, "if": ["uk-metal"], "heading": one_a["heading"],
           "scope": lists("1a-steel", "1a-steel-derivatives", "1a-aluminium", "1a-aluminium-derivatives")},
          {"targets": ["GBR"], "rate_pct": 15, "if": ["uk-metal"], "heading": one_b["heading"],
           "scope": lists("1b-steel-derivatives", "1b-aluminium-derivatives", "1b-2026-06")}]
    equipment = lists("1c-2026-06")
    instrument("USA/section-232/metals-annexes-partners",
               {"id": "US-232-METALS-PARTNERS", "title": "Section 232 metals annexes, partners", "imposer": "USA",
                "targets": ["GBR", "S232-ANNEX-1C-15", "CAN", "MEX", "COLUMN2"], "authority": "Section 232", "statute": "19 USC 1862 (Section 232)",
                "family": "section-232-partners", "kind": "tariff", "reversible_by": "executive",
                "reinstated_in": "proclamation, days where findings stand; new inquiry up to 270 days",
                "covers": "Metal of the United Kingdom; mobile equipment of partners with a ceiling and of the programme of preference; column 2"},
               [act(one_a, rate_pct=[25, 15], targets=["GBR"], parts=uk, note="95 percent throughout; the 85 percent of June 2026 are for metal of the United States"),
                act(amounts, targets=["CAN", "MEX"], effect=None,
                    parts=[{"rate_pct": 25, "if": ["USMCA", "authorised-amount"], "heading": amounts["heading"],
                            "scope": lists("1a-steel", "1a-aluminium")}]),
                act(column_two, targets=["COLUMN2"], until="2028-01-01", scope=lists("3-steel-derivatives", "3-aluminium-derivatives", "3-2026-06")),
                act(one_c, effect=None, targets=["S232-ANNEX-1C-15"], rate_pct=[25, 15],
                    parts=[*uk, {"effect": "floor", "floor_on": "general", "rate_pct": 15, "heading": one_c["heading"], "scope": equipment}]),
                act(usmca, effect=None, targets=["CAN", "MEX"], rate_pct=25, note="on content that is not of the United States, and on its content above 40 percent",
                    parts=[{"rate_pct": 25, "if": ["USMCA"], "content": "non-us-content", "heading": usmca["heading"], "scope": equipment},
                           {"rate_pct": 25, "if": ["USMCA", "authorised-amount"], "scope": lists("1a-steel", "1a-aluminium")}])],
               lists("1a-steel", "1a-aluminium", "1b-steel-derivatives", "1b-aluminium-derivatives", "1c-2026-06"))


def britain_2025(facts):
    """The United Kingdom stays at 25 where all others rise to 50 on 2025-06-04: each measure's own goods and contents at that rate."""
    steel_row, aluminium_row = facts.one("S232-STEEL-50-GBR"), facts.one("S232-ALU-50-GBR")

    def part(content, **scope):
        return {"rate_pct": 25, "content": content, "scope": [scope]} if content else {"rate_pct": 25, "scope": [scope]}

    measures = [
        ("steel-united-kingdom", "US-232-STEEL", steel_row, [
            part("steel-content-73", lists=["section-232/steel"], except_codes=["72"]), part("", lists=["section-232/steel"], except_codes=["73"])]),
        ("steel-derivatives-united-kingdom", "US-232-STEEL-DERIV-2020", steel_row, [part("steel-content-73", lists=["section-232/steel-derivatives-2020"])]),
        ("steel-derivatives-2025-united-kingdom", "US-232-STEEL-DERIV-2025", steel_row,
         [part("steel-content-73", lists=["section-232/steel-derivatives-2025-03"])]),
        ("steel-inclusions-united-kingdom", "US-232-STEEL-INCL-2025", steel_row, [
            part("steel-content-73", lists=["section-232/steel-derivatives-2025-08-metal"]),
            part("steel-content", lists=["section-232/steel-derivatives-2025-08-content"])]),
        ("aluminium-united-kingdom", "US-232-ALU", aluminium_row, [part("aluminium-content-76", lists=["section-232/aluminium"])]),
        ("aluminium-derivatives-united-kingdom", "US-232-ALU-DERIV-2020", aluminium_row, [
            part("aluminium-content-76", lists=["section-232/aluminium-derivatives-2020"], except_codes=["87"]),
            part("", lists=["section-232/aluminium-derivatives-2020"], except_codes=["76"])]),
        ("aluminium-derivatives-2025-united-kingdom", "US-232-ALU-DERIV-2025", aluminium_row, [
            part("aluminium-content-76", lists=["section-232/aluminium-derivatives"]),
            part("aluminium-content", lists=["section-232/aluminium-derivatives-content"])]),
    ]
    for path, name, row, parts in measures:
        first = "2025-08-18" if "INCL" in name else "2025-06-04"
        announced = "2025-08-15" if "INCL" in name else "2025-06-03"
        instrument(f"USA/section-232/{path}", {"id": name},
                   [act(row, announced=announced, targets=["GBR"], parts=parts, note="the quota that the agreement foresaw never opened", **start(first))])


def drones(facts):
    britain, partners = facts.one("S232-UAS-GBR"), facts.one("S232-UAS-PARTNERS")
    facts.aside("S232-UAS", "section-232/unmanned-aircraft.toml")
    facts.aside("S232-UAS-NOTHERMAL", "section-232/unmanned-aircraft.toml")
    scope = [{"lists": ["section-232/drones", "section-232/drones-small"]}, {"lists": ["section-232/drone-parts"], "if": ["drone-part"]},
             {"lists": ["section-232/drone-docking-stations"], "if": ["drone-docking-station"]}]
    small = {"rate_pct": 25, "if": ["!thermal-imaging"], "heading": "9903.08.22", "scope": [{"lists": ["section-232/drones-small"]}]}
    rest = {"rate_pct": 100, "heading": "9903.08.21", "scope": scope}
    own = {"rate_pct": 10, "if": ["components-of-partners"], "heading": britain["heading"], "scope": scope}
    ceiling = {"effect": "floor", "floor_on": "general", "rate_pct": 15, "if": ["components-of-partners"], "heading": partners["heading"], "scope": scope}
    instrument("USA/section-232/unmanned-aircraft-partners", {"id": "US-232-UAS", "targets": ["others"]}, [
        act(britain, targets=["GBR"], rate_pct=[10, 25, 100], parts=[own, small, rest]),
        act(partners, effect=None, targets=["EU27", "JPN", "KOR", "TWN", "CHE", "LIE"], rate_pct=[15, 25, 100], parts=[ceiling, small, rest])])


def solar(facts):
    rows = facts.all("S201-SOLAR")
    acts = [act(rows[0], announced="2018-01-23", effect="exempt", rate_pct=None, targets=["S201-SOLAR-EXEMPT"], until="2026-02-07",
                note="developing economies of note 18")]
    for row in rows:
        late = row["effective_from"] >= "2022"
        rate = float(row["rate_pct"])
        parts = [{"effect": "quota", "rate_pct": 0, "over_pct": rate, "quota": "cells: 2.5 GW a year to 2022, 5 GW, 12.5 GW from 2024-08-01",
                  "heading": "9903.45.22", "scope": [{"codes": ["8541.42"]}]},
                 {"rate_pct": rate, "heading": "9903.45.25", "scope": [{"codes": ["8541.43"]}]}]
        acts.append(act(row, act="procl. 10339; note 18(f)" if late else "procl. 9693; note 18(f)", announced="2022-02-09" if late else "2018-01-23",
                        announced_basis="day of publication, recalled" if late else "", until=day_after(row["effective_to"]), targets=["others"],
                        parts=parts, note=row["note"] or "bifacial modules were free from June 2019, with gaps"))
    instrument("USA/section-201/solar-partners", {"id": "US-201-SOLAR", "targets": ["others"]}, acts)


ALL_ORIGINS = {
    "section-232/automobiles.toml, automobile-parts.toml": ["S232-AUTO", "S232-AUTO-PARTS"],
    "section-232/heavy-trucks-and-buses.toml": ["S232-MHDV", "S232-BUS", "S232-MHDV-PARTS"],
    "section-232/timber-furniture-cabinets.toml": ["S232-WOOD-SOFT", "S232-WOOD-UPH", "S232-WOOD-CAB"],
    "section-232/semiconductors.toml": ["S232-SEMI"],
    "section-232/pharmaceuticals.toml": ["S232-PHARMA", "S232-PHARMA-AX3", "S232-PHARMA-ONSHORE", "S232-PHARMA-MFN", "S232-PHARMA-SPEC", "S232-PHARMA-GEN"],
    "section-232/polysilicon.toml": ["S232-POLY"],
    "section-232/steel.toml, aluminium.toml, copper.toml": ["S232-STEEL-50", "S232-ALU-50", "S232-COPPER"],
    "section-232/metals-annexes.toml": ["S232-METALS-IA", "S232-METALS-IB", "S232-METALS-IC", "S232-METALS-III", "S232-METALS-USMETAL",
                                        "S232-METALS-III-USMETAL", "S232-METALS-EQUIP-PARTS"],
    "section-122/surcharge.toml": ["S122"],
    "an inquiry without a duty": ["S232-AIRCRAFT", "S232-MINERALS"],
    "authorises and sets no heading": ["S232-ALU-ONSHORE"],
}


def write(facts):
    automobiles(facts)
    wood(facts)
    later_programmes(facts)
    steel(facts)
    aluminium(facts)
    metals(facts)
    britain_2025(facts)
    drones(facts)
    solar(facts)
    facts.aside("S232-CIVIL-AIRCRAFT", "carried as a claim by origin and day: preferences.toml")
    for why, names in ALL_ORIGINS.items():
        for name in names:
            facts.aside(name, why)
