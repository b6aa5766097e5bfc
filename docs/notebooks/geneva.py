# %% [markdown]
# # What did Geneva change?
# The average duty of each side on the other, the day before the cuts agreed in Geneva and the day after, as known on each day.

# %%
import detente as dt

before = dt.ledger.in_force("us-china", on="2025-05-13")
after = dt.ledger.in_force("us-china", on="2025-05-15")
before

# %%
after

# %%
def rate(status: dt.ledger.Status, weights: str, importer: str, exporter: str) -> float:
    return float(status.average_tariff[weights][importer][exporter])


fell = {
    "USA on CHN": (rate(before, "imports-from-partner-2024", "USA", "CHN"), rate(after, "imports-from-partner-2024", "USA", "CHN")),
    "CHN on USA": (rate(before, "imports-from-partner-2017", "CHN", "USA"), rate(after, "imports-from-partner-2017", "CHN", "USA")),
}
fell

# %% [markdown]
# On China's side 125 points became 10 on every line: the average falls by 115 points exactly. On the other side de minimis and exclusions
# make it a little less.

# %%
china = fell["CHN on USA"]
assert abs((china[0] - china[1]) - 1.15) < 1e-9, china
america = fell["USA on CHN"]
assert 0.65 < america[0] - america[1] < 1.15, america
