"""What a record says of an output in another format than text."""

import pytest

from factories.extractors import runnable
from factories.places import CORE
from harness.alignment.words import page_words
from harness.engine.answer import Answer
from harness.evaluation.scoring import score
from harness.goldens.sets import dumps_from, find_goldens, load_goldens
from harness.pages.words import words


@pytest.fixture(scope="module")
def golden():
    return load_goldens(find_goldens([str(CORE / "listing-job-board.yaml")]), dumps_from([])).goldens[0]


@pytest.mark.parametrize(
    ("format", "output", "scored"),
    [
        ("text", "# low <b>tide</b>", "# low <b>tide</b>"),
        ("html", "# low <b>tide</b>", "# low tide"),
        ("markdown", "# low <b>tide</b>", "low tide"),
    ],
)
def test_a_record_holds_the_text_that_was_scored(golden, format, output, scored):
    record = score(golden, page_words(golden), runnable(output=format), Answer("ok", output))
    assert (record.outcome, record.text) == ("ok", scored)
    assert record.counts["kept"] + record.counts["leaked"] + record.counts["free"] == len(words(scored))


@pytest.mark.parametrize(("format", "output"), [("html", "<div><p> </p></div>"), ("markdown", "[1]: /list\n")])
def test_markup_around_nothing_is_empty(golden, format, output):
    assert score(golden, page_words(golden), runnable(output=format), Answer("ok", output)).outcome == "empty"
    assert score(golden, page_words(golden), runnable(), Answer("ok", output)).outcome == "ok"


def test_a_failure_stays_one_whatever_the_format(golden):
    record = score(golden, page_words(golden), runnable(output="html"), Answer("error", error="sunk"))
    assert (record.outcome, record.text, record.scores["F"]) == ("error", "", 0)
