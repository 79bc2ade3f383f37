"""A browser shows the same pixels whatever a hidden sentence says, and others where a visible one changes."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest

from factories.chromium import CHROMIUM, OPTIONS
from harness.exposure.pages import CONTAINERS, SWAPPED, Placement, positions_of
from harness.exposure.techniques import LOOKALIKES, TECHNIQUES, Technique

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium or Chrome is installed")]


def pixels(html: str, folder: Path) -> str:
    """A hash of the whole page as the browser paints it."""
    page, image = folder / "page.html", folder / "page.png"
    page.write_text(html, encoding="utf-8")
    image.unlink(missing_ok=True)
    command = [CHROMIUM, *OPTIONS, "--hide-scrollbars", "--window-size=1000,1500", f"--user-data-dir={folder}/profile"]
    subprocess.run([*command, f"--screenshot={image}", page.as_uri()], check=True, capture_output=True, timeout=60)
    return hashlib.sha256(image.read_bytes()).hexdigest()


def placed(technique: Technique) -> Placement:
    """A technique at one of its places: over all techniques, every position and container occurs many times."""
    number = [*TECHNIQUES, *LOOKALIKES].index(technique)
    positions = positions_of(technique)
    return Placement(technique, positions[number % len(positions)], CONTAINERS[number % len(CONTAINERS)])


@pytest.mark.parametrize("technique", TECHNIQUES, ids=lambda technique: technique.name)
def test_nobody_sees_what_is_hidden(technique: Technique, tmp_path: Path) -> None:
    placement = placed(technique)
    assert pixels(placement.html(), tmp_path) == pixels(placement.html(SWAPPED), tmp_path)


@pytest.mark.parametrize("technique", LOOKALIKES, ids=lambda technique: technique.name)
def test_everybody_sees_what_only_looks_hidden(technique: Technique, tmp_path: Path) -> None:
    placement = placed(technique)
    assert pixels(placement.html(), tmp_path) != pixels(placement.html(SWAPPED), tmp_path)
