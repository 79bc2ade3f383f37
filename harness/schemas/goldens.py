"""The schemas of what people write: goldens and policies."""

from __future__ import annotations

from collections.abc import Mapping

from harness.goldens.facts import CATEGORIES, NEIGHBOURS
from harness.goldens.label_reader import LABEL_KEYS, ONE_OF
from harness.goldens.vocabulary import PAGE_KINDS, TEXT_KINDS, VERDICTS
from harness.pages.page import MEDIA
from harness.pages.visible import ATTRIBUTES
from harness.schemas.dataclasses import TEXT, Schema, table

_SCALAR: Schema = {"type": ["string", "integer"]}
_PLACES: Schema = {"anyOf": [_SCALAR, {"type": "array", "items": _SCALAR, "minItems": 1}]}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_VERDICTS = {
    "keep": "an extractor must return this text",
    "maybe": "an extractor may return this text",
    "drop": "an extractor must not return this text",
}
_NARROW = [key for key in LABEL_KEYS if key != "as"]


def golden() -> Schema:
    """A golden file."""
    top = {
        "golden": {"enum": [1, 2], "description": "the version of this format"},
        "page": TEXT | {"description": "the page's file, beside this one; left out for one that must not be redistributed"},
        "sha256": TEXT | {"pattern": "^[0-9a-f]{64}$", "description": "SHA-256 of the page's bytes"},
        "media": {"enum": [*MEDIA], "description": "the page's media type"},
        "lang": TEXT | {"description": "the language of the main content: BCP 47, such as en or pt-BR"},
        "kind": _words(PAGE_KINDS, "the kind of page"),
        "site": TEXT | {"description": "the host name, without www.; pages of one site are resampled together"},
        "url": TEXT | {"description": "the page's address; extractors are given it"},
        "labeller": TEXT | {"description": "whose labels these are, of several people's"},
        "labelled": {"$ref": "#/$defs/labelled"},
        "main": {"const": "none", "description": "the page has no main content"},
        "labels": {"type": "array", "items": {"$ref": "#/$defs/label"}, "description": "later rules win"},
        "facts": {"type": "array", "items": {"$ref": "#/$defs/fact"}, "minItems": 1, "description": "single statements"},
    }
    kept = {"required": ["keep"]}
    return table(
        top,
        ("golden", "sha256", "media", "lang", "kind", "site"),
        "A page and its labels (docs/labelling.md)",
        anyOf=[{"required": [name]} for name in ("labels", "main", "facts")],
        allOf=[
            {
                "if": {"required": ["main"]},
                "then": {"properties": {"labels": {"items": {"not": kept}}}},
                "else": {"properties": {"labels": {"contains": {"anyOf": [kept, {"required": [ONE_OF]}]}}}},
            },
            {
                "if": {"properties": {"golden": {"const": 1}}},
                "then": {"not": {"anyOf": [{"required": [key]} for key in ("main", "facts", "labeller", "labelled")]}},
            },
        ],
        **{"$defs": {"label": _label(), "fact": _fact(), "labelled": _labelled()}},
    )


def policy() -> Schema:
    """A policy."""
    kinds = {kind: about for kind, about in TEXT_KINDS.items() if kind != "other"}
    lists: Schema = {
        verdict: {"type": "array", "items": _words(kinds, "a kind of text"), "description": _VERDICTS[verdict]}
        for verdict in VERDICTS
    }
    return table(lists, about="Which kinds of text belong to the main content (docs/policies.md)", minProperties=1)


def _label() -> Schema:
    where: Schema = {verdict: _PLACES | {"description": f"{_VERDICTS[verdict]}: selectors or lines"} for verdict in VERDICTS}
    one_of = {"type": "array", "items": TEXT, "minItems": 2, "description": "selectors for several notations of one thing"}
    narrow = {
        "as": _words(TEXT_KINDS, "the kind of text"),
        "text": _PLACES | {"description": "only these quotations from the elements"},
        "prefix": _SCALAR | {"description": "the words right before the text"},
        "suffix": _SCALAR | {"description": "the words right behind the text"},
        "characters": _SCALAR | {"description": "only these characters of the elements' text, such as 0:14"},
        "attribute": {"enum": [*ATTRIBUTES], "description": "the text of this attribute of the elements"},
        "property": TEXT | {"description": "a property of JSON-LD, such as articleBody"},
    }
    verdicts = [*VERDICTS, ONE_OF]
    return table(
        {**where, ONE_OF: one_of, **narrow},
        oneOf=[{"required": [verdict]} for verdict in verdicts],
        allOf=[
            *({"not": {"required": [ONE_OF, key]}} for key in _NARROW),
            {"not": {"required": ["text", "characters"]}},
            {"not": {"required": ["attribute", "property"]}},
            *({"if": {"required": [key]}, "then": _ONE_TEXT} for key in ("prefix", "suffix")),
        ],
    )


_ONE_TEXT: Schema = {"required": ["text"], "properties": {"text": _SCALAR}}


def _fact() -> Schema:
    texts = {name: _SCALAR | {"description": about} for name, about in CATEGORIES.items()}
    texts["order"] = {"type": "array", "items": _SCALAR, "minItems": 2, "description": CATEGORIES["order"]}
    options = {
        "times": _COUNT | {"description": "how often the text comes out"},
        "max_diffs": _COUNT | {"description": "how many characters may differ"},
    }
    beside = {name: _SCALAR | {"description": "the text of that cell"} for name in NEIGHBOURS}
    only = {"times": ["repeat"], "max_diffs": ["present", "absent"], **{name: ["cell"] for name in NEIGHBOURS}}
    return table(
        {**texts, **options, **beside},
        oneOf=[{"required": [name]} for name in CATEGORIES],
        allOf=[
            {"if": {"required": ["cell"]}, "then": {"anyOf": [{"required": [name]} for name in NEIGHBOURS]}},
            *(
                {"if": {"required": [option]}, "then": {"anyOf": [{"required": [name]} for name in names]}}
                for option, names in only.items()
            ),
        ],
    )


def _labelled() -> Schema:
    return table(
        {
            "labeller": TEXT | {"description": "who labelled the page"},
            "date": TEXT | {"format": "date", "pattern": r"^\d{4}-\d\d-\d\d$", "description": "the day, such as 2026-11-30"},
            "seconds": _COUNT | {"description": "how long that took"},
            "blind": {"type": "boolean", "description": "whether without seeing what extractors return"},
            "from": {"type": "array", "items": TEXT, "minItems": 2, "description": "the labellers that it was made from"},
        },
        ("labeller", "date"),
    )


def _words(known: Mapping[str, str], about: str) -> Schema:
    """One of a vocabulary's words, which editors explain by its summary."""
    return {"enum": [*known], "enumDescriptions": [*known.values()], "description": about}
