"""The extractors behind `union:A+B` and `vote:A+B+C`: the lines of a page that one, or most, of several extractors return.

Standard library only and Python 3.8, since workers load this file by itself.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

_RUN = 3  # words; a line is in an output if half of its runs of so many words are
_WORD = re.compile(r"\w+")
_CELL = re.compile(r"[\n|\t]")


def union(page: Any, members: Sequence[dict[str, Any]]) -> str:
    """The lines of the page that at least one member returns.

    A member that fails returns nothing; where all of them fail, the error of the last is raised.
    """
    return _chosen(page, members, 1)


def vote(page: Any, members: Sequence[dict[str, Any]]) -> str:
    """The lines of the page that more than half of the members return. Failures as in `union`."""
    return _chosen(page, members, len(members) // 2 + 1)


def _chosen(page: Any, members: Sequence[dict[str, Any]], votes: int) -> str:
    outputs = [Output(text) for text in _outputs(page, members)]
    lines = [line for line in page.text.splitlines() if _WORD.search(line)]
    return "\n".join(line for line in lines if sum(output.has(line) for output in outputs) >= votes)


def _outputs(page: Any, members: Sequence[dict[str, Any]]) -> list[str]:
    found: list[str] = []
    failure: BaseException = ValueError("no members")
    for member in members:
        try:
            text = _function(member["source"], member["function"])(page, **member["options"])
            found.append(_text_of(text) if member["output"] == "html" else text)
        except MemoryError:
            raise
        except Exception as error:
            sys.stderr.write(f"{member['name']}: {type(error).__name__}: {error}\n")
            failure = error
    if not found:
        raise failure
    return found


class Output:
    """The words of an output, to look lines up in."""

    def __init__(self, text: str) -> None:
        """text: the output, as text."""
        words = _words(text)
        self._runs: set[tuple[str, ...]] = {words[start : start + _RUN] for start in range(len(words) - _RUN + 1)}
        self._cells: set[tuple[str, ...]] = {_words(cell) for cell in _CELL.split(text)}

    def has(self, line: str) -> bool:
        """Whether the output has most of a line; a short one must be a line or a cell of the output."""
        words = _words(line)
        if len(words) < _RUN:
            return words in self._cells
        runs = [words[start : start + _RUN] for start in range(len(words) - _RUN + 1)]
        return 2 * sum(run in self._runs for run in runs) >= len(runs)


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.lower()))


_LOADED: dict[tuple[str, str], Callable[..., Any]] = {}


def _function(source: str, name: str) -> Callable[..., Any]:
    """The function of a member, loaded as the worker loads one."""
    if (source, name) not in _LOADED:
        _LOADED[source, name] = _beside("worker").load(source, name)
    return _LOADED[source, name]


def _text_of(html: str) -> str:
    return str(_beside("page_text").text_of(html, _beside("elements")))


def _beside(name: str) -> Any:
    """A module in the folder of this file."""
    known = "harness_composite_" + name
    if known not in sys.modules:
        spec = importlib.util.spec_from_file_location(known, Path(__file__).with_name(name + ".py"))
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.modules[known] = module
    return sys.modules[known]
