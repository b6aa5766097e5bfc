# %% [markdown]
# # Should the truce be extended?
# What returns by law if nobody signs, and what that would do to both sides in the long run.

# %%
import detente as dt

held = dt.ledger.lapses("us-china", on="2025-09-16")
assert held is not None
[(lapse["imposer"], lapse["title"], lapse["before"], lapse["after"]) for lapse in held["by_law"]]

# %%
s = dt.solve("truce-lapses")
s

# %% [markdown]
# Both sides lose by the lapse, under the stated closure; medians and bands over elasticities and deficits:

# %%
bands = s.bands(48)
for code in ("USA", "CHN"):
    row = bands.row((code, "welfare_pct"))
    low, median, high = (bands.numbers(name)[row] for name in ("low_5", "median", "high_95"))
    print(f"{code}: {low:+.4f} {median:+.4f} {high:+.4f}")
    assert low <= median <= high

# %%
assert held["date"] == "2025-11-10"
for code in ("USA", "CHN"):
    value = s.economies["welfare_pct"][code]
    assert value is not None and value < 0, (code, value)
