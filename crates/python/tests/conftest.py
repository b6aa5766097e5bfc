"""What the tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

#: Pages whose blocks of Python ran: name, blocks, statements.
RUN: list[tuple[str, int, int]] = []

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def command() -> str:
    """The command, built beside the package; tests that compare with it are skipped where it is not built."""
    named = os.environ.get("DETENTE_COMMAND")
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    for path in [Path(named)] if named else [target / "release" / "detente", target / "debug" / "detente"]:
        if path.exists():
            return str(path)
    pytest.skip("the command is not built; name it in DETENTE_COMMAND")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Published material beside the checkout."""
    path = ROOT.parent / "shared" / "data" / "importer-samples"
    if not path.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{path} is missing")
        pytest.skip(f"{path} is missing")
    return path


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if RUN:
        blocks, statements = (sum(each[at] for each in RUN) for at in (1, 2))
        terminalreporter.write_line(f"{blocks} blocks of Python in {len(RUN)} pages ran, {statements} statements")
