"""`evaluate` needs nothing of an engine but its protocol: here one that starts no process and pickles what it is given."""

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest

from factories.extractors import python_runnable
from factories.pages import text_page
from factories.places import FAULTY
from harness.engine.answer import Answer
from harness.engine.base import Answered, EngineEvent, Loaded, Task
from harness.engine.cache import OutputCache
from harness.engine.local import LocalEngine
from harness.evaluation.evaluate import evaluate
from harness.goldens.golden import Golden
from harness.runs.record import Record


@dataclass
class ElsewhereEngine:
    """Does what `shouts` does, in this process, last task first, with copies of all that goes in and comes out."""

    timeout: float = 30
    wall: float = 0.5
    asked: list[str] = field(default_factory=list)

    def run(self, tasks: Sequence[Task]) -> Iterator[EngineEvent]:
        loaded: set[str] = set()
        for task in reversed(pickle.loads(pickle.dumps(tasks))):
            if task.runnable.name not in loaded:
                loaded.add(task.runnable.name)
                yield pickle.loads(pickle.dumps(Loaded(task.runnable, "2.7", "this process")))
            self.asked.append(task.page.text)
            answer = Answer("ok", text=f"{task.page.text.upper()}!", wall=self.wall, reads=frozenset())
            yield pickle.loads(pickle.dumps(Answered(task.runnable, task.key, answer)))


SHOUTS = python_runnable(FAULTY, "shouts")
GOLDENS = [
    Golden(f"set/{text}", text_page(f"{text} page"), "article", "a.example", text=f"{text.upper()} PAGE!")
    for text in ("first", "second", "third")
]


def records_by(engine, **how) -> dict[tuple[str, int], Record]:
    """The records without what differs from run to run, by golden and repeat."""
    events = evaluate(GOLDENS, [SHOUTS], engine=engine, **how)
    return {(event.golden, event.repeat): replace(event, timing={}) for event in events if isinstance(event, Record)}


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    cache = OutputCache(pytest.fail)
    yield cache
    cache.close()


def test_the_records_are_the_same_whatever_engine_runs_the_extractors():
    elsewhere = records_by(ElsewhereEngine(), repeat=2)
    assert len(elsewhere) == 6
    assert elsewhere == records_by(LocalEngine(), repeat=2)
    assert {record.text for record in elsewhere.values()} == {"FIRST PAGE!", "SECOND PAGE!", "THIRD PAGE!"}


def test_what_an_engine_loaded_is_told_before_the_records():
    first, *others = evaluate(GOLDENS, [SHOUTS], engine=ElsewhereEngine())
    assert (first.runnable.name, first.version, first.runtime) == ("shouts", "2.7", "this process")
    assert [type(event) for event in others] == [Record] * 3


def test_an_engine_is_not_asked_for_what_is_known_unless_it_took_longer_than_its_timeout(cache):
    records_by(ElsewhereEngine(timeout=10, wall=9), cache=cache)
    as_patient, hasty = ElsewhereEngine(timeout=10), ElsewhereEngine(timeout=5)
    assert all(record.cached for record in records_by(as_patient, cache=cache).values())
    assert as_patient.asked == []
    assert not any(record.cached for record in records_by(hasty, cache=cache).values())
    assert sorted(hasty.asked) == ["first page", "second page", "third page"]
