"""The rows of the table: what is measured, how, and what it should be at most."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path

from benchmarks import engine, peers
from benchmarks.measure import Spent, best, harness, program
from benchmarks.stored_runs import multiplied
from harness.alignment.words import page_words
from harness.datasets.entries import find_entries
from harness.engine.process import WorkerProcess
from harness.evaluation.predictions import read_predictions
from harness.goldens.golden import Golden
from harness.goldens.reader import Dumps
from harness.metrics import FAMILIES
from harness.metrics.base import Case
from harness.pages.page import Page

MANY = 990
"""Pages of runs; fewer if the dataset has not so many."""
_EXTRACTORS = 12

_PLUGIN = """
import os, time

spent = 0.0
file = None

def first(page):
    from resiliparse.extract.html2text import extract_plain_text
    global spent, file
    begun = time.process_time()
    text = extract_plain_text(page.html, main_content=True)
    spent += time.process_time() - begun
    if "HARNESS_SPENT" in os.environ:
        file = file or open(os.path.join(os.environ["HARNESS_SPENT"], str(os.getpid())), "wb", buffering=0)
        os.pwrite(file.fileno(), b"%15.9f" % (time.process_time() - spent), 0)
    return text

second = third = fourth = fifth = sixth = first

def known(page):
    from resiliparse.extract.html2text import extract_plain_text
    return extract_plain_text(page.html, main_content=True)

def nothing(page):
    return "nothing"

def moment(page):
    with open(os.environ["HARNESS_MOMENT"], "w") as file:
        file.write(repr(time.time()))
    return "nothing"
