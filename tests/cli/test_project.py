"""`[tool.harness]` of pyproject.toml: what holds where the command line says nothing else."""

import json
import shlex
from pathlib import Path

import pytest

from factories.tiny import runs
from harness.cli.main import main
from harness.runs.find import read_run

SETTINGS = """
[tool.harness]
extractors = ["quiet", "loud=last_line/loud"]
goldens = ["goldens/tiny"]
plugins = ["mine.py"]
timeout = 7
memory = "1G"
"""


def write(text: str) -> None:
    Path("pyproject.toml").write_text(text)


def measured() -> tuple[set[str], set[str]]:
    """The extractors and goldens of the latest run."""
    records = read_run().records
    return {record.extractor for record in records}, {record.golden for record in records}


def test_a_run_takes_what_the_project_says_and_its_header_holds_what_was_used(tiny):
    write(SETTINGS)
    assert main(["run"]) == 0
    assert measured() == ({"quiet", "loud"}, {"tiny/ferry", "tiny/rain"})
    request = read_run().header.request
    assert (request.timeout, request.memory, request.plugins) == (7.0, 1024**3, (Path("mine.py"),))


def test_the_command_line_replaces_the_project_option_by_option(tiny):
    write(SETTINGS)
    assert main(["run", "-e", "hostile", "-g", "goldens/other", "--timeout", "9"]) == 0
    assert measured() == ({"hostile"}, {"other/faehre"})
    request = read_run().header.request
    assert (request.timeout, request.memory) == (9.0, 1024**3)


def test_a_printed_command_means_the_same_with_and_without_the_file(tiny, capsys):
    write(SETTINGS)
    assert main(["run", "--timeout", "30", "-e", "quiet"]) == 0  # 30 s hold where nobody says anything
    before = read_run().header.request
    assert main(["scorecard", "-o", "card.json"]) == 0
    words = shlex.split(dict(json.loads(Path("card.json").read_text())["facts"]["facts"])["asked for by"])
    assert main(words[1:]) == 0
    assert read_run().header.request == before
    Path("pyproject.toml").unlink()
    assert main(words[1:]) == 0
    assert read_run().header.request == before


def test_paths_are_relative_to_the_file_and_found_from_a_folder_below(tiny, monkeypatch):
    write(SETTINGS)
    Path("docs/notes").mkdir(parents=True)
    monkeypatch.chdir("docs/notes")
    assert main(["run"]) == 0
    assert measured() == ({"quiet", "loud"}, {"tiny/ferry", "tiny/rain"})
    assert read_run().header.request.plugins == (Path("../../mine.py"),)


def test_a_file_without_the_table_is_passed_over(tiny, monkeypatch):
    write(SETTINGS)
    Path("part").mkdir()
    Path("part/pyproject.toml").write_text("[project]\nname = 'harness-part'\n")
    monkeypatch.chdir("part")
    assert main(["run"]) == 0
    assert measured()[0] == {"quiet", "loud"}


def test_the_baseline_of_the_project_is_accepted_judged_and_compared_with(tiny, capsys):
    write(SETTINGS + 'baseline = "quality/accepted.json"\n')
    assert main(["run"]) == 0
    assert main(["accept", "--failing", "quiet"]) == 0
    assert Path("quality/accepted.json").is_file() and not Path("reports/baseline.json").exists()
    assert main(["gate"]) == 0
    assert main(["compare", "baseline", "latest"]) == 0
    assert main(["compare", "latest", "quiet"]) == 2
    assert "--baseline needs" not in capsys.readouterr().err


def test_a_run_is_resumed_though_the_project_has_options(tiny, capsys):
    write(SETTINGS)
    assert main(["run"]) == 0
    (path,) = runs()
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    assert main(["run", "--resume"]) == 0
    assert main(["run", "--resume", "--timeout", "8"]) == 2
    assert "leave out --timeout" in capsys.readouterr().err


