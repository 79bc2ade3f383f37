"""What the engine runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, eq=False)
class Runnable:
    """What a worker needs to run one extractor, and what a report says of it.

    `command` starts the worker; `source` and `function` tell it what to load (empty for a program that speaks the
    protocol itself); `package` is the distribution whose version it reports. `code` is a hash of the plugin, `identity` one
    of everything that can change an output: code, options, environment. `output` is the format that it returns, one of
    harness.worker.plugin.FORMATS.
    """

    name: str
    command: tuple[str, ...]
    source: str
    function: str
    package: str | None
    options: Mapping[str, Any]
    media: str
    reference: bool
    network: bool
    code: str
    identity: str
    output: str = "text"
