"""Games through the package: those of the command to the bit, objectives that are functions, and what they refuse."""

from __future__ import annotations

import json
import math
import os
import pickle
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import detente as dt
import pytest

#: A small game: one rate for all goods, on the embedded world's own tariffs.
SMALL: Any = {"instruments": "one-rate", "talks": "none"}


def told(command: str, verb: str, *arguments: str) -> dict[str, Any]:
    asked = [command, verb, *arguments, "--instruments", "one-rate", "--talks", "none", "--deficits", "zero", "--format", "json"]
    answer: dict[str, Any] = json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)
    return answer


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The world as three economies and four sectors, in a folder: games on it take a moment."""
    world = dt.Benchmark.world()
    economies = {code: code if code in ("USA", "CHN") else "ROW" for code in world.economies}
    folder = tmp_path_factory.mktemp("three") / "world"
    world.aggregate({**economies, **world.sector_kinds}).save(folder)
    return folder


def differences(mine: Any, theirs: Any, where: str = "") -> list[str]:
    """Where two answers differ, seconds and sentences on how to ask apart."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        keys = (mine.keys() | theirs.keys()) - {"seconds", "baseline_seconds", "headlines", "title", "caveats"}
        return [found for key in sorted(keys) for found in differences(mine.get(key), theirs.get(key), f"{where}/{key}")]
    if isinstance(mine, list) and isinstance(theirs, list) and len(mine) == len(theirs):
        return [found for at, pair in enumerate(zip(mine, theirs, strict=True)) for found in differences(*pair, f"{where}/{at}")]
    return [] if mine == theirs else [f"{where}: {mine} here, {theirs} by the command"]


# -- as the command answers ------------------------------------------------------------------------------------------------


def test_a_war_is_that_of_the_command_to_the_bit(command: str) -> None:
    # Both remember points; where only one of them did, searches began elsewhere and ended a last bit apart.
    game = dt.nash(["USA", "CHN"], **SMALL)
    found = told(command, "nash", "--players", "USA,CHN")
    assert differences(game._all["summary"], found["summary"]) == []
    for code, outcomes in found["economies"].items():
        for name, value in outcomes.items():
            if name in game.economies.names and not isinstance(value, str):
                assert game.economies[name][code] == value, (code, name)
    assert game.headlines and "Game" in repr(game)


def test_what_holds_a_deal_is_what_the_command_finds(command: str, three: Path) -> None:
    asked = ["--between", "USA,CHN", "--patience", "0.9", "--lag", "2", "--renegotiation-proof", "--benchmark", str(three)]
    game = dt.sustain("USA", "CHN", patience=0.9, lag=2, renegotiation_proof=True, benchmark=three, **SMALL)
    assert differences(game._all["summary"], told(command, "sustain", *asked)["summary"]) == []
    assert any(line.startswith("USA: breaking the deal brings") for line in game.headlines)
    # A punishment of one's own: a path of states.
    (three.parent / "path.toml").write_text('name = "a war, then back"\nthen = "return"\n[[state]]\ntariffs = "war"\nperiods = 3\n', encoding="utf-8")
    asked = ["--between", "USA,CHN", "--patience", "0.95", "--punishment", str(three.parent / "path.toml"), "--benchmark", str(three)]
    game = dt.sustain("USA", "CHN", patience=0.95, punishment=three.parent / "path.toml", benchmark=three, **SMALL)
    assert differences(game._all["summary"], told(command, "sustain", *asked)["summary"]) == []
    with pytest.raises(dt.InputError, match=r"discount factor"):
        dt.sustain("USA", "CHN", patience=2.0)
    with pytest.raises(dt.InputError, match="equal-gains"):
        dt.sustain("USA", "CHN", deal="fair")
    with pytest.raises(dt.InputError, match="empty threat"):
        dt.sustain("USA", "CHN", punishment="us-plus-10-on-china", benchmark=three, **SMALL)


def test_a_deadline_is_worth_what_the_command_says(command: str, three: Path) -> None:
    game = dt.deadline("USA", "CHN", extension=0.6, deal_chance=0.2, benchmark=three, **SMALL)
    found = told(command, "deadline", "--between", "USA,CHN", "--extension", "0.6", "--deal-chance", "0.2", "--benchmark", str(three))
    assert differences(game._all["summary"], found["summary"]) == []
    assert any("90 days more" in line for line in game.headlines)
    with pytest.raises(dt.InputError, match="probabilities"):
        dt.deadline("USA", "CHN", extension=1.6)


