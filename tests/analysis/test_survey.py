"""A survey: agreement, clones, what repeats and what each extractor adds, from outputs alone."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest

from factories.records import EVERYTHING, record, run_of
from harness.analysis.survey.calibration import failed_at
from harness.analysis.survey.survey import Survey, Surveyed, survey
from harness.analysis.survey.trust import doubts
from harness.common.errors import CannotTell

WORDS = [f"{a}{b}" for a in ("ka", "lo", "mi", "nu", "pe", "ri", "so", "tu") for b in ("bal", "den", "fer", "gor", "han")]


def text(seed: int, size: int = 60) -> str:
    chance = random.Random(seed)
    return " ".join(chance.choice(WORDS) for _ in range(size))


def surveyed(outputs: Mapping[str, list[str]], sites: list[str] | None = None, **header: object) -> Survey:
    """The survey of these outputs, by extractor, one for each page."""
    rows = [
        record(name, f"set/{page:03}", None, "ok" if output else "empty", text=output, **_site(sites, page))
        for name, own in outputs.items()
        for page, output in enumerate(own)
    ]
    return survey(run_of(*rows, **header))


def _site(sites: list[str] | None, page: int) -> dict[str, str]:
    return {"site": sites[page]} if sites else {}


def row(found: Survey, name: str) -> Surveyed:
    return next(one for one in found.extractors if one.extractor == name)


def with_more(outputs: list[str], seed: int, size: int) -> list[str]:
    return [f"{output} {text(seed + page, size)}" for page, output in enumerate(outputs)]


MAIN = [text(page) for page in range(8)]
ADS = [text(100 + page, 90) for page in range(8)]
GOOD = with_more(MAIN, 500, 2)
PART = [" ".join(one.split()[:45]) for one in MAIN]
WITH_ADS = with_more(MAIN, 200, 90)


def test_the_one_that_returns_other_words_than_the_others_is_last_and_its_pages_are_named() -> None:
    broken = [*with_more(MAIN, 600, 3)[:4], *ADS[4:]]
    found = surveyed({"a": MAIN, "b": PART, "c": GOOD, "broken": broken})
    assert found.extractors[-1].extractor == "broken"
    assert row(found, "broken").doubtful == 4
    failed = {page.id for page in found.pages if page.agreement["broken"] < 0.4}
    assert failed == {"set/004", "set/005", "set/006", "set/007"}


def test_agreement_is_the_mean_share_of_words_in_common_with_the_others() -> None:
    found = surveyed({"a": ["one two three four"], "b": ["two three four five"], "c": ["three four"]})
    # Two words in common: `c` and `a`, `c` and `b`. Three: `a` and `b`, which are worth the same to `c`.
    assert row(found, "c").agreement == pytest.approx(2 * 2 / 6)
    assert 2 * 2 / 6 < (row(found, "a").agreement or 0) < 2 * 3 / 8


def test_failures_are_expected_as_often_as_they_were_on_labelled_pages() -> None:
    broken = [*with_more(MAIN, 600, 3)[:4], *ADS[4:]]
    found = surveyed({"a": MAIN, "b": PART, "c": GOOD, "broken": broken})
    shares = [failed_at(page.agreement["broken"]) for page in found.pages]
    assert row(found, "broken").expected == pytest.approx(sum(shares)) and 2.5 < sum(shares) < 4
    assert (failed_at(0.0), failed_at(0.2), failed_at(1.0)) == (0.96, 0.83, 0.0)


def test_without_three_extractors_nothing_is_said_of_agreement() -> None:
    found = surveyed({"a": MAIN, "b": PART})
    assert [one.agreement for one in found.extractors] == [None, None]
    assert [one.doubtful for one in found.extractors] == [None, None]
    assert any("three extractors" in line for line in doubts(found))


def test_a_failure_counts_as_no_text_and_is_counted_apart_from_an_empty_output() -> None:
    rows = [record(name, "set/a", None, text=output[0]) for name, output in zip("abc", (MAIN, PART, WITH_ADS))]
    rows += [record("d", "set/a", None, "timeout"), record("e", "set/a", None, "empty")]
    found = survey(run_of(*rows))
    assert (row(found, "d").failures, row(found, "d").empty) == ({"timeout": 1}, 0)
    assert (row(found, "e").failures, row(found, "e").empty) == ({}, 1)
    assert row(found, "d").words is None and row(found, "d").pages == 1


def test_references_are_shown_but_count_for_nobody() -> None:
    outputs = {"a": MAIN, "b": PART, "c": WITH_ADS}
    alone = surveyed(outputs)
    beside = surveyed({**outputs, "everything": ADS}, references=["everything"])
    for name in "abc":
        assert row(beside, name).agreement == pytest.approx(row(alone, name).agreement)
    assert not beside.extractors[-1].competes and beside.independent == 3


def test_what_is_made_of_others_counts_for_nobody() -> None:
    outputs = {"a": MAIN, "b": PART, "vote:a+b+c": MAIN}
    found = surveyed(outputs, extractors={"vote:a+b+c": {"options": {"members": ["a", "b", "c"]}}})
    assert found.independent == 2 and row(found, "a").agreement is None


def test_ports_of_one_program_count_as_one() -> None:
    """Two that err alike would else confirm each other on the pages that they fail on."""
    wrong = [*ADS[:4], *MAIN[4:]]
    port = [f"{one} stray" for one in wrong]
    others = {"a": MAIN, "b": with_more(MAIN, 900, 12), "c": with_more(MAIN, 700, 5), "d": with_more(MAIN, 800, 9)}
    found = surveyed({**others, "wrong": wrong, "port": port})
    assert row(found, "wrong").clones == ("port",) and found.independent == 5
    assert row(found, "wrong").doubtful == 4
    assert any("port, wrong" in line for line in doubts(found))


def test_good_extractors_that_agree_because_both_are_right_are_no_clones() -> None:
    outputs = {
        "a": with_more(MAIN, 300, 3),
        "b": with_more(MAIN, 400, 4),
        "c": PART,
        "d": WITH_ADS,
        "e": ADS,
    }
    found = surveyed(outputs)
    assert [one.clones for one in found.extractors] == [()] * 5


def test_sequences_on_three_pages_of_a_site_are_boilerplate_that_leaked() -> None:
    banner = "accept all cookies and read our long privacy statement now"
    leaky = [f"{main} {banner}" for main in MAIN]
    sites = ["x.example"] * 4 + ["y.example"] * 2 + ["z.example", "w.example"]
    found = surveyed({"leaky": leaky, "clean": MAIN}, sites)
    assert row(found, "clean").repeated == 0
    assert row(found, "leaky").repeated == pytest.approx(10 / 70)
    (passage,) = row(found, "leaky").passages
    assert (passage.text, passage.pages, passage.site) == (banner, 4, "x.example")
    assert found.compared_sites == 1


def test_copies_of_one_output_are_counted_and_are_no_repetition() -> None:
    found = surveyed({"a": [MAIN[0]] * 5 + MAIN[1:3]}, ["x.example"] * 7)
    assert row(found, "a").copies == 4
    assert row(found, "a").repeated == 0


def test_what_each_adds() -> None:
    halves = [one.split() for one in MAIN]
    ads = [one.upper().replace("A", "Y") for one in ADS]  # of other words
    first = [" ".join(words[:30]) for words in halves]
    second = [" ".join(words[30:]) for words in halves]
    found = surveyed({"first": first, "second": second, "whole": MAIN, "ads": ads})
    sets = {one.extractors: one for one in found.combined}
    both = next(one for names, one in sets.items() if {*names} == {"first", "second"})
    assert sets[("whole",)].covered == 1 and sets[("first",)].covered == pytest.approx(0.5, abs=0.02)
    assert both.covered == 1
    assert row(found, "ads").alone == 1 and row(found, "first").alone == 0
    assert sets[("ads",)].unconfirmed == 1


def test_an_oracle_takes_the_better_of_two_on_each_page() -> None:
    one, other = [*MAIN[:4], *ADS[4:]], [*ADS[:4], *MAIN[4:]]
    found = surveyed({"one": one, "other": other, "a": MAIN, "b": PART})
    sets = {combined.extractors: combined.oracle for combined in found.combined}
    single = {name: sets[(name,)] for name in ("one", "other")}
    (pair,) = (value for names, value in sets.items() if {*names} == {"one", "other"})
    assert pair > max(single.values()) + 0.2


def test_the_page_on_which_two_differ_most() -> None:
    odd = [*MAIN]
    odd[5], odd[2] = ADS[5], ""  # where nothing came out there is nothing to compare
    found = surveyed({"a": MAIN, "odd": odd})
    (difference,) = found.differences
    assert (difference.page, difference.first, difference.second) == ("set/005", "a", "odd")
    assert difference.share < 0.3


def test_values_by_language() -> None:
    texts = {"a": MAIN[0], "b": PART[0], "c": WITH_ADS[0]}
    langs = ("de-AT", "de", "fr")
    rows = [record(name, f"set/{lang}", None, text=text, lang=lang) for name, text in texts.items() for lang in langs]
    found = survey(run_of(*rows))
    assert any("not in English" in line for line in doubts(found))
    assert {language: values.pages for language, values in row(found, "a").languages.items()} == {"de": 2, "fr": 1}


def test_pages_that_an_extractor_is_not_made_for_do_not_count() -> None:
    rows = [record("a", "set/a", None, text=MAIN[0], coerced=True)]
    with pytest.raises(CannotTell, match="no page"):
        survey(run_of(*rows))


def test_a_run_without_texts_cannot_be_surveyed() -> None:
    rows = [record(name, "set/a", None) for name in "abc"]
    with pytest.raises(CannotTell, match="--keep-texts none"):
        survey(run_of(*rows, arguments={**EVERYTHING, "keep_texts": "none"}))


def test_pages_for_which_nothing_comes_out_of_any_are_doubted() -> None:
    outputs = {name: [*own, ""] for name, own in zip("abc", (MAIN, PART, WITH_ADS))}
    assert any("No extractor returned text for 1 page" in line for line in doubts(surveyed(outputs)))
