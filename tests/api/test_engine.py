"""A notebook can run extractors elsewhere than on this machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import harness
from harness.engine.answer import Answer
from harness.engine.base import Answered, EngineEvent, Loaded, Task


class Elsewhere:
    """Answers every page with its own text and starts no process."""

    timeout = 30.0

    def run(self, tasks: Sequence[Task]) -> Iterator[EngineEvent]:
        for runnable in {task.runnable.name: task.runnable for task in tasks}.values():
            yield Loaded(runnable, "7.7")
        for task in tasks:
            yield Answered(task.runnable, task.key, Answer("ok", text=task.page.text))


def test_an_engine_of_the_caller_runs_the_extractors(tmp_path: Path) -> None:
    file = tmp_path / "silent.py"
    file.write_text("from harness import extractor\n\n\n@extractor\ndef silent(page):\n    return ''\n")
    run = harness.run("core", "silent", choice=harness.Choice(limit=3), plugins=file, engine=Elsewhere(), fresh=True)
    assert run.versions == {"silent": "7.7"}
    assert len(run.records) == 3 and all(record.scores["R"] == 1 for record in run.records)
