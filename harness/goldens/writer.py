"""Writes a golden that is known by its segments as a golden file: finds the labels that say the same."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import yaml
from selectolax.lexbor import LexborHTMLParser, LexborNode

from harness.common.errors import CannotTell
from harness.goldens.golden import GOLDEN_FILE_FORMAT, Golden, resolve
from harness.goldens.labels import Label
from harness.goldens.selectors import selector
from harness.goldens.vocabulary import NO_MAIN_CONTENT, LabelVerdict
from harness.pages import visible
from harness.worker.elements import UNSEEN

_Meaning = tuple[LabelVerdict, str]
_UNNAMED: _Meaning = ("drop", "other")


class NotExpressible(CannotTell):
    """No selector tells two texts apart that have different labels; the message has one of them."""


def labels_of(golden: Golden) -> tuple[Label, ...]:
    """Labels that lay the golden's segments over its page. Raises NotExpressible."""
    labels = golden.labels if golden.page.media == "text/plain" else _selectors(golden)
    segments, wrong = resolve(golden.page, labels)
    reasons = [reason for _, reason in wrong]
    for mine, theirs in zip(segments, golden.segments, strict=True):
        if mine.text.strip() and (mine.verdict, mine.kind) != (theirs.verdict, theirs.kind):
            reasons.append(f"no selector names {mine.text.strip()[:60]!r} alone")
    if reasons:
        raise NotExpressible(reasons[0])
    return labels


def golden_text(golden: Golden, page_name: str, labels: tuple[Label, ...], comment: str = "") -> str:
    """The text of a golden file for a page that lies beside it."""
    head = {
        "golden": GOLDEN_FILE_FORMAT,
        "page": page_name,
        "sha256": golden.page.sha256,
        "media": golden.page.media,
        "lang": golden.lang,
        "kind": golden.kind,
        "site": golden.site,
        **({"url": golden.page.url} if golden.page.url else {}),
        **({"main": "none"} if NO_MAIN_CONTENT in golden.flags else {}),
    }
    top = f"# {comment}\n" if comment else ""
    rows = "".join(f"  - {flow_of(label)}\n" for label in labels)
    return f"{top}{yaml.safe_dump(head, sort_keys=False, allow_unicode=True)}labels:\n{rows}"


def _place(label: Label) -> str | list[str]:
    return label.places[0] if len(label.places) == 1 else list(label.places)


def flow_of(label: Label) -> str:
    """A label as a golden file has it, in one line."""
    rule = {label.verdict: _place(label), **label.narrowed(), "as": label.kind}
    return yaml.safe_dump(rule, default_flow_style=True, sort_keys=False, allow_unicode=True, width=1_000_000).strip()


def _selectors(golden: Golden) -> tuple[Label, ...]:
    tree = visible.parse(golden.page.content)
    elements = [node for node in tree.css("html *") if node.tag not in UNSEEN]
    # A rule for every element: the innermost one, which comes last in page order, is the one that a piece falls under.
    pieces = list(visible.pieces(tree, [[element] for element in elements]))
    for piece, segment in zip(pieces, golden.segments):
        if piece.text != segment.text:  # texts that run into each other where no mark stands between them
            raise NotExpressible(f"no selector names {segment.text.strip()[:60]!r} alone")
    if len(pieces) < len(golden.segments):  # what stands in a shadow root
        raise NotExpressible(f"no selector names {golden.segments[len(pieces)].text.strip()[:60]!r}")
    own: dict[int, list[_Meaning]] = {}
    for piece, segment in zip(pieces, golden.segments, strict=True):
        if piece.rule is not None and not piece.text.isspace():
            own.setdefault(elements[piece.rule].mem_id, []).append((segment.verdict, segment.kind))
    rules = list(_rules(tree, elements, own))
    return tuple(
        Label(verdict, tuple(place for place, _ in group), kind)
        for (verdict, kind), group in groupby(rules, key=lambda rule: rule[1])
    )


def _rules(
    tree: LexborHTMLParser, elements: list[LexborNode], own: dict[int, list[_Meaning]]
) -> Iterator[tuple[str, _Meaning]]:
    """Selectors in page order: a later one stands deeper, and wins."""
    below: dict[int, set[_Meaning]] = {}
    for element in elements:
        meanings = set(own.get(element.mem_id, ()))
        above: LexborNode | None = element
        while above is not None and meanings:
            below.setdefault(above.mem_id, set()).update(meanings)
            above = above.parent
    said: dict[int, _Meaning] = {}
    for element in elements:
        parent = element.parent
        inherited = said.get(parent.mem_id, _UNNAMED) if parent is not None else _UNNAMED
        meanings = below.get(element.mem_id, set())
        mine = own.get(element.mem_id, [])
        wanted = next(iter(meanings)) if len(meanings) == 1 else max(mine, key=mine.count) if mine else inherited
        said[element.mem_id] = wanted
        if wanted != inherited:
            yield selector(tree, element), wanted
