# %% [markdown]
# # The tariffs of Liberation Day
# What the rates announced on 2 April 2025 would do if they stayed and nobody answered: 194 economies, one sector (Ignatenko, Lashkaripour,
# Macedoni and Simonovska 2025, Journal of International Economics, table 1). The authors' files have no licence and do not ship.
#
# Needs `../shared/data/liberation-day`.

# %%
import csv
import gzip
from pathlib import Path

import detente as dt

folder = Path("../shared/data/liberation-day")


def rows(name: str) -> list[dict[str, str]]:
    path = folder / name
    text = path.read_text(encoding="utf-8") if path.exists() else gzip.decompress((folder / f"{name}.gz").read_bytes()).decode()
    return list(csv.DictReader(text.splitlines()))


codes = [row["iso3"] for row in rows("countries.csv")]
parameter = {row["parameter"]: float(row["value"]) for row in rows("parameters.csv")}

# %% [markdown]
# The benchmark: flows with home sales, and what an importer spends on local labour to sell.

# %%
world = dt.Benchmark.from_files(
    {
        "benchmark.toml": 'name = "Liberation Day"\nunit = "thousand USD"\nsource = "Ignatenko et al. (2025)"\nlicence = "validation only"\n',
        "economies.csv": "economy,name\n" + "".join(f"{code},{code}\n" for code in codes),
        "sectors.csv": "sector,name,kind,trade_elasticity,scale_elasticity,tariff_elasticity\n"
        f"ALL,All goods,manufacturing,4,{parameter['scale_psi']!r},4\n",
        "trade.csv": "exporter,importer,sector,value\n"
        + "".join(f"{row['exporter']},{row['importer']},ALL,{row['value']}\n" for row in rows("trade_benchmark.csv")),
        "local_cost_shares.csv": "economy,share\n"
        + "".join(f"{code},{parameter['nu_usa' if code == 'USA' else 'nu_rest']!r}\n" for code in codes),
    },
    "Liberation Day",
)
world

# %%
rates = {row["exporter"]: float(row["us_tariff_applied"]) for row in rows("us_tariffs.csv") if row["exporter"] != "USA"}
exporters = list(rates)
model = dict(
    market_structure="krugman", labour_supply="elastic", labour_supply_elasticity=parameter["labour_supply_kappa"],
    numeraire="world-prices", welfare_base="utility", local_selling_costs=True,
)  # fmt: skip
announced = {"exporter": exporters, "importer": ["USA"] * len(rates), "sector": ["ALL"] * len(rates), "rate": list(rates.values())}
relief = dt.solve(dt.Scenario.empty("revenue cuts the income tax").tariff(frame=announced).closure(**model, revenue="income-tax-relief"), world)
rebate = dt.solve(dt.Scenario.empty("revenue is handed out").tariff(frame=announced).closure(**model, revenue="rebated"), world)
relief

# %% [markdown]
# Table 1 of the paper has +1.13 percent for the United States where revenue cuts the tax on labour, and −0.01 where it is handed out.

# %%
for answer, file, printed in ((relief, "ustr_income_tax_relief", 1.13), (rebate, "ustr_lump_sum_rebate", -0.01)):
    expected = {row["iso3"]: float(row["welfare_pct"]) for row in rows(f"expected/{file}.csv")}
    found = answer.economies["welfare_pct"]
    print(f"{answer.name}: USA {found['USA']:+.4f}, printed {printed:+.2f}; CHN {found['CHN']:+.4f}")
    assert round(found["USA"], 2) == printed, found["USA"]
    for code in codes:
        assert abs(found[code] - expected[code]) < 1e-7, (file, code, found[code], expected[code])
