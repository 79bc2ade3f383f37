"""From a site's source to its pages, and their golden files."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import yaml
from selectolax.lexbor import LexborHTMLParser

from goldens.builder.bulk import Bulk
from goldens.builder.source import LOADER, SITE_FILE, PageSource, SiteError, SiteSource
from harness.goldens.golden import GOLDEN_FILE_FORMAT, resolve
from harness.goldens.label_reader import ONE_OF, labels_of_entries
from harness.goldens.labels import Label
from harness.goldens.vocabulary import VERDICTS
from harness.pages import visible
from harness.pages.packed import page_bytes
from harness.pages.page import Page

SETS = {False: "web", True: "web-heldout"}
"""The set of a site, by whether it is held out."""


@dataclass(frozen=True)
class Built:
    """A page that was built."""

    name: str
    """The golden's name: `SITE-PAGE`."""
    set: str
    """Its set."""
    raw: bytes
    """The page."""
    golden: str
    """The text of its golden file."""

    def page_path(self, folder: Path) -> Path:
        """Where the page lies, packed, in the folder of all sets."""
        return folder / self.set / f"{self.name}.html.gz"

    def golden_path(self, folder: Path) -> Path:
        """Where its golden lies."""
        return folder / self.set / f"{self.name}.yaml"


def build(site: SiteSource) -> list[Built]:
    """The pages of a site; the same bytes each time and everywhere. Raises SiteError."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(site.folder),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    raws = [_rendered(site, page, environment) for page in site.pages]
    rules = [_rules(site, page, raw) for page, raw in zip(site.pages, raws)]
    used = {number for _, numbers in rules for number in numbers}
    if idle := [dict(rule) for number, rule in enumerate(site.labels) if number not in used]:
        where = f"{site.folder}/{SITE_FILE}"
        raise SiteError("\n".join(f"{where}: the label {rule} has an effect on no page" for rule in idle))
    return [
        Built(f"{site.name}-{page.name}", SETS[site.heldout], raw, _golden(site, page, raw, page_rules))
        for page, raw, (page_rules, _) in zip(site.pages, raws, rules)
    ]


def write(built: Built, folder: Path) -> None:
    """Write a page and its golden below the folder of all sets.

    A packed page that holds the same bytes already stays: other releases of zlib pack differently.
    """
    page, golden = built.page_path(folder), built.golden_path(folder)
    page.parent.mkdir(parents=True, exist_ok=True)
    if not page.is_file() or page_bytes(page) != built.raw:
        page.write_bytes(gzip.compress(built.raw, compresslevel=9, mtime=0))
    golden.write_text(built.golden, "utf-8")


def _rendered(site: SiteSource, page: PageSource, environment: jinja2.Environment) -> bytes:
    values = {"site": site.site, "page": page.name, "lang": page.lang, "url": page.url, **page.data}
    try:
        text = environment.get_template(f"{page.name}.html").render(values, bulk=Bulk(site.name, page.name))
        return text.encode(site.encoding)
    except jinja2.TemplateSyntaxError as error:
        raise SiteError(f"{error.filename}:{error.lineno}: {error.message}") from None
    except jinja2.TemplateError as error:
        raise SiteError(f"{site.folder}/{page.name}.html: {error}") from None
    except UnicodeEncodeError as error:
        character = error.object[error.start]
        raise SiteError(f"{site.folder}/{page.name}.html: {site.encoding} has no {character!r}: write a reference") from None


def _rules(site: SiteSource, page: PageSource, raw: bytes) -> tuple[list[Mapping[str, Any]], set[int]]:
    """The rules of a page, those of its site that have an effect on it and then its own; and the numbers of the former."""
    built = Page(raw, "text/html", lang=page.lang)
    tree = built.tree()
    ours = [(number, _on_page(row, tree)) for number, row in enumerate(site.labels)]
    rows = [(number, row) for number, row in ours if row] + [(-1, row) for row in page.labels]
    labels = [label for place, (_, row) in enumerate(rows) for label in _labels_of(row, place)]
    _, wrong = resolve(built, labels)
    idle = {label.row for label, reason in wrong if reason.startswith("has no effect")}
    used = [(number, row) for place, (number, row) in enumerate(rows) if number < 0 or place not in idle]
    return [row for _, row in used], {number for number, _ in used}


def _on_page(row: Mapping[str, Any], tree: LexborHTMLParser) -> dict[str, Any]:
    """A rule of a site with those of its places that the page has; empty if it has none."""
    verdict = next((key for key in (*VERDICTS, ONE_OF) if key in row), "")
    places = [row[verdict]] if isinstance(row.get(verdict), str) else list(row.get(verdict, ()))
    found = [place for place in places if visible.select(tree, place)]
    return {**row, verdict: found[0] if len(found) == 1 else found} if found else {}


def _labels_of(row: Mapping[str, Any], number: int) -> Iterator[Label]:
    node: Any = yaml.compose(_yaml(row), Loader=LOADER)
    yield from labels_of_entries({key.value: value for key, value in node.value}, number)


def _golden(site: SiteSource, page: PageSource, raw: bytes, rules: list[Mapping[str, Any]]) -> str:
    head = {
        "golden": GOLDEN_FILE_FORMAT,
        "page": f"{site.name}-{page.name}.html.gz",
        "sha256": hashlib.sha256(raw).hexdigest(),
        "media": "text/html",
        "lang": page.lang,
        "kind": page.kind,
        "site": site.site,
        **({"url": page.url} if page.url else {}),
        **({} if page.has_main else {"main": "none"}),
    }
    rows = [
        f"# Built by `make goldens`: change goldens/sites/{site.name}, not this file.",
        _yaml(head, flow=False),
        "labels:",
        *(f"  - {_yaml(rule)}" for rule in rules),
    ]
    if page.facts:
        rows += ["facts:", *(f"  - {_yaml(fact)}" for fact in page.facts)]
    return "\n".join(rows) + "\n"


def _yaml(value: Mapping[str, Any], *, flow: bool = True) -> str:
    text: str = yaml.safe_dump(dict(value), default_flow_style=flow, sort_keys=False, allow_unicode=True, width=1_000_000)
    return text.strip()
