"""One worker process: started, asked, and killed when it does not answer."""

from __future__ import annotations

import contextlib
import fcntl
import math
import os
import re
import secrets
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from harness.common.launcher import end, environment_apart, launched
from harness.common.wording import plural
from harness.engine.answer import FAILURES, Answer, ReadStates
from harness.engine.wire import WIRES, BadAnswer, Lines, Wire, batch_of, line
from harness.pages.nodes import chosen_html
from harness.pages.page import Page
from harness.plugins.runnable import Runnable

OVER_MEMORY = "worker: over its memory limit"  # written to standard error by a worker that ends itself

_OUTCOMES = ("ok", "empty", "error", "invalid", "memory")  # what a worker can tell of a page
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_PIPE = 1_048_576  # bytes that a pipe holds where the system lets us choose: a page at a time
_POLL = 0.5  # seconds between looks at whether the process lives
_LAST_READS = 16  # reads of standard error for its end; a child may go on writing for ever
_STDERR_TAIL = 2_000  # bytes of standard error that are kept
_MAX_MESSAGE = 2_000  # characters of a reason, a version or a runtime


class WorkerGone(Exception):
    """The worker did not answer; `answer` says why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.error)
        self.answer = answer


class WorkerSpoiled(Exception):
    """The worker, which has answered other pages, is of no more use, and that need not be the fault of the page at hand; the
    message says why.
    """


class WorkerProcess:
    """A child process for one extractor. Whoever starts it closes it: it and its children then end."""

    def __init__(self, runnable: Runnable, *, hash_seed: int = 0) -> None:
        """Start the process; `load` comes next. hash_seed: what Python's hashes of text begin with in it."""
        self._runnable = runnable
        self._stderr = b""
        self._buffer = bytearray()
        self._wire: Wire = Lines()  # in which it is loaded, whatever it speaks then
        self._answered: set[object] = set()  # ids of pages
        self._reads: ReadStates | None = None  # as far as it reports them
        variables = environment_apart() if runnable.isolated else os.environ
        self._process = subprocess.Popen(
            launched(runnable.command, network=runnable.declared.network),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            # With hashes of its own in every process, an extractor that goes through a set gives other answers each time.
            env={**variables, "PYTHONIOENCODING": "utf-8", "PYTHONHASHSEED": str(hash_seed)},
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
            "protocol": min(WIRES),
            "newest": max(WIRES),
            "load": self._runnable.source,
            "function": self._runnable.function,
            "package": self._runnable.package,
            "memory": memory,
            "network": self._runnable.declared.network,
            "max_input": self._runnable.declared.max_input,
        }
        loaded = self._exchange(line(request), timeout, "loading the extractor")
        if loaded.get("outcome") != "ready":
            raise self._gone("error", _message(loaded.get("error")) or "the program did not answer that it is ready")
        spoken = loaded.get("protocol")
        if not isinstance(spoken, int) or spoken not in WIRES:
            known = " or ".join(map(str, WIRES))
            raise self._gone("error", f"the worker speaks protocol {_message(repr(spoken))}, the harness {known}")
        self._wire = WIRES[spoken]()
        self._reads = _reads(loaded, frozenset())
        version = loaded.get("version")
        if not isinstance(version, str | None):
            raise self._gone("error", f"the version that the worker tells is not text: {_message(repr(version))}")
        return None if version is None else _message(version), _message(loaded.get("runtime"))

    def ask(self, page: Page, timeout: float) -> Answer:
        """The extractor's answer to a page within `timeout` seconds.

        Raises WorkerGone, and WorkerSpoiled where an earlier page may have left the worker so: it has written more than its
        answer, or has ended.
        """
        if self._runnable.declared.batch:
            return self.ask_batch([page], timeout)[0]
        if self._answered and self._has_more():
            raise WorkerSpoiled(self._ending())
        page_id = secrets.token_hex(8)  # nobody can answer a request that has not come yet
        request = self._wire.page(page, page_id, wants_text=self._wants_text, options=self._runnable.options)
        told = self._exchange(request, timeout, "the page")
        answer = self._answer(told, told.get("id") == page_id)
        self._end_of(page_id, told)
        return self._finished(answer, page)

    def ask_batch(self, pages: Sequence[Page], timeout: float) -> list[Answer]:
        """The answers of an extractor of many pages, all within `timeout` seconds.

        Raises as `ask` does, and WorkerGone, too, where it has failed on all of them together.
        """
        if self._answered and self._has_more():
            raise WorkerSpoiled(self._ending())
        batch_id = secrets.token_hex(8)
        request = batch_of(pages, batch_id, wants_text=self._wants_text, options=self._runnable.options)
        told = self._exchange(request, timeout, f"a batch of {plural(len(pages), 'page')}")
        answers = told.get("answers")
        if answers is None:
            failure = self._answer(told, told.get("id") == batch_id)
            self._end_of(batch_id, told)
            if failure.outcome not in FAILURES:
                raise self._breach("the worker's answer to a batch has no answers")
            raise WorkerGone(failure)
        if not isinstance(answers, list) or len(answers) != len(pages):
            raise self._breach(f"the worker's answer does not hold {plural(len(pages), 'answer')}, one for each page")
        found = [self._answer(one, told.get("id") == batch_id) for one in answers]
        self._end_of(batch_id, told)
        return [self._finished(answer, page) for answer, page in zip(found, pages)]

    def _finished(self, answer: Answer, page: Page) -> Answer:
        """The answer with what was read for it, and as HTML where the extractor has chosen elements of the page."""
        answer = replace(answer, reads=self._reads)
        if not self._runnable.chooses_nodes or answer.outcome != "ok":
            return answer
        try:
            return replace(answer, text=chosen_html(page, answer.text))
        except ValueError as error:
            return replace(answer, outcome="invalid", text="", error=_message(str(error)))

    @property
    def _wants_text(self) -> bool:
        return self._runnable.declared.media == "text/plain"

    def _end_of(self, request_id: str, told: Mapping[str, Any]) -> None:
        """Note that a request was answered, and what was read for it."""
        self._answered.add(request_id)
        self._reads = _reads(told, self._reads)

    def _answer(self, answer: Mapping[str, Any], is_to_request: bool) -> Answer:
        """What the worker tells of a page. Raises WorkerGone or WorkerSpoiled for what is no answer to the request."""
        outcome = answer.get("outcome")
        if outcome not in _OUTCOMES or not is_to_request:
            raise self._breach("the worker's answer does not follow the protocol")
        text = _text(answer.get("text")) if outcome == "ok" else ""
        if text is None:
            raise self._breach("the text in the worker's answer is not text")
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
            tokens_in=_measurement(answer.get("tokens_in")),
            tokens_out=_measurement(answer.get("tokens_out")),
            retries=_measurement(answer.get("retries")),
            confidence=_confidence(answer.get("confidence")),
            truncated=answer.get("truncated") is True,
        )

    def kill(self) -> None:
        """Kill the process with all that it started; a caller that waits for its answer gets a crash."""
        self._process.terminate()  # the launcher, which kills what is below it

    def close(self) -> None:
        """Kill the process and let go of it."""
        end(self._process)

    def _exchange(self, request: bytes, timeout: float, subject: str) -> dict[str, Any]:
        """Send a request and receive its answer, both before the deadline; standard error is drained meanwhile."""
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
                    if self._answered and self._wire.is_waiting(self._buffer):
                        raise WorkerSpoiled("the worker wrote a part of an answer")
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
                        answer = self._received()
                        if answer is not None:
                            return answer

    def _received(self) -> dict[str, Any] | None:
        """The answer in the buffer; None as long as it is not whole."""
        try:
            answers, more = self._wire.answers(self._buffer)
        except BadAnswer as error:
            raise self._breach(str(error)) from None
        if not answers:
            return None
        if len(answers) > 1:
            raise self._breach(f"the worker wrote {len(answers)} answers at once")
        if more:
            raise self._breach("the worker's answer is longer than it says")
        return answers[0]

    def _breach(self, error: str) -> WorkerGone | WorkerSpoiled:
        """What to raise for an answer that is none: an earlier page may have written it, if there was one."""
        return WorkerSpoiled(error) if self._answered else self._gone("invalid", error)

    def _ending(self) -> str:
        """What the process has done since its last answer."""
        assert self._process.stdout is not None
        if os.read(self._process.stdout.fileno(), 1):
            return "the worker wrote more than its answer"
        return f"the worker {self._death(time.monotonic() + _POLL).error} after its answer"

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


def _text(told: object) -> str | None:
    """The text of an answer, which is a string or bytes in UTF-8; None if it is none."""
    if isinstance(told, bytes):
        try:
            return told.decode("utf-8")
        except UnicodeDecodeError:
            return None
    return told if isinstance(told, str) and not _LONE_SURROGATE.search(told) else None


def _reads(answer: Mapping[str, Any], known: ReadStates | None) -> ReadStates | None:
    """What a worker had read before, and what it reports now; None if it does not report that each time."""
    added = answer.get("reads")
    if known is None or not isinstance(added, dict):
        return None
    return known.union((str(name), str(state)) for name, state in added.items()) if added else known


def _measurement(value: object) -> float | None:
    """A number that can be one of seconds, bytes or money; None for anything else."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _confidence(value: object) -> float | None:
    """A number from 0 to 1; None for anything else."""
    number = _measurement(value)
    return number if number is not None and number <= 1 else None


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
