"""Files without an end, or that unfold to more than fits: each is refused in seconds, with its name and an exit code."""

from __future__ import annotations

import os
import zlib
from base64 import b64encode
from pathlib import Path

import pytest

from factories.goldens import write_golden
from factories.run_files import RECORD, write_run
from harness.cli.main import main
from harness.common import typed
from harness.common.deadline import deadline
from harness.common.errors import CANNOT_TELL, IMPOSSIBLE, OK, WORSE
from harness.runs import file as run_files

SECONDS = 30

# What is to be read, and the command that reads it; NAME is the file.
READ_BY = {
    "golden.yaml": "check NAME",
    "set/golden.yaml": "run -g set -e keep_everything",
    "pages/a.html": "run -g folder:pages -e keep_everything",
    "pages/a.txt": "run -g folder:pages -e keep_everything",
    "crawl.warc": "run -g warc:NAME -e keep_everything",
    "outputs/a.txt": "score outputs -g folder:fine",
    "outputs.json": "score NAME -g folder:fine",
    "outputs.jsonl": "score NAME -g folder:fine",
    "reports/runs/20260101-000000.jsonl": "show 20260101-000000",
    "run.jsonl": "show NAME",
    "baseline.json": "gate --baseline NAME",
    "rules.yaml": "gate --rules NAME",
    "rules.toml": "gate --rules NAME",
    "plugin.py": "run --plugins NAME -g folder:fine -e keep_everything",
    "mine.py": "run -e ./NAME:mine -g folder:fine",
    "mine/package.json": "run --plugins mine -e mine -g folder:fine",
    "tree": "run --with NAME -e justext -g folder:fine",
    "text.txt": "new golden fine/a.html --from-text NAME",
    "page.html": "new golden NAME",
    "matrix.json": "scorecard --robustness NAME -o card.md",
}


def pipe(path: Path) -> None:
    os.mkfifo(path)


