"""Kept scores: a known page is neither read nor scored again, and none outlives what it was made from."""

import os
import re
import sqlite3
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from factories.counting import COUNTING, calls
from factories.datasets import wcxb_page
from harness.common.errors import CannotTell
from harness.datasets import base
from harness.engine.cache import cache_path, cache_state
from harness.evaluation import digests, evaluate, goldens, kept, on_cores
from harness.evaluation.run import run
from harness.evaluation.score import score
from harness.runs.request import RunRequest


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Two pages of a dataset with texts, and an extractor that notes its calls."""
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    Path("counting.py").write_text(COUNTING.replace('media="text/plain"', 'media="text/html"'))
    Path("set").mkdir()
    for name in ("ferry", "rain"):
        Path(f"set/{name}.html").write_text(f"<p>The {name} was late.<p>Buy now.")
        Path(f"set/{name}.txt").write_text(f"The {name} was late.")


@pytest.fixture
def scored(monkeypatch):
    """Ids of goldens that were scored since it was asked last."""
    seen = []
    real = evaluate.record_of

    def record_of(golden, *words, **how):
        seen.append(golden.id)
        return real(golden, *words, **how)

    monkeypatch.setattr(evaluate, "record_of", record_of)

    def since():
        taken = [*seen]
        seen.clear()
        return taken

    return since


def records(name="counted", *, metrics=("F", "LP"), fresh=False, timeout=30.0, memory=2**31):
    request = RunRequest(
        goldens=("folder:set",),
        extractors=(name,),
        plugins=(Path("counting.py"),),
        metrics=metrics,
        timeout=timeout,
        memory=memory,
    )
    return list(run(request, fresh=fresh, folder=None))[-1].run.records


@pytest.mark.parametrize(
    "damaged", [b"", b"[1]", zlib.compress(b'{"record": 1}'), zlib.compress(b'{"record": {"timing": []}}')]
)
def test_a_damaged_record_is_made_again(scored, damaged):
    whole = records()
    scored()
    with sqlite3.connect(cache_path()) as database:
        database.execute("UPDATE results SET result = ?", [damaged])
    assert plain(records()) == plain(whole)
    assert scored() == BOTH


def test_what_took_more_memory_than_may_be_now_is_measured_again(scored):
    records()
    with sqlite3.connect(cache_path()) as database:
        for table, value in (("results", "result"), ("answers", "answer")):
            for key, packed in database.execute(f"SELECT key, {value} FROM {table}").fetchall():
                if not packed.startswith(b"{"):
                    much = re.sub(rb'"peak_memory": [^,}]+', b'"peak_memory": 9e9', zlib.decompress(packed))
                    database.execute(f"UPDATE {table} SET {value} = ? WHERE key = ?", [zlib.compress(much), key])
    assert [record.cached for record in records(memory=10**10)] == [True, True]
    assert [record.cached for record in records()] == [False, False]


def plain(found):
    return tuple(replace(record, cached=False) for record in found)


BOTH = ["set/ferry", "set/rain"]


def test_a_known_page_is_neither_read_nor_scored_and_gives_the_same_records(scored, monkeypatch):
    first = records()
    assert (scored(), calls()) == (BOTH, 2)
    monkeypatch.setattr(on_cores, "load", pytest.fail)
    again = records()
    assert (scored(), calls()) == ([], 0)
    assert plain(again) == first
    assert all(record.cached for record in again)
    assert list(again[0].scores) == list(first[0].scores)
    assert cache_state().results == 4, "a digest and a record of each page"


def change_the_text():
    Path("set/ferry.txt").write_text("The ferry was very late.")
    return ["set/ferry"]


def change_the_page():
    Path("set/ferry.html").write_text("<p>The ferry was never late.")
    return ["set/ferry"]


def change_the_text_only_a_little():
    """The size stays, and the time does not."""
    Path("set/ferry.txt").write_text("The ferry was lost.")
    os.utime("set/ferry.txt", ns=(0, 1))
    return ["set/ferry"]


@pytest.mark.parametrize("change", [change_the_text, change_the_page, change_the_text_only_a_little])
def test_what_has_changed_is_scored_again(scored, change):
    before = records()
    scored()
    expected = change()
    after = records()
    assert scored() == expected
    assert after[0].scores != before[0].scores
    assert plain(after[1:]) == plain(before[1:])


def test_other_metrics_and_other_code_score_again(scored, monkeypatch):
    records()
    scored()
    assert "LP" not in records(metrics=("F",))[0].scores
    assert scored() == BOTH
    for module in (digests, kept):
        monkeypatch.setattr(module, "code_hash", lambda: "another version of the harness")
    records()
    assert scored() == BOTH
    assert calls() == 2, "the outputs are known all the same"


def test_fresh_reads_and_scores_everything_and_what_it_finds_counts_from_then_on(scored):
    old = records("random")
    new = records("random", fresh=True)
    assert scored() == 2 * BOTH
    assert {record.text for record in new}.isdisjoint(record.text for record in old)
    assert plain(records("random")) == new
    assert scored() == []


def test_fresh_loads_a_page_once_where_its_files_are_known(monkeypatch):
    loaded = []
    load_each = goldens.load_each
    monkeypatch.setattr(goldens, "load_each", lambda entries, told: load_each(loaded.extend(entries) or entries, told))
    records(fresh=True)
    assert sorted(entry.id for entry in loaded) == sorted(2 * BOTH), "once for the header, once to be asked for"
    loaded.clear()
    records(fresh=True)
    assert [entry.id for entry in loaded] == BOTH


def test_fresh_reads_files_though_their_sizes_and_times_are_known(monkeypatch):
    monkeypatch.setattr(digests, "_state", lambda file: [str(file), 0])
    before = records()[0].text
    change_and_keep_its_time()
    assert records(fresh=True)[0].text != before


def test_a_score_does_not_outlive_its_output(scored):
    """A run with other metrics has replaced the output meanwhile."""
    records("random", metrics=("F",))
    new = records("random", metrics=("LP",), fresh=True)
    assert [r.text for r in records("random", metrics=("F",))] == [r.text for r in new]


def test_an_output_that_took_longer_than_may_be_now_is_not_used():
    records()
    assert [record.cached for record in records(timeout=1e-9)] == [False, False]


def test_scores_of_metrics_from_outside_are_not_kept(scored):
    Path("own.py").write_text("def length(case):\n    return float(len(case.output))\n")
    for _ in range(2):
        records(metrics=("own.py:length",))
        assert scored() == BOTH
    assert calls() == 2


def change_and_keep_its_time() -> None:
    stat = Path("set/ferry.html").stat()
    Path("set/ferry.html").write_text("<p>The ferry was late.<p>Buy not.")
    os.utime("set/ferry.html", ns=(stat.st_atime_ns, stat.st_mtime_ns))


def test_a_page_that_changed_and_kept_its_size_and_time_is_read_anew():
    before = {record.golden: record.text for record in records()}
    change_and_keep_its_time()
    after = {record.golden: record.text for record in records()}
    assert [golden for golden in before if before[golden] != after[golden]] == ["set/ferry"]


def test_a_text_that_changed_unseen_ends_the_run(monkeypatch):
    monkeypatch.setattr(digests, "_state", lambda file: [str(file), 0])
    records()
    Path("set/ferry.txt").write_text("Buy now.")
    for _ in range(2):  # to run it again is of no use without what the message names
        with pytest.raises(CannotTell, match=r"said of set/ferry has changed.* with --fresh"):
            records(metrics=("P",))
    assert records(metrics=("P",), fresh=True)[0].scores["P"] < 1


def test_a_page_that_changed_unseen_ends_the_run(monkeypatch):
    monkeypatch.setattr(digests, "_state", lambda file: [str(file), 0])
    records()
    change_and_keep_its_time()
    with pytest.raises(CannotTell, match=r"set/ferry.*--fresh"):
        records(metrics=("P",))
    assert records(metrics=("P",), fresh=True)[0].text != ""


def test_a_page_that_is_known_is_not_read_again_for_metrics_that_compare_texts(tmp_path, monkeypatch):
    page = b"<html lang='en'><p>The ferry sails at noon."
    wcxb_page(tmp_path / "dev", "0001", page)
    Path("mine.json").write_text('{"0001": "The ferry sails."}')
    request = RunRequest(goldens=(f"wcxb:{tmp_path / 'dev'}",), predictions=(Path("mine.json"),), metrics=("wcxb",))

    def scored():
        *_, finished = score(request)
        return finished.run.records

    first = scored()
    monkeypatch.setattr(base, "gunzip", lambda body: pytest.fail("the page is read again"))
    assert scored() == first
    assert first[0].page_bytes == len(page)
