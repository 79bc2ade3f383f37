"""What `import harness` offers is documented, typed and quiet, and no name of it is a room."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import json
import re
import subprocess
import sys
import typing
from pathlib import Path

import pytest

import harness

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/api.md").read_text(encoding="utf-8")
ROOMS = {path.name for path in (ROOT / "harness").iterdir() if path.is_dir()}
FUNCTIONS = [name for name in harness.__all__ if inspect.isfunction(getattr(harness, name))]


def test_the_page_lists_the_public_names_and_no_other() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", PAGE, re.M)
    assert sorted(listed) == sorted(harness.__all__)


def test_the_page_names_all_parameters() -> None:
    for name in set(FUNCTIONS) - {"extractor"}:
        (listed,) = re.findall(rf"^{name}\((.*)\)$", PAGE, re.M)
        assert [word for word in listed.split(", ") if word != "*"] == list(
            inspect.signature(getattr(harness, name)).parameters
        )


def test_what_the_page_says_that_types_hold_is_there() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", PAGE.partition("## Types")[2].partition("## Errors")[0], re.M)
    assert rows
    for name, holds in rows:
        kind = getattr(harness, name)
        known = {*dir(kind), *(field.name for field in dataclasses.fields(kind))}
        # What stands in brackets are the keys of an attribute.
        without = re.sub(r" \([^)]*`[^)]*\)", "", holds)
        assert {*re.findall(r"`(\w+)(?:\(\))?`", without)} <= known, name


def test_no_public_name_is_a_room() -> None:
    for room in sorted(ROOMS - {"bundled", "__pycache__"}):
        importlib.import_module(f"harness.{room}")
    assert not ROOMS & {*harness.__all__}
    assert all(not inspect.ismodule(getattr(harness, name)) for name in harness.__all__)


@pytest.mark.parametrize("name", harness.__all__)
def test_a_public_name_is_documented(name: str) -> None:
    assert (getattr(harness, name).__doc__ or "").strip()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_public_function_is_typed(name: str) -> None:
    function = getattr(harness, name)
    hints = typing.get_type_hints(function)
    assert {*inspect.signature(function).parameters, "return"} <= {*hints}


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing_of_that_name"):
        harness.nothing_of_that_name  # noqa: B018


def test_importing_loads_nothing_heavy_and_using_it_no_terminal() -> None:
    code = (
        "import json, sys, harness\n"
        "first = sorted(m for m in sys.modules if m.startswith('harness'))\n"
        "harness.score('one two', 'one'); harness.run; harness.judge; harness.compare; harness.read_goldens\n"
        "print(json.dumps([first, sorted({'argparse', 'rich'} & {*sys.modules})]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    first, terminal = json.loads(done.stdout)
    assert first == ["harness"]
    assert terminal == []
