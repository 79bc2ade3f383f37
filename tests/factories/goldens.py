"""Goldens, in memory and as files."""

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from factories.pages import text_page
from harness.goldens.golden import Golden, Segment, resolve
from harness.goldens.labels import Label
from harness.goldens.writer import golden_text
from harness.pages.page import Page

Block = tuple[str, str, str]  # verdict, kind, text


def plain_golden(text: str | None, id: str = "set/page", page: Page | None = None, **about: Any) -> Golden:
    """A golden whose main content is given as text, without labels."""
    return Golden(id, page or text_page(text or ""), **{"kind": "article", "site": "site.example", "text": text, **about})


def lined_golden(blocks: Iterable[Block], id: str = "set/page", page: Page | None = None, **about: Any) -> Golden:
    """A golden with a segment, on a line of its own, for each block."""
    segments = tuple(Segment(text, verdict, kind, line) for line, (verdict, kind, text) in enumerate(blocks))
    page = page or text_page("\n".join(segment.text for segment in segments))
    return Golden(id, page, **{"kind": "article", "site": "site.example", **about}, labelled=segments)


def labelled_golden(page: Page, labels: Iterable[Label], id: str = "set/page", **about: Any) -> Golden:
    """A golden with labels as they stand in its file; all of them must fit the page."""
    labels = tuple(labels)
    segments, wrong = resolve(page, labels)
    assert not wrong, wrong
    return Golden(id, page, **{"kind": "article", "site": "site.example", **about}, labelled=segments, labels=labels)


def write_golden(
    folder: Path, name: str, page: str, labels: Sequence[dict[str, object]], *, dump: bool = False, **about: str
) -> Path:
    """A golden as a file, with its page beside it unless it is a dump; what begins with `<` is HTML."""
    suffix, media = ("html", "text/html") if page.startswith("<") else ("txt", "text/plain")
    folder.mkdir(parents=True, exist_ok=True)
    described: dict[str, object] = {"golden": 1}
    if not dump:
        (folder / f"{name}.{suffix}").write_text(page, encoding="utf-8")
        described["page"] = f"{name}.{suffix}"
    described |= {"sha256": sha256(page.encode()).hexdigest(), "media": media}
    described |= {"lang": "en", "kind": "article", "site": "a.example", **about, "labels": labels}
    file = folder / f"{name}.yaml"
    file.write_text(json.dumps(described, indent=1, ensure_ascii=False), encoding="utf-8")
    return file


def write_goldens(folder: Path, texts: Sequence[str]) -> Path:
    """A set of goldens, one text page for each text, of which everything is to be kept."""
    for number, text in enumerate(texts):
        labels: list[dict[str, object]] = [{"keep": f"1-{len(text.splitlines())}", "as": "body"}]
        write_golden(folder, f"page-{number}", text, labels, site="quay.example")
    return folder


def save_golden(folder: Path, golden: Golden, name: str) -> Path:
    """A labelled golden as a file, with its page beside it."""
    page = f"{name}.html" if golden.page.media == "text/html" else f"{name}.txt"
    folder.mkdir(exist_ok=True)
    (folder / page).write_bytes(golden.page.raw)
    file = folder / f"{name}.yaml"
    file.write_text(golden_text(golden, page, golden.labels), encoding="utf-8")
    return file
