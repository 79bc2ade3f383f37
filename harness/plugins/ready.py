"""Gives every selection what it needs to run: this environment where it fits, else an isolated one."""

from __future__ import annotations

import platform
import shlex
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from harness.common.errors import Impossible
from harness.common.places import worker_file
from harness.common.wording import Announce
from harness.plugins.environments import Unbuildable, name_of, node_environment, npm_name, npm_package, python_environment
from harness.plugins.installed import OURS, closure, digest, digest_of_tree, fingerprint, is_satisfied, packages, python_of
from harness.plugins.registry import Plugin, Selection
from harness.plugins.runnable import Runnable

_TREE = 8  # digits of a hash, in a version


@dataclass(frozen=True)
class Unavailable:
    """A selection that cannot run here, and why."""

    name: str
    """How it is called on the command line."""
    reason: str
    """Why it cannot run."""


def fits_here(selection: Selection) -> bool:
    """Whether this environment, as it is, can run a selection."""
    plugin = selection.plugin
    if plugin.runtime != "python":
        return plugin.runtime == "protocol"
    python_fits = SpecifierSet(plugin.declared.python).contains(platform.python_version(), prereleases=True)
    installed = packages(tuple(sys.path))
    return python_fits and all(is_satisfied(requirement, installed) for requirement in selection.requires)


def prepare(
    selections: Sequence[Selection],
    *,
    isolated: bool = False,
    local_packages: Sequence[Path] = (),
    announce: Announce = lambda message: None,
) -> tuple[list[Runnable], list[Unavailable]]:
    """Everything that can run, built where necessary, and what cannot.

    isolated: build an environment even where this one fits. local_packages: source trees or wheels that replace what a
    extractor requires, trees of npm packages among them. announce: is called with a line for each environment that is
    built. Raises Impossible for a source tree or wheel that stands in for nothing.
    """
    runnables: list[Runnable] = []
    unavailable: list[Unavailable] = []
    used: set[Path] = set()
    for selection in selections:
        try:
            runnable, replaced = _runnable(selection, isolated, local_packages, announce)
        except Unbuildable as error:
            unavailable.append(Unavailable(selection.name, str(error)))
        else:
            runnables.append(runnable)
            used |= replaced
    unused = [path for path in local_packages if path not in used]
    if unused and runnables and not unavailable:
        raise Impossible("\n".join(f"--with {path}: no extractor that was asked for uses this package" for path in unused))
    return runnables, unavailable


def _runnable(
    selection: Selection, isolated: bool, local_packages: Sequence[Path], announce: Announce
) -> tuple[Runnable, set[Path]]:
    """What runs a selection, and which of the local packages are in it. Raises Unbuildable."""
    replaced: dict[Path, str] = {}
    plugin = selection.plugin
    cache = plugin.declared.cache
    source, code = plugin.source, _code(plugin)
    if plugin.runtime == "protocol":
        command: tuple[str, ...] = tuple(shlex.split(plugin.source))
        source = ""
        made_from: list[object] = [_digest_of_program(command)]
    elif plugin.runtime == "node":
        folder = node_environment(selection, local_packages, announce)
        names = {path: npm_name(path) or "" for path in local_packages}
        replaced = {path: name for path, name in names.items() if name in npm_package(folder)["dependencies"]}
        built = folder != Path(plugin.source).parent
        source = str(folder / Path(plugin.source).name)
        command = ("node", str(worker_file("worker.mjs")))
        beside = sorted(path for path in folder.iterdir() if path.suffix in {".mjs", ".js", ".json"})
        # What npm notes of an installation: which releases a range like ^1.0 stood for when the environment was built.
        installed_by_npm = folder / "node_modules" / ".package-lock.json"
        releases = digest(installed_by_npm) if built and installed_by_npm.is_file() else ""
        made_from = [[(path.name, digest(path)) for path in beside], folder.name if built else "", releases]
        if built and cache is None:
            cache = True  # all that it can import is in the folder, which is known by its content
    else:
        names = {path: name for path in local_packages if (name := name_of(path))}
        replaces = tuple(names) if plugin.declared.requires else ()
        if replaces or isolated or not fits_here(selection):
            venv = python_environment(selection, replaces, announce)
            where = "isolated"
            python, path = str(venv / "bin" / "python"), tuple(map(str, venv.glob("lib/python*/site-packages")))
        else:
            where = "here"
            python, path = sys.executable, tuple(sys.path)
        command = (python, str(worker_file("worker.py")))
        installed = [] if plugin.package == OURS else closure(selection.requires, packages(path))  # ours uses nothing else
        present = {line.partition("==")[0] for line in installed}
        replaced = {place: name for place, name in names.items() if place in replaces and name in present}
        program = _digest_of_program(shlex.split(str(plugin.options.get("command", ""))))
        made_from = [
            program,
            installed,
            [digest_of_tree(path) for path in replaces],
            python_of(python),
            where,  # what is not declared is there in one and not in the other
        ]
    own = [path for path, name in replaced.items() if plugin.package and name == _canonical(plugin)]
    runnable = Runnable(
        name=selection.name,
        command=command,
        source=source,
        function=plugin.function,
        package=plugin.package,
        options=selection.options,
        code=code,
        identity=fingerprint([code, plugin.function, dict(selection.options), selection.output, made_from]),
        output=selection.output,
        cache=cache,
        tree=digest_of_tree(own[0])[:_TREE] if own else "",
        declared=plugin.declared,
    )
    return runnable, set(replaced)


def _canonical(plugin: Plugin) -> str:
    return canonicalize_name(str(plugin.package)) if plugin.runtime == "python" else str(plugin.package)


def _code(plugin: Plugin) -> str:
    """A hash of a plugin's code; the command line itself for a program."""
    if plugin.code:
        return fingerprint([digest(Path(place)) for place in plugin.code])
    return digest(Path(plugin.source)) if Path(plugin.source).is_file() else plugin.source


def _digest_of_program(command: Sequence[str]) -> list[str]:
    """A hash of every file that a command line names."""
    found = [shutil.which(word) or word for word in command[:1]] + list(command[1:])
    return [digest(Path(word)) if Path(word).is_file() else word for word in found]
