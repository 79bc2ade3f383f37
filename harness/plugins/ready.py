"""Gives every selection what it needs to run: this environment where it fits, else an isolated one."""

from __future__ import annotations

import ast
import platform
import shlex
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from harness.common.errors import Impossible
from harness.common.places import worker_file
from harness.common.wording import Announce
from harness.plugins.environments import (
    NPM_FILES,
    Unbuildable,
    name_of,
    node_environment,
    node_version,
    npm_lock,
    npm_name,
    npm_package,
    npm_trees,
    python_environment,
)
from harness.plugins.installed import OURS, closure, digest, digest_of_tree, fingerprint, is_satisfied, packages, python_of
from harness.plugins.lock import Lock, differences
from harness.plugins.own_code import called_by, own_code
from harness.plugins.registry import Plugin, Selection
from harness.plugins.runnable import Runnable
from harness.worker.plugin import NODES

_MODULES = frozenset([".py", ".so", ".pyd", ".dylib"])  # how files end that Python imports

_TREE = 8  # digits of a hash, in a version


@dataclass(frozen=True)
class Unavailable:
    """A selection that cannot run here, and why."""

    name: str
    """How it is called on the command line."""
    reason: str
    """Why it cannot run."""


def missing_programs(plugin: Plugin) -> list[str]:
    """The programs that a plugin starts and that are not on the path."""
    return [program for program in plugin.declared.programs if shutil.which(program) is None]


def fits_here(selection: Selection) -> bool:
    """Whether this environment, as it is, can run a selection."""
    plugin = selection.plugin
    if missing_programs(plugin):
        return False
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
    announce: Announce | None = lambda message: None,
    locks: Mapping[str, Lock] | None = None,
    called: Mapping[Path, str] | None = None,
) -> tuple[list[Runnable], list[Unavailable]]:
    """Everything that can run, built where necessary, and what cannot.

    isolated: build an environment even where this one fits. local_packages: source trees or wheels that replace what a
    extractor requires, trees of npm packages among them. announce: is called with a line for each environment that is
    built; None: nothing is built, what would have to be is unavailable, and what is not used is not told. locks: by name of
    a selection, the packages that it is to run with, and no others. called: what the user calls a local package, for
    messages. Raises Impossible for a source tree or wheel that stands in for nothing.
    """
    runnables: list[Runnable] = []
    unavailable: list[Unavailable] = []
    used: set[Path] = set()
    for selection in selections:
        try:
            lock = (locks or {}).get(selection.name)
            runnable, replaced = _runnable(selection, isolated, local_packages, announce, lock)
        except Unbuildable as error:
            unavailable.append(Unavailable(selection.name, str(error)))
        else:
            runnables.append(runnable)
            used |= replaced
    unused = [path for path in local_packages if path not in used]
    if unused and runnables and not unavailable and announce:
        names = [(called or {}).get(path, path) for path in unused]
        raise Impossible("\n".join(f"--with {path}: no extractor that was asked for uses this package" for path in names))
    return runnables, unavailable


def _runnable(
    selection: Selection, isolated: bool, local_packages: Sequence[Path], announce: Announce | None, lock: Lock | None
) -> tuple[Runnable, set[Path]]:
    """What runs a selection, and which of the local packages are in it. Raises Unbuildable."""
    replaced: dict[Path, str] = {}
    plugin = selection.plugin
    if missing := missing_programs(plugin):
        raise Unbuildable(f"needs the program {missing[0]}, which is not on the path")
    source, code = plugin.source, code_of(plugin)
    ran_with: Lock | None = None
    apart = False
    if plugin.runtime == "protocol":
        command: tuple[str, ...] = tuple(shlex.split(plugin.source))
        source = ""
        made_from: list[object] = [_digest_of_program(command)]
    elif plugin.runtime == "node":
        folder = node_environment(selection, local_packages, announce, lock)
        names = {path: npm_name(path) or "" for path in local_packages}
        replaced = {path: name for path, name in names.items() if name in npm_package(folder)["dependencies"]}
        built = folder != Path(plugin.source).parent
        apart = built
        source = str(folder / Path(plugin.source).name)
        command = ("node", str(worker_file("worker.mjs")))
        # What else it reads there counts only where its outputs are cached: reports are written beside it, too.
        files = sorted(folder.iterdir()) if plugin.declared.cache else []
        beside = [path for path in files if path.suffix in {".mjs", ".js", ".json"}]
        # What npm notes of an installation: which releases a range like ^1.0 stood for when the environment was built.
        installed_by_npm = folder / "node_modules" / ".package-lock.json"
        releases = digest(installed_by_npm) if built and installed_by_npm.is_file() else ""
        made_from = [[(path.name, digest(path)) for path in beside], folder.name if built else "", releases, node_version()]
        ran_with = Lock(npm=npm_lock(folder)) if built else None
    else:
        names = {path: name for path in local_packages if (name := name_of(path))}
        replaces = tuple(names) if plugin.declared.requires else ()
        apart = bool(replaces) or isolated or not (_is_locked_here(selection, lock) if lock else fits_here(selection))
        if apart:
            venv = python_environment(selection, replaces, announce, lock)
            where = "isolated"
            python, path = str(venv / "bin" / "python"), tuple(map(str, venv.glob("lib/python*/site-packages")))
        else:
            where = "here"
            python, path = sys.executable, tuple(sys.path)
        command = (python, str(worker_file("worker.py")))
        installed = [] if plugin.package == OURS else closure(selection.requires, packages(path))  # ours uses nothing else
        present = {line.partition("==")[0] for line in installed}
        replaced = {place: name for place, name in names.items() if place in replaces and name in present}
        if plugin.package and _canonical(plugin) in replaced.values():
            _require_modules(packages(path)[_canonical(plugin)], plugin)
        command_line = shlex.split(str(plugin.options.get("command", "")))
        program = _digest_of_program(command_line)
        if not command_line and plugin.package != OURS:
            ran_with = Lock(python_of(python), tuple(installed))
        if lock and (changed := differences(lock.packages, installed)):
            raise Unbuildable(f"it would not run with the packages of the run: {'; '.join(changed)}")
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
        output="html" if selection.output == NODES else selection.output,
        chooses_nodes=selection.output == NODES,
        cache=plugin.declared.cache,
        isolated=apart,
        tree=tree_version(own[0]) if own else "",
        lock=ran_with,
        declared=plugin.declared,
    )
    return runnable, set(replaced)


