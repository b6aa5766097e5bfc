#!/usr/bin/env python3
"""Derive the measures of the United States on all origins but China from the facts on partners.

    python3 data/recipes/partners.py ../shared/facts-partners

writes files of their own below data/ledger/USA, byte for byte, and prints what of instruments_by_partner.csv is carried, what is set
aside and why. What corrections_second_reading.csv says of a row is applied where the row is carried. Own words; facts, days, rates and
codes of public law. Licences of what was read: README of the facts (MIT; US government works; press as cited for facts only).
"""
import sys
from collections import Counter
from pathlib import Path

import partner_232
import partner_301
import partner_ieepa
import partner_other
import partner_preferences
from partner_law import LEDGER, ROOT, SOURCES, Facts

FOLDER = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT.parent / "shared/facts-partners").resolve()


def main():
    facts = Facts(FOLDER)
    for part in (partner_ieepa, partner_301, partner_other, partner_232):
        part.write(facts)
    partner_preferences.write(FOLDER)
    SOURCES.write(LEDGER / "USA/partners/sources.csv")
    left = facts.left()
    print(f"{len(facts.rows)} rows: {sum(why == 'carried' for why in facts.used.values())} carried")
    for why, count in Counter(why for why in facts.used.values() if why != "carried").items():
        print(f"  {count} aside: {why}")
    print(f"  {len(left)} not read: {sorted(set(left))}")


if __name__ == "__main__":
    main()
