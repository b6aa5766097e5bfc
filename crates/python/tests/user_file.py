"""A user's file that uses all of the package, for the type checker."""

from __future__ import annotations

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
