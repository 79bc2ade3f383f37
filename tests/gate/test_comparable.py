"""What is not compared: changed goldens and definitions, and pages that one side lacks."""

from __future__ import annotations

import pytest

from factories.records import counted, run_of
from factories.verdicts import gated, states
from harness.common.errors import CANNOT_TELL, OK


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ({"goldens": {"core/a": {"page": "other", "labels": "labels"}}}, "its page changed"),
        ({"goldens": {"core/a": {"page": "page of core/a", "labels": "other"}}}, "its labels changed"),
        ({"definitions": {"text": 2, "words": 1, "F": 1}}, "what a word is changed"),
        ({"definitions": {"text": 1, "words": 2, "F": 1}}, "how words are counted changed"),
        ({"definitions": {"text": 1, "words": 1, "F": 2}}, "the definition of F changed"),
    ],
)
def test_what_changed_its_meaning_is_not_compared(header, why):
    same = {"definitions": {"text": 1, "words": 1, "F": 1}}
    before = run_of(counted(), **same)
    verdict = gated(before, run_of(counted(kept=10), **{**same, **header}))
    assert (verdict.code, states(verdict)) == (CANNOT_TELL, {"core/a": "not comparable"})
    assert verdict.pages[0].why == why
    assert why in verdict.doubts[0].message and verdict.doubts[0].goldens == ("core/a",)


def test_another_metrics_definition_does_not_matter():
    before, after = ({"text": 1, "words": 1, "F": 1, "MER": number} for number in (1, 2))
    assert gated(run_of(counted(), definitions=before), run_of(counted(), definitions=after)).code == OK


def test_what_is_only_in_the_run_is_new_and_not_judged():
    before = run_of(counted("core/a"))
    after = run_of(counted("core/a"), counted("core/b", outcome="crash"), counted("core/a", "y", outcome="crash"))
    verdict = gated(before, after)
    assert verdict.code == OK and verdict.unjudged == ("y",)
    assert [(page.extractor, page.golden, page.state) for page in verdict.pages] == [
        ("x", "core/a", "same"),
        ("x", "core/b", "new"),
        ("y", "core/a", "new"),
    ]


def test_a_page_that_one_extractor_lacks_is_missing():
    before = run_of(counted("core/a"), counted("core/b"), counted("core/a", "y"), counted("core/b", "y"))
    after = run_of(counted("core/a"), counted("core/b"), counted("core/a", "y"))
    verdict = gated(before, after)
    assert verdict.code == CANNOT_TELL
    assert [doubt.message for doubt in verdict.doubts] == ["y was not run on 1 page of the baseline"]


def test_why_goldens_are_missing_is_said():
    before = run_of(counted("core/a"), counted("core/b"))
    skipped = gated(before, run_of(counted("core/a"), skipped=["core/b"]))
    assert "--dumps" in skipped.doubts[0].remedy and skipped.doubts[0].goldens == ("core/b",)
    left_out = gated(before, run_of(counted("core/a"), broken=["core/b.yaml"]))
    assert left_out.doubts[0].remedy == "harness check"
