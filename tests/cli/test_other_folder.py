"""What a run, a baseline and a project say of files holds in every folder of the project."""

import json
import re
import shlex
from pathlib import Path

import pytest

from factories.tiny import runs
from harness.cli.main import main
from harness.runs.find import read_run

METRIC = "from harness.metrics import metric\n\n@metric\ndef loud(case):\n    return float(case.text.isupper())\n"
ASKED = [
    *("run", "--plugins", "mine.py", "-g", "goldens/tiny", "-m", "F", "-m", "./more/loud.py:loud", "--policy", "mine.yaml"),
    *("-e", "quiet", "-e", "more/own.py:first", "-e", "own=more/own.py:first", "--dumps", "dumps"),
]


@pytest.fixture
def project(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with files of every kind that a run can be asked for."""
    Path("pyproject.toml").write_text("[project]\nname = 'quay'\n")
    for folder in ("more", "dumps", "docs/notes"):
        Path(folder).mkdir(parents=True)
    Path("more/loud.py").write_text(METRIC)
    Path("more/own.py").write_text("def first(page):\n    return page.text[:20]\n")
    Path("mine.yaml").write_text("drop: [title]\n")
    return tiny


def header() -> dict[str, object]:
    """The header of the latest run, as it is on disk, from the root."""
    return json.loads(runs()[-1].read_bytes().splitlines()[0])


def cut(path: Path) -> None:
    """Take the footer of a run and its last record away, as if it had been killed."""
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-2]))


def drop_extractor(path: Path, name: bytes) -> None:
    """Take what an extractor did out of a run."""
    lines = path.read_bytes().splitlines(keepends=True)
    wrong = (b'"extractor":"%s"' % name, b'"name":"%s"' % name)
    path.write_bytes(b"".join(line for line in lines if not any(part in line for part in wrong)))


def test_a_run_is_the_same_wherever_in_the_project_it_is_asked_for(project, monkeypatch):
    assert main(ASKED) == 0
    from_root = header()
    monkeypatch.chdir("docs/notes")
    assert main(read_run().header.request.to_words()[1:]) == 0  # as it is printed here
    monkeypatch.chdir(project)
    from_below = header()
    assert from_below["arguments"] == from_root["arguments"]
    assert from_below["extractors"] == from_root["extractors"]
    assert {record.extractor for record in read_run().records} == {"quiet", "more/own.py:first", "own"}


def test_an_unfinished_run_is_resumed_in_another_folder(project, monkeypatch, capsys):
    assert main(ASKED) == 0
    (path,) = runs()
    whole = {record.key: record.scores for record in read_run().records}
    cut(path)
    monkeypatch.chdir("docs")
    assert main(["run", "--resume"]) == 0
    assert {record.key: record.scores for record in read_run().records} == whole


def test_commands_of_the_gate_and_of_show_hold_in_another_folder(project, monkeypatch, capsys):
    assert main(ASKED) == 0
    assert main(["accept", "--failing", "quiet"]) == 0
    assert main([*ASKED, "--timeout", "9"]) == 0
    drop_extractor(runs()[-1], b"own")
    monkeypatch.chdir("docs/notes")
    capsys.readouterr()
    assert main(["gate"]) == 3
    (remedy,) = re.findall(r"harness run [^;\n]*own=[^;\n]*", capsys.readouterr().out)
    assert "own=../../more/own.py:first" in remedy and "--policy ../../mine.yaml" in remedy
    assert main(shlex.split(remedy)[1:]) == 0
    assert main(["gate"]) == 0
    assert main(["show", "latest", "--page", "tiny/ferry", "-e", "more/own.py:first"]) == 0
    assert main(["show", "latest", "--page", "tiny/ferry", "-e", "../../more/own.py:first"]) == 0


def test_a_run_in_shards_goes_on_in_the_folder_that_it_was_asked_for_in_and_in_another(project, monkeypatch):
    Path("docs/pages").symlink_to(project / "goldens/tiny")
    monkeypatch.chdir("docs")
    words = ["--plugins", "../mine.py", "-e", "quiet", "-g", "pages/", "--run-folder", "../parts"]
    for part in ("1/2", "2/2"):
        assert main(["run", *words, "--shard", part]) == 0
    monkeypatch.chdir(project)
    assert main(["run", "--resume", "parts"]) == 0
    assert main(["merge", "parts"]) == 0
    assert len(read_run().records) == 2


def test_a_scorecard_has_one_text_wherever_it_is_made(project, monkeypatch):
    assert main(ASKED) == 0
    assert main(["scorecard", "-o", "card.md"]) == 0
    monkeypatch.chdir("docs")
    assert main(["scorecard", "-o", "../card.md", "--check"]) == 0
