"""The open engine for trade wars and trade talks.

>>> import detente as dt
>>> s = dt.solve("us-plus-10-on-china")
>>> round(s.economies["welfare_pct"]["USA"], 4)
-0.0538
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import _native, clusters, objectives, rebalancing
from . import errors as errors
from .benchmark import Benchmark
from .errors import (
    BenchmarkError,
    DetenteError,
    InputError,
    InternalError,
    LedgerError,
    NoAnswer,
    NotConverged,
    ObjectiveError,
    ScenarioError,
    SweepError,
    Undefined,
    WriteError,
)
from .objectives import OwnObjective, objective
from .rebalancing import Rebalancing
from .scenario import Scenario
from .solution import Comparison, Game, Gradient, Solution, Sweep
from .tables import Table

if TYPE_CHECKING:
    from . import charts as charts
    from . import data as data
    from . import ledger as ledger

__version__ = "0.1.0"

#: ``"welfare"``, ``"political"``, a file or its text, a function of your own (:func:`objective`), or weights of outcomes:
#: ``{"real_wage:USA": 1.0, "tariff_revenue:USA": 0.2}``; for the first player, or by player. Of weights the weighted sum of the outcomes'
#: logarithms is maximised.
Objective = str | Path | OwnObjective | Mapping[str, float | OwnObjective | Mapping[str, float]]


def __getattr__(name: str) -> Any:
    if name in ("data", "ledger", "charts"):
        return import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@lru_cache(maxsize=1)
def _world() -> Benchmark:
    return Benchmark.world()


def _on(benchmark: Benchmark | str | Path | None) -> Benchmark:
    if benchmark is None:
        return _world()
    return benchmark if isinstance(benchmark, Benchmark) else Benchmark.load(benchmark)


def _asked(scenario: Scenario | str | Path) -> Scenario:
    return scenario if isinstance(scenario, Scenario) else Scenario(scenario)


def solve(
    scenario: Scenario | str | Path,
    benchmark: Benchmark | str | Path | None = None,
    *,
    tolerance: float | None = None,
    basis: str | None = None,
) -> Solution:
    """Answers a scenario on a benchmark (the embedded world where none is given): an equilibrium, accounts of the first year, or an exposure,
    as it asks. Releases the interpreter's lock; Ctrl-C stops it."""
    held, asked = _on(benchmark), _asked(scenario)
    if basis not in (None, "collected", "statute"):
        raise InputError(f"basis `{basis}`: `collected` or `statute`")
    if tolerance is not None and not 1e-15 <= tolerance <= 1e-2:
        raise InputError(f"tolerance {tolerance:g}: a number between 1e-15 and 0.01 is needed")
    with asked._asked() as (text, path):
        return Solution(held._world.solve(text, path, tolerance, basis), held, asked)


def compare(
    scenarios: Iterable[Scenario | str | Path], benchmark: Benchmark | str | Path | None = None, *, tolerance: float | None = None
) -> Comparison:
    """Several scenarios on one benchmark, side by side."""
    held = _on(benchmark)
    found = Comparison(solve(scenario, held, tolerance=tolerance) for scenario in scenarios)
    if not len(found):
        raise InputError("nothing to compare: give one scenario or more")
    return found


def _objectives(given: Mapping[str, Any], players: Sequence[str]) -> str:
    """Weighted outcomes as the file that the command reads: of the first player, or by player."""
    by_player = given if all(isinstance(held, Mapping) for held in given.values()) else {players[0]: given}
    if not by_player or not all(by_player.values()):
        raise ObjectiveError('an objective needs a term or more, for instance {"real_wage:USA": 1.0}')
    lines = []
    for player, terms in by_player.items():
        lines += ["[[objective]]", f"player = {json.dumps(player)}"]
        for term, weight in terms.items():
            outcome, _, rest = str(term).partition(":")
            lines += ["[[objective.term]]", f"outcome = {json.dumps(outcome)}", f"weight = {float(weight)!r}"]
            for part in rest.split(","):
                name, equals, value = part.partition("=")
                if part:
                    lines.append(f"{name} = {json.dumps(value)}" if equals else f"economy = {json.dumps(name)}")
    return "\n".join(lines) + "\n"


