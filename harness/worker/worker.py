"""The child process in which one extractor runs. Standard library only, Python 3.8: it also runs where nothing of the
harness is installed.

It reads one JSON object a line from standard input and answers each with one line on standard output. The first request
loads the extractor, every further one is a page; docs/protocol.md has the fields.
"""

from __future__ import annotations

import base64
import html.parser
import importlib
import importlib.util
import json
import os
import platform
import sys
import time
import traceback
from typing import Any, Callable, Dict, Optional

PROTOCOL = 2


def _beside(file: str, name: str) -> Any:
    """A module in a file beside this one, whose folder is no place that Python imports from."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), file)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_ELEMENTS = _beside("elements.py", "harness_elements")
_READS = _beside("reads.py", "harness_reads")


class Page:
    """What an extractor is given."""

    def __init__(self, request: Dict[str, Any]) -> None:
        self.html = request["html"]  # type: str
        self._text = request.get("text")  # type: Optional[str]
        self._media = request.get("media")  # type: Optional[str]
        self._raw = request.get("raw")  # type: Optional[str]
        self.url = request.get("url")  # type: Optional[str]
        self.lang = request.get("lang")  # type: Optional[str]
        self.cost = 0.0

    @property
    def raw(self) -> bytes:
        """The page's own bytes, in its own encoding."""
        if self._raw is not None:
            return base64.b64decode(self._raw)
        stored = self._text if self._media == "text/plain" else self.html
        return (stored or "").encode("utf-8")

    @property
    def html_bytes(self) -> bytes:
        """The bytes of the page as HTML: its own; of a text dump, `html` in UTF-8."""
        return self.html.encode("utf-8") if self._media == "text/plain" else self.raw

    @property
    def text(self) -> str:
        """The page as text; for an extractor made for HTML, the text between the tags of an HTML page."""
        if self._text is None:
            reader = _TextReader()
            reader.feed(self.html)
            reader.close()
            self._text = "".join(reader.parts)
        return self._text

    def add_cost(self, amount: float) -> None:
        """Note what the page cost, for extractors that pay for a service."""
        self.cost += amount


class _TextReader(html.parser.HTMLParser):
    """Gathers the text of an HTML page, a line for each block and each line of preformatted text."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._unseen = 0
        self._preformatted = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "body":
            self._unseen = 0  # the end tag of `head` may be left out
        self._unseen += tag in _ELEMENTS.UNSEEN
        self._preformatted += tag in _ELEMENTS.PREFORMATTED
        if tag in _ELEMENTS.BREAKS_LINE:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _ELEMENTS.UNSEEN))
        self._preformatted = max(0, self._preformatted - (tag in _ELEMENTS.PREFORMATTED))
        if tag in _ELEMENTS.BREAKS_LINE:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data if self._preformatted else data.replace("\n", " "))


def load(source: str, name: str) -> Callable[..., Any]:
    """The extractor's function, from a file or an importable module."""
    _offer_plugin_api()
    if source.endswith(".py"):
        # A name of its own, so that a plugin file may be called like the library that it imports.
        spec = importlib.util.spec_from_file_location("harness_plugin_" + os.path.basename(source)[:-3], source)
        if spec is None or spec.loader is None:
            raise ImportError("cannot load " + source)
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        # Modules beside it come last, so that none takes the place of a library.
        sys.path.append(os.path.dirname(os.path.abspath(source)))
        spec.loader.exec_module(module)
    else:
        sys.path.insert(0, os.getcwd())
        module = importlib.import_module(source)
    found = getattr(module, name)
    function: Callable[..., Any] = getattr(found, "function", found)
    return function


def _offer_plugin_api() -> None:
    """Make `from harness import extractor` work where the harness is not installed."""
    if importlib.util.find_spec("harness") is None:
        sys.modules["harness"] = _beside("plugin.py", "harness")


def extract(function: Callable[..., Any], request: Dict[str, Any]) -> Dict[str, Any]:
    """Run the extractor on one page and report the outcome."""
    page = Page(request)
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        result = function(page, **request.get("options", {}))
    except MemoryError:
        answer = {"outcome": "memory", "error": "MemoryError: the worker's memory limit was reached"}  # type: Dict[str, Any]
    except BaseException as error:  # libraries in other languages raise beside Exception, too
        answer = {"outcome": "error", "error": describe(error)}
    else:
        answer = judge(result)
    answer["wall"] = time.perf_counter() - wall
    answer["cpu"] = time.process_time() - cpu
    answer["peak_memory"] = peak_memory()
    if page.cost:
        answer["cost"] = page.cost
    return answer


def judge(result: Any) -> Dict[str, Any]:
    """The outcome of a value that an extractor returned."""
    if not isinstance(result, str):
        return {"outcome": "invalid", "error": "returned %s, not str" % type(result).__name__}
    try:
        result.encode("utf-8")
    except UnicodeEncodeError as error:
        return {"outcome": "invalid", "error": "returned text that is not Unicode: %s" % error.reason}
    return {"outcome": "ok" if result.strip() else "empty", "text": result}


def describe(error: BaseException) -> str:
    """An exception with the innermost place that it came from, in one line of ASCII-safe text."""
    frames = traceback.extract_tb(error.__traceback__)
    try:
        message = str(error)
    except Exception as unprintable:
        message = "(its message raises %s)" % type(unprintable).__name__
    where = " at %s:%s in %s" % (os.path.basename(frames[-1].filename), frames[-1].lineno, frames[-1].name) if frames else ""
    text = "%s: %s%s" % (type(error).__name__, " ".join(message.split())[:500], where)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def limit_memory(limit: int) -> None:
    """Cap the address space of this process and its children, where the platform can."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def peak_memory() -> Optional[int]:
    """The most memory that this process ever had resident, in bytes."""
    try:
        # The kernel hands the peak that `getrusage` tells from parent to child, so this one comes first.
        with open("/proc/self/status") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        pass
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * unit


def version_of(package: Optional[str]) -> Optional[str]:
    """The version of an installed package, asked of the package's own metadata."""
    if package is None:
        return None
    from importlib import metadata

    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def main() -> None:
    """Serve requests until standard input ends."""
    here = os.path.dirname(os.path.abspath(__file__))
    # Python puts this file's folder first; its modules must not shadow those that an extractor imports.
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]
    # The extractor's own prints go to standard error; only answers go where standard output went.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    requests = os.fdopen(os.dup(0), "r", encoding="utf-8", newline="\n")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)

    def send(answer: Dict[str, Any]) -> None:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    home = os.getcwd()
    reads = _READS.Reads()
    function: Optional[Callable[..., Any]] = None
    for line in requests:
        request = json.loads(line)
        if function is None:
            try:
                if request.get("memory"):
                    limit_memory(request["memory"])
                function = load(request["load"], request["function"])
            except BaseException as error:
                send({"outcome": "error", "error": describe(error)})
                return
            send(
                {
                    "outcome": "ready",
                    "protocol": PROTOCOL,
                    "version": version_of(request.get("package")),
                    "runtime": "Python " + platform.python_version(),
                    "files": reads.since(),
                }
            )
        else:
            answer = extract(function, request)
            answer["id"] = request["id"]
            answer["files"] = reads.since()
            send(answer)
            os.chdir(home)  # wherever the extractor went


if __name__ == "__main__":
    try:
        main()
    except MemoryError:  # what an extractor keeps leaves none for the next request
        os.write(2, b"worker: over its memory limit\n")
        os._exit(1)