def test_capital_stands_beside_an_optimum() -> None:
    game = dt.optimal("USA", "CHN", capital="steady", **SMALL)
    assert game.economies["consumption_in_the_end_pct"]["USA"] is not None
    with pytest.raises(dt.InputError, match="steady"):
        dt.optimal("USA", capital="moving", **SMALL)


# -- objectives that are functions -----------------------------------------------------------------------------------------


@dt.objective(reads=["welfare:USA"])
def own_welfare(o: Mapping[str, float]) -> float:
    """One's own welfare, percent."""
    return o["welfare:USA"]


def test_a_function_that_is_welfare_finds_the_optimum_of_welfare() -> None:
    built_in = dt.optimal("USA", **SMALL)
    own = dt.optimal("USA", objective=own_welfare, **SMALL)
    for name in ("welfare_pct", "objective_pct"):
        assert own.economies[name]["USA"] == pytest.approx(built_in.economies[name]["USA"], abs=1e-8)
    assert own_welfare({"welfare:USA": 2.0}) == 2.0
    assert pickle.loads(pickle.dumps(own_welfare)) is own_welfare and "welfare:USA" in repr(own_welfare)


def test_slopes_that_are_given_and_slopes_that_are_measured_find_the_same(three: Path) -> None:
    reads = ["real_wage", "tariff_revenue_pct:USA", "welfare:CHN"]
    weights = {"real_wage": 1.0, "tariff_revenue_pct:USA": 0.001, "welfare:CHN": -0.1}
    calls = []

    def mix(o: Mapping[str, float]) -> float:
        assert list(o) == reads
        calls.append(dict(o))
        return sum(weight * o[name] for name, weight in weights.items()) - 0.01 * o["real_wage"] ** 2

    def slopes(o: Mapping[str, float]) -> dict[str, float]:
        return {**weights, "real_wage": 1.0 - 0.02 * o["real_wage"]}

    measured = dt.optimal("USA", "CHN", objective=dt.OwnObjective(mix, reads), benchmark=three, **SMALL)
    before = len(calls)
    given = dt.optimal("USA", "CHN", objective={"USA": dt.OwnObjective(mix, reads, slopes)}, benchmark=three, **SMALL)
    assert given.economies["objective_pct"]["USA"] == pytest.approx(measured.economies["objective_pct"]["USA"], abs=1e-8)
    assert len(calls) - before < before, "given slopes are not measured"
    # What it says of the point is what the function says there, over what it says at the baseline.
    e = measured.economies
    revenue = 100 * (e["tariff_revenue"]["USA"] / e["tariff_revenue_before"]["USA"] - 1)  # type: ignore[operator]
    there = {"real_wage": e["real_wage_pct"]["USA"], "tariff_revenue_pct:USA": revenue, "welfare:CHN": e["welfare_pct"]["CHN"]}
    assert e["objective_pct"]["USA"] == pytest.approx(mix(there), abs=1e-7)  # type: ignore[arg-type]


def test_functions_and_weights_meet_in_one_war(three: Path) -> None:
    war = dt.nash(["USA", "CHN"], objective={"USA": own_welfare, "CHN": {"welfare": 1.0}}, benchmark=three, **SMALL)
    plain = dt.nash(["USA", "CHN"], benchmark=three, **SMALL)
    assert war.best_response_gain is not None and war.best_response_gain < 1e-6
    for code in ("USA", "CHN"):
        assert war.economies["welfare_pct"][code] == pytest.approx(plain.economies["welfare_pct"][code], abs=1e-7)


