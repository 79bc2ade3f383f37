"""No page, output or metric stops a run: what cannot be read or scored in time is an outcome of its page, not a number."""

import gzip
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from factories.counting import COUNTING, calls
from factories.extractors import python_runnable, runnable
from factories.goldens import plain_golden, write_golden
from harness.alignment.words import page_words
from harness.cli.main import main
from harness.common.deadline import bounds
from harness.common.launcher import launched
from harness.datasets.base import DatasetError, read_page
from harness.engine.answer import Answer
from harness.engine.local import LocalEngine
from harness.evaluation import scoring
from harness.evaluation.evaluate import NotLoaded, evaluate
from harness.evaluation.scoring import record_of, score
from harness.pages import packed
from harness.pages import page as page_module
from harness.pages.page import Page
from harness.runs.find import read_run
from harness.runs.record import Record

DEEP = "<p>the story" + "<div>" * 30_000


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_page_that_takes_too_long_to_read_is_unreadable_and_no_extractor_is_asked():
    Path("counting.py").write_text(COUNTING)
    counted = python_runnable(Path("counting.py").resolve(), "counted", media="text/html")
    deep = plain_golden("the story", "set/deep", Page(DEEP.encode(), "text/html"))
    fine = plain_golden("the story", "set/fine")
    records = {r.golden: r for r in evaluate([deep, fine], [counted], engine=LocalEngine()) if isinstance(r, Record)}
    assert calls() == 1
    assert records["set/fine"].outcome == "ok"
    unreadable = records["set/deep"]
    assert unreadable.outcome == "unreadable"
    assert "elements" in unreadable.error
    assert set(unreadable.scores.values()) == {None}
    assert "elements" in unreadable.unscored["F"]


def test_an_extractor_that_cannot_be_loaded_has_no_records_of_unreadable_pages_either():
    Path("broken.py").write_text("raise ImportError('planted')\n")
    broken = python_runnable(Path("broken.py").resolve(), "mine")
    deep = plain_golden("the story", "set/deep", Page(DEEP.encode(), "text/html"))
    events = evaluate([deep, plain_golden("the story", "set/fine")], [broken], engine=LocalEngine())
    assert [type(event) for event in events] == [NotLoaded]


def test_words_of_a_page_that_never_end_are_unreadable(monkeypatch):
    monkeypatch.setattr(scoring, "SCORING_TIMEOUT", 0.2)
    record = record_of(plain_golden("the story"), endless, runnable(), Answer("ok", text="the story"), ["F"])
    assert (record.outcome, record.scores["F"]) == ("unreadable", None)


def endless(*_):
    while True:
        pass


def fills_memory(*_):
    raise MemoryError


@pytest.mark.parametrize("fault", [endless, fills_memory])
def test_an_output_that_cannot_be_laid_beside_its_golden_is_unscored(monkeypatch, fault):
    monkeypatch.setattr(scoring, "SCORING_TIMEOUT", 0.2)
    monkeypatch.setattr(scoring, "as_text", fault)
    golden = plain_golden("the story")
    record = score(golden, page_words(golden), runnable(), Answer("ok", text="the story", wall=1.5), ["F"])
    assert (record.outcome, record.scores["F"]) == ("unscored", None)
    assert record.unscored["F"] == record.error != ""
    assert record.timing["wall"] == 1.5


def test_an_output_that_is_longer_than_can_be_scored_is_unscored(monkeypatch):
    monkeypatch.setattr(scoring, "LONGEST", 20)
    golden = plain_golden("the story")
    long, fits = (score(golden, page_words(golden), runnable(), Answer("ok", text="x" * n), ["F"]) for n in (21, 20))
    assert (long.outcome, long.scores["F"], long.text) == ("unscored", None, "")
    assert "20 characters" in long.error
    assert (fits.outcome, fits.scores["F"]) == ("ok", 0.0)


limits_memory = pytest.mark.skipif(sys.platform != "linux", reason="this system does not limit address space")
MANY = {"elements": "<a href=/x>y</a>", "attributes": "<p a=b c=d e=f>x", "words": "word " * 10}

