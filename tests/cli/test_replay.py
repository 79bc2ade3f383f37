"""`harness replay`: what is fixed goes, unless it is kept."""

import pytest

from factories.fuzz_requests import fuzz_arguments
from factories.layouts import html_golden
from harness.cli.commands import replay as replay_command
from harness.common.errors import CannotTell
from harness.fuzz.findings.finding import Finding, write_finding


def test_what_is_fixed_goes_unless_it_is_kept(tmp_path, capsys):
    golden = html_golden()
    finding = Finding(
        kind="body lost",
        severity=1.0,
        level="critical",
        extractor="sound",
        version=None,
        identity="",
        options={},
        source="x/y",
        operators=(),
        python="[]",
        seed=0,
        before={"retention": 1.0},
        after={},
        lost="",
        leaked="",
        error="",
        shrunk="complete",
        made_with={},
        pages={"page": golden, "control": golden},
    )
    path = write_finding(finding, tmp_path / "findings")
    assert replay_command.run(fuzz_arguments(tmp_path, instead=None, keep=True)) == 0
    assert path.exists()
    assert replay_command.run(fuzz_arguments(tmp_path, instead=None)) == 0
    assert "FIXED" in capsys.readouterr().out
    assert not list(path.parent.iterdir())
    with pytest.raises(CannotTell, match="no findings"):
        replay_command.run(fuzz_arguments(tmp_path, instead=None))
