"""A page without main content, from the run to the gate: to return nothing is right, to return something is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from factories.checks import HTML, golden_text, write
from harness.cli.main import main

PLUGIN = """import harness
@harness.extractor
def quiet(html): return ""
@harness.extractor
def loud(html): return "Nobody waved."
"""
RUN = ["run", "--plugins", "plugin.py", "-g", "set"]


@pytest.fixture(autouse=True)
def _one_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("plugin.py").write_text(PLUGIN, encoding="utf-8")
    text = golden_text(HTML, "  - {drop: article, as: interface}\n")
    write("set/ferry.yaml", yaml=text.replace("golden: 1\n", "golden: 2\nmain: none\n"))


def test_the_table_counts_a_right_empty_answer_as_an_answer_and_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*RUN, "-e", "quiet", "-e", "loud"]) == 0
    assert "pages without main content, where an empty answer is right: 1 of 1" in " ".join(capsys.readouterr().out.split())
    assert main(["show", "--format", "json"]) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)["extractors"]}
    quiet, loud = rows["quiet"], rows["loud"]
    assert (quiet["answered"], quiet["empty"], quiet["errors"], quiet["scores"]["F"]) == (1, 0, 0, 1)
    assert (loud["answered"], loud["empty"], loud["errors"], loud["scores"]["F"]) == (1, 0, 0, 0)
    assert loud["leaks"] == {"interface": 2}


def test_the_gate_fails_who_begins_to_return_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*RUN, "-e", "quiet"]) == 0
    assert main(["accept"]) == 0
    assert main([*RUN, "-e", "quiet"]) == 0
    assert main(["gate"]) == 0
    Path("plugin.py").write_text(PLUGIN.replace('return ""', 'return "Nobody waved."'), encoding="utf-8")
    assert main([*RUN, "-e", "quiet"]) == 0
    capsys.readouterr()
    assert main(["gate"]) == 1
    assert "set/ferry" in capsys.readouterr().out


def test_the_gate_fails_nobody_who_learns_to_return_nothing() -> None:
    assert main([*RUN, "-e", "loud"]) == 0
    assert main(["accept"]) == 0
    Path("plugin.py").write_text(PLUGIN.replace('return "Nobody waved."', 'return ""'), encoding="utf-8")
    assert main([*RUN, "-e", "loud"]) == 0
    assert main(["gate"]) == 0


def test_layouts_leave_it_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fuzz", "--plugins", "plugin.py", "-e", "loud", "-g", "set"]) == 3
    assert "set/ferry has no main content" in capsys.readouterr().err
