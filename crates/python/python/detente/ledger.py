"""The record of measures: duties, what is in force, what lapses. Every answer takes two clocks: the day asked about (``on``) and the day whose
knowledge is used (``known_on``, the same unless said otherwise, or ``"latest"``)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, overload

import numpy as np

from . import _native
from .errors import InputError
from .tables import Table


@lru_cache(maxsize=1)
def _record() -> _native.Record:
    return _native.Record.open()


def _day(day: object) -> str:
    return str(day)[:10]


class Duty:
    """The duty on a line: ``total_pct`` where one number is known, ``range_pct`` where conditions are open, ``parts``, and all that the command
    prints (``to_dict``)."""

    def __init__(self, held: Mapping[str, Any]) -> None:
        self._held = dict(held)

    @property
    def total_pct(self) -> float | None:
        """The duty in percent where no condition is met and no preference claimed."""
        value = self._held.get("total_pct")
        return None if value is None else float(value)

    @property
    def range_pct(self) -> Any:
        """Least and most over open conditions."""
        return self._held.get("range_pct")

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The layers, with why each applies or not."""
        return list(self._held["parts"])

    @property
    def conditions(self) -> list[dict[str, Any]]:
        """What a code does not show."""
        return list(self._held.get("conditions") or [])

    def to_dict(self) -> dict[str, Any]:
        """All of it."""
        return dict(self._held)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Duty) and self._held == other._held

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        held = self._held
        total = "no single rate" if self.total_pct is None else f"{self.total_pct:g} %"
        head = f"Duty on {held.get('code')} from {held.get('from')} into {held.get('to')} on {held.get('on')} (known {held.get('known_on')}): {total}"
        applied = [part for part in self.parts if part.get("applies")]
        lines = [f"  {part.get('rate_pct')} %  {part.get('measure')}" for part in applied[:9]]
        return "\n".join([head, *lines, *([f"  … {len(applied) - 9} more"] if len(applied) > 9 else [])])


@overload
def duty(  # type: ignore[overload-overlap]  # words are lines of characters to a type checker; one line is asked first
    lines: str,
    exporter: str,
    importer: str,
    on: object,
    *,
    known_on: object | None = ...,
    claims: Sequence[str] = ...,
    loaded: object | None = ...,
    given: Mapping[str, float] | None = ...,
) -> Duty: ...
@overload
def duty(
    lines: Iterable[str],
    exporter: str | Iterable[str],
    importer: str | Iterable[str],
    on: object,
    *,
    known_on: object | None = ...,
) -> Table: ...
def duty(
    lines: str | Iterable[str],
    exporter: str | Iterable[str],
    importer: str | Iterable[str],
    on: object,
    *,
    known_on: object | None = None,
    claims: Sequence[str] = (),
    loaded: object | None = None,
    given: Mapping[str, float] | None = None,
) -> Duty | Table:
    """The duty on a line, or on many: one row in, one row out.

    Of many lines, origins and days may each be one for all or one for each line; a frame with a column ``code`` (and ``exporter``, ``on``) is
    taken by its columns. ``total_pct`` is empty where the duty is no single rate; ``least_pct`` and ``most_pct`` span open conditions.
    """
    known = None if known_on is None else ("latest" if known_on == "latest" else _day(known_on))
    if isinstance(lines, str):
        if not isinstance(exporter, str) or not isinstance(importer, str):
            raise InputError("one line has one exporter and one importer")
        settled = None if loaded is None else _day(loaded)
        text = _record().duty(lines, exporter, importer, _day(on), known, list(claims), settled, list((given or {}).items()))
        return Duty(json.loads(text))
    if claims or loaded is not None or given:
        raise InputError("claims and conditions are of one line; ask line by line")
    codes = _codes(lines)
    columns = [_spread(name, values, len(codes)) for name, values in (("exporter", exporter), ("importer", importer), ("on", on))]
    found = _record().duties(codes, columns[0], columns[1], columns[2], known)
    words = [("code", codes), ("exporter", columns[0]), ("importer", columns[1]), ("on", columns[2])]
    held: list[tuple[str, str, str, str, Any]] = [(name, "", name, "text", _words(cells)) for name, cells in words]
    for name, cells in zip(("total_pct", "least_pct", "most_pct"), found[:3], strict=True):
        held.append((name, "percent", f"duty, {name.partition('_')[0]}", "number", cells))
    held.append(("specific", "", "duty that is no percentage", "text", _words(found[3])))
    return Table(held, f"duties, known {known or 'on the day'}")