"""


class Skipped(Exception):
    """A row that cannot be measured here; the message says why."""


@dataclass(frozen=True)
class Row:
    """A row of the table."""

    name: str
    """What is measured, with its unit."""
    goal: float
    """What it should be at most; at least, where more is better."""
    measure: Callable[[Place], float]
    """Measures it. Raises Skipped."""
    more_is_better: bool = False
    """Whether the goal is a lower limit."""

    def met(self, value: float) -> bool:
        """Whether a value meets the goal."""
        return value >= self.goal if self.more_is_better else value <= self.goal


class Place:
    """A working folder with runs, each made when a row first needs it."""

    def __init__(self, folder: Path, datasets: Path | None) -> None:
        """datasets: a folder with the public datasets `wcxb` and `aeb`, if there is one."""
        self.folder = folder
        self._datasets = datasets
        self.plugin = folder / "measured.py"
        self.plugin.write_text(_PLUGIN)
        self.run = cache(self.timed_run)

    def dataset(self, name: str) -> Path:
        """The folder of a dataset."""
        if self._datasets is None or not (self._datasets / name).is_dir():
            raise Skipped(f"HARNESS_DATASETS names no folder with {name}")
        return self._datasets / name

    @property
    def wcxb(self) -> str:
        """WCXB as `-g` takes it."""
        return f"wcxb:{self.dataset('wcxb') / 'dev'}"

    @cached_property
    def sizes(self) -> tuple[int, int]:
        """Pages of two runs; the difference between them is what a page costs, without what a run costs once."""
        many = min(MANY, sum(1 for _ in (self.dataset("wcxb") / "dev/ground-truth").glob("*.json")))
        return many // 5, many

    @cached_property
    def predictions(self) -> Path:
        """A file of outputs for WCXB as the benchmark has it: main content with other words here and there."""
        folder = self.dataset("wcxb") / "dev/ground-truth"
        texts = {file.stem: json.loads(file.read_text("utf-8"))["ground_truth"] for file in folder.glob("*.json")}
        outputs = {name: (truth.get("main_content") or "").replace(" the ", " ") for name, truth in texts.items()}
        path = self.folder / "other.json"
        path.write_text(json.dumps(outputs), "utf-8")
        return path

    def timed_run(self, pages: int, *options: str, fresh: bool = True, jobs: int = 1) -> tuple[Spent, Path]:
        """What a run over pages of WCXB took without its extractors, and its file."""
        if find_spec("resiliparse") is None:
            raise Skipped("resiliparse is not installed")
        words = [*(["--fresh"] if fresh else []), "-j", str(jobs), "--limit", str(pages), *options]
        spent = self.spent("run", "-g", self.wcxb, *words)
        file = max((self.folder / "reports/runs").glob("*.jsonl"), key=lambda path: path.stat().st_mtime_ns)
        return spent, file

    def spent(self, *words: str) -> Spent:
        """What a command of the harness took with its workers, but without their extractors.

        The launcher of a worker does not hand over what the worker took, so the worker itself writes it down.
        """
        with tempfile.TemporaryDirectory(dir=self.folder) as workers:
            spent = harness(*words, folder=self.folder, variables={"HARNESS_SPENT": workers})
            own = sum(float(file.read_text()) for file in Path(workers).iterdir())
        return replace(spent, cpu=spent.cpu + own)

    def slope(self, *options: str, fresh: bool = True) -> float:
        """Milliseconds of CPU for each further page, without those of extractors."""
        few, many = (self.run(pages, *options, fresh=fresh)[0] for pages in self.sizes)
        return 1000 * (many.cpu - few.cpu) / (self.sizes[1] - self.sizes[0])

    def extractor(self, name: str) -> tuple[str, str]:
        """The option for one of the extractors of the measurement."""
        return "-e", f"{self.plugin}:{name}"

    @cached_property
    def stored(self) -> Path:
        """A folder with runs of 12 extractors on 990 pages, `before` and `after`, and a baseline of the first."""
        source = self.run(self.sizes[1], *self.extractor("first"))[1]
        folder = self.folder / "stored"
        (folder / "reports/runs").mkdir(parents=True)
        for seed, name in enumerate(("before", "after")):
            multiplied(source, folder / f"reports/runs/{name}.jsonl", extractors=_EXTRACTORS, noise=0.02, seed=seed)
        harness("accept", "before", folder=folder)
        return folder


def _one(place: Place) -> float:
    return place.slope(*place.extractor("first"))


def _further(place: Place) -> float:
    return place.slope(*place.extractor("first"), *place.extractor("second")) - _one(place)


def _one_f(place: Place) -> float:
    return place.slope(*place.extractor("first"), "-m", "F")


def _further_f(place: Place) -> float:
    return place.slope(*place.extractor("first"), *place.extractor("second"), "-m", "F") - _one_f(place)


def _known(place: Place) -> float:
    for pages in place.sizes:
        place.run(pages, *place.extractor("known"))
    return place.slope(*place.extractor("known"), fresh=False)


def _labelled(place: Place) -> float:
    """CPU of words and F on pages of goldens/core, as labelled and with their main content as one text."""
    found = [entry.load() for entry in find_entries(["core"], Dumps([])).entries[:24]]
    texts = {golden.id: "\n".join(s.text for s in golden.segments if s.verdict == "keep") for golden in found}

    def work(text_only: bool) -> None:
        for golden in found:
            page = Page(golden.page.raw, golden.page.media)
            labels = {"text": texts[golden.id]} if text_only else {"labelled": golden.labelled, "labels": golden.labels}
            anew = Golden(golden.id, page, golden.kind, golden.site, **labels)
            FAMILIES["F"].values(Case(anew, texts[golden.id], page_words(anew)))

    return best(lambda: work(False), 5) / best(lambda: work(True), 5)


def _score_wcxb(place: Place) -> float:
    """The slope of `score` over that of a script, in CPU; each in the better of two. The dataset was scored before, so that
    its list is kept, and what is known of its pages.
    """
    _scored_wcxb(place, None, 1)
    ours = [_slope(place, lambda pages: _scored_wcxb(place, pages, 1).cpu) for _ in range(2)]
    theirs = [_slope(place, lambda pages: _peer(place, "wcxb", place.predictions, pages).cpu) for _ in range(2)]
    return min(ours) / min(theirs)


def _score_wcxb_wall(place: Place) -> float:
    """The time of `score` on two cores over that of a script, all pages; each in the better of two."""
    pages = place.sizes[1]
    ours = [_scored_wcxb(place, pages, 2).wall for _ in range(2)]
    return min(ours) / min(_peer(place, "wcxb", place.predictions, pages).wall for _ in range(2))


def _slope(place: Place, cost: Callable[[int], float]) -> float:
    few, many = place.sizes
    return (cost(many) - cost(few)) / (many - few)


def _scored_wcxb(place: Place, pages: int | None, jobs: int) -> Spent:
    few = () if pages is None else ("--limit", str(pages))
    words = ("score", str(place.predictions), "-g", place.wcxb, "-m", "wcxb", *few, "-j", str(jobs))
    return harness(*words, folder=place.folder, codes=(0, 3))


def _peer(place: Place, benchmark: str, predictions: Path, *more: object) -> Spent:
    folder = place.dataset(benchmark) / ("dev" if benchmark == "wcxb" else "")
    words = [sys.executable, str(Path(peers.__file__)), benchmark, folder, predictions, *more]
    return program([str(word) for word in words], folder=place.folder)


def _score_aeb(place: Place) -> float:
    files = sorted((place.dataset("aeb") / "output").glob("*.json"))
    return _scored_aeb(place).cpu / _peer(place, "aeb", *files).cpu


def _score_aeb_each(place: Place) -> float:
    systems = read_predictions([place.dataset("aeb") / "output"])
    return 1000 * _scored_aeb(place).cpu / (181 * len(systems))


def _scored_aeb(place: Place) -> Spent:
    folder = place.dataset("aeb")
    goldens = ("-g", f"aeb:{folder}", "-m", "aeb", "-j", "1")
    return harness("score", str(folder / "output"), *goldens, folder=place.folder, codes=(0, 3))


def _mer(place: Place) -> float:
    """CPU of WER, CER and MER over that of jiwer, the package that defines them, on texts of AEB with other words."""
    if find_spec("jiwer") is None:
        raise Skipped("jiwer is not installed")
    import jiwer

    goldens = [entry.load() for entry in find_entries([f"aeb:{place.dataset('aeb')}"], Dumps([])).entries[:40]]
    pairs = [(golden.text, golden.text.replace(" the ", " ").replace(", ", " and so ")) for golden in goldens if golden.text]
    cases = [Case(golden, output, page_words(golden)) for golden, (_, output) in zip(goldens, pairs, strict=True)]

    def theirs() -> None:
        for gold, output in pairs:
            jiwer.process_words(gold, output)
            jiwer.process_characters(gold, output)

    def ours() -> None:
        for case in cases:
            FAMILIES["MER"].values(Case(case.golden, case.text, case.words))

    return best(ours, 3) / best(theirs, 3)


def _jobs(place: Place) -> float:
    """The time of one process over that of two, each in the best of three runs, in turn. It needs two idle cores."""
    if (os.cpu_count() or 1) < 2:
        raise Skipped("one core")
    runs = [[place.timed_run(400, *place.extractor("first"), jobs=jobs)[0].wall for jobs in (1, 2)] for _ in range(3)]
    return min(one for one, _ in runs) / min(two for _, two in runs)


def _overhead(place: Place) -> float:
    return statistics.median(engine.overhead_ratios(engine.written(place.folder), pages=300, rounds=3))


def _round_trip(place: Place) -> float:
    worker = WorkerProcess(engine.runnable(place.plugin, "nothing"))
    worker.load(memory=0, timeout=60)
    page = Page(b"<p>" + b"Some words of a page. " * 8_640 + b"</p>", "text/html")
    times = []
    for _ in range(300):
        begun = time.perf_counter()
        worker.ask(page, 60)
        times.append(time.perf_counter() - begun)
    worker.close()
    return 1000 * statistics.median(times)


def _memory(place: Place) -> float:
    return place.run(place.sizes[1], *place.extractor("first"))[0].memory


def _memory_growth(place: Place) -> float:
    few, many = (place.run(pages, *place.extractor("first"))[0].memory for pages in place.sizes)
    return many / few


def _help(place: Place) -> float:
    bare = min(program([sys.executable, "-c", "pass"], folder=place.folder).cpu for _ in range(5))
    return min(harness("--help", folder=place.folder).cpu for _ in range(5)) - bare


def _list(place: Place) -> float:
    return min(harness("list", "extractors", folder=place.folder).cpu for _ in range(5))


def _first_page(place: Place) -> float:
    """Seconds of the clock from the start of the command until its extractor has a page."""
    moment = place.folder / "moment"
    command = [sys.executable, "-m", "harness", "run", *place.extractor("moment"), "-g", place.wcxb, "--limit", "10"]
    found = []
    for _ in range(5):
        begun = time.time()
        variables = {"HARNESS_MOMENT": str(moment), "HARNESS_CACHE": str(place.folder / "cache")}
        program([*command, "--fresh", "-j", "1", "-m", "F"], folder=place.folder, variables=variables)
        found.append(float(moment.read_text()) - begun)
    return min(found)


def _of_stored(*words: str, codes: tuple[int, ...] = (0,)) -> Callable[[Place], float]:
    return lambda place: harness(*words, folder=place.stored, codes=codes).cpu


def _memory_of_stored(*words: str, codes: tuple[int, ...] = (0,)) -> Callable[[Place], float]:
    return lambda place: harness(*words, folder=place.stored, codes=codes).memory


def _fuzz_ask(place: Place) -> float:
    """Milliseconds of CPU for each layout that an extractor is asked for, without its own, with six extractors."""
    target = place.folder / "matrix.json"
    names = ("first", "second", "third", "fourth", "fifth", "sixth")
    words = [word for name in names for word in place.extractor(name)]
    words += ["-g", f"aeb:{place.dataset('aeb')}", "--limit", "5", "-j", "1", "--fresh"]
    words += ["--format", "json", "-o", str(target)]
    return 1000 * place.spent("fuzz", *words).cpu / len(json.loads(target.read_text("utf-8"))["cells"])


def _second_matrix(place: Place) -> float:
    """The time of a matrix after one of six extractors has changed, over that of the first. Each waits 30 ms on a page."""

    def written(number: int, length: int) -> str:
        path = place.folder / f"waits{number}.py"
        path.write_text(f"import time\n\ndef wait(page):\n    time.sleep(0.03)\n    return page.html[:{length}]\n")
        return f"wait{number}={path}:wait"

    words = [word for number in range(6) for word in ("-e", written(number, 2000))]
    words += ["-g", f"aeb:{place.dataset('aeb')}", "--limit", "1", "-j", "1", "--format", "json", "-o", "second.json"]
    first = harness("fuzz", *words, folder=place.folder).wall
    written(5, 2001)
    return harness("fuzz", *words, folder=place.folder).wall / first


def _first_finding(place: Place) -> float:
    """Seconds of the clock until a search has written its first finding."""
    if find_spec("trafilatura") is None or find_spec("hypothesis") is None:
        raise Skipped("trafilatura and Hypothesis are not installed both")
    findings = place.folder / "findings"
    shutil.rmtree(findings, ignore_errors=True)
    words = ["fuzz", "--search", "-e", "trafilatura", "-g", f"aeb:{place.dataset('aeb')}", "--limit", "5", "-j", "1"]
    command = [sys.executable, "-m", "harness", *words, "--findings", str(findings)]
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=place.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and not any(findings.rglob("*.yaml")):
        time.sleep(0.05)
    spent = time.perf_counter() - begun
    process.terminate()
    process.wait()
    if not any(findings.rglob("*.yaml")):
        raise Skipped("the search found nothing")
    return spent


ROWS = (
    Row("run: CPU around one extractor, ms a page", 5.5, _one),
    Row("run: CPU around each further extractor, ms a page", 3.0, _further),
    Row("run -m F: CPU around one extractor, ms a page", 2.4, _one_f),
    Row("run -m F: CPU around each further extractor, ms a page", 1.2, _further_f),
    Row("run of known outputs: CPU, ms a page", 1.0, _known),
    Row("labelled pages: CPU of F, times that of pages with a text", 1.5, _labelled),
    Row("score -m wcxb: CPU of a page, times that of a bare script", 1.5, _score_wcxb),
    Row("score -m wcxb -j 2: time, times that of a bare script", 1.0, _score_wcxb_wall),
    Row("score -m aeb: CPU, times that of a bare script with its bootstrap", 0.7, _score_aeb),
    Row("score -m aeb: CPU, ms an output", 1.0, _score_aeb_each),
    Row("WER, CER, MER: CPU, times that of jiwer", 1.0, _mer),
    Row("run -j 2: speed, times that of -j 1", 1.8, _jobs, more_is_better=True),
    Row("engine: CPU, times that of a bare loop, 10 ms extractor", 1.02, _overhead),
    Row("engine: round trip of a page of 190 kB, ms", 0.25, _round_trip),
    Row("run of 990 pages: memory, MB", 120, _memory),
    Row("run of 990 pages: memory, times that of a fifth of them", 1.1, _memory_growth),
    Row("--help: CPU beyond bare Python, s", 0.03, _help),
    Row("list extractors: CPU, s", 0.2, _list),
    Row("run --limit 10: until the first page is asked, s", 0.35, _first_page),
    Row("gate of 12 x 990: CPU, s", 1.5, _of_stored("gate", "after", codes=(0, 1))),
    Row("gate of 12 x 990: memory, MB", 200, _memory_of_stored("gate", "after", codes=(0, 1))),
    Row("scorecard of 12 x 990: CPU, s", 3.0, _of_stored("scorecard", "after", "-o", "card.html")),
    Row("scorecard of 12 x 990: memory, MB", 200, _memory_of_stored("scorecard", "after", "-o", "card.html")),
    Row("compare of two runs of 12 x 990: CPU, s", 0.8, _of_stored("compare", "before", "after")),
    Row("show of 12 x 990: CPU, s", 0.5, _of_stored("show", "after")),
    Row("fuzz: CPU of the harness, ms an ask", 2.0, _fuzz_ask),
    Row("fuzz: time of a second matrix, one of six extractors changed, times that of the first", 0.5, _second_matrix),
    Row("fuzz --search -e trafilatura: until the first finding, s", 10.0, _first_finding),
)


def measured(place: Place, wanted: list[str]) -> Iterator[tuple[Row, float | None, str]]:
    """Each row whose name has one of the words in it, all without words: its value, or None and the reason."""
    for row in ROWS:
        if wanted and not any(word in row.name for word in wanted):
            continue
        try:
            yield row, row.measure(place), ""
        except Skipped as reason:
            yield row, None, str(reason)
