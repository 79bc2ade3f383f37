"""Runs that are ended at any moment, by a signal that can be caught or not: no result is lost, and no process is left."""

import contextlib
import os
import random
import signal
import subprocess
import time
import uuid
from pathlib import Path

import pytest

from factories.ferries import FERRIES, FERRY_PLUGINS, RUN_FERRIES, make_ferries, plain
from factories.processes import start
from harness.runs.file import read_run_file
from harness.runs.find import list_runs, read_run

PAGES = 40
STRAY = '''

@extractor(media="text/plain")
def stray(page):
    """Leaves a daemon with a session of its own at every page."""
    child = os.fork()
    if child == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 256)
            time.sleep(600)
        os._exit(0)
    os.waitpid(child, 0)
    return page.text
'''
RUN = [*RUN_FERRIES, "-e", "stray", "--fresh"]  # a resumed run has what it wrote, and nothing from the cache


def unfinished() -> list[Path]:
    return [path for path in list_runs() if path.read_bytes().count(b"\n") and not read_run_file(path).finished]


def alive_with(mark: str) -> list[str]:
    """The command lines of processes whose environment has a mark."""
    found = []
    for process in Path("/proc").iterdir():
        with contextlib.suppress(OSError):  # it ended meanwhile
            if process.name.isdigit() and mark.encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def left_with(mark: str) -> list[str]:
    """Those that do not go when they are given a moment."""
    for _ in range(200):
        if not alive_with(mark):
            break
        time.sleep(0.05)
    return alive_with(mark)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="this system does not list processes in /proc")
def test_a_run_that_is_ended_at_random_moments_is_resumed_to_equal_results_and_leaves_no_process(
    tmp_path, monkeypatch, pytestconfig
):
    kills = pytestconfig.getoption("--kills")
    terms = kills // 3
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    make_ferries(PAGES)
    Path("plugins.py").write_text(FERRY_PLUGINS + STRAY)
    began = time.monotonic()
    undisturbed = start(*RUN)
    _, err = undisturbed.communicate(timeout=300)
    seconds = time.monotonic() - began
    assert undisturbed.returncode == 0, err
    wanted = plain(read_run())
    assert len(wanted) == PAGES * (len(FERRIES) + 1)

    rng = random.Random(kills)
    endings = [signal.SIGKILL] * kills + [signal.SIGTERM] * terms
    rng.shuffle(endings)
    mark = f"mark={uuid.uuid4()}"
    environment = {**os.environ, "HARNESS_TEST_MARK": mark}
    reached, most = set(), 0
    while endings or unfinished():
        words = ["run", "--resume", "-j", "2", "--fresh"] if unfinished() else RUN
        process = start(*words, env=environment, preexec_fn=lambda: signal.signal(signal.SIGTERM, signal.SIG_DFL))
        try:
            _, err = process.communicate(timeout=rng.uniform(0, seconds) if endings else 300)
            assert process.returncode == 0, err
        except subprocess.TimeoutExpired:
            ending = endings.pop()
            most = max(most, len(alive_with(mark)))
            process.send_signal(ending)
            process.communicate(timeout=60)
            if process.returncode == 0 and not unfinished():
                endings.append(ending)  # the run had ended before the signal came
            else:
                assert process.returncode == -ending
        assert left_with(mark) == []
        reached.add(len(read_run().records))
    assert len(reached) > 2, "it was ended in the middle"
    assert most > 1, "what the run starts is seen while it lives"
    for path in list_runs():
        if path.read_bytes().count(b"\n"):
            assert plain(read_run_file(path)) == wanted
