"""The cache of outputs: what is known is not run again, what might be different is, and its file never stops a run."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from harness import cache as cache_module
from harness.cache import OutputCache, cache_path, cache_state
from harness.cli import main
from harness.evaluate import evaluate
from harness.golden import Golden
from harness.page import Page
from harness.runnable import Runnable
from harness.store import Record, read_run

COUNTING = '''\
"""Extractors that note every call in a file beside them."""
import os
import sys
import time
from pathlib import Path

from harness import extractor

CALLS = Path(__file__).with_name("calls")


def note():
    """Append a letter, and say how many there are."""
    with CALLS.open("a") as file:
        file.write("x")
    return CALLS.stat().st_size


@extractor(media="text/plain", variants={"loud": {"mark": "!"}})
def counted(page, mark=""):
    note()
    return page.text.strip() + mark


@extractor(media="text/plain")
def random(page):
    return "word " * note()


@extractor(media="text/plain", network=True)
def asks(page):
    note()
    return page.text


@extractor(media="text/plain")
def behaves(page):
    note()
    kind = page.text.split()[0]
    if kind == "raise":
        raise ValueError("no")
    if kind == "crash":
        os._exit(3)
    if kind == "sleep":
        time.sleep(600)
    if kind == "memory":
        raise MemoryError
    return {"empty": "", "invalid": None}.get(kind, page.text)
'''


def golden(id: str, text: str, **about: str) -> Golden:
    return Golden(id, Page(text.encode(), "text/plain", **about), "article", "a.example", text=text)


GOLDENS = [golden(f"set/{name}", f"{name} is a page") for name in ("a", "b", "c")]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder, with counting extractors and a cache of its own."""
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "counting.py").write_text(COUNTING)
    return tmp_path


def runnable(name: str, **changes: object) -> Runnable:
    source = str(Path("counting.py").resolve())
    worker = str(Path(cache_module.__file__).with_name("worker.py"))
    own = Runnable(
        name=name,
        command=(sys.executable, worker),
        source=source,
        function=name,
        package=None,
        options={},
        media="text/plain",
        reference=False,
        network=False,
        code=name,
        identity=f"code of {name}",
    )
    return replace(own, **changes)


def calls() -> int:
    """How often extractors were called since the last question."""
    path = Path("calls")
    number = path.stat().st_size if path.exists() else 0
    path.unlink(missing_ok=True)
    return number


def records(extractor: Runnable, goldens=GOLDENS, *, fresh=False, warnings=None, **options) -> list[Record]:
    cache = OutputCache((warnings if warnings is not None else []).append, fresh=fresh)
    events = list(evaluate(goldens, [extractor], cache=cache, **options))
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
    records(runnable("counted"), [*GOLDENS, golden("set/d", "d is new")])
    assert calls() == 1, "only the new page"


def test_a_new_metric_and_a_changed_golden_run_no_extractor(folder):
    (before, *_) = records(runnable("counted"), metrics=["F"])
    assert calls() == 3
    (scored, *_) = records(runnable("counted"), metrics=["F", "MER", "LF"])
    assert scored.scores.keys() == {"F", "MER", "LF"}
    changed = Golden("set/a", GOLDENS[0].page, "forum", "elsewhere.example", text="a")
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
    pages = [golden(f"set/{kind}", f"{kind} now") for kind in kinds]

    def every_kind():
        # Only what sleeps is to run out of time, however busy the machine is.
        asleep, awake = ([page for page in pages if (page.id == "set/sleep") is sleeps] for sleeps in (True, False))
        return records(runnable("behaves"), asleep, timeout=1) + records(runnable("behaves"), awake, timeout=60)

    first = every_kind()
    assert calls() == 6
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
    cache.store(runnable("counted"), GOLDENS[0].page, 0, None, replace(slow.answer, wall=9.0))
    cache.close()
    records(runnable("counted"), timeout=5)
    assert calls() == 1


def test_what_cannot_be_loaded_is_tried_again(folder):
    broken = runnable("counted", source=str(folder / "later.py"))
    assert {record.outcome for record in records(broken)} == {"error"}
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


# --- its file ---


