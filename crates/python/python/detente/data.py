"""Benchmarks from files of other programs."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _native
from .benchmark import Benchmark


def import_(
    source: str | Path,
    *,
    layout: str = "auto",
    recipe: str | Path | None = None,
    sectors: str | Path | None = None,
    economies: str | Path | None = None,
    tariffs: str | Path | None = None,
    name: str | None = None,
    unit: str | None = None,
    year: int | None = None,
    scale: float | None = None,
    negative: str | None = None,
    value_added: str | None = None,
    margins: str | None = None,
) -> Benchmark:
    """A benchmark from long CSV, the OECD's tables, WIOD, a folder of pymrio, or GTAP base data (``layout`` says which; ``auto`` looks).

    What was done to the source is warned of, line by line, as :class:`ImportNote`.
    """
    tables = {"sectors": sectors, "economies": economies, "tariffs": tariffs}
    labels = {"name": name, "unit": unit}
    files, notes = _native.import_benchmark(
        str(source),
        None if recipe is None else str(recipe),
        "recipe" if recipe is not None and layout == "auto" else layout,
        [(key, str(Path(path).absolute())) for key, path in tables.items() if path is not None],
        [(key, text) for key, text in labels.items() if text is not None],
        negative,
        value_added,
        margins,
        scale,
        year,
    )
    for note in notes:
        warnings.warn(note, ImportNote, stacklevel=2)
    return Benchmark.from_files({file: text for file, text in files if not file.endswith(".json")}, str(source))


class ImportNote(UserWarning):
    """What an import did to its source."""


class HeaderArray:
    """An array of a header-array file (GEMPACK)."""

    def __init__(self, held: tuple[str, str, list[int], list[str], list[list[str] | None], str, Any]) -> None:
        self.name, self.kind, self.sizes, self.sets, self.elements, self.long_name, self._data = held

    @property
    def values(self) -> NDArray[np.float64]:
        """The numbers, shaped as the file says."""
        if isinstance(self._data, str | list):
            raise TypeError(f"array {self.name!r} holds words")
        flat: NDArray[np.float64] = self._data
        return flat.reshape(self.sizes, order="F") if self.kind[0] == "R" else flat.reshape(self.sizes, order="F")

    @property
    def words(self) -> list[str]:
        """The words of an array of text."""
        if not isinstance(self._data, list):
            raise TypeError(f"array {self.name!r} holds numbers")
        return self._data

    def __repr__(self) -> str:
        return f"<{self.name} {self.kind} {'x'.join(map(str, self.sizes))} {' '.join(self.sets)}: {self.long_name}>"


def read_har(path: str | Path) -> dict[str, HeaderArray]:
    """The arrays of a header-array file by name, in either framing."""
    return {held[0]: HeaderArray(held) for held in _native.har(Path(path).read_bytes())}
