"""Brings a known dataset into the user's cache with git, and makes sure that it is what it should be.

The files of a repository stay as they were committed: nothing that the repository or the user's git is set up for
changes their bytes, runs, or fetches more. A checkout is made in a folder of its own and renamed when it is whole and
verified, under a lock: what has the final name is always complete.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from harness.common.errors import CannotTell, Impossible
from harness.common.files import locked
from harness.common.wording import Announce
from harness.datasets import DATASET_FORMATS, DatasetError
from harness.datasets.catalogue import Known

_FULL = 40  # digits of a whole commit; a server sends a commit by nothing shorter
_SETTINGS = {
    "core.autocrlf": "false",
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.symlinks": "false",  # a link could lead out of the folder
    "submodule.recurse": "false",
    "protocol.version": "2",  # only with it every server sends a commit by its hash
    "http.lowSpeedLimit": "1000",  # bytes a second; a connection that hangs is given up after
    "http.lowSpeedTime": "60",  # seconds
    "gc.auto": "0",
}
# Before all others, even those that a repository brings: no conversion of line ends, no filter such as Git LFS.
_ATTRIBUTES = "* -text -eol -filter -ident -working-tree-encoding\n"
_NOT_OURS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_NAMESPACE")
# What git says, on either side, of a repository from which objects were lost or never fetched.
_INCOMPLETE = re.compile(
    r"pack-objects died|missing (?:blob|tree|object|necessary)|unable to read [0-9a-f]{40}|bad object", re.I
)
_URL = re.compile(r"[a-z][a-z0-9+.-]*://|[^/]+@[^/]+:")


class Unreachable(CannotTell):
    """A dataset cannot be brought from here and now: no git, no network, no space. One line that says what to do."""


class WrongDataset(Impossible):
    """What was found is not the dataset. One line that says what it is instead, and what to do."""


def bring(known: Known, source: str | None, announce: Announce) -> Path:
    """The path that the dataset's format reads, fetched if it is not here, and verified in any case.

    source: a URL or folder to fetch from in place of the dataset's own repository. Raises Unreachable, WrongDataset.
    """
    home = known.home
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        with locked(home.with_name(f"{home.name}.lock")):
            if home.is_dir():
                announce(f"{known.name} is here already")
                try:
                    _verify(known, home)
                except WrongDataset as error:
                    raise WrongDataset(f"{error}; delete {home} and add it again") from None
                return known.path(home)
            for killed in home.parent.glob(f"{home.name}.*.unfinished"):
                shutil.rmtree(killed, ignore_errors=True)
            unfinished = Path(tempfile.mkdtemp(prefix=f"{home.name}.", suffix=".unfinished", dir=home.parent))
            try:
                _fetch(known, _address(source or known.repository), known.checkout(unfinished), announce)
                _unpack(known, unfinished)
                _verify(known, unfinished)
                unfinished.rename(home)
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)
    except OSError as error:
        raise Unreachable(f"{error.filename or home}: {error.strerror}") from None
    return known.path(home)


def _fetch(known: Known, address: str, checkout: Path, announce: Announce) -> None:
    """A checkout of the dataset's commit, with as little else as the server allows."""
    size = f", about {known.megabytes} MB" if known.megabytes else ""
    announce(f"fetching {known.name} from {address} at {known.commit[:12]}{size}")
    _must(["init", "--quiet", str(checkout)])
    attributes = checkout / ".git" / "info" / "attributes"
    attributes.parent.mkdir(exist_ok=True)
    attributes.write_text(_ATTRIBUTES, encoding="utf-8")
    heads = _git(["ls-remote", "--", address, "HEAD"], checkout)
    if heads.returncode:
        raise Unreachable(
            f"{address} cannot be reached: {_said(heads)}; to take the dataset from a copy of its git repository: "
            f"harness dataset add {known.name} --from PATH"
        )
    fetch = ["fetch", "--quiet", "--no-recurse-submodules"]
    if (
        len(known.commit) < _FULL
        or _git([*fetch, "--no-tags", "--depth", "1", "--", address, known.commit], checkout).returncode
    ):
        head = ["+HEAD:refs/mirror/HEAD"] if heads.stdout else []  # of a checkout that is on no branch
        everything = [*head, "+refs/heads/*:refs/mirror/heads/*", "+refs/tags/*:refs/mirror/tags/*"]
        done = _git([*fetch, "--update-shallow", "--", address, *everything], checkout)
        if done.returncode and _INCOMPLETE.search(done.stderr):
            raise WrongDataset(
                f"{address} is incomplete: objects that its commits name are missing; give a complete copy of "
                f"{known.repository}, such as git clone --mirror makes"
            )
        if done.returncode:
            raise Unreachable(f"git fetch failed: {_said(done)}")
    found = _git(["rev-parse", "--verify", "--quiet", f"{known.commit}^{{commit}}"], checkout)
    if found.returncode:
        other = heads.stdout[:_FULL] or "nothing"
        raise WrongDataset(
            f"{address} does not hold commit {known.commit} of {known.name}; its HEAD is {other}; "
            f"give a copy of {known.repository}"
        )
    _must(["checkout", "--quiet", "--detach", found.stdout.strip()], checkout)


