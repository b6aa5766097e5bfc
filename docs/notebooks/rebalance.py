# %% [markdown]
# # Can tariffs rebalance?
# The declared aim: one side to consume more at home, the other to make more of what it uses. What one lever does to each side's dials, and the
# tariff that would raise the United States' manufacturing share by half a point.

# %%
import detente as dt

levers = dt.levers(["USA", "CHN"])


def effect(lever: str, economy: str, dial: str, column: str = "finite_large") -> float:
    """A change of a dial, a share of GDP unless its name says otherwise, of a lever at its large size."""
    rows = zip(levers.words("lever"), levers.words("economy"), levers.words("dial"), levers[column], strict=True)
    found = [value for name, where, what, value in rows if (name, where, what) == (lever, economy, dial)]
    assert len(found) == 1 and found[0] is not None, (lever, economy, dial)
    return float(found[0])


# %% [markdown]
# Thirty points on all of China's goods: manufacturing's share in the United States, China's household consumption and the two balances, in
# percentage points. A balance over GDP moves little, because aggregate deficits are assumed: no tariff changes what a country saves.

# %%
tariff = "US tariff on Chinese goods"
points = {
    "manufacturing's share, United States": 100 * effect(tariff, "USA", "manufacturing_share"),
    "household consumption over GDP, China": 100 * effect(tariff, "CHN", "household_consumption"),
    "trade balance over GDP, United States": 100 * effect(tariff, "USA", "trade_balance"),
    "bilateral balance over GDP, United States": 100 * effect(tariff, "USA", "bilateral_balance"),
}
for name, value in points.items():
    print(f"{name:45} {value:+.2f}")

# %% [markdown]
# The tariff on everybody's manufactures that would raise the share by half a point, and what it costs.

# %%
answer = dt.rebalance("""
name = "US manufacturing, half a point"
target = [ { dial = "manufacturing_share", economy = "USA", equal = { change = 0.005 } } ]
swap = [ { kind = "tariff", importer = "USA", exporter = "all", sector = "manufacturing" } ]
""")
answer.levers

# %%
answer.targets

# %% [markdown]
# What has to hold whatever the data say: the tariff raises manufacturing's share and narrows the bilateral balance, and does next to nothing to
# the balance as a whole, which is an assumption of this closure and no finding.

# %%
assert points["manufacturing's share, United States"] > 0.05
assert points["bilateral balance over GDP, United States"] > 10 * points["trade balance over GDP, United States"] > 0
assert abs(points["household consumption over GDP, China"]) < 0.1
