"""An extractor under another name, such as another release, is compared with what it was."""

from __future__ import annotations

import argparse

import pytest

from factories.records import counted, run_of, store
from factories.verdicts import gated
from harness.baseline.file import BASELINE, read_baseline, write_baseline
from harness.baseline.model import baseline_of
from harness.cli import main as cli
from harness.cli.renames import as_option, renames
from harness.common.errors import CANNOT_TELL, OK, WORSE, Impossible

OLD, NEW = "traf@2.2.0", "traf@2.3.1"
AS = ["--as", f"{NEW}={OLD}"]


def side(name: str, kept: int, version: str):
    return run_of(*(counted(f"core/{page}", name, kept=kept) for page in "ab"), versions={name: version})


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    store(side(OLD, 50, "2.2.0"))
    assert cli.main(["accept"]) == OK
    store(side(NEW, 40, "2.3.1"))


def test_without_the_option_the_gate_says_to_use_it(project, capsys):
    assert cli.main(["gate"]) == CANNOT_TELL
    out = capsys.readouterr().out
    assert f"{OLD} of the baseline is {NEW} in the run" in out
    assert f"gate 20260102-000000 --as {NEW}={OLD}" in out and "--prune" not in out


def test_the_gate_judges_it_and_accept_puts_it_in_place_of_the_old_one(project, capsys):
    assert cli.main(["gate", *AS]) == WORSE
    out = capsys.readouterr().out
    assert f"{NEW} 2.2.0 → 2.3.1" in out and "page_drop" in out
    assert f"harness accept 20260102-000000 --as {NEW}={OLD}" in out
    assert cli.main(["accept", *AS]) == OK
    assert {*read_baseline().rows} == {(NEW, "core/a"), (NEW, "core/b")}
    assert cli.main(["gate"]) == OK


def test_compare_takes_it_too(project, capsys):
    assert cli.main(["compare", "baseline", "latest"]) == CANNOT_TELL
    assert "--as NEW=OLD" in capsys.readouterr().err
    assert cli.main(["compare", "baseline", "latest", *AS, "-e", NEW]) == OK
    assert NEW in capsys.readouterr().out


def test_other_extractors_of_a_shared_baseline_stay(project):
    baseline = baseline_of(run_of(counted("core/a", OLD), counted("core/a", "other")))
    write_baseline(baseline, BASELINE)
    assert cli.main(["accept", *AS]) == OK
    assert {name for name, _ in read_baseline().rows} == {NEW, "other"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a"], "not two names with = between them"),
        (["c=a"], "the run has no extractor 'c'; it has a, b"),
        (["b=c"], "the baseline has no extractor 'c'"),
        (["a=a"], "'a' is on the other side, too"),
        (["b=a", "b=a"], "given twice"),
    ],
)
def test_names_that_say_nothing_are_refused(words, said):
    with pytest.raises(Impossible, match=said):
        renames(words, ["a", "b"], ["a"])


def test_names_of_commands_may_have_the_sign():
    assert renames(["cmd:x --a=1=cmd:x"], ["cmd:x --a=1"], ["cmd:x"]) == {"cmd:x --a=1": "cmd:x"}
    parser = argparse.ArgumentParser()
    as_option(parser)
    assert parser.parse_args([]).judged_as == []


def test_two_candidates_are_not_guessed():
    after = run_of(counted("core/a", NEW), counted("core/a", "traf@2.3.0"))
    doubts = gated(run_of(counted("core/a", OLD)), after).doubts
    assert "--as" not in doubts[0].remedy
