"""Extractors that are ready to run, and what comes of them."""

import sys
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from factories.pages import text_page
from harness.engine.answer import Answer
from harness.engine.base import Answered, EngineEvent, Task
from harness.engine.local import LocalEngine
from harness.pages.page import Page
from harness.plugins.ready import prepare
from harness.plugins.registry import Registry
from harness.plugins.runnable import Runnable
from harness.worker import worker
from harness.worker.plugin import Declaration

# Of an extractor that no test runs.
NOWHERE = Runnable("mine")


def runnable(name: str = "mine", **changes: Any) -> Runnable:
    """What stands for an extractor where its answers are given and nothing is run. changes: fields, also declared ones."""
    fields = ("media", "reference", "network", "generative", "batch", "max_input")
    declared = {field: changes.pop(field) for field in fields if field in changes}
    return replace(NOWHERE, name=name, declared=Declaration(**declared), **changes)


def python_runnable(source: Path, function: str, **changes: Any) -> Runnable:
    """A function of a file, run by this interpreter, without a look into the registry."""
    own = {
        "command": (sys.executable, worker.__file__),
        "source": str(source),
        "function": function,
        "media": "text/plain",
        "identity": f"{source}:{function}",
    }
    return runnable(function, **{**own, **changes})


def ready(names: Sequence[str], plugins: Iterable[Path] = (), **how: object) -> list[Runnable]:
    """What names stand for, ready to run, in their order; all of it must be available."""
    runnables, unavailable = prepare(Registry(plugins).select(names), **how)
    assert not unavailable, unavailable
    return runnables


def run_pages(pairs: Sequence[tuple[Runnable, Sequence[tuple[Hashable, Page]]]], **how: Any) -> Iterator[EngineEvent]:
    """What the local engine tells of extractors, each with its (key, page) pairs. how: the engine's fields."""
    return LocalEngine(**how).run([Task(key, runnable, page) for runnable, pages in pairs for key, page in pages])


def answers_of(runnable: Runnable, pages: Sequence[Page], **how: object) -> list[Answer]:
    """The answers of a real worker to pages, in their order."""
    events = run_pages([(runnable, list(enumerate(pages)))], **{"timeout": 20, **how})
    found = {event.key: event.answer for event in events if isinstance(event, Answered)}
    return [found[number] for number in range(len(pages))]


def output_of(runnable: Runnable, page: Page | None = None) -> str:
    """What comes out for one page, which must not fail."""
    (answer,) = answers_of(runnable, [page or text_page("a line of text")])
    assert answer.outcome in ("ok", "empty"), answer
    return answer.text