def _game(kind: str, players: Sequence[str], benchmark: Benchmark | str | Path | None, scenario: Scenario | str | Path | None, **settings: Any) -> Game:
    held = _on(benchmark)
    for key in ("on", "known_on"):
        if settings.get(key) is not None:
            settings[key] = str(settings[key])[:10] if settings[key] != "latest" else "latest"
    # A world of your own has no talks unless they are named.
    if benchmark is not None and settings.get("talks") is None and settings.get("on") is None and held._location not in ("",):
        settings["talks"] = "none"
    for key in ("instruments", "objective"):
        given = settings.get(key)
        if isinstance(given, OwnObjective):
            given = {players[0]: given}
        if isinstance(given, Path):
            settings[key] = given.read_text(encoding="utf-8")
        elif isinstance(given, Mapping):
            weights, settings["own"] = objectives.split(given, players)
            settings[key] = _objectives(weights, players) if weights or not settings["own"] else "welfare"
    if scenario is None:
        return Game(_native.game(held._world, kind, list(players), **settings), held, None)
    asked = _asked(scenario)
    with asked._asked() as (text, path):
        return Game(_native.game(held._world, kind, list(players), scenario=text, path=path, **settings), held, asked)


def optimal(
    player: str,
    against: str | None = None,
    *,
    benchmark: Benchmark | str | Path | None = None,
    scenario: Scenario | str | Path | None = None,
    instruments: str | Path = "tariffs",
    objective: Objective = "welfare",
    others: str = "hold",
    deficits: str = "zero",
    capital: str = "fixed",
    talks: str | None = None,
    on: object | None = None,
    known_on: object | None = None,
    basis: str = "collected",
) -> Game:
    """What a side would choose if the others hold still (or respond, as ``others`` says). ``capital="steady"``: with what happens once capital
    has answered beside it."""
    if capital not in ("fixed", "steady"):
        raise InputError(f"capital `{capital}`: `fixed` or `steady`")
    if against == player:
        raise InputError(f"`{player}` is the player itself; name another side")
    players = [player] if against is None else [player, against]
    return _game(
        "optimal", players, benchmark, scenario, instruments=instruments, objective=objective, others=others, deficits=deficits,
        capital=capital == "steady", talks=talks, on=on, known_on=known_on, basis=basis,
    )  # fmt: skip


def nash(
    players: Sequence[str],
    *,
    benchmark: Benchmark | str | Path | None = None,
    scenario: Scenario | str | Path | None = None,
    instruments: str | Path = "tariffs",
    objective: Objective = "welfare",
    others: str = "hold",
    deficits: str = "zero",
    bilateral: bool = False,
    talks: str | None = None,
    on: object | None = None,
    known_on: object | None = None,
    basis: str = "collected",
) -> Game:
    """A war: rates at which no player gains by moving alone, with how much the best move would still bring."""
    return _game(
        "nash", players, benchmark, scenario, instruments=instruments, objective=objective, others=others, deficits=deficits,
        bilateral=bilateral, talks=talks, on=on, known_on=known_on, basis=basis,
    )  # fmt: skip


def cooperate(
    players: Sequence[str] = ("all",),
    *,
    start: str = "today",
    benchmark: Benchmark | str | Path | None = None,
    scenario: Scenario | str | Path | None = None,
    instruments: str | Path = "tariffs",
    objective: Objective = "welfare",
    deficits: str = "zero",
    bilateral: bool = False,
    strict: bool = False,
    talks: str | None = None,
    on: object | None = None,
    known_on: object | None = None,
    basis: str = "collected",
) -> Game:
    """Rates at which everybody at the table gains alike from ``start``."""
    return _game(
        "cooperate", players, benchmark, scenario, start=start, instruments=instruments, objective=objective, deficits=deficits,
        bilateral=bilateral, strict=strict, talks=talks, on=on, known_on=known_on, basis=basis,
    )  # fmt: skip


