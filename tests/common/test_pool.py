"""Pools of processes: what of them is left, and when."""

import multiprocessing
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from factories.processes import still_alive
from harness.common.pool import process_pool

_given = []


def give(value):
    _given.append(value)


def given_and(value):
    return [*_given, value]


@pytest.fixture
def nothing_is_left():
    """Neither threads nor processes. `concurrent.futures` talks to a pool's thread when the interpreter exits."""
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before
    assert not multiprocessing.active_children()


@pytest.mark.usefixtures("nothing_is_left")
def test_each_process_begins_as_told():
    with process_pool(1, give, "a") as pool:
        assert list(pool.map(given_and, ["b", "c"])) == [["a", "b"], ["a", "c"]]


@pytest.mark.usefixtures("nothing_is_left")
def test_what_has_not_begun_when_the_pool_is_left_is_given_up():
    with pytest.raises(ZeroDivisionError), process_pool(1) as pool:
        waiting = [pool.submit(time.sleep, 0.1) for _ in range(300)]
        waiting[0].result()
        raise ZeroDivisionError
    assert all(future.done() for future in waiting)
    assert waiting[-1].cancelled() or waiting[-1].exception() is not None


SLOW = """
import os, pathlib, sys, time

def begin_slowly():
    pathlib.Path("alive", str(os.getpid())).touch()
    time.sleep(600)

class Slow:
    def __reduce__(self):
        return begin_slowly, ()

if __name__ == "__main__":
    sys.path.insert(0, os.getcwd())
    import slow
    from harness.common.pool import process_pool
    with process_pool(1, print, slow.Slow()) as pool:
        pool.submit(print).result()
"""


def test_a_process_that_is_still_importing_ends_with_its_parent(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("alive").mkdir()
    Path("slow.py").write_text(SLOW)
    parent = subprocess.Popen([sys.executable, "slow.py"], env={**os.environ, "PYTHONPATH": str(tmp_path)})
    try:
        for _ in range(1500):
            if any(Path("alive").iterdir()):
                break
            time.sleep(0.02)
    finally:
        parent.kill()
        parent.wait()
    assert still_alive(Path("alive")) == []
