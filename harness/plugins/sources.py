"""Where packages of `--with` come from: a source tree, a wheel, a commit of a checkout, a repository of git."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from harness.common.errors import Impossible
from harness.common.files import exists, locked
from harness.common.places import cache_folder
from harness.common.wording import Announce

_GIT = "git+"
_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class LocalPackage:
    """A source tree or a wheel that stands in for a requirement."""

    asked: str
    """How it was asked for; a branch or tag as the commit that it stood for."""
    path: Path
    """Where it is."""


def local_package(asked: str, announce: Announce = lambda message: None) -> LocalPackage:
    """What `--with` names: a path, `PATH@COMMIT`, or `git+URL` with or without `@REF`. A commit may be a branch or tag, too.

    Trees of commits are kept in the user's cache folder. Raises Impossible for what is not there.
    """
    if asked.startswith(_GIT):
        url, ref = _parted(asked.removeprefix(_GIT))
        repository = _mirror(asked, url, ref, announce)
        commit = _commit_of(asked, repository, ref or "HEAD")
        return LocalPackage(f"{_GIT}{url}@{commit}", _tree(asked, repository, commit))
    if exists(Path(asked)):
        return LocalPackage(asked, Path(asked))
    place, ref = _parted(asked)
    if not ref or not Path(place).is_dir():
        raise Impossible(f"--with {asked}: no such source tree or wheel")
    commit = commit_of(place, ref)
    top = Path(_git(asked, "-C", place, "rev-parse", "--show-toplevel"))
    inside = Path(place).resolve().relative_to(top.resolve())
    return LocalPackage(f"{place}@{commit}", _tree(asked, top, commit) / inside)


def commit_of(checkout: str, ref: str) -> str:
    """The whole hash of a commit, which a branch or tag may name. Raises Impossible."""
    return _commit_of(f"{checkout}@{ref}", Path(checkout), ref)


def commits_between(checkout: str, first: str, last: str) -> list[tuple[str, str]]:
    """Commits with the first lines of their messages, oldest first: `first`, and what leads from it to `last`, of merged
    branches only the merges. Raises Impossible.
    """
    start, end = commit_of(checkout, first), commit_of(checkout, last)
    asked = f"{checkout}@{first}..{last}"
    listed = _git(asked, "-C", checkout, "log", "--reverse", "--first-parent", "--format=%H %s", f"{start}..{end}")
    if not listed and start != end:
        raise Impossible(
            f"--commits {first}..{last}: nothing leads from {first} to {last}; from {last} to {first}, perhaps?"
        )
    told = _git(asked, "-C", checkout, "log", "-1", "--format=%H %s", start)
    lines = [told, *listed.splitlines()]
    return [(commit, subject) for commit, _, subject in (line.partition(" ") for line in lines)]


def _parted(asked: str) -> tuple[str, str]:
    """A place and what stands behind its last `@`, unless that is a host: `ssh://git@host/…`, `git@host:…`."""
    place, _, ref = asked.rpartition("@")
    is_host = ":" in ref or ("://" in asked and "/" not in place.partition("://")[2])
    return (asked, "") if not place or is_host else (place, ref)


def _commit_of(asked: str, repository: Path, ref: str) -> str:
    return _git(asked, "-C", str(repository), "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")


def _mirror(asked: str, url: str, ref: str, announce: Announce) -> Path:
    """A copy of a repository that has the commit, or is as new as the original."""
    folder = _folder(url)
    repository = folder / "repository.git"
    with locked(folder / "lock"):
        if not repository.is_dir():
            announce(f"cloning {url}")
            with tempfile.TemporaryDirectory(dir=folder) as unfinished:
                _git(asked, "clone", "--quiet", "--mirror", "--", url, str(Path(unfinished) / "clone"))
                (Path(unfinished) / "clone").rename(repository)
        elif not (_COMMIT.fullmatch(ref) and _has(repository, ref)):
            _git(asked, "-C", str(repository), "fetch", "--quiet", "--prune")
    return repository


def _has(repository: Path, commit: str) -> bool:
    words = ["git", "-C", str(repository), "cat-file", "-e", f"{commit}^{{commit}}"]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def _tree(asked: str, repository: Path, commit: str) -> Path:
    """The files of a commit, in a clone of its own: some builds ask git for the version."""
    folder = _folder(str(repository.resolve()))
    tree = folder / commit
    with locked(folder / "lock"):
        if not tree.is_dir():
            with tempfile.TemporaryDirectory(dir=folder) as unfinished:
                clone = str(Path(unfinished) / "clone")
                _git(asked, "clone", "--quiet", "--shared", "--no-checkout", "--", str(repository), clone)
                _git(asked, "-C", clone, "checkout", "--quiet", "--detach", commit)
                Path(clone).rename(tree)
    return tree


def _folder(place: str) -> Path:
    folder = cache_folder() / "sources" / hashlib.sha256(place.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _git(asked: str, *words: str) -> str:
    """What git prints. Raises Impossible with the first line of what it complains about: advice follows."""
    if shutil.which("git") is None:
        raise Impossible(f"--with {asked}: needs git, which is not installed")
    # Those of a hook that runs us are about another repository.
    kept = {name: value for name, value in os.environ.items() if name not in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")}
    done = subprocess.run(
        ["git", *words],
        capture_output=True,
        text=True,
        errors="replace",
        env={**kept, "GIT_TERMINAL_PROMPT": "0"},
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines()]
        said = [line for line in lines if line and not line.lower().startswith("warning:")]
        raise Impossible(f"--with {asked}: {said[0] if said else 'there is no such commit'}")
    return done.stdout.strip()
