"""What an extractor's process reads beside its pages: modules, other files, environment variables.

Standard library only, Python 3.8, like the worker that uses it.
"""

from __future__ import annotations

import os
import sys
from typing import Any, Callable, Iterator

_STARTS = frozenset(
    ["subprocess.Popen", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system"]
)  # audit events; what other processes read is not heard
_WRITES = os.O_WRONLY | os.O_CREAT
_STANDARD_LIBRARY = os.path.join(os.path.dirname(os.__file__), "")  # sysconfig knows it, but takes long to load
_OF_THE_SYSTEM = ("/proc/", "/sys/", "/dev/")


class Reads:
    """Notes what this process reads from now on, as far as Python sees it. One for a process: it cannot be taken back."""

    def __init__(self) -> None:
        self._modules: dict[str, str] = {}
        self._opened: set[str] = set()
        self._written: set[str] = set()
        self._known: set[str] = set()
        self._variables: set[Any] = set()
        self._complete = True
        self.since()  # the modules of the worker itself
        sys.addaudithook(self._hear)
        fields = vars(os.environ)
        if isinstance(fields.get("_data"), dict):
            fields["_data"] = _Variables(fields["_data"], self._variables.add, self._lose)

    def since(self) -> list[str] | None:
        """What was read since the last call: absolute paths, and variables as `$NAME`.

        Files of the standard library are left out, and those that this process has written. None once another program or
        process was started, or all variables were listed.
        """
        if not self._complete:
            return None
        found = []
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if isinstance(file, str) and self._modules.get(name) != file:
                self._modules[name] = file
                found.append(os.path.abspath(file))
        opened, self._opened = self._opened, set()
        found += [path for path in opened if path not in self._written and os.path.isfile(path)]
        found += ["$" + os.fsdecode(name) for name in list(self._variables)]
        new = [name for name in dict.fromkeys(found) if name not in self._known and not _in_standard_library(name)]
        self._known.update(new)
        return new

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in _STARTS:
            self._lose()
        elif event == "open" and isinstance(arguments[0], (str, bytes)):
            try:
                path = os.path.abspath(os.fsdecode(arguments[0]))
            except OSError:  # the working directory is gone
                return
            if arguments[2] & _WRITES:
                self._written.add(path)
            elif not path.endswith(".pyc") and not path.startswith(_OF_THE_SYSTEM):
                self._opened.add(path)

    def _lose(self) -> None:
        self._complete = False


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


def _in_standard_library(path: str) -> bool:
    return path.startswith(_STANDARD_LIBRARY) and not any(part in path for part in ("/site-packages/", "/dist-packages/"))
