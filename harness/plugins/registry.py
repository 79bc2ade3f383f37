"""Finds extractors and understands their names.

Built-in plugins, plugin files, installed packages, JavaScript packages, `module:function` and command lines all end as
the same thing: a `Plugin`. A name on the command line selects one of its variants, in one release: a `Selection`.
"""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path
from typing import Any, Literal, get_type_hints

import msgspec
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from harness.common.declarations import MEMORY, TIMEOUT, DeclaredExtractor, Undeclared, read_file, read_source
from harness.common.errors import CANNOT_TELL, IMPOSSIBLE, Impossible
from harness.common.extensions import entry_points, import_file, origin_of
from harness.common.files import content_of, exists
from harness.common.places import bundled
from harness.common.typed import plain_json, typed
from harness.common.wording import did_you_mean
from harness.plugins import composite
from harness.plugins.installed import OURS
from harness.plugins.names import name_of, split_alias
from harness.worker import commandline
from harness.worker.plugin import FORMATS, MEDIA, OF_PACKAGES, PYTHON_ONLY, RETURNED, Declaration, Extractor

ENTRY_POINT_GROUP = "harness.extractors"

Runtime = Literal["python", "node", "protocol"]


@dataclass(frozen=True)
class Unloadable:
    """An extractor that cannot be loaded, or a plugin file that may declare some."""

    name: str
    """What it was asked for by."""
    what: str
    """What it is, for messages, such as `plugin mine.py`."""
    reason: str
    """Why it cannot be loaded, in a line."""
    is_offered: bool = False
    """Whether an installed package offers it, so that nobody need have asked for it."""

    def __str__(self) -> str:
        return f"{self.what} cannot be loaded: {self.reason}"


class PluginError(Impossible):
    """Plugins that cannot be used as they are: unknown names, clashes, broken files. `reasons` has a line for each.

    The exit code is that of an impossible request; CANNOT_TELL where all that is wrong is what plugins do when loaded.
    """

    def __init__(self, reasons: Sequence[str], unloadable: Sequence[Unloadable] = ()) -> None:
        self.reasons = [*reasons, *map(str, unloadable)]
        super().__init__("\n".join(self.reasons))
        self.mistakes = reasons
        self.unloadable = unloadable
        self.code = IMPOSSIBLE if reasons else CANNOT_TELL


@dataclass(frozen=True)
class Plugin:
    """An extractor, where it was found, and what was declared for it."""

    name: str
    """What it is called."""
    runtime: Runtime
    """What runs it: a Python worker, a Node worker, or a program that speaks the protocol itself."""
    source: str
    """A file, a module or a command line."""
    function: str
    """The name of the function in it."""
    origin: str
    """Where it was found, for people."""
    package: str | None = None
    """The distribution whose version is the extractor's version."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Arguments of the function other than the page; a variant's options come on top."""
    summary: str = ""
    """What it is, in a line."""
    declared: Declaration = field(default_factory=Declaration)
    """What its author says of it. A Node plugin has a `package.json` beside its source in place of requirements."""
    code: tuple[str, ...] = ()
    """The files and folders that its code is in, as far as it is Python."""
    by_default: bool = True
    """Whether it runs where no extractor is named."""

    @property
    def names(self) -> list[str]:
        """The names under which the plugin runs: its own, and one for each variant."""
        return [self.name, *(f"{self.name}/{variant}" for variant in self.declared.variants)]

    def is_for(self, release: str) -> bool:
        """Whether it is written for a release of its package. What fails with another is the plugin, and not the package."""
        if self.runtime != "python" or not self.declared.requires:
            return True  # npm has no such declaration: a package.json names one release
        return Requirement(self.declared.requires[0]).specifier.contains(release, prereleases=True)


