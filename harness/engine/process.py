"""One worker process: started, asked, and killed when it does not answer."""

from __future__ import annotations

import contextlib
import fcntl
import json
import math
import os
import re
import secrets
import selectors
import signal
import subprocess
import time
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from harness.common.launcher import end, launched
from harness.engine.answer import Answer
from harness.pages.page import Page
from harness.plugins.runnable import Runnable

PROTOCOL = 2  # docs/protocol.md
OVER_MEMORY = "worker: over its memory limit"  # written to standard error by a worker that ends itself

_OUTCOMES = ("ok", "empty", "error", "invalid", "memory")  # what a worker can tell of a page
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_PIPE = 1_048_576  # bytes that a pipe holds where the system lets us choose: a page at a time
_POLL = 0.5  # seconds between looks at whether the process lives
_LAST_READS = 16  # reads of standard error for its end; a child may go on writing for ever
_STDERR_TAIL = 2_000  # bytes of standard error that are kept
_MAX_ANSWER = 256_000_000  # bytes of one answer; more is not text that anybody kept
_MAX_MESSAGE = 2_000  # characters of a reason, a version or a runtime


class WorkerGone(Exception):
    """The worker did not answer; `answer` says why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.error)
        self.answer = answer


class WorkerSpoiled(Exception):
    """After its last answer the worker has said more, or has ended; that is not the fault of the page at hand."""


class WorkerProcess:
    """A child process for one extractor. Whoever starts it closes it: it and its children then end."""

    def __init__(self, runnable: Runnable, *, hash_seed: int = 0) -> None:
        """Start the process; `load` comes next. hash_seed: what Python's hashes of text begin with in it."""
        self._runnable = runnable
        self._stderr = b""
        self._buffer = bytearray()
        self._answered: set[object] = set()  # ids of pages
        self._files: frozenset[str] | None = None  # that it has read, as far as it reports them
        self._process = subprocess.Popen(
            launched(runnable.command, network=runnable.declared.network),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            # With hashes of its own in every process, an extractor that goes through a set gives other answers each time.
            env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONHASHSEED": str(hash_seed)},
        )
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            assert pipe is not None
            os.set_blocking(pipe.fileno(), False)
            if hasattr(fcntl, "F_SETPIPE_SZ"):
                with contextlib.suppress(OSError):  # ordinary users may have no more than a system's limit
                    fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)

    def load(self, *, memory: int, timeout: float) -> tuple[str | None, str]:
        """Load the extractor and return its version and what runs it. Raises WorkerGone if that fails.

        memory: bytes of address space, 0 for no limit. timeout: seconds for loading.
        """
        request = {
            "protocol": PROTOCOL,
            "load": self._runnable.source,
            "function": self._runnable.function,
            "package": self._runnable.package,
            "memory": memory,
            "network": self._runnable.declared.network,
        }
        loaded = self._exchange(_line(request), timeout, "loading the extractor")
        if loaded.get("outcome") != "ready":
            raise self._gone("error", _message(loaded.get("error")) or "the program did not answer that it is ready")
        if loaded.get("protocol") != PROTOCOL:
            spoken = _message(repr(loaded.get("protocol")))
            raise self._gone("error", f"the worker speaks protocol {spoken}, the harness {PROTOCOL}")
        self._files = _files(loaded, frozenset())
        version = loaded.get("version")
        if not isinstance(version, str | None):
            raise self._gone("error", f"the version that the worker tells is not text: {_message(repr(version))}")
        return None if version is None else _message(version), _message(loaded.get("runtime"))

    def ask(self, page: Page, timeout: float) -> Answer:
        """The extractor's answer to a page within `timeout` seconds.

        Raises WorkerGone, and WorkerSpoiled where an earlier page has left the worker so; it is of no more use then.
        """
        if self._answered and self._has_more():
            raise WorkerSpoiled
        made_for_text = self._runnable.declared.media == "text/plain"
        page_id = secrets.token_hex(8)  # nobody can answer a request that has not come yet
        request = page_request(page, page_id, wants_text=made_for_text, options=self._runnable.options)
        answer = self._exchange(request, timeout, "the page")
        outcome, answered = answer.get("outcome"), answer.get("id")
        if outcome not in _OUTCOMES or answered != page_id:
            raise self._gone("invalid", "the worker's answer does not follow the protocol")
        self._answered.add(page_id)
        self._files = _files(answer, self._files)
        text = answer.get("text") if outcome == "ok" else ""
        if not isinstance(text, str) or _LONE_SURROGATE.search(text):
            raise self._gone("invalid", "the text in the worker's answer is not text")
        if outcome == "ok" and not text.strip():
            outcome = "empty"
        return Answer(
            outcome,
            text=text if outcome == "ok" else "",
            error=_message(answer.get("error")),
            stderr=self._stderr_tail() if outcome not in ("ok", "empty") else "",
            wall=_measurement(answer.get("wall")),
            cpu=_measurement(answer.get("cpu")),
            peak_memory=_measurement(answer.get("peak_memory")),
            cost=_measurement(answer.get("cost")),
            files=self._files,
        )

    def kill(self) -> None:
        """Kill the process with all that it started; a caller that waits for its answer gets a crash."""
        self._process.terminate()  # the launcher, which kills what is below it

    def close(self) -> None:
        """Kill the process and let go of it."""
        end(self._process)

    def _exchange(self, request: bytes, timeout: float, subject: str) -> dict[str, Any]:
        """Send one line, receive one line, both before the deadline; standard error is drained meanwhile."""
        deadline = time.monotonic() + timeout
        unsent = memoryview(request)
        stdin, stdout, stderr = self._process.stdin, self._process.stdout, self._process.stderr
        assert stdin is not None and stdout is not None and stderr is not None
        with selectors.PollSelector() as selector:
            selector.register(stdin, selectors.EVENT_WRITE)
            selector.register(stdout, selectors.EVENT_READ)
            selector.register(stderr, selectors.EVENT_READ)
            while True:
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    raise self._gone("timeout", f"{subject} took longer than {timeout:g} s")
                ready = selector.select(min(remaining, _POLL))
                # A child of the extractor can hold the pipes open after the worker is gone.
                if not ready and self._process.poll() is not None:
                    raise WorkerGone(self._death(deadline))
                for key, _ in ready:
                    if key.fileobj is stdin:
                        try:
                            unsent = unsent[os.write(stdin.fileno(), unsent[:1_000_000]) :]
                        except BrokenPipeError:
                            raise WorkerGone(self._death(deadline)) from None
                        if not unsent:
                            selector.unregister(stdin)
                    elif key.fileobj is stderr:
                        data = os.read(stderr.fileno(), 1_000_000)
                        self._stderr = (self._stderr + data)[-_STDERR_TAIL:]
                        if not data:
                            selector.unregister(stderr)
                    else:
                        data = os.read(stdout.fileno(), 1_000_000)
                        if not data:
                            raise WorkerGone(self._death(deadline))
                        self._buffer += data
                        if len(self._buffer) > _MAX_ANSWER:
                            raise self._gone("invalid", f"the answer is longer than {_MAX_ANSWER:,} bytes")
                        if data.endswith(b"\n"):
                            lines, self._buffer = bytes(self._buffer), bytearray()
                            return self._answer_of(lines)

    def _answer_of(self, lines: bytes) -> dict[str, Any]:
        """The answer that lines are. Raises WorkerSpoiled where one of them answers an earlier request once more."""
        try:
            answers = [dict(json.loads(line)) for line in lines.split(b"\n") if line.strip()]
        except (ValueError, TypeError, RecursionError):
            raise self._gone("invalid", "the worker's answer is not JSON") from None
        told = (answer.get("id") for answer in answers)
        if any(isinstance(page_id, str) and page_id in self._answered for page_id in told):
            raise WorkerSpoiled
        if len(answers) != 1:
            raise self._gone("invalid", f"the worker wrote {len(answers)} answers at once")
        return answers[0]

    def _has_more(self) -> bool:
        """Whether the process has written to standard output, or closed it, since it was read last."""
        assert self._process.stdout is not None
        with selectors.PollSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            return bool(selector.select(0))

    def _gone(self, outcome: str, error: str) -> WorkerGone:
        return WorkerGone(Answer(outcome, error=error, stderr=self._stderr_tail()))

    def _death(self, deadline: float) -> Answer:
        """How the process ended; one that closed its pipes and lives on is given until the deadline."""
        try:
            code = self._process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            return Answer("timeout", error="the worker closed its pipes and did not end", stderr=self._stderr_tail())
        stderr = self._stderr_tail()
        if OVER_MEMORY in stderr:
            return Answer("memory", error="the worker's memory limit was reached", stderr=stderr)
        return Answer("crash", error=describe_exit(code), stderr=stderr)

    def _stderr_tail(self) -> str:
        """The end of what was written to standard error until now."""
        assert self._process.stderr is not None
        with contextlib.suppress(BlockingIOError):  # raised when there is no more for now
            for _ in range(_LAST_READS):
                self._stderr = (self._stderr + os.read(self._process.stderr.fileno(), 1_000_000))[-_STDERR_TAIL:]
        return self._stderr.decode("utf-8", "replace").strip()


