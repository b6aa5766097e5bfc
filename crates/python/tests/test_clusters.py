"""Sweeps in parts elsewhere: the same bytes as one process, although workers are killed."""

from __future__ import annotations

import os
import pickle
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import detente as dt
import pytest

ROOT = Path(__file__).resolve().parents[3]

#: Draws in the whole; the acceptance asks 2,000.
RUNS = int(os.environ.get("DETENTE_DRAWS", "400"))


def _spec(folder: Path, runs: int = RUNS) -> Path:
    """A specification with a scenario and a table of its own, which have to travel."""
    (folder / "rates.csv").write_text("exporter,importer,sector,rate\nCHN,USA,ELE,0.25\n", encoding="utf-8")
    (folder / "mine.toml").write_text('name = "mine"\n[[tariff]]\nfile = "rates.csv"\n', encoding="utf-8")
    path = folder / "spec.toml"
    path.write_text(f'scenario = "mine.toml"\n[draws]\nruns = {runs}\nseed = 7\n', encoding="utf-8")
    return path


def _files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    folder = tmp_path_factory.mktemp("whole")
    spec = _spec(folder)
    dt.sweep(spec, folder / "runs")
    return spec, _files(folder / "runs")


def test_parts_on_processes_are_the_whole_bit_for_bit(tmp_path: Path, whole: tuple[Path, dict[str, bytes]]) -> None:
    spec, expected = whole
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for shards in (1, 3):
            found = dt.sweep(spec, tmp_path / f"in-{shards}", on=pool, shards=shards)
            assert _files(tmp_path / f"in-{shards}") == expected
            assert found.summary["runs"] == RUNS
            assert not list(tmp_path.glob(".*parts"))
        with pytest.raises(dt.SweepError, match="is there already"):
            dt.sweep(spec, tmp_path / "in-3", on=pool)
        wrong = tmp_path / "wrong.toml"
        wrong.write_text('scenario = "mine.toml"\nnonsense = 1\n', encoding="utf-8")
        with pytest.raises(dt.SweepError, match="nonsense|mine.toml"):
            dt.sweep(wrong, tmp_path / "never", on=pool)
    with pytest.raises(dt.InputError, match="executor"):
        dt.sweep(spec, tmp_path / "never", on=3)


class _Scattered:
    """An executor on machines that do not share a folder: what a part is told of the folder is not true there."""

    _max_workers = 2

    def __init__(self, lost: int) -> None:
        self.lost = lost

    def submit(self, work: Any, benchmark: Any, files: Any, spec: Any, out: str, *rest: Any) -> Any:
        lost = self.lost == rest[-2]

        class Future:
            def result(self) -> Any:
                if lost:
                    raise RuntimeError("the machine is gone")
                there = pickle.loads(pickle.dumps(benchmark))
                return work(there, files, spec, out + "-elsewhere", *rest)

        return Future()


def test_without_a_shared_folder_parts_come_back_as_bytes_and_a_lost_one_is_named(
    tmp_path: Path, whole: tuple[Path, dict[str, bytes]]
) -> None:
    spec, expected = whole
    with pytest.raises(dt.SweepError, match="missing: 3/4 .*the machine is gone"):
        dt.sweep(spec, tmp_path / "runs", on=_Scattered(3), shards=4)
    assert not (tmp_path / "runs").exists()
    dt.sweep(spec, tmp_path / "runs", on=_Scattered(0), shards=4)
    assert _files(tmp_path / "runs") == expected