def test_what_a_function_raises_arrives_unchanged(three: Path) -> None:
    class Mine(Exception):
        pass

    raised = Mine("after forty calls")
    count = 0

    def breaks(o: Mapping[str, float]) -> float:
        nonlocal count
        count += 1
        if count > 40:
            raise raised
        return o["welfare"]

    before = threading.active_count()
    with pytest.raises(Mine) as caught:
        dt.nash(["USA", "CHN"], objective=dt.OwnObjective(breaks, ["welfare"]), benchmark=three, **SMALL)
    assert caught.value is raised and threading.active_count() == before

    def slopes(o: Mapping[str, float]) -> list[float]:
        raise raised

    with pytest.raises(Mine) as caught:
        dt.optimal("USA", objective=dt.OwnObjective(lambda o: o["welfare"], ["welfare"], slopes), benchmark=three, **SMALL)
    assert caught.value is raised


def test_objectives_that_cannot_be_are_refused(three: Path) -> None:
    def asked(function: Any, reads: list[str], gradient: Any = None) -> Any:
        return dt.optimal("USA", objective=dt.OwnObjective(function, reads, gradient), benchmark=three, **SMALL)

    with pytest.raises(dt.ObjectiveError, match="its gradient says .* where the whole differs by"):
        asked(lambda o: o["welfare"], ["welfare"], lambda o: [2.0])
    with pytest.raises(dt.ObjectiveError, match="NoneType"):
        asked(lambda o: None, ["welfare"])
    with pytest.raises(dt.ObjectiveError, match="no number"):
        asked(lambda o: math.nan, ["welfare"])
    with pytest.raises(dt.ObjectiveError, match="did you mean `welfare`"):
        asked(lambda o: 1.0, ["welfar:USA"])
    with pytest.raises(dt.ObjectiveError, match="USAA"):
        asked(lambda o: 1.0, ["welfare:USAA"])
    with pytest.raises(dt.ObjectiveError, match="partner"):
        asked(lambda o: 1.0, ["imports_from:USA"])
    with pytest.raises(dt.ObjectiveError, match="2 numbers where it reads 1"):
        asked(lambda o: o["welfare"], ["welfare"], lambda o: [1.0, 2.0])
    with pytest.raises(dt.ObjectiveError, match="`wages`"):
        asked(lambda o: o["welfare"], ["welfare"], lambda o: {"wages": 1.0})
    with pytest.raises(dt.ObjectiveError, match="list of outcomes"):
        dt.OwnObjective(lambda o: 1.0, "welfare")
    with pytest.raises(dt.ObjectiveError, match="draws"):
        dt.bargain("USA", "CHN", draws=2, objective=own_welfare, **SMALL)


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_reaches_a_function_that_never_ends(three: Path) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    entered = threading.Event()

    def forever(o: Mapping[str, float]) -> float:
        entered.set()
        while True:
            pass

    pressed: list[float] = []

    def press() -> None:
        assert entered.wait(60)
        pressed.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=press)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        dt.optimal("USA", objective=dt.OwnObjective(forever, ["welfare"]), benchmark=three, **SMALL)
    # The goal is 0.3 s on idle processors; loaded ones take longer.
    assert time.monotonic() - pressed[0] < 3.0
    thread.join()


def test_interrupting_a_notebook_stops_a_game(tmp_path: Path) -> None:
    manager = pytest.importorskip("jupyter_client.manager")
    pytest.importorskip("ipykernel")
    kernel, client = manager.start_new_kernel(kernel_name="python3")
    try:
        client.execute("import detente as dt, time, threading\ncount = 0\nrun = True\n"
                       "def counting():\n    global count\n    while run:\n        count += 1\n        time.sleep(0.001)\n"
                       "threading.Thread(target=counting).start()\nbefore = threading.active_count()", reply=True, timeout=120)  # fmt: skip
        asked = client.execute("dt.frontier('USA', 'CHN', points=400, talks='none')")
        time.sleep(2.0)
        pressed = time.monotonic()
        kernel.interrupt_kernel()
        while True:
            reply = client.get_shell_msg(timeout=60)
            if reply["parent_header"].get("msg_id") == asked:
                break
        assert reply["content"]["ename"] == "KeyboardInterrupt" and time.monotonic() - pressed < 3.0
        # Another thread ran on meanwhile, and none of the game's is left.
        reply = client.execute("run = False\nassert count > 200, count\nassert threading.active_count() <= before", reply=True, timeout=60)
        assert reply["content"]["status"] == "ok", reply["content"]
    finally:
        client.stop_channels()
        kernel.shutdown_kernel(now=True)