@dataclass(frozen=True)
class Selection:
    """A plugin as it was asked for."""

    plugin: Plugin
    """The plugin."""
    variant: str | None = None
    """One of its variants; None: the plugin itself."""
    release: str | None = None
    """One of its releases; None: any that fits."""
    alias: str = ""
    """What the user calls it; empty for its own name."""

    @property
    def name(self) -> str:
        """How it is called in tables and on the command line."""
        if self.alias:
            return self.alias
        name = f"{self.plugin.name}/{self.variant}" if self.variant else self.plugin.name
        return f"{name}@{self.release}" if self.release else name

    @property
    def requires(self) -> tuple[str, ...]:
        """The requirements, the first of them bound to the release."""
        if self.release is None or self.plugin.runtime != "python":
            return tuple(self.plugin.declared.requires)
        first = Requirement(self.plugin.declared.requires[0] if self.plugin.declared.requires else str(self.plugin.package))
        extras = f"[{','.join(sorted(first.extras))}]" if first.extras else ""
        return (f"{first.name}{extras}=={self.release}", *self.plugin.declared.requires[1:])

    @property
    def options(self) -> Mapping[str, Any]:
        """The keyword options for the function."""
        return {**self.plugin.options, **(self.plugin.declared.variants[self.variant] if self.variant else {})}

    @property
    def output(self) -> str:
        """The format that it returns, one of harness.worker.plugin.FORMATS."""
        return self.plugin.declared.outputs.get(self.variant or "", self.plugin.declared.output)


