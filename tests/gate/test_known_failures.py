"""Known failures: not red until their end, and red again when they pass or end."""

from __future__ import annotations

from datetime import date

import pytest
from packaging.version import Version

from factories.records import counted, run_of
from factories.verdicts import shown
from harness.baseline.model import baseline_of
from harness.common.errors import CANNOT_TELL, OK, WORSE, Impossible
from harness.gate.judge import judge
from harness.gate.rules import KnownFailure, Rules
from harness.gate.rules_file import read_rules
from harness.report.gate.junit import junit_xml

BEFORE = run_of(counted("core/a"), counted("core/b"))
WORSE_ON_A = run_of(counted("core/a", kept=10, leaks={"consent": 3}), counted("core/b"), versions={"x": "2.3"})
WORSE_ON_BOTH = run_of(counted("core/a", kept=10), counted("core/b", kept=10), versions={"x": "2.3"})
FAILS_ON_A = run_of(counted("core/a", outcome="crash"), counted("core/b"), versions={"x": "2.3"})


def verdict(after, until=date(2027, 3, 1), *, today=date(2027, 2, 28), value=0.0, **fields):
    known = KnownFailure("x", "core/a", "lists in tables, #12", until, value, **fields)
    rules = Rules(known_failures=(known,))
    return judge(after, baseline_of(BEFORE), rules, run_name="now", baseline_name="base.json", today=today)


@pytest.mark.parametrize("after", [WORSE_ON_A, FAILS_ON_A])
@pytest.mark.parametrize("until", [date(2027, 3, 1), Version("2.4")])
def test_a_known_failure_is_not_red_and_is_said(after, until):
    found = verdict(after, until)
    assert found.code == OK, "neither the page nor the mean"
    assert found.pages[0].known == "lists in tables, #12"
    assert "known failure: core/a (lists in tables, #12)" in shown(found)


@pytest.mark.parametrize(("until", "today"), [(date(2027, 3, 1), date(2027, 3, 1)), (Version("2.3"), date(2027, 2, 1))])
def test_it_is_red_again_after_its_end(until, today):
    found = verdict(WORSE_ON_A, until, today=today)
    assert found.code == WORSE and "page_drop" in {rule.rule for rule in found.broken}
    assert f"known failure until {until}, which has come: lists in tables, #12" in shown(found)


@pytest.mark.parametrize("after", [run_of(counted("core/a", kept=9), counted("core/b"), versions={"x": "2.3"}), FAILS_ON_A])
def test_it_covers_a_page_down_to_the_value_that_was_noted(after):
    noted = WORSE_ON_A.records[0].scores["F"]
    assert verdict(WORSE_ON_A, value=round(noted, 3)).code == OK, "as reports show it, rounded"
    found = verdict(after, value=noted)
    assert found.code == WORSE and not found.pages[0].known
    assert "worse than the known failure (lists in tables, #12): F is " in shown(found)


def test_it_covers_what_the_metric_does_not_show_only_if_its_rules_say_so():
    side = {"code": 1.0}, {"code": 0.2}
    before = run_of(counted("core/a", frees={"title": 4}, scores=side[0]), counted("core/b"))
    after = run_of(counted("core/a", kept=40, scores=side[1]), counted("core/b"), versions={"x": "2.3"})

    def judged(**fields):
        known = KnownFailure("x", "core/a", "#12", date(2027, 3, 1), 0.1, **fields)
        rules = Rules(known_failures=(known,))
        return judge(after, baseline_of(before), rules, run_name="now", baseline_name="b", today=date(2027, 2, 1))

    usual = judged()
    assert usual.code == WORSE
    assert "it breaks page_optional_loss, which its `rules` do not name; code fell" in usual.pages[0].why
    assert judged(rules=("page_drop", "page_optional_loss", "code")).code == OK


def test_it_is_red_when_it_passes():
    found = verdict(BEFORE, date(2027, 3, 1))
    assert [rule.rule for rule in found.broken] == ["known_failure"]
    assert "core/a breaks no rule any more: take it out of the known failures" in found.broken[0].message
    assert "<failure" in junit_xml(found), "in every report"


def test_another_page_is_as_red_as_ever():
    after = run_of(counted("core/a", kept=10), counted("core/b", kept=10), versions={"x": "2.3"})
    found = verdict(after, date(2027, 3, 1))
    assert {golden for rule in found.broken for golden in rule.goldens} == {"core/b"}


@pytest.mark.parametrize("version", [None, "main"])
def test_an_end_by_version_needs_a_version(version):
    after = run_of(*WORSE_ON_A.records, versions={"x": version})
    found = verdict(after, Version("2.4"))
    assert found.code == WORSE and "ends with version 2.4" in found.doubts[0].message


def test_a_page_that_was_not_run_is_still_missing():
    after = run_of(counted("core/b"))
    assert verdict(after, date(2027, 3, 1)).code == CANNOT_TELL


def test_they_are_read_and_mistakes_are_named(tmp_path):
    (tmp_path / "r.toml").write_text(
        '[[known_failure]]\nextractor = "x"\npage = "core/a"\nreason = "#12"\nuntil = 2027-03-01\nvalue = 0.8\n'
        '[[known_failure]]\nextractor = "x"\npage = "core/b"\nreason = "#13"\nuntil = "2.4"\nvalue = 0\n'
        'rules = ["code", "page_drop"]\n'
    )
    first, second = read_rules(tmp_path / "r.toml").known_failures
    assert first == KnownFailure("x", "core/a", "#12", date(2027, 3, 1), 0.8)
    assert second.until == Version("2.4") and second.rules == ("code", "page_drop")
    (tmp_path / "r.yaml").write_text(
        "known_failure:\n- {extractor: x, page: core/a, reason: '', until: 2027-03-01, value: -1, rules: [drop]}\n"
        "- {extractor: x}\n- {extractor: x, page: a, reason: b, until: 2.4, value: 0}\n"
        "- {extractor: x, page: c, reason: b, until: 2.4.x, value: 0}\n"
        "- {extractor: x, page: c, reason: b, until: 2030-01-01, value: 0}\n"
    )
    with pytest.raises(Impossible) as error:
        read_rules(tmp_path / "r.yaml")
    lines = [line.partition("known_failure")[2] for line in str(error.value).splitlines()]
    assert lines[0].startswith("[1].reason: ''") and lines[1] == "[1].value: -1 is not a number of 0 or more"
    assert (
        lines[2].startswith("[1].rules: 'drop' is no metric and none of page_drop, ")
        and "did you mean 'page_drop'?" in lines[2]
    )
    assert lines[3] == "[2]: has no page and no reason and no until and no value"
    assert lines[4].startswith("[3].until: 2.4 is neither a day") and lines[5].startswith("[4].until: '2.4.x'")
    assert lines[6] == "[5]: x on c is a known failure twice"
    with pytest.raises(Impossible, match="the page 'core/c'"):
        known = KnownFailure("x", "core/c", "", date(2027, 3, 1), 0.0)
        judge(BEFORE, baseline_of(BEFORE), Rules(known_failures=(known,)), run_name="", baseline_name="")


def test_an_extractor_of_which_all_pages_are_known_failures_was_not_judged():
    known = tuple(KnownFailure("x", golden, "#1", date(2027, 3, 1), 0.0) for golden in ("core/a", "core/b"))
    rules = Rules(known_failures=known)
    before = baseline_of(BEFORE)
    found = judge(WORSE_ON_BOTH, before, rules, run_name="", baseline_name="", today=date(2027, 2, 28))
    assert found.code == CANNOT_TELL
    assert any("all pages of x are known failures" in doubt.message for doubt in found.doubts)
