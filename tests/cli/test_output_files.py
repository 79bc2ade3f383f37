"""`-o FILE`: what cannot be written is refused before anything is measured, or told with the file's name."""

from pathlib import Path

import pytest

from factories.tiny import RUN, runs
from harness.cli.main import main

WRITING = [
    [*RUN, "-g", "tiny", "-e", "quiet"],
    ["show"],
    ["show", "--format", "json"],
    ["compare", "quiet", "paragraphs"],
    ["list", "runs"],
    ["list", "metrics", "--format", "csv"],
    ["history", "--runs", "quiet"],
    ["history", "--runs", "quiet", "--format", "svg"],
    ["audit", "--run", "latest"],
    ["fuzz", "--plugins", "mine.py", "-e", "paragraphs", "-g", "tiny", "--operators", "D3"],
    ["extract", "--plugins", "mine.py", "-e", "paragraphs", "goldens/tiny/ferry.html"],
    ["reproduce", "aeb"],
]
PLACES = {
    "folder": "is a folder: name a file",
    "mine.py/x": "mine.py is a file, not a folder",
    "": "a path must not be empty",
    "closed/x": "closed cannot be written to",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("words", WRITING, ids=lambda words: " ".join(words[:3]))
def test_a_place_that_cannot_be_written_is_refused_at_once(tiny, monkeypatch, capsys, words, place):
    Path("folder").mkdir()
    Path("closed").mkdir()
    monkeypatch.setattr("os.access", lambda path, mode: Path(path).name != "closed")  # root may write anywhere
    assert main([*words, "-o", place]) == 2
    assert PLACES[place] in capsys.readouterr().err
    assert runs() == []


@pytest.mark.parametrize(("place", "said"), [("mine.py/x.md", "mine.py is a file"), ("", "must not be empty")])
def test_a_scorecard_is_refused_in_the_same_way(tiny, capsys, place, said):
    assert main(["scorecard", "-o", place]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_full_disk_is_told_with_the_file_and_the_run_is_named(tiny, capsys):
    assert main([*RUN, "-g", "tiny", "-e", "quiet", "-o", "/dev/full"]) == 3
    err = capsys.readouterr().err
    assert "/dev/full cannot be written: No space left on device" in err
    assert f"harness show {runs()[0].stem}" in err
    assert main(["show", "--format", "json", "-o", "/dev/full"]) == 3
    assert "/dev/full cannot be written" in capsys.readouterr().err
    assert main(["scorecard", "-o", "/dev/full"]) == 2
    assert "a scorecard is written as" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["run", "survey", "audit", "exposure", "compare a b", "fuzz", "list runs", "history x"])
def test_an_ending_that_names_no_format_is_refused_before_anything_is_measured(tiny, capsys, command):
    assert main([*command.split(), "-o", "result.docx"]) == 2
    err = capsys.readouterr().err
    assert "no format for .docx" in err and ".json" in err and "--format" in err
    assert not Path("result.docx").exists() and not runs()


def test_a_table_goes_to_a_file_of_any_name_where_it_is_asked_for(tiny):
    for words in (["-o", "sets.txt"], ["-o", "sets"], ["-o", "sets.out", "--format", "table"]):
        assert main(["list", "kinds", *words]) == 0
        assert Path(words[1]).read_text() == Path("sets.txt").read_text()
