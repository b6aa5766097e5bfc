"""Duties under the emergency statute on partners: the reciprocal rates and their ceilings, fentanyl on Canada and Mexico, Brazil, India."""
from partner_law import act, instrument, rates

# Who has orders of its own, or pays column 2: outside the reciprocal rates.
OUTSIDE = ["CHN", "HKG", "MAC", "CAN", "MEX", "COLUMN2"]
STATUTE = "50 USC 1702 (IEEPA)"
ENDED = {"no_basis_from": "2026-02-20", "reinstated_in": "not under this statute since the ruling of 2026-02-20"}
# What every order of the statute leaves out, where a code can hold such goods at all.
FREE = [{"codes": ["02", "03", "04", "07", "08", "10", "11", "16", "19", "20", "21", "22", "30", "61", "62", "63", "64"], "if": ["donation"],
         "heading": "donations"},
        {"codes": ["3705", "3706", "49", "8523", "97"], "if": ["informational-materials"], "heading": "information"}]


def head(name, title, family, authority, targets, covers, **more):
    return {"id": name, "title": title, "imposer": "USA", "targets": targets, "authority": authority, "statute": STATUTE, "family": family,
            "kind": "tariff", "reversible_by": "executive", "reinstated_in": "executive order, days while the emergency stands",
            "covers": covers, **more}


def ended(facts):
    row = facts.one("IEEPA-END")
    return act(row, "invalidates", targets=None, rate_pct=0, effect=None, act="EO 14389 after the ruling of 2026-02-20", **ENDED)


