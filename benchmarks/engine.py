"""What the engine costs over calling an extractor in a plain loop, and whether memory is flat.

Usage: python benchmarks/engine.py [overhead] [memory]   (default: both)

The extractor works for 10 ms of CPU on a page of 50 KB. Ratios of the same run count; single seconds do not.
"""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from harness.engine.base import Answered, EngineEvent, Task
from harness.engine.local import LocalEngine
from harness.pages.page import Page
from harness.plugins.ready import prepare
from harness.plugins.registry import Registry
from harness.plugins.runnable import Runnable

EXTRACTOR = """
import time

def extract(page):
    end = time.process_time() + 0.010
    while time.process_time() < end:
        pass
    return f"{time.process_time()}"

def quick(page):
    return page.html[:2000]
"""
PAGE = ("<p>" + "Some words of a page that is made for this measurement. " * 8 + "</p>\n") * 110


def main() -> None:
    """Print the measurements asked for."""
    asked_for = sys.argv[1:] or ["overhead", "memory"]
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder))
        if "overhead" in asked_for:
            overhead(path)
        if "memory" in asked_for:
            memory(path)


def written(folder: Path) -> Path:
    """The file of the extractors of this benchmark."""
    path = folder / "busy.py"
    path.write_text(EXTRACTOR)
    return path


def overhead(path: Path, pages: int = 500, rounds: int = 5) -> None:
    """CPU of the harness and its worker over CPU of a plain loop, in turn."""
    ratios = overhead_ratios(path, pages, rounds)
    spread = f"{min(ratios):.3f} to {max(ratios):.3f}"
    print(
        f"overhead: {statistics.median(ratios):.3f} times the CPU of a plain loop "
        f"({spread}, {rounds} rounds of {pages} pages)"
    )


def overhead_ratios(path: Path, pages: int, rounds: int) -> list[float]:
    """The CPU of the harness and its worker over that of a plain loop, once for each round."""
    namespace: dict[str, Callable[[Page], str]] = {}
    exec(EXTRACTOR, namespace)
    measured = runnable(path, "extract")
    ratios = []
    for _ in range(rounds):
        plain = cpu_of(lambda: [namespace["extract"](page) for page in made(pages)])
        events: list[EngineEvent] = []
        before = _cpu()
        events += LocalEngine().run(tasks(measured, pages))
        harness = _cpu() - before
        # The launcher of a worker does not hand over what the worker took; the worker itself says it.
        worker = max(float(event.answer.text) for event in events if isinstance(event, Answered))
        ratios.append((harness + worker) / plain)
    return ratios


def memory(path: Path, pages: int = 5000) -> None:
    """Peak memory of this process after 10 % of the pages and at the end."""
    early = 0
    for number, _ in enumerate(LocalEngine().run(tasks(runnable(path, "quick"), pages))):
        if number == pages // 10:
            early = peak()
    print(
        f"memory: {early / 1e6:.0f} MB after {pages // 10} pages, {peak() / 1e6:.0f} MB after {pages} "
        f"({peak() / early:.2f} times)"
    )


def runnable(path: Path, function: str) -> Runnable:
    """The extractor of this benchmark."""
    (ready,), _ = prepare(Registry().select([f"{path}:{function}"]))
    return ready


def tasks(runnable: Runnable, number: int) -> list[Task]:
    """A task for each page."""
    return [Task(n, runnable, page) for n, page in enumerate(made(number))]


def made(number: int) -> list[Page]:
    """Pages of 50 KB, no two of them alike."""
    return [Page(f"<!-- {n} -->{PAGE}".encode(), "text/html") for n in range(number)]


def cpu_of(work: Callable[[], object]) -> float:
    """Seconds of CPU of this process and its children."""
    before = _cpu()
    work()
    return _cpu() - before


def peak() -> int:
    """Peak resident memory of this process in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _cpu() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


if __name__ == "__main__":
    main()
