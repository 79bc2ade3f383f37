"""Finds extractors and says what can run here.

Built-in plugins, plugin files, installed packages and `module:function` all end as the same thing: a `Plugin`, from which
a name on the command line picks a `Runnable` (the plugin with the options of one variant).
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

from harness.plugin import Extractor, extractor
from harness.resources import bundled
from harness.suggest import did_you_mean

ENTRY_POINT_GROUP = "harness.extractors"


class PluginError(Exception):
    """Plugins that cannot be used as they are: unknown names, clashes, broken files. `reasons` has a line for each."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Plugin:
    """An extractor and where it was found.

    `source` is a file or a module, `function` the name in it; `origin` says it for people; `package` is the distribution
    that it came with, if any.
    """

    name: str
    source: str
    origin: str
    function: str
    extractor: Extractor
    package: str | None = None

    @property
    def missing(self) -> list[str]:
        """The requirements that this environment does not satisfy."""
        return [text for text in self.extractor.requires if not _satisfied(text)]

    @property
    def variants(self) -> list[str]:
        """The names under which the plugin runs: its own, and one for each variant."""
        return [self.name, *(f"{self.name}/{variant}" for variant in self.extractor.variants)]

    def runnable(self, variant: str | None = None) -> Runnable:
        """The plugin with the options of one variant."""
        requires = self.extractor.requires
        return Runnable(
            name=f"{self.name}/{variant}" if variant else self.name,
            source=self.source,
            function=self.function,
            package=Requirement(requires[0]).name if requires else self.package,
            options=self.extractor.variants[variant] if variant else {},
            media=self.extractor.media,
            reference=self.extractor.reference,
        )


@dataclass(frozen=True, eq=False)
class Runnable:
    """What a worker needs to run one extractor, and what a report says of it.

    `package` is the distribution whose version is the extractor's version; None if the extractor requires none.
    """

    name: str
    source: str
    function: str
    package: str | None
    options: Mapping[str, Any]
    media: str
    reference: bool


@dataclass(frozen=True)
class Unavailable:
    """An extractor whose requirements are not installed."""

    name: str
    missing: Sequence[str]

    @property
    def remedy(self) -> str:
        """The command that installs what is missing."""
        return "python -m pip install " + " ".join(f"'{requirement}'" for requirement in self.missing)


