"""Every command that takes the name of a run answers a wrong one with the same exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories.records import record, run_of, store
from harness.cli.main import main
from harness.common.errors import CANNOT_TELL, IMPOSSIBLE

COMMANDS = {
    "show": ["show", "RUN"],
    "show --page": ["show", "RUN", "--page", "set/0001", "-e", "x"],
    "show --page without -e": ["show", "RUN", "--page", "set/0001"],
    "accept": ["accept", "RUN"],
    "gate": ["gate", "RUN"],
    "merge": ["merge", "RUN", "RUN"],
    "scorecard": ["scorecard", "RUN", "-o", "card.html"],
    "compare --run": ["compare", "x", "y", "--run", "RUN"],
    "reproduce --run": ["reproduce", "aeb", "--run", "RUN"],
    "run --resume": ["run", "--resume", "RUN"],
}


@pytest.fixture(params=list(COMMANDS))
def said(request, tmp_path, monkeypatch, capsys):
    """Calls one command with the name of a run: the exit code, and what it says of it."""
    monkeypatch.chdir(tmp_path)

    def call(run: str) -> tuple[int, str]:
        code = main([run if word == "RUN" else word for word in COMMANDS[request.param]])
        return code, "".join(capsys.readouterr())

    return call


@pytest.mark.parametrize("name", ["nowhere", "latest~7"])
def test_a_name_that_no_run_has_is_an_invalid_request(said, name):
    store(run_of(record("x", "set/0001"), record("y", "set/0001")))
    code, message = said(name)
    assert code == IMPOSSIBLE
    assert f"no run '{name}'" in message


def test_a_file_that_is_not_a_run_is_an_invalid_request(said):
    Path("notes.txt").write_text("not a run\n")
    code, message = said("notes.txt")
    assert code == IMPOSSIBLE
    assert "notes.txt:1: not a line of a run: not JSON" in message


def test_without_any_run_the_latest_cannot_be_told(said):
    code, message = said("latest")
    assert code == CANNOT_TELL
    assert "no run in reports/runs" in message
