"""A quality evaluation harness for boilerplate extractors. docs/api.md describes its public names."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.alignment.align import Alignment
    from harness.analysis.compare import Compared
    from harness.api import Scores, align, compare, judge, read_goldens, read_run, run, score
    from harness.common.errors import CannotTell, HarnessError, Impossible
    from harness.datasets.choice import Choice
    from harness.gate.rules import Rules
    from harness.gate.verdict import Verdict
    from harness.goldens.golden import Golden
    from harness.runs.record import Record, Run
    from harness.worker.plugin import extractor

__version__ = "0.1.0"

__all__ = [
    "Alignment",
    "CannotTell",
    "Choice",
    "Compared",
    "Golden",
    "HarnessError",
    "Impossible",
    "Record",
    "Rules",
    "Run",
    "Scores",
    "Verdict",
    "align",
    "compare",
    "extractor",
    "judge",
    "read_goldens",
    "read_run",
    "run",
    "score",
]

# Names are looked up when they are first used, so that workers and `harness --help` load none of this.
_MODULES = {
    "Alignment": "harness.alignment.align",
    "CannotTell": "harness.common.errors",
    "Choice": "harness.datasets.choice",
    "Compared": "harness.analysis.compare",
    "Golden": "harness.goldens.golden",
    "HarnessError": "harness.common.errors",
    "Impossible": "harness.common.errors",
    "Record": "harness.runs.record",
    "Rules": "harness.gate.rules",
    "Run": "harness.runs.record",
    "Verdict": "harness.gate.verdict",
    "extractor": "harness.worker.plugin",
}


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module(_MODULES.get(name, "harness.api")), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
