"""How long a matrix of layouts takes: 40 operators on 100 articles for six extractors.

    HARNESS_DATASETS=FOLDER python benchmarks/matrix.py

FOLDER holds `wcxb`. Goal: under 10 minutes on two cores. Exits with 1 if it is missed.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from harness.datasets.choice import Choice
from harness.evaluation.goldens import RunGoldens
from harness.fuzz.catalogue import operators_of
from harness.fuzz.measure.matrix import MatrixCell, MatrixSetting, run_matrix
from harness.plugins.ready import prepare
from harness.plugins.registry import Registry
from harness.runs.request import RunRequest

EXTRACTORS = ("trafilatura", "readability_lxml", "justext", "resiliparse", "boilerpy3", "magic_html")
OPERATORS, PAGES, JOBS, GOAL = 40, 100, 2, 600.0


def main() -> int:
    """Measure, print, and return 1 if the goal is missed."""
    folder = Path(os.environ["HARNESS_DATASETS"], "wcxb", "dev")
    request = RunRequest(goldens=(f"wcxb:{folder}",), choice=Choice(kinds=("article",), sample=PAGES, seed=1))
    pages = tuple(RunGoldens(request))
    runnables, unavailable = prepare(Registry().select(EXTRACTORS))
    if unavailable:
        print(f"cannot run: {', '.join(item.name for item in unavailable)}")
        return 1
    codes = _codes()
    start = time.perf_counter()
    items = list(run_matrix(MatrixSetting(tuple(runnables), pages, codes), JOBS))
    spent = time.perf_counter() - start
    cells = [item for item in items if isinstance(item, MatrixCell)]
    operators = {cell.operator for cell in cells}
    print(f"{len(operators)} operators ({', '.join(codes)}), {len(pages)} pages, {len(runnables)} extractors")
    print(f"{len(cells):,} pairs and {len(items) - len(cells):,} that do not apply: {spent:.0f} s with {JOBS} processes")
    print("goal met" if spent < GOAL else f"goal missed: {GOAL:.0f} s")
    return 0 if spent < GOAL else 1


def _codes() -> tuple[str, ...]:
    """Codes of operators whose instances in a matrix are so many in all, from D1 on."""
    codes: list[str] = []
    instances = 0
    for operator in operators_of("text/html"):
        number = len(operator.matrix_instances())
        if operator.nature != "limit" and instances + number <= OPERATORS:
            codes.append(operator.code)
            instances += number
    return tuple(codes)


if __name__ == "__main__":
    sys.exit(main())
