"""Extractors that installed packages offer."""

import pytest

from factories.extractors import run_pages
from factories.plugins import reasons_of
from harness.engine.base import Answered, Loaded
from harness.pages.page import Page
from harness.plugins.ready import prepare
from harness.plugins.registry import Registry


def test_an_installed_package_offers_extractors(install):
    install(
        "fancy-extractors",
        {"fancy": "fancy_module:fancy", "plain": "fancy_module:undeclared"},
        {
            "fancy_module": "from harness import extractor\n"
            "@extractor(requires=['fancy-extractors>=1'], media='text/plain')\n"
            "def fancy(page): return page.text.upper()\n"
            "def undeclared(page): return page.text.lower()\n"
        },
    )
    registry = Registry()
    assert "fancy-extractors" in registry.plugins["fancy"].origin
    runnables, _ = prepare(registry.select(["fancy", "plain"]))
    events = list(run_pages([(r, [("key", Page(b"Text", "text/plain"))]) for r in runnables]))
    assert {event.runnable.name: event.answer.text for event in events if isinstance(event, Answered)} == {
        "fancy": "TEXT",
        "plain": "text",
    }
    assert {event.runnable.name: event.version for event in events if isinstance(event, Loaded)} == {
        "fancy": "1.5",
        "plain": "1.5",
    }


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("absent_module_of_it:run", "absent_module_of_it"),
        ("odd_module:absent", "absent"),
        ("odd_module:number", "odd"),
        ("odd_module", "odd"),
    ],
)
def test_a_package_whose_extractor_cannot_be_loaded_is_named(install, value, words):
    install("odd-extractors", {"odd": value}, {"odd_module": "number = 3\n"})
    (reason,) = reasons_of()
    assert "odd-extractors" in reason
    assert words in reason


def test_a_package_with_the_name_of_a_built_in_is_an_error_naming_both(install):
    install("rival", {"keep_nothing": "rival_module:run"}, {"rival_module": "def run(page): return ''\n"})
    (reason,) = reasons_of()
    assert "built in (keep_nothing.py)" in reason
    assert "package rival" in reason


def test_a_release_of_an_installed_package_without_requirements_is_that_of_the_package(install):
    install("plain-extractors", {"plain": "plain_module:plain"}, {"plain_module": "def plain(page): return ''\n"})
    (selection,) = Registry().select(["plain@1.4"])
    assert selection.requires == ("plain-extractors==1.4",)
