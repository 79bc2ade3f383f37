"""Finds extractors and understands their names.

Built-in plugins, plugin files, installed packages, JavaScript packages, `module:function` and command lines all end as
the same thing: a `Plugin`. A name on the command line selects one of its variants, in one release: a `Selection`.
"""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from harness.common.errors import Impossible
from harness.common.extensions import Offer, declares_any, error_line, import_file, import_source, offers
from harness.common.places import bundled
from harness.common.wording import did_you_mean
from harness.plugins.installed import OURS
from harness.worker import commandline
from harness.worker.plugin import FORMATS, MEDIA, Declaration, Extractor, extractor

ENTRY_POINT_GROUP = "harness.extractors"

Runtime = Literal["python", "node", "protocol"]


class PluginError(Impossible):
    """Plugins that cannot be used as they are: unknown names, clashes, broken files. `reasons` has a line for each."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


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

    @property
    def names(self) -> list[str]:
        """The names under which the plugin runs: its own, and one for each variant."""
        return [self.name, *(f"{self.name}/{variant}" for variant in self.declared.variants)]


@dataclass(frozen=True)
class Selection:
    """A plugin as it was asked for."""

    plugin: Plugin
    """The plugin."""
    variant: str | None = None
    """One of its variants; None: the plugin itself."""
    release: str | None = None
    """One of its releases; None: any that fits."""

    @property
    def name(self) -> str:
        """How it is called in tables and on the command line."""
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
    """All plugins that can be named. Raises PluginError at once if two bear one name or one cannot be read."""

    def __init__(self, extra: Iterable[Path] = ()) -> None:
        """Find the built-in plugins, those of installed packages, and those of files or folders in `extra`."""
        self.plugins: dict[str, Plugin] = {}
        self._reasons: list[str] = []
        for path in _plugin_files([bundled("extractors")]):
            self._add_file(path, f"built in ({path.name})", OURS)
        for offer in offers(ENTRY_POINT_GROUP):
            self._add_offer(offer)
        extra = list(extra)
        for path in extra:
            if not path.exists():
                self._reasons.append(f"no plugin file or folder {str(path)!r}")
        for path in _plugin_files(path for path in extra if path.exists()):
            self._add_file(path, str(path))
        if self._reasons:
            raise PluginError(self._reasons)

    def select(self, names: Sequence[str]) -> list[Selection]:
        """The extractors of these names, in their order and once each.

        A name is `NAME`, `NAME/VARIANT`, either with `@RELEASE`, `all`, `MODULE:FUNCTION`, `FILE.py:FUNCTION`,
        `FILE.mjs:FUNCTION`, `cmd:COMMAND` or `protocol:COMMAND`. Raises PluginError with all names that stand for
        nothing.
        """
        chosen: dict[str, Selection] = {}
        reasons = []
        for name in names:
            for known in self.all_names() if name == "all" else [name]:
                try:
                    chosen.setdefault(known, self._find(known))
                except PluginError as error:
                    reasons += error.reasons
        if reasons:
            raise PluginError(reasons)
        return list(chosen.values())

    def all_names(self) -> list[str]:
        """Every name under which something runs."""
        return [name for plugin in self.plugins.values() for name in plugin.names]

    def _find(self, name: str) -> Selection:
        if ":" in name:
            return Selection(_from_reference(name))
        base, _, release = name.partition("@")
        plugin_name, _, variant = base.partition("/")
        plugin = self.plugins.get(plugin_name)
        if plugin is None or base not in plugin.names:
            file = Path(f"{plugin_name}.py")
            beside = f"; to load {file}: --plugins {file}" if file.is_file() else ""
            hint = beside or did_you_mean(base, self.all_names()) or f"; known: {', '.join(self.plugins)}"
            raise PluginError([f"unknown extractor {name!r}{hint}"])
        if "@" in name and (not release or plugin.package in (None, OURS)):
            raise PluginError([f"extractor {name!r}: {plugin_name} has no releases to choose from"])
        if release and not _is_version(release):
            raise PluginError([f"extractor {name!r}: {release!r} is not a version"])
        return Selection(plugin, variant or None, release or None)

    def _add(self, plugin: Plugin) -> None:
        other = self.plugins.get(plugin.name)
        if other is not None:
            self._reasons.append(
                f"two extractors are called {plugin.name!r}: {other.origin} and {plugin.origin}; rename one of them"
            )
        self.plugins.setdefault(plugin.name, plugin)
        self._reasons += _mistakes(plugin)

    def _add_file(self, path: Path, origin: str, package: str | None = None) -> None:
        if path.name == "package.json":
            try:
                self._add(node_plugin(path, origin))
            except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
                self._reasons.append(f"plugin {path} cannot be read: {type(error).__name__}: {error}")
            return
        try:
            module = import_file(path)
        except (Exception, SystemExit) as error:
            self._reasons.append(f"plugin {path} cannot be loaded: {error_line(error)}")
            return
        declared = {name: value for name, value in vars(module).items() if isinstance(value, Extractor)}
        if not declared and not declares_any(module):
            self._reasons.append(f"plugin {path} declares no extractor; put @extractor before its function")
        for name, value in declared.items():
            self._add(_python_plugin(value.name, str(path.resolve()), name, origin, value, package))

    def _add_offer(self, offer: Offer) -> None:
        entry, reason = offer.entry, offer.reason
        if not reason:
            try:
                declared = offer.value if isinstance(offer.value, Extractor) else extractor(offer.value)
            except (Exception, SystemExit) as error:
                reason = error_line(error)
        if reason:
            self._reasons.append(f"{offer.origin}: extractor {entry.name!r} cannot be loaded: {reason}")
            return
        package = entry.dist.name if entry.dist else None
        self._add(_python_plugin(entry.name, entry.module, entry.attr, offer.origin, declared, package))


def _is_version(text: str) -> bool:
    try:
        Version(text)
    except InvalidVersion:
        return False
    return True


def _python_plugin(name: str, source: str, function: str, origin: str, found: Extractor, package: str | None) -> Plugin:
    declared = found.declaration
    try:
        package = Requirement(declared.requires[0]).name if declared.requires else package
    except InvalidRequirement:
        package = None  # reported with the other mistakes of the plugin
    return Plugin(name, "python", source, function, origin, package, summary=found.summary, declared=declared)


def node_plugin(path: Path, origin: str) -> Plugin:
    """The plugin that a package.json with a field `harness` describes; its folder's name is the extractor's name.

    Raises OSError, ValueError, KeyError, TypeError or AttributeError for one that does not.
    """
    described = json.loads(path.read_text(encoding="utf-8"))
    ours = described["harness"]
    if not (path.parent / ours["main"]).is_file():
        raise ValueError(f"no file {ours['main']!r}")
    declared = {name: ours[name] for name in ours.keys() & {*Declaration._fields} - {"requires", "python"}}
    return Plugin(
        name=path.parent.name,
        runtime="node",
        source=str((path.parent / ours["main"]).resolve()),
        function=ours.get("function", "default"),
        origin=origin,
        package=ours.get("package"),
        options=ours.get("options", {}),
        summary=described.get("description", ""),
        declared=Declaration(
            **declared
            | {
                "variants": {name: dict(options) for name, options in ours.get("variants", {}).items()},
                "outputs": dict(ours.get("outputs", {})),
                "homepage": described.get("homepage", ""),
                "licence": described.get("license", ""),
            }
        ),
    )


def _from_reference(name: str) -> Plugin:
    """The plugin behind a command line, `FILE:FUNCTION` or `MODULE:FUNCTION`. Raises PluginError."""
    scheme, _, command = name.partition(":")
    if scheme in ("cmd", "protocol"):
        return _command_plugin(name, scheme, command)
    source, _, function = name.rpartition(":")
    if source.endswith((".py", ".mjs", ".js")) and not Path(source).is_file():
        raise PluginError([f"extractor {name!r}: no file {source!r}"])
    if source.endswith((".mjs", ".js")):
        return Plugin(name, "node", str(Path(source).resolve()), function, origin=name)
    try:
        module = import_source(source)
    except (Exception, SystemExit) as error:
        raise PluginError([f"extractor {name!r} cannot be loaded: {error_line(error)}"]) from None
    if source.endswith(".py"):
        source = str(Path(source).resolve())
    value = getattr(module, function, None)
    if not callable(value):
        functions = [key for key, item in vars(module).items() if callable(item) and not key.startswith("_")]
        raise PluginError([f"extractor {name!r}: no function {function!r}{did_you_mean(function, functions)}"])
    declared = value if isinstance(value, Extractor) else extractor(value)
    plugin = _python_plugin(name, source, function, name, declared, None)
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
    if scheme == "protocol":
        return Plugin(name, "protocol", command, "", origin=name)
    source = str(Path(commandline.__file__).resolve())
    return Plugin(name, "python", source, commandline.extract.__name__, origin=name, options={"command": command})


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
        if output not in FORMATS:
            reasons.append(f"extractor {plugin.name!r} ({plugin.origin}): output is {output!r}, not {' or '.join(FORMATS)}")
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
            yield from sorted([*path.glob("*.py"), *path.glob("*/package.json")])