def reciprocal(facts):
    base = facts.one("IEEPA-REC-BASE")
    april = facts.all("IEEPA-REC-APR9-*")
    country = facts.all("IEEPA-REC-P2-*", lambda row: row["instrument_id"] not in ("IEEPA-REC-P2-REST", "IEEPA-REC-P2-JPN-ORIG"))
    rest, japan = facts.one("IEEPA-REC-P2-REST"), facts.one("IEEPA-REC-P2-JPN-ORIG")
    floors = {row["target"]: row for row in facts.all("IEEPA-REC-FLOOR-*")}
    named = {row["target"] for row in country} | set(floors)
    if {row["target"] for row in april} - named:
        raise SystemExit("an economy of April 2025 has no rate of August 2025: name it")
    way = {"loaded_before": "2025-08-07", "entered_before": "2025-10-05"}

    def floor(code, announced, **more):
        return act(floors[code], announced=announced, targets=[code], floor_on="paid" if code == "KOR" else "general",
                   note=floors[code]["note"] or None, **more)

    acts = [
        act(base, rate_pct=None, note="on 2025-04-09 alone the country rates stood in its place", loaded_before="2025-04-05",
            entered_before="2025-05-27", except_targets=OUTSIDE, rates={"others": 10}),
        act(april[0], act="EO 14257, Annex I", **{"from": "2025-04-09"}, rate_pct=None, loaded_before="2025-04-09", rates=rates(april),
            note="country rates, charged on one day: suspended from 2025-04-10"),
        act(april[0], "suspends", act="EO 14266", announced="2025-04-09", **{"from": "2025-04-10"}, until="2025-07-09", targets=["all"], except_targets=OUTSIDE,
            rate_pct=10, note="the country rates held back to 10 for 90 days"),
        act(april[0], "suspends", act="EO of 2025-07-07", announced="2025-07-07", **{"from": "2025-07-09"}, until="2025-08-01",
            targets=["all"], except_targets=OUTSIDE, rate_pct=10, note="the suspension carried on to 2025-08-01"),
        # Open at the end: goods loaded before the new rates fall back on it.
        act(rest, "suspends", act="EO 14326: 10 until the new rates begin", announced="2025-07-31", **{"from": "2025-08-01"},
            targets=["all"], except_targets=OUTSIDE, rate_pct=10, note="goods loaded before 2025-08-07 stay at 10 until 2025-10-05"),
        act(country[0], act="EO 14326 (90 FR 37963), Annex I", rate_pct=None, note="the HTS is followed where a statement promised another rate",
            rates=rates(country), **way),
        act(rest, act="EO 14326 (90 FR 37963)", announced="2025-07-31", rate_pct=None, except_targets=OUTSIDE,
            rates={"others": (10, rest["heading"])}, **way),
        act(japan, act="EO 14326 (90 FR 37963), Annex I", announced="2025-07-31", targets=["JPN"], effect=None, rate_pct=15,
            note=japan["note"], **way),
        floor("EU27", "2025-07-31", **way),
        floor("JPN", "2025-09-04", **way),
        floor("KOR", "2025-12-04"),
        floor("CHE", "2025-12-18"),
        floor("LIE", "2025-12-18"),
        ended(facts),
    ]
    aircraft = {"lists": ["ieepa/floor-exempt-civil-aircraft"], "if": ["civil-aircraft"]}
    exempt = [
        {"lists": ["ieepa/annex-ii", "ieepa/annex-ii-until-2025"], "heading": "9903.01.32"},
        {"lists": ["ieepa/named-articles"], "if": ["named-article"], "heading": "9903.02.78"},
        {"lists": ["ieepa/floor-exempt-eu-resources"], "targets": ["EU27"], "from": "2025-09-01", "announced": "2025-09-25", "heading": "9903.02.74"},
        {"lists": ["ieepa/floor-exempt-eu-named"], "if": ["named-article"], "targets": ["EU27"], "from": "2025-09-01", "announced": "2025-09-25",
         "heading": "9903.02.75"},
        {**aircraft, "targets": ["EU27"], "from": "2025-09-01", "announced": "2025-09-25", "heading": "9903.02.76"},
        {"lists": ["ieepa/floor-exempt-pharmaceutical-use"], "if": ["pharmaceutical-use"], "targets": ["EU27"], "from": "2025-09-01",
         "announced": "2025-09-25", "heading": "9903.02.77"},
        {**aircraft, "targets": ["GBR"], "from": "2025-06-30", "announced": "2025-06-16", "heading": "9903.96.01"},
        {**aircraft, "targets": ["JPN"], "from": "2025-09-16", "announced": "2025-09-04", "heading": "9903.96.02"},
        {**aircraft, "targets": ["KOR"], "from": "2025-11-14", "announced": "2025-12-04", "heading": "9903.02.81"},
        {**aircraft, "targets": ["CHE", "LIE"], "from": "2025-11-14", "announced": "2025-12-18", "heading": "9903.02.85, .90"},
        {"lists": ["ieepa/floor-exempt-swiss-resources"], "targets": ["CHE", "LIE"], "from": "2025-11-14", "announced": "2025-12-18",
         "heading": "9903.02.84, .89"},
        {"lists": ["ieepa/floor-exempt-pharmaceutical-use"], "if": ["pharmaceutical-use"], "targets": ["CHE", "LIE"], "from": "2025-11-14",
         "announced": "2025-12-18", "heading": "9903.02.86, .91"},
        *FREE,
    ]
    instrument("USA/ieepa/reciprocal-partners",
               head("US-IEEPA-RECIP-PARTNERS", "IEEPA reciprocal, partners", "ieepa-reciprocal", "IEEPA reciprocal", ["all"],
                    "All goods but Annex II and goods under Section 232; ceilings with the base rate inside for the European Union, Japan, "
                    "Korea, Switzerland and Liechtenstein", except_targets=OUTSIDE,
                    printed_codes="HTS 9903.01.25, .43-.76; 9903.02.02-.91"),
               acts, [{"all": True, "except": exempt}])

    row = facts.one("IEEPA-REC-TRANSSHIP")
    instrument("USA/ieepa/transshipment",
               head("US-IEEPA-TRANSSHIPMENT", "IEEPA transshipment", "ieepa-transshipment", "IEEPA reciprocal", ["all"],
                    "Goods that customs finds transshipped to evade: 40 in place of the country rate",
                    except_targets=OUTSIDE, printed_codes="HTS 9903.02.01"),
               [act(row, note="in place of the country rate, on top of base and other duties"), ended(facts)],
               [{"all": True, "if": ["transshipped"]}])


