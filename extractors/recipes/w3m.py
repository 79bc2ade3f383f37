"""w3m, a text browser that lays out tables. No pipeline's recipe, but what people compare with Lynx.

The options are those of its manual: a dump of HTML in UTF-8, so wide that no line is wrapped.
"""

from __future__ import annotations

import subprocess
from typing import Any

from harness import extractor

COMMAND = "w3m -dump -T text/html -I UTF-8 -O UTF-8 -cols 10000"


@extractor(
    programs=["w3m"], media="text/html", homepage="https://salsa.debian.org/debian/w3m", licence="MIT", reference=True
)
def w3m(page: Any) -> str:
    """Reference: all that the text browser w3m shows, in lines that are not wrapped."""
    done = subprocess.run(COMMAND.split(), input=page.html.encode(), capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"w3m failed: {done.stderr.decode(errors='replace').strip()}")
    text: str = done.stdout.decode(errors="replace")
    return text