def _require_modules(distribution: metadata.Distribution, plugin: Plugin) -> None:
    """Raise Unbuildable if a local package has nothing that the plugin imports, which wraps it."""
    files = distribution.files
    if files is None or any(file.suffix == ".pth" for file in files):
        return  # it does not say what can be imported
    modules = {file.parts[0].partition(".")[0] for file in files if file.suffix in _MODULES}
    wanted = _imports_of(Path(plugin.source))
    if wanted and not wanted & modules:
        name, has = distribution.metadata["Name"], ", ".join(sorted(modules))
        raise Unbuildable(f"the package {name} of --with installs {has}, of which {plugin.name} imports nothing")


def _imports_of(file: Path) -> set[str]:
    """The top modules that a Python file imports by name; none for what is no such file."""
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return set()
    found = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    found += [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module and not node.level]
    return {name.partition(".")[0] for name in found}


def _is_locked_here(selection: Selection, lock: Lock) -> bool:
    """Whether this environment has exactly the packages of a lock."""
    installed = closure(selection.requires, packages(tuple(sys.path)))
    return tuple(installed) == lock.packages and platform.python_version() == lock.python


def _canonical(plugin: Plugin) -> str:
    return canonicalize_name(str(plugin.package)) if plugin.runtime == "python" else str(plugin.package)


def code_of(plugin: Plugin) -> str:
    """A hash of a plugin's code, as far as reading it shows what it consists of; the command line itself for a program
    without a file."""
    places = [Path(place) for place in plugin.code or [plugin.source]]
    files = own_code(*(place for place in places if place.is_file()))
    trees: list[Path] = []
    if plugin.runtime == "node":
        home = Path(plugin.source).parent
        files += [path for name in NPM_FILES if (path := home / name).is_file()]
        trees = npm_trees(home)
    for command in _commands(plugin):
        files += called_by(command)
    folders = [place for place in places if place.is_dir()]
    hashes = [digest(path) for path in dict.fromkeys([*folders, *files])] + [digest_of_tree(tree) for tree in trees]
    return fingerprint(hashes) if hashes else plugin.source


def runs_what_is_not_read(plugin: Plugin) -> bool:
    """Whether an extractor consists of more than its worker reports: it runs in Node, or starts programs."""
    return plugin.runtime != "python" or any(_commands(plugin)) or bool(plugin.declared.programs)


def _commands(plugin: Plugin) -> list[str]:
    """The command lines of an extractor that is one, or that is made of some."""
    if plugin.runtime == "protocol":
        return [plugin.source]
    members = [member["options"] for member in plugin.options.get("members", ())]
    return [str(options["command"]) for options in (plugin.options, *members) if "command" in options]


def tree_version(path: Path) -> str:
    """What a source tree or a wheel is told apart by in versions: the beginning of its hash."""
    return digest_of_tree(path)[:_TREE]


def _digest_of_program(command: Sequence[str]) -> list[str]:
    """A hash of every file that a command line names."""
    found = [shutil.which(word) or word for word in command[:1]] + list(command[1:])
    return [digest(Path(word)) if Path(word).is_file() else word for word in found]
