"""The cache of outputs: what is known is not run again, what might be different is, and its file never stops a run."""

import fcntl
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from factories.counting import COUNTING, GOLDENS, calls, damage_by_another_table, damage_with_garbage
from factories.extractors import python_runnable
from factories.goldens import plain_golden
from factories.places import ROOT
from harness.engine import cache as cache_module
from harness.engine.answer import Answer
from harness.engine.cache import OutputCache, cache_path, cache_state
from harness.engine.local import LocalEngine
from harness.evaluation.evaluate import evaluate
from harness.metrics import OWN_METRICS
from harness.pages.page import Page
from harness.plugins.runnable import Runnable
from harness.runs.record import Record


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder, with counting extractors and a cache of its own."""
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)  # files that Python makes are no reason to ask again
    monkeypatch.chdir(tmp_path)
    (tmp_path / "counting.py").write_text(COUNTING)
    return tmp_path


def runnable(name: str, **changes: object) -> Runnable:
    own = {"source": Path("counting.py").resolve(), "code": name, "identity": f"code of {name}"}
    return python_runnable(function=name, **{**own, **changes})


def records(
    extractor: Runnable, goldens=GOLDENS, *, fresh=False, warnings=None, repeat=1, metrics=OWN_METRICS, **engine
) -> list[Record]:
    cache = OutputCache((warnings if warnings is not None else []).append, fresh=fresh)
    asked = {"cache": cache, "repeat": repeat, "metrics": metrics}
    events = list(evaluate(goldens, [extractor], engine=LocalEngine(**engine), **asked))
    cache.close()
    return sorted((event for event in events if isinstance(event, Record)), key=lambda record: record.key)


def plain(found: list[Record]) -> list[Record]:
    return [replace(record, timing={}, cached=False) for record in found]


def test_what_is_known_is_not_run_again_and_gives_the_same_records(folder):
    first = records(runnable("counted"))
    assert calls() == 3
    second = records(runnable("counted"))
    assert calls() == 0
    assert plain(second) == plain(first)
    assert [record.timing for record in second] == [record.timing for record in first]
    assert ({record.cached for record in first}, {record.cached for record in second}) == ({False}, {True})
    records(runnable("counted"), [*GOLDENS, plain_golden("d is new", "set/d")])
    assert calls() == 1, "only the new page"


def test_a_new_metric_and_a_changed_golden_run_no_extractor(folder):
    (before, *_) = records(runnable("counted"), metrics=["F"])
    assert calls() == 3
    (scored, *_) = records(runnable("counted"), metrics=["F", "MER", "LF"])
    assert scored.scores.keys() == {"F", "MER", "LF"}
    changed = plain_golden("a", "set/a", GOLDENS[0].page, kind="forum", site="elsewhere.example")
    (again, *_) = records(runnable("counted"), [changed], metrics=["F"])
    assert (before.scores["F"], before.kind) == (1.0, "article")
    assert again.scores["F"] < 1
    assert again.kind == "forum"
    assert calls() == 0


@pytest.mark.parametrize(
    "change",
    [{"identity": "other code"}, {"network": True}, {"identity": ""}],
    ids=["other identity", "asks a service", "no identity"],
)
def test_another_extractor_is_run(folder, change):
    records(runnable("counted"))
    assert calls() == 3
    records(runnable("counted", **change))
    assert calls() == 3


@pytest.mark.parametrize("change", [{"identity": ""}, {"network": True}], ids=["no identity", "asks a service"])
def test_an_answer_that_might_change_is_never_kept(folder, change):
    for _ in range(2):
        records(runnable("counted", **change))
        assert calls() == 3
    assert cache_state().entries == 0


@pytest.mark.parametrize(
    "page",
    [
        Page(b"a is a page", "text/html"),
        Page(b"a is a page", "text/plain", url="https://a.example/"),
        Page(b"a is a page", "text/plain", lang="de"),
        Page(b"a is a page.", "text/plain"),
    ],
    ids=["media", "url", "lang", "bytes"],
)
def test_a_page_that_an_extractor_sees_otherwise_is_run(folder, page):
    records(runnable("counted"))
    assert calls() == 3
    records(runnable("counted"), [replace(GOLDENS[0], page=page)])
    assert calls() == 1


def test_only_outcomes_that_would_come_again_are_kept(folder):
    kinds = {
        "raise": "error",
        "crash": "crash",
        "sleep": "timeout",
        "memory": "memory",
        "empty": "empty",
        "invalid": "invalid",
    }
    pages = [plain_golden(f"{kind} now", f"set/{kind}") for kind in kinds]

    def every_kind():
        # Only what sleeps is to run out of time, however busy the machine is.
        asleep, awake = ([page for page in pages if (page.id == "set/sleep") is sleeps] for sleeps in (True, False))
        return records(runnable("behaves"), asleep, timeout=1) + records(runnable("behaves"), awake, timeout=60)

    first = every_kind()
    assert calls() == 7, "what ends a worker that has answered before is tried once more, in a new one"
    again = every_kind()
    assert calls() == 3
    assert [(r.golden, r.outcome) for r in again] == [(r.golden, r.outcome) for r in first]
    assert {r.golden.removeprefix("set/"): r.outcome for r in again} == kinds
    assert {r.outcome for r in again if r.cached} == {"error", "empty", "invalid"}
    assert next(r for r in again if r.outcome == "error").error == next(r for r in first if r.outcome == "error").error


def test_an_answer_that_took_longer_than_may_be_now_is_run_again(folder):
    records(runnable("counted"))
    assert calls() == 3
    cache = OutputCache(print)
    slow = cache.lookup(runnable("counted"), GOLDENS[0].page, 0)
    cache.store(runnable("counted"), GOLDENS[0].page, 0, None, replace(slow.answer, wall=9.0, reads=frozenset()))
    cache.close()
    records(runnable("counted"), timeout=5)
    assert calls() == 1


def test_an_answer_that_took_more_memory_than_may_be_now_is_not_found(folder):
    page = GOLDENS[0].page
    with closing(OutputCache(print)) as cache:
        cache.store(runnable("counted"), page, 0, None, Answer("ok", text="a", peak_memory=5e8, reads=frozenset()))
        assert cache.lookup(runnable("counted"), page, 0)
    for memory, found in ((10**9, True), (10**8, False), (0, True)):
        with closing(OutputCache(print, memory=memory)) as cache:
            assert bool(cache.lookup(runnable("counted"), page, 0)) == found


def test_what_cannot_be_loaded_is_tried_again(folder):
    broken = runnable("counted", source=str(folder / "later.py"))
    assert records(broken) == []
    Path("later.py").write_text(COUNTING)
    assert {record.outcome for record in records(broken)} == {"ok"}


def test_fresh_runs_everything_and_keeps_the_new_answers(folder):
    texts = [record.text for record in records(runnable("random"))]
    assert [record.text for record in records(runnable("random"))] == texts
    fresh = [record.text for record in records(runnable("random"), fresh=True)]
    assert calls() == 6
    assert set(fresh).isdisjoint(texts)
    assert [record.text for record in records(runnable("random"))] == fresh


def test_every_repeat_is_kept_for_itself(folder):
    first = records(runnable("random"), repeat=3)
    assert calls() == 9
    assert len({record.text for record in first}) == 9
    assert [(record.golden, record.repeat) for record in first] == [(g.id, n) for g in GOLDENS for n in range(3)]
    assert plain(records(runnable("random"), repeat=3)) == plain(first)
    assert calls() == 0
    records(runnable("random"), repeat=4)
    assert calls() == 3


def test_two_users_at_once_lose_nothing(folder):
    code = (
        "import sys\nfrom harness.engine.cache import OutputCache\nfrom harness.engine.answer import Answer\n"
        "from harness.pages.page import Page\nfrom factories.extractors import runnable\n"
        "cache = OutputCache(sys.exit)\n"
        "for n in range(300):\n"
        "    page = Page(str(n % 200).encode(), 'text/plain')\n"
        "    cache.lookup(runnable('x', identity='x'), page, 0)\n"
        "    answer = Answer('ok', text=str(n), reads=frozenset())\n"
        "    for name in ('x', sys.argv[1]):\n"
        "        cache.store(runnable(name, identity=name), page, 0, None, answer)\n"
        "cache.close()\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    users = [subprocess.Popen([sys.executable, "-c", code, f"user {n}"], env=environment) for n in range(4)]
    assert [user.wait() for user in users] == [0] * 4
    assert cache_state().entries == 5 * 200
    (check,) = sqlite3.connect(cache_path()).execute("PRAGMA integrity_check").fetchone()
    assert check == "ok"


def damage_in_the_middle() -> None:
    records(runnable("counted"), [plain_golden(f"{n} " * 2000, f"set/{n}") for n in range(50)])
    content = bytearray(cache_path().read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    cache_path().write_bytes(content)


def damage_by_a_folder() -> None:
    cache_path().mkdir(parents=True)


@pytest.mark.parametrize("damage", [damage_with_garbage, damage_in_the_middle, damage_by_a_folder, damage_by_another_table])
def test_a_broken_file_is_told_once_and_stops_nothing(folder, damage):
    damage()
    calls()
    warnings = []
    for _ in range(2):
        assert [record.outcome for record in records(runnable("counted"), warnings=warnings)] == ["ok"] * 3
    assert calls() == 6
    assert len(warnings) == 2, "one for each run"
    assert str(cache_path()) in warnings[0]


def test_a_folder_that_cannot_be_made_stops_nothing(folder, monkeypatch):
    Path("file").touch()
    monkeypatch.setenv("HARNESS_CACHE", "file/below")
    warnings = []
    assert len(records(runnable("counted"), warnings=warnings)) == 3
    assert len(warnings) == 1


def test_a_file_that_stays_locked_stops_nothing(folder, monkeypatch):
    monkeypatch.setattr(cache_module, "_PATIENCE", 0.1)
    records(runnable("counted"), GOLDENS[:1])
    other = sqlite3.connect(cache_path(), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    warnings = []
    assert len(records(runnable("counted"), warnings=warnings)) == 3
    assert len(warnings) == 1
    other.close()


def test_a_row_that_cannot_be_read_is_run_again(folder):
    records(runnable("counted"))
    calls()
    with sqlite3.connect(cache_path()) as database:
        database.execute("UPDATE answers SET answer = ?", (b"no answer",))
    assert [record.text for record in records(runnable("counted"))] == [f"{name} is a page" for name in "abc"]
    assert calls() == 3


def test_a_lock_that_another_process_keeps_costs_the_cache_and_no_run(folder, monkeypatch):
    records(runnable("counted"))
    monkeypatch.setattr(cache_module, "_PATIENCE", 0.1)
    with cache_path().with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        told = []
        OutputCache(told.append).close()
        assert len(told) == 1 and "lock" in told[0]


def test_a_file_that_an_extractor_locks_during_a_run_is_waited_for_once(folder, monkeypatch):
    waits = []
    give_up = OutputCache._give_up
    monkeypatch.setattr(cache_module, "_PATIENCE", 0.1)
    monkeypatch.setattr(OutputCache, "_give_up", lambda self, error: (waits.append(error), give_up(self, error)))
    warnings = []
    cache = OutputCache(warnings.append)
    other = sqlite3.connect(cache_path(), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    for key in (b"a", b"b", b"c"):
        cache.keep(key, b"result")
        assert cache.kept(key) is None
    other.close()
    assert len(waits) == len(warnings) == 1