def _unpack(known: Known, home: Path) -> None:
    """The archives of the checkout, unpacked beside it, so that the checkout stays clean."""
    for name in known.archives:
        try:
            with tarfile.open(known.checkout(home) / name) as archive:
                for member in archive:
                    _unpack_file(archive, member, known.path(home))
        except (tarfile.TarError, EOFError, zlib.error) as error:
            raise WrongDataset(f"{name} of {known.name} cannot be unpacked: {error}") from None


def _unpack_file(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write a member of an archive if it is a plain file; raises tarfile.TarError if it would lie outside the folder.

    Not `extractall`, whose safe filter the first releases of Python 3.11 do not have.
    """
    target = folder / member.name
    if not target.resolve().is_relative_to(folder.resolve()):
        raise tarfile.TarError(f"{member.name} would lie outside")
    if content := archive.extractfile(member) if member.isfile() else None:
        target.parent.mkdir(parents=True, exist_ok=True)
        with content, target.open("wb") as file:
            shutil.copyfileobj(content, file)


def _verify(known: Known, home: Path) -> None:
    """Make sure that the checkout is at its commit, unchanged, and has its pages. Raises WrongDataset."""
    checkout = known.checkout(home)
    head = _git(["rev-parse", "--verify", "--quiet", "HEAD"], checkout).stdout.strip()
    if not head.startswith(known.commit):
        raise WrongDataset(f"{checkout} is at commit {head or 'none'} and not at {known.commit}")
    changed = _must(["status", "--porcelain", "--untracked-files=all"], checkout).splitlines()
    if changed:
        count = f"{len(changed):,} file{'s' if len(changed) > 1 else ''}"
        raise WrongDataset(f"{checkout} was changed: {count}, first {changed[0][3:]}")
    try:
        pages = sum(1 for _ in DATASET_FORMATS[known.format].entries(known.path(home)))
    except DatasetError as error:
        raise WrongDataset(f"{known.name} cannot be read: {error}") from None
    if pages != known.pages:
        raise WrongDataset(f"{known.name} has {pages:,} pages where {known.pages:,} are expected")


def _address(source: str) -> str:
    """A URL as it is; a folder as an absolute path, since git runs in another one. Raises WrongDataset if there is none."""
    if _URL.match(source):
        return source
    if not Path(source).exists():
        raise WrongDataset(f"{source!r}: no such folder, and not a URL; give a git repository")
    return str(Path(source).resolve())


def _must(arguments: Sequence[str], folder: Path | None = None) -> str:
    done = _git(arguments, folder)
    if done.returncode:
        raise Unreachable(f"git {arguments[0]} failed: {_said(done)}")
    return done.stdout


def _git(arguments: Sequence[str], folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    program = shutil.which("git")
    if program is None:
        raise Unreachable("git is not installed, but is needed to download datasets; install it and try again")
    settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
    where = ["-C", str(folder)] if folder else []
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
    environment |= {"GIT_TERMINAL_PROMPT": "0", "GIT_LFS_SKIP_SMUDGE": "1", "LC_ALL": "C"}
    environment.setdefault("GIT_SSH_COMMAND", "ssh -o BatchMode=yes")
    return subprocess.run(
        [program, *settings, *where, *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )


def _said(done: subprocess.CompletedProcess[str]) -> str:
    """What git gave as the reason: its first line that says `fatal` or `error`, else its last one."""
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    reasons = [line.partition(": ")[2] for line in lines if line.startswith(("fatal: ", "error: "))]
    return (reasons or lines[-1:] or ["it did not say why"])[0][:400]
