"""Goldens as text, right until a test changes them, and what `harness check` says of them."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from harness.cli.main import main

HTML = """<!DOCTYPE html><title>Ferry</title><nav>Home</nav>
<article><h1>The ferry is back</h1><p>It left at dawn.</p><p>Nobody waved.</p></article>"""
TEXT = "Home\n\nThe ferry is back\nPORT (X) - It left at dawn.\nNobody waved.\n   \nAll rights reserved"
HTML_RULES = """\
  - {keep: "article p", as: body}
  - {maybe: h1, as: title}
  - {drop: nav, as: navigation}
"""
TEXT_RULES = """\
  - {keep: 4-5, as: body}
  - {maybe: "4[0:11]", as: dateline}
  - {maybe: 3, as: title}
  - {drop: [1, 7], as: footer}
"""


def golden_text(page: str, rules: str, name: str | None = "ferry.html", media: str = "text/html") -> str:
    return f"""golden: 1
{f"page: {name}" if name else "# no page"}
sha256: {hashlib.sha256(page.encode()).hexdigest()}
media: {media}
lang: en
kind: article
site: harbour.example
labels:
{rules}"""


def write(path: str, page: str | bytes = HTML, yaml: str | None = None) -> Path:
    """A golden with its page `ferry.html` beside it."""
    golden = Path(path)
    golden.parent.mkdir(parents=True, exist_ok=True)
    (golden.parent / "ferry.html").write_bytes(page if isinstance(page, bytes) else page.encode())
    golden.write_bytes((yaml or golden_text(HTML, HTML_RULES)).encode("utf-8", "surrogateescape"))
    return golden


def check(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str], str]:
    """Exit code, the lines that tell of mistakes, and everything that was printed."""
    code = main(["check", *arguments])
    printed = capsys.readouterr()
    lines = (printed.out + printed.err).splitlines()
    return code, [line for line in lines if re.match(r"\S+\.ya?ml[:\d]*: ", line)], "\n".join(lines)
