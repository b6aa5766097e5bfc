"""Other powers on partners: column 2 and Russia, Section 338 and the bans on Canada, Section 201, quotas."""
from partner_law import act, day_after, instrument


def head(name, title, statute, family, authority, targets, covers, **more):
    return {"id": name, "title": title, "imposer": "USA", "targets": targets, "authority": authority, "statute": statute, "family": family,
            "kind": "tariff", "reversible_by": "executive", "covers": covers, **more}


def column_two(facts):
    normal, low, high, bans = facts.one("COL2"), facts.one("RUS-35"), facts.one("RUS-70"), facts.one("RUS-BANS")
    all_goods = [{"all": True}]
    column = {"effect": "replaces-base", "column": "column2", "scope": all_goods}
    thirty_five = {"effect": "replaces-base", "targets": ["RUS"], "rate_pct": 35, "heading": low["heading"],
                   "scope": [{"lists": ["column-2/russia-35"]}]}
    seventy = {"effect": "replaces-base", "targets": ["RUS"], "rate_pct": 70, "heading": high["heading"],
               "scope": [{"lists": ["column-2/russia-70"]}]}
    law = head("US-COLUMN-2", "Column 2 of the schedule", "general note 3(b); P.L. 117-110", "column-2", "Column 2", ["COLUMN2"],
               "All goods of economies without normal trade relations; rates of notes 30(b) and 30(d) stand in place of column 2",
               reversible_by="legislature")
    instrument("USA/column-2/column-2", law,
               [act(normal, rate_pct=None, effect="replaces-base", column="column2", announced="", targets=None,
                    note="Russia and Belarus from 2022-04-09"),
                act(low, effect=None, rate_pct=[35], parts=[thirty_five, column], targets=None, note=low["note"]),
                act(high, effect=None, rate_pct=[70, 35], parts=[seventy, thirty_five, column], targets=None, note=None)], all_goods)
    energy = [{"codes": ["2709", "2710", "2711", "2701"]}]
    sea = [{"codes": ["03", "1604", "1605", "2208", "7102"]}]
    gold = [{"codes": ["7108"]}]
    instrument("USA/column-2/russia-bans",
               head("US-RUS-BANS", "Import bans on Russia", "50 USC 1702 (IEEPA)", "import-ban", "Import bans", ["RUS"],
                    "Oil, gas, coal; fish and seafood, spirits, diamonds; gold"),
               [act(bans, act="EO 14066", effect="prohibits", scope=energy, note="sanctions and no tariff"),
                act(bans, act="EO 14068", announced="2022-03-11", **{"from": "2022-03-11"}, effect="prohibits", scope=energy + sea, note="sanctions and no tariff"),
                act(bans, act="determination on gold under EO 14024", announced="2022-06-28", **{"from": "2022-06-28"}, effect="prohibits",
                    scope=energy + sea + gold, note="sanctions and no tariff")], energy)
    facts.aside("RUS-SANCTIONING-ACT", "a statute under which no duty was found: ambiguities.toml")


def canada(facts):
    statute, family = "19 USC 1338 (Section 338)", "section-338"
    exempt = [{"lists": ["section-338/canada-civil-aircraft"], "if": ["civil-aircraft"], "heading": "9903.03.16"}]
    for row_id, name, title, goods in (("S338-CAN-ALC", "alcohol", "alcohol and other goods of note 51(b)(1)", "canada-alcohol"),
                                       ("S338-CAN-DAIRY", "dairy", "dairy goods of note 51(b)(2)", "canada-dairy"),
                                       ("S338-CAN-AUTO", "motor-vehicles", "goods of note 51(b)(3)", "canada-motor-vehicles")):
        rows = facts.all(row_id)
        acts = [act(rows[0], **{"from": "2026-08-19"}, note="first set for 2026-08-19"),
                act(rows[0], "suspends", act="procl. 11056", announced="2026-08-18", **{"from": "2026-08-19"}, until="2026-08-22", rate_pct=0, note=None)]
        instrument(f"USA/section-338/canada-{name}",
                   head(f"US-338-CAN-{name.upper()}", f"Section 338 on Canada, {title}", statute, family, "Section 338", ["CAN"], title.capitalize(),
                        printed_codes=f"HTS {rows[0]['heading']}"), acts, [{"lists": [f"section-338/{goods}"], "except": exempt}])
    ban = facts.one("S338-CAN-BAN")
    parts = [{"effect": "prohibits", "if": ["!imported-before-the-ban"], "scope": [{"lists": ["section-338/canada-ban"]}]},
             {"effect": "prohibits", "if": ["packaged", "!imported-before-the-ban"], "scope": [{"lists": ["section-338/canada-ban-packaged"]}]}]
    instrument("USA/section-338/canada-ban",
               head("US-338-CAN-BAN", "Section 338 import bans on Canada", statute, "import-ban", "Import bans", ["CAN"],
                    "Goods of three proclamations; goods imported before the day pay the duty of Section 338"),
               [act(ban, effect=None, parts=parts, note="if a court strikes the ban down the 50 percent returns")],
               [{"lists": ["section-338/canada-ban", "section-338/canada-ban-packaged"]}])
    facts.aside("S338-CAN-THREAT", "a threat: announced, no act found")


def safeguards(facts):
    statute = "19 USC 2251 (Section 201)"
    for row_id, name, title, group, amount in (
            ("S201-WASHERS", "washers", "residential washers", "S201-WASHER-EXEMPT", "1.2 million units a year"),
            ("S201-QUARTZ", "quartz", "quartz surface products", "S201-QUARTZ-EXEMPT",
             "13,006,426 m2 in the first year, 14,771,583, 15,236,099 and 15,700,614 after, a quarter of it each quarter")):
        acts = []
        for row in facts.all(row_id):
            inside, beyond = (float(part) for part in row["rate_pct"].split("/"))
            acts.append(act(row, until=day_after(row["effective_to"]), effect="quota", rate_pct=inside, over_pct=beyond, quota=amount,
                            confidence="high", note=row["note"] if "units" not in row["note"] else None))
        instrument(f"USA/section-201/{name}",
                   head(f"US-201-{name.upper()}", f"Section 201 safeguard, {title}", statute, f"section-201-{name}", "Section 201", ["all"],
                        f"{title.capitalize()}, within and beyond a tariff quota", except_targets=[group]), acts,
                   [{"lists": [f"section-201/{name}"]}])
    facts.aside("S201-PSF", "a limit on temporary imports under bond: no duty on ordinary entries")
    facts.aside("TRQ-BEEF-TRIM", "access to the rate within quota of chapter 2: coverage.toml says it")
    facts.aside("TRQ-BEEF-ARG", "access to the rate within quota of chapter 2: coverage.toml says it")


def write(facts):
    column_two(facts)
    canada(facts)
    safeguards(facts)
