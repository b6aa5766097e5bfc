"""The native half: thin, owns no logic."""

from collections.abc import Callable, Sequence
from typing import Any, TypedDict, final

import numpy
from numpy.typing import NDArray

__all__ = [
    "Record",
    "Solution",
    "World",
    "aggregated",
    "arrow_stream",
    "balanced",
    "check_scenario",
    "example",
    "examples",
    "exported",
    "extrapolated",
    "game",
    "har",
    "import_benchmark",
    "levers",
    "rebalance",
    "sweep",
    "sweep_files",
    "sweep_merge",
    "sweep_part",
    "talks_ids",
    "version",
    "with_elasticities",
    "write_table",
    "write_workbook",
]

_Columns = list[tuple[str, str, str, str, Any]]
_Made = tuple[list[tuple[str, str]], str]

class _Given(TypedDict):
    name: str
    unit: str
    label: str
    words: list[str | None] | None
    numbers: list[float | None] | None

class _Arrow(TypedDict):
    name: str
    unit: str
    label: str
    numbers: NDArray[numpy.float64] | None
    codes: NDArray[numpy.int32] | None
    words: list[str | None]

class _Own(TypedDict):
    player: str
    name: str
    reads: list[str]
    value: Callable[[list[float]], float]
    slopes: Callable[[list[float]], list[float]] | None

class _Sustained(TypedDict):
    deal: str
    patience: float
    office: float
    lag: int
    punishment_periods: int | None
    period_days: float
    punishment: tuple[str, str | None] | None
    renegotiation_proof: bool

class _Valued(TypedDict):
    deal: str
    extension: float
    deal_chance: float
    restored: float
    breakdown: float
    discount: float
    period_days: float
    truce_periods: int
    entry_discount: float
    firm_size_tail: float

@final
class World:
    @staticmethod
    def embedded(measures: Sequence[str] = ...) -> World: ...
    @staticmethod
    def open(path: str, measures: Sequence[str] = ...) -> World: ...
    @staticmethod
    def of_files(name: str, files: list[tuple[str, str]]) -> World: ...
    def files(self) -> list[tuple[str, str]]: ...
    def digest(self) -> str: ...
    def name(self) -> str: ...
    def unit(self) -> str: ...
    def source(self) -> str: ...
    def licence(self) -> str: ...
    def year(self) -> int | None: ...
    def notes(self) -> list[str]: ...
    def market_gap(self) -> float: ...
    def economies(self) -> list[tuple[str, str, list[str]]]: ...
    def sectors(self) -> list[tuple[str, str, str, float]]: ...
    def trade(self) -> NDArray[numpy.float64]: ...
    def tariffs(self) -> NDArray[numpy.float64]: ...
    def solve(
        self, text: str, path: str | None = ..., tolerance: float | None = ..., basis: str | None = ...
    ) -> Solution: ...

@final
class Solution:
    def kind(self) -> str: ...
    def tables(self) -> list[str]: ...
    def table(self, name: str) -> _Columns | None: ...
    def summary(self) -> str: ...
    def caveats(self) -> list[str]: ...
    def array(self, name: str) -> NDArray[numpy.float64]: ...
    def gradient(self, wanted: str) -> tuple[_Columns, dict[str, NDArray[numpy.float64]]]: ...
    def bands(self, draws: int) -> _Columns: ...
    def write(self, out: str, form: str) -> list[str]: ...

@final
class Record:
    @staticmethod
    def open(measures: Sequence[str] = ...) -> Record: ...
    def duty(
        self,
        code: str,
        exporter: str,
        importer: str,
        on: str,
        known_on: str | None = ...,
        claims: Sequence[str] = ...,
        loaded: str | None = ...,
        given: Sequence[tuple[str, float]] = ...,
    ) -> str: ...
    def duties(
        self,
        codes: list[str],
        exporters: list[str],
        importers: list[str],
        days: list[str],
        known_on: str | None,
    ) -> list[Any]: ...
    def status(self, talks: str, on: str, known_on: str | None = ...) -> str: ...
    def lapses(
        self, talks: str, date: str | None = ..., on: str | None = ..., known_on: str | None = ...
    ) -> str | None: ...

def talks_ids() -> list[str]: ...
def check_scenario(text: str) -> str: ...
def example(name: str) -> str: ...
def examples() -> list[str]: ...
def version() -> str: ...
def import_benchmark(
    source: str,
    recipe: str | None,
    layout: str,
    tables: list[tuple[str, str]],
    labels: list[tuple[str, str]],
    negative: str | None = ...,
    value_added: str | None = ...,
    margins: str | None = ...,
    scale: float | None = ...,
    year: int | None = ...,
) -> tuple[list[tuple[str, str]], list[str]]: ...
def game(
    world: World,
    kind: str,
    players: list[str],
    *,
    start: str = ...,
    instruments: str = ...,
    objective: str = ...,
    others: str = ...,
    deficits: str = ...,
    bilateral: bool = ...,
    strict: bool = ...,
    zone: bool = ...,
    points: int = ...,
    talks: str | None = ...,
    on: str | None = ...,
    known_on: str | None = ...,
    basis: str = ...,
    scenario: str | None = ...,
    path: str | None = ...,
    own: list[_Own] = ...,
    draws: int = ...,
    capital: bool = ...,
    sustained: _Sustained | None = ...,
    valued: _Valued | None = ...,
) -> Solution: ...
def aggregated(world: World, map: tuple[str, str], drop_unused: bool) -> _Made: ...
def balanced(world: World, targets: tuple[str, str]) -> _Made: ...
def extrapolated(world: World, growth: tuple[str, str], label: str) -> _Made: ...
def with_elasticities(
    world: World, set: str, text: str | None = ..., concordance: tuple[str, str] | None = ..., otherwise: str = ...
) -> _Made: ...
def exported(results: str, form: str) -> list[tuple[str, bytes]]: ...
def arrow_stream(given: list[_Arrow]) -> object: ...
def levers(
    world: World, economies: list[str], label: str | None = ..., text: str | None = ...
) -> tuple[list[str], _Columns]: ...
def rebalance(world: World, label: str, text: str, starts: int = ...) -> tuple[str, list[tuple[str, _Columns]]]: ...
def sweep(world: World, spec: str, out: str) -> str: ...
def sweep_files(spec: str) -> list[Any]: ...
def sweep_merge(folder: str, out: str) -> int: ...
def sweep_part(world: World, spec: str, out: str, index: int, of: int) -> str: ...
def write_table(given: list[_Given], form: str, label: str) -> bytes: ...
def write_workbook(sheets: list[tuple[str, list[_Given]]]) -> bytes: ...
def har(bytes: bytes) -> list[tuple[str, str, list[int], list[str], list[list[str] | None], str, Any]]: ...
