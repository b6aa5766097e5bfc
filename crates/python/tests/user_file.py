"""A user's file that uses all of the package, for the type checker."""

from __future__ import annotations

from collections.abc import Mapping

import detente as dt

s: dt.Solution = dt.solve(dt.Scenario("us-plus-10-on-china"))
value: float | None = s.economies["welfare_pct"]["USA"]
one = dt.ledger.duty("8471.30.01", exporter="CHN", importer="USA", on="2025-09-16")
total: float | None = one.total_pct
many: dt.Table = dt.ledger.duty(["8471.30.01"], exporter="CHN", importer="USA", on="2025-09-16")
f = dt.ledger.in_force("us-china", on="2025-11-10", known_on="2025-11-09")
x = dt.ledger.lapses("us-china", on="2025-11-10")
b = dt.Benchmark.world()
sc = (
    dt.Scenario.empty("mine")
    .tariff("USA", "CHN", add=0.10, sector="manufacturing")
    .tariff(frame={"exporter": ["CHN"], "importer": ["USA"], "sector": ["AGR"], "rate": [0.1]})
    .closure(deficits="zero", factor_market="mobile")
)
c: dt.Comparison = dt.compare([sc, "us-plus-10-on-china"], benchmark=b)
g = s.gradient("welfare:USA").to_numpy().shape
n: dt.Game = dt.nash(["USA", "CHN"], instruments="tariffs")
gain: float | None = n.best_response_gain
z = dt.bargain("USA", "CHN", start="lapse", on="2025-09-16").plot()
fr = dt.frontier("USA", "CHN", points=21)
sw: dt.Sweep = dt.sweep("spec.toml", out="runs")
quantiles: dict[str, list[float]] = sw.economies.pivot("welfare_pct").quantile([0.05, 0.5, 0.95])


@dt.objective(reads=["real_wage:USA", "tariff_revenue:USA"])
def mine(o: Mapping[str, float]) -> float:
    return o["real_wage:USA"] + 0.2 * o["tariff_revenue:USA"]


@mine.gradient
def slopes(o: Mapping[str, float]) -> dict[str, float]:
    return {"real_wage:USA": 1.0, "tariff_revenue:USA": 0.2}


best: dt.Game = dt.optimal("USA", objective=mine)
war: dt.Game = dt.nash(["USA", "CHN"], objective={"USA": mine, "CHN": {"welfare": 1.0}})
held: dt.Game = dt.sustain("USA", "CHN", patience=0.9)
worth: dt.Game = dt.deadline("USA", "CHN", extension=0.6)
r: dt.Rebalancing = dt.rebalance("targets.toml")
fewer: dt.Benchmark = b.aggregate({"CAN": "NAM", "MEX": "NAM"})
other, counted = b.with_elasticities("caliendo_parro_2015", otherwise="median")
counts: int = counted["counts"]["by their own code"]
files = s.export("out", "har")
