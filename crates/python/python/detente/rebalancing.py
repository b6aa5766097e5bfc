"""Dials, levers, and the least costly way to targets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from . import _native
from .benchmark import Benchmark
from .errors import ScenarioError
from .tables import Table


def _text(path: str | Path) -> tuple[str, str]:
    """A file's name and text; text that is given as it is has lines."""
    if isinstance(path, str) and "\n" in path:
        return "text", path
    try:
        return str(path), Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise ScenarioError(f"{path}: {error.strerror}") from error


class Rebalancing:
    """The least costly mix of levers that meets targets, the price of the targets, and what limits it."""

    def __init__(self, summary: dict[str, Any], targets: Table, levers: Table) -> None:
        self.summary = summary
        #: What each target asks and where it ends, with what one unit more of it would cost.
        self.targets = targets
        #: The size of each lever, its bounds, and what it costs.
        self.levers = levers

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rebalancing) and (self.summary, self.targets, self.levers) == (other.summary, other.targets, other.levers)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Rebalancing: {len(self.targets)} targets, {len(self.levers)} levers\n{self.targets!r}"

    def _repr_html_(self) -> str:
        return self.targets._repr_html_() + self.levers._repr_html_()


def levers(economies: tuple[str, str] | list[str], benchmark: Benchmark, file: str | Path | None) -> Table:
    """The table of levers and dials."""
    label, text = (None, None) if file is None else _text(file)
    notes, columns = _native.levers(benchmark._world, list(economies), label, text)
    return Table(columns, "; ".join(["what levers do to dials", *notes]))


def rebalance(targets: str | Path, benchmark: Benchmark, starts: int) -> Rebalancing:
    """The answer to a file of targets and levers, or to its text."""
    summary, tables = _native.rebalance(benchmark._world, *_text(targets), starts)
    held = {name: Table(columns, name) for name, columns in tables}
    return Rebalancing(json.loads(summary), held["targets"], held["levers"])
