"""The Stata wrapper as far as it can be tested without Stata: its form, and every line that it hands to the command, run by the command."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT

ADO = ROOT / "examples" / "stata" / "detente.ado"
#: What begins a line of the wrapper; Stata has all of these.
KNOWN = set(
    "program version gettoken if else return display exit end syntax local global sreturn error tempfile shell capture use confirm quietly "
    "generate levelsof foreach tempname file while replace label count".split()
)


def code() -> list[str]:
    lines = ADO.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.strip().startswith("*")]


def test_blocks_quotes_and_commands_are_stata() -> None:
    depth, program = 0, None
    for line in code():
        words = line.lstrip("} ").split()
        if words and words[0] == "program":
            assert program is None and depth == 0, line
            program = words[2].rstrip(",")
        if line == "end":
            assert program is not None and depth == 0, f"{program}: `end` inside a block"
            program = None
        bare = re.sub(r'`"[^"]*"\'|"[^"]*"', '""', re.sub(r"`[\w().]+'|\$\w+", "x", line))
        depth += bare.count("{") - bare.count("}")
        assert depth >= 0, line
        # A macro opens with a backtick and closes with an apostrophe.
        assert line.count("`") == line.count("'"), line
        if words:
            assert words[0] in KNOWN or words[0].startswith("_detente_"), line
    assert depth == 0 and program is None
    defined = set(re.findall(r"^program define (\w+)", ADO.read_text(encoding="utf-8"), re.M))
    called = {word for line in code() for word in re.findall(r"\b_detente_\w+", line)}
    assert called <= defined and "detente" in defined


def asked(line: str, command: str, macros: dict[str, str]) -> str:
    """A line of the wrapper as the shell has it."""
    text = line.removeprefix("shell ").replace("`s(command)'", command)
    for name, value in macros.items():
        text = text.replace(f"`{name}'", value)
    assert "`" not in text, text
    return text


def test_every_line_for_the_shell_is_one_that_the_command_takes(command: str, tmp_path: Path) -> None:
    shell = [line for line in code() if line.startswith("shell ")]
    assert len(shell) == 3, shell
    macros = {
        "scenario": "us-plus-10-on-china", "given": "", "folder": "answer", "code": "8471.30.01", "from": "CHN", "to": "USA", "on": "2025-09-16",
        "answer": "answer.json",
    }  # fmt: skip
    for line in shell:
        done = subprocess.run(asked(line, command, macros), shell=True, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, (line, done.stderr)
    # What the wrapper then uses is there, and what it looks for in an answer is found in it.
    assert (tmp_path / "answer-dta" / "economies.dta").exists()
    source = ADO.read_text(encoding="utf-8")
    pattern = re.search(r'regexm\(`"`macval\(line\)\'"\', `"(.*)"\'\)', source)
    assert pattern is not None
    found = re.findall(pattern.group(1), (tmp_path / "answer.json").read_text(encoding="utf-8"), re.M)
    assert [float(value) for value in found] == [20.0]
    pandas = pytest.importorskip("pandas")
    frame = pandas.read_stata(tmp_path / "answer-dta" / "economies.dta")
    assert len(frame) == 24 and frame["welfare_pct"].notna().all()
