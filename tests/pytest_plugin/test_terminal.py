"""Hostile words do not reach the terminal of a session as they are."""

import re

import pytest

from factories.goldens import write_goldens


@pytest.mark.slow
@pytest.mark.parametrize("on_ci", [False, True])
@pytest.mark.parametrize("processes", [0, 2])
def test_hostile_words_do_not_reach_the_terminal_as_they_are(project, monkeypatch, on_ci, processes):
    monkeypatch.setenv("CI", "true") if on_ci else monkeypatch.delenv("CI", raising=False)  # where pytest shortens nothing
    text = "::error::It rains. \x1b]0;owned\x07 <script>" + "word" * 100_000
    write_goldens(project.path / "nasty", [text])
    project.fault("rains", "empty")
    result = project.run("--harness-extractor", "mypkg.module:extract", "--harness-goldens", "nasty", "-n", str(processes))
    result.assert_outcomes(failed=1)
    shown = result.stdout.str()
    assert shown.count("It rains.") == 1
    assert not re.search(r"^\s*::", shown, re.M)
    assert "\x1b" not in shown and "\x07" not in shown and len(shown) < 40_000
    assert re.search(r"… [\d,]+ more characters", shown)
