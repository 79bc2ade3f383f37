"""`-e ALIAS=NAME`: an extractor under a name that the user gives it."""

import json
import shlex
from pathlib import Path

import pytest

from factories.tiny import RUN, runs
from harness.cli.main import main
from harness.runs.find import read_run

FAST = "fast=last_line/loud"


@pytest.fixture
def aliased(tiny, capsys):
    """A project with a run of one extractor under an alias, and another one under its own name."""
    assert main([*RUN, "-g", "tiny", "-e", FAST, "-e", "quiet"]) == 0
    capsys.readouterr()
    return tiny


def test_the_alias_is_its_name_wherever_a_run_is_looked_at(aliased, capsys):
    assert {record.extractor for record in read_run().records} == {"fast", "quiet"}
    for words in (
        ["show", "-e", "fast"],
        ["show", "-e", FAST],
        ["show", "--page", "tiny/rain", "-e", "fast"],
        ["compare", "quiet", "fast"],
        ["show", "--by", "kind"],
    ):
        assert main(words) == 0
        assert "fast" in capsys.readouterr().out
    assert main(["accept", "--failing", "quiet"]) == 0
    assert main(["gate", "-e", "fast"]) == 0
    assert main(["gate", "-e", FAST]) == 0


def test_the_commands_that_make_the_run_again_have_the_alias(aliased, capsys):
    assert main(["scorecard", "-o", "card.json"]) == 0
    words = shlex.split(dict(json.loads(Path("card.json").read_text())["facts"]["facts"])["asked for by"])
    assert FAST in words
    assert main(words[1:]) == 0


def test_an_unfinished_run_with_an_alias_is_resumed(aliased):
    (path,) = runs()
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    assert main(["run", "--resume"]) == 0


def test_a_command_and_a_file_can_have_one(tiny, capsys):
    assert main([*RUN, "-g", "tiny", "-e", "words=cmd:cat", "-e", "file=mine.py:whole_text"]) == 0
    assert {record.extractor for record in read_run().records} == {"words", "file"}


def test_an_alias_that_cannot_run_is_not_passed_over_in_silence(tiny, monkeypatch, capsys):
    monkeypatch.setenv("UV_OFFLINE", "1")
    assert main([*RUN, "-g", "tiny", "-e", "quiet", "-e", "x=needy"]) == 3
    assert "x cannot run" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["a=quiet", "a=hostile"], ["two extractors are called 'a'", "'quiet' and 'hostile'", "alias"]),
        (["quiet", "quiet=hostile"], ["two extractors are called 'quiet'"]),
        (["a=quit"], ["unknown extractor 'quit'", "did you mean 'quiet'?"]),
        (["a=all"], ["unknown extractor 'all'"]),
    ],
)
def test_two_extractors_of_one_name_are_refused(tiny, capsys, names, said):
    assert main([*RUN, *(word for name in names for word in ("-e", name))]) == 2
    err = capsys.readouterr().err
    assert all(words in err for words in said), err


def test_one_extractor_can_run_under_two_names(tiny):
    assert main([*RUN, "-g", "tiny", "-e", "quiet", "-e", "again=quiet"]) == 0
    assert {record.extractor for record in read_run().records} == {"again", "quiet"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("quiet=hostile", "'quiet' is the name of another extractor"),
        ("my own=quiet", "an alias is a word without spaces"),
        ("a/b=quiet", "an alias is a word without spaces"),
        ("a=", "it is no ALIAS=NAME"),
        ("=quiet", "it is no ALIAS=NAME"),
        ("a@2.0=quiet", "would be taken for a release of 'a'"),
    ],
)
def test_an_alias_that_would_be_read_as_something_else_is_refused(tiny, capsys, name, said):
    assert main([*RUN, "-g", "tiny", "-e", name]) == 2
    assert said in capsys.readouterr().err
    assert runs() == []


def test_an_alias_of_the_project_is_known_to_every_command_that_runs_extractors(tiny, capsys):
    Path("pyproject.toml").write_text(f"[tool.harness]\nplugins = ['mine.py']\nextractors = ['quiet', '{FAST}']\n")
    assert main(["run", "-g", "tiny", "-e", "fast"]) == 0
    (path,) = runs()
    assert {record.extractor for record in read_run().records} == {"fast"}
    assert read_run().header.request.extractors == (FAST,), "it is made again without the project, too"
    assert main(["extract", "-e", "fast", "goldens/tiny/rain.txt"]) == 0
    assert "foreign" in capsys.readouterr().out
    assert main(["fuzz", "-e", "fast", "-g", "tiny", "--limits", "--format", "json", "--timeout", "1"]) in (0, 1)
    assert main(["history", "--runs", "fast"]) == 0
    assert main(["history", "fast", "1.0", "-g", "tiny"]) == 2
    assert "last_line has no releases" in capsys.readouterr().err
    assert path.is_file()
