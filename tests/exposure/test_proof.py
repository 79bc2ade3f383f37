"""A browser shows the same pixels whatever a hidden sentence says, and others where a visible one changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from factories.chromium import CHROMIUM, OPTIONS
from harness.exposure.pages import CONTAINERS, SWAPPED, Placement, positions_of
from harness.exposure.techniques import LOOKALIKES, TECHNIQUES, Technique

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium or Chrome is installed")]


@pytest.fixture(scope="module")
def pixels() -> Iterator[Callable[[str], bytes]]:
    """What paints a page from top to bottom."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        page = browser.new_page(viewport={"width": 1000, "height": 1600})

        def paint(html: str) -> bytes:
            page.set_content(html)
            return page.screenshot()

        yield paint
        browser.close()


def placed(technique: Technique) -> list[Placement]:
    """A technique at every position, in one container after the other."""
    return [
        Placement(technique, position, CONTAINERS[number % len(CONTAINERS)])
        for number, position in enumerate(positions_of(technique), [*TECHNIQUES, *LOOKALIKES].index(technique))
    ]


@pytest.mark.parametrize("technique", TECHNIQUES, ids=lambda technique: technique.name)
def test_nobody_sees_what_is_hidden(technique: Technique, pixels: Callable[[str], bytes]) -> None:
    seen = [one for one in placed(technique) if pixels(one.html()) != pixels(one.html(SWAPPED))]
    assert seen == []


@pytest.mark.parametrize("technique", LOOKALIKES, ids=lambda technique: technique.name)
def test_everybody_sees_what_only_looks_hidden(technique: Technique, pixels: Callable[[str], bytes]) -> None:
    unseen = [one for one in placed(technique) if pixels(one.html()) == pixels(one.html(SWAPPED))]
    assert unseen == []