# In a process of its own, since one that has freed a lot may use that again without asking the system.
OUTCOMES_OF_MANY = """
import json, resource, sys
from factories.goldens import plain_golden
from harness.engine.answer import Answer
from harness.evaluation import scoring
from harness.pages.page import Page
from harness.plugins.runnable import Runnable

scoring.SCORING_MEMORY = 15_000_000
html = sys.argv[1] * 150_000
before = resource.getrlimit(resource.RLIMIT_AS)

def of(golden, text):
    words = scoring.cached_words(golden)
    record = scoring.record_of(golden, words, Runnable("x", output="html"), Answer("ok", text=text), ["F"])
    return record.outcome, record.scores["F"], "MemoryError" in record.error

story = plain_golden("the story")
big = plain_golden("the story", page=Page(html.encode(), "text/html"))
found = [of(big, "the story"), of(story, html), of(story, "the story")]
print(json.dumps([found, resource.getrlimit(resource.RLIMIT_AS) == before]))
"""


@limits_memory
@pytest.mark.parametrize("html", MANY.values(), ids=MANY)
def test_a_page_or_output_that_needs_too_much_memory_is_unreadable_or_unscored(html):
    tests = str(Path(__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [tests, os.environ.get("PYTHONPATH")]))}
    done = subprocess.run(
        [sys.executable, "-c", OUTCOMES_OF_MANY, html], env=environment, capture_output=True, text=True, check=True
    )
    found, is_as_before = json.loads(done.stdout)
    assert found == [["unreadable", None, True], ["unscored", None, True], ["ok", 1.0, False]]
    assert is_as_before


@limits_memory
def test_a_worker_that_starts_while_memory_is_bounded_has_all_of_it():
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    code = "import resource; print(resource.getrlimit(resource.RLIMIT_AS)[0])"
    with bounds(60, 500_000_000):
        process = subprocess.Popen(
            launched([sys.executable, "-c", code], network=True), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
    assert process.stdout is not None
    assert int(process.stdout.readline()) == hard
    process.communicate()


@pytest.mark.parametrize("media", ["text/html", "text/plain"])
def test_a_page_that_is_longer_than_can_be_read_is_unreadable(monkeypatch, media):
    monkeypatch.setattr(page_module, "LONGEST", 20)
    assert "20 characters" in Page(b"x" * 21, media).unreadable
    assert Page(b"x" * 20, media).unreadable == ""


@pytest.mark.parametrize(
    "code",
    [
        "while True: pass",
        "__import__('time').sleep(600)",
        "while True:\n  try:\n   while True: pass\n  except Exception: pass",
    ],
    ids=["loops", "sleeps", "catches"],
)
def test_a_metric_that_never_ends_has_no_value_and_the_others_do(monkeypatch, capsys, code):
    monkeypatch.setattr(scoring, "SCORING_TIMEOUT", 0.2)
    body = code.replace("\n", "\n ")
    Path("endless.py").write_text(f"def endless(case):\n {body}\n")
    write_golden(Path("goldens"), "a", "The ferry was late.", [{"keep": "1", "as": "body"}])
    assert main(["run", "-g", "goldens", "-e", "keep_everything", "-m", "F", "-m", "endless.py:endless"]) == 3
    assert "endless" in capsys.readouterr().err
    (record,) = read_run().records
    assert (record.outcome, record.scores["F"], record.scores["endless"]) == ("ok", 1.0, None)
    assert "longer than 0.2 s" in record.unscored["endless"]


def test_a_golden_whose_page_takes_too_long_to_read_is_told_and_the_others_are_run(capsys):
    write_golden(Path("goldens"), "deep", DEEP, [{"keep": "p", "as": "body"}])
    write_golden(Path("goldens"), "fine", "<p>the story", [{"keep": "p", "as": "body"}])
    assert main(["run", "-g", "goldens", "-e", "keep_everything"]) == 3
    printed = capsys.readouterr()
    assert "deep.yaml" in printed.err and "elements" in printed.err
    assert "keep_everything" in printed.out


def test_a_packed_page_is_unpacked_up_to_a_limit(monkeypatch):
    monkeypatch.setattr(packed, "LARGEST_PAGE", 1000)
    Path("fits.gz").write_bytes(gzip.compress(b"x" * 1000))
    Path("bomb.gz").write_bytes(gzip.compress(b"x" * 1001))
    assert len(read_page(Path("fits.gz"))) == 1000
    with pytest.raises(DatasetError, match=r"bomb\.gz.*1,000 bytes"):
        read_page(Path("bomb.gz"))