def test_help_says_what_the_project_sets(tiny, capsys):
    write(SETTINGS.replace("7", "12.5") + "metrics = ['F']\n")
    assert main(["run", "--help"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "[pyproject.toml: 12.5]" in out and "[pyproject.toml: quiet, loud=last_line/loud]" in out
    assert main(["show", "--help"]) == 0
    assert "loud" not in capsys.readouterr().out


def test_views_of_a_run_show_all_its_extractors_whatever_the_project_runs(tiny, capsys):
    assert main(["run", "--plugins", "mine.py", "-e", "hostile", "-e", "quiet", "-g", "tiny"]) == 0
    write(SETTINGS)
    capsys.readouterr()
    assert main(["show", "--format", "csv"]) == 0
    assert "hostile" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.harness.gates]\nmean_drop = 1\n", ["[tool.harness.gates]", "did you mean [tool.harness.gate]?"]),
        ("[tool.harness]\nextractor = ['a']\n", ["tool.harness.extractor", "did you mean 'extractors'?"]),
        ("[tool.harness]\ntimeout = 'soon'\n", ["tool.harness.timeout", "soon is not a number of seconds"]),
        ("[tool.harness]\ntimeout = true\n", ["tool.harness.timeout", "True is not a single value"]),
        ("[tool.harness]\ngoldens = [1]\n", ["tool.harness.goldens", "not a list of texts"]),
        ("[tool.harness]\nbaseline = 3\n", ["tool.harness.baseline", "3 is not a path"]),
        ('[tool.harness]\nbaseline = "a\\u0000b"\n', ["tool.harness.baseline", "is no path: it has a NUL"]),
        ("[tool.harness]\nsample = 3\n", ["tool.harness.sample: unknown key"]),
        ("[tool]\nharness = 3\n", ["`tool.harness` is not a table"]),
        ("[tool.harness\n", ["not TOML", "line 1"]),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(tiny, capsys, text, said):
    write(text)
    assert main(["run", "-e", "quiet", "--plugins", "mine.py"]) == 2
    err = capsys.readouterr().err
    assert "pyproject.toml" in err
    assert all(words in err for words in said), err
    assert runs() == []
    assert main(["--help"]) == 0


def test_files_that_extractors_and_metrics_name_are_found_from_below(tiny, monkeypatch):
    Path("tool.py").write_text("import sys\nprint(len(sys.stdin.read()))\n")
    Path("own.py").write_text("def extract(page):\n    return page.text\n")
    write(
        "[tool.harness]\nextractors = ['sized=cmd:python tool.py', 'own=own.py:extract']\ngoldens = ['folder:pages']\n"
        "metrics = ['F']\n"
    )
    Path("pages").mkdir()
    Path("pages/a.html").write_text("<p>one</p>")
    Path("pages/a.txt").write_text("one")
    Path("below").mkdir()
    monkeypatch.chdir("below")
    assert main(["run"]) == 0
    assert measured()[0] == {"sized", "own"}
    assert [record.outcome for record in read_run().records] == ["ok", "ok"]


def test_what_is_kept_is_in_the_project_wherever_in_it_a_command_is_called(tiny, monkeypatch, capsys):
    write(SETTINGS)
    Path("docs").mkdir()
    monkeypatch.chdir("docs")
    assert main(["run"]) == 0
    assert main(["accept", "--failing", "quiet"]) == 0
    monkeypatch.chdir("..")
    assert len(runs()) == 1 and not Path("docs/reports").exists()
    assert main(["gate"]) == 0
    assert main(["show"]) == 0
    assert main(["history", "--runs"]) == 0


@pytest.mark.parametrize("mark", ["pyproject.toml", ".git"])
def test_a_project_without_settings_keeps_its_runs_where_its_goldens_are_looked_up(tiny, monkeypatch, mark):
    Path(mark).touch()
    Path("docs").mkdir()
    monkeypatch.chdir("docs")
    assert main(["run", "--plugins", "../mine.py", "-e", "quiet", "-g", "tiny"]) == 0
    monkeypatch.chdir("..")
    assert len(runs()) == 1
