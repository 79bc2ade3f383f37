"""Around the story: headings, labels that are stuck together, titles."""

from __future__ import annotations

from factories.text_layouts import lines_of, told
from harness.fuzz.text.operators.around import DropHeadings, Glue, TitleCopies, TranslateHeadings
from harness.fuzz.text.page import TextPage


def test_headings_go_and_change(page: TextPage) -> None:
    assert "Comments" not in lines_of(DropHeadings(("comment",)).apply(page))
    assert "Related Articles" in lines_of(DropHeadings(("comment",)).apply(page))
    german = lines_of(TranslateHeadings("de").apply(page))
    assert ("Kommentare" in german, "Ähnliche Artikel" in german, "Related Articles" in german) == (True, True, False)


def test_labels_are_stuck_together_and_parted(page: TextPage) -> None:
    parted = lines_of(Glue("part").apply(page))
    assert parted[3:5] == ["The Quay", "4 hours ago"]
    assert "9 minutes ago" in parted
    assert "The Mill20 minutes ago" in lines_of(Glue("glue").apply(page))


def test_titles_go_and_come(page: TextPage) -> None:
    assert lines_of(TitleCopies(remove=True).apply(page), "title") == []
    more = TitleCopies(2, suffix=True, breadcrumb=True).apply(page)
    assert lines_of(more)[1:4] == ["The bridge that hums - The Quay"] * 2 + ["The Quay > The bridge that hums"]
    assert told(more, "maybe") == told(page, "maybe")
