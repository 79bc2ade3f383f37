"""Programs of the system that show a page or convert it.

Lynx, the text browser, as NeMo Curator calls it for Nemotron-CC-Math, where a language model cleans its output. Source:
NVIDIA-NeMo/Curator, nemo_curator/stages/math/download/html_extractors/lynx.py at 01339ff (the options); the part of the
model is not in this recipe. w3m and Pandoc are no pipeline's recipe, but what people compare with Lynx and reach for to turn
HTML into Markdown. Their options are those of their manuals: UTF-8, and no line is wrapped.
"""

from __future__ import annotations

import subprocess
from typing import Any

from harness import extractor


def _output_of(command: str, page: Any) -> str:
    """What a program writes that reads HTML. Raises RuntimeError with its message if it fails."""
    done = subprocess.run(command.split(), input=page.html.encode(), capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command.split()[0]} failed: {done.stderr.decode(errors='replace').strip()}")
    text: str = done.stdout.decode(errors="replace")
    return text


@extractor(
    programs=["lynx"], media="text/html", homepage="https://lynx.invisible-island.net", licence="GPL-2.0", reference=True
)
def lynx(page: Any) -> str:
    """Reference: all that the text browser Lynx shows, as Nemotron-CC-Math calls it; long lines, no list of links."""
    options = "-dump -stdin -nolist -width=10000 -assume_charset=utf-8 -display_charset=utf-8 -localhost -force_html"
    return _output_of(f"lynx {options}", page)


@extractor(
    programs=["w3m"], media="text/html", homepage="https://salsa.debian.org/debian/w3m", licence="MIT", reference=True
)
def w3m(page: Any) -> str:
    """Reference: all that the text browser w3m shows, in lines that are not wrapped."""
    return _output_of("w3m -dump -T text/html -I UTF-8 -O UTF-8 -cols 10000", page)


@extractor(
    programs=["pandoc"],
    media="text/html",
    output="markdown",
    homepage="https://pandoc.org",
    licence="GPL-2.0-or-later",
    reference=True,
)
def pandoc(page: Any) -> str:
    """Reference: all of the page's body as Markdown, as the converter Pandoc writes it."""
    return _output_of("pandoc --from=html --to=commonmark+pipe_tables --wrap=none", page)
