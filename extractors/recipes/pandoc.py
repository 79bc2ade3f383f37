"""Pandoc, the document converter. No pipeline's recipe, but what people reach for to turn HTML into Markdown.

The options are those of its manual: from HTML to Markdown (CommonMark, with pipe tables), each paragraph on a line.
"""

from __future__ import annotations

import subprocess
from typing import Any

from harness import extractor

COMMAND = "pandoc --from=html --to=commonmark+pipe_tables --wrap=none"


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
    done = subprocess.run(COMMAND.split(), input=page.html.encode(), capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"pandoc failed: {done.stderr.decode(errors='replace').strip()}")
    text: str = done.stdout.decode()
    return text
