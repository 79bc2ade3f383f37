"""The part of a run that options choose."""

from dataclasses import replace

import pytest

from factories.records import record, run_of
from harness.common.errors import CannotTell
from harness.datasets.choice import Choice
from harness.runs.chosen import choice_words, chosen
from harness.runs.header import GoldenFacts

WITHOUT = Choice(without_flags=("suspect",))


def run_with(**flags):
    run = run_of(*(record("a", name, 0.5) for name in ("tiny/x", "tiny/y")))
    goldens = {f"tiny/{name}": GoldenFacts(flags=found) for name, found in flags.items()}
    return replace(run, header=replace(run.header, goldens=goldens))


def pages(run):
    return [one.golden for one in run.records]


def test_pages_with_the_flag_are_left_out():
    assert pages(chosen(run_with(x=("suspect",), y=()), WITHOUT)) == ["tiny/y"]


def test_a_flag_of_the_run_that_it_is_compared_with_counts_too():
    older, newer = run_with(x=(), y=()), run_with(x=("suspect",), y=())
    assert pages(chosen(older, WITHOUT, (newer.header,))) == ["tiny/y"]
    assert pages(chosen(older, WITHOUT)) == ["tiny/x", "tiny/y"]


def test_where_nothing_is_left_the_options_are_named():
    with pytest.raises(CannotTell, match="--without-flag suspect"):
        chosen(run_with(x=("suspect",), y=("suspect",)), WITHOUT)


def test_what_asks_for_nothing_has_no_words():
    assert (Choice().filters, choice_words(Choice())) == (False, [])
    assert WITHOUT.filters
