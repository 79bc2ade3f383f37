"""Keep nothing: perfect on pages without main content, and the lower bound on all others."""

from __future__ import annotations

from typing import Any

from harness import extractor


@extractor(requires=[], media="text/plain", licence="Apache-2.0", reference=True)
def keep_nothing(page: Any) -> str:
    """Reference: no text at all."""
    return ""
