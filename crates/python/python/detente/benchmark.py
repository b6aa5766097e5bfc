"""Benchmarks: the observed economies that the model is calibrated to."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _native
from .errors import InputError


class Benchmark:
    """A benchmark with its record: frozen, and asked as often as you like.

    Arrays are read-only views ``[importer, exporter, sector]``; nothing is copied.
    """

    __slots__ = ("_location", "_world", "has_measures")

    def __init__(self, world: _native.World, location: str | None = None, has_measures: bool = False) -> None:
        self._world = world
        self._location = location
        #: Whether folders of one's own lie over the record: they stay on this machine.
        self.has_measures = has_measures

    @classmethod
    def world(cls, measures: list[str] | None = None) -> Benchmark:
        """The world that the package carries; ``measures``: folders of your own over the record."""
        return cls(_native.World.embedded(measures or []), None if measures else "", bool(measures))

    @classmethod
    def load(cls, path: str | Path, measures: list[str] | None = None) -> Benchmark:
        """A benchmark directory, or the embedded world by its name."""
        return cls(_native.World.open(str(path), measures or []), str(path), bool(measures))

    @classmethod
    def from_files(cls, files: Mapping[str, str], name: str = "memory") -> Benchmark:
        """A benchmark from the text of its files, by their names."""
        return cls(_native.World.of_files(name, list(files.items())))

    @property
    def name(self) -> str:
        """Its name."""
        return self._world.name()

    @property
    def unit(self) -> str:
        """Unit of its values."""
        return self._world.unit()

    @property
    def source(self) -> str:
        """Where the data come from."""
        return self._world.source()

    @property
    def licence(self) -> str:
        """On which terms."""
        return self._world.licence()

    @property
    def year(self) -> int | None:
        """Year of the data."""
        return self._world.year()

    @property
    def economies(self) -> list[str]:
        """Codes of the economies, in the order of the arrays."""
        return [code for code, _, _ in self._world.economies()]

    @property
    def economy_names(self) -> dict[str, str]:
        """Names of the economies by code."""
        return {code: name for code, name, _ in self._world.economies()}

    @property
    def members(self) -> dict[str, list[str]]:
        """ISO codes of each economy's members."""
        return {code: members for code, _, members in self._world.economies()}

    @property
    def sectors(self) -> list[str]:
        """Codes of the sectors, in the order of the arrays."""
        return [code for code, _, _, _ in self._world.sectors()]

    @property
    def sector_kinds(self) -> dict[str, str]:
        """Kind of each sector."""
        return {code: kind for code, _, kind, _ in self._world.sectors()}

    @property
    def trade_elasticities(self) -> dict[str, float]:
        """Trade elasticity of each sector."""
        return {code: elasticity for code, _, _, elasticity in self._world.sectors()}

    @property
    def trade(self) -> NDArray[np.float64]:
        """Border values, home sales included."""
        return self._world.trade()

    @property
    def tariffs(self) -> NDArray[np.float64]:
        """Tariff rates, fractions."""
        return self._world.tariffs()

    @property
    def market_gap(self) -> float:
        """How far its markets are from clearing, as a share of all spending."""
        return self._world.market_gap()

    @property
    def notes(self) -> list[str]:
        """What a reader of any answer should know."""
        return self._world.notes()

    @property
    def digest(self) -> str:
        """SHA-256 of what it says: two benchmarks with one digest give one answer."""
        return self._world.digest()

    def check(self) -> list[str]:
        """What is worth knowing before it is used; a benchmark that can be opened is whole."""
        return [f"market gap {self.market_gap:.3e}", *self.notes]

    def files(self) -> dict[str, str]:
        """The files of its directory, every digit."""
        return dict(self._world.files())

    def aggregate(self, map: Mapping[str, str] | str | Path, *, drop_unused: bool = False) -> Benchmark:
        """Fewer economies or sectors: ``{"CAN": "NAM", "MEX": "NAM", "TEX": "LGT"}``, or a table ``from,to,name``. What it does not name stays
        alone; ``drop_unused``: codes that are not here are left out instead of refused."""
        if isinstance(map, Mapping):
            rows = "".join(f"{_cell(code)},{_cell(group)}\n" for code, group in map.items())
            given = ("the map", f"from,to\n{rows}")
        else:
            given = _table(map)
        files, _ = _native.aggregated(self._world, given, drop_unused)
        return Benchmark.from_files(dict(files), self.name)

    def balance(self, targets: str | Path) -> tuple[Benchmark, dict[str, Any]]:
        """Flows moved until totals are met (a table ``kind,economy,sector,value``), and the inputs after them; with what was done."""
        files, report = _native.balanced(self._world, _table(targets))
        return Benchmark.from_files(dict(files), self.name), json.loads(report)

    def extrapolate(self, growth: str | Path, label: str = "extrapolated") -> tuple[Benchmark, dict[str, Any]]:
        """Flows times factors (a table ``exporter,importer,sector,factor``), and the inputs after them; with what was done."""
        files, report = _native.extrapolated(self._world, _table(growth), label)
        return Benchmark.from_files(dict(files), self.name), json.loads(report)

    def with_elasticities(
        self, set: str | Path, *, concordance: str | Path | None = None, otherwise: str = "refused"
    ) -> tuple[Benchmark, dict[str, Any]]:
        """The trade elasticities of a set, a published one by its name or a file of one's own; with how each sector came by its value.

        ``concordance``: a table ``sector,source,weight`` of what in the set stands for a sector here. ``otherwise``: what a sector has that
        neither knows: ``refused``, the ``median`` of the set's goods or services, or what it had (``kept``).
        """
        text = Path(set).read_text(encoding="utf-8") if Path(set).is_file() else None
        mapped = None if concordance is None else _table(concordance)
        files, report = _native.with_elasticities(self._world, str(set), text, mapped, otherwise)
        return Benchmark.from_files(dict(files), self.name), json.loads(report)

    def save(self, path: str | Path) -> None:
        """Writes its directory; refused where something else stands there."""
        folder = Path(path)
        if folder.exists() and any(folder.iterdir()) and not (folder / "benchmark.toml").exists():
            raise InputError(f"{folder}: is no benchmark's folder and not empty; give a new one")
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in self.files().items():
            (folder / name).write_text(text, encoding="utf-8", newline="")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Benchmark) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __reduce__(self) -> tuple[Any, ...]:
        if self._location == "":
            return (Benchmark.world, ())
        return (_rebuilt, (self.files(), self.name))

    def __repr__(self) -> str:
        year = f", {self.year}" if self.year else ""
        return (
            f"Benchmark {self.name!r}{year}: {len(self.economies)} economies, {len(self.sectors)} sectors, {self.unit}\n"
            f"economies: {' '.join(self.economies[:16])}{' …' if len(self.economies) > 16 else ''}\n"
            f"market gap {self.market_gap:.1e}; licence: {self.licence}"
        )

    def _repr_html_(self) -> str:
        rows = {
            "year": self.year,
            "economies": " ".join(self.economies),
            "sectors": " ".join(self.sectors),
            "unit": self.unit,
            "source": self.source,
            "licence": self.licence,
            "market gap": f"{self.market_gap:.1e}",
        }
        cells = "".join(f"<tr><th>{key}</th><td>{html.escape(str(value))}</td></tr>" for key, value in rows.items())
        return f"<table><caption>{html.escape(self.name)}</caption>{cells}</table>"


def _table(given: str | Path) -> tuple[str, str]:
    """A table as it is called and as it reads: a file, or its text."""
    if isinstance(given, Path) or "\n" not in given:
        try:
            return str(given), Path(given).read_text(encoding="utf-8")
        except OSError as error:
            raise InputError(f"{given}: {error.strerror}") from error
    return "the table", given


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n') else text


def _rebuilt(files: dict[str, str], name: str) -> Benchmark:
    return Benchmark.from_files(files, name)
