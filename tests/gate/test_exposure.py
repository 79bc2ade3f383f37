"""The rule on exposure: an extractor that obeys one technique less is red, and what was not measured is no green."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories.exposure import few_techniques
from factories.goldens import save_golden
from factories.layouts import html_golden
from harness.cli.main import main

RUN = ["run", "--plugins", "mine.py", "-e", "obeys_hidden", "-g", "goldens"]
EXPOSURE = ["exposure", "--plugins", "mine.py", "-e", "obeys_hidden"]


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The extractors of a project with a golden, a baseline and the rule."""
    source = few_techniques(tmp_path, monkeypatch)
    save_golden(tmp_path / "goldens", html_golden(), "lamps")
    (tmp_path / "pyproject.toml").write_text("[tool.harness.gate]\nexposure = { new = 0 }\n")
    assert main(RUN) == 0
    assert main(["accept"]) == 0
    return source


def verdict(capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    capsys.readouterr()
    return main(["gate"]), " ".join(capsys.readouterr().out.split())


@pytest.mark.slow
def test_one_technique_less_is_red_and_named(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(EXPOSURE) == 0
    assert main(["exposure", "--accept"]) == 0
    assert verdict(capsys)[0] == 0
    source.write_text(source.read_text().replace("hidden>", "hidden data-off>"))
    assert main(RUN) == 0
    code, said = verdict(capsys)
    assert code == 3 and "must be measured again" in said
    assert main(EXPOSURE) == 0
    code, said = verdict(capsys)
    assert code == 1 and "hidden-attribute 18 of 18 pages (0 of 18)" in said
    assert main(["exposure", "--accept"]) == 0
    assert verdict(capsys)[0] == 0


def test_what_was_not_measured_or_accepted_is_a_doubt(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = verdict(capsys)
    assert code == 3 and "harness exposure -e obeys_hidden --plugins mine.py" in said
    assert main(EXPOSURE) == 0
    code, said = verdict(capsys)
    assert code == 3 and "harness exposure --accept -e obeys_hidden" in said


def test_a_rule_that_cannot_be_read_is_named(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("pyproject.toml").write_text("[tool.harness.gate]\nexposure = { new = -1, old = 2 }\n")
    assert main(["gate"]) == 2
    said = capsys.readouterr().err
    assert "exposure.new" in said and "exposure.old" in said
