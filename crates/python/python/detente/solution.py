"""Answers: of a scenario, of several, of a game, of a sweep."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from . import _native, charts
from .benchmark import Benchmark
from .errors import InputError, Undefined
from .scenario import Scenario
from .tables import Table, workbook

if TYPE_CHECKING:
    import pandas
    import polars


class Gradient:
    """Derivatives of the logarithm of an outcome in the logarithms of all instruments' factors, by one transposed solve."""

    def __init__(self, table: Table, arrays: dict[str, NDArray[np.float64]], wanted: str) -> None:
        self.table = table
        self.arrays = arrays
        self.wanted = wanted

    def to_numpy(self, instrument: str = "tariff") -> NDArray[np.float64]:
        """The derivative in every tariff, ``[importer, exporter, sector]``, or in another instrument."""
        return self.arrays[instrument]

    def to_pandas(self) -> pandas.DataFrame:
        """The table that the command writes."""
        return self.table.to_pandas()

    def __repr__(self) -> str:
        return f"<gradient of {self.wanted}: {', '.join(f'{name} {array.shape}' for name, array in self.arrays.items())}>"


class Solution:
    """An answer. Tables are those of the command's ``--out``, number for number; arrays are read-only views ``[importer, exporter, sector]``."""

    def __init__(self, native: _native.Solution | None, benchmark: Benchmark | None, scenario: Scenario | None, stored: dict[str, Any] | None = None) -> None:
        self._native = native
        self._benchmark = benchmark
        self.scenario = scenario
        self._tables: dict[str, Table] = {}
        self._summary: dict[str, Any] | None = None
        if stored is not None:
            self._tables = stored["tables"]
            self._summary = stored["summary"]
            self._kind: str = stored["kind"]
            self._caveats: list[str] = stored["caveats"]
        elif native is not None:
            self._kind = native.kind()
            self._caveats = native.caveats()

    # -- tables --------------------------------------------------------------------------------------------------------

    @property
    def kind(self) -> str:
        """``equilibrium``, ``first-year`` (accounts within a year) or ``exposure``."""
        return self._kind

    @property
    def tables(self) -> list[str]:
        """Names of the tables."""
        return self._native.tables() if self._native is not None else list(self._tables)

    def table(self, name: str) -> Table:
        """A table by its name."""
        if name not in self._tables:
            found = self._native.table(name) if self._native is not None else None
            if found is None:
                raise Undefined(f"this answer has no table `{name}`; it has {', '.join(self.tables) or 'none: an exposure is no effect'}")
            self._tables[name] = Table(found, f"{self.name}: {name}")
        return self._tables[name]

    @property
    def economies(self) -> Table:
        """Outcomes by economy: ``solution.economies["welfare_pct"]["USA"]``."""
        return self.table("economies")

    @property
    def sectors(self) -> Table:
        """Outcomes by economy and sector."""
        return self.table("sectors")

    @property
    def trade(self) -> Table:
        """Flows before and after."""
        return self.table("trade")

    @property
    def tariffs(self) -> Table:
        """Tariff rates of the solution."""
        return self.table("tariffs")

    @property
    def decomposition(self) -> Table:
        """First-order terms by partner and sector."""
        return self.table("decomposition")

    @property
    def summary(self) -> dict[str, Any]:
        """``summary.json``."""
        if self._summary is None:
            found = json.loads(self._native.summary()) if self._native is not None else {}
            self._summary = found.get("summary", found)
        return self._summary

    @property
    def caveats(self) -> list[str]:
        """What every reader of the numbers should know."""
        return list(self._caveats)

    @property
    def certificate(self) -> dict[str, Any]:
        """How well it is solved: the largest residual, residuals by block, iterations."""
        return {key: self.summary.get(key) for key in ("converged", "max_residual", "residuals", "walras", "iterations", "evaluations")}

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return str(self.summary.get("scenario", "answer"))

    @property
    def horizon(self) -> str:
        """The horizon that it speaks of."""
        return str(self.summary.get("horizon", "long"))

    # -- arrays --------------------------------------------------------------------------------------------------------

    def array(self, name: str) -> NDArray[np.float64]:
        """``trade_before``, ``trade_after``, ``tariffs_before``, ``tariffs_after``: a view, ``[importer, exporter, sector]``."""
        known = ("trade_before", "trade_after", "tariffs_before", "tariffs_after")
        if name not in known:
            raise InputError(f"no array `{name}`; there are {', '.join(known)}")
        return self._live().array(name)

    def _live(self) -> _native.Solution:
        if self._native is None:
            if self.scenario is None or self._benchmark is None:
                raise Undefined("this answer was unpickled and does not say how to find it again; ask anew")
            import warnings

            warnings.warn("an unpickled answer holds its tables; it is solved again for more", stacklevel=3)
            with self.scenario._asked() as (text, path):
                self._native = self._benchmark._world.solve(text, path)
        return self._native

    def gradient(self, wanted: str) -> Gradient:
        """Derivatives of an outcome, named as ``welfare:USA``, in every instrument."""
        columns, arrays = self._live().gradient(wanted)
        return Gradient(Table(columns, f"gradient of {wanted}"), arrays, wanted)

    def bands(self, draws: int = 200) -> Table:
        """Medians and 5-to-95 bands over elasticities and deficits."""
        if draws < 1:
            raise InputError("bands need one draw or more")
        return Table(self._live().bands(draws), f"{self.name}: bands over {draws} draws")

    # -- files ---------------------------------------------------------------------------------------------------------

    def write(self, out: str | Path, form: str = "csv") -> None:
        """The folder that the command's ``--out`` writes; ``form``: ``csv`` or ``parquet``."""
        if form not in ("csv", "parquet"):
            raise InputError(f"form `{form}`: `csv` or `parquet`")
        self._live().write(str(out), form)

    def export(self, out: str | Path, form: str) -> list[Path]:
        """The answer in another program's form: ``xlsx``, ``dta``, ``parquet``, ``har``, ``gams`` or ``vega-lite``; the files, in a folder."""
        import tempfile

        folder = Path(out)
        with tempfile.TemporaryDirectory() as held:
            self.write(Path(held) / "answer")
            files = _native.exported(str(Path(held) / "answer"), form)
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files:
            (folder / name).write_bytes(content)
        return [folder / name for name, _ in files]

    def to_excel(self, path: str | Path) -> None:
        """A workbook: what was asked, then a sheet for each table."""
        about = Table(_pairs({"scenario": self.name, **{key: _plain(value) for key, value in self.summary.items()}}), "read me")
        workbook({"Read me": about, **{name.capitalize(): self.table(name) for name in self.tables if "/" not in name}}, path)

    def to_stata(self, path: str | Path, table: str = "economies") -> None:
        """One table for Stata 14 and later."""
        self.table(table).to_stata(path)

    def to_pandas(self) -> pandas.DataFrame:
        """The table of economies."""
        return self.economies.to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """The table of economies."""
        return self.economies.to_polars()

    # -- for people ----------------------------------------------------------------------------------------------------

    def plot(self, outcome: str = "welfare_pct") -> charts.Chart:
        """Bars of an outcome of every economy."""
        table = self.economies
        name = outcome if outcome in table.names else f"{outcome}_pct"
        column = table.column(name)
        rows = [{"economy": code, name: value} for code, value in zip(table.words("economy"), table[name], strict=True)]
        return charts.bars(rows, "economy", name, column.unit or column.label, f"{self.name}: {column.label}", self._subtitle())

    def _subtitle(self) -> list[str]:
        held = self.summary
        benchmark = held.get("benchmark") or {}
        return [
            f"{benchmark.get('name', '')}; horizon {self.horizon}; detente {held.get('version', '')}",
            f"largest residual {held.get('max_residual', float('nan')):.1e}" if held.get("max_residual") is not None else "",
        ]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Solution) or self.tables != other.tables or self.kind != other.kind:
            return False
        return all(self.table(name) == other.table(name) for name in self.tables)

    __hash__ = None  # type: ignore[assignment]

    def __getstate__(self) -> dict[str, Any]:
        return {
            "tables": {name: self.table(name) for name in self.tables},
            "summary": self.summary,
            "kind": self.kind,
            "caveats": self.caveats,
            "scenario": self.scenario,
            "benchmark": self._benchmark,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        Solution.__init__(self, None, state["benchmark"], state["scenario"], state)

    def _headline(self, most: int = 8) -> list[str]:
        if "economies" not in self.tables:
            return ["no effect is computed: an exposure"]
        table = self.economies
        name = next((name for name in ("objective_pct", "welfare_pct", "real_income_pct", "real_wage_pct") if name in table.names), None)
        if name is None:
            return []
        series = table[name]
        values = sorted(((value, code) for code, value in zip(table.words("economy"), series, strict=True) if value is not None), key=lambda held: -abs(held[0]))
        return [f"  {code:<6} {value:+.4f}" for value, code in values[:most]] + ([f"  … {len(values) - most} more"] if len(values) > most else [])

    def __repr__(self) -> str:
        held = self.summary
        residual = held.get("max_residual")
        benchmark = held.get("benchmark") or {}
        head = f"{type(self).__name__} {self.name!r} on {benchmark.get('name', 'the benchmark')}"
        line = f"horizon {self.horizon}" + (f"; largest residual {residual:.1e}" if residual is not None else "")
        return "\n".join([head, line, "percent change of income (the largest):", *self._headline()][:12])

    def _repr_html_(self) -> str:
        import html

        table = self.economies._repr_html_() if "economies" in self.tables else ""
        caveats = "".join(f"<li>{html.escape(words)}</li>" for words in self.caveats)
        return f"<h4>{html.escape(self.name)}</h4>{table}<ul>{caveats}</ul>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {"text/plain": repr(self), "text/html": self._repr_html_()}
        if "economies" in self.tables and "welfare_pct" in self.economies.names:
            bundle.update(self.plot()._repr_mimebundle_())
            bundle["text/plain"] = repr(self)
        return bundle


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _pairs(held: dict[str, str]) -> list[tuple[str, str, str, str, Any]]:
    from .ledger import _words

    return [("what", "", "what", "text", _words(list(held))), ("value", "", "value", "text", _words(list(held.values())))]


class Comparison:
    """Several answers side by side."""

    def __init__(self, solutions: Iterable[Solution]) -> None:
        self.solutions = list(solutions)

    def __getitem__(self, at: int | str) -> Solution:
        if isinstance(at, int):
            return self.solutions[at]
        for solution in self.solutions:
            if solution.name == at or (solution.scenario is not None and solution.scenario.name == at):
                return solution
        raise InputError(f"no answer `{at}`; there are {', '.join(solution.name for solution in self.solutions)}")

    def __len__(self) -> int:
        return len(self.solutions)

    def table(self, name: str = "economies") -> Table:
        """One table of all answers below each other, the scenario in front."""
        from .ledger import _words

        parts = [solution.table(name) for solution in self.solutions]
        names = [solution.name for solution in self.solutions for _ in range(len(solution.table(name)))]
        held: list[tuple[str, str, str, str, Any]] = [("scenario", "", "scenario", "text", _words(names))]
        for column in parts[0].columns:
            if column.kind in ("number", "integer"):
                cells: Any = np.concatenate([part.numbers(column.name) for part in parts])
            else:
                cells = [word for part in parts for word in part.words(column.name)]
                cells = _words(cells) if column.kind == "text" else cells
            held.append((column.name, column.unit, column.label, column.kind, cells))
        return Table(held, f"{len(self)} scenarios: {name}")

    @property
    def economies(self) -> Table:
        """Outcomes by scenario and economy."""
        return self.table("economies")

    def to_pandas(self) -> pandas.DataFrame:
        """Outcomes by scenario and economy."""
        return self.economies.to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """Outcomes by scenario and economy."""
        return self.economies.to_polars()

    def to_excel(self, path: str | Path) -> None:
        """A workbook: the comparison, then a sheet of economies for each answer."""
        sheets = {"Comparison": self.economies}
        for at, solution in enumerate(self.solutions, 1):
            plain = "".join(c if c not in "[]:*?/\\" else " " for c in solution.name)
            sheets[f"{at} {plain}"[:31]] = solution.economies
        workbook(sheets, path)

    def plot(self, outcome: str = "welfare_pct") -> charts.Chart:
        """Bars by economy, a row of bars for each scenario."""
        table = self.economies
        column = table.column(outcome)
        rows = [
            {"scenario": scenario, "economy": code, outcome: value}
            for scenario, code, value in zip(table.words("scenario"), table.words("economy"), table[outcome], strict=True)
        ]
        chart = charts.bars(rows, "economy", outcome, column.unit, column.label, self.solutions[0]._subtitle())
        chart.spec["encoding"]["row"] = {"field": "scenario", "type": "nominal", "title": None}
        return chart

    def __repr__(self) -> str:
        return "\n".join([f"Comparison of {len(self)}:", *[f"  {solution.name}" for solution in self.solutions[:10]]])

    def _repr_html_(self) -> str:
        return self.economies._repr_html_()


class Game(Solution):
    """What sides would do, and where a deal can lie: the point found, as an answer, with how it is established."""

    @property
    def _all(self) -> dict[str, Any]:
        return json.loads(self._native.summary()) if self._native is not None else self._stored

    _stored: dict[str, Any]

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "all": self._all}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self._stored = state["all"]

    @property
    def best_response_gain(self) -> float | None:
        """The largest gain that any player could still make, percent."""
        value = self.summary.get("best_response_gain")
        return None if value is None else float(value)

    @property
    def headlines(self) -> list[str]:
        """The answer in sentences."""
        return list(self._all.get("headlines", []))

    def points(self) -> Table:
        """Points of the zone or the frontier, where the game has them."""
        for name in ("frontier", "bargaining_points"):
            if name in self.tables:
                return self.table(name)
        raise Undefined(f"this game has no points; its tables are {', '.join(self.tables)}")

    def to_polars(self) -> polars.DataFrame:
        """The points where there are any, else the table of economies."""
        try:
            return self.points().to_polars()
        except Undefined:
            return super().to_polars()

    def plot(self, outcome: str = "objective_pct") -> charts.Chart:
        """The frontier or the points in the plane of the two sides; bars where there are none."""
        try:
            table = self.points()
        except Undefined:
            return super().plot(outcome)
        numbers = [column for column in table.columns if column.kind == "number"]
        sides = [column for column in numbers if column.name.endswith("_pct")][:2]
        if len(sides) < 2:
            return super().plot(outcome)
        first, second = sides
        rows = [
            {"order": at, first.name: x, second.name: y}
            for at, (x, y) in enumerate(zip(table[first.name], table[second.name], strict=True))
            if x is not None and y is not None
        ]
        names = (f"{first.label}, {first.unit}", f"{second.label}, {second.unit}")
        return charts.points(rows, first.name, second.name, names, str(self._all.get("title", self.name)), self._subtitle())

    def __repr__(self) -> str:
        return "\n".join([f"Game: {self._all.get('title', self.name)}", *self.headlines[:9], *self._headline(2)][:12])


