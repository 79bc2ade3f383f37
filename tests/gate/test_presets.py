"""Presets of rules: what each calls red, and how it is chosen."""

from __future__ import annotations

import pytest

from factories.records import counted, run_of
from factories.verdicts import broken, gated, shown
from harness.common.errors import OK, WORSE, Impossible
from harness.gate.rules import PRESETS, Limits, Rules
from harness.gate.rules_file import read_rules

BEFORE = run_of(counted(frees={"title": 3}))
CHANGES = {
    "one more leaked word": run_of(counted(kept=60, frees={"title": 3}, leaks={"consent": 1})),
    "a lost title": run_of(counted(kept=60)),
    "a little less": run_of(counted(kept=50, frees={"title": 3}, leaks={"related": 1})),
    "much less": run_of(counted(kept=30, frees={"title": 3})),
    "nothing": run_of(counted(outcome="crash")),
}


@pytest.mark.parametrize(("preset", "red"), [("commit", {*CHANGES}), ("release", {"much less", "nothing", "a little less"})])
def test_a_commit_may_lose_nothing_and_a_release_is_judged_by_the_metric_and_failures(preset, red):
    codes = {name: gated(BEFORE, after, PRESETS[preset]).code for name, after in CHANGES.items()}
    assert {name for name, code in codes.items() if code == WORSE} == red


def test_a_release_reports_the_leaks_that_it_does_not_judge():
    verdict = gated(BEFORE, CHANGES["one more leaked word"], PRESETS["release"])
    (page,) = verdict.pages
    assert verdict.code == OK and (page.state, page.grown) == ("better", {"consent": 1})


def test_a_preset_is_named_on_the_command_line_or_in_a_file_that_changes_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert read_rules("commit") == Rules() and read_rules("release") == PRESETS["release"]
    (tmp_path / "rules.toml").write_text('preset = "release"\npage_drop = 0.1\n[extractor.x]\nnew_failures = 2\n')
    rules = read_rules(tmp_path / "rules.toml")
    limits = PRESETS["release"].limits
    assert rules.watch == ("fabricated",) and rules.limits == Limits(**{**vars(limits), "page_drop": 0.1})
    assert rules.extractors["x"] == Limits(**{**vars(limits), "page_drop": 0.1, "new_failures": 2})


def test_presets_that_do_not_exist_are_named_with_those_that_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules.yaml").write_text("preset: comit\n")
    with pytest.raises(Impossible, match=r"rules\.yaml: preset: unknown preset 'comit'; did you mean 'commit'"):
        read_rules("rules.yaml")
    with pytest.raises(Impossible, match="rules 'releases': no such file, and no preset; did you mean 'release'"):
        read_rules("releases")
    with pytest.raises(Impossible, match="rules 'floors': they judge nothing alone"):
        read_rules("floors")


def test_what_had_no_text_could_not_leak():
    """A page that was empty or failing, and that a release mends."""
    for outcome in ("empty", "timeout"):
        before = run_of(counted("core/a", outcome=outcome), counted("core/b"))
        mended = run_of(counted("core/a", kept=40, leaks={"related": 60}), counted("core/b"))
        verdict = gated(before, mended)
        assert verdict.code == OK and verdict.pages[0].state == "fixed"
        leaking = run_of(counted("core/a", kept=40, leaks={"related": 60}), counted("core/b", leaks={"related": 1}))
        assert broken(gated(before, leaking)) >= {("page_leak_growth", "")}, "another page's leaks still count"


def test_text_where_nothing_was_right_is_a_leak():
    before = run_of(counted(kept=0, missed=0, outcome="empty"))
    assert gated(before, run_of(counted(kept=0, missed=0, leaks={"consent": 5}))).code == WORSE


def test_characters_without_words_are_a_loss():
    """Spaces, marks and markup without end, where no word has moved."""

    def output(characters: int):
        return run_of(counted(kept=50, characters=characters))

    assert gated(output(250), output(500)).code == OK
    verdict = gated(output(250), output(350_000))
    assert broken(verdict) == {("characters_growth", "")} and verdict.pages[0].state == "worse"
    assert "1,400 times as many (core/a); 2 times allowed" in verdict.broken[0].message
    assert "characters for each word: 5.0 → 7000.0" in shown(verdict)
    assert gated(output(250), output(350_000), PRESETS["release"]).code == WORSE
    assert gated(output(350_000), output(250)).code == OK
    assert gated(output(0), output(350_000)).code == OK, "a baseline of before does not know"


def test_twice_as_many_words_may_have_twice_as_many_characters():
    before, after = run_of(counted(kept=30, characters=150)), run_of(counted(kept=90, characters=450))
    assert gated(before, after).code == OK
