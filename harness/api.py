"""What `import harness` offers: plain functions for notebooks and programs. Nothing here prints."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.alignment import align as alignment
from harness.alignment.align import Alignment
from harness.alignment.words import page_words
from harness.analysis.compare import Compared, values_in_common
from harness.analysis.compare import compare as compare_extractors
from harness.baseline.file import BASELINE, read_baseline
from harness.common.errors import CannotTell, Impossible
from harness.common.places import in_project
from harness.common.wording import did_you_mean
from harness.datasets.choice import Choice
from harness.datasets.entries import find_entries
from harness.engine.answer import Answer
from harness.engine.base import Engine
from harness.evaluation import run as evaluation
from harness.evaluation.events import Event, Finished
from harness.evaluation.scoring import score as score_answer
from harness.gate.judge import judge as judge_run
from harness.gate.rules import Rules
from harness.gate.rules_file import read_rules
from harness.gate.verdict import Verdict
from harness.goldens.golden import Golden
from harness.goldens.sets import dumps_from
from harness.metrics.choice import metric_names
from harness.pages.formats import as_text
from harness.pages.page import Page
from harness.plugins.runnable import Runnable
from harness.runs import find
from harness.runs.record import Run
from harness.runs.request import RunRequest
from harness.runs.summary import ranking_metric
from harness.worker.plugin import Declaration

Names = str | Path | Sequence[str | Path]
"""One name or several."""


@dataclass(frozen=True)
class Scores:
    """The scores of one output against one golden."""

    values: Mapping[str, float | None]
    """The values of metrics, by name; None where the golden lacks what a metric needs, and where a metric failed."""
    counts: Mapping[str, int]
    """Words: kept, missed, leaked, free."""
    leaks: Mapping[str, int]
    """Leaked words by where they came from."""
    misses: Mapping[str, int]
    """Missed words by kind of text."""
    unscored: Mapping[str, str]
    """Why a metric failed, by its name."""

    @property
    def precision(self) -> float | None:
        """The share of the output's words that are kept ones, in 0…1; optional text does not count."""
        return self.values["P"]

    @property
    def recall(self) -> float | None:
        """The share of the main content's words that came out, in 0…1."""
        return self.values["R"]

    @property
    def f(self) -> float | None:
        """The harmonic mean of precision and recall, in 0…1."""
        return self.values["F"]


def run(
    goldens: Names = (),
    extractors: Names = (),
    *,
    metrics: Names = (),
    choice: Choice | None = None,
    plugins: Names = (),
    timeout: float = RunRequest.timeout,
    jobs: int | None = None,
    engine: Engine | None = None,
    fresh: bool = False,
    folder: str | Path | None = None,
    listen: Callable[[Event], None] = lambda event: None,
) -> Run:
    """Run extractors over goldens and score every answer.

    goldens, extractors, metrics, plugins: names as `harness run` takes them with -g, -e, -m and --plugins; none: what it
    takes without. choice: which of the goldens. timeout: seconds for one page. jobs: worker processes; None: one a core.
    engine: what runs the extractors in place of worker processes on this machine; its own timeout holds then. fresh: run
    everything, even if the output is cached from an earlier run. folder: where the run is stored while it
    goes on, such as `reports/runs`, where the command line finds it; None: nowhere. listen: is called with every event.

    An extractor that fails on a page is a result and raises nothing. One that cannot be loaded has no records; the run names
    it in `not_loaded`, with the reason. Raises Impossible for names that do not exist and values that the command line
    would refuse, CannotTell where there is nothing to run, TypeError for a choice, an engine, a folder or a name that is
    none.
    """
    if choice is not None:
        _require("choice", choice, Choice)
    if engine is not None and not callable(getattr(engine, "run", None)):
        raise TypeError(f"engine must be an Engine, not {type(engine).__name__}")
    if jobs is not None and (type(jobs) is not int or jobs < 1):  # True is an int, too
        raise Impossible(f"jobs: {jobs!r} is not a whole number of 1 or more")
    request = RunRequest(
        extractors=_names(extractors),
        goldens=_names(goldens),
        choice=choice or Choice(),
        metrics=_names(metrics),
        plugins=tuple(map(Path, _names(plugins))),
        timeout=timeout,
    )
    if folder is not None:
        _require("folder", folder, (str, Path), "a path")
    stored = None if folder is None else Path(folder)
    finished: Run | None = None
    for event in evaluation.run(request, jobs=jobs or os.cpu_count() or 1, engine=engine, fresh=fresh, folder=stored):
        listen(event)
        if isinstance(event, Finished):
            finished = event.run
    if finished is None:
        raise CannotTell("the run did not finish")
    return finished


