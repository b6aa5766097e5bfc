"""Scenarios: what is done and under which settings, as a value."""

from __future__ import annotations

import copy
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from . import _native
from .errors import InputError

Names = str | Sequence[str]


def _text(value: object) -> str:
    """A value as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
        return f'"{escaped}"'
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_text(held)}" for key, held in value.items()) + " }"
    if isinstance(value, Iterable):
        return "[" + ", ".join(_text(held) for held in value) + "]"
    if hasattr(value, "isoformat"):
        return f'"{value.isoformat()}"'
    if hasattr(value, "item"):
        return _text(value.item())
    raise TypeError(f"{value!r} has no place in a scenario")


def _document(document: Mapping[str, Any], above: str = "") -> list[str]:
    """A document as lines of TOML: plain keys, then tables, then lists of tables."""
    tables = [(key, held) for key, held in document.items() if isinstance(held, Mapping)]
    lists = [(key, held) for key, held in document.items() if isinstance(held, list) and held and all(isinstance(row, Mapping) for row in held)]
    apart = {key for key, _ in tables} | {key for key, _ in lists}
    lines = [f"{key} = {_text(held)}" for key, held in document.items() if key not in apart]
    for key, held in tables:
        lines += ["", f"[{above}{key}]", *_document(held, f"{above}{key}.")]
    for key, rows in lists:
        for row in rows:
            lines += ["", f"[[{above}{key}]]", *_document(row, f"{above}{key}.")]
    return lines


def _names(names: Names) -> str | list[str]:
    return names if isinstance(names, str) else [str(name) for name in names]


class Scenario:
    """What is done and under which settings: a value that is never changed; each method gives a new one.

    ``Scenario("us-plus-10-on-china")`` is an example that the package carries, ``Scenario("mine.toml")`` a file, ``Scenario.empty("mine")``
    one that changes nothing yet. Rates are fractions: ten points are ``0.10``.
    """

    __slots__ = ("_document_", "_files", "_path", "_toml")

    def __init__(self, name: str | Path) -> None:
        path = Path(name)
        if path.suffix == ".toml" or path.is_file():
            try:
                text = path.read_text(encoding="utf-8")
            except OSError as error:
                raise InputError(f"{path}: cannot be read: {error.strerror}") from error
            self._set(text, {}, str(path))
        else:
            self._set(_native.example(str(name)), {}, None)

    def _set(self, text: str, files: dict[str, str], path: str | None) -> None:
        _native.check_scenario(text)
        object.__setattr__(self, "_toml", text)
        object.__setattr__(self, "_document_", tomllib.loads(text))
        object.__setattr__(self, "_files", files)
        object.__setattr__(self, "_path", path)

    _toml: str
    _document_: dict[str, Any]
    _files: dict[str, str]
    _path: str | None

    @classmethod
    def _of(cls, text: str, files: dict[str, str] | None = None, path: str | None = None) -> Scenario:
        made = object.__new__(cls)
        made._set(text, dict(files or {}), path)
        return made

    @classmethod
    def empty(cls, name: str) -> Scenario:
        """A scenario that changes nothing yet."""
        return cls._of(f"name = {_text(name)}\n")

    @classmethod
    def from_toml(cls, text: str) -> Scenario:
        """A scenario from its text; refused with the line where it is none."""
        return cls._of(text)

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Scenario:
        """A scenario from a dictionary with the keys of the file."""
        return cls._of("\n".join(_document(document)) + "\n")

    @staticmethod
    def examples() -> list[str]:
        """Names of the examples that the package carries."""
        return _native.examples()

    def to_toml(self) -> str:
        """The text: as it was read where nothing was changed since."""
        return self._toml

    def to_dict(self) -> dict[str, Any]:
        """The keys of the file."""
        return copy.deepcopy(self._document_)

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self._document_.get("name", self._path or "scenario"))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a scenario is a value: its methods give a new one")

    def _changed(self, change: Any, files: Mapping[str, str] | None = None) -> Scenario:
        document = self.to_dict()
        change(document)
        text = "\n".join(_document(document)) + "\n"
        return type(self)._of(text, {**self._files, **(files or {})}, self._path)

    def _entry(self, table: str, entry: dict[str, Any], files: Mapping[str, str] | None = None) -> Scenario:
        held = {key: value for key, value in entry.items() if value is not None}
        return self._changed(lambda document: document.setdefault(table, []).append(held), files)

    def _rate(
        self,
        table: str,
        importer: Names,
        exporter: Names,
        sector: Names,
        set: float | None,
        add: float | None,
        multiply: float | None,
        frame: Any,
    ) -> Scenario:
        if frame is not None:
            if any(value is not None for value in (set, add, multiply)):
                raise InputError("a frame sets its own rates; leave set, add and multiply out")
            name = f"rates-{len(self._files) + 1}.csv"
            return self._entry(table, {"file": name}, {name: _rates(frame)})
        if sum(value is not None for value in (set, add, multiply)) != 1:
            raise InputError(f"a change of a {table.replace('_', ' ')} takes one of set, add and multiply")
        entry = {"importer": _names(importer), "exporter": _names(exporter), "sector": _names(sector)}
        return self._entry(table, {**entry, "set": _float(set), "add": _float(add), "multiply": _float(multiply)})

    def tariff(
        self,
        importer: Names = "all",
        exporter: Names = "all",
        sector: Names = "all",
        *,
        set: float | None = None,
        add: float | None = None,
        multiply: float | None = None,
        frame: Any = None,
    ) -> Scenario:
        """Changes tariffs: ``set`` a rate, ``add`` points, ``multiply`` the rate (fractions), or ``frame`` with the columns
        ``exporter, importer, sector, rate``, which sets the cells that it names."""
        return self._rate("tariff", importer, exporter, sector, set, add, multiply, frame)

    def export_tax(
        self,
        importer: Names = "all",
        exporter: Names = "all",
        sector: Names = "all",
        *,
        set: float | None = None,
        add: float | None = None,
        multiply: float | None = None,
        frame: Any = None,
    ) -> Scenario:
        """Changes export taxes, as :meth:`tariff`."""
        return self._rate("export_tax", importer, exporter, sector, set, add, multiply, frame)

    def trade_cost(self, factor: float, importer: Names = "all", exporter: Names = "all", sector: Names = "all") -> Scenario:
        """Multiplies iceberg costs."""
        entry = {"importer": _names(importer), "exporter": _names(exporter), "sector": _names(sector), "factor": float(factor)}
        return self._entry("trade_cost", entry)

    def productivity(self, factor: float, economy: Names, sector: Names = "all") -> Scenario:
        """Multiplies productivity."""
        return self._entry("productivity", {"economy": _names(economy), "sector": _names(sector), "factor": float(factor)})

    def limit(
        self,
        exporter: Names,
        importer: Names,
        sector: Names = "all",
        *,
        min: float | None = None,
        max: float | None = None,
        of: str | None = None,
        rent: str | None = None,
    ) -> Scenario:
        """Caps or floors flows, as a factor of the baseline's."""
        entry = {"exporter": _names(exporter), "importer": _names(importer), "sector": _names(sector)}
        return self._entry("limit", {**entry, "min": _float(min), "max": _float(max), "of": of, "rent": rent})

    def deficit(self, economy: Names, *, set: float | None = None, factor: float | None = None) -> Scenario:
        """Sets or multiplies trade deficits."""
        return self._entry("deficit", {"economy": _names(economy), "set": _float(set), "factor": _float(factor)})

    def ledger(self, talks: str, on: object) -> Scenario:
        """Tariffs of the record on a day."""
        return self._changed(lambda document: document.update(ledger=talks, on=str(on)))

    def closure(self, **settings: object) -> Scenario:
        """Settings: ``deficits="zero"``, ``factor_market="specific"``, ``horizon="years"`` and so on."""
        return self._changed(lambda document: document.setdefault("closure", {}).update(settings))

    def baseline(self, **settings: object) -> Scenario:
        """Settings of the baseline; its entries are given by :meth:`from_dict`."""
        return self._changed(lambda document: document.setdefault("baseline", {}).update(settings))

    def write(self, path: str | Path) -> None:
        """Writes the file, and the tables that it names beside it."""
        path = Path(path)
        path.write_text(self._toml, encoding="utf-8")
        for name, text in self._files.items():
            (path.parent / name).write_text(text, encoding="utf-8")

    def _asked(self) -> _Asked:
        return _Asked(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self._document_ == other._document_ and self._files == other._files

    def __hash__(self) -> int:
        return hash(self._toml)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuilt, (self._toml, self._files, self._path))

    def __repr__(self) -> str:
        lines = [line for line in self._toml.splitlines() if line.strip()]
        more = [f"… {len(lines) - 10} more lines"] if len(lines) > 10 else []
        return "\n".join([f"Scenario {self.name!r}", *lines[:10], *more])