class Registry:
    """All plugins that can be named. Raises PluginError at once if two bear one name or one is declared wrongly."""

    def __init__(self, extra: Iterable[Path] = (), *, memory: int = MEMORY, timeout: float = TIMEOUT) -> None:
        """Find the built-in plugins, those of installed packages, and those of files or folders in `extra`.

        What is not built in is imported in child processes only. memory: bytes of address space of each, 0 for no limit.
        timeout: seconds for a page, of which `loading_timeout` makes those for an import.
        """
        self.plugins: dict[str, Plugin] = {}
        self.unloadable: list[Unloadable] = []
        """Plugin files and entry points that cannot be loaded, so that it is not known what they declare."""
        self._references: dict[str, Plugin] = {}
        self._memory, self._timeout = memory, timeout
        self._reasons: list[str] = []
        folder = bundled("extractors")
        for path in _plugin_files([folder]):
            self._add_built_in(path, f"built in ({path.name})")
        for path in _plugin_files([folder / "recipes"]):
            self._add_built_in(path, f"built in (recipes/{path.name})", by_default=False)
        for entry in entry_points(ENTRY_POINT_GROUP):
            self._add_offer(entry)
        extra = list(extra)
        for path in extra:
            if not exists(path):
                self._reasons.append(f"no plugin file or folder {str(path)!r}")
        for path in _plugin_files(path for path in extra if exists(path)):
            self._add_file(path, str(path))
        if self._reasons:
            raise PluginError(self._reasons, self.unloadable)

    def select(self, names: Sequence[str]) -> list[Selection]:
        """The extractors of these names, in their order and once each.

        A name is `NAME`, `NAME/VARIANT`, either with `@RELEASE`, `all`, `MODULE:FUNCTION`, `FILE.py:FUNCTION`,
        `FILE.mjs:FUNCTION`, `cmd:COMMAND`, `protocol:COMMAND`, `union:A+B` or `vote:A+B+C`; all but `all` may have an alias,
        `ALIAS=NAME`. Raises PluginError with all names that stand for nothing, for two extractors of one name, and for what
        cannot be loaded.
        """
        chosen, unloadable = self.select_loadable(names)
        if unloadable:
            raise PluginError([], unloadable)
        return chosen

    def select_loadable(self, names: Sequence[str]) -> tuple[list[Selection], list[Unloadable]]:
        """The extractors of these names, as `select` gives them, but for those that cannot be loaded, which are told apart.

        A name that nothing bears is one of them while there are plugins that cannot be loaded, since one of them may
        declare it. The plugins themselves are, too, unless such a name tells of them.
        """
        chosen: dict[str, Selection] = {}
        words: dict[str, str] = {}
        reasons: list[str] = []
        unloadable: list[Unloadable] = []
        for name in names:
            alias, reference = split_alias(name)
            if reason := self._why_no_alias(alias, reference):
                reasons.append(f"extractor {name!r}: {reason}")
                continue
            for known in self.all_names() if name == "all" else [reference]:
                called = alias or name_of(known)
                if words.setdefault(called, known) != known:
                    both = f"{words[called]!r} and {known!r}"
                    reasons.append(f"two extractors are called {called!r}, {both}; give one of them an alias: ALIAS=NAME")
                    continue
                try:
                    found = replace(self._find(known), alias=alias)
                except PluginError as error:
                    reasons += error.mistakes
                    unloadable += [replace(one, name=called) for one in error.unloadable]
                    continue
                if alias in self.all_names() and self._find(alias).plugin != found.plugin:
                    reasons.append(f"extractor {name!r}: {alias!r} is the name of another extractor; choose another alias")
                chosen.setdefault(called, found)
        unloadable += [one for one in self.unloadable if not any(str(one) in named.reason for named in unloadable)]
        if reasons:
            raise PluginError(reasons, unloadable)
        return list(chosen.values()), list(dict.fromkeys(unloadable))

    def all_names(self) -> list[str]:
        """Every name under which something runs."""
        return [name for plugin in self.plugins.values() for name in plugin.names]

    def _why_no_alias(self, alias: str, reference: str) -> str:
        """What is wrong with an alias as it is written; empty for one that is right, and for none."""
        if not alias:
            before, sign, _ = reference.partition("=")
            wrong = sign and ":" not in before and reference not in self.all_names()
            return "it is no ALIAS=NAME: an alias is a word without spaces, `/` and `:`" if wrong else ""
        _, at, release = alias.partition("@")
        if at and not reference.endswith(f"@{release}"):
            return f"an alias with `@` would be taken for a release of {alias.partition('@')[0]!r}; choose another one"
        return ""

    def _find(self, name: str) -> Selection:
        if ":" in name:
            if name not in self._references:
                scheme, _, members = name.partition(":")
                is_composite = scheme in composite.COMPOSITES
                made = (
                    self._composite(name, scheme, members)
                    if is_composite
                    else _from_reference(name, self._memory, self._timeout)
                )
                self._references[name] = replace(made, name=name_of(name))
            return Selection(self._references[name])
        base, _, release = name.partition("@")
        plugin_name, _, variant = base.partition("/")
        plugin = self.plugins.get(plugin_name)
        if plugin is None or base not in plugin.names:
            if self.unloadable:
                may_be = f"no plugin that can be loaded declares it, and {'; '.join(map(str, self.unloadable))}"
                raise PluginError([], [Unloadable(name, f"extractor {name!r}", may_be)])
            file = Path(f"{plugin_name}.py")
            beside = f"; to load {file}, add it to the plugins" if file.is_file() else ""
            hint = beside or did_you_mean(base, self.all_names()) or f"; known: {', '.join(self.plugins)}"
            raise PluginError([f"unknown extractor {name!r}{hint}"])
        if "@" in name and (not release or plugin.package in (None, OURS)):
            raise PluginError([f"extractor {name!r}: {plugin_name} has no releases to choose from"])
        if release and not _is_version(release):
            raise PluginError([f"extractor {name!r}: {release!r} is not a version"])
        if release and not plugin.is_for(release):
            needed = plugin.declared.requires[0]
            raise PluginError([f"extractor {name!r}: {plugin_name} is written for {needed}, not for release {release}"])
        return Selection(plugin, variant or None, release or None)

    def _composite(self, name: str, scheme: str, words: str) -> Plugin:
        """The plugin behind `union:A+B` or `vote:A+B+C`. Raises PluginError."""
        members = [self._find(word) for word in words.split("+")]
        if reason := composite.why_no_composite(scheme, members):
            raise PluginError([f"extractor {name!r}: {reason}"])
        return Plugin(
            name,
            "python",
            composite.SOURCE,
            scheme,
            origin=name,
            options=composite.options(members),
            summary=(composite.COMPOSITES[scheme].__doc__ or "").splitlines()[0],
            declared=composite.declaration(members),
            code=composite.code(members),
        )

    def _add(self, plugin: Plugin) -> None:
        other = self.plugins.get(plugin.name)
        if other is not None:
            self._reasons.append(
                f"two extractors are called {plugin.name!r}: {other.origin} and {plugin.origin}; rename one of them"
            )
        self.plugins.setdefault(plugin.name, plugin)
        self._reasons += _mistakes(plugin)

    def _add_built_in(self, path: Path, origin: str, *, by_default: bool = True) -> None:
        if path.name == "package.json":
            self._add_package(path, origin)
            return
        for attribute, value in vars(import_file(path)).items():
            if isinstance(value, Extractor):
                source = str(path.resolve())
                package = None if value.declaration.programs else OURS
                plugin = _plugin(value.name, source, attribute, origin, value.summary, value.declaration, package, (source,))
                self._add(replace(plugin, by_default=by_default and not plugin.declared.network))

    def _add_package(self, path: Path, origin: str) -> None:
        try:
            self._add(node_plugin(path, origin))
        except (OSError, ValueError) as error:
            self.unloadable.append(Unloadable(str(path), f"plugin {path}", str(error)))

    def _add_file(self, path: Path, origin: str) -> None:
        if path.name == "package.json":
            self._add_package(path, origin)
            return
        try:
            found = read_file(path, memory=self._memory, timeout=self._timeout)
            if not found.extractors and not found.extends:
                self._reasons.append(f"plugin {path} declares no extractor; put @extractor before its function")
            for declared in found.extractors:
                self._add(_python_plugin(declared.name, str(path.resolve()), origin, declared, None, found.code))
        except Undeclared as error:
            self.unloadable.append(Unloadable(str(path), f"plugin {path}", str(error)))

    def _add_offer(self, entry: metadata.EntryPoint) -> None:
        package = entry.dist.name if entry.dist else None
        try:
            found = read_source(entry.module, entry.attr, memory=self._memory, timeout=self._timeout)
            if not found.extractors:
                raise Undeclared(f"no function {entry.attr!r} in {entry.module}")
            self._add(_python_plugin(entry.name, entry.module, origin_of(entry), found.extractors[0], package, found.code))
        except Undeclared as error:
            what = f"{origin_of(entry)}: extractor {entry.name!r}"
            self.unloadable.append(Unloadable(entry.name, what, str(error), is_offered=True))


