"""What users add to the harness, looked up in the same way as what comes with it.

Each kind of extension has one `Extensions`: metrics, dataset formats, operators, report formats for runs. It finds what the
modules of its own packages declare, what installed packages offer under an entry point, and what plugin files declare.
Nothing is imported before somebody looks something up. What cannot be used is left out and reported by `problems`.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from harness.common.declarations import MEMORY, TIMEOUT, Undeclared, read_file
from harness.common.errors import CannotTell, Impossible
from harness.common.files import exists
from harness.common.wording import did_you_mean

if TYPE_CHECKING:
    from importlib import metadata

BUILT_IN = "built in"
OTHERS = 1000
"""The place of extensions that do not give one: behind all that come with the harness."""

T = TypeVar("T")
Source = tuple[str, str]
"""A group of entry points and `FILE.py:NAME` or `MODULE:NAME`; or no group and a plugin file, which is for all groups."""


class Extension:
    """Base of everything that a plugin file may declare in addition to extractors."""


@dataclass(frozen=True)
class Offer:
    """An entry point of an installed package, loaded."""

    entry: metadata.EntryPoint
    """The entry point itself."""
    origin: str
    """Where it is from, for people: `package NAME`."""
    value: Any
    """The object that it names; None if it cannot be loaded."""
    reason: str = ""
    """Why it cannot be loaded; empty if it can."""


@contextmanager
def prints_to_stderr() -> Iterator[None]:
    """Lead what code of others prints to standard error meanwhile: standard output has what the user asked for."""
    with redirect_stdout(sys.stderr):
        yield


def offers(group: str) -> Iterator[Offer]:
    """The entry points of a group, by name, each loaded."""
    for entry in entry_points(group):
        origin = origin_of(entry)
        try:
            with prints_to_stderr():
                value = entry.load()
            yield Offer(entry, origin, value)
        except (Exception, SystemExit) as error:
            yield Offer(entry, origin, None, error_line(error))


def entry_points(group: str) -> list[metadata.EntryPoint]:
    """The entry points of a group, by name."""
    from importlib import metadata  # takes as long to import as all of the command line

    return sorted(metadata.entry_points(group=group), key=lambda entry: (entry.name, entry.value))


def origin_of(entry: metadata.EntryPoint) -> str:
    """Where an entry point is from, for people: `package NAME`."""
    return f"package {entry.dist.name}" if entry.dist else f"entry point {entry.value}"


def error_line(error: BaseException) -> str:
    """An exception in a line."""
    return " ".join(f"{type(error).__name__}: {error}".split())


@dataclass
class _State:
    """What a process has in use."""

    sources: tuple[Source, ...] = ()
    notes: dict[str, None] = field(default_factory=dict)
    failures: dict[str, None] = field(default_factory=dict)
    registries: list[Extensions[Any]] = field(default_factory=list)
    modules: dict[Path, tuple[tuple[int, int], ModuleType]] = field(default_factory=dict)


_STATE = _State()


def sources() -> tuple[Source, ...]:
    """The sources in use, apart from built-ins and installed packages. Another process uses the same ones by `use`."""
    return _STATE.sources


def use(wanted: Iterable[Source]) -> None:
    """Look extensions up in these sources too, and in no others. Files are executed. Raises whatever they raise."""
    _STATE.sources = tuple(dict.fromkeys(wanted))
    for group, source in _STATE.sources:
        if not group:
            import_file(Path(source))


@contextmanager
def plugin_files(
    paths: Iterable[Path], *, memory: int = MEMORY, timeout: float = TIMEOUT, all_must_load: bool = True
) -> Iterator[None]:
    """Look extensions up in plugin files and folders of them too, for as long as this lasts.

    all_must_load: whether a file that cannot be loaded raises CannotTell; else it is left out. Raises Impossible for files
    that do not exist.
    """
    before = _STATE.sources
    _STATE.notes.clear()
    _STATE.failures.clear()
    try:
        unloadable = use_plugin_files(paths, memory=memory, timeout=timeout)
        if unloadable and all_must_load:
            raise CannotTell("\n".join(unloadable))
        yield
    finally:
        _STATE.sources = before
        for registry in _STATE.registries:
            registry.forget_files()


def use_plugin_files(paths: Iterable[Path], *, memory: int = MEMORY, timeout: float = TIMEOUT) -> list[str]:
    """Look extensions up in plugin files and folders of them too. Returns a line for each that cannot be loaded.

    Only files that declare an extension are executed in this process, since their functions are called here; what files of
    extractors declare is read in a child process. memory, timeout: see `read_source`. Raises Impossible for files that do
    not exist, CannotTell for those that a child process can load and this one cannot.
    """
    reasons: list[str] = []
    unloadable: list[str] = []
    fails_here: list[str] = []
    found: list[Source] = []
    for path in paths:
        if not exists(path):
            reasons.append(f"no plugin file or folder {str(path)!r}")
            continue
        for file in sorted(path.glob("*.py")) if path.is_dir() else [path]:
            if file.suffix != ".py" or not file.is_file():
                continue  # such as a package.json of an extractor in JavaScript
            try:
                if not read_file(file, memory=memory, timeout=timeout).extends:
                    continue
                import_file(file)
            except KeyboardInterrupt:
                raise
            except Undeclared as error:
                unloadable.append(f"plugin {file} cannot be loaded: {error}")
            except BaseException as error:  # libraries in other languages raise beside Exception, too
                fails_here.append(f"plugin {file} cannot be loaded: {error_line(error)}")
            else:
                found.append(("", str(file.resolve())))
    if reasons or fails_here:
        raise (Impossible if reasons else CannotTell)("\n".join([*reasons, *fails_here, *unloadable]))
    _STATE.sources = tuple(dict.fromkeys([*_STATE.sources, *found]))
    return unloadable


def problems() -> list[str]:
    """What is wrong with the extensions that were looked up so far, a line for each."""
    return [*(line for registry in _STATE.registries for line in registry.problems()), *_STATE.notes, *_STATE.failures]


def note(*problems: str) -> None:
    """Report problems at the end of the command, each once."""
    _STATE.notes.update(dict.fromkeys(problems))


def note_failure(*problems: str) -> None:
    """Report at the end of the command, each once, that extensions failed, so that their work is not done."""
    _STATE.failures.update(dict.fromkeys(problems))


def any_failed() -> bool:
    """Whether an extension failed, so that not all is done that was asked for."""
    return bool(_STATE.failures)


def take_failures() -> list[str]:
    """Which extensions failed in this process, which is then for another process to note."""
    taken = [*_STATE.failures]
    _STATE.failures.clear()
    return taken


def import_file(path: Path) -> ModuleType:
    """The module that a plugin file makes; executed once while the file stays as it is. Raises whatever the file raises."""
    place = path.resolve()
    stat = place.stat()
    stamp = stat.st_mtime_ns, stat.st_size
    if place in _STATE.modules and _STATE.modules[place][0] == stamp:
        return _STATE.modules[place][1]
    # A name of its own, so that a plugin file may be called like the library that it imports; the same in every process.
    name = f"harness_plugin_{place.stem}_{hashlib.sha256(str(place).encode('utf-8', 'surrogateescape')).hexdigest()[:8]}"
    spec = importlib.util.spec_from_file_location(name, place)
    if spec is None or spec.loader is None:
        raise ImportError(f"not a Python file: {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    sys.path.append(str(place.parent))  # for modules beside it, as in a worker
    try:
        with prints_to_stderr():
            spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    finally:
        sys.path.remove(str(place.parent))
    _STATE.modules[place] = stamp, module
    return module


def import_source(source: str) -> ModuleType:
    """The module `FILE.py`, or `MODULE`, which may lie in the current folder. Raises whatever it raises."""
    if source.endswith(".py"):
        return import_file(Path(source))
    sys.path.insert(0, str(Path.cwd()))
    try:
        with prints_to_stderr():
            return importlib.import_module(source)
    finally:
        sys.path.pop(0)


class Extensions(Mapping[str, T]):
    """All extensions of one kind by their names: built-in ones first, then those of packages, then those of plugin files.

    Of two with one name the first is used, and the other one is reported; `take` refuses the other one.
    """

    def __init__(
        self,
        group: str,
        noun: str,
        packages: Sequence[str],
        *,
        is_one: Callable[[object], bool],
        names: Callable[[T], Sequence[str]],
        order: Callable[[T], Any],
        mistake: Callable[[T], str] = lambda value: "",
        made_of: Callable[[str, Any], T] | None = None,
    ) -> None:
        """group: of the entry points. noun: what one is called in messages. packages: whose modules declare the built-in
        ones. is_one: whether a value that a module holds is one. names: by which it is found. order: what built-in ones
        are sorted by. mistake: why one cannot be used. made_of: one made of an entry point's name and value, where that is
        not one already; raises TypeError or ValueError.
        """
        self.group = group
        self.noun = noun
        self._packages = packages
        self._is_one = is_one
        self._names = names
        self._order = order
        self._mistake = mistake
        self._made_of = made_of
        self._own: tuple[T, ...] | None = None
        self._found: dict[tuple[Source, ...], _Found[T]] = {}
        _STATE.registries.append(self)

    def __getitem__(self, name: str) -> T:
        return self._now().by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now().by_name)

    def __len__(self) -> int:
        return len(self._now().by_name)

    def all(self) -> tuple[T, ...]:
        """All of them, each once."""
        return self._now().all

    def built_in(self) -> tuple[T, ...]:
        """Those that come with the harness. Others are not loaded for it."""
        if self._own is None:
            found = [value for package in self._packages for module in _modules(package) for value in self._declared(module)]
            self._own = tuple(sorted({id(value): value for value in found}.values(), key=self._order))
        return self._own

    def origin(self, name: str) -> str:
        """Where the one of this name is from, for people: `built in`, `package NAME`, a file."""
        return self._now().origins[name]

    def is_built_in(self, name: str) -> bool:
        """Whether the one of this name comes with the harness."""
        return self.origin(name) == BUILT_IN

    def problems(self) -> list[str]:
        """What cannot be used of those that were looked up; nothing before the first was."""
        found = self._found.get(_STATE.sources)
        return [line for lines in found.problems.values() for line in lines] if found else []

    def forget_files(self) -> None:
        """Read plugin files anew when they are needed again."""
        self._found = {sources: found for sources, found in self._found.items() if not sources}

    def take(self, reference: str) -> T:
        """What `FILE.py:NAME` or `MODULE:NAME` names; from now on it is found by its own names too.

        Raises Impossible.
        """
        place, _, name = reference.rpartition(":")
        if place.endswith(".py"):
            if not Path(place).is_file():
                raise Impossible(f"{self.noun} {reference!r}: no file {place!r}")
            place = str(Path(place).resolve())
        source = self.group, f"{place}:{name}"
        before = _STATE.sources
        _STATE.sources = tuple(dict.fromkeys([*before, source]))
        found = self._now()
        if source in found.problems:
            _STATE.sources = before
            raise Impossible("\n".join(found.problems[source]))
        return found.taken[source]

    def _now(self) -> _Found[T]:
        found = self._found.get(_STATE.sources)
        if found is None:
            found = self._found[_STATE.sources] = self._find(_STATE.sources)
        return found

    def _find(self, wanted: tuple[Source, ...]) -> _Found[T]:
        found: _Found[T] = _Found()
        for value in self.built_in():
            self._add(found, ("", BUILT_IN), BUILT_IN, value)
        for offer in offers(self.group):
            packages = "", offer.origin
            label = f"{offer.origin}: {self.noun} {offer.entry.name!r}"
            if offer.reason:
                found.tell(packages, f"{label} cannot be loaded: {offer.reason}")
                continue
            self._add_made(found, packages, label, offer.origin, offer.entry.name, offer.value)
        for source in wanted:
            group, place = source
            if not group:
                for value in self._declared(import_file(Path(place))):
                    self._add(found, source, place, value)
            elif group == self.group:
                self._add_reference(found, source)
        return found

    def _declared(self, module: ModuleType) -> list[T]:
        return list({id(value): value for value in vars(module).values() if self._is_one(value)}.values())

    def _add_reference(self, found: _Found[T], source: Source) -> None:
        place, _, name = source[1].rpartition(":")
        label = f"{self.noun} {source[1]!r}"
        try:
            module = import_source(place)
        except (Exception, SystemExit) as error:
            found.tell(source, f"{label} cannot be loaded: {error_line(error)}")
            return
        if not hasattr(module, name):
            public = {key: value for key, value in vars(module).items() if not key.startswith("_")}
            known = [key for key, value in public.items() if self._is_one(value) or callable(value)]
            found.tell(source, f"{label}: no {name!r} in {place}{did_you_mean(name, known)}")
            return
        self._add_made(found, source, label, source[1], name, getattr(module, name))

    def _add_made(self, found: _Found[T], source: Source, label: str, origin: str, name: str, value: Any) -> None:
        if not self._is_one(value):
            try:
                if self._made_of is None:
                    raise TypeError(f"it is of type {type(value).__name__}")
                value = self._made_of(name, value)
            except (TypeError, ValueError) as error:
                found.tell(source, f"{label} is no {self.noun}: {error}")
                return
        self._add(found, source, origin, value)

    def _add(self, found: _Found[T], source: Source, origin: str, value: T) -> None:
        try:
            mistake, names = self._mistake(value), self._names(value)
        except (Exception, SystemExit) as error:
            mistake, names = error_line(error), ()
        if mistake:
            found.tell(source, f"{origin}: {self.noun} left out: {mistake}")
            return
        found.taken.setdefault(source, value)
        clashes = [name for name in names if name in found.by_name and found.by_name[name] is not value]
        for name in clashes:
            both = f"{found.origins[name]} and {origin}"
            # One that a command names by its place is refused, never quietly replaced by another one.
            advice = "rename the second" if source[0] else "the first is used, rename the other"
            found.tell(source, f"two {self.noun}s are called {name!r}: {both}; {advice}")
        if clashes or names[0] in found.by_name:
            return
        found.all = (*found.all, value)
        found.by_name.update(dict.fromkeys(names, value))
        found.origins.update(dict.fromkeys(names, origin))


@dataclass
class _Found(Generic[T]):
    """What was found, and what is wrong, by its source."""

    all: tuple[T, ...] = ()
    by_name: dict[str, T] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    taken: dict[Source, T] = field(default_factory=dict)
    problems: dict[Source, list[str]] = field(default_factory=dict)

    def tell(self, source: Source, problem: str) -> None:
        self.problems.setdefault(source, []).append(problem)


def _modules(package: str) -> Iterator[ModuleType]:
    """The modules of a package, by name."""
    found = importlib.import_module(package)
    for info in pkgutil.iter_modules(found.__path__, f"{package}."):
        yield importlib.import_module(info.name)
