"""The tasks of a new user (`make stranger`) notice what goes wrong, and their commands are commands."""

import importlib.util
import os
import re
import shlex
from pathlib import Path

import pytest

from factories.places import ROOT
from harness.cli.main import parser_for

SPEC = importlib.util.spec_from_file_location("stranger", ROOT / ".ci/stranger.py")
stranger = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(stranger)


@pytest.mark.parametrize(
    "step, wrong",
    [
        (stranger.Step("cat a.txt", files={"a.txt": "pond"}, shows="^pond$"), ""),
        (stranger.Step("exit 3", code=3), ""),
        (stranger.Step("exit 3"), "exit code 3, not 0"),
        (stranger.Step("echo pond", shows="lake"), "does not show 'lake'"),
        (stranger.Step("echo pond", hides="p.nd"), "shows 'p.nd'"),
        (stranger.Step("echo Traceback >&2"), "shows a traceback"),
    ],
)
def test_a_step_that_goes_wrong_is_told(step, wrong, tmp_path):
    fault = stranger._fault(step, tmp_path, os.environ, Path())
    assert fault.endswith(wrong) and bool(fault) == bool(wrong)


def test_there_are_twelve_tasks_and_each_command_of_the_harness_is_one():
    commands = [step.command for steps in stranger.TASKS.values() for step in steps]
    called = [shlex.split(command)[1:] for command in commands if re.match("harness (?!--)", command)]
    assert len(stranger.TASKS) == 12 and len(called) > 15
    for words in called:
        parser_for(words).parse_args(words)
