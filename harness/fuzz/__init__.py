"""Layouts: changes of labelled pages that carry their labels along, and what extractors make of them.

`layouts(golden)` and `dumps(golden)` are Hypothesis strategies for tests of one's own (docs/fuzzing.md); they need the extra
`fuzz`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.fuzz.strategies_dom import layouts
    from harness.fuzz.strategies_text import dumps

__all__ = ["dumps", "layouts"]


def __getattr__(name: str) -> Any:
    """The strategies, loaded when they are asked for: without the extra, the operators work all the same."""
    if name == "layouts":
        from harness.fuzz.strategies_dom import layouts

        return layouts
    if name == "dumps":
        from harness.fuzz.strategies_text import dumps

        return dumps
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
