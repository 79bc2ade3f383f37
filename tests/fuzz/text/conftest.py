"""A dump that can be read."""

from __future__ import annotations

import pytest

from factories.text_layouts import DUMP, DUMP_LABELS, dump_golden
from harness.fuzz.text.page import TextPage


@pytest.fixture
def page() -> TextPage:
    return TextPage.of(dump_golden(DUMP, DUMP_LABELS))
