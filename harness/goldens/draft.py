"""A draft golden for a page: a rule for each group of blocks that stand alike, with a guess at its kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from harness.common import published
from harness.common.wording import plural
from harness.goldens.blocks import KEPT, named_elements
from harness.goldens.golden import GOLDEN_FILE_FORMAT
from harness.goldens.joined import joined
from harness.pages import visible
from harness.pages.address import address_of, site_of
from harness.pages.packed import page_name
from harness.pages.page import Media, Page

_EXCERPT = 90


def draft(path: Path, page: Page, kept_lines: Mapping[int, float] | None = None, labeller: str = "", site: str = "") -> str:
    """The YAML text of a draft golden for a page that lies beside it under the name of `path`.

    kept_lines: the share of each line of the page that belongs to its main content, where that is known (see
    harness.alignment.known_text). Without it, all rules are `drop`. labeller: who will label it, if not only one person.
    site: the page's site, if it is known; else its address tells it.
    """
    tree = visible.parse(page.content) if page.media == "text/html" else None
    url = page.url or (address_of(tree) if tree else "")
    rules = _html_rules(tree, kept_lines) if tree else _text_rules(page.content, kept_lines)
    rows = [
        *([f"# yaml-language-server: $schema={published.schema_address('golden')}"] if published.OWNER else []),
        f"golden: {GOLDEN_FILE_FORMAT}",
        f"page: {_quoted(path.name)}",
        f"sha256: {page.sha256}",
        f"media: {page.media}",
        f"lang: {_quoted(page.lang or _lang(tree))}  # BCP 47",
        "kind: article  # see `harness docs labelling`",
        f"site: {_quoted(site or site_of(url) or page_name(path).stem)}  # pages of one site are resampled together",
        *([f"url: {_quoted(url)}"] if url else []),
        *([f"labeller: {labeller}"] if labeller else []),
        "labels:  # keep, maybe or drop; later rules win; kinds: harness list kinds",
        *rules,
    ]
    return "\n".join(rows) + "\n"


def rules_of(written: str) -> list[str]:
    """The lines of a draft that are rules."""
    return [row for row in written.splitlines() if row.startswith("  - {")]


def media_of(path: Path, raw: bytes) -> Media:
    """`text/html` for a file that is called or looks like HTML, else `text/plain`."""
    path = page_name(path)
    if path.suffix.lower() in {".html", ".htm", ".xhtml"}:
        return "text/html"
    if path.suffix.lower() in {".txt", ".text", ".md"}:
        return "text/plain"
    return "text/html" if raw.lstrip()[:1] == b"<" else "text/plain"


def _text_rules(content: str, kept_lines: Mapping[int, float] | None) -> Iterator[str]:
    """A rule for each line; where the main content is known, for each run of lines with one verdict."""
    lines = [(number, line) for number, line in enumerate(content.split("\n"), 1) if line.strip()]
    if kept_lines is None:
        yield from (f"  - {{drop: {number}, as: other}}  # {_excerpt([line])}" for number, line in lines)
        return
    for is_kept, group in groupby(lines, key=lambda line: kept_lines.get(line[0], 0.0) >= KEPT):
        run = list(group)
        place = f"{run[0][0]}-{run[-1][0]}" if len(run) > 1 else str(run[0][0])
        rule = f"{{keep: {place}, as: body}}" if is_kept else f"{{drop: {place}, as: other}}"
        yield f"  - {rule}  # {_excerpt([line for _, line in run])}"


def _html_rules(tree: LexborHTMLParser, kept_lines: Mapping[int, float] | None) -> Iterator[str]:
    for rule in joined(tree, named_elements(tree, kept_lines)):
        places = [_quoted(place) for place in rule.places]
        place = places[0] if len(places) == 1 else f"[{', '.join(places)}]"
        yield f"  - {{{rule.verdict}: {place}, as: {rule.kind}}}  # {_excerpt(rule.texts)}"


def _lang(tree: LexborHTMLParser | None) -> str:
    root = tree.css_first("html[lang]") if tree else None
    return (root.attributes.get("lang") if root else None) or "en"


def _quoted(text: str) -> str:
    plain = text.replace("-", "").replace(".", "").replace("_", "").isalnum() and text[0].isalpha()
    return text if plain or text.isdigit() else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _excerpt(texts: list[str] | tuple[str, ...]) -> str:
    """One line with the beginning of a text; of several, their number and the beginnings of the first and the last."""
    if len(texts) == 1:
        return _cut(texts[0], _EXCERPT)
    number = f"{plural(len(texts), 'block')}: "
    half = (_EXCERPT - len(number)) // 2
    return f"{number}{_cut(texts[0], half)} | {_cut(texts[-1], half)}"


def _cut(text: str, width: int) -> str:
    line = "".join(char if char.isprintable() else " " for char in " ".join(text.split()))
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"
