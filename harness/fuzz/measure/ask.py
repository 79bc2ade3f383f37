"""Asks one extractor for one page after another, in a worker that is killed when it hangs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import TracebackType

from harness.engine import local
from harness.engine.answer import Answer
from harness.engine.process import WorkerGone, WorkerProcess
from harness.pages.formats import as_text
from harness.pages.page import Page
from harness.plugins.runnable import Runnable

DEFAULT_TIMEOUT = 10.0
_START_TIMEOUT = local.START_TIMEOUT


class CannotLoad(Exception):
    """The extractor cannot be loaded; the message says why."""


class Asker:
    """One extractor with a worker that is kept from page to page. Use as a context manager.

    timeout: seconds for one page; confirm: an answer that is late is asked for again with twice the time, in a new worker.
    memory: bytes of the worker; hash_seed: what Python's hashes of text begin with in it.
    version: the extractor's version, once a worker was loaded.
    """

    def __init__(
        self,
        runnable: Runnable,
        *,
        timeout: float = DEFAULT_TIMEOUT,
        memory: int = local.DEFAULT_MEMORY,
        confirm: bool = True,
        hash_seed: int = 0,
    ) -> None:
        self.runnable = runnable
        self.version: str | None = None
        self._timeout, self._memory, self._confirm, self._hash_seed = timeout, memory, confirm, hash_seed
        self._worker: WorkerProcess | None = None
        self._asked = 0

    def __enter__(self) -> Asker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def ask(self, page: Page) -> Answer:
        """The answer to a page, its text as plain text. Raises CannotLoad."""
        if self._asked >= local.RECYCLE:
            self.close()
        answer = self._once(page, self._timeout)
        if answer.outcome == "timeout" and self._confirm:
            answer = self._once(page, 2 * self._timeout)
        return answer

    def ask_afresh(self, pages: Sequence[Page], hash_seed: int = 0) -> list[Answer]:
        """The answers of a process of its own to pages, one after the other. Raises CannotLoad.

        A page that kills the process gets a failure, and the next one a new process.
        """
        with self.beside(hash_seed) as other:
            return [other.ask(page) for page in pages]

    def beside(self, hash_seed: int = 0) -> Asker:
        """Another one for the same extractor, in a process of its own."""
        return Asker(self.runnable, timeout=self._timeout, memory=self._memory, hash_seed=hash_seed)

    def close(self) -> None:
        """End the worker."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def _once(self, page: Page, timeout: float) -> Answer:
        if self._worker is None:
            self._worker, self._asked = WorkerProcess(self.runnable, hash_seed=self._hash_seed), 0
            try:
                self.version, _ = self._worker.load(memory=self._memory, timeout=_START_TIMEOUT)
            except WorkerGone as error:
                self.close()
                raise CannotLoad(f"{self.runnable.name} cannot be loaded: {error.answer.error}") from None
        self._asked += 1
        try:
            answer = self._worker.ask(page, timeout)
        except WorkerGone as error:
            self.close()
            return error.answer
        text = as_text(answer.text, self.runnable.output)
        return replace(answer, text=text, outcome="empty" if answer.outcome == "ok" and not text.strip() else answer.outcome)
