"""The `harness` fixture of the pytest plugin: goldens, extractors in workers, scores and diffs."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pytest

from harness.alignment.align import align
from harness.alignment.words import page_words
from harness.common.errors import CannotTell, Impossible
from harness.common.wording import command_line
from harness.datasets.entries import Found, find_entries, load_each
from harness.engine.answer import FAILURES, Answer
from harness.engine.seat import CannotLoad, Seat
from harness.evaluation.scoring import score
from harness.goldens.golden import Golden
from harness.goldens.reader import Mistake
from harness.goldens.sets import dumps_from
from harness.metrics import USUAL_METRICS
from harness.metrics.choice import metric_names
from harness.pages.formats import as_text
from harness.plugins.ready import Unavailable, prepare
from harness.plugins.registry import Registry
from harness.plugins.runnable import Runnable
from harness.report.diff import print_diff
from harness.report.kit.terminal import file_console
from harness.runs.record import Record
from harness.worker.plugin import Declaration

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_LONGEST_DIFF = 20_000  # characters; one hostile page must not flood a report


class ExtractorFailed(Exception):
    """An extractor raised, crashed, hung or returned something that is no text; `answer` has the outcome."""

    def __init__(self, name: str, answer: Answer) -> None:
        super().__init__(f"{name}: {answer.outcome}: {answer.error}")
        self.answer = answer


class Harness:
    """What tests of an extractor need. `extractor` and `names` are what the options give, `timeout` seconds for a page.

    There is one worker process for each extractor that is used, for the whole session.
    """

    def __init__(self, extractor: str | None, names: Sequence[str], timeout: float) -> None:
        self.extractor = extractor
        self.names = names
        self.timeout = timeout
        self._registry: Registry | None = None
        self._runnables: dict[str, Runnable | Unavailable] = {}
        self._seats: dict[str, Seat] = {}

    def goldens(self, *names: str) -> list[Golden]:
        """The goldens that names select, by id; without names those of --harness-goldens.

        A name is a folder, a set's name, a golden's id, or FORMAT:PATH of a dataset. Goldens whose page is not here are
        left out. Raises Impossible for names that select nothing, CannotTell for broken goldens and for none at all.
        """
        found = self.find(*names)
        mistakes: list[Mistake] = list(found.mistakes)
        goldens = list(load_each(found.entries, mistakes.append))
        if mistakes:
            raise CannotTell("\n".join(map(str, mistakes)))
        if not goldens:
            raise CannotTell(f"no golden's page was found; see `{command_line('check', *(names or self.names))}`")
        return goldens

    def find(self, *names: str) -> Found:
        """The entries of these goldens before they are loaded, and what is wrong with others. Raises Impossible."""
        return find_entries(names or self.names, dumps_from([]))

    def extract(self, golden: Golden, extractor: str | None = None) -> str:
        """The plain text that an extractor makes of a golden's page; without a name that of --harness-extractor.

        Raises ExtractorFailed, Impossible for an unknown name, CannotTell for what is not installed and cannot be.
        """
        runnable = self.runnable(extractor)
        answer = self._answer(golden, runnable)
        if answer.outcome in FAILURES:
            raise ExtractorFailed(runnable.name, answer)
        return as_text(answer.text, runnable.output)

    def score(self, golden: Golden, text: str, output: str = "text", *, metrics: Sequence[str] = USUAL_METRICS) -> Record:
        """The scores and words of a text: `scores["F"]`, `counts["missed"]`, `leaks`, `misses` and `frees` by kind.

        output: the format of the text, one of harness.worker.plugin.FORMATS. metrics: by their names, as for
        `harness run -m`; a metric that fails has no value, and `unscored` says why. Raises Impossible for unknown names.
        """
        given = Runnable("given", output=output, declared=Declaration(media=golden.page.media))
        answer = Answer("ok" if text.strip() else "empty", text)
        return score(golden, page_words(golden), given, answer, metric_names(metrics))

    def diff(self, golden: Golden, text: str) -> str:
        """A plain text against its golden: `[-missed-]`, `{+kind: leaked+}`, `{~not counted~}`; long passages are folded."""
        written = io.StringIO()
        print_diff(align(page_words(golden), text), file_console(written))
        return shortened("\n".join(line.rstrip() for line in written.getvalue().splitlines()), _LONGEST_DIFF)

    def layouts(self, golden: Golden, codes: Iterable[str] | None = None) -> SearchStrategy[Golden]:
        """A Hypothesis strategy for layouts of a golden's page, each with what must come out of it (docs/fuzzing.md).

        codes: of the operators to use. Needs the extra `fuzz`. Raises harness.fuzz.base.DoesNotApply where nothing is known
        of the main content.
        """
        from harness.fuzz import dumps, layouts

        return (layouts if golden.page.media == "text/html" else dumps)(golden, codes=codes)

    def measure(self, golden: Golden, metrics: Sequence[str] = USUAL_METRICS) -> Record:
        """What `harness run` would store for --harness-extractor on this page. Raises Impossible and CannotTell."""
        runnable = self.runnable()
        return score(golden, page_words(golden), runnable, self._answer(golden, runnable), metrics)

    def require(self, extractor: str) -> None:
        """Raise Impossible unless the name is an extractor's."""
        self._registry = self._registry or Registry()
        self._registry.select([extractor])

    def close(self) -> None:
        """End the workers."""
        for seat in self._seats.values():
            seat.close()
        self._seats.clear()

    def runnable(self, extractor: str | None = None) -> Runnable:
        """The extractor of this name, ready to run; without a name --harness-extractor. Raises Impossible and CannotTell."""
        name = extractor or self.extractor
        if not name:
            raise Impossible("no extractor: name one, or give --harness-extractor")
        if name not in self._runnables:
            self.require(name)
            assert self._registry is not None
            runnables, unavailable = prepare(self._registry.select([name]))
            self._runnables[name] = (runnables or unavailable)[0]
        runnable = self._runnables[name]
        if isinstance(runnable, Unavailable):
            raise CannotTell(f"{runnable.name} cannot run: {runnable.reason}")
        return runnable

    def _answer(self, golden: Golden, runnable: Runnable) -> Answer:
        seat = self._seats.setdefault(runnable.name, Seat(runnable, timeout=self.timeout))
        try:
            return seat.ask(golden.page)
        except CannotLoad as error:
            return error.answer


def harness_of(config: pytest.Config) -> Harness:
    """The one of this session, whose workers end with it."""
    if _KEY not in config.stash:
        options = (config.getoption(name) for name in ("harness_extractor", "harness_goldens", "harness_timeout"))
        config.stash[_KEY] = Harness(*options)
        config.add_cleanup(config.stash[_KEY].close)
    return config.stash[_KEY]


def shortened(text: str, longest: int) -> str:
    """The beginning of a text that is longer, and how much is not shown."""
    return text if len(text) <= longest else f"{text[:longest]}\n… {len(text) - longest:,} more characters"


def quoted(text: str) -> str:
    """Untrusted text, marked line by line: one that began with `::` would be a command to GitHub's runner."""
    return "\n".join(f"| {line}".rstrip() for line in text.splitlines())


_KEY = pytest.StashKey[Harness]()
