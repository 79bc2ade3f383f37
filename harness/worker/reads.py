"""What an extractor's process reads beside its pages, and what was there when it did.

Everything is told by a name, with its state at that moment:

* `/PATH`: a file that was read; its stamp (see `stamp`).
* `!/PATH`: a path that was looked at, or opened in vain; `file`, `folder` or `nothing`.
* `/PATH/`: a folder that was listed; a hash of the names in it.
* `?/PATH/NAME`: a folder in which the module NAME was sought; what can be imported there under that name. `*.pth` in
  place of NAME: the files by which packages lead Python elsewhere.
* `$NAME`: an environment variable; `$NAME*`: all whose names begin so. Their state is empty: who starts the process knows.
* `.`: the working directory that the process began in, where a relative path was used.

Standard library only, Python 3.8, like the worker that uses it.
"""

from __future__ import annotations

import os
import stat
import sys
from typing import Any, Callable, Iterator

_UNSEEN = frozenset(
    "subprocess.Popen os.exec os.fork os.forkpty os.posix_spawn os.spawn os.system pty.spawn "
    "os.link os.symlink os.truncate sqlite3.connect".split()
)  # audit events; what other processes or databases read is not heard
_STARTS_PROCESSES = frozenset(["multiprocessing.popen_spawn_posix", "multiprocessing.popen_forkserver"])
_READS_UNSEEN = frozenset(
    "open open64 openat fopen fopen64 opendir stat stat64 getenv popen system fork vfork execv execve execvp".split()
)  # what an extractor asks the C library for
_HEARD = _UNSEEN.union(
    [
        "open",
        "os.listdir",
        "os.scandir",
        "os.mkdir",
        "os.remove",
        "os.rmdir",
        "os.rename",
        "ctypes.dlopen",
        "ctypes.dlsym",
        "socket.connect",
    ]
)
_OF_PYTHON = ("$PYTHON*", "$LC_*", "$LD_*", "$LANG", "$TZ")  # what the interpreter and the C library ask for themselves
_STANDARD_LIBRARY = os.path.join(os.path.dirname(os.__file__), "")  # sysconfig knows it, but takes long to load
_PACKED_LIBRARY = "python%d%d.zip" % sys.version_info[:2]
_OF_THE_SYSTEM = ("/proc/", "/sys/", "/dev/")
_MODULES = (".py", ".pyc", ".so", ".pyd")
_stat, _listdir, _getcwd = os.stat, os.listdir, os.getcwd