def _killed_soon(processes: Iterator[int], folder: Path) -> threading.Thread:
    """Kills one of the processes as soon as any part is begun."""

    def kill() -> None:
        begun = time.monotonic()
        while time.monotonic() - begun < 60 and not list(folder.glob(".*/.shard*")) and not list(folder.glob(".*/shard-*")):
            time.sleep(0.005)
        os.kill(next(processes), signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    return thread


def test_dask_loses_a_worker_and_no_run(tmp_path: Path, whole: tuple[Path, dict[str, bytes]]) -> None:
    distributed = pytest.importorskip("distributed")
    spec, expected = whole
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, processes=True) as cluster:
        with distributed.Client(cluster) as client:
            processes = client.run(os.getpid)
            killing = _killed_soon(iter(processes.values()), tmp_path)
            dt.sweep(spec, tmp_path / "runs", on=client, shards=8)
            killing.join()
            now = set(client.run(os.getpid).values())
            assert not set(processes.values()) <= now, "a worker was killed"
    assert _files(tmp_path / "runs") == expected


def test_ray_loses_a_worker_and_no_run(tmp_path: Path, whole: tuple[Path, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch) -> None:
    # Ray writes a token into the home folder unless told not to.
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
    monkeypatch.setenv("RAY_ENABLE_UV_RUN_RUNTIME_ENV", "0")
    ray = pytest.importorskip("ray")
    spec, expected = whole
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:

        def processes() -> Iterator[int]:
            # A worker is called after what it does.
            while True:
                for folder in Path("/proc").glob("[0-9]*"):
                    try:
                        said = (folder / "cmdline").read_bytes()
                    except OSError:
                        continue
                    if said.startswith(b"ray::_part"):
                        yield int(folder.name)
                time.sleep(0.005)

        killing = _killed_soon(processes(), tmp_path)
        dt.sweep(spec, tmp_path / "runs", on=ray, shards=8)
        killing.join()
    finally:
        ray.shutdown()
    assert _files(tmp_path / "runs") == expected


@pytest.mark.skipif(os.name == "nt", reason="a script of the shell")
def test_slurm_needs_no_python(tmp_path: Path, whole: tuple[Path, dict[str, bytes]], command: str) -> None:
    """The array's script under a stub of `srun`: tasks in any order, two killed and asked again, one doubled."""
    spec, expected = whole
    binaries = tmp_path / "bin"
    binaries.mkdir()
    (binaries / "srun").write_text('#!/bin/sh\nexec "$@"\n', encoding="utf-8")
    (binaries / "srun").chmod(0o755)
    (binaries / "detente").symlink_to(command)
    script = ROOT / "examples" / "slurm" / "sweep.sbatch"
    count, out = 6, tmp_path / "runs"

    def task(index: int, seconds: float | None = None) -> int:
        surroundings = {
            **os.environ, "PATH": f"{binaries}:{os.environ['PATH']}", "SPEC": str(spec), "OUT": str(out),
            "SLURM_ARRAY_TASK_ID": str(index), "SLURM_ARRAY_TASK_COUNT": str(count),
        }  # fmt: skip
        running = subprocess.Popen(["bash", str(script)], env=surroundings, start_new_session=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        if seconds is not None:
            time.sleep(seconds)
            os.killpg(running.pid, signal.SIGKILL)
        return running.wait()

    order = list(range(1, count + 1))
    random.Random(3).shuffle(order)
    for index in order[:2]:
        task(index, 0.05)
    for index in [*order, order[3]]:
        assert task(index) == 0, index
    subprocess.run([command, "merge", str(out), "--out", str(tmp_path / "merged")], check=True, capture_output=True)
    assert _files(tmp_path / "merged") == expected


def test_the_examples_run(tmp_path: Path, whole: tuple[Path, dict[str, bytes]]) -> None:
    spec, expected = whole
    for name in ("dask", "ray"):
        pytest.importorskip("distributed" if name == "dask" else "ray")
        script = ROOT / "examples" / name / "sweep.py"
        surroundings = {**os.environ, "RAY_AUTH_MODE": "disabled", "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0"}
        done = subprocess.run([sys.executable, str(script), str(spec), str(tmp_path / name)], capture_output=True, text=True, env=surroundings)
        assert done.returncode == 0, done.stderr
        assert f"{RUNS} of {RUNS} runs converged" in done.stdout
        assert _files(tmp_path / name) == expected
