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
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from harness.common.files import locked
from harness.common.places import cache_folder
from harness.common.wording import Announce
from harness.plugins.installed import digest, fingerprint, python_of
from harness.plugins.registry import Selection

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_OUTPUT_LINES = 3  # of a failed build, in the message


class Unbuildable(Exception):
    """An environment that cannot be had; the message says why in one line."""


def python_environment(selection: Selection, local_packages: Sequence[Path], announce: Announce) -> Path:
    """The folder of a virtual environment with what a selection requires. Raises Unbuildable.

    local_packages: source trees or wheels that are installed in place of what the selection requires of their name.
    """
    uv = _uv()
    base = _find_python(selection.plugin.declared.python)
    replaced = [canonicalize_name(name) for path in local_packages if (name := _name_of(path))]
    requires = [text for text in selection.requires if canonicalize_name(Requirement(text).name) not in replaced]
    requires += [str(path.resolve()) for path in local_packages]
    made_from = [sorted(requires), [digest(path) for path in local_packages], python_of(base)]

    def build(folder: Path) -> None:
        _call([uv, "venv", "--quiet", "--no-project", "--python", base, str(folder / "venv")])
        python = str(folder / "venv" / "bin" / "python")
        if requires:
            _call([uv, "pip", "install", "--quiet", "--python", python, *requires])

    folder = _built("python", fingerprint(made_from), f"{selection.name}: {', '.join(requires)}", build, announce)
    return folder / "venv"


def node_environment(selection: Selection, announce: Announce) -> Path:
    """The folder that holds a Node plugin with the packages that it needs. Raises Unbuildable."""
    plugin = selection.plugin
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise Unbuildable("needs Node.js with npm; neither comes with Python")
    home = Path(plugin.source).parent
    described = home / "package.json"
    files = sorted(path for path in home.iterdir() if path.suffix in {".mjs", ".js", ".json"})
    try:
        package = json.loads(described.read_text(encoding="utf-8")) if described.is_file() else {}
    except ValueError as error:
        raise Unbuildable(f"{described} is not JSON: {error}") from None
    if not package.get("dependencies"):
        return home  # nothing to install
    if selection.release:
        package["dependencies"][plugin.package] = selection.release
        files = [path for path in files if path.name != "package-lock.json"]
    made_from = [package, [(path.name, digest(path)) for path in files]]

    def build(folder: Path) -> None:
        for path in files:
            shutil.copy(path, folder / path.name)
        (folder / "package.json").write_text(json.dumps(package), encoding="utf-8")
        if package.get("dependencies"):
            install = "ci" if (folder / "package-lock.json").is_file() else "install"
            _call(["npm", install, "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], folder)

    return _built("node", fingerprint(made_from), f"{selection.name}: npm packages", build, announce)


def _built(kind: str, key: str, what: str, build: Callable[[Path], None], announce: Announce) -> Path:
    """The environment under that key: built if it is not there, by one process at a time."""
    parent = cache_folder() / "environments" / kind
    final = parent / key
    if final.is_dir():
        return final
    parent.mkdir(parents=True, exist_ok=True)
    with locked(parent / f"{key}.lock"):
        if final.is_dir():
            return final
        announce(f"building an environment for {what}")
        unfinished = Path(tempfile.mkdtemp(prefix=f"{key}.", suffix=".unfinished", dir=parent))
        try:
            build(unfinished)
            unfinished.rename(final)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return final


def _call(command: Sequence[str], folder: Path | None = None) -> None:
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, errors="replace", check=False
    )
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


def _name_of(path: Path) -> str | None:
    """The distribution's name of a source tree or wheel, as far as its file name or pyproject.toml says it."""
    if path.suffix == ".whl":
        return path.name.split("-")[0]
    project = path / "pyproject.toml"
    if not project.is_file():
        return None
    try:
        content: dict[str, Any] = tomllib.loads(project.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unbuildable(f"{project}: not TOML: {error}") from None
    for table in (content.get("project"), content.get("tool", {}).get("poetry")):
        if isinstance(table, dict) and isinstance(name := table.get("name"), str):
            return name
    return None