def bargain(
    first: str,
    second: str,
    *,
    start: str = "nash",
    draws: int = 0,
    benchmark: Benchmark | str | Path | None = None,
    scenario: Scenario | str | Path | None = None,
    instruments: str | Path = "tariffs",
    objective: Objective = "welfare",
    deficits: str = "zero",
    talks: str | None = None,
    on: object | None = None,
    known_on: object | None = None,
    basis: str = "collected",
) -> Game:
    """Where a deal between two sides can lie, and the points that theories of bargaining pick; without one, ``start`` happens. ``draws``: the
    war and the talks under so many draws of elasticities beside it."""
    if draws < 0:
        raise InputError(f"draws: none or more; found {draws}")
    return _game(
        "bargain", [first, second], benchmark, scenario, start=start, draws=draws, instruments=instruments, objective=objective,
        deficits=deficits, talks=talks, on=on, known_on=known_on, basis=basis,
    )  # fmt: skip


def frontier(
    first: str,
    second: str,
    *,
    points: int = 41,
    start: str = "nash",
    zone: bool = False,
    benchmark: Benchmark | str | Path | None = None,
    scenario: Scenario | str | Path | None = None,
    instruments: str | Path = "tariffs",
    objective: Objective = "welfare",
    deficits: str = "zero",
    talks: str | None = None,
    on: object | None = None,
    known_on: object | None = None,
    basis: str = "collected",
) -> Game:
    """What two sides can have together, point by point."""
    if points < 2:
        raise InputError("a frontier needs two points or more")
    return _game(
        "frontier", [first, second], benchmark, scenario, points=points, start=start, zone=zone, instruments=instruments,
        objective=objective, deficits=deficits, talks=talks, on=on, known_on=known_on, basis=basis,
    )  # fmt: skip


def sustain(
    first: str,
    second: str,
    *,
    deal: str = "equal-gains",
    patience: float = 0.95,
    office: float = 1.0,
    lag: int = 1,
    punishment_periods: int | None = None,
    period_days: float = 90.0,
    punishment: Scenario | str | Path | None = None,
    renegotiation_proof: bool = False,
    benchmark: Benchmark | str | Path | None = None,
    scenario: Scenario | str | Path | None = None,
    instruments: str | Path = "tariffs",
    objective: Objective = "welfare",
    others: str = "hold",
    deficits: str = "zero",
    talks: str | None = None,
    on: object | None = None,
    known_on: object | None = None,
    basis: str = "collected",
) -> Game:
    """Whether a deal between two sides holds by itself: what breaking it brings against what the punishment costs, at a patience a year.

    ``punishment``: a scenario (or its name or file) that answers a breach, or a file with a path of states; the war of the two where none.
    """
    if lag < 0 or (punishment_periods is not None and punishment_periods < 0):
        raise InputError("lag and punishment_periods: none or more")
    answer: tuple[str, str | None] | None = None
    if isinstance(punishment, Path) or (isinstance(punishment, str) and Path(punishment).is_file()):
        answer = (Path(punishment).read_text(encoding="utf-8"), str(punishment))
    elif punishment is not None:
        with _asked(punishment)._asked() as (text, path):
            answer = (text, path)
    asked = {
        "deal": deal, "patience": float(patience), "office": float(office), "lag": lag, "punishment_periods": punishment_periods,
        "period_days": float(period_days), "punishment": answer, "renegotiation_proof": renegotiation_proof,
    }  # fmt: skip
    return _game(
        "sustain", [first, second], benchmark, scenario, sustained=asked, instruments=instruments, objective=objective, others=others,
        deficits=deficits, talks=talks, on=on, known_on=known_on, basis=basis,
    )  # fmt: skip


