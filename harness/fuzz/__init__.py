"""Layouts: changes of labelled pages that carry their labels along, and what extractors make of them.

For tests of one's own (docs/fuzzing.md): `layouts(golden)` and `dumps(golden)` are Hypothesis strategies, `CI_SETTINGS` are
settings for them; these need the extra `fuzz`. `reading_of(golden, text)` says what of the main content a text holds.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.fuzz.html.strategies import layouts
    from harness.fuzz.measure.relations import Reading
    from harness.fuzz.profile import CI_SETTINGS
    from harness.fuzz.text.strategies import dumps
    from harness.goldens.golden import Golden

__all__ = ["CI_SETTINGS", "dumps", "layouts", "reading_of"]

_NEED_HYPOTHESIS = {
    "CI_SETTINGS": "harness.fuzz.profile",
    "dumps": "harness.fuzz.text.strategies",
    "layouts": "harness.fuzz.html.strategies",
}


def __getattr__(name: str) -> Any:
    """What needs the extra, loaded when it is asked for: without it, the operators work all the same."""
    if name in _NEED_HYPOTHESIS:
        return getattr(import_module(_NEED_HYPOTHESIS[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def reading_of(golden: Golden, text: str) -> Reading:
    """What a text holds of the golden's page that it was extracted from; an exception of an extractor is not for it.

    Of the reading, `leaked` is None: of a golden alone it is not known which of its texts a layout inserted.
    """
    from harness.fuzz.measure.relations import read_output, truth_of

    return read_output(truth_of(golden), "ok" if text.strip() else "empty", text)