def zeros(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("fine").mkdir()
    Path("fine/a.html").write_text("<p>The ferry was late.")
    Path("fine/a.txt").write_text("The ferry was late.")


@pytest.mark.parametrize("endless", [pipe, zeros])
@pytest.mark.parametrize(("name", "command"), READ_BY.items(), ids=READ_BY)
def test_a_pipe_or_a_device_in_place_of_a_file_is_refused(name, command, endless, capfd):
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.parent.name == "pages":
        Path("pages/a.html").write_text("<p>The ferry was late.")
        Path("pages/a.txt").write_text("The ferry was late.")
        path.unlink()
    endless(path)
    with deadline(SECONDS):
        code = main(command.replace("NAME", name).split())
    printed = capfd.readouterr()
    said = "".join(printed)
    assert code in (WORSE, IMPOSSIBLE, CANNOT_TELL)
    assert path.stem in said or path.parent.name in said
    assert "Traceback" not in said and "internal error" not in said


def test_a_pipe_among_runs_is_no_run(capsys):
    write_run(Path("reports/runs"), "20260101-000000", [RECORD])
    os.mkfifo("reports/runs/20270101-000000.jsonl")
    with deadline(SECONDS):
        assert main(["show"]) == OK
    assert "mine" in capsys.readouterr().out


BOMBS = {
    "aliases": "".join(
        f"{name}: &{name} [{', '.join([inner] * 9)}]\n"
        for name, inner in zip("abcdefghi", ["x", *map("*{}".format, "abcdefgh")])
    ),
    "merges": "a: &a {k: 1}\n"
    + "".join(
        f"{name}: &{name} {{<<: [{', '.join([inner] * 9)}]}}\n"
        for name, inner in zip("bcdefghi", map("*{}".format, "abcdefgh"))
    ),
    "circle": "a: &a [*a]\n",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_aliases_that_unfold_to_millions_of_values_are_refused(bomb, capsys):
    Path("bomb.yaml").write_text(BOMBS[bomb])
    with deadline(SECONDS):
        assert main(["gate", "--rules", "bomb.yaml"]) == IMPOSSIBLE
        assert "its aliases stand for more than 1,000,000 values" in capsys.readouterr().err
        assert main(["check", "bomb.yaml"]) == WORSE
    assert "aliases are not allowed" in capsys.readouterr().out


def test_a_few_aliases_are_what_they_stand_for():
    assert typed.plain_yaml("a: &a {k: 1}\nb: {<<: *a, l: [*a, *a]}\n")["b"] == {"k": 1, "l": [{"k": 1}, {"k": 1}]}


def test_yaml_that_takes_minutes_to_read_is_refused(monkeypatch):
    monkeypatch.setattr(typed, "LONGEST_SETTINGS", 10)
    assert typed.plain_yaml("a: [1, 23]") == {"a": [1, 23]}
    with pytest.raises(ValueError, match="more than 10 characters"):
        typed.plain_yaml("a: [1, 234]")


TOML_THAT_TAKES_LONG = "".join(f"k{number} = {{ a = [1, 2, 3] }}\n" for number in range(20_000))


def test_toml_that_takes_too_long_to_read_is_refused_wherever_it_is_read(monkeypatch, capsys):
    monkeypatch.setattr(typed, "LONGEST_READING", 0.01)
    Path("rules.toml").write_text(TOML_THAT_TAKES_LONG)
    with deadline(SECONDS):
        assert main(["gate", "--rules", "rules.toml"]) == IMPOSSIBLE
        assert "rules.toml: not TOML: it takes longer than 0.01 seconds to read" in capsys.readouterr().err
        Path("pyproject.toml").write_text(f"[tool.harness]\n{TOML_THAT_TAKES_LONG}")
        assert main(["gate"]) == IMPOSSIBLE
        assert "pyproject.toml: not TOML: it takes longer" in capsys.readouterr().err
    monkeypatch.setattr(typed, "LONGEST_SETTINGS", 10)
    with pytest.raises(ValueError, match="more than 10 characters"):
        typed.plain_toml("a = [1, 234]")


def test_a_policy_is_read_within_the_same_bounds(capsys):
    for name, text in BOMBS.items():
        Path(f"{name}.yaml").write_text(text)
        with deadline(SECONDS):
            assert (
                main(["run", "-e", "x", "-g", "core/product-desk-lamp-fragments", "--policy", f"{name}.yaml"]) == IMPOSSIBLE
            )
        assert "not YAML: its aliases stand for more than" in capsys.readouterr().err


def test_a_text_in_a_run_that_unpacks_to_too_much_is_damage(monkeypatch):
    monkeypatch.setattr(run_files, "_LONGEST_TEXT", 100)
    assert run_files.unpack_text(run_files.pack_text("x" * 100)) == "x" * 100
    for length in (101, 1_000_000):
        with pytest.raises(zlib.error):
            run_files.unpack_text(b64encode(zlib.compress(b"x" * length)).decode())


def test_a_line_of_a_run_that_is_too_long_is_named(monkeypatch, capsys):
    path = write_run(Path("reports/runs"), "20260101-000000", [RECORD])
    monkeypatch.setattr(run_files, "_LONGEST_LINE", 2_000)
    assert main(["show", str(path)]) == OK
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([lines[0], " " * 3_000, *lines[1:]]))
    capsys.readouterr()
    assert main(["show", str(path)]) == IMPOSSIBLE
    assert f"{path}:2: the line has more than 2,000 bytes" in capsys.readouterr().err


def test_a_golden_that_is_too_large_is_named(capsys):
    write_golden(Path("goldens"), "a", "The ferry was late.", [{"keep": "1", "as": "body"}])
    with Path("goldens/a.yaml").open("a") as file:
        file.write("#" * 1_000_000)
    assert main(["check", "goldens/a.yaml"]) == WORSE
    assert "more than 1,000,000 bytes" in " ".join(capsys.readouterr().out.split())


def test_a_text_for_a_draft_that_is_not_unicode_is_named(capsys):
    Path("text.txt").write_bytes(b"The ferry \xff was late.")
    assert main(["new", "golden", "fine/a.html", "--from-text", "text.txt"]) == IMPOSSIBLE
    assert "text.txt: not UTF-8 (byte 10)" in capsys.readouterr().err
