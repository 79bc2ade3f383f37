"""One extractor's worker: started when it is first needed, kept from page to page, replaced when it is gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import TracebackType

from harness.common.declarations import loading_timeout
from harness.common.errors import CannotTell
from harness.engine.answer import FAILURES, SPENT, Answer
from harness.engine.base import DEFAULT_MEMORY, DEFAULT_TIMEOUT, Loaded
from harness.engine.process import WorkerGone, WorkerProcess, WorkerSpoiled
from harness.pages.page import Page
from harness.plugins.runnable import Runnable

RECYCLE = 1000  # pages after which a worker is replaced, since libraries leak


class CannotLoad(CannotTell):
    """An extractor cannot be loaded. `answer` is the failure that every page of it has."""

    def __init__(self, extractor: str, answer: Answer) -> None:
        super().__init__(extractor, answer)
        self.answer = answer

    def __str__(self) -> str:
        return f"{self.args[0]} cannot be loaded: {self.answer.error}"


class Seat:
    """Asks one extractor for one page after another, in one worker at a time. Leaving its context ends the worker.

    One thread asks; any thread may `kill`.
    """

    def __init__(
        self,
        runnable: Runnable,
        *,
        timeout: float = DEFAULT_TIMEOUT,
        memory: int = DEFAULT_MEMORY,
        hash_seed: int = 0,
    ) -> None:
        """Start nothing yet.

        timeout: seconds for one page; loading may take as long as `loading_timeout` says. memory: bytes of address space of
        a worker, 0 for no limit. hash_seed: what Python's hashes of text begin with in a worker.
        """
        self.runnable = runnable
        self.loaded: Loaded | None = None  # what the worker reported that was loaded last
        self.timeout, self._memory, self._hash_seed = timeout, memory, hash_seed
        self._worker: WorkerProcess | None = None
        self._asked = 0  # pages that this worker was given
        self._failure: Answer | None = None  # why the extractor cannot be loaded

    def __enter__(self) -> Seat:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def version(self) -> str | None:
        """The extractor's version; None before it is loaded, and where it reports none."""
        return self.loaded.version if self.loaded else None

    def load(self) -> Loaded:
        """Load the extractor now, unless it is loaded. Raises CannotLoad; from then on that is final."""
        self._ready()
        assert self.loaded is not None
        return self.loaded

    def ask(self, page: Page, timeout: float | None = None) -> Answer:
        """The answer to a page, its text in the extractor's own format. Raises CannotLoad.

        What earlier pages may have done to the worker does not count against this one: where memory ran out, the worker
        ends, or what it writes is no answer, this page is given to a new worker, and the answer says so.
        timeout: seconds for this page, in place of the seat's.
        """
        worker = self._ready()
        self._asked += 1
        first = self._asked == 1
        spoiled = ""
        try:
            answer = replace(worker.ask(page, self.timeout if timeout is None else timeout), first=first)
        except WorkerGone as error:
            answer = error.answer
            self.close()
        except WorkerSpoiled as error:
            answer, spoiled = Answer("invalid"), str(error)
            self.close()
        if answer.outcome == "memory":
            self.close()  # what it holds would be missing for the next page
        if answer.outcome in ("memory", "crash") and not first:
            spoiled = f"{answer.outcome}: {answer.error}"
        if not spoiled:
            return answer
        again = self.ask(page, timeout)
        return again if again.outcome in FAILURES else replace(again, retried=spoiled)

    def ask_batch(self, pages: Sequence[Page]) -> list[Answer]:
        """The answers to several pages in one call, all of them within the time of so many pages. Raises CannotLoad.

        If the call fails as a whole, each page is asked alone, so that none is lost for another one. If none of them fails
        then, their answers say why they were asked again. What the failed call cost is shared equally among them.
        """
        if len(pages) == 1:
            return [self.ask(pages[0])]
        worker = self._ready()
        first = self._asked == 0
        self._asked += len(pages)
        spent = Answer("invalid")  # unknown
        try:
            found = worker.ask_batch(pages, self.timeout * len(pages))
            return [replace(answer, first=first) for answer in found]
        except WorkerGone as error:
            spent = error.answer
            reason = f"{spent.outcome}: {spent.error}"
        except WorkerSpoiled as error:
            reason = str(error)
        self.close()
        alone = [_with_share(self.ask(page), spent, len(pages)) for page in pages]
        if any(answer.outcome in FAILURES for answer in alone):
            return alone
        return [replace(answer, retried=answer.retried or reason) for answer in alone]

    def beside(self, hash_seed: int = 0) -> Seat:
        """Another seat for the same extractor, with the same limits and a worker of its own."""
        return Seat(self.runnable, timeout=self.timeout, memory=self._memory, hash_seed=hash_seed)

    def kill(self) -> None:
        """End the worker at once, from any thread; a caller that waits for its answer gets a crash."""
        worker = self._worker
        if worker is not None:
            worker.kill()

    def close(self) -> None:
        """End the worker, if there is one; the next page gets a new one."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def _ready(self) -> WorkerProcess:
        """The worker, loaded."""
        if self._failure is not None:
            raise CannotLoad(self.runnable.name, self._failure)
        if self._asked >= RECYCLE:
            self.close()
        if self._worker is None:
            # Kept at once, so that it is killed if this is interrupted.
            self._worker, self._asked = WorkerProcess(self.runnable, hash_seed=self._hash_seed), 0
            try:
                version, runtime = self._worker.load(memory=self._memory, timeout=loading_timeout(self.timeout))
            except WorkerGone as error:
                self.close()
                self._failure = error.answer
                raise CannotLoad(self.runnable.name, error.answer) from None
            self.loaded = Loaded(self.runnable, version, runtime)
        return self._worker


def _with_share(answer: Answer, spent: Answer, pages: int) -> Answer:
    """The answer to one of several pages with its share of what a call of all of them cost in vain."""
    known = {name: value for name in SPENT if (value := getattr(spent, name))}
    return replace(answer, **{name: (getattr(answer, name) or 0) + value / pages for name, value in known.items()})
