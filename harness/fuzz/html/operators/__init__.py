"""Changes of HTML pages: D1 to D54. D37 is the composition of others, and D40 is asked of extractors, not of pages.

To add an operator, write its class into a file here; harness.fuzz.catalogue finds it.
"""

from __future__ import annotations

from dataclasses import dataclass

from harness.fuzz.base import Operator
from harness.fuzz.html.page import DomPage


@dataclass(frozen=True)
class DomOperator(Operator[DomPage]):
    """A change of an HTML page."""

    media = "text/html"
