"""How a test of a page fails."""

from __future__ import annotations


class PageFailed(Exception):
    """What is wrong with one page, for people."""
