"""What the documents show runs: blocks of Python as they stand, notebooks with the numbers that they assert."""

from __future__ import annotations

import doctest
import os
import re
import runpy
from pathlib import Path

import pytest
from conftest import RUN

ROOT = Path(__file__).resolve().parents[3]
PAGES = sorted((ROOT / "docs" / "how-to").glob("*.md"))
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.py"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_blocks_of_python_run_as_they_stand(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
    if not blocks:
        pytest.skip("no block of Python")
    assert all(block.lstrip().startswith(">>>") for block in blocks), "a block shows what it prints"
    parsed = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, page.name, str(page), 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    told: list[str] = []
    runner.run(parsed, out=told.append)
    assert runner.tries > 0 and runner.failures == 0, "".join(told)
    RUN.append((page.name, len(blocks), runner.tries))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
def test_notebooks_assert_their_numbers(notebook: Path) -> None:
    text = notebook.read_text(encoding="utf-8")
    assert "assert" in text.split("# %%")[-1], "the last cell asserts the numbers"
    needs = re.findall(r"^# Needs .*", text, re.M)
    missing = [path for path in re.findall(r"`([^`]+)`", needs[0] if needs else "") if not (ROOT / path).exists()]
    if missing:
        # What may not ship stands beside the checkout or nowhere.
        assert os.environ.get("CI") != "true" or not (ROOT.parent / "shared").exists(), f"{missing[0]} is missing"
        pytest.skip(f"{missing[0]} is missing, and may not ship")
    before = Path.cwd()
    os.chdir(ROOT)
    try:
        runpy.run_path(str(notebook))
    finally:
        os.chdir(before)
