"""What the engine runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.plugins.lock import Lock
from harness.worker.plugin import Declaration


@dataclass(frozen=True, eq=False)
class Runnable:
    """What a worker needs to run one extractor, and what a report says of it."""

    name: str
    """What the extractor is called."""
    command: tuple[str, ...] = ()
    """What starts the worker; empty where the output is there already."""
    source: str = ""
    """The file or module that the worker loads; empty for a program that speaks the protocol itself."""
    function: str = ""
    """The name of the function in it."""
    package: str | None = None
    """The distribution whose version is reported."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Arguments of the function other than the page."""
    output: str = "text"
    """The format of its outputs, one of harness.worker.plugin.FORMATS."""
    chooses_nodes: bool = False
    """Whether it returns numbers of elements, of which HTML is made."""
    code: str = ""
    """A hash of the plugin."""
    identity: str = ""
    """A hash of everything that can change an output: code, options, environment."""
    cache: bool | None = None
    """Whether its outputs are kept from run to run; None: if its worker reports all that it reads."""
    isolated: bool = False
    """Whether it runs in an environment that was built for it."""
    tree: str = ""
    """The beginning of a hash of the source tree or wheel that stands in for its package; empty for a release."""
    lock: Lock | None = None
    """What it runs with, as far as that can be installed again; None for what is not known or comes with the harness."""
    declared: Declaration = field(default_factory=Declaration)
    """What the extractor's author says of it."""
