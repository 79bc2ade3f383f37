"""Whether the harness has become slower: CPU of pieces of work on goldens/core, as multiples of a fixed piece of work.

A ratio depends little on the machine and on its load: both pieces are work of the same sort, they run in turn, and the best
of several counts.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.measure import best, program, unit
from harness.alignment.align import align
from harness.alignment.words import page_words
from harness.engine.process import WorkerProcess
from harness.fuzz.measure.relations import read_output, truth_of
from harness.goldens.golden import Golden
from harness.goldens.reader import Dumps
from harness.goldens.sets import find_goldens, load_goldens
from harness.metrics import FAMILIES, SHOWN_METRICS
from harness.metrics.base import Case
from harness.pages.page import Page
from harness.plugins.ready import prepare
from harness.plugins.registry import Registry
from harness.runs.file import new_run, read_run_file
from harness.runs.header import RunHeader
from harness.runs.record import Record
from harness.runs.summary import summarise

RATIOS = Path(__file__).with_name("ratios.json")
SLOWER = 0.2
"""How much slower than committed is a failure."""
_ROUNDS = 7
_MORE = 4  # times that what seems slower is measured again, since other work on the machine makes it so

Work = Callable[[], object]


def check() -> int:
    """Measure and print all ratios beside the committed ones. Exit code 1 if one is more than 20 % larger."""
    committed: dict[str, float] = json.loads(RATIOS.read_text("utf-8"))
    slower = []
    with tempfile.TemporaryDirectory() as folder:
        for name, work, fixed in works(Path(folder)):
            allowed = committed[name] * (1 + SLOWER)
            ratio = ratio_of(work, fixed)
            for _ in range(_MORE):
                if ratio > allowed:
                    ratio = min(ratio, ratio_of(work, fixed))
            print(
                f"{name:40} {ratio:8.3f}  committed {committed[name]:8.3f}  {ratio / committed[name] - 1:+.0%}", flush=True
            )
            if ratio > allowed:
                slower.append(name)
    if slower:
        print(f"slower by more than {SLOWER:.0%}: {', '.join(slower)}; if that is meant, `python -m benchmarks --accept`")
    return 1 if slower else 0


def accept() -> int:
    """Write the ratios as they are now."""
    with tempfile.TemporaryDirectory() as folder:
        ratios = {name: round(ratio_of(work, fixed, 3 * _ROUNDS), 4) for name, work, fixed in works(Path(folder))}
    RATIOS.write_text(json.dumps(ratios, indent=2) + "\n", "utf-8")
    return 0


def ratio_of(work: Work, fixed: Work, rounds: int = _ROUNDS) -> float:
    """The CPU of the work over that of the fixed piece, each in the best of so many rounds, in turn."""
    work()  # what is only done once is not measured
    fixed()
    pairs = [(best(work, 1), best(fixed, 1)) for _ in range(rounds)]
    return min(own for own, _ in pairs) / min(other for _, other in pairs)


def works(folder: Path) -> Iterator[tuple[str, Work, Work]]:
    """Pieces of work by name, each with the fixed piece that is like it."""
    yield from ((name, work, unit) for name, work in _computing(folder))
    yield from ((name, work, lambda: _python(folder, 4, "-c", "pass")) for name, work in _starting(folder))


def _computing(folder: Path) -> Iterator[tuple[str, Work]]:
    goldens = load_goldens(find_goldens(["core"]), Dumps([])).goldens[:24]
    outputs = {golden.id: _output(golden) for golden in goldens}
    words = {golden.id: page_words(golden) for golden in goldens}
    truths = {golden.id: truth_of(golden) for golden in goldens}
    shown = list(dict.fromkeys(FAMILIES[name] for name in SHOWN_METRICS))

    yield "words of pages", lambda: [page_words(_anew(golden)) for golden in goldens * 2]
    yield "alignment", lambda: [align(words[golden.id], outputs[golden.id]) for golden in goldens * 2]
    yield (
        "usual metrics",
        lambda: [
            family.values(Case(golden, outputs[golden.id], words[golden.id])) for golden in goldens for family in shown
        ],
    )
    yield (
        "reading of outputs of changed layouts",
        lambda: [read_output(truths[golden.id], "ok", outputs[golden.id]) for golden in goldens],
    )
    (runnable,), _ = prepare(Registry().select(["keep_everything"]))
    worker = WorkerProcess(runnable)
    worker.load(memory=0, timeout=60)
    page = Page(b"<p>" + b"Some words of a page. " * 9_000 + b"</p>", "text/html")
    yield "pages through a worker, its own side apart", lambda: [worker.ask(page, 60) for _ in range(100)]
    worker.close()
    run = _run(folder)
    yield "reading a run", lambda: [read_run_file(run, texts=False) for _ in range(2)]
    records = read_run_file(run, texts=False).records
    yield "summary of a run", lambda: [dict(summary.scores) for _ in range(10) for summary in summarise(records)]


def _starting(folder: Path) -> Iterator[tuple[str, Work]]:
    yield "start: --help", lambda: _python(folder, 4, "-m", "harness", "--help")
    yield "start: list extractors", lambda: _python(folder, 2, "-m", "harness", "list", "extractors")


def _python(folder: Path, times: int, *words: str) -> None:
    for _ in range(times):
        program([sys.executable, *words], folder=folder)


def _anew(golden: Golden) -> Golden:
    """The golden without what has been read of it."""
    page = golden.page
    return Golden(
        golden.id,
        Page(page.raw, page.media, page.url, page.lang, page.charset),
        golden.kind,
        golden.site,
        golden.labelled,
        text=golden.text,
    )


def _output(golden: Golden) -> str:
    """Most of the main content, and every fifth line of the rest."""
    kept = [segment.text for segment in golden.segments if segment.verdict == "keep"]
    rest = [segment.text for segment in golden.segments if segment.verdict == "drop"]
    return "\n".join([*kept[: len(kept) * 9 // 10], *rest[::5]])


def _run(folder: Path) -> Path:
    scores = {name: 0.123456789 for name in ("P", "R", "F", "WER", "CER", "MER", "LP", "LR", "LF")}
    counts = {"kept": 100, "missed": 10, "leaked": 10, "free": 0}
    with new_run("measured", RunHeader(""), folder) as writer:
        for number in range(2_000):
            writer.record(
                Record(
                    *("mine", f"set/{number:05}", "text/html", "article", "en", f"site{number}.example", False, "ok", ""),
                    *("Some words of an output. " * 100, scores, counts, {"related": 10}, {"body": 10}),
                    timing={"wall": 0.01, "cpu": 0.01, "peak_memory": 10**8},
                )
            )
        writer.finish()
    return writer.path
