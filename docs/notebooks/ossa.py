# %% [markdown]
# # Ossa's trade war
# What seven regions lose when each sets its best tariffs against all others (Ossa 2014, American Economic Review 104(12), table 4).
# The data rest on GTAP and do not ship.
#
# Needs `../shared/benchmarks/ossa-7x33` and `../shared/data/ossa-2014`.

# %%
import csv
from pathlib import Path

import detente as dt

shared = Path("../shared")
world = dt.Benchmark.load(shared / "benchmarks" / "ossa-7x33")
world

# %% [markdown]
# Trade is balanced first, firms do not enter, and there are no intermediates: the paper's model.

# %%
model = dt.Scenario.empty("Ossa (2014)").closure(market_structure="fixed-entry", intermediates="none")
war = dt.nash(["all"], benchmark=world, scenario=model)
war

# %%
with open(shared / "data" / "ossa-2014" / "expected" / "published_table_04_nash_tariffs.csv", encoding="utf-8", newline="") as file:
    published = {row["region"]: float(row["welfare_pct"]) for row in csv.DictReader(file) if row["objective"] == "baseline"}
found = {code: war.economies["welfare_pct"][code] for code in war.economies.words("economy")}
for code, value in found.items():
    print(f"{code}: {value:+.3f}, published {published[code]:+.1f}")

# %% [markdown]
# The paper prints one decimal, and stopped its search a little before the point at which nobody gains.

# %%
assert war.best_response_gain is not None and war.best_response_gain < 1e-6
for code, value in found.items():
    assert value is not None and abs(value - published[code]) < 0.05 + 0.06, (code, value, published[code])
