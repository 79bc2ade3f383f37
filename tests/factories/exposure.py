"""Extractors that obey some ways to hide text, and a catalogue of six ways."""

from pathlib import Path

import pytest

from harness.exposure import measure, pages

SOURCE = r"""
import re
from harness import extractor

def visible(html):
    html = re.sub(r"<(script|style|template).*?</\1>|<!--.*?-->", " ", html, flags=re.S)
    return " ".join(re.sub("<[^>]*>", " ", html).split())

@extractor
def everything(page):
    return page.html

@extractor
def attributes_aside(page):
    return visible(page.html)

@extractor
def obeys_hidden(page):
    return visible(re.sub(r"<(\w+) hidden>.*?</\1>", " ", page.html, flags=re.S))

@extractor
def drops_aria(page):
    return visible(re.sub(r'<(\w+) aria-hidden="true">.*?</\1>', " ", page.html, flags=re.S))

@extractor
def fails_in_tables(page):
    if 'class="layout"' in page.html:
        raise ValueError("a table")
    return visible(page.html)

@extractor
def nothing(page):
    return ""
"""
NAMES = ("plain", "aria-hidden", "hidden-attribute", "template", "comment", "json-ld")


def few_techniques(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of extractors in an empty current folder; six techniques are all that there are."""
    chosen = [one for one in pages.placements() if one.technique.name in NAMES]
    monkeypatch.setattr(measure, "placements", lambda: iter(chosen))
    monkeypatch.setattr("harness.cli.commands.exposure.placements", lambda: iter(chosen))
    monkeypatch.chdir(folder)
    source = folder / "mine.py"
    source.write_text(SOURCE)
    return source
