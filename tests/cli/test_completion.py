"""Completion of command lines by a shell."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from factories.tiny import runs
from harness.cli.main import main


def completed(line: str, tmp_path: Path) -> set[str]:
    """What a shell is told for this line, with the cursor at its end. A process of its own, since answering ends it."""
    told = tmp_path / "told"
    asked = {"_ARGCOMPLETE": "1", "_ARGCOMPLETE_IFS": "\n", "COMP_LINE": line, "COMP_POINT": str(len(line))}
    environment = {**os.environ, **asked, "_ARGCOMPLETE_STDOUT_FILENAME": str(told)}
    done = subprocess.run([sys.executable, "-m", "harness"], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return {word.strip() for word in told.read_text().split("\n") if word}


@pytest.mark.slow
def test_commands_options_and_names_are_completed(tiny_run, tmp_path):
    assert completed("harness s", tmp_path) == {"score", "show", "scorecard", "survey"}
    assert completed("harness run --time", tmp_path) == {"--timeout"}
    assert {"quiet", "last_line/loud"} <= completed("harness run --plugins mine.py -e ", tmp_path)
    assert completed("harness run -g ti", tmp_path) == {"tiny"}
    (stored,) = runs()
    assert completed("harness show ", tmp_path) >= {"latest", stored.stem}


def test_what_cannot_be_read_completes_nothing_and_says_nothing(tiny, tmp_path):
    assert completed("harness run --plugins absent.py -e qui", tmp_path) == set()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_script_that_names_the_program(shell, capsys):
    assert main(["completion", shell]) == 0
    assert "harness" in capsys.readouterr().out


def test_bash_takes_the_script(capsys):
    script = subprocess.run(
        [sys.executable, "-m", "harness", "completion", "bash"], capture_output=True, text=True, check=True
    ).stdout
    asked = "\ncomplete -p harness"
    done = subprocess.run(["bash", "-c", script + asked], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "harness" in done.stdout
