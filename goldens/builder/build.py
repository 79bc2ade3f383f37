"""From a site's source to its pages, and their golden files."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

import jinja2

from goldens.builder.bulk import Bulk
from goldens.builder.facts import reasons_against_facts
from goldens.builder.rules import PageRules, as_yaml, flow, idle_rules, rules_on
from goldens.builder.source import SITE_FILE, PageSource, SiteError, SiteSource
from harness.goldens.golden import GOLDEN_FILE_FORMAT
from harness.pages.packed import page_bytes
from harness.pages.page import Page

SETS = {False: "web", True: "web-heldout"}
"""The set of a site, by whether it is held out."""


@dataclass(frozen=True)
class Built:
    """A page that was built."""

    site: SiteSource
    """The site that it belongs to."""
    source: PageSource
    """What it was built from."""
    page: Page
    """The page as extractors are given it."""
    rules: PageRules
    """Its labels."""

    @property
    def name(self) -> str:
        """The golden's name: `SITE-PAGE`."""
        return f"{self.site.name}-{self.source.name}"

    @property
    def set(self) -> str:
        """Its set."""
        return SETS[self.site.heldout]

    @property
    def raw(self) -> bytes:
        """The page's bytes."""
        return self.page.raw

    @property
    def golden(self) -> str:
        """The text of its golden file."""
        return _golden(self)

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
    pages = [Page(_rendered(site, page, environment), "text/html", page.url or None, page.lang) for page in site.pages]
    rules = [rules_on(page, site.labels, source.labels) for source, page in zip(site.pages, pages)]
    if idle := idle_rules(site.labels, rules):
        raise SiteError("\n".join(f"{site.folder}/{SITE_FILE}: {reason}" for reason in idle))
    built = [Built(site, *parts) for parts in zip(site.pages, pages, rules)]
    wrong = [
        f"{site.folder}/{one.source.name}.yaml: {reason}"
        for one in built
        for reason in reasons_against_facts(one.source.facts, one.page, one.rules.segments)
    ]
    if wrong:
        raise SiteError("\n".join(wrong))
    return built


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


def _golden(built: Built) -> str:
    site, page = built.site, built.source
    head = {
        "golden": GOLDEN_FILE_FORMAT,
        "page": f"{built.name}.html.gz",
        "sha256": hashlib.sha256(built.raw).hexdigest(),
        "media": "text/html",
        "lang": page.lang,
        "kind": page.kind,
        "site": site.site,
        **({"url": page.url} if page.url else {}),
        **({} if page.has_main else {"main": "none"}),
    }
    rows = [
        f"# Built by `make goldens`: change goldens/sites/{site.name}, not this file.",
        as_yaml(head, flow=False),
        "labels:",
        *(f"  - {flow(rule)}" for rule in built.rules.rules),
    ]
    if page.facts:
        rows += ["facts:", *(f"  - {flow(fact)}" for fact in page.facts)]
    return "\n".join(rows) + "\n"
