"""The extractors of tests/bad_extractors/faulty.py, and pages that ask for their faults."""

from pathlib import Path

from factories.extractors import python_runnable
from factories.pages import text_page
from factories.places import FAULTY
from harness.engine import local
from harness.pages.page import Page
from harness.plugins.runnable import Runnable

MEMORY = 400 * 1024**2


def bad_extractor(function: str, source: Path = FAULTY, **options: object) -> Runnable:
    return python_runnable(source, function, options=options)


def fault_page(name: str, url: str | None = None) -> Page:
    return text_page(f"fault: {name}\n", url)


def by_page(events):
    return {(event.runnable.name, event.key): event.answer for event in events if isinstance(event, local.Result)}
