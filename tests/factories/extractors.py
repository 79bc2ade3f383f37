"""Extractors that are ready to run, and what comes of them."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from factories.pages import text_page
from harness.engine import local
from harness.engine.answer import Answer
from harness.pages.page import Page
from harness.plugins.ready import prepare
from harness.plugins.registry import Registry
from harness.plugins.runnable import Runnable
from harness.worker import worker

# Of an extractor that no test runs.
NOWHERE = Runnable("mine", (), "", "", None, {}, "text/html", reference=False, network=False, code="", identity="")


def runnable(name: str = "mine", **changes: Any) -> Runnable:
    """What stands for an extractor where its answers are given and nothing is run."""
    return replace(NOWHERE, name=name, **changes)


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


def answers_of(runnable: Runnable, pages: Sequence[Page], **how: object) -> list[Answer]:
    """The answers of a real worker to pages, in their order."""
    events = local.run([(runnable, list(enumerate(pages)))], **{"jobs": 1, "timeout": 20, **how})
    found = {event.key: event.answer for event in events if isinstance(event, local.Result)}
    return [found[number] for number in range(len(pages))]


def output_of(runnable: Runnable, page: Page | None = None) -> str:
    """What comes out for one page, which must not fail."""
    (answer,) = answers_of(runnable, [page or text_page("a line of text")])
    assert answer.outcome in ("ok", "empty"), answer
    return answer.text
