"""Which pages of a survey are worth a label, and who proposes one."""

from __future__ import annotations

from collections import Counter

from factories.records import record, run_of
from harness.analysis.survey.labelling import voters_of, worth_labelling
from harness.analysis.survey.survey import Survey, survey

WORDS = "alpha bravo carol delta echos frank gamma hotel india joule kilos limas".split()


def page(number: int, agreed: int, site: str, lang: str = "en") -> list[object]:
    """The records of a page of which three extractors return so many words in common, and others each."""
    common = " ".join(WORDS[:agreed])
    return [
        record(name, f"set/{number:02}", None, text=f"{common} {' '.join(f'{name}{n}' for n in range(12 - agreed))}",
               site=site, lang=lang)
        for name in ("one", "two", "three")
    ]  # fmt: skip


def surveyed(*pages: list[object]) -> Survey:
    return survey(run_of(*(row for rows in pages for row in rows)))


def ids(found: Survey, number: int) -> list[str]:
    return [one.id for one in worth_labelling(found, number)]


def test_the_pages_on_which_extractors_differ_most_come_first() -> None:
    found = surveyed(page(1, 10, "a"), page(2, 3, "b"), page(3, 6, "c"))
    assert ids(found, 2) == ["set/02", "set/03"]
    assert ids(found, 9) == ["set/02", "set/03", "set/01"]


def test_a_second_page_of_a_site_comes_after_the_first_of_each() -> None:
    found = surveyed(page(1, 1, "a"), page(2, 2, "a"), page(3, 9, "b"))
    assert ids(found, 2) == ["set/01", "set/03"]


def test_each_language_has_its_share() -> None:
    french = [page(number, 10, f"f{number}", "fr") for number in range(2)]
    english = [page(number, 2, f"e{number}") for number in range(10, 16)]
    chosen = worth_labelling(surveyed(*french, *english), 4)
    assert Counter(one.language for one in chosen) == {"en": 3, "fr": 1}


def test_pages_without_text_of_two_extractors_are_left_out() -> None:
    rows = [record("one", "set/09", None, text="alpha"), *(record(n, "set/09", None, "empty") for n in ("two", "three"))]
    assert ids(surveyed(page(1, 5, "a"), rows), 5) == ["set/01"]


def test_the_three_best_vote_and_of_clones_one() -> None:
    outputs = {"a": WORDS, "a_port": WORDS, "b": WORDS[:9], "c": WORDS[2:], "weak": ["other"]}
    rows = [
        record(name, f"set/{n}", None, text=" ".join(f"{word}{n}" for word in words))
        for n in range(3)
        for name, words in outputs.items()
    ]
    assert voters_of(survey(run_of(*rows))).keys() == {"a", "b", "c"}
