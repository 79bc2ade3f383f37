"""Keep everything: the upper bound of recall, and the score that any extractor of text dumps has to beat."""

from __future__ import annotations

from typing import Any

from harness import extractor


@extractor(requires=[], media="text/plain", licence="Apache-2.0", reference=True)
def keep_everything(page: Any) -> str:
    """Reference: the whole dump, unchanged."""
    text: str = page.text
    return text
