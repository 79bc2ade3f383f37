"""Changes of text dumps: T1 to T26.

To add an operator, write its class into a file here; harness.fuzz.catalogue finds it.
"""

from __future__ import annotations

from dataclasses import dataclass

from harness.fuzz.base import Operator
from harness.fuzz.text.page import TextPage


@dataclass(frozen=True)
class TextOperator(Operator[TextPage]):
    """A change of a text dump."""

    media = "text/plain"
