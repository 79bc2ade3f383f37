"""Clicks in the page: the frame runs no script, so that the server hears of them and tells the screen."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field

_LONGEST_TAB, _MOST_TABS = 32, 100
_PATIENCE = 0.8  # seconds for which a browser waits for a click before it asks again; the server ends as fast as that


@dataclass
class Picks:
    """The block that was clicked last in one tab of a browser, which waits to hear of it."""

    number: int = 0
    """How many clicks there were."""
    block: int = -1
    """The block of the last one."""
    event: asyncio.Event = field(default_factory=asyncio.Event)
    """Is set by a click."""

    def pick(self, block: int) -> None:
        """Take a click."""
        self.number, self.block = self.number + 1, block
        self.event.set()
        self.event = asyncio.Event()

    async def after(self, number: int) -> tuple[int, int | None]:
        """How many clicks there were and the block of the last one, once there were others than so many; no block if there
        were none for a while.
        """
        if self.number == number:
            try:
                await asyncio.wait_for(self.event.wait(), _PATIENCE)
            except asyncio.TimeoutError:
                return number, None
        return self.number, self.block


class Tabs:
    """The clicks in each tab of a browser, by the name that the tab has given itself."""

    def __init__(self) -> None:
        self._picks: OrderedDict[str, Picks] = OrderedDict()

    def of(self, tab: str) -> Picks:
        """Those of a tab; of many tabs, the oldest are forgotten."""
        picks = self._picks.setdefault(tab[:_LONGEST_TAB], Picks())
        while len(self._picks) > _MOST_TABS:
            self._picks.popitem(last=False)
        return picks