class _Asked:
    """The text and the path that the native half reads: tables in memory stand in a folder for as long as they are asked about."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> tuple[str, str | None]:
        held = self._scenario
        if not held._files:
            unchanged = held._path is not None and Path(held._path).is_file() and Path(held._path).read_text(encoding="utf-8") == held._toml
            if held._path is not None and not unchanged and "file" in held._toml:
                return self._copied(Path(held._path).parent)
            return held._toml, held._path if unchanged else None
        return self._copied(Path(held._path).parent if held._path else None)

    def _copied(self, beside: Path | None) -> tuple[str, str | None]:
        self._folder = tempfile.TemporaryDirectory(prefix="detente-")
        folder = Path(self._folder.name)
        if beside is not None:
            for entry in self._scenario._document_.get("tariff", []) + self._scenario._document_.get("export_tax", []):
                name = entry.get("file")
                if name and name not in self._scenario._files and (beside / name).is_file():
                    (folder / name).parent.mkdir(parents=True, exist_ok=True)
                    (folder / name).write_bytes((beside / name).read_bytes())
        self._scenario.write(folder / "scenario.toml")
        return self._scenario._toml, str(folder / "scenario.toml")

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            self._folder.cleanup()


def _rebuilt(text: str, files: dict[str, str], path: str | None) -> Scenario:
    return Scenario._of(text, files, path)


def _float(value: float | None) -> float | None:
    return None if value is None else float(value)


def _rates(frame: Any) -> str:
    """A table of rates as CSV, from a data frame, a dictionary of columns or a list of rows."""
    needed = ["exporter", "importer", "sector", "rate"]
    if hasattr(frame, "to_dict") and not hasattr(frame, "keys_") and hasattr(frame, "columns"):
        names = [str(getattr(name, "name", name)) for name in frame.columns]
        missing = [name for name in needed if name not in names]
        if missing:
            raise InputError(f"the frame has no column {', '.join(f'`{name}`' for name in missing)}; it needs {', '.join(needed)}")
        if hasattr(frame, "numbers"):
            columns: list[list[Any]] = [frame.to_dict()[name] for name in needed]
        else:
            columns = [list(frame[name]) for name in needed]
    elif isinstance(frame, Mapping):
        columns = [list(frame[name]) for name in needed]
    else:
        rows = [[row[name] if isinstance(row, Mapping) else row[at] for at, name in enumerate(needed)] for row in frame]
        columns = [list(column) for column in zip(*rows, strict=True)]
    lines = [",".join(needed)]
    for row in zip(*columns, strict=True):
        codes = [str(cell) for cell in row[:3]]
        quoted = ['"' + code.replace('"', '""') + '"' if any(c in code for c in ',"\n') else code for code in codes]
        lines.append(",".join([*quoted, repr(float(row[3]))]))
    return "\n".join(lines) + "\n"
