"""A search that several files look at."""

import pytest

from factories.extractor_searches import findings_of
from factories.layouts import html_golden


@pytest.fixture(scope="session")
def lost_in_aside():
    return findings_of("aside_with_links", [html_golden()], ("D1", "D2", "D5", "D15", "D33"))