def stamp(found: os.stat_result) -> str:
    """What changes when a file is written or replaced."""
    return "%d-%d-%d-%d" % (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def presence(path: str) -> str:
    """What is at a path: `file`, `folder` or `nothing`."""
    try:
        return "folder" if stat.S_ISDIR(_stat(path).st_mode) else "file"
    except (OSError, ValueError):
        return "nothing"


def names_in(folder: str) -> list[str]:
    """The names in a folder, sorted, without what Python makes; none if it cannot be listed."""
    try:
        return sorted(name for name in _listdir(folder) if name != "__pycache__")
    except (OSError, ValueError):
        return []


def listing(names: list[str]) -> str:
    """A hash of the names in a folder."""
    import hashlib

    return hashlib.sha256("\0".join(names).encode("utf-8", "surrogateescape")).hexdigest()


def importable_names(names: list[str], wanted: str) -> str:
    """Those of the names in a folder that a module can be imported from, or that end as `wanted` says after a `*`."""
    if wanted.startswith("*"):
        return "|".join(name for name in names if name.endswith(wanted[1:]))
    start = wanted + "."
    return "|".join(name for name in names if name == wanted or (name.startswith(start) and name.endswith(_MODULES)))


class Reads:
    """Notes what this process reads from now on, as far as Python sees it. One for a process: it cannot be taken back."""

    def __init__(self) -> None:
        self._home = _getcwd()
        self._told: dict[str, str] = {}
        self._new: dict[str, str] = {}
        self._modules: dict[str, str] = {}
        self._sought: dict[tuple[str, tuple[Any, ...]], None] = {}  # modules, and the folders they are looked for in
        self._made: set[str] = set()  # files and folders that this process has made, whose content is its own
        self._begun: set[str] = set()  # those of them to which it would have added, had they been there
        self._created: set[str] = set()  # those of them that would have been of consequence, had they been there
        self._changed: set[str] = set()  # files that it has written to, and that were there before
        self._listing: set[str] = set()  # folders that are being listed to note it
        self._complete = True
        self._deaf = False
        self._note_beginning()
        sys.addaudithook(self._hear)
        sys.meta_path.insert(0, self)  # it finds nothing
        looks: dict[str, Callable[..., None]] = dict.fromkeys(("stat", "lstat", "access"), self._look_at)
        places: dict[str, Callable[..., None]] = dict.fromkeys(("getcwd", "getcwdb"), self._note_home)
        for name, tell in {**looks, **places, "open": self._open_below}.items():
            setattr(os, name, _Watched(getattr(os, name), tell))
        os.supports_follow_symlinks.add(os.stat)
        values = vars(os.environ).get("_data")
        if isinstance(values, dict):
            # Both are views of one dictionary, and a third one is what they were made of.
            vars(os.environ)["_data"] = vars(os.environb)["_data"] = _Variables(values, self._ask_for, self.lose)
            sys.modules[os.name].environ = os.environb  # type: ignore[attr-defined]

    def since(self) -> dict[str, str] | None:
        """What was read since the last call, by name, with its state then.

        Files of the standard library are left out, and those that this process has made. None once not all is known: other
        programs or processes were started, all variables were listed, or something has changed since it was read first.
        """
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__dict__", {}).get("__file__")
            if isinstance(file, str) and self._modules.get(name) != file:
                self._modules[name] = file
                self._read(self._absolute(file), of_module=True)
        self._note_sought()
        created, self._created = self._created, set()
        for path in created:
            if presence(path) != "nothing":
                self._note("!" + path, "nothing")
        new, self._new = self._new, {}
        return new if self._complete and self._hears() else None

    def _hears(self) -> bool:
        """Whether the extractor has left in place what tells of its reads."""
        functions = (os.stat, os.lstat, os.access, os.open, os.getcwd, os.getcwdb)
        variables = (vars(os.environ).get("_data"), vars(os.environb).get("_data"))
        watched = all(isinstance(function, _Watched) for function in functions)
        return watched and all(isinstance(values, _Variables) for values in variables) and self in sys.meta_path

    def unheard(self) -> _Unheard:
        """A context in which nothing is noted: for what the worker does for itself."""
        return _Unheard(self)

    def lose(self) -> None:
        """From now on it is not known what this process has read."""
        self._complete = False

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        """Note that a module is looked for; others find it."""
        if self._deaf:
            return
        if name in _STARTS_PROCESSES:
            self.lose()
        self._sought[name, tuple(sys.path if path is None else path)] = None

    def _note_beginning(self) -> None:
        """Note what Python has read before it could be heard."""
        for name in _OF_PYTHON:
            self._note(name, "")
        folders = tuple(sys.path)
        self._read(os.path.abspath(__file__))
        for name in (*list(sys.modules), "sitecustomize", "usercustomize"):
            if "." not in name and name != "__main__":
                self._sought[name, folders] = None
        user = getattr(sys.modules.get("site"), "USER_SITE", None)
        if isinstance(user, str):
            self._note("!" + user, presence(user))
        for folder in map(self._absolute, folders):
            if self._is_ours(folder):
                names = names_in(folder)
                self._note("?" + folder + "/*.pth", importable_names(names, "*.pth"))
                for name in names:
                    if name.endswith(".pth"):
                        self._read(os.path.join(folder, name))
        if not all(map(os.path.isabs, (os.environ.get("PYTHONPATH") or "/").split(os.pathsep))):
            self._note_home()

    def _note_sought(self) -> None:
        sought, self._sought = self._sought, {}
        names: dict[str, list[str]] = {}
        for name, folders in sought:
            for folder in _before_found(name, [self._absolute(folder) for folder in folders if isinstance(folder, str)]):
                if self._is_ours(folder):
                    if folder not in names:
                        with self.unheard():
                            names[folder] = names_in(folder)
                    wanted = name.rpartition(".")[2]
                    self._note("?" + folder + "/" + wanted, importable_names(names[folder], wanted))

    def _note(self, name: str, state: str) -> None:
        if name not in self._told:
            self._told[name] = self._new[name] = state
        elif self._told[name] != state:
            self.lose()  # which answers come from which of the two is not known

    def _note_home(self, *_: Any, **__: Any) -> None:
        if not self._deaf:
            self._note(".", self._home)

    def _ask_for(self, variable: Any) -> None:
        if not self._deaf:
            self._note("$" + os.fsdecode(variable), "")

    def _absolute(self, path: Any) -> str:
        """A path from the root; of a relative one it is noted that it depends on the working directory."""
        text = os.fsdecode(path)
        if text.startswith("/"):
            return os.path.normpath(text)
        self._note_home()
        try:
            return os.path.normpath(os.path.join(_getcwd(), text))
        except OSError:  # the working directory is gone
            return "/"

    def _is_ours(self, path: str) -> bool:
        """Whether a path is neither of Python, such as its bytecode, or the system, nor of this process's making."""
        if "__pycache__" in path.split("/"):
            return False
        if path.startswith(_OF_THE_SYSTEM) or _in_standard_library(path + "/") or path.endswith(_PACKED_LIBRARY):
            return False
        while self._made:
            if path in self._made:
                return False
            parent = os.path.dirname(path)
            if parent == path:
                break
            path = parent
        return True

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _HEARD or self._deaf:
            return
        try:
            self._take(event, arguments)
        except Exception:  # it would become one of the extractor's
            self.lose()

    def _take(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in _UNSEEN:
            if arguments[:1] != (":memory:",):
                self.lose()
        elif event == "open":
            self._open(arguments[0], arguments[2])
        elif event in ("os.listdir", "os.scandir"):
            self._list(arguments[0])
        elif event == "os.mkdir":
            path = self._absolute(arguments[0])
            if presence(path) == "nothing":
                if os.path.basename(path) != "__pycache__":  # Python makes that one
                    self._created.add(path)
                self._made.add(path)
            else:
                self._look_at(path)
        elif event in ("os.remove", "os.rmdir"):
            self._look_at(arguments[0], dir_fd=None if arguments[1] == -1 else arguments[1])
        elif event == "os.rename":
            if self._is_ours(self._absolute(arguments[0])):
                self.lose()
            else:
                self._made.add(self._absolute(arguments[1]))
        elif event == "ctypes.dlsym":
            if arguments[1] in _READS_UNSEEN:
                self.lose()
        elif event == "ctypes.dlopen":
            if isinstance(arguments[0], (str, bytes)) and "/" in os.fsdecode(arguments[0]):
                self._read(self._absolute(arguments[0]))
        elif isinstance(arguments[1], (str, bytes)) or not sys.platform.startswith("linux"):
            self.lose()  # to connect: in Linux there is no network, but there are sockets that are files

    def _open(self, place: Any, flags: int) -> None:
        if isinstance(place, int):
            return  # what is open already
        path = self._absolute(place)
        if path.startswith("/proc/") and path.endswith("/environ"):
            self.lose()
        writes = flags & (os.O_WRONLY | os.O_RDWR)
        if path in self._begun and not writes:
            self._created.add(path)
        folder, name = os.path.split(path)
        if not writes and os.path.basename(folder) == "__pycache__" and _imports():
            path = os.path.join(os.path.dirname(folder), name.partition(".")[0] + ".py")  # what the bytecode was made of
        if not self._is_ours(path):
            return
        if writes:
            self._write(path, flags)
        elif path in self._changed:
            self.lose()
        else:
            self._read(path)

    def _open_below(self, path: Any, flags: int, mode: int = 0, *, dir_fd: int | None = None) -> None:
        if dir_fd is not None and not self._deaf:
            self._open(self._absolute(os.path.join(_path_of(dir_fd), os.fsdecode(path))), flags)

    def _write(self, path: str, flags: int) -> None:
        if _imports():
            return  # bytecode
        there = presence(path)
        if there == "file" and not flags & os.O_TRUNC:  # what stands there is kept
            self._changed.add(path)
            if flags & os.O_RDWR or path in self._told:
                self.lose()
        elif not flags & os.O_CREAT:
            self._note("!" + path, there)
        elif there != "folder":  # temporary files without a name begin with their folder
            self._made.add(path)
            if flags & (os.O_EXCL | os.O_RDWR) and not flags & os.O_TRUNC:
                self._created.add(path)
            elif not flags & os.O_TRUNC:
                self._begun.add(path)

    def _read(self, path: str, *, of_module: bool = False) -> None:
        if not self._is_ours(path):
            return
        try:
            found = _stat(path)
        except (OSError, ValueError):
            # A module can come from an archive; its file then has no state.
            self._note(*((path, "") if of_module else ("!" + path, "nothing")))
            return
        if stat.S_ISREG(found.st_mode):
            self._note(path, stamp(found))
        elif stat.S_ISDIR(found.st_mode):
            self._note("!" + path, "folder")
        else:
            self.lose()  # what comes out of a pipe comes once

    def _look_at(self, path: Any, *_: Any, dir_fd: int | None = None, **__: Any) -> None:
        if self._deaf or isinstance(path, int):
            return
        try:
            place = os.fsdecode(path)
            if dir_fd is not None:
                place = os.path.join(_path_of(dir_fd), place)
            place = self._absolute(place)
        except (TypeError, ValueError):  # it is for the original to say so
            return
        if self._is_ours(place):
            self._note("!" + place, presence(place))

    def _list(self, place: Any) -> None:
        if _imports():
            return
        folder = self._absolute("." if place is None else _path_of(place) if isinstance(place, int) else place)
        if folder in self._listing or not self._is_ours(folder):
            return
        self._listing.add(folder)
        try:
            self._note(os.path.join(folder, ""), listing(names_in(folder)))
        finally:
            self._listing.discard(folder)


class _Unheard:
    def __init__(self, reads: Reads) -> None:
        self._reads = reads

    def __enter__(self) -> None:
        self._before, self._reads._deaf = self._reads._deaf, True

    def __exit__(self, *_: Any) -> None:
        self._reads._deaf = self._before


class _Watched:
    """A function of `os` that tells what it is asked. No Python function: as part of a class, it would become a method."""

    def __init__(self, original: Callable[..., Any], tell: Callable[..., None]) -> None:
        self._original, self._tell = original, tell
        self.__name__, self.__doc__ = original.__name__, original.__doc__

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        self._tell(*arguments, **named)
        return self._original(*arguments, **named)


class _Variables(dict):  # type: ignore[type-arg] # Python 3.8 has none
    """The values of os.environ; tells which are asked for, and whether all are listed."""

    def __init__(self, values: dict[Any, Any], asked: Callable[[Any], None], listed: Callable[[], None]) -> None:
        super().__init__(values)
        self._asked, self._listed = asked, listed

    def __getitem__(self, name: Any) -> Any:
        self._asked(name)
        return super().__getitem__(name)

    def __iter__(self) -> Iterator[Any]:
        self._listed()
        return super().__iter__()

    def items(self) -> Any:
        """All of them."""
        self._listed()
        return super().items()


def _path_of(descriptor: int) -> str:
    """The folder that is open as a descriptor. Raises OSError where the system does not tell."""
    return os.readlink("/proc/self/fd/%d" % descriptor)


def _imports() -> bool:
    """Whether the event that is being heard is one of an import."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_globals is globals():
        frame = frame.f_back  # type: ignore[assignment]
    return frame is not None and frame.f_globals.get("__name__") in ("importlib._bootstrap_external", "importlib._bootstrap")


def _before_found(name: str, folders: list[str]) -> list[str]:
    """Those folders in which a module of this name would be found instead of the one that was, if it was; with its own."""
    module = sys.modules.get(name)
    spec = getattr(module, "__spec__", None)
    origin = getattr(spec, "origin", None)
    if name in sys.builtin_module_names or origin in ("built-in", "frozen"):
        return []
    if isinstance(origin, str):
        place = os.path.dirname(os.path.abspath(origin))
        if getattr(spec, "submodule_search_locations", None) is not None:
            place = os.path.dirname(place)
        if place in folders:
            return folders[: folders.index(place) + 1]
    return folders


def _in_standard_library(path: str) -> bool:
    return path.startswith(_STANDARD_LIBRARY) and not any(part in path for part in ("/site-packages/", "/dist-packages/"))