def deadline(
    first: str,
    second: str,
    *,
    extension: float,
    deal_chance: float = 0.0,
    restored: float = 0.0,
    breakdown: float = 0.0,
    deal: str = "equal-gains",
    discount: float = 0.95,
    period_days: float = 90.0,
    truce_periods: int = 4,
    entry_discount: float = 0.85,
    firm_size_tail: float = 2.226,
    benchmark: Benchmark | str | Path | None = None,
    scenario: Scenario | str | Path | None = None,
    instruments: str | Path = "tariffs",
    objective: Objective = "welfare",
    others: str = "hold",
    deficits: str = "zero",
    talks: str | None = None,
    on: object | None = None,
    known_on: object | None = None,
    basis: str = "collected",
) -> Game:
    """What a truce with a deadline is worth to two sides, what one more extension is, and what doubt about it costs.

    ``extension`` and ``deal_chance`` are probabilities at each deadline; what is left lapses.
    """
    if truce_periods < 0:
        raise InputError(f"truce_periods: none or more; found {truce_periods}")
    asked = {
        "deal": deal, "extension": float(extension), "deal_chance": float(deal_chance), "restored": float(restored),
        "breakdown": float(breakdown), "discount": float(discount), "period_days": float(period_days), "truce_periods": truce_periods,
        "entry_discount": float(entry_discount), "firm_size_tail": float(firm_size_tail),
    }  # fmt: skip
    return _game(
        "deadline", [first, second], benchmark, scenario, valued=asked, instruments=instruments, objective=objective, others=others,
        deficits=deficits, talks=talks, on=on, known_on=known_on, basis=basis,
    )  # fmt: skip


def levers(economies: tuple[str, str] | list[str], benchmark: Benchmark | str | Path | None = None, *, levers: str | Path | None = None) -> Table:
    """What each lever does to each dial of two economies, per unit and at its size; ``levers``: a file of one's own, or its text."""
    return rebalancing.levers(economies, _on(benchmark), levers)


def rebalance(targets: str | Path, benchmark: Benchmark | str | Path | None = None, *, starts: int = 1) -> Rebalancing:
    """The least costly mix of levers that meets targets (a file, or its text), with the price of the targets."""
    if starts < 0:
        raise InputError(f"starts: none or more; found {starts}")
    return rebalancing.rebalance(targets, _on(benchmark), starts)


def sweep(
    spec: str | Path,
    out: str | Path,
    benchmark: Benchmark | str | Path | None = None,
    *,
    on: Any = None,
    shards: int | None = None,
) -> Sweep:
    """Asks a scenario many times, into a folder; an interrupted sweep is taken up by the same call.

    ``on``: a client of Dask, the module ``ray``, or an executor. The sweep is then asked in ``shards`` parts (four a worker unless said), a
    part that is lost with its worker is asked again, and what is put together has the bytes that one process would have written.
    """
    if on is None:
        summary = _native.sweep(_on(benchmark)._world, str(spec), str(out))
        return Sweep(Path(out), json.loads(summary))
    clusters.sweep(Path(spec), Path(out), _on(benchmark), on, shards)
    return Sweep(Path(out), json.loads((Path(out) / "summary.json").read_text(encoding="utf-8")))


def version() -> dict[str, Any]:
    """The program's version, and the digests of the facts and of the embedded world."""
    found: dict[str, Any] = json.loads(_native.version())
    return found


__all__ = [
    "Benchmark",
    "BenchmarkError",
    "Comparison",
    "DetenteError",
    "Game",
    "Gradient",
    "InputError",
    "InternalError",
    "LedgerError",
    "NoAnswer",
    "NotConverged",
    "ObjectiveError",
    "OwnObjective",
    "Rebalancing",
    "Scenario",
    "ScenarioError",
    "Solution",
    "Sweep",
    "SweepError",
    "Table",
    "Undefined",
    "WriteError",
    "bargain",
    "charts",
    "compare",
    "cooperate",
    "data",
    "deadline",
    "errors",
    "frontier",
    "ledger",
    "levers",
    "nash",
    "objective",
    "optimal",
    "rebalance",
    "solve",
    "sustain",
    "sweep",
    "version",
]