def _is_version(text: str) -> bool:
    try:
        Version(text)
    except InvalidVersion:
        return False
    return True


@dataclass(frozen=True)
class _OurPart:
    """The field `harness` of a package.json, but for what is declared in it."""

    main: str
    function: str = "default"
    package: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Package:
    """What a package.json says of an extractor."""

    harness: _OurPart
    description: str = ""
    homepage: str = ""
    license: str = ""


_IN_PACKAGES = {*Declaration._fields} - {*PYTHON_ONLY, *OF_PACKAGES}  # what `harness` may declare
_Declared: Any = msgspec.defstruct(  # a Declaration, as msgspec reads it from an object
    "Declared", [(name, kind, Declaration._field_defaults[name]) for name, kind in get_type_hints(Declaration).items()]
)


def _declaration(values: Mapping[str, Any]) -> Declaration:
    """The declaration that a JSON object states. Raises ValueError for one of other types."""
    return Declaration(**msgspec.structs.asdict(typed(_Declared, values)))


def _python_plugin(
    name: str, source: str, origin: str, found: DeclaredExtractor, package: str | None, code: tuple[str, ...]
) -> Plugin:
    """The plugin that a child process read. Raises Undeclared."""
    try:
        declared = _declaration(found.declaration)
    except ValueError as error:
        raise Undeclared(f"extractor {found.name!r} is declared wrongly: {error}") from None
    return _plugin(name, source, found.attribute, origin, found.summary, declared, package, code)


def _plugin(
    name: str,
    source: str,
    function: str,
    origin: str,
    summary: str,
    declared: Declaration,
    package: str | None,
    code: tuple[str, ...],
) -> Plugin:
    try:
        package = Requirement(declared.requires[0]).name if declared.requires else package
    except InvalidRequirement:
        package = None  # reported with the other mistakes of the plugin
    return Plugin(name, "python", source, function, origin, package, summary=summary, declared=declared, code=code)


