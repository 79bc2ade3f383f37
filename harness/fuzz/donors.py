"""Text that operators insert: main content of other goldens, and text of our own in several languages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from harness.alignment.words import page_words
from harness.fuzz.base import Donor
from harness.fuzz.grams import grams
from harness.goldens.golden import Golden
from harness.pages.words import join_words, words

DONOR_KINDS = ("related", "comment", "consent", "newsletter", "legal", "promo")
COMMENT_STYLES = ("short", "long", "article")

_FILE = Path(__file__).with_name("donors.yaml")
_STORY_GRAM = 5  # words
_SHARED = 0.02  # share of five-word sequences from which on two stories tell the same; unrelated ones share none
_MIN_WORDS = 80  # shorter texts are no stories
_HEADING_WORDS = 8


@dataclass(frozen=True)
class Wording:
    """What sites write around texts in one language."""

    lang: str
    """The language as a BCP 47 tag."""

    headings: dict[str, tuple[str, ...]]
    """Headings of sections by kind of text, the usual wording first."""

    ago: str
    """A time, such as "2 hours ago"."""

    reply: str
    """The button under a comment."""

    alt: str
    """The alternative text of a picture."""

    caption: str
    """The caption of a picture."""

    quote: str
    """A sentence to quote."""

    source: str
    """A newspaper's name."""


def languages() -> tuple[str, ...]:
    """The languages that we have text in, as tags without a region."""
    return tuple(_own())


def wording(lang: str) -> Wording:
    """The wording of a language, given as a BCP 47 tag; English where we have none."""
    primary = lang.partition("-")[0].lower()
    known = primary if primary in _own() else "en"
    entry = _own()[known]
    return Wording(
        lang=known,
        headings={kind: tuple(headings) for kind, headings in entry["headings"].items()},
        source=entry["stories"][0]["source"],
        **{key: entry[key] for key in ("ago", "reply", "alt", "caption", "quote")},
    )


@cache
def own_donors(kind: str, lang: str = "en") -> tuple[Donor, ...]:
    """Our own texts of one of DONOR_KINDS: those in the page's language, a BCP 47 tag, then those in the others."""
    if kind not in DONOR_KINDS:
        raise ValueError(f"no donors of the kind {kind!r}; there are {', '.join(DONOR_KINDS)}")
    first = wording(lang).lang
    order = [first, *(other for other in languages() if other != first)]
    return tuple(donor for each in order for donor in _donors_in(each, kind))


def comments(lang: str, style: str) -> tuple[Donor, ...]:
    """Our own comments of one of COMMENT_STYLES in a language; the author's name is the heading."""
    known = wording(lang).lang
    return tuple(Donor("comment", known, name, tuple(rest)) for name, *rest in _own()[known]["comments"][style])


def donors_from(goldens: Iterable[Golden], receiver: Golden) -> tuple[Donor, ...]:
    """The main content of other goldens as related stories for a page: those in its language first, of these
    those of its kind, then by id.

    Left out are the receiver's own site, texts of fewer than 80 words, and goldens that tell what the receiver's page or
    an earlier donor tells already, which five-word sequences show.
    """
    primary = receiver.lang.partition("-")[0]
    others = [golden for golden in goldens if golden.site != receiver.site and golden.has_main_content]
    others.sort(key=lambda golden: (golden.lang.partition("-")[0] != primary, golden.kind != receiver.kind, golden.id))
    told = set(grams(page_words(receiver).words, _STORY_GRAM))
    found = []
    for golden in others:
        own = set(grams(words(golden.main_content), _STORY_GRAM))
        if len(own) < _MIN_WORDS or len(own & told) > _SHARED * len(own):
            continue
        told |= own
        paragraphs = tuple(line.strip() for line in golden.main_content.splitlines() if line.strip())
        found.append(Donor("related", golden.lang, _heading_of(golden, paragraphs), paragraphs))
    return tuple(found)


def _heading_of(golden: Golden, paragraphs: Sequence[str]) -> str:
    titles = [segment for segment in golden.segments if segment.kind == "title" and segment.text.strip()]
    titles.sort(key=lambda segment: segment.verdict != "maybe")
    if titles:
        return " ".join(titles[0].text.split())
    return join_words(words(paragraphs[0])[:_HEADING_WORDS])


def _donors_in(lang: str, kind: str) -> Iterable[Donor]:
    entry = _own()[lang]
    if kind == "comment":
        return [donor for style in COMMENT_STYLES for donor in comments(lang, style)]
    key = {"related": "stories", "promo": "promos"}.get(kind, kind)
    items = entry[key] if isinstance(entry[key], list) else [entry[key]]
    return [Donor(kind, lang, item["heading"], tuple(item["paragraphs"])) for item in items]


@cache
def _own() -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(_FILE.read_text("utf-8"))
    return loaded
