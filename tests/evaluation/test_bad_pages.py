"""Pages that no one should serve: every extractor has a record for each, and nothing raises."""

import pytest

from factories.extractors import ready
from harness.engine.answer import OUTCOMES
from harness.engine.local import LocalEngine
from harness.evaluation.evaluate import evaluate
from harness.goldens.golden import Golden, resolve
from harness.goldens.labels import Label
from harness.metrics import USUAL_METRICS
from harness.pages.page import Page
from harness.runs.record import Record

STORY = "The ferry was late again because the winch had frozen overnight, and nobody on the island had a spare one."
PARAGRAPH = f"<p>{STORY}</p>"
MEGABYTE = 1_000_000

HTML_PAGES = {
    "20 MB in one attribute": f'{PARAGRAPH}<img src="data:image/png;base64,{"A" * (20 * MEGABYTE)}">'.encode(),
    "20 MB of script": f"{PARAGRAPH}<script>{'x=1;' * (5 * MEGABYTE)}</script>".encode(),
    "empty": b"",
    "only a NUL": b"\0",
    "NUL bytes": PARAGRAPH.replace(" ", " \0").encode() + b"\0" * 1000,
    "invalid UTF-8": PARAGRAPH.encode() + b"<p>\xff\xfe\xc3(\xed\xa0\x80 caf\xe9</p>",
    "UTF-16": PARAGRAPH.encode("utf-16"),
    "5,000 deep": b"<div>" * 5000 + PARAGRAPH.encode() + b"</div>" * 5000,
    "5,000 open inline elements": b"<b><i>" * 2500 + PARAGRAPH.encode(),
    "one line of 1 MB": PARAGRAPH.encode() + b"<p>" + b"spam, " * (MEGABYTE // 6) + b"</p>",
    "not HTML": b"%PDF-1.7\n\x00\x01\x02",
}
TEXT_PAGES = {
    "one line of 1 MB": (STORY + " spam" * (MEGABYTE // 5)).encode(),
    "100,000 blank lines": (STORY + "\n" * 100_000).encode(),
    "empty": b"",
    "NUL bytes": (STORY + "\0\0\0").encode(),
    "invalid UTF-8": STORY.encode() + b" \xff\xfe",
}


def golden(name: str, raw: bytes, media: str) -> Golden:
    """A golden that keeps the story where the page has it, and measures an empty gold where it does not."""
    page = Page(raw, media)
    place = "p:first-of-type" if media == "text/html" else f"1[0:{len(STORY)}]"
    segments, _ = resolve(page, [Label("keep", (place,), "body")])
    return Golden(f"bad/{media} {name}", page, "article", "bad.example", segments)


@pytest.fixture(scope="module")
def goldens() -> list[Golden]:
    pages = [("text/html", HTML_PAGES), ("text/plain", TEXT_PAGES)]
    return [golden(name, raw, media) for media, group in pages for name, raw in group.items()]


def records_of(extractor: str, goldens: list[Golden]) -> dict[str, Record]:
    events = evaluate(goldens, ready([extractor]), engine=LocalEngine(timeout=300))
    return {event.golden: event for event in events if isinstance(event, Record)}


def assert_sound(records: dict[str, Record], goldens: list[Golden]) -> None:
    assert records.keys() == {golden.id for golden in goldens}
    for record in records.values():
        assert record.outcome in OUTCOMES
        assert record.scores.keys() == set(USUAL_METRICS)
        unbounded = {"WER", "CER"}
        shares = [value for name, value in record.scores.items() if name not in unbounded and value is not None]
        assert all(0 <= value <= 1 for value in shares), record.golden


def test_keep_everything_answers_every_bad_page(goldens):
    records = records_of("keep_everything", goldens)
    assert_sound(records, goldens)
    empty = {"bad/text/html empty", "bad/text/plain empty"}
    for id in empty:
        assert (records[id].outcome, records[id].scores["F"]) == ("empty", 1.0)
    story_words = len(STORY.replace(",", "").replace(".", "").split())
    for id in records.keys() - empty:
        wanted = {segment.verdict for golden in goldens if golden.id == id for segment in golden.segments}
        assert records[id].outcome in ("ok", "empty"), (id, records[id].error)
        if "keep" in wanted:
            assert records[id].scores["R"] == 1.0, id
            assert records[id].counts["kept"] == story_words or "NUL" in id or "UTF-16" in id
    assert records["bad/text/html 20 MB in one attribute"].scores["F"] == 1.0
    assert records["bad/text/html 5,000 deep"].scores["F"] == 1.0


@pytest.mark.slow
@pytest.mark.parametrize("library", ["trafilatura", "readability"])
def test_a_real_extractor_has_a_record_for_every_bad_page(goldens, library):
    pytest.importorskip(library)
    name = {"readability": "readability_lxml"}.get(library, library)
    records = records_of(name, goldens)
    assert_sound(records, goldens)
    if library == "trafilatura":
        assert records["bad/text/html 20 MB in one attribute"].scores["R"] == 1.0
        assert STORY in records["bad/text/html invalid UTF-8"].text