def score(
    golden: Golden | str, output: str, *, output_format: str = "text", metrics: Names = ("P", "R", "F", "MER")
) -> Scores:
    """Score one output.

    golden: a labelled page, or the main content as a text. output: what an extractor returned. output_format: `text`,
    `html` or `markdown`. metrics: names as `harness run -m` takes them; P, R and F are always among them.
    Raises Impossible for an unknown metric, ValueError for an unknown format, TypeError for what is no text.
    """
    _require("output", output, str)
    against = _golden(golden)
    answer = Answer("ok" if output.strip() else "empty", text=output)
    given = Runnable("output", output=output_format, declared=Declaration(media=against.page.media))
    wanted = list(dict.fromkeys(["P", "R", "F", *metric_names(_names(metrics))]))
    record = score_answer(against, page_words(against), given, answer, wanted)
    return Scores(record.scores, record.counts, record.leaks, record.misses, record.unscored)


def align(golden: Golden | str, output: str, *, output_format: str = "text") -> Alignment:
    """Align one output with a golden: which words were kept, missed and leaked, and where leaks came from.

    The arguments are those of `score`.
    """
    _require("output", output, str)
    return alignment.align(page_words(_golden(golden)), as_text(output, output_format))


def read_run(run: str | Path = "latest") -> Run:
    """A stored run: by the path of its file, or by its id, `latest` or `latest~N` below `reports/runs`.

    Raises Impossible for a name that no run has and a file that is no run, CannotTell where there is no run at all,
    TypeError for what is neither a path nor an id.
    """
    _require("run", run, (str, Path), "a path or an id")
    return find.read_run(str(run))


def compare(run: Run, a: str, b: str, *, other: Run | None = None, metric: str | None = None) -> Compared:
    """Whether extractor `b` is better than extractor `a`, page by page, with intervals by site.

    other: the run that `b` is of, if not the same. metric: what to compare by; None: the one that tables are sorted by.
    Raises Impossible for an extractor that a run does not have, CannotTell where no metric has a value on both sides,
    TypeError for what is no run or no name.
    """
    second = run if other is None else other
    _require("run", run, Run)
    _require("other", second, Run)
    _require("a", a, str, "the name of an extractor")
    _require("b", b, str, "the name of an extractor")
    if metric is not None:
        _require("metric", metric, str, "the name of a metric")
    for name, side in ((a, run), (b, second)):
        known = sorted({record.extractor for record in side.records})
        if name not in known:
            raise Impossible(f"run {side.id} has no extractor {name!r}{did_you_mean(name, known)}")
    valued = values_in_common(run, second, [(a, b)])
    if not valued or (metric and metric not in valued):
        raise CannotTell(f"{metric or 'no metric'} has {'no value' if metric else 'a value'} on both sides")
    (compared,) = compare_extractors(run, second, [(a, b)], metric or ranking_metric(valued))
    return compared


def judge(run: Run, baseline: str | Path | None = None, rules: Rules | str | Path | None = None) -> Verdict:
    """Whether a run is worse than a baseline; `Verdict.code` is the exit code that `harness gate` has.

    baseline: the file that `harness accept` wrote; None: that of the project. rules: or a preset's name or their file; None:
    those of pyproject.toml here, else the usual ones. Worse pages do not run once more, as they do for `harness gate`.
    Raises Impossible for a file that cannot be read, TypeError for what is no run, no path and no rules.
    """
    _require("run", run, Run)
    if baseline is not None:
        _require("baseline", baseline, (str, Path), "a path")
    if rules is not None:
        _require("rules", rules, (Rules, str, Path), "Rules, the name of a preset, or a path")
    known = rules if isinstance(rules, Rules) else read_rules(rules)
    path = in_project(BASELINE) if baseline is None else Path(baseline)
    return judge_run(run, read_baseline(path), known, run_name=run.id, baseline_name=str(path))


def read_goldens(goldens: Names = (), *, dumps: Names = ()) -> list[Golden]:
    """Labelled pages, sorted by id.

    goldens: folders, files, names of sets and `FORMAT:PATH`, as `harness run -g` takes them. dumps: folders of pages that
    goldens name by checksum only; those whose page is not found are left out. Raises Impossible with every golden that is
    broken, and for names that select nothing.
    """
    found = find_entries(_names(goldens), dumps_from(list(map(Path, _names(dumps)))))
    if found.mistakes:
        raise Impossible("\n".join(map(str, found.mistakes)))
    return [entry.golden() for entry in found.entries]


def _names(names: Names) -> tuple[str, ...]:
    if isinstance(names, (str, Path)):
        return (str(names),)
    if isinstance(names, Iterable) and not isinstance(names, bytes):
        several = tuple(names)
        if all(isinstance(name, (str, Path)) for name in several):
            return tuple(map(str, several))
    raise TypeError(f"{names!r} is neither a name nor a list of names")


def _golden(golden: Golden | str) -> Golden:
    if isinstance(golden, Golden):
        return golden
    _require("golden", golden, str)
    return Golden("given/text", Page(golden.encode("utf-8", "replace"), "text/plain"), "article", "", text=golden)


_WANTED = {"golden": "a Golden or text", "output": "text", "choice": "a Choice", "run": "a Run", "other": "a Run"}


def _require(name: str, value: object, kind: type | tuple[type, ...], wanted: str = "") -> None:
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be {wanted or _WANTED[name]}, not {type(value).__name__}")
