"""What is installed in an environment, and fingerprints of it and of files."""

from __future__ import annotations

import hashlib
import json
import platform
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

OURS = "extraction-harness"
_NAME = re.compile(r"^Name:[ \t]*(\S+)[ \t]*$", re.MULTILINE | re.IGNORECASE)  # of a distribution, in its core metadata
_VERSION = re.compile(r"^Version:[ \t]*(\S+)[ \t]*$", re.MULTILINE | re.IGNORECASE)
_REQUIRES = re.compile(r"^Requires-Dist:(.*(?:\n[ \t]+.*)*)", re.MULTILINE | re.IGNORECASE)
_MADE = frozenset(["build", "dist", "node_modules"])  # of a source tree, by tools

Packages = Mapping[str, metadata.Distribution]


@cache
def python_of(executable: str) -> str:
    """The version of an interpreter; empty if it does not run."""
    if executable == sys.executable:
        return platform.python_version()
    ask = "import platform; print(platform.python_version())"
    done = subprocess.run([executable, "-c", ask], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


@cache
def packages(path: tuple[str, ...]) -> Packages:
    """The installed distributions on a search path, by canonical name; the first found counts, as for an import."""
    found: dict[str, metadata.Distribution] = {}
    for distribution in metadata.distributions(path=list(path)):
        if name := _NAME.search(_about(distribution)):
            found.setdefault(canonicalize_name(name[1]), distribution)
    return found


@cache
def _about(distribution: metadata.Distribution) -> str:
    """What a distribution says of itself, without its description. importlib.metadata reads and parses it anew for each
    value, which takes ten times as long as to search it.
    """
    return (distribution.read_text("METADATA") or distribution.read_text("PKG-INFO") or "").partition("\n\n")[0]


def _version(distribution: metadata.Distribution) -> str:
    found = _VERSION.search(_about(distribution))
    return found[1] if found else distribution.version


@cache
def _requires(distribution: metadata.Distribution) -> tuple[Requirement, ...]:
    lines: list[str] = _REQUIRES.findall(_about(distribution))
    if not lines and distribution.read_text("requires.txt"):  # where old packages list them
        lines = distribution.requires or []
    return tuple(Requirement(" ".join(line.split())) for line in lines)


def is_satisfied(text: str, packages: Packages) -> bool:
    """Whether a PEP 508 requirement is met; one whose marker does not hold here is."""
    requirement = Requirement(text)
    if requirement.marker is not None and not requirement.marker.evaluate():
        return True
    if not _present(requirement, packages):
        return False
    installed = packages[canonicalize_name(requirement.name)]
    of_extras = (other for other in _requires(installed) for extra in requirement.extras if _belongs(other, extra))
    return all(_present(other, packages) for other in of_extras)


def _belongs(requirement: Requirement, extra: str) -> bool:
    """Whether a requirement of a package is one of an extra, and of nothing else."""
    marker = requirement.marker
    return marker is not None and marker.evaluate({"extra": extra}) and not marker.evaluate({"extra": ""})


def _present(requirement: Requirement, packages: Packages) -> bool:
    installed = packages.get(canonicalize_name(requirement.name))
    return installed is not None and requirement.specifier.contains(_version(installed), prereleases=True)


def has_code(distribution: metadata.Distribution) -> bool:
    """Whether anything of a distribution can be imported: it has files beside its metadata, or does not list its files."""
    files = distribution.files
    return files is None or any(path.suffix != ".pyc" and not path.parts[0].endswith((".dist-info", "..")) for path in files)


def closure(requires: Sequence[str], packages: Packages) -> list[str]:
    """`name==version` of everything that is installed of the requirements and of what they require in turn.

    Without requirements, of everything that is installed: it is unknown what the extractor imports. Of a distribution that
    did not come from an index, its code counts too.
    """
    pending = [Requirement(text) for text in requires] or [Requirement(name) for name in packages if name != OURS]
    seen: dict[str, str] = {}
    followed: set[tuple[str, str]] = set()  # packages, each with an extra of which the requirements were followed
    while pending:
        wanted = pending.pop()
        name = canonicalize_name(wanted.name)
        if name not in packages:
            continue
        if name not in seen:
            seen[name] = _version(packages[name]) + _unreleased(packages[name])
        for extra in {"", *wanted.extras}:
            if (name, extra) not in followed:
                followed.add((name, extra))
                pending += [line for line in _requires(packages[name]) if _holds(line, extra)]
    return [f"{name}=={version}" for name, version in sorted(seen.items())]


def _holds(requirement: Requirement, extra: str) -> bool:
    """Whether a requirement of a package counts here, where the package was asked for with an extra, or with none."""
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def own_packages() -> tuple[str, ...]:
    """`name==version` of all that the harness itself requires, and of what that requires; empty if it is not installed."""
    here = packages(tuple(sys.path))
    needed = [str(line) for line in (_requires(here[OURS]) if OURS in here else ()) if _holds(line, "")]
    return tuple(closure(needed, here)) if needed else ()


def _unreleased(distribution: metadata.Distribution) -> str:
    """A hash of the code of a distribution that is no release, whose version may stay while it changes: of its source tree
    if it is installed to be edited, else of what was installed. Empty for one from an index."""
    origin = json.loads(distribution.read_text("direct_url.json") or "{}")
    if not origin:
        return ""
    if origin.get("dir_info", {}).get("editable"):
        from urllib.request import url2pathname  # brings TLS along, for a path

        return f"+{digest_of_tree(Path(url2pathname(urlsplit(origin['url']).path)))}"
    code = [path for path in distribution.files or () if path.suffix != ".pyc" and ".dist-info" not in str(path)]
    files = [(str(path), Path(str(path.locate()))) for path in code]
    return f"+{fingerprint(sorted((name, digest(file)) for name, file in files if file.is_file()))}"


def digest(path: Path) -> str:
    """A hash of a file, or of every file below a folder but those that Python or git made."""
    return _digest(path, frozenset())


def digest_of_tree(path: Path) -> str:
    """A hash of a source tree, or of a wheel: of all but what tools made, which may come and go without a change of it."""
    if not path.is_dir():
        return digest(path)
    top = (child for child in path.iterdir() if child.is_dir() and not (child / "__init__.py").exists())
    return _digest(path, frozenset(child.name for child in top if child.name in _MADE or child.name.startswith(".")))


def _digest(path: Path, left_out: frozenset[str]) -> str:
    """left_out: names of folders directly below the path."""
    files = [path]
    if path.is_dir():
        inside = (file.relative_to(path) for file in path.rglob("*") if file.is_file())
        files = sorted(path / file for file in inside if file.parts[0] not in left_out and not _is_made(file))
    return fingerprint([(str(file.relative_to(path)), hashlib.sha256(file.read_bytes()).hexdigest()) for file in files])


def _is_made(path: Path) -> bool:
    return any(part in ("__pycache__", ".git") or part.endswith(".egg-info") for part in path.parts)


def fingerprint(value: object) -> str:
    """A short hash of a value made of plain types."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode("utf-8")).hexdigest()[:24]
