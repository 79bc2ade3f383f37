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

from harness.common.places import worker_file
from harness.common.wording import Announce
from harness.plugins.environments import Unbuildable, node_environment, python_environment
from harness.plugins.installed import OURS, closure, digest, digest_of_tree, fingerprint, is_satisfied, packages, python_of
from harness.plugins.registry import Plugin, Selection
from harness.plugins.runnable import Runnable


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
    Python extractor requires. announce: is called with a line for each environment that is built.
    """
    runnables: list[Runnable] = []
    unavailable: list[Unavailable] = []
    for selection in selections:
        try:
            runnables.append(_runnable(selection, isolated, local_packages, announce))
        except Unbuildable as error:
            unavailable.append(Unavailable(selection.name, str(error)))
    return runnables, unavailable


def _runnable(selection: Selection, isolated: bool, local_packages: Sequence[Path], announce: Announce) -> Runnable:
    plugin = selection.plugin
    cache = plugin.declared.cache
    source, code = plugin.source, _code(plugin)
    if plugin.runtime == "protocol":
        command: tuple[str, ...] = tuple(shlex.split(plugin.source))
        source = ""
        made_from: list[object] = [_digest_of_program(command)]
    elif plugin.runtime == "node":
        folder = node_environment(selection, local_packages, announce)
        built = folder != Path(plugin.source).parent
        source = str(folder / Path(plugin.source).name)
        command = ("node", str(worker_file("worker.mjs")))
        beside = sorted(path for path in folder.iterdir() if path.suffix in {".mjs", ".js", ".json"})
        made_from = [[(path.name, digest(path)) for path in beside], folder.name if built else ""]
        if built and cache is None:
            cache = True  # all that it can import is in the folder, which is known by its content
    else:
        replaces = local_packages if plugin.declared.requires else ()
        if replaces or isolated or not fits_here(selection):
            venv = python_environment(selection, replaces, announce)
            where = "isolated"
            python, path = str(venv / "bin" / "python"), tuple(map(str, venv.glob("lib/python*/site-packages")))
        else:
            where = "here"
            python, path = sys.executable, tuple(sys.path)
        command = (python, str(worker_file("worker.py")))
        program = _digest_of_program(shlex.split(str(plugin.options.get("command", ""))))
        made_from = [
            program,
            [] if plugin.package == OURS else closure(selection.requires, packages(path)),  # ours uses nothing else
            [digest_of_tree(path) for path in replaces],
            python_of(python),
            where,  # what is not declared is there in one and not in the other
        ]
    return Runnable(
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
        declared=plugin.declared,
    )


def _code(plugin: Plugin) -> str:
    """A hash of a plugin's code; the command line itself for a program."""
    if plugin.code:
        return fingerprint([digest(Path(place)) for place in plugin.code])
    return digest(Path(plugin.source)) if Path(plugin.source).is_file() else plugin.source


def _digest_of_program(command: Sequence[str]) -> list[str]:
    """A hash of every file that a command line names."""
    found = [shutil.which(word) or word for word in command[:1]] + list(command[1:])
    return [digest(Path(word)) if Path(word).is_file() else word for word in found]
