"""Layouts: changes of labelled pages that carry their labels along, and what extractors make of them.

For tests of your own (docs/fuzzing.md): `layouts(golden)` and `dumps(golden)` are Hypothesis strategies, `CI_SETTINGS` are
settings for them; these need the extra `fuzz`. `reading_of(golden, text)` says what of the main content a text holds.
For operators of your own (docs/extending.md): `TextOperator`, `DomOperator`, `DoesNotApply`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.fuzz.base import DoesNotApply
    from harness.fuzz.html.operators import DomOperator
    from harness.fuzz.measure.relations import OutputReading
    from harness.fuzz.profile import CI_SETTINGS
    from harness.fuzz.strategies import dumps, layouts
    from harness.fuzz.text.operators import TextOperator
    from harness.goldens.golden import Golden

__all__ = ["CI_SETTINGS", "DoesNotApply", "DomOperator", "TextOperator", "dumps", "layouts", "reading_of"]

_HOMES = {
    "CI_SETTINGS": "harness.fuzz.profile",
    "DoesNotApply": "harness.fuzz.base",
    "DomOperator": "harness.fuzz.html.operators",
    "TextOperator": "harness.fuzz.text.operators",
    "dumps": "harness.fuzz.strategies",
    "layouts": "harness.fuzz.strategies",
}


def __getattr__(name: str) -> Any:
    """A public name, loaded when it is asked for: some need the extra, and the others work without it."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def reading_of(golden: Golden, text: str) -> OutputReading:
    """What a text holds of the golden's page that it was extracted from; an exception of an extractor is not for it.

    Of the reading, `leaked` is None: of a golden alone it is not known which of its texts a layout inserted.
    """
    from harness.fuzz.measure.relations import read_output, truth_of

    return read_output(truth_of(golden), "ok" if text.strip() else "empty", text)
