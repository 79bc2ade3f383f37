"""Characters of a dump."""

from __future__ import annotations

from factories.text_layouts import lines_of
from harness.fuzz.text.operators.characters import Characters
from harness.fuzz.text.page import TextPage


def test_characters(page: TextPage) -> None:
    def line(form: str) -> str:
        return lines_of(Characters((form,)).apply(page), "body")[1]

    assert line("quotes").startswith("“It started in May,” said")
    assert line("soft hyphens") == '"It started in May," said the warden. He keeps a tuning fork now.'
    assert "foot\u00adbridge" in Characters(("soft hyphens",)).apply(page).content
    assert " " not in Characters(("no-break",)).apply(page).content
    assert "–" in Characters(("dashes",)).apply(page).content
