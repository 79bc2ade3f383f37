"""The child process in which one extractor runs. Standard library only, Python 3.8: it also runs where nothing of the
harness is installed.

It reads one JSON object a line from standard input and answers each with one line on standard output. The first request
loads the extractor: {"load": PATH or MODULE, "function": NAME, "package": NAME or null}. Every further request is a page:
{"id", "raw" (base64), "html", "text", "url", "lang", "options"}, where "html" or "text" is null if it equals the
stored bytes. An answer has "outcome" (`ready`, `ok`, `empty`, `error` or `invalid`), and what belongs to it.
"""

from __future__ import annotations

import base64
import importlib
import importlib.util
import json
import os
import platform
import sys
import time
import traceback
from typing import Any, Callable, Dict, Optional


class Page:
    """What an extractor is given."""

    def __init__(self, request: Dict[str, Any]) -> None:
        self.raw = base64.b64decode(request["raw"])
        content = self.raw.decode("utf-8-sig", errors="replace")
        self.html = content if request.get("html") is None else request["html"]  # type: str
        self.text = content if request.get("text") is None else request["text"]  # type: str
        self.url = request.get("url")  # type: Optional[str]
        self.lang = request.get("lang")  # type: Optional[str]


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
        path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "plugin.py")
        spec = importlib.util.spec_from_file_location("harness", path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.modules["harness"] = module


def extract(function: Callable[..., Any], request: Dict[str, Any]) -> Dict[str, Any]:
    """Run the extractor on one page and say what came of it."""
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

    function: Optional[Callable[..., Any]] = None
    for line in requests:
        request = json.loads(line)
        if function is None:
            try:
                if request["memory"]:
                    limit_memory(request["memory"])
                function = load(request["load"], request["function"])
            except BaseException as error:
                send({"outcome": "error", "error": describe(error)})
                return
            send(
                {
                    "outcome": "ready",
                    "version": version_of(request.get("package")),
                    "python": platform.python_version(),
                }
            )
        else:
            answer = extract(function, request)
            answer["id"] = request["id"]
            send(answer)


if __name__ == "__main__":
    main()
