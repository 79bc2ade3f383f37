"""pydefuddle: a port of Defuddle to Python; see defuddle_js for the original."""

from __future__ import annotations

from typing import Any

from harness import extractor


@extractor(
    requires=["pydefuddle>=0.1"],
    media="text/html",
    output="html",
    homepage="https://github.com/phalt/pydefuddle",
    licence="MIT",
)
def pydefuddle(page: Any) -> str:
    """What is left after removing clutter (Defuddle, ported to Python)."""
    from pydefuddle import defuddle

    html: str = defuddle(page.html, url=page.url or "").content
    return html
