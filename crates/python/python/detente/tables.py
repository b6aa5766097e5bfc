"""Tables of answers: columns that know their unit, for pandas, polars, numpy and files."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from . import _native
from .errors import InputError

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow


@dataclass(frozen=True)
class Column:
    """A column: its name in files, the unit of its numbers, its name for readers, and its type."""

    name: str
    unit: str
    label: str
    kind: str


class Words:
    """Words as codes and the words that they stand for; a code of -1 is no word."""

    def __init__(self, codes: NDArray[np.int32], categories: list[str]) -> None:
        self.codes = codes
        self.categories = categories

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> str | None:
        code = int(self.codes[row])
        return None if code < 0 else self.categories[code]

    def __iter__(self) -> Iterator[str | None]:
        return (None if code < 0 else self.categories[code] for code in self.codes.tolist())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Words) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


class Series:
    """A column of numbers that is asked by the codes of its rows: ``table["welfare_pct"]["USA"]``."""

    def __init__(self, table: Table, name: str) -> None:
        self._table = table
        self.name = name
        self.column = table.column(name)
        self.values: NDArray[np.float64] = table.numbers(name)

    def __getitem__(self, key: str | tuple[str, ...] | int) -> float | None:
        if isinstance(key, int):
            row = key
        else:
            row = self._table.row(key)
        value = float(self.values[row])
        return None if np.isnan(value) else value

    def __len__(self) -> int:
        return len(self.values)

    def __iter__(self) -> Iterator[float | None]:
        return (None if np.isnan(value) else float(value) for value in self.values)

    def to_numpy(self) -> NDArray[np.float64]:
        """The numbers; not-a-number where nothing is known."""
        return self.values

    def __repr__(self) -> str:
        unit = f" ({self.column.unit})" if self.column.unit else ""
        return f"<{self.name}{unit}, {len(self)} rows>"


class Table:
    """A table of an answer: typed columns with units. Missing values are missing, never zero and never shown as NaN."""

    def __init__(self, columns: Sequence[tuple[str, str, str, str, Any]], title: str = "") -> None:
        self.title = title
        self.columns: tuple[Column, ...] = tuple(Column(*held[:4]) for held in columns)
        self._cells: dict[str, Any] = {}
        for name, _, _, kind, cells in columns:
            self._cells[name] = Words(*cells) if kind == "text" else cells
        self._rows: dict[tuple[str | None, ...], int] | None = None

    # -- what it holds -------------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return max((len(cells) for cells in self._cells.values()), default=0)

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """What a column is; refused where there is none of the name."""
        for column in self.columns:
            if column.name == name:
                return column
        import difflib

        near = difflib.get_close_matches(name, self.names, 3)
        hint = f"; did you mean {', '.join(f'`{word}`' for word in near)}?" if near else ""
        raise InputError(f"no column `{name}`{hint}" + ("" if near else f"; there are {', '.join(self.names)}"))

    @property
    def keys(self) -> list[str]:
        """The columns of words in front of the numbers: what tells the rows apart."""
        keys: list[str] = []
        for column in self.columns:
            if column.kind != "text":
                break
            keys.append(column.name)
        return keys

    def row(self, key: str | tuple[str, ...]) -> int:
        """The position of a row by its codes."""
        if self._rows is None:
            words = [list(self._cells[name]) for name in self.keys]
            self._rows = {row: at for at, row in reversed(list(enumerate(zip(*words, strict=True))))}
        wanted: tuple[str, ...] = (key,) if isinstance(key, str) else tuple(key)
        found = self._rows.get(wanted)
        if found is None:
            import difflib

            known = sorted({" ".join(str(word) for word in row) for row in self._rows})
            near = difflib.get_close_matches(" ".join(wanted), known, 3)
            hint = f"did you mean {', '.join(f'`{word}`' for word in near)}?" if near else f"there are {len(known)}"
            raise InputError(f"no row `{' '.join(wanted)}`; {hint}")
        return found

    def numbers(self, name: str) -> NDArray[np.float64]:
        """A column's numbers, not-a-number where nothing is known."""
        column = self.column(name)
        if column.kind not in ("number", "integer"):
            raise InputError(f"column `{name}` holds {column.kind}, no numbers")
        values: NDArray[np.float64] = self._cells[name]
        return values

    def words(self, name: str) -> list[str | None]:
        """A column's words."""
        self.column(name)
        return list(self._cells[name])

    def __getitem__(self, name: str) -> Series:
        return Series(self, name)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Table) or self.columns != other.columns:
            return False
        for column in self.columns:
            mine, theirs = self._cells[column.name], other._cells[column.name]
            if isinstance(mine, np.ndarray):
                if not np.array_equal(mine, theirs, equal_nan=True):
                    return False
            elif mine != theirs:
                return False
        return True

    __hash__ = None  # type: ignore[assignment]

    def pivot(self, value: str, index: str | None = None, columns: str | None = None) -> Grid:
        """One column of numbers as a matrix: rows by the first key, columns by the second, unless they are named."""
        keys = self.keys
        if len(keys) < 2:
            raise InputError(f"a matrix needs two columns of words; here are {', '.join(keys) or 'none'}")
        rows, across = index or keys[0], columns or keys[1]
        left, right = self._cells[rows], self._cells[across]
        grid = np.full((len(left.categories), len(right.categories)), np.nan)
        grid[left.codes, right.codes] = self.numbers(value)
        return Grid(grid, left.categories, right.categories, value)

    # -- into other programs -------------------------------------------------------------------------------------------

    def to_dict(self) -> dict[str, list[Any]]:
        """Columns by name; what is missing is ``None``."""
        found: dict[str, list[Any]] = {}
        for column in self.columns:
            cells = self._cells[column.name]
            if isinstance(cells, np.ndarray):
                found[column.name] = [None if np.isnan(cell) else cell for cell in cells.tolist()]
            else:
                found[column.name] = list(cells)
        return found

    def to_pandas(self) -> pandas.DataFrame:
        """A data frame; words are categories, numbers the very array."""
        frames = cast(Any, import_module("pandas"))
        held: dict[str, Any] = {}
        for column in self.columns:
            cells = self._cells[column.name]
            if isinstance(cells, Words):
                held[column.name] = frames.Categorical.from_codes(cells.codes, cells.categories)
            else:
                held[column.name] = cells
        frame = frames.DataFrame(held, copy=False)
        frame.attrs["units"] = {column.name: column.unit for column in self.columns}
        return cast("pandas.DataFrame", frame)

    def to_polars(self) -> polars.DataFrame:
        """A polars frame; words are categories, numbers the very array."""
        frames = cast(Any, import_module("polars"))
        return cast("polars.DataFrame", frames.DataFrame(self))

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The table for whoever reads Arrow (polars, pyarrow, DuckDB, pandas 3): numbers stay where they are, what is missing is missing,
        words are dictionaries, and unit and label stand with each column. A wish for other types is not followed, as the protocol allows."""
        given: list[_native._Arrow] = []
        for column in self.columns:
            cells = self._cells[column.name]
            held: _native._Arrow = {
                "name": column.name, "unit": column.unit, "label": column.label, "numbers": None, "codes": None, "words": [],
            }  # fmt: skip
            if isinstance(cells, Words):
                held["codes"], held["words"] = cells.codes, list(cells.categories)
            elif isinstance(cells, np.ndarray):
                held["numbers"] = cells
            else:
                held["words"] = [None if cell is None else str(cell) for cell in cells]
            given.append(held)
        return _native.arrow_stream(given)

    def to_arrow(self) -> pyarrow.Table:
        """A table of pyarrow, without a copy of the numbers."""
        arrow = cast(Any, import_module("pyarrow"))
        return cast("pyarrow.Table", arrow.table(self))

    def _given(self) -> list[_native._Given]:
        given: list[_native._Given] = []
        for column, cells in zip(self.columns, self.to_dict().values(), strict=True):
            words = column.kind not in ("number", "integer")
            given.append(
                {
                    "name": column.name,
                    "unit": column.unit,
                    "label": column.label,
                    "words": [None if cell is None else str(cell) for cell in cells] if words else None,
                    "numbers": None if words else cells,
                }
            )
        return given

    def to_csv(self, path: str | Path | None = None) -> str:
        """CSV, numbers with all their digits; also written where a path is given."""
        text = _native.write_table(self._given(), "csv", "").decode()
        if path is not None:
            Path(path).write_text(text, encoding="utf-8", newline="")
        return text

    def to_parquet(self, path: str | Path) -> None:
        """Parquet, with units and labels in the file."""
        Path(path).write_bytes(_native.write_table(self._given(), "parquet", ""))

    def to_stata(self, path: str | Path) -> None:
        """Stata, form 118 (Stata 14 and later)."""
        Path(path).write_bytes(_native.write_table(self._given(), "dta", self.title))

    # -- for people ----------------------------------------------------------------------------------------------------

    def _lines(self, most: int) -> tuple[list[list[str]], int]:
        rows = min(len(self), most)
        cells = [[self._shown(column, row) for column in self.columns] for row in range(rows)]
        return cells, len(self) - rows

    def _shown(self, column: Column, row: int) -> str:
        cells = self._cells[column.name]
        if row >= len(cells):
            return ""
        cell = cells[row]
        if isinstance(cell, float | np.floating):
            return "" if np.isnan(cell) else f"{float(cell):.6g}"
        return "" if cell is None else str(cell)

    def __repr__(self) -> str:
        shown = self.columns[:6]
        cells, left = self._lines(7)
        rows = [[column.name for column in shown]] + [line[: len(shown)] for line in cells]
        widths = [max(len(row[at]) for row in rows) for at in range(len(shown))]
        lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
        units = sorted({column.unit for column in shown if column.unit})
        head = f"{self.title or 'table'}: {len(self)} rows, {len(self.columns)} columns" + (f" ({', '.join(units)})" if units else "")
        tail = [f"… {left} more rows"] if left > 0 else []
        return "\n".join([head, *lines, *tail])

    def _repr_html_(self) -> str:
        cells, left = self._lines(20)
        head = "".join(
            f'<th title="{html.escape(column.label)}">{html.escape(column.name)}'
            + (f"<br><small>{html.escape(column.unit)}</small>" if column.unit else "")
            + "</th>"
            for column in self.columns
        )
        body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in line) + "</tr>" for line in cells)
        more = f"<caption>{left} more rows</caption>" if left > 0 else ""
        return f"<table>{more}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


class Grid:
    """A matrix with names of its rows and columns."""

    def __init__(self, values: NDArray[np.float64], index: list[str], columns: list[str], name: str) -> None:
        self.values = values
        self.index = index
        self.columns = columns
        self.name = name

    def to_numpy(self) -> NDArray[np.float64]:
        """The numbers."""
        return self.values

    def to_pandas(self) -> pandas.DataFrame:
        """A data frame."""
        frames = cast(Any, import_module("pandas"))
        return cast("pandas.DataFrame", frames.DataFrame(self.values, index=self.index, columns=self.columns))

    def quantile(self, shares: Sequence[float]) -> dict[str, list[float]]:
        """Quantiles of each column."""
        found = np.nanquantile(self.values, list(shares), axis=0)
        return {name: found[:, at].tolist() for at, name in enumerate(self.columns)}

    def __repr__(self) -> str:
        return f"<{self.name}: {len(self.index)} × {len(self.columns)}>"


def workbook(sheets: dict[str, Table], path: str | Path) -> None:
    """Writes tables as a workbook, a sheet each."""
    bytes_ = _native.write_workbook([(name[:31], table._given()) for name, table in sheets.items()])
    Path(path).write_bytes(bytes_)
