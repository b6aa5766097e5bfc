# %% [markdown]
# # NAFTA, and what the paper said
# The tariff cuts of 1993 to 2005 between Canada, Mexico and the United States, on the world of 1993 of Caliendo and Parro (2015).

# %%
from pathlib import Path

import detente as dt

folder = Path("data/published/nafta-1993")
world = dt.Benchmark.load(folder)
world

# %%
s = dt.solve(next((folder / "scenarios").glob("*.toml")), world)
s

# %% [markdown]
# Real wages, percent. The paper's table has 0.32, 1.72 and 0.11.

# %%
wages = {code: s.economies["real_wage_pct"][code] for code in ("Canada", "Mexico", "USA")}
wages

# %%
s.plot("real_wage_pct")

# %%
for code, expected in {"Canada": 0.3228290269, "Mexico": 1.7153229133, "USA": 0.1124427521}.items():
    value = wages[code]
    assert value is not None and abs(value - expected) < 1e-8, (code, value)