def fentanyl(facts):
    canada, mexico = facts.one("IEEPA-FENT-CAN"), facts.one("IEEPA-FENT-MEX")
    energy, potash = facts.one("IEEPA-FENT-CAN-ENERGY"), facts.one("IEEPA-FENT-CAN-POTASH")
    potash_mexico, rise = facts.one("IEEPA-FENT-MEX-POTASH"), facts.one("IEEPA-FENT-CAN-35")
    moved = facts.one("IEEPA-FENT-CAN-TRANSSHIP")
    for name in ("IEEPA-FENT-CAN-USMCA", "IEEPA-FENT-MEX-USMCA"):
        facts.aside(name, "carried as what a claim of the programme removes: preferences.toml")
    all_goods = [{"all": True, "except": FREE}]
    low_energy = {"rate_pct": 10, "heading": energy["heading"], "scope": [{"lists": ["ieepa/fentanyl-energy-canada"], "except": FREE}]}
    low_potash = {"rate_pct": 10, "heading": potash["heading"], "scope": [{"lists": ["ieepa/fentanyl-potash"], "except": FREE}]}
    evaded = {"rate_pct": 40, "heading": moved["heading"], "if": ["transshipped"], "scope": all_goods}

    def rest(points, heading):
        return {"rate_pct": points, "heading": heading, "scope": all_goods}

    pause = "scheduled for 2025-02-04, paused for a month on 2025-02-03"
    instrument("USA/ieepa/fentanyl-canada",
               head("US-IEEPA-FENT-CAN", "IEEPA fentanyl, Canada", "ieepa-fentanyl-border", "IEEPA fentanyl", ["CAN"],
                    "All goods of Canada; energy and potash at 10", printed_codes="HTS 9903.01.10-.16"),
               [act(canada, act="EO 14193", **{"from": "2025-02-04"}, rate_pct=[10, 25], parts=[low_energy, rest(25, "9903.01.10")], note=pause),
                act(canada, "suspends", act="EO 14197", announced="2025-02-03", **{"from": "2025-02-04"}, until="2025-03-04", rate_pct=0, note=pause),
                act(potash, act="EO 14231", rate_pct=[10, 25], parts=[low_energy, low_potash, rest(25, "9903.01.10")],
                    note="goods entered free under the programme of preference leave from this day"),
                act(rise, act="EO 14325", rate_pct=[10, 35], parts=[evaded, low_energy, low_potash, rest(35, "9903.01.10")],
                    note="energy and potash stay at 10; 40 on what customs finds transshipped"),
                ended(facts)], all_goods)
    instrument("USA/ieepa/fentanyl-mexico",
               head("US-IEEPA-FENT-MEX", "IEEPA fentanyl, Mexico", "ieepa-fentanyl-border", "IEEPA fentanyl", ["MEX"],
                    "All goods of Mexico; potash at 10", printed_codes="HTS 9903.01.01-.05"),
               [act(mexico, act="EO 14194", **{"from": "2025-02-04"}, note=pause),
                act(mexico, "suspends", act="EO 14198", announced="2025-02-03", **{"from": "2025-02-04"}, until="2025-03-04", rate_pct=0, note=pause),
                act(potash_mexico, act="EO 14232", rate_pct=[10, 25],
                    parts=[{**low_potash, "heading": potash_mexico["heading"]}, rest(25, "9903.01.01")],
                    note="goods entered free under the programme of preference leave from this day; a rise to 30 was put off"),
                ended(facts)], all_goods)


def country_orders(facts):
    brazil, india = facts.one("IEEPA-BRA"), facts.one("IEEPA-IND-OIL")
    exempt = [{"lists": ["ieepa/brazil-exempt"], "heading": "9903.01.81"},
              {"lists": ["ieepa/brazil-civil-aircraft"], "if": ["civil-aircraft"], "heading": "9903.01.82"},
              {"lists": ["ieepa/brazil-named"], "if": ["named-article"], "heading": "9903.01.90"}, *FREE]
    instrument("USA/ieepa/brazil",
               head("US-IEEPA-BRA", "IEEPA order on Brazil", "ieepa-country-order", "IEEPA country orders", ["BRA"],
                    "All goods of Brazil but those exempt and goods under Section 232", printed_codes="HTS 9903.01.77-.90"),
               [act(brazil, loaded_before="2025-08-06", entered_before="2025-10-05", note="on top of the reciprocal 10"), ended(facts)],
               [{"all": True, "except": exempt}])
    annex = [{"lists": ["ieepa/annex-ii", "ieepa/annex-ii-until-2025"], "heading": "9903.01.87"},
             {"lists": ["ieepa/named-articles"], "if": ["named-article"], "heading": "9903.01.87"}, *FREE]
    instrument("USA/ieepa/india-oil",
               head("US-IEEPA-IND-OIL", "IEEPA order on India (Russian oil)", "ieepa-country-order", "IEEPA country orders", ["IND"],
                    "All goods of India but Annex II and goods under Section 232", printed_codes="HTS 9903.01.84-.89"),
               [act(india, act="EO 14329", loaded_before="2025-08-27", entered_before="2025-09-17", note="on top of the reciprocal 25"),
                act(india, "ends", act="EO of 2026-02-06", announced="2026-02-06", **{"from": "2026-02-07"}, rate_pct=0,
                    note="no duty for entries from 2026-02-07")],
               [{"all": True, "except": annex}])


def hong_kong():
    """Hong Kong and Macau follow the orders on China: whom they reach is said beside them, with the same `id`."""
    for path, name in (("fentanyl", "US-IEEPA-FENT"), ("reciprocal", "US-IEEPA-RECIP")):
        instrument(f"USA/ieepa/{path}-hong-kong-macau", {"id": name, "targets": ["CHN", "HKG", "MAC"]}, [])


def write(facts):
    hong_kong()
    reciprocal(facts)
    fentanyl(facts)
    country_orders(facts)
