"""What rules allow: of each sort of loss, by kind, by set and by slice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.records import counted, run_of
from factories.verdicts import NO_LIMITS, OFF, broken, gated, sides
from harness.alignment.counts import f_score
from harness.common.errors import OK, WORSE, Impossible
from harness.gate.rules import Amount, Amounts, Limits, Rules

limits = st.builds(
    Limits,
    mean_drop=st.sampled_from([0.0, 0.1, 0.5, OFF]),
    page_drop=st.sampled_from([0.0, 0.1, 0.5, OFF]),
    new_failures=st.sampled_from([0.0, 1.0, OFF]),
    leak_growth=st.builds(Amounts, st.builds(Amount, st.sampled_from([0.0, 2.0, OFF]))),
    page_leak_growth=st.builds(Amounts, st.builds(Amount, st.sampled_from([0.0, 2.0, OFF]))),
    optional_loss=st.builds(Amounts, st.builds(Amount, st.sampled_from([0.0, 2.0, OFF]))),
    page_optional_loss=st.builds(Amounts, st.builds(Amount, st.sampled_from([0.0, 2.0, OFF]))),
)


@pytest.mark.slow
@given(sides(), limits, st.sampled_from(sorted(vars(Limits()))))
def test_switching_a_rule_off_silences_that_rule_and_no_other(both, limits, name):
    before, after = run_of(*both[0]), run_of(*both[1])
    strict = gated(before, after, Rules(limits=limits))
    lenient = gated(before, after, Rules(limits=replace(limits, **{name: getattr(NO_LIMITS, name)})))
    assert name not in {rule.rule for rule in lenient.broken}
    silenced = {rule for rule in broken(strict) if rule[0] != name}
    # What was said for a page is said for all pages where the page rule is off.
    assert silenced <= broken(lenient) and {rule for rule, _ in broken(lenient) - silenced} <= {
        "leak_growth",
        "optional_loss",
    }
    assert gated(before, after, Rules(limits=NO_LIMITS)).code == OK


def test_allowed_is_up_to_and_with_the_limit():
    before, after = run_of(counted(kept=50)), run_of(counted(kept=40))
    drop = f_score(1, 0.5) - f_score(1, 0.4)
    assert gated(before, after, Rules(limits=Limits(mean_drop=drop, page_drop=drop))).code == OK
    assert broken(gated(before, after, Rules(limits=Limits(mean_drop=OFF, page_drop=drop - 1e-6)))) == {("page_drop", "")}
    assert broken(gated(before, after, Rules(limits=Limits(mean_drop=drop - 1e-6, page_drop=OFF)))) == {("mean_drop", "")}


def test_a_mean_may_hold_where_a_page_falls_and_the_other_way_round():
    before = run_of(counted("core/a", kept=50), counted("core/b", kept=50))
    after = run_of(counted("core/a", kept=40), counted("core/b", kept=90))
    assert broken(gated(before, after)) == {("page_drop", "")}
    after = run_of(counted("core/a", kept=48), counted("core/b", kept=48))
    assert broken(gated(before, after, Rules(limits=Limits(page_drop=0.05)))) == {("mean_drop", "")}


def test_words_are_allowed_by_number_by_share_and_by_kind():
    before = run_of(counted())
    after = run_of(counted(leaks={"navigation": 3, "consent": 2}))

    def code(amounts: Amounts) -> int:
        return gated(before, after, Rules(limits=replace(NO_LIMITS, page_leak_growth=amounts))).code

    assert code(Amounts(Amount(3))) == OK
    assert code(Amounts(Amount(2.9))) == WORSE
    assert code(Amounts(Amount(share=0.03))) == OK  # of 100 words of main content
    assert code(Amounts(Amount(share=0.029))) == WORSE
    assert code(Amounts(Amount(0), {"navigation": Amount(3), "consent": Amount(2)})) == OK
    assert code(Amounts(Amount(9), {"consent": Amount(1)})) == WORSE


def test_words_over_all_pages_add_up_and_may_cancel_out():
    rules = Rules(limits=replace(NO_LIMITS, leak_growth=Amounts(Amount(3)), optional_loss=Amounts(Amount(3))))
    pages = ("core/a", "core/b")
    before = run_of(*(counted(id, leaks={"consent": 2}, frees={"title": 9}) for id in pages))
    twice_two = run_of(*(counted(id, leaks={"consent": 4}, frees={"title": 7}) for id in pages))
    assert broken(gated(before, twice_two, rules)) == {("leak_growth", ""), ("optional_loss", "")}
    even = run_of(
        counted("core/a", leaks={"consent": 4}, frees={"title": 0}), counted("core/b", leaks={}, frees={"title": 18})
    )
    assert gated(before, even, rules).code == OK


def test_limits_of_a_kind_come_before_those_of_a_set():
    before = run_of(*(counted(f"{set}/{kind}", kind=kind) for set in ("core", "web") for kind in ("forum", "qa")))
    after = run_of(*(counted(f"{set}/{kind}", kind=kind, kept=40) for set in ("core", "web") for kind in ("forum", "qa")))
    strict, loose = Limits(), Limits(page_drop=OFF, mean_drop=OFF)
    everywhere = {"", "kind forum", "set web"}
    verdict = gated(before, after, Rules(kinds={"forum": strict}, sets={"web": strict}))
    assert {pages for _, pages in broken(verdict)} == everywhere
    found = {rule.pages: set(rule.goldens) for rule in verdict.broken if rule.rule == "page_drop"}
    assert found == {"": {"core/qa"}, "kind forum": {"core/forum", "web/forum"}, "set web": {"web/qa"}}
    verdict = gated(before, after, Rules(limits=strict, kinds={"forum": loose}, sets={"web": loose}))
    assert {pages for _, pages in broken(verdict)} == {""}


def test_slices_must_not_fall_behind():
    before = run_of(*(counted(f"core/{i}", lang="de" if i < 2 else "en") for i in range(10)))
    after = run_of(*(counted(f"core/{i}", lang="de" if i < 2 else "en", kept=40 if i < 2 else 90) for i in range(10)))
    loose = replace(NO_LIMITS, mean_drop=0.0)
    assert gated(before, after, Rules(limits=loose)).code == OK
    verdict = gated(before, after, Rules(limits=loose, slices=("lang",)))
    assert broken(verdict) == {("slice_drop", "lang de")}
    assert "of lang de" in verdict.broken[0].message
    assert gated(before, after, Rules(limits=loose, slices=("lang",), slice_drop=0.2)).code == OK


def test_a_rule_for_a_set_without_pages_is_a_mistake():
    with pytest.raises(Impossible, match="'cor', which neither the baseline nor the run has; did you mean 'core'"):
        gated(run_of(counted()), run_of(counted()), Rules(sets={"cor": Limits()}))
