"""What an extractor ran with, exactly enough to install the same again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_PACKAGE = re.compile(r"[a-z0-9][a-z0-9-]*==[\w.!+-]+")
_PYTHON = re.compile(r"(?:\d+\.\d+\.\d+[\w+]*)?")
_UNRELEASED = re.compile(r"\+[0-9a-f]{24}$")  # what `installed.closure` puts behind the version of what is no release


@dataclass(frozen=True)
class Lock:
    """The packages of an environment in their versions, as far as an extractor can use them."""

    python: str = ""
    """The version of Python that ran it; empty for what is not Python."""
    packages: tuple[str, ...] = ()
    """`NAME==VERSION` of all that it requires and of what that requires in turn, sorted. The version of what did not come
    from an index ends with `+` and a hash of its code. Without requirements, all that was installed."""
    npm: str = ""
    """The `package-lock.json` of its npm packages; empty for what has none."""

    def __post_init__(self) -> None:
        """Raise ValueError for what is none: it comes from a file, and goes to an installer."""
        for package in self.packages:
            if not _PACKAGE.fullmatch(package):
                raise ValueError(f"{package!r} is not NAME==VERSION")
        if not _PYTHON.fullmatch(self.python):
            raise ValueError(f"{self.python!r} is not a version of Python")


def unreleased_packages(packages: Sequence[str]) -> list[str]:
    """The names of those packages that no index has, such as source trees."""
    return [package.partition("==")[0] for package in packages if _UNRELEASED.search(package)]


def differences(wanted: Sequence[str], found: Sequence[str]) -> list[str]:
    """What is not the same in two lists of packages: `NAME VERSION, not VERSION` for each, a dash for what is missing."""
    sides = [dict(package.split("==", 1) for package in packages) for packages in (found, wanted)]
    names = sorted({*sides[0], *sides[1]})
    return [
        f"{name} {sides[0].get(name, '–')}, not {sides[1].get(name, '–')}"
        for name in names
        if sides[0].get(name) != sides[1].get(name)
    ]
