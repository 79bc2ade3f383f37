"""Commands that a verdict names are about what was judged: pasted into a shell, they mend it."""

from __future__ import annotations

import shlex

import pytest

from factories.records import counted, run_of, store
from harness.baseline.file import read_baseline
from harness.cli.main import main, parser_for
from harness.common.errors import OK, WORSE
from harness.gate.commands import Commands

ALL = Commands("r 1", "b 2.json", "loose.toml", policy="training", extractors=("x",), renamed={"x": "x@1"})


def test_they_name_all_that_the_verdict_was_about():
    about = "'r 1' --baseline 'b 2.json'"
    assert ALL.accept() == f"harness accept {about} -e x --as x=x@1"
    assert ALL.prune() == f"harness accept {about} --as x=x@1 --prune"
    assert ALL.gate() == f"harness gate {about} -e x --as x=x@1 --rules loose.toml --policy training"
    assert ALL.show("core/a", "x") == "harness show 'r 1' --page core/a -e x --policy training"
    for command in (ALL.accept(), ALL.prune(), ALL.gate(), ALL.show("core/a", "x")):
        words = shlex.split(command)[1:]
        parser_for(words).parse_args(words)


def test_what_is_usual_is_left_out():
    assert Commands("r", "reports/baseline.json").accept() == "harness accept r" and Commands().accept() == "harness accept"


def pasted(capsys, sign: str) -> list[list[str]]:
    """The words of each command behind a sign in the output of the last command."""
    line = next(line for line in capsys.readouterr().out.splitlines() if sign in line)
    return [shlex.split(command)[1:] for command in line.partition(sign)[2].split(" && ")]


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    store(run_of(*(counted(f"core/{page}", name) for page in "ab" for name in "xy")))
    assert main(["accept", "--baseline", "my base.json"]) == OK


def test_what_accepts_a_red_verdict_writes_the_baseline_that_was_judged(project, tmp_path, capsys):
    store(run_of(*(counted(f"core/{page}", name, kept=40) for page in "ab" for name in "xy")))
    assert main(["gate", "--baseline", "my base.json", "-e", "x"]) == WORSE
    (accept,) = pasted(capsys, "If this is what you want: ")
    assert main(accept) == OK
    rows = read_baseline(tmp_path / "my base.json").rows
    accepted = {pair for pair, row in rows.items() if row.counts["kept"] == 40}
    assert accepted == {("x", "core/a"), ("x", "core/b")}, "what was not judged is not accepted"
    assert main(["gate", "--baseline", "my base.json", "-e", "x"]) == OK
    assert not (tmp_path / "reports/baseline.json").exists()
