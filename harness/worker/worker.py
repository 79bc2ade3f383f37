"""The child process in which one extractor runs. Standard library only, Python 3.8: it also runs where nothing of the
harness is installed.

It reads requests from standard input and answers each on standard output: a line of JSON, with bytes behind it. The first
request loads the extractor, every further one is a page; docs/protocol.md has the fields. It imports little, since every
start waits for it.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
import time

TYPE_CHECKING = False  # that of `typing`, which takes long to import
if TYPE_CHECKING:
    from typing import Any, BinaryIO, Callable, Dict, List, Optional, Tuple

PROTOCOL = 3
_PARTS = ("html", "text", "raw")  # what follows the head of a page, in this order
_SPENT = ("cost", "tokens_in", "tokens_out", "retries")  # that an extractor can note of a page
_NUMBERS = (*_SPENT, "confidence")


def _beside(file: str, name: str) -> Any:
    """A module in a file beside this one, whose folder is no place that Python imports from."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), file)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_READS = _beside("reads.py", "harness_reads")


class ExtractorPage:
    """What an extractor is given."""

    def __init__(self, request: Dict[str, Any], max_input: int = 0) -> None:
        """max_input: characters of `html` and `text` that the extractor can take, 0 for all."""
        self._max_input = max_input or sys.maxsize
        self.html = cut(request["html"], self._max_input)  # type: str
        self._text = request.get("text")  # type: Optional[str]
        self._media = request.get("media")  # type: Optional[str]
        self.raw = request["raw"]  # type: bytes
        """The page's own bytes, in its own encoding."""
        self.url = request.get("url")  # type: Optional[str]
        self.lang = request.get("lang")  # type: Optional[str]
        self.cost = 0.0
        self.tokens_in = 0
        """Tokens that a model was given for the page."""
        self.tokens_out = 0
        """Tokens that it wrote."""
        self.retries = 0
        """How often a service was asked once more."""
        self.confidence = None  # type: Optional[float]
        """How sure the extractor is of its output, 0…1."""
        self.truncated = len(request["html"]) > self._max_input
        """Whether only a part of the page was read, or only a part of the answer came."""

    @property
    def html_bytes(self) -> bytes:
        """The bytes of the page as HTML: its own; of a text dump, `html` in UTF-8."""
        return self.html.encode("utf-8") if self._media == "text/plain" else self.raw

    @property
    def text(self) -> str:
        """The page as text; for an extractor made for HTML, the text between the tags of an HTML page."""
        if self._text is None:
            elements = _beside("elements.py", "harness_elements")
            self._text = _beside("page_text.py", "harness_page_text").text_of(self.html, elements)
        return cut(str(self._text), self._max_input)

    @property
    def numbered_html(self) -> str:
        """`html` with a number for each element, in the attribute `data-node`, for an extractor that returns `nodes`."""
        return str(_beside("nodes.py", "harness_nodes").number_elements(self.html))

    def add_cost(self, amount: float) -> None:
        """Note what the page cost, for extractors that pay for a service."""
        self.cost += amount

    def add_tokens(self, read: int, written: int) -> None:
        """Note how many tokens a model was given for the page, and how many it wrote."""
        self.tokens_in += read
        self.tokens_out += written

    def told(self) -> Dict[str, Any]:
        """What the extractor has noted."""
        noted = {"truncated": True} if self.truncated else {}  # type: Dict[str, Any]
        for name in _NUMBERS:
            value = getattr(self, name)
            if value or (name == "confidence" and value is not None):
                noted[name] = _number(value)
        return noted


def _number(value: Any) -> Optional[float]:
    """A number as JSON has it; None for what is none, which was not measured."""
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return None


def cut(text: str, most: int) -> str:
    """The beginning of a text, without a part of a word at its end."""
    return text if len(text) <= most else text[: max(text.rfind(" ", 0, most + 1), 0) or most]


def read_request(head: bytes, requests: BinaryIO) -> Dict[str, Any]:
    """A request for a page, or for several of them in `pages`, from its head and the bytes behind it."""
    request = json.loads(head)  # type: Dict[str, Any]
    for page in request.get("pages", [request]):
        _read_parts(page, requests)
    return request


def _read_parts(request: Dict[str, Any], requests: BinaryIO) -> None:
    """Put the parts of a page in place of their lengths."""
    parts = {name: request[name] if request[name] is None else requests.read(request[name]) for name in _PARTS}
    stored = parts["text" if request["media"] == "text/plain" else "html"]
    for name in ("html", "text"):
        request[name] = parts[name] if parts[name] is None else parts[name].decode("utf-8")
    request["raw"] = stored if parts["raw"] is None else parts["raw"]


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


def extract(function: Callable[..., Any], request: Dict[str, Any], max_input: int = 0) -> Dict[str, Any]:
    """Run the extractor on one page and report the outcome."""
    page = ExtractorPage(request, max_input)
    failure, result, spent = _call(function, page, request.get("options", {}))
    return dict(failure or judge(result), **spent, **page.told())


