"""Isolated environments: built once, kept in the user's cache folder.

Environments of Python are built by uv, those of Node by npm, under the hash of everything that they are made from. A build
happens in a folder of its own that is renamed when it is whole, under a lock that concurrent runs share: what stands
under the final name is always finished.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from harness.common.errors import CannotTell
from harness.common.files import content_of, locked
from harness.common.launcher import environment_apart, launched
from harness.common.places import cache_folder
from harness.common.typed import plain_json, plain_toml, typed
from harness.common.wording import Announce
from harness.plugins.installed import digest, digest_of_tree, fingerprint, has_code, packages, python_of
from harness.plugins.lock import Lock, unreleased_packages
from harness.plugins.registry import Selection

_NPM_LOCK = "package-lock.json"
NPM_FILES = ("package.json", _NPM_LOCK)
"""What says which packages a JavaScript extractor needs."""

_NODE_CODE = frozenset([".js", ".mjs", ".cjs", ".json"])
_UNFINISHED = ".unfinished"
_OUTPUT_LINES = 3  # of a failed build, in the message


class Unbuildable(Exception):
    """An environment that cannot be had; the message says why in one line."""


def python_environment(
    selection: Selection, local_packages: Sequence[Path], announce: Announce | None, lock: Lock | None = None
) -> Path:
    """The folder of a virtual environment with what a selection requires. Raises Unbuildable.

    announce: is told what is built; None: nothing is built, and only one that is there is found.
    local_packages: source trees or wheels that are installed in place of what the selection requires of their name.
    lock: install these packages and no others.
    """
    uv = _uv()
    base = _find_python(selection.plugin.declared.python) if lock is None else _find_python_like(lock.python)
    replaced = [name_of(path) for path in local_packages]
    wanted = selection.requires if lock is None else lock.packages
    requires = [text for text in wanted if canonicalize_name(Requirement(text).name) not in replaced]
    if gone := unreleased_packages(requires) if lock else []:
        raise Unbuildable(f"{', '.join(gone)} came from no index when it ran; name its source tree: --with PATH")
    requires += [str(path.resolve()) for path in local_packages]
    alone = ["--no-deps"] if lock else []
    # uv keeps what it built of a tree, and looks only at some of the tree's files for what has changed since.
    rebuilt = [word for name in filter(None, replaced) for word in ("--reinstall-package", name)]
    made_from = [sorted(requires), [digest_of_tree(path) for path in local_packages], python_of(base), *alone]

    def build(folder: Path) -> None:
        _call([uv, "venv", "--quiet", "--no-project", "--python", base, str(folder / "venv")])
        python = str(folder / "venv" / "bin" / "python")
        if requires:
            _call([uv, "pip", "install", "--quiet", *alone, *rebuilt, "--python", python, *requires])

    what = f"{len(requires)} locked packages" if lock else ", ".join(requires)
    folder = _built("python", fingerprint(made_from), f"{selection.name}: {what}", build, announce)
    site = tuple(map(str, (folder / "venv").glob("lib/python*/site-packages")))
    for path, name in zip(local_packages, replaced):
        if name in packages(site) and not has_code(packages(site)[name]):
            raise Unbuildable(f"--with {path}: it installs no module, so there is nothing of {name} to run")
    return folder / "venv"


def node_environment(
    selection: Selection, local_packages: Sequence[Path], announce: Announce | None, lock: Lock | None = None
) -> Path:
    """The folder that holds a Node plugin with the packages that it needs. Raises Unbuildable.

    announce: as for `python_environment`.
    It is the plugin's own folder if it needs none. local_packages: trees that are installed in place of the packages of
    their names. They, and packages that `package.json` names by `file:`, are copied, and their code is part of what the
    environment is known by. lock: install what this `package-lock.json` says, in place of the plugin's own.
    """
    plugin = selection.plugin
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise Unbuildable("needs Node.js with npm; neither comes with Python")
    home = Path(plugin.source).parent
    package = npm_package(home)
    needed = package.get("dependencies")
    if not needed:
        return home  # nothing to install
    files = [path for path in sorted(home.rglob("*")) if path.suffix in _NODE_CODE and _is_own(path.relative_to(home))]
    if selection.release:
        needed[plugin.package] = selection.release
    needed |= {name: f"file:{path.resolve()}" for path in local_packages if (name := npm_name(path)) in needed}
    trees = _trees_of(home, needed)
    needed |= {name: f"file:{path}" for name, path in trees.items()}
    own = home / _NPM_LOCK
    locked_by = lock.npm if lock and lock.npm and not (own in files and own.read_text(encoding="utf-8") == lock.npm) else ""
    if selection.release or trees or locked_by:
        files = [path for path in files if path != own]  # it has other packages
    hashes = [(str(path.relative_to(home)), digest(path)) for path in files]
    made_from = [package, hashes, [(str(path), digest_of_tree(path)) for path in _with_all_below(trees.values())]]
    made_from += [locked_by] * bool(locked_by)

    def build(folder: Path) -> None:
        for path in files:
            copy = folder / path.relative_to(home)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
        (folder / "package.json").write_text(json.dumps(package), encoding="utf-8")
        if locked_by:
            (folder / _NPM_LOCK).write_text(locked_by, encoding="utf-8")
        install = ["ci", "--install-links"] if (folder / _NPM_LOCK).is_file() else ["install", "--install-links"]
        _call(["npm", *install, "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], folder)

    return _built("node", fingerprint(made_from), f"{selection.name}: npm packages", build, announce)


@cache
def node_version() -> str:
    """The version of Node.js on the path; empty if it does not run."""
    done = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def npm_lock(folder: Path) -> str:
    """The `package-lock.json` of a built environment; empty if it has none."""
    path = folder / _NPM_LOCK
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def npm_package(folder: Path) -> dict[str, Any]:
    """What the `package.json` of a folder says, with a `dependencies` of its own; nothing if there is none.

    Raises Unbuildable for one that is none.
    """
    described = folder / "package.json"
    try:
        package = plain_json(content_of(described)) if described.is_file() else {}
    except ValueError as error:
        raise Unbuildable(f"{described} is not JSON: {error}") from None
    try:
        return {**package, "dependencies": typed(dict[str, str], package.get("dependencies", {}))}
    except (ValueError, TypeError, AttributeError):
        raise Unbuildable(f"{described} is no package: it must be an object, and its `dependencies` one of texts") from None


def npm_name(path: Path) -> str | None:
    """The name of the npm package in a folder; None if it is none. Raises Unbuildable."""
    name = npm_package(path).get("name")
    return name if isinstance(name, str) else None


def npm_trees(home: Path) -> list[Path]:
    """The folders and archives that a package names by `file:`, and those that they name in turn; none where one is not
    there."""
    try:
        return _with_all_below(_trees_of(home, npm_package(home)["dependencies"]).values())
    except Unbuildable:
        return []


def _trees_of(home: Path, needed: Mapping[str, str]) -> dict[str, Path]:
    """The folders and archives that dependencies name by `file:`, by the names of the packages. Raises Unbuildable."""
    trees = {}
    for name, wanted in needed.items():
        if wanted.startswith("file:"):
            trees[name] = (home / wanted.removeprefix("file:").removeprefix("//")).resolve()
            if not trees[name].exists():
                raise Unbuildable(f"{home / 'package.json'}: no package in {trees[name]}")
    return trees


def _with_all_below(trees: Iterable[Path]) -> list[Path]:
    """The trees, and those that they name by `file:` in turn, sorted."""
    found: set[Path] = set()
    pending = [*trees]
    while pending:
        tree = pending.pop()
        if tree not in found:
            found.add(tree)
            pending += _trees_of(tree, npm_package(tree)["dependencies"]).values()
    return sorted(found)


def _is_own(path: Path) -> bool:
    return not any(part == "node_modules" or part.startswith(".") for part in path.parts)


def _built(kind: str, key: str, what: str, build: Callable[[Path], None], announce: Announce | None) -> Path:
    """The environment under that key: built if it is not there, by one process at a time, unless nobody is told of it."""
    parent = _folder() / kind
    final = parent / key
    if final.is_dir():
        return final
    if announce is None:
        raise Unbuildable("no environment like that of the run is here")
    parent.mkdir(parents=True, exist_ok=True)
    with locked(parent / f"{key}.lock"):
        if final.is_dir():
            return final
        announce(f"building an environment for {what}")
        unfinished = Path(tempfile.mkdtemp(prefix=f"{key}.", suffix=_UNFINISHED, dir=parent))
        try:
            build(unfinished)
            unfinished.rename(final)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return final


@dataclass(frozen=True)
class EnvironmentsState:
    """What there is of environments."""

    path: Path
    """The folder that they are in."""
    number: int
    """Environments that are finished."""
    bytes: int
    """The sizes of their files; what several of them share counts once."""


def in_missing_environment(path: str) -> bool:
    """Whether a path lies in an environment that has been removed."""
    folder = _folder()
    if not Path(path).is_relative_to(folder):
        return False
    parts = Path(path).relative_to(folder).parts[:2]
    return len(parts) == 2 and not folder.joinpath(*parts).exists()


def environments_state() -> EnvironmentsState:
    """How many environments there are, and what they take on disk."""
    folder = _folder()
    finished = [path for path in folder.glob("*/*") if path.is_dir() and path.suffix != _UNFINISHED]
    sizes: dict[tuple[int, int], int] = {}
    for path in folder.rglob("*"):
        if not path.is_symlink() and path.is_file():
            stat = path.stat()
            sizes[stat.st_dev, stat.st_ino] = stat.st_size
    return EnvironmentsState(folder, len(finished), sum(sizes.values()))


def clear_environments() -> None:
    """Remove all environments, and what builds that were killed have left; the next run that needs one builds it.

    Waits for what is being built. Raises CannotTell for what cannot be removed.
    """
    for path in [path for path in _folder().glob("*/*") if path.is_dir()]:
        with locked(path.parent / f"{path.name.partition('.')[0]}.lock"):
            try:
                shutil.rmtree(path)
            except FileNotFoundError:
                continue  # it was finished or removed meanwhile
            except OSError as error:
                raise CannotTell(f"{path} cannot be removed: {error.strerror}") from None
    packages.cache_clear()


def _folder() -> Path:
    return cache_folder() / "environments"


def _call(command: Sequence[str], folder: Path | None = None) -> None:
    environment = {**environment_apart(), "UV_PYTHON_DOWNLOADS": "never"}
    ours, held = os.pipe()  # what scripts of packages start ends with the build, and the build with this process
    try:
        done = subprocess.run(
            launched(command, network=True),
            cwd=folder,
            env=environment,
            stdin=ours,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    finally:
        os.close(ours)
        os.close(held)
    if done.returncode:
        lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        said = "; ".join(lines[-_OUTPUT_LINES:])[:400]
        raise Unbuildable(f"{Path(command[0]).name} could not build its environment: {said or 'it did not say why'}")


def _uv() -> str:
    import uv

    return str(uv.find_uv_bin())


@cache
def _find_python(specifier: str) -> str:
    """An interpreter that fits: this one, else one on the path or of pyenv. Nothing is downloaded."""
    wanted = SpecifierSet(specifier)
    on_path = [found for minor in range(8, 20) if (found := shutil.which(f"python3.{minor}"))]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    candidates = [sys.executable, *reversed(on_path), *sorted(map(str, pyenv.glob("versions/*/bin/python3")), reverse=True)]
    for candidate in candidates:
        version = python_of(candidate)
        if version and wanted.contains(version, prereleases=True):
            return candidate
    raise Unbuildable(f"needs Python {specifier}, and none is installed here")


def _find_python_like(version: str) -> str:
    """An interpreter of this version, or at least of its minor one."""
    try:
        return _find_python(f"=={version}")
    except Unbuildable:
        return _find_python(f"=={'.'.join(version.split('.')[:2])}.*")


def name_of(path: Path) -> str:
    """The canonical name of the distribution that a source tree or wheel makes; empty for a tree that makes none.

    Raises Unbuildable for a tree that cannot be built, where only building it tells.
    """
    if path.suffix == ".whl":
        return canonicalize_name(path.name.split("-")[0])
    project = path / "pyproject.toml"
    if project.is_file():
        try:
            content = plain_toml(content_of(project).decode("utf-8"))
        except (OSError, ValueError) as error:
            raise Unbuildable(f"{project}: not TOML: {error}") from None
        for table in (content.get("project"), content.get("tool", {}).get("poetry")):
            if isinstance(table, dict) and isinstance(name := table.get("name"), str):
                return canonicalize_name(name)
    elif not (path / "setup.py").is_file():
        return ""
    return _built_name(path, digest_of_tree(path))


@cache
def _built_name(path: Path, code: str) -> str:
    """The name of a tree whose files do not state it, such as one with only a setup.py: of what it installs."""
    with tempfile.TemporaryDirectory() as target:
        words = ["pip", "install", "--quiet", "--no-deps", "--python", sys.executable, "--target", target]
        _call([_uv(), *words, str(path.resolve())])
        return next(iter(packages((target,))), "")
