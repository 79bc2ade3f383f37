"""Whether the extractors here are those whose figures the documentation shows."""

import re
from importlib.metadata import distributions

from factories.places import ROOT


def pinned_releases() -> bool:
    """Whether the releases that .ci/constraints.txt names are those installed here."""
    pins = re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / ".ci/constraints.txt").read_text(encoding="utf-8"), re.M)
    installed = {_name(one.metadata["Name"]): one.version for one in distributions()}
    return all(installed.get(_name(pin)) == version for pin, version in pins)


def _name(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()
