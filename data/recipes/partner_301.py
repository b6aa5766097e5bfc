"""Section 301 on partners: forced labour in 60 economies, Brazil, Nicaragua, large aircraft, digital taxes, excess capacity."""
from partner_law import act, instrument, rates
from partner_ieepa import FREE

STATUTE = "19 USC 2411 (Section 301)"
EU = ["EU27", "EU28", "GBR"]
# Lists of countries under note 52(j); the two of the agreement with Central America have textiles besides.
LISTS_52J = ["GBR", "EU27", "CHE", "MYS", "KHM", "GTM", "SLV", "ARG", "BGD", "TWN", "IDN", "ECU", "JOR"]
# Origins of note 21 by subdivision, as the headings list them; "most" members is carried as all, and the list says medium.
NOTE_21 = {"c": EU, "d": ["DEU", "ESP", "GBR"], "e": EU, "f": EU, "g": EU, "h": EU, "i": EU, "j": EU, "m": EU, "r": EU,
           "k": ["FRA", "DEU", "ESP", "GBR"], "l": ["DEU"], "n": ["DEU", "GBR"], "o": ["DEU", "IRL", "ITA", "ESP", "GBR"], "p": ["GBR"],
           "q": ["FRA", "DEU"], "s": ["FRA", "DEU"]}


def head(name, title, family, authority, targets, covers, **more):
    return {"id": name, "title": title, "imposer": "USA", "targets": targets, "authority": authority, "statute": STATUTE, "family": family,
            "kind": "tariff", "reversible_by": "agency", "reinstated_in": "notice, weeks; new action up to 12 months", "covers": covers, **more}


def forced_labour(facts):
    # China's rate stands in the record of measures against China; HKG has a heading of its own.
    facts.aside("S301-FL-CHN", "section-301-forced-labour/all-goods.toml")
    facts.aside("S301-FL-NONE", "no act names them: nothing is added")
    rows = facts.all("S301-FL-*", lambda row: row["target"] not in ("CHN", "OTHERS"))
    adds = [row for row in rows if row["kind"] == "adds"]
    floors = [row for row in rows if row["kind"] == "floor all-in"]
    way = {"loaded_before": "2026-07-24", "entered_before": "2026-07-28"}
    acts = [act(adds[0], act="91 FR 47318; 91 FR 47717", rate_pct=None, rates=rates(adds), note="challenged at the CIT, still collected", **way)]
    for on, targets in (("general", ["EU27", "TWN", "JPN", "CHE"]), ("paid", ["KOR"])):
        held = [row for row in floors if row["target"] in targets]
        acts.append(act(held[0], act="91 FR 47318; 91 FR 47717", rate_pct=None, effect="floor", floor_on=on, rates=rates(held),
                        note="all-in: the base rate is inside", **way))
    name = "section-301-forced-labour"
    exempt = [{"lists": [f"{name}/52b"], "heading": "9903.05.86"},
              {"lists": [f"{name}/52c"], "if": ["named-article"], "heading": "9903.05.87"},
              {"lists": [f"{name}/52d"], "if": ["civil-aircraft"], "heading": "9903.05.88"},
              {"lists": [f"{name}/52e"], "if": ["pharmaceutical-use"], "heading": "9903.05.89"}]
    exempt += [{"lists": [f"{name}/exempt-{code.lower()}"], "targets": [code], "heading": "note 52(j)"} for code in LISTS_52J]
    exempt += [{"lists": [f"{name}/cafta-textiles"], "targets": ["CAFTA-DR"], "if": ["CAFTA"], "heading": "9903.05.95, .06.06, .06.09"}]
    instrument("USA/section-301-forced-labour/partners",
               head("US-301-FL-PARTNERS", "Section 301 forced labour, partners, note 52", "section-301-forced-labour", "Section 301 forced labour",
                    ["HKG"], "All goods of the economies named but listed exemptions and goods under Section 232 of note 52(f)",
                    printed_codes="HTS 9903.05.20-.84; exemptions .85-9903.06.21"),
               acts, [{"all": True, "except": exempt + FREE}])


