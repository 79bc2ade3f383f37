"""Evaluation in several processes: the same records as in one, and nothing of them is left."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from factories.extractors import runnable
from factories.ferries import FERRIES, make_ferries, plain
from factories.processes import still_alive
from factories.records import record
from harness.common.errors import CannotTell
from harness.evaluation import on_cores
from harness.evaluation.evaluate import NotLoaded, Unsettled, settled
from harness.evaluation.goldens import RunGoldens
from harness.evaluation.on_cores import Setting
from harness.evaluation.run import run
from harness.runs.file import read_run_file
from harness.runs.request import RunRequest


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Processes are started at once, so that there is something to see."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(on_cores, "_ALONE", -1)
    return tmp_path


def ferries(jobs: int, **how):
    """All that a run of the ferries tells, and the run."""
    events = list(run(RunRequest(extractors=FERRIES, plugins=(Path("plugins.py"),)), jobs=jobs, **how))
    return events, events[-1].run


@pytest.mark.slow
def test_the_records_are_the_same_for_any_number_of_processes():
    make_ferries(9)
    _, alone = ferries(1, fresh=True)
    _, shared = ferries(2, fresh=True)
    assert plain(shared) == plain(alone)
    assert len(alone.records) == 9 * len(FERRIES)
    assert shared.versions == alone.versions
    _, known = ferries(2)
    assert {record.cached for record in known.records if record.outcome != "crash"} == {True}
    assert plain(known) == plain(alone)


def test_one_page_is_shared_by_its_extractors_and_what_is_done_is_left_out():
    make_ferries(2)
    goldens = RunGoldens(RunRequest())
    entries = list(goldens.entries)
    setting = Setting(tuple(runnable(name) for name in "abc"), ("F",), 1, 30, 0, fresh=True)

    def parts(jobs, done=(), pages=1):
        goldens.entries = entries[:pages]
        return [work.numbers for work in on_cores._works(goldens, setting, jobs, done)]

    assert [parts(jobs) for jobs in (1, 2, 9)] == [[(0, 1, 2)], [(0, 2), (1,)], [(0,), (1,), (2,)]]
    assert parts(2, pages=2) == [(0, 1, 2)] * 2
    assert parts(1, pages=2, done=[(name, entries[0].id, 0) for name in "abc"]) == [(0, 1, 2)]
    assert parts(1, done=[(name, entries[0].id, 0) for name in "ab"]) == [(0, 1, 2)]


def test_what_processes_could_not_keep_is_told_once():
    make_ferries(4)
    Path("cache").touch()
    told = []
    ferries(2, announce=told.append)
    assert len([line for line in told if "going on without the cache" in line]) == 1


LOADS_NOT = """
import pathlib, sys
from harness import extractor

if sys.argv[0].endswith("worker.py"):
    pathlib.Path("tried").open("a").write("x")
    raise ImportError("planted")


@extractor(media="text/plain")
def broken(page):
    return page.text
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_extractor_that_no_process_can_load_has_no_records_and_is_tried_once_by_each(jobs):
    make_ferries(5)
    Path("plugins.py").write_text(LOADS_NOT)
    events = list(run(RunRequest(extractors=("broken",), plugins=(Path("plugins.py"),)), jobs=jobs))
    (missing,) = [event for event in events if isinstance(event, NotLoaded)]
    assert (missing.name, "planted" in missing.reason) == ("broken", True)
    assert events[-1].run.records == ()
    assert events[-1].run.not_loaded == {"broken": missing.reason}
    assert 1 <= len(Path("tried").read_text()) <= jobs


def test_what_one_process_could_not_load_and_another_could_has_failed():
    loads, not_now = record("mine", "set/a"), record("mine", "set/b", outcome="error", error="no licence is free")
    unreadable = Unsettled(record("other", "set/a", outcome="unreadable"))
    apart = [Unsettled(not_now, "no licence is free"), loads, unreadable]
    assert list(settled(apart)) == [loads, not_now, unreadable.record]
    (missing,) = settled(apart[:1])
    assert missing == NotLoaded("mine", "no licence is free")
    cached = replace(loads, cached=True)  # by an earlier run: it cannot be loaded now
    assert list(settled([cached, apart[0]])) == [cached, missing]


SCRIPT = """
import harness
from harness.evaluation import on_cores

on_cores._ALONE = -1
print(len(harness.run(extractors="steady", plugins="plugins.py", jobs=2, fresh=True).records))
"""


@pytest.mark.slow
def test_a_script_needs_no_guard_against_being_executed_by_every_process():
    make_ferries(3)
    Path("script.py").write_text(SCRIPT)
    assert subprocess.run([sys.executable, "script.py"], capture_output=True, text=True, check=True).stdout == "3\n"


@pytest.mark.slow
def test_a_process_that_is_killed_ends_the_run_with_a_reason_and_what_was_measured_is_kept():
    make_ferries(6)
    Path("kills.py").write_text(
        "import multiprocessing, os\n"
        "def kills(case):\n"
        "    if multiprocessing.parent_process() and case.golden.id == 'many/p005': os.kill(os.getpid(), 9)\n"
        "    return 1.0\n"
    )
    request = RunRequest(extractors=("steady",), plugins=(Path("plugins.py"),), metrics=("kills.py:kills",))
    with pytest.raises(CannotTell, match="killed"):
        list(run(request, jobs=2, folder=Path("runs"), fresh=True))
    (path,) = Path("runs").iterdir()
    assert not read_run_file(path).finished


LOOPS = """
import os, pathlib, uuid
from harness import extractor


@extractor(media="text/plain")
def loops(page):
    pathlib.Path("alive", f"{os.getpid()}.{uuid.uuid4()}").touch()  # in namespaces of their own, numbers may be equal
    while True:
        pass
"""
RUN_AT_ONCE = """
import sys
from harness.cli.main import main
from harness.evaluation import on_cores

on_cores._ALONE = -1
sys.exit(main())
"""


@pytest.mark.slow
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT], ids=lambda s: s.name)
def test_a_signal_to_a_run_in_several_processes_ends_them_and_their_workers(ending):
    make_ferries(4)
    Path("alive").mkdir()
    Path("plugins.py").write_text(LOOPS)
    words = ["run", "--plugins", "plugins.py", "-e", "loops", "-j", "2", "--timeout", "600", "--fresh"]
    running = subprocess.Popen(
        [sys.executable, "-c", RUN_AT_ONCE, *words],
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: [signal.signal(number, signal.SIG_DFL) for number in (signal.SIGINT, signal.SIGTERM)],
    )
    while len(list(Path("alive").iterdir())) < 2:
        assert running.poll() is None
        time.sleep(0.02)
    if ending == signal.SIGINT:
        for _ in range(3):  # by somebody in a hurry
            os.killpg(running.pid, ending)  # a terminal tells all processes of a command
            time.sleep(0.02)
    else:
        running.send_signal(ending)
    _, err = running.communicate(timeout=60)
    assert running.returncode != 0
    assert still_alive(Path("alive")) == []
    assert b"Traceback" not in err and b"semaphore" not in err
