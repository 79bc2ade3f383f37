"""`harness new extractor` writes a file that works, and never over another one."""

import importlib.util
import json
import subprocess
import sys

import pytest

from harness.cli.main import main


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "140")
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def new(name: str) -> int:
    return main(["new", "extractor", name])


def test_the_written_file_is_named_with_the_next_commands(empty_folder, capsys):
    assert new("mine") == 0
    assert capsys.readouterr().out.splitlines() == [
        "mine.py holds an extractor that works. Make it yours, and see what it gets wrong:",
        "  harness run --plugins mine.py -e mine -e trafilatura",
        "  harness show --worst 5 -e mine",
    ]
    assert [path.name for path in empty_folder.iterdir()] == ["mine.py"]


@pytest.mark.slow
def test_the_written_extractor_runs_and_beats_keeping_nothing_or_everything(capsys):
    new("mine")
    capsys.readouterr()
    names = ["mine", "mine/long", "keep_nothing", "keep_everything"]
    asked = [word for name in names for word in ("-e", name)]
    assert main(["run", "--plugins", "mine.py", *asked, "-g", "core", "--format", "json"]) == 0
    rows = {row["name"]: row["tracks"]["text/html"] for row in json.loads(capsys.readouterr().out)["extractors"]}
    assert set(rows) == set(names)
    assert rows["mine"]["scores"]["F"] > rows["keep_nothing"]["scores"]["F"]
    assert rows["mine"]["scores"]["P"] > rows["keep_everything"]["scores"]["P"]
    assert rows["mine"]["outcomes"].keys() <= {"ok", "empty"}
    assert rows["mine/long"]["scores"] != rows["mine"]["scores"]


@pytest.mark.parametrize(
    "tool",
    [["ruff", "check", "--isolated", "--select", "E,F,W,I,B,UP,D1,ANN", "--ignore", "ANN401"],
     ["ruff", "format", "--isolated", "--check"],
     ["ruff", "format", "--isolated", "--check", "--line-length", "120"],
     pytest.param(["mypy", "--strict"], marks=pytest.mark.slow)],
    ids=lambda words: " ".join(words[:2]),
)  # fmt: skip
def test_the_written_file_satisfies_linters(tool):
    if importlib.util.find_spec(tool[0]) is None:
        pytest.skip(f"{tool[0]} is not installed")
    new("mine")
    done = subprocess.run([sys.executable, "-m", *tool, "mine.py"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_existing_file_is_left_alone(empty_folder, capsys):
    (empty_folder / "mine.py").write_text("precious")
    assert new("mine") == 2
    assert capsys.readouterr().err == "harness: mine.py is there already: edit it, or choose another name\n"
    assert (empty_folder / "mine.py").read_text() == "precious"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("my-tool", "'my-tool' is no name for a Python function; try 'my_tool'"),
        ("2fast", "'2fast' is no name for a Python function; try 'my_2fast'"),
        ("../tools/mine.py", "'../tools/mine.py' is no name for a Python function; try 'mine'"),
        ("", "'' is no name for a Python function; try 'my_extractor'"),
        ("trafilatura", "there is an extractor 'trafilatura' already, from built in (trafilatura.py); try 'my_trafilatura'"),
        ("class", "'class' means something else in Python or in the file; try 'my_class'"),
        ("json", "'json' means something else in Python or in the file; try 'my_json'"),
        ("ENDS", "'ENDS' means something else in Python or in the file; try 'my_ENDS'"),
        ("harness", "'harness' means something else in Python or in the file; try 'my_harness'"),
        ("extractor", "'extractor' means something else in Python or in the file; try 'my_extractor'"),
    ],
)
def test_names_that_would_not_work_are_refused_with_one_that_would(empty_folder, capsys, name, message):
    assert new(name) == 2
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"harness: {message}\n")
    assert list(empty_folder.iterdir()) == []


def test_a_suggestion_can_be_had(empty_folder, capsys):
    (empty_folder / "my_tool.py").touch()
    assert new("my-tool") == 2
    assert capsys.readouterr().err.endswith("try 'my_my_tool'\n")
    assert new("my_my_tool") == 0