def test_two_users_at_once_lose_nothing(folder):
    code = (
        "import sys\nfrom harness.cache import OutputCache\nfrom harness.engine.answer import Answer\n"
        "from harness.page import Page\nfrom tests.test_cache import runnable\n"
        "cache = OutputCache(sys.exit)\n"
        "for n in range(300):\n"
        "    page = Page(str(n % 200).encode(), 'text/plain')\n"
        "    cache.lookup(runnable('x'), page, 0)\n"
        "    cache.store(runnable('x'), page, 0, None, Answer('ok', text=str(n)))\n"
        "    cache.store(runnable(sys.argv[1]), page, 0, None, Answer('ok', text=str(n)))\n"
        "cache.close()\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
    users = [subprocess.Popen([sys.executable, "-c", code, f"user {n}"], env=environment) for n in range(4)]
    assert [user.wait() for user in users] == [0] * 4
    assert cache_state().entries == 5 * 200
    (check,) = sqlite3.connect(cache_path()).execute("PRAGMA integrity_check").fetchone()
    assert check == "ok"


def damage_with_garbage() -> None:
    cache_path().parent.mkdir(exist_ok=True)
    cache_path().write_bytes(b"this is no database, " * 1000)


def damage_in_the_middle() -> None:
    records(runnable("counted"), [golden(f"set/{n}", f"{n} " * 2000) for n in range(50)])
    content = bytearray(cache_path().read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    cache_path().write_bytes(content)


def damage_by_a_folder() -> None:
    cache_path().mkdir(parents=True)


def damage_by_another_table() -> None:
    cache_path().parent.mkdir(exist_ok=True)
    with sqlite3.connect(cache_path()) as database:
        database.execute("CREATE TABLE answers (wrong INTEGER)")


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


# --- on the command line ---


@pytest.fixture
def project(folder):
    """Two pages, and no extractor but those that count."""
    Path("goldens/tiny").mkdir(parents=True)
    for name in ("ferry", "rain"):
        Path(f"goldens/tiny/{name}.txt").write_text(f"The {name} was late.\n")
        assert main(["new", "golden", f"goldens/tiny/{name}.txt"]) == 0
        path = Path(f"goldens/tiny/{name}.yaml")
        path.write_text(re.sub(r"\{drop: (.*), as: other\}", r"{keep: \1, as: body}", path.read_text()))
    assert main(["check"]) == 0
    return folder


RUN = ["run", "--plugins", "counting.py", "-e", "counted"]


def test_a_second_run_says_that_it_knew_the_outputs_and_shows_the_same_numbers(project, capsys):
    assert main([*RUN, "--format", "csv"]) == 0
    first = capsys.readouterr()
    assert "known" not in first.err
    assert main([*RUN, "--format", "csv"]) == 0
    second = capsys.readouterr()
    assert second.out == first.out
    assert "2 of 2 outputs were known" in second.err
    assert "--fresh" in second.err
    assert calls() == 2
    assert main([*RUN, "-e", "counted/loud", "--fresh"]) == 0
    assert calls() == 4


def test_a_changed_label_is_scored_without_running_and_a_changed_plugin_runs(project, capsys):
    assert main([*RUN, "--format", "json"]) == 0
    path = Path("goldens/tiny/rain.yaml")
    path.write_text(path.read_text().replace("keep: 1", 'keep: "1[0:8]"'))
    capsys.readouterr()
    assert calls() == 2
    assert main([*RUN, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["extractors"][0]["scores"]["P"] == (1 + 2 / 4) / 2
    assert calls() == 0
    Path("counting.py").write_text(COUNTING.replace('mark=""', 'mark=" again"'))
    assert main([*RUN, "--format", "json"]) == 0
    assert calls() == 2


def test_cache_shows_its_place_and_size_and_is_cleared(project, capsys):
    def shown(*words: str) -> str:
        capsys.readouterr()
        assert main(["cache", *words]) == 0
        return capsys.readouterr().out

    assert str(cache_path()) in shown()
    assert "0 outputs" in shown()
    assert main(RUN) == 0
    assert re.search(r"2 outputs, [\d.]+ KiB", shown())
    assert "0 outputs" in shown("--clear")
    assert main(RUN) == 0
    assert calls() == 4


@pytest.mark.parametrize("damage", [damage_with_garbage, damage_by_another_table])
def test_a_broken_cache_is_cleared_too(project, capsys, damage):
    damage()
    assert main(RUN) == 0
    assert "harness cache" in capsys.readouterr().err
    if damage is damage_with_garbage:
        assert main(["cache"]) == 3
        assert "--clear" in capsys.readouterr().err
    assert main(["cache", "--clear"]) == 0
    assert main(RUN) == 0
    assert "0 outputs" in capsys.readouterr().out
    assert main(RUN) == 0
    assert calls() == 4


def test_repeats_are_averaged_and_pages_stay_pages(project, capsys):
    assert main([*RUN[:-1], "random", "--repeat", "3", "--format", "json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["goldens"]["pages"], summary["extractors"][0]["pages"]) == (2, 2)
    assert calls() == 6
    run = read_run()
    assert [(record.golden, record.repeat) for record in run.records] == [
        (f"tiny/{name}", n) for name in ("ferry", "rain") for n in range(3)
    ]
    mer = {id: [r.scores["MER"] for r in run.records if r.golden == id] for id in ("tiny/ferry", "tiny/rain")}
    wanted = sum(sum(values) / 3 for values in mer.values()) / 2
    assert summary["extractors"][0]["scores"]["MER"] == pytest.approx(wanted)
    assert main(["show", "--format", "csv"]) == 0
    assert [line.split(",")[2:4] for line in capsys.readouterr().out.splitlines()[1:]] == [
        [f"tiny/{name}", str(n)] for name in ("ferry", "rain") for n in range(3)
    ]
    assert main(["show", "--page", "tiny/rain", "-e", "random"]) == 0
    assert "the first of 3 times" in capsys.readouterr().out
    assert main(["show"]) == 0
    assert "(2 pages)" in capsys.readouterr().out