class Sweep:
    """The runs of a sweep, read from its folder."""

    def __init__(self, folder: Path, summary: dict[str, Any]) -> None:
        self.folder = folder
        self.summary = summary

    def _table(self, name: str) -> Table:
        import csv

        with open(self.folder / f"{name}.csv", encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            header = next(reader)
            columns = list(zip(*reader, strict=True)) or [() for _ in header]
        held: list[tuple[str, str, str, str, Any]] = []
        from .ledger import _words

        for title, cells in zip(header, columns, strict=True):
            try:
                if title in ("run", "economy"):
                    raise ValueError
                numbers = np.array([float(cell) if cell else np.nan for cell in cells])
                held.append((title, "percent" if title.endswith("_pct") else "", title, "number", numbers))
            except ValueError:
                held.append((title, "", title, "text", _words([cell or None for cell in cells])))
        return Table(held, f"{self.folder.name}: {name}")

    @property
    def runs(self) -> Table:
        """What each run varied, and how it ended."""
        return self._table("runs")

    @property
    def economies(self) -> Table:
        """Outcomes by run and economy."""
        return self._table("economies")

    def __repr__(self) -> str:
        held = self.summary
        return f"Sweep in {self.folder}: {held.get('converged')} of {held.get('runs')} runs converged"
