"""What the workbench was started for, and the secrets of one start."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from functools import cached_property

from harness.workbench.agree import Agreements
from harness.workbench.desk import Desk
from harness.workbench.proposals import Voters
from harness.workbench.reading import Shelf


@dataclass(frozen=True)
class Workbench:
    """What the screens show."""

    desk: Desk
    """The goldens."""
    voters: Voters
    """Extractors that vote on their pages."""
    shelf: Shelf
    """The runs."""
    hosts: tuple[str, ...]
    """What the server is called: `127.0.0.1:PORT`."""
    password: str = ""
    """What every request needs, where other machines reach the server; empty for this machine alone."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """What data is asked for with."""
    key: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    """What the addresses of clicks hold."""

    @cached_property
    def agreements(self) -> Agreements:
        """The pages that several people have labelled."""
        return Agreements(self.desk.folders, self.desk.dumps)