def node_plugin(path: Path, origin: str) -> Plugin:
    """The plugin that a package.json with a field `harness` describes; its folder's name is the extractor's name.

    Raises OSError or ValueError for one that does not.
    """
    values = plain_json(content_of(path))
    package = typed(_Package, values)
    ours = package.harness
    if not (path.parent / ours.main).is_file():
        raise ValueError(f"no file {ours.main!r}")
    declared = {name: values["harness"][name] for name in values["harness"].keys() & _IN_PACKAGES}
    return Plugin(
        name=path.parent.name,
        runtime="node",
        source=str((path.parent / ours.main).resolve()),
        function=ours.function,
        origin=origin,
        package=ours.package,
        options=ours.options,
        summary=package.description,
        declared=_declaration({**declared, "homepage": package.homepage, "licence": package.license}),
    )


def _from_reference(name: str, memory: int, timeout: float) -> Plugin:
    """The plugin behind a command line, `FILE:FUNCTION` or `MODULE:FUNCTION`. Raises PluginError."""
    scheme, _, command = name.partition(":")
    if scheme in ("cmd", "protocol"):
        return _command_plugin(name, scheme, command)
    source, _, function = name.rpartition(":")
    if source.endswith((".py", ".mjs", ".js")) and not Path(source).is_file():
        raise PluginError([f"extractor {name!r}: no file {source!r}"])
    if source.endswith((".mjs", ".js")):
        return Plugin(name, "node", str(Path(source).resolve()), function, origin=name)
    if source.endswith(".py"):
        source = str(Path(source).resolve())
    try:
        found = read_source(source, function, memory=memory, timeout=timeout)
        if not found.extractors:
            hint = did_you_mean(function, found.callables)
            raise PluginError([f"extractor {name!r}: no function {function!r}{hint}"])
        plugin = _python_plugin(name, source, name, found.extractors[0], None, found.code)
    except Undeclared as error:
        raise PluginError([], [Unloadable(name, f"extractor {name!r}", str(error))]) from None
    if reasons := _mistakes(plugin):
        raise PluginError(reasons)
    return plugin


def _command_plugin(name: str, scheme: str, command: str) -> Plugin:
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise PluginError([f"extractor {name!r}: not a command line: {error}"]) from None
    if not words or shutil.which(words[0]) is None:
        raise PluginError([f"extractor {name!r}: no program {words[0] if words else ''!r}"])
    unknown = Declaration(cache=False)  # what else it runs or reads
    if scheme == "protocol":
        return Plugin(name, "protocol", command, "", origin=name, declared=unknown)
    source = str(Path(commandline.__file__).resolve())
    return Plugin(
        name, "python", source, commandline.extract.__name__, origin=name, options={"command": command}, declared=unknown
    )


def _mistakes(plugin: Plugin) -> list[str]:
    reasons = []
    declared = plugin.declared
    for requirement in declared.requires:
        try:
            Requirement(requirement)
        except InvalidRequirement:
            reasons.append(f"extractor {plugin.name!r} ({plugin.origin}): not a PEP 508 requirement: {requirement!r}")
    try:
        SpecifierSet(declared.python)
    except InvalidSpecifier:
        reasons.append(f"extractor {plugin.name!r} ({plugin.origin}): not a specifier of Python: {declared.python!r}")
    if declared.media not in MEDIA:
        reasons.append(f"extractor {plugin.name!r} ({plugin.origin}): media is {declared.media!r}, not {' or '.join(MEDIA)}")
    for output in (declared.output, *declared.outputs.values()):
        known = RETURNED if plugin.runtime == "python" else FORMATS
        if output not in known:
            reasons.append(f"extractor {plugin.name!r} ({plugin.origin}): output is {output!r}, not {' or '.join(known)}")
    for variant in sorted(declared.outputs.keys() - declared.variants.keys()):
        hint = did_you_mean(variant, list(declared.variants))
        reasons.append(f"extractor {plugin.name!r} ({plugin.origin}): outputs names no variant: {variant!r}{hint}")
    return reasons


def _plugin_files(paths: Iterable[Path]) -> Iterable[Path]:
    """Plugin files among the paths and in the folders among them: *.py, and package.json one level below."""
    for path in paths:
        if not path.is_dir():
            yield path
        elif (path / "package.json").is_file():
            yield path / "package.json"
        else:
            inside = [*path.glob("*.py"), *path.glob("*/package.json")]
            yield from sorted(file for file in inside if file.is_file())
