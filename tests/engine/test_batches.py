"""Many pages in a call: no page is lost for another one, whatever happens to the call."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories.extractors import answers_of, python_runnable
from factories.pages import text_page
from harness.engine.answer import Answer
from harness.pages.page import Page
from harness.plugins.runnable import Runnable

SOURCE = """
import os, sys, time

def extract(pages):
    with open(__file__ + ".calls", "a") as file:
        print(len(pages), file=file)
    texts = [page.text for page in pages]
    if "raise" in texts:
        raise ValueError("no")
    if "crash" in texts:
        os._exit(3)
    if "sleep" in texts:
        time.sleep(600)
    if "memory" in texts:
        raise MemoryError
    if "together" in texts and len(texts) > 1:
        os._exit(4)
    if "fewer" in texts:
        return texts[1:]
    if "text" in texts:
        return "text"
    return [None if text == "none" else text.upper() for text in texts]

def pays_and_raises(pages):
    for page in pages:
        page.add_cost(0.5)
        page.add_tokens(100, 0)
    raise ValueError("no")

def pays_for_many(pages):
    if len(pages) == 1:
        return [pages[0].text]
    pages[0].add_cost(2)
    pages[1].retries = 1
    raise ValueError("no")

def notes(pages):
    for number, page in enumerate(pages):
        page.add_cost(0.5)
        page.add_tokens(100, 7 + number)
        page.confidence = number / 4
        page.retries += number
        page.truncated = number == 1
    return [page.html for page in pages]
"""


def batched(folder: Path, batch: int, function: str = "extract", **changes: object) -> Runnable:
    (folder / "batched.py").write_text(SOURCE)
    return python_runnable(folder / "batched.py", function, batch=batch, **changes)


def calls(folder: Path) -> list[int]:
    """How many pages each call was given."""
    return [int(line) for line in (folder / "batched.py.calls").read_text().split()]


def answers(folder: Path, *texts: str, batch: int = 3, **how: object) -> list[Answer]:
    return answers_of(batched(folder, batch), [text_page(text) for text in texts], **how)


def test_pages_come_in_lists_of_the_declared_length_and_answers_in_their_order(tmp_path):
    found = answers(tmp_path, "a", "bé", "", "d", "none", "f", "g")
    assert [answer.outcome for answer in found] == ["ok", "ok", "empty", "ok", "invalid", "ok", "ok"]
    assert [answer.text for answer in found] == ["A", "BÉ", "", "D", "", "F", "G"]
    assert calls(tmp_path) == [3, 3, 1]
    assert [answer.first for answer in found] == [True] * 3 + [False] * 4
    assert all(answer.wall is not None and not answer.retried for answer in found)


@pytest.mark.parametrize(
    ("bad", "outcome"),
    [
        ("raise", "error"),
        ("crash", "crash"),
        ("sleep", "timeout"),
        ("memory", "memory"),
        ("fewer", "invalid"),
        ("text", "invalid"),
    ],
)
def test_where_a_call_fails_each_page_is_asked_alone_and_only_the_bad_one_fails(tmp_path, bad, outcome):
    found = answers(tmp_path, "a", bad, "c", "d", timeout=1 if bad == "sleep" else 20)
    assert [answer.outcome for answer in found] == ["ok", outcome, "ok", "ok"]
    assert [answer.text for answer in found] == ["A", "", "C", "D"]
    assert not any(answer.retried for answer in found), "it is known what was wrong"
    assert calls(tmp_path)[:4] == [3, 1, 1, 1]


def test_where_only_the_call_of_many_fails_the_answers_say_so(tmp_path):
    found = answers(tmp_path, "a", "together", "c", "d")
    assert [answer.text for answer in found] == ["A", "TOGETHER", "C", "D"]
    assert [answer.retried for answer in found] == ["crash: ended with exit code 4"] * 3 + [""]


def test_a_batch_has_the_time_of_as_many_pages(tmp_path):
    found = answers(tmp_path, "sleep", "b", batch=2, timeout=0.5)
    assert [answer.outcome for answer in found] == ["timeout", "ok"]
    assert found[0].error == "a batch of 1 page took longer than 0.5 s"


def test_what_an_extractor_notes_of_each_page_comes_with_its_answer(tmp_path):
    found = answers_of(batched(tmp_path, 3, "notes"), [Page(b"<p>a</p>", "text/html")] * 3)
    assert [answer.confidence for answer in found] == [0, 0.25, 0.5]
    assert [answer.truncated for answer in found] == [False, True, False]
    assert [answer.retries for answer in found] == [None, 1, 2]
    assert [(answer.cost, answer.tokens_in, answer.tokens_out) for answer in found] == [(0.5, 100, 7 + n) for n in range(3)]
    assert found[1].timing.items() >= {"tokens_in": 100, "tokens_out": 8, "retries": 1, "cost": 0.5}.items()


def test_a_page_on_which_the_call_fails_took_time_and_money_too(tmp_path):
    found = answers_of(batched(tmp_path, 1, "pays_and_raises"), [text_page("a"), text_page("b")])
    assert [(answer.outcome, answer.cost, answer.tokens_in) for answer in found] == [("error", 0.5, 100)] * 2
    assert all(answer.wall is not None and answer.peak_memory is not None for answer in found)


def test_what_a_call_cost_that_failed_on_all_its_pages_is_shared_among_them(tmp_path):
    found = answers_of(batched(tmp_path, 2, "pays_and_raises"), [text_page("a"), text_page("b")])
    assert [(answer.outcome, answer.cost, answer.tokens_in) for answer in found] == [("error", 0.5 + 0.5, 200)] * 2
    found = answers_of(batched(tmp_path, 2, "pays_for_many"), [text_page("a"), text_page("b")])
    assert [(answer.text, answer.cost, answer.retries) for answer in found] == [("a", 1, 0.5), ("b", 1, 0.5)]
    assert [answer.retried[:17] for answer in found] == ["error: ValueError"] * 2
    assert [answer.tokens_out for answer in found] == [None, None], "nothing was noted"


def test_a_page_longer_than_the_declared_maximum_is_cut_between_words_and_its_answer_says_so(tmp_path):
    pages = [Page(text.encode(), "text/html") for text in ("<p>The ferry was late", "<p>The", "<p>Theferrywaslate")]
    found = answers_of(batched(tmp_path, 2, "notes", max_input=9), pages[:1])
    assert (found[0].text, found[0].truncated) == ("<p>The", False), "the extractor has the last word"
    (tmp_path / "one.py").write_text("def one(page):\n    return page.html")
    one = python_runnable(tmp_path / "one.py", "one", max_input=9)
    assert [(a.text, a.truncated) for a in answers_of(one, pages)] == [
        ("<p>The", True),
        ("<p>The", False),
        ("<p>Thefer", True),
    ]


@pytest.mark.parametrize("value", ["'high'", "-0.5", "1.5", "float('nan')", "[]", "True and None"])
def test_a_confidence_that_is_no_number_from_0_to_1_was_not_given(tmp_path, value):
    (tmp_path / "odd.py").write_text(
        f"def odd(page):\n    page.confidence = {value}\n    page.retries = {value}\n    return 'x'"
    )
    (answer,) = answers_of(python_runnable(tmp_path / "odd.py", "odd"), [text_page("a")])
    assert (answer.outcome, answer.confidence) == ("ok", None)
