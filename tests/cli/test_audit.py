"""`harness audit`: what it runs is not what other commands judge, and what it is asked to look at is all that it does."""

from pathlib import Path

import pytest

from factories.tiny import RUN, runs
from harness.cli.main import main

THREE = """
from harness import extractor

@extractor
def one(page): return page.html
@extractor
def two(page): return page.html
@extractor
def three(page): return page.html
"""


@pytest.fixture
def voters(tiny):
    """A project with three extractors that agree."""
    Path("voters.py").write_text(THREE)
    return ["--plugins", "voters.py", "-e", "one", "-e", "two", "-e", "three"]


def test_its_run_is_no_stored_run(tiny, voters, capsys):
    assert main([*RUN, "-g", "tiny", "-e", "quiet"]) == 0
    before = runs()
    assert main(["audit", "tiny", *voters]) == 0
    assert "voted on 1" in capsys.readouterr().out
    assert runs() == before


@pytest.mark.slow
def test_goldens_that_are_named_replace_those_of_the_project(tiny, voters, capsys):
    Path("pyproject.toml").write_text("[tool.harness]\ngoldens = ['goldens']\n")
    assert main(["audit", "tiny", *voters]) == 0
    assert "of 2 goldens" in capsys.readouterr().out
    assert main(["audit", *voters]) == 0
    assert "of 3 goldens" in capsys.readouterr().out