def countries(facts):
    row = facts.one("S301-BRA")
    exempt = [{"lists": ["section-301-brazil/flat"], "heading": "9903.05.03"},
              {"lists": ["section-301-brazil/named"], "if": ["named-article"], "heading": "9903.05.04"},
              {"lists": ["section-301-brazil/aircraft"], "if": ["civil-aircraft"], "heading": "9903.05.05"},
              {"lists": ["section-301-brazil/pharma"], "if": ["pharmaceutical-use"], "heading": "9903.05.06"}]
    instrument("USA/section-301-brazil/all-goods",
               head("US-301-BRA", "Section 301 on Brazil, note 50", "section-301-brazil", "Section 301 Brazil", ["BRA"],
                    "All goods of Brazil but listed exemptions and goods under Section 232", printed_codes="HTS 9903.05.01-.09"),
               [act(row, announced="2026-07-15", announced_basis="month of the notice; its day not read", loaded_before="2026-07-22",
                    entered_before="2026-07-29", note=None)],
               [{"all": True, "except": exempt + FREE}])
    steps = facts.all("S301-NIC")
    instrument("USA/section-301-nicaragua/all-goods",
               head("US-301-NIC", "Section 301 on Nicaragua, note 29", "section-301-nicaragua", "Section 301 Nicaragua", ["NIC"],
                    "All goods of Nicaragua but those that originate under the agreement with Central America", printed_codes="HTS 9903.89.01"),
               [act(step, note="a stage of the notice's own table") for step in steps], [{"all": True}])


def aircraft(facts):
    goods, ten, fifteen = facts.one("S301-AIRBUS-GOODS"), facts.one("S301-AIRBUS-PLANES-10"), facts.one("S301-AIRBUS-PLANES-15")
    britain, union = facts.one("S301-AIRBUS-OFF-GBR"), facts.one("S301-AIRBUS-OFF-EU")
    planes = {"targets": ["FRA", "DEU", "ESP", "GBR"], "heading": "9903.89.05", "scope": [{"codes": ["8802.40"]}]}

    def parts(points, letters):
        lists = [{"rate_pct": 25, "targets": NOTE_21[letter], "scope": [{"lists": [f"section-301-aircraft/note-21{letter}"]}]} for letter in letters]
        return [{**planes, "rate_pct": points}, *lists]

    early = [letter for letter in NOTE_21 if letter != "s"]
    instrument("USA/section-301-aircraft/large-aircraft",
               head("US-301-AIRCRAFT", "Section 301 large civil aircraft, note 21", "section-301-aircraft", "Section 301 large aircraft", EU,
                    "Aircraft of France, Germany, Spain and the United Kingdom; goods listed by origin", printed_codes="HTS 9903.89.05-.63"),
               [act(ten, act=goods["act"], rate_pct=[10, 25], targets=None, parts=parts(10, early), confidence="medium",
                    note="lists in the state as last amended: changes of 2020 are not told apart"),
                act(fifteen, rate_pct=[15, 25], targets=None, parts=parts(15, early), note="aircraft to 15"),
                act(goods, act="86 FR 674", announced="2020-12-30", announced_basis="recalled", **{"from": "2021-01-12"}, targets=None,
                    rate_pct=[15, 25], parts=parts(15, list(NOTE_21)), confidence="medium", note="goods of France and Germany added"),
                act(britain, "suspends", targets=["GBR"], rate_pct=0, effect=None),
                act(union, "suspends", targets=["EU27"], rate_pct=0, effect=None)])


def proposed(facts):
    row = facts.one("S301-EXCESS")
    instrument("USA/section-301-excess-capacity/partners",
               head("US-301-EXCAP-PARTNERS", "Section 301 structural excess capacity, partners", "section-301-excess-capacity",
                    "Section 301 excess capacity", ["S301-EXCESS-CAPACITY-16"], "Proposed, no rate adopted", except_targets=["CHN"]),
               [act(row, "proposes", rate_pct=None, effect=None)], [{"all": True}])
    for name, targets, rows in (("US-301-DST-FRA", ["FRA"], facts.all("S301-FRA-DST")),
                                ("US-301-DST", ["AUT", "IND", "ITA", "ESP", "TUR", "GBR"], facts.all("S301-DST-OTHERS"))):
        held = rows[0]
        acts = [act(held, "proposes", rate_pct=25, effect=None, sources=[], targets=None)]
        if held["effective_to"]:
            acts.append(act(held, "ends", act="ended after the understanding on the first pillar", announced="2021-11-18",
                            announced_basis="recalled", **{"from": "2021-11-29"}, rate_pct=0, effect=None, sources=[], note=None))
        instrument(f"USA/section-301-digital-taxes/{'france' if targets == ['FRA'] else 'others'}",
                   head(name, "Section 301 digital services taxes", "section-301-digital-taxes", "Section 301 digital taxes", targets,
                        "Determined and suspended before a day was charged; the lists are not on record"), acts)


def write(facts):
    forced_labour(facts)
    countries(facts)
    aircraft(facts)
    proposed(facts)
