"""The verdict as JUnit XML, with hostile names and words."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given

from factories.gate_reports import FINE, GONE, NASTY, NO_RUN, WORSE, broken_rule, fallen, hostile, judged_cell, verdict_of
from harness.report.gate.junit import junit_xml


def cases(document):
    """Each case's result by suite and name: the element's tag, or `passed`."""
    root = ET.fromstring(document.encode("utf-8"))
    return {
        (suite.get("name"), case.get("name")): next((child.tag for child in case), "passed")
        for suite in root
        for case in suite
    }


def require_schema(document):
    """The rules of Jenkins' JUnit schema, as far as they are about what can be in the document."""
    root = ET.fromstring(document.encode("utf-8"))
    assert root.tag == "testsuites" and set(root.attrib) <= {"name", "tests", "failures", "errors", "time"}
    totals = {"tests": 0, "failures": 0, "errors": 0}
    for suite in root:
        assert suite.tag == "testsuite"
        assert set(suite.attrib) == {"name", "tests", "failures", "errors", "skipped", "time"} and suite.get("time") == "0"
        results = [child.tag for case in suite for child in case]
        found = {name: results.count(tag) for name, tag in (("failures", "failure"), ("errors", "error"))}
        assert {name: int(suite.get(name)) for name in found} == found
        assert int(suite.get("skipped")) == results.count("skipped")
        assert int(suite.get("tests")) == len(suite)
        for name in totals:
            totals[name] += int(suite.get(name))
        for case in suite:
            assert case.tag == "testcase" and set(case.attrib) == {"name", "classname", "time"} and case.get("time") == "0"
            assert len(case) <= 1 and all(child.tag in ("failure", "error", "skipped") for child in case)
            assert all(set(child.attrib) <= {"message", "type"} for child in case)
    assert {name: int(root.get(name)) for name in totals} == totals


def test_junit_has_a_case_for_each_page_and_says_what_happened():
    document = junit_xml(WORSE)
    require_schema(document)
    assert cases(document) == {
        ("mine", "core/page"): "passed",
        ("mine", "core/fallen"): "failure",
        ("mine", "core/crashed"): "error",
        ("mine", "core/new"): "skipped",
        ("mine", "core/changed"): "skipped",
        ("mine", "rule mean_drop: 0.15"): "failure",
        ("gate", "every question answered"): "passed",
    }
    failure = ET.fromstring(document).find(".//failure")
    for said in (
        "F 0.900 → 0.750",
        "missed 0 → 12 words (body +12)",
        "leaked 0 → 30 words (related +30)",
        "optional text lost: title 4",
        "related: the tide came early",
        "harness show 20240101-120000 --page core/fallen -e mine",
        "harness accept 20240101-120000",
    ):
        assert said in failure.text
    assert "ladder is too short" in ET.fromstring(document).find(".//error").text


@pytest.mark.parametrize("bad", [WORSE, GONE, NO_RUN], ids=["worse", "missing", "empty"])
def test_junit_is_red_whenever_the_exit_code_is_not_0(bad):
    assert bad.code != 0
    require_schema(junit_xml(bad))
    assert {"failure", "error"} & {*cases(junit_xml(bad)).values()}


def test_junit_of_a_gate_that_passed_is_green():
    assert {*cases(junit_xml(FINE)).values()} == {"passed"}


def test_allowed_changes_are_green_and_extractors_without_a_baseline_are_skipped():
    allowed = verdict_of(
        [judged_cell("worse"), judged_cell("newly failing", "core/b"), judged_cell("new", extractor="other")],
        unjudged=("other",),
    )
    found = cases(junit_xml(allowed))
    assert found["mine", "core/page"] == found["mine", "core/b"] == "passed"
    assert found["other", "core/page"] == "skipped"


@given(NASTY)
def test_junit_is_xml_with_any_text(text):
    document = junit_xml(hostile(text))
    document.encode("utf-8")
    require_schema(document)
    assert "<script" not in document


def test_junit_keeps_words_as_they_are():
    words = "<b>3 < 4 & 5</b> \"quoted\" 'and' ]]>"
    failure = ET.fromstring(junit_xml(verdict_of([fallen(words=words)], (broken_rule(),)))).find(".//failure")
    assert f"missed body: {words}" in failure.text
