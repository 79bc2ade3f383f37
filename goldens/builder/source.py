"""Sites as they are written by hand: a folder each, read from goldens/sites (the format is in goldens/sites/README.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from goldens.builder.rules import LOADER, Rule, reasons_against_rule

SITE_FILE = "site.yaml"
SECOND_FILE = "second.yaml"
"""The labels of a second labeller, see second.py; no page is built from it."""
_SITE_KEYS = {"site", "family", "lang", "heldout", "encoding", "labels", "data"}
_PAGE_KEYS = {"kind", "url", "lang", "main", "labels", "facts", "data"}


class SiteError(Exception):
    """A source that no page can be built from; the message says where and why."""


@dataclass(frozen=True)
class PageSource:
    """One page of a site."""

    name: str
    """Its name, which is that of its files `NAME.html` and `NAME.yaml`."""
    kind: str
    """The kind of page."""
    url: str
    """Its address; empty for none."""
    lang: str
    """Its language, that of the site if it has none of its own."""
    has_main: bool
    """Whether it has main content."""
    labels: tuple[Rule, ...]
    """Its own rules, which come behind those of the site."""
    facts: tuple[Rule, ...]
    """Its facts."""
    data: Mapping[str, Any]
    """What its template can use: the site's data and its own."""


@dataclass(frozen=True)
class SiteSource:
    """A site."""

    folder: Path
    """Where it is written."""
    site: str
    """Its host without www."""
    family: str
    """The kind of system that its pages look like, for the table of sites."""
    lang: str
    """Its language, a BCP 47 tag."""
    heldout: bool
    """Whether it belongs to the part that no extractor is tuned on."""
    encoding: str
    """The encoding of its pages."""
    labels: tuple[Rule, ...]
    """Rules for all its pages; one that names nothing on a page is left out there."""
    pages: tuple[PageSource, ...] = field(default=())
    """Its pages, by name."""

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.folder.name


def read_sites(folder: Path) -> list[SiteSource]:
    """All sites in a folder, by name. Raises SiteError."""
    return [read_site(path.parent) for path in sorted(folder.glob(f"*/{SITE_FILE}"))]


def read_site(folder: Path) -> SiteSource:
    """The site in a folder. Raises SiteError."""
    path = folder / SITE_FILE
    row = mapping_in(path, _SITE_KEYS, ("site", "family", "lang"))
    data = row.get("data") or {}
    names = sorted(file for file in folder.glob("*.yaml") if file.name not in (SITE_FILE, SECOND_FILE))
    if not names:
        raise SiteError(f"{folder}: no page: write NAME.html and NAME.yaml")
    return SiteSource(
        folder,
        row["site"],
        row["family"],
        row["lang"],
        bool(row.get("heldout", False)),
        row.get("encoding", "utf-8"),
        rules_in(path, row.get("labels")),
        tuple(_page(file, row["lang"], data) for file in names),
    )


def _page(path: Path, lang: str, data: Mapping[str, Any]) -> PageSource:
    row = mapping_in(path, _PAGE_KEYS, ("kind",))
    if not path.with_suffix(".html").is_file():
        raise SiteError(f"{path}: no template {path.stem}.html beside it")
    return PageSource(
        path.stem,
        row["kind"],
        row.get("url", ""),
        row.get("lang", lang),
        "main" not in row,
        rules_in(path, row.get("labels")),
        tuple(row.get("facts") or ()),
        {**data, **(row.get("data") or {})},
    )


def rules_in(path: Path, rules: Any) -> tuple[Rule, ...]:
    """The rules that stand in a file; none for None. Raises SiteError."""
    if not isinstance(rules or [], list):
        raise SiteError(f"{path}: labels are a list of rules, not {rules!r}")
    wrong = [f"{path}: the label {rule}: {reason}" for rule in rules or () for reason in reasons_against_rule(rule)]
    if wrong:
        raise SiteError("\n".join(wrong))
    return tuple(rules or ())


def mapping_in(path: Path, known: set[str], required: tuple[str, ...]) -> dict[str, Any]:
    """The mapping that a file is. Raises SiteError for another content, unknown keys, and required ones that are missing."""
    try:
        row = yaml.load(path.read_text("utf-8"), LOADER)
    except OSError as error:
        raise SiteError(f"{path}: cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise SiteError(f"{path}: not YAML: {error}") from None
    if not isinstance(row, dict):
        raise SiteError(f"{path}: must be a mapping with the keys {', '.join(sorted(known))}")
    if unknown := row.keys() - known:
        raise SiteError(f"{path}: unknown key {', '.join(map(repr, sorted(unknown)))}; known: {', '.join(sorted(known))}")
    if missing := [key for key in required if key not in row]:
        raise SiteError(f"{path}: key {', '.join(map(repr, missing))} is missing")
    return row
