"""What the package refuses, one class for each kind of mistake.

Every refusal says what was found and what would be right. The parts of the first mistake stand in the attributes ``file``, ``line``,
``key``, ``found``, ``right`` and ``suggestions``; ``problems`` lists all of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any


class DetenteError(Exception):
    """All that the package raises by itself."""

    def __init__(self, message: str, problems: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.problems: list[dict[str, Any]] = [dict(problem) for problem in problems]
        first = self.problems[0] if self.problems else {}
        self.file: str | None = first.get("file")
        self.line: int | None = first.get("line")
        self.key: str | None = first.get("key")
        self.found: str | None = first.get("found")
        self.right: str = first.get("right") or ""
        near = re.findall(r"`([^`]+)`", self.right or message.partition("did you mean")[2])
        self.suggestions: list[str] = near

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.message, self.problems))


class InputError(DetenteError):
    """The input is wrong (exit status 2 of the command)."""


class ScenarioError(InputError):
    """A scenario is wrong: a key, a code, a day."""


class BenchmarkError(InputError):
    """A benchmark or its source is wrong."""


class LedgerError(InputError):
    """The record does not know a party, a code or a day."""


class SweepError(InputError):
    """The specification of a sweep is wrong, or its folder is not its own."""


class ObjectiveError(InputError):
    """An objective of your own is wrong."""


class Undefined(InputError):
    """An answer does not define what was asked for: another horizon, or an exposure."""


class WriteError(DetenteError):
    """A file cannot be written."""


class NoAnswer(DetenteError):
    """The question has no answer (exit status 1 of the command)."""


class NotConverged(NoAnswer):
    """A solve ended without an equilibrium; no number of it is given."""


class InternalError(DetenteError):
    """A fault of the package's own; please report it."""


__all__ = [
    "BenchmarkError",
    "DetenteError",
    "InputError",
    "InternalError",
    "LedgerError",
    "NoAnswer",
    "NotConverged",
    "ObjectiveError",
    "ScenarioError",
    "SweepError",
    "Undefined",
    "WriteError",
]
