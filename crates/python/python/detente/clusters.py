"""Sweeps on many machines: the parts of a sweep on whatever runs functions elsewhere, put together here.

A part is stateless and is the same whatever the number of parts is, so that a lost one is asked again and a doubled one is harmless. What
runs a part calls the library in its own process: when it is killed, so is the work.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from . import _native
from .benchmark import Benchmark
from .errors import InputError, SweepError

#: Where the client leaves a word that tells a worker whether it sees the same folder.
_TOKEN = ".same-folder"


def _part(benchmark: Benchmark, files: dict[str, bytes], spec: str, out: str, token: str, index: int, of: int) -> tuple[int, dict[str, bytes] | None]:
    """One part, where a worker is: into the folder itself where the worker sees it, else its files as bytes."""
    mark = Path(out) / _TOKEN
    shares = mark.is_file() and mark.read_text(encoding="utf-8") == token
    with tempfile.TemporaryDirectory() as held:
        for name, content in files.items():
            path = Path(held) / "asked" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        below = Path(out) if shares else Path(held) / "found"
        _native.sweep_part(benchmark._world, str(Path(held) / "asked" / spec), str(below), index, of)
        if shares:
            return index, None
        folder = below / f"shard-{index}-of-{of}"
        return index, {file.name: file.read_bytes() for file in folder.iterdir()}


def _is_ray(on: Any) -> bool:
    return hasattr(on, "remote") and hasattr(on, "get") and hasattr(on, "cluster_resources")


def _is_dask(on: Any) -> bool:
    return hasattr(on, "scheduler_info") and hasattr(on, "submit")


def _workers(on: Any) -> int:
    if _is_ray(on):
        return max(1, int(on.cluster_resources().get("CPU", 1)))
    if _is_dask(on):
        return max(1, len(on.nthreads()))
    return max(1, int(getattr(on, "_max_workers", os.cpu_count() or 1)))


def _answers(on: Any, arguments: list[tuple[Any, ...]], identity: str) -> Iterator[tuple[int, dict[str, bytes] | None] | BaseException]:
    """What each part gave, or why it gave nothing, in any order."""
    if _is_ray(on):
        remote = on.remote(_part).options(max_retries=3, num_cpus=1)
        for held in [remote.remote(*each) for each in arguments]:
            try:
                yield on.get(held)
            except Exception as error:
                yield error
    elif _is_dask(on):
        finished = import_module("distributed").as_completed
        held = [
            on.submit(_part, *each, pure=False, retries=3, key=f"detente-{identity}-{uuid.uuid4().hex[:8]}-{each[-2]}-of-{each[-1]}")
            for each in arguments
        ]
        for future in finished(held):
            yield future.exception() if future.status == "error" else future.result()
    else:
        # A pool whose process was killed is broken as a whole; what is left is then told as missing.
        for future in [on.submit(_part, *each) for each in arguments]:
            try:
                yield future.result()
            except Exception as error:
                yield error


def sweep(spec: Path, out: Path, benchmark: Benchmark, on: Any, shards: int | None) -> int:
    """Asks the parts of a sweep on `on` and puts them together in `out`; how many runs there are."""
    if not (_is_ray(on) or hasattr(on, "submit")):
        raise InputError(f"on: a client of Dask, the module ray, or an executor with `submit`; found {type(on).__name__}")
    if benchmark.has_measures:
        raise InputError("on: a benchmark with `measures` of its own does not travel; run the parts with `detente sweep --shard` there")
    if out.exists():
        raise SweepError(f"{out}: is there already; name a folder that is not")
    if shards is not None and shards < 1:
        raise InputError(f"shards: one or more; found {shards}")
    of = shards or 4 * _workers(on)
    needed = [Path(file).resolve() for file in _native.sweep_files(str(spec))]
    root = Path(os.path.commonpath([file.parent for file in needed]))
    files = {file.relative_to(root).as_posix(): file.read_bytes() for file in needed}
    name = needed[0].relative_to(root).as_posix()
    parts = out.absolute().parent / f".{out.name}.parts"
    parts.mkdir(parents=True, exist_ok=True)
    token = uuid.uuid4().hex
    (parts / _TOKEN).write_text(token, encoding="utf-8")
    arguments = [(benchmark, files, name, str(parts), token, index, of) for index in range(1, of + 1)]
    first: BaseException | None = None
    for found in _answers(on, arguments, benchmark.digest[:12]):
        if isinstance(found, BaseException):
            first = first or found
            continue
        index, content = found
        folder = parts / f"shard-{index}-of-{of}"
        if content is not None and not folder.exists():
            held = Path(tempfile.mkdtemp(prefix=".received-", dir=parts))
            for file, text in content.items():
                (held / file).write_bytes(text)
            held.rename(folder)
    missing = [index for index in range(1, of + 1) if not (parts / f"shard-{index}-of-{of}").exists()]
    if missing:
        if isinstance(first, InputError):
            raise first
        each = ", ".join(f"{index}/{of}" for index in missing)
        raise SweepError(
            f"missing: {each} ({type(first).__name__ if first else 'no answer'}: {first}); what is found stays in {parts}, and the same call takes it up"
        ) from first
    runs = _native.sweep_merge(str(parts), str(out))
    shutil.rmtree(parts)
    return runs