def extract_batch(function: Callable[..., Any], request: Dict[str, Any], max_input: int = 0) -> Dict[str, Any]:
    """Run an extractor of many pages on those of a request and report the outcome of each, under `answers`; where it fails
    on several together, only how, and what they cost. Each page is said to have taken its share of the time."""
    pages = [ExtractorPage(page, max_input) for page in request["pages"]]
    failure, results, spent = _call(function, pages, request.get("options", {}))
    if not failure and not (isinstance(results, (list, tuple)) and len(results) == len(pages)):
        returned = type(results).__name__ + (" of %d" % len(results) if isinstance(results, (list, tuple)) else "")
        failure = {"outcome": "invalid", "error": "returned %s, not a list of %d texts" % (returned, len(pages))}
    if failure and len(pages) > 1:
        return dict(failure, **_spent_on(pages))
    outcomes = [failure] if failure else [judge(result) for result in results]
    for name in ("wall", "cpu"):
        spent[name] /= len(pages)
    return {"answers": [dict(outcome, **spent, **page.told()) for page, outcome in zip(pages, outcomes)]}


def _spent_on(pages: List[ExtractorPage]) -> Dict[str, float]:
    """The sums of what the extractor has noted that pages cost."""
    told = [page.told() for page in pages]
    return {name: sum(noted.get(name) or 0 for noted in told) for name in _SPENT}


def _call(function: Callable[..., Any], given: Any, options: Dict[str, Any]) -> Tuple[Dict[str, Any], Any, Dict[str, Any]]:
    """Call the extractor: how it failed, if it did, else what it returned; and what it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    failure, result = {}, None  # type: Dict[str, Any], Any
    try:
        result = function(given, **options)
    except MemoryError:
        failure = {"outcome": "memory", "error": "MemoryError: the worker's memory limit was reached"}
    except BaseException as error:  # libraries in other languages raise beside Exception, too
        failure = {"outcome": "error", "error": describe(error)}
    spent = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "peak_memory": peak_memory()}
    return failure, result, spent


def judge(result: Any) -> Dict[str, Any]:
    """The outcome of a value that an extractor returned."""
    if not isinstance(result, str):
        return {"outcome": "invalid", "error": "returned %s, not str" % type(result).__name__}
    try:
        text = result.encode("utf-8")
    except UnicodeEncodeError as error:
        return {"outcome": "invalid", "error": "returned text that is not Unicode: %s" % error.reason}
    return {"outcome": "ok" if result.strip() else "empty", "text": text}


def describe(error: BaseException) -> str:
    """An exception with the innermost place that it came from, in one line of ASCII-safe text."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    try:
        message = str(error)
    except Exception as unprintable:
        message = "(its message raises %s)" % type(unprintable).__name__
    where = ""
    if place is not None:
        code = place.tb_frame.f_code
        where = " at %s:%s in %s" % (os.path.basename(code.co_filename), place.tb_lineno, code.co_name)
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


def stop_timers() -> None:
    """Stop timers that would interrupt the next page."""
    import signal

    for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
        signal.setitimer(timer, 0)


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
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    requests = os.fdopen(os.dup(0), "rb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)

    def send(answer: Dict[str, Any]) -> None:
        parts = answer.get("answers", [answer])
        texts = [part["text"] for part in parts if "text" in part]
        for part in parts:
            if "text" in part:
                part["text"] = len(part["text"])
        answers.write(json.dumps(answer).encode("ascii") + b"\n" + b"".join(texts))
        answers.flush()

    home, process = os.getcwd(), os.getpid()
    _beside("bytecode.py", "harness_bytecode").compile_what_has_changed()
    reads = _READS.Reads()
    function, max_input = None, 0  # type: Optional[Callable[..., Any]], int
    for line in requests:
        if function is None:
            request = json.loads(line)
            try:
                if request.get("memory"):
                    limit_memory(request["memory"])
                function, max_input = load(request["load"], request["function"]), request.get("max_input", 0)
            except BaseException as error:
                send({"outcome": "error", "error": describe(error)})
                return
            with reads.unheard():
                version = version_of(request.get("package"))
            send(
                {
                    "outcome": "ready",
                    "protocol": PROTOCOL,
                    "version": version,
                    "runtime": "Python " + sys.version.split()[0],
                    "reads": reads.since(),
                }
            )
        else:
            request = read_request(line, requests)
            answer = (extract_batch if "pages" in request else extract)(function, request, max_input)
            if os.getpid() != process:
                os._exit(0)  # a copy of this process, in which the extractor has returned as well
            stop_timers()
            answer["id"] = request["id"]
            answer["reads"] = reads.since()
            send(answer)
            os.chdir(home)  # wherever the extractor went


if __name__ == "__main__":
    try:
        main()
    except MemoryError:  # what an extractor keeps leaves none for the next request
        os.write(2, b"worker: over its memory limit\n")
        os._exit(1)
