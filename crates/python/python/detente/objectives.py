"""Objectives that are functions of your own.

>>> import detente as dt
>>> @dt.objective(reads=["real_wage:USA", "manufacturing_share:USA"])
... def mine(o):
...     return o["real_wage:USA"] + 10 * o["manufacturing_share:USA"]
>>> mine({"real_wage:USA": 0.1, "manufacturing_share:USA": 0.11})
1.2000000000000002
"""

from __future__ import annotations

import ctypes
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from . import _native
from .errors import ObjectiveError

#: A function of outcomes by the names that it reads.
Function = Callable[[Mapping[str, float]], float]
#: Its slopes: by name, or in the order of what it reads.
Slopes = Callable[[Mapping[str, float]], "Mapping[str, float] | Sequence[float]"]


class OwnObjective:
    """A function of outcomes that a player maximises in place of its welfare.

    It is told outcomes as the table of economies has them: changes in percent from the game's baseline where the table has changes
    (``real_wage:USA``, ``welfare:CHN``), amounts where it has amounts (``tariff_revenue:USA``), and the change of any of them where the name
    ends in ``_pct``. What it returns counts as percent. Where no gradient is given, slopes are central differences: two calls an outcome.
    """

    def __init__(self, function: Function, reads: Sequence[str], gradient: Slopes | None = None) -> None:
        if isinstance(reads, str) or not reads:
            raise ObjectiveError('reads: a list of outcomes, for instance ["real_wage:USA"]')
        self.function = function
        #: Names of the outcomes that it is told.
        self.reads = list(reads)
        self._gradient = gradient
        self.__name__: str = getattr(function, "__name__", "own")
        self.__qualname__: str = getattr(function, "__qualname__", self.__name__)
        self.__module__ = getattr(function, "__module__", __name__)
        self.__doc__ = inspect.getdoc(function)

    def gradient(self, slopes: Slopes) -> Slopes:
        """Gives it slopes, as a decorator: a mapping by the names that it reads, or numbers in their order."""
        self._gradient = slopes
        return slopes

    def __call__(self, outcomes: Mapping[str, float]) -> float:
        """Its value."""
        found = self.function(outcomes)
        if isinstance(found, bool) or not hasattr(found, "__float__"):
            raise ObjectiveError(f"objective `{self.__name__}` returned {type(found).__name__} where a number is needed")
        return float(found)

    def _value(self, told: list[float]) -> float:
        return self(dict(zip(self.reads, told, strict=True)))

    def _slopes(self, told: list[float]) -> list[float]:
        assert self._gradient is not None
        found = self._gradient(dict(zip(self.reads, told, strict=True)))
        if isinstance(found, Mapping):
            unknown = sorted(set(found) - set(self.reads))
            if unknown:
                raise ObjectiveError(f"objective `{self.__name__}`: its gradient names `{unknown[0]}`, which it does not read; it reads {', '.join(self.reads)}")
            return [float(found.get(name, 0.0)) for name in self.reads]
        slopes = [float(slope) for slope in found]
        if len(slopes) != len(self.reads):
            raise ObjectiveError(f"objective `{self.__name__}`: its gradient has {len(slopes)} numbers where it reads {len(self.reads)} outcomes")
        return slopes

    def _asked(self, player: str) -> _native._Own:
        slopes = None if self._gradient is None else self._slopes
        return {"player": player, "name": self.__name__, "reads": self.reads, "value": self._value, "slopes": slopes}

    def __reduce__(self) -> str:
        # As a function is pickled: by where it stands.
        return self.__qualname__

    def __repr__(self) -> str:
        return f"OwnObjective {self.__name__}({', '.join(self.reads)})"


def objective(reads: Sequence[str], gradient: Slopes | None = None) -> Callable[[Function], OwnObjective]:
    """Makes a function of outcomes an objective, as a decorator.

    ``reads`` names what it is told: ``"real_wage:USA"``, ``"imports_from:USA,partner=CHN"``, ``"output:CHN,sector=ELE"``. ``dt.optimal("USA",
    objective=mine)`` and the other games take it; what the function raises ends the game and arrives unchanged.
    """

    def made(function: Function) -> OwnObjective:
        return OwnObjective(function, reads, gradient)

    return made


def _interrupt(thread: int) -> None:
    """Ctrl-C for a function that runs in another thread; one that is gone is not told."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(KeyboardInterrupt))


def split(given: Mapping[str, Any], players: Sequence[str]) -> tuple[dict[str, Any], list[_native._Own]]:
    """Weights by player, and functions by player."""
    weights = {player: held for player, held in given.items() if not isinstance(held, OwnObjective)}
    own = [held._asked(player) for player, held in given.items() if isinstance(held, OwnObjective)]
    return weights, own


__all__ = ["OwnObjective", "objective"]
