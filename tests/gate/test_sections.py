"""Limits for a page, a site, an extractor, a kind or a set: the first of these that there is."""

from __future__ import annotations

import pytest

from factories.records import counted, run_of
from factories.verdicts import NO_LIMITS, broken, gated
from harness.common.errors import OK, Impossible
from harness.gate.rules import Limits, Rules
from harness.gate.rules_file import read_rules

PAGES = [("core/a", "one.example"), ("core/b", "one.example"), ("web/c", "two.example")]


def side(kept: int):
    return run_of(*(counted(page, name, kept=kept, site=site) for page, site in PAGES for name in ("x", "y")))


def red_pages(rules: Rules) -> set[tuple[str, str]]:
    return {(page.extractor, page.golden) for page in gated(side(50), side(40), rules).pages if page.rules}


@pytest.mark.parametrize(
    ("tables", "red"),
    [
        ({"pages": {"core/a": NO_LIMITS}}, {("x", "core/b"), ("y", "core/b"), ("x", "web/c"), ("y", "web/c")}),
        ({"sites": {"one.example": NO_LIMITS}}, {("x", "web/c"), ("y", "web/c")}),
        ({"extractors": {"x": NO_LIMITS}}, {("y", "core/a"), ("y", "core/b"), ("y", "web/c")}),
        (
            {"extractors": {"x": NO_LIMITS}, "sites": {"two.example": Limits()}, "sets": {"core": NO_LIMITS}},
            {("x", "web/c"), ("y", "web/c")},
        ),
        ({"pages": {"core/a": Limits()}, "kinds": {"article": NO_LIMITS}}, {("x", "core/a"), ("y", "core/a")}),
    ],
)
def test_the_limits_of_the_smallest_group_hold(tables, red):
    assert red_pages(Rules(**tables)) == red


def test_a_broken_rule_says_which_limits_it_is_of():
    verdict = gated(side(50), side(40), Rules(limits=NO_LIMITS, pages={"core/a": Limits(mean_drop=0.5)}))
    assert broken(verdict) == {("page_drop", "page core/a")}


def test_they_are_read_from_a_file_and_inherit(tmp_path):
    (tmp_path / "r.toml").write_text(
        'mean_drop = 1\n[page."core/a"]\npage_drop = 0.5\n[site."one.example"]\n[extractor.x]\n'
    )
    rules = read_rules(tmp_path / "r.toml")
    assert rules.pages == {"core/a": Limits(mean_drop=1, page_drop=0.5)}
    assert rules.sites["one.example"] == rules.extractors["x"] == Limits(mean_drop=1)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (
            {"pages": {"core/aa": Limits()}},
            "a rule is for the page 'core/aa', which neither the baseline nor the run has; did",
        ),
        ({"sites": {"one.exampl": Limits()}}, "the site 'one.exampl'.*did you mean 'one.example'"),
        ({"extractors": {"z": Limits()}}, "the extractor 'z'"),
    ],
)
def test_limits_for_what_does_not_exist_are_a_mistake(table, said):
    with pytest.raises(Impossible, match=said):
        gated(side(50), side(50), Rules(**table))
    assert gated(side(50), side(50), Rules()).code == OK