class Registry:
    """All plugins that can be named. Raises PluginError at once if two bear one name or one cannot be read."""

    def __init__(self, extra: Iterable[Path] = ()) -> None:
        """Find the built-in plugins, those of installed packages, and those of files or folders in `extra`."""
        self.plugins: dict[str, Plugin] = {}
        self._reasons: list[str] = []
        for path in _plugin_files([bundled("extractors")]):
            self._add_file(path, f"built in ({path.name})", "extraction-harness")
        for entry in sorted(metadata.entry_points(group=ENTRY_POINT_GROUP), key=lambda e: e.name):
            self._add_entry_point(entry)
        for path in extra:
            if not path.exists():
                self._reasons.append(f"no plugin file or folder {str(path)!r}")
        for path in _plugin_files(path for path in extra if path.exists()):
            self._add_file(path, str(path))
        if self._reasons:
            raise PluginError(self._reasons)

    def resolve(self, names: Sequence[str]) -> tuple[list[Runnable], list[Unavailable]]:
        """What the names stand for, in their order and once each, and what of it is not installed.

        A name is `NAME`, `NAME/VARIANT`, `all`, `MODULE:FUNCTION` or `FILE.py:FUNCTION`. Raises PluginError with all
        names that stand for nothing.
        """
        chosen: dict[str, tuple[Plugin, str | None]] = {}
        reasons = []
        for name in names:
            if name == "all":
                for known in self.all_names():
                    chosen.setdefault(known, self._find(known))
                continue
            try:
                chosen.setdefault(name, self._find(name))
            except PluginError as error:
                reasons += error.reasons
        if reasons:
            raise PluginError(reasons)
        unavailable = [Unavailable(name, plugin.missing) for name, (plugin, _) in chosen.items() if plugin.missing]
        runnables = [plugin.runnable(variant) for plugin, variant in chosen.values() if not plugin.missing]
        return runnables, unavailable

    def all_names(self) -> list[str]:
        """Every name under which something runs."""
        return [name for plugin in self.plugins.values() for name in plugin.variants]

    def _find(self, name: str) -> tuple[Plugin, str | None]:
        if ":" in name:
            return _from_reference(name), None
        base, _, variant = name.partition("/")
        plugin = self.plugins.get(base)
        if plugin is None or name not in plugin.variants:
            known = self.all_names()
            hint = did_you_mean(name, known) or f"; known: {', '.join(self.plugins)}"
            raise PluginError([f"unknown extractor {name!r}{hint}"])
        return plugin, variant or None

    def _add(self, plugin: Plugin) -> None:
        other = self.plugins.get(plugin.name)
        if other is not None:
            self._reasons.append(
                f"two extractors are called {plugin.name!r}: {other.origin} and {plugin.origin}; rename one of them"
            )
        self.plugins.setdefault(plugin.name, plugin)
        self._reasons += _mistakes(plugin)

    def _add_file(self, path: Path, origin: str, package: str | None = None) -> None:
        try:
            module = _import_file(path)
        except (Exception, SystemExit) as error:
            self._reasons.append(f"plugin {path} cannot be loaded: {type(error).__name__}: {error}")
            return
        declared = {name: value for name, value in vars(module).items() if isinstance(value, Extractor)}
        if not declared:
            self._reasons.append(f"plugin {path} declares no extractor; put @extractor before its function")
        for name, value in declared.items():
            self._add(Plugin(value.name, str(path.resolve()), origin, name, value, package))

    def _add_entry_point(self, entry: metadata.EntryPoint) -> None:
        origin = f"package {entry.dist.name}" if entry.dist else f"entry point {entry.value}"
        try:
            value = entry.load()
            declared = value if isinstance(value, Extractor) else extractor(value)
        except (Exception, SystemExit) as error:
            self._reasons.append(f"{origin}: extractor {entry.name!r} cannot be loaded: {type(error).__name__}: {error}")
            return
        package = entry.dist.name if entry.dist else None
        self._add(Plugin(entry.name, entry.module, origin, entry.attr, declared, package))


def _from_reference(name: str) -> Plugin:
    """The plugin behind `MODULE:FUNCTION` or `FILE.py:FUNCTION`. Raises PluginError."""
    source, _, function = name.rpartition(":")
    try:
        if source.endswith(".py"):
            if not Path(source).is_file():
                raise PluginError([f"extractor {name!r}: no file {source!r}"])
            module = _import_file(Path(source))
            source = str(Path(source).resolve())
        else:
            sys.path.insert(0, str(Path.cwd()))
            try:
                module = importlib.import_module(source)
            finally:
                sys.path.pop(0)
    except PluginError:
        raise
    except (Exception, SystemExit) as error:
        raise PluginError([f"extractor {name!r} cannot be loaded: {type(error).__name__}: {error}"]) from None
    value = getattr(module, function, None)
    if not callable(value):
        functions = [key for key, item in vars(module).items() if callable(item) and not key.startswith("_")]
        raise PluginError([f"extractor {name!r}: no function {function!r}{did_you_mean(function, functions)}"])
    declared = value if isinstance(value, Extractor) else extractor(value)
    plugin = Plugin(name, source, name, function, declared)
    if reasons := _mistakes(plugin):
        raise PluginError(reasons)
    return plugin


def _mistakes(plugin: Plugin) -> list[str]:
    reasons = []
    for requirement in plugin.extractor.requires:
        try:
            Requirement(requirement)
        except InvalidRequirement:
            reasons.append(f"extractor {plugin.name!r} ({plugin.origin}): not a PEP 508 requirement: {requirement!r}")
    return reasons


def _plugin_files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        yield from sorted(path.glob("*.py")) if path.is_dir() else [path]


def _import_file(path: Path) -> Any:
    # A name of its own, so that a plugin file may be called like the library that it imports.
    spec = importlib.util.spec_from_file_location(f"harness_plugin_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"not a Python file: {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def _satisfied(text: str) -> bool:
    requirement = Requirement(text)
    if requirement.marker is not None and not requirement.marker.evaluate():
        return True
    try:
        return requirement.specifier.contains(metadata.version(requirement.name), prereleases=True)
    except metadata.PackageNotFoundError:
        return False