def _codes(lines: Any) -> list[str]:
    if hasattr(lines, "columns") and "code" in list(lines.columns):
        lines = lines["code"]
    return [str(code) for code in lines]


def _spread(name: str, values: Any, rows: int) -> list[str]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        return [_day(values) if name == "on" else str(values)] * rows
    found = [_day(value) if name == "on" else str(value) for value in values]
    if len(found) != rows:
        raise InputError(f"{name}: {len(found)} values for {rows} lines; give one for all, or one for each")
    return found


def _words(cells: Sequence[str | None]) -> tuple[Any, list[str]]:
    known: dict[str, int] = {}
    codes = [-1 if cell is None else known.setdefault(cell, len(known)) for cell in cells]
    return np.array(codes, dtype=np.int32), list(known)


class Status:
    """Where talks stand on a day: layers in force, averages, the next deadline."""

    def __init__(self, held: Mapping[str, Any]) -> None:
        self._held = dict(held)

    @property
    def layers(self) -> list[dict[str, Any]]:
        """Measures in force."""
        return list(self._held["layers"])

    @property
    def average_tariff(self) -> dict[str, Any]:
        """Averages: weights, importer, exporter; fractions."""
        return dict(self._held["average_tariff"])

    @property
    def next_deadline(self) -> dict[str, Any] | None:
        """The next deadline and what lapses on it; none where none is set."""
        return self._held.get("next_deadline")

    def to_dict(self) -> dict[str, Any]:
        """All of it."""
        return dict(self._held)

    def table(self) -> Table:
        """The layers as a table."""
        columns: list[tuple[str, str, str, str, Any]] = []
        for name in ("importer", "exporter", "authority", "measure", "title", "from", "until"):
            cells = [None if layer.get(name) is None else str(layer[name]) for layer in self.layers]
            columns.append((name, "", name, "text", _words(cells)))
        for name in ("rate_pct", "average_contribution_pct"):
            numbers = [np.nan if layer.get(name) is None else float(layer[name]) for layer in self.layers]
            columns.append((name, "percent", name, "number", np.array(numbers)))
        return Table(columns, f"{self._held.get('title')} on {self._held.get('on')}, known {self._held.get('known_on')}")

    def __repr__(self) -> str:
        held = self._held
        lines = [f"{held.get('title')} on {held.get('on')}, known {held.get('known_on')}: {len(self.layers)} layers in force"]
        for weights, importers in list(self.average_tariff.items())[:2]:
            for importer, exporters in (importers or {}).items():
                for exporter, rate in (exporters or {}).items():
                    lines.append(f"  {importer} on {exporter}: " + ("–" if rate is None else f"{100 * rate:.1f} %") + f" ({weights})")
        deadline = self.next_deadline
        if deadline:
            lines.append(f"next deadline {deadline.get('date')}, in {deadline.get('days')} days")
        return "\n".join(lines[:12])


def in_force(talks: str, on: object, known_on: object | None = None) -> Status:
    """What is in force between the parties of talks on a day, as known on a day."""
    known = None if known_on is None else ("latest" if known_on == "latest" else _day(known_on))
    return Status(json.loads(_record().status(talks, _day(on), known)))


def lapses(
    talks: str, date: object | None = None, *, on: object | None = None, known_on: object | None = None
) -> dict[str, Any] | None:
    """What returns by law on a day if nobody acts, and what would need an act; the next deadline where no day is given, ``None`` where none is
    set."""
    known = None if known_on is None else ("latest" if known_on == "latest" else _day(known_on))
    text = _record().lapses(talks, None if date is None else _day(date), None if on is None else _day(on), known)
    found: dict[str, Any] | None = None if text is None else json.loads(text)
    return found


def talks() -> list[str]:
    """Codes of the talks on record."""
    return _native.talks_ids()
