"""Names in tables: shortened where they are long, and never so that two of them look alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

LONGEST_NAME = 40
"""Characters of a name that a terminal shows, unless that would hide what tells it from another."""


def short_names(names: Sequence[str], longest: int = LONGEST_NAME) -> dict[str, str]:
    """Each name as it is shown: whole if it is short, else cut at its end, or in the middle, or not at all, so that all
    that are different look different."""
    known = list(dict.fromkeys(names))
    tail = longest // 2
    cuts = (lambda name: f"{name[: longest - 1]}…", lambda name: f"{name[: longest - tail - 1]}…{name[-tail:]}", str)
    shown: dict[str, str] = {}
    for cut in cuts:
        tried = {name: name if len(name) <= longest else cut(name) for name in known if name not in shown}
        often = Counter([*tried.values(), *shown.values()])
        shown |= {name: text for name, text in tried.items() if often[text] == 1}
    return {name: shown.get(name, name) for name in known}