def page_request(page: Page, page_id: str, *, wants_text: bool, options: Mapping[str, Any]) -> bytes:
    """The line that gives a worker a page. wants_text: whether the text of an HTML page is sent, too."""
    # A JSON string is made and read several times faster than base64.
    content_is_all = page.content.encode("utf-8") == page.raw
    request = {
        "id": page_id,
        "media": page.media,
        "html": page.html,
        # Turning HTML into text takes as long as many extractors do, so only those made for text are sent it.
        "text": page.text if wants_text or page.media == "text/plain" else None,
        "raw": None if content_is_all else b64encode(page.raw).decode("ascii"),
        "url": page.url,
        "lang": page.lang,
        "options": dict(options),
    }
    return _line(request)


def _line(request: Mapping[str, Any]) -> bytes:
    # Half characters can come from addresses and file names; a backslash and their number is how JSON spells them.
    return (json.dumps(request, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def _files(answer: Mapping[str, Any], known: frozenset[str] | None) -> frozenset[str] | None:
    """The files that a worker had read before, and those that it reports; None if it does not report them each time."""
    added = answer.get("files")
    if known is None or not isinstance(added, list):
        return None
    return known.union(map(str, added)) if added else known


def _measurement(value: object) -> float | None:
    """A number that can be one of seconds, bytes or money; None for anything else."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _message(value: object) -> str:
    """What a worker says of itself: text without half characters, of a length that can be stored with every page."""
    text = "" if value is None else str(value)
    return text[:_MAX_MESSAGE].encode("utf-8", "backslashreplace").decode("utf-8")


def describe_exit(code: int) -> str:
    """`killed by SIGSEGV` or `ended with exit code 3`."""
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"
