"""Projects in which sessions of pytest run."""

import os
from dataclasses import replace

import pytest

from factories.goldens import save_golden, write_goldens
from factories.layouts import html_golden, text_golden
from factories.places import PLANTED, ROOT
from factories.plugin_sessions import EXTRACTOR, MORE_EXTRACTORS, TEXTS, loaded_as_a_plugin
from harness.baseline.file import write_baseline
from harness.baseline.model import baseline_of
from harness.engine.local import LocalEngine
from harness.evaluation.digests import facts_of
from harness.evaluation.evaluate import evaluate
from harness.goldens.reader import Dumps
from harness.goldens.sets import find_goldens, load_goldens
from harness.metrics import OWN_METRICS
from harness.metrics.definitions import definitions
from harness.plugins.ready import prepare
from harness.plugins.registry import Registry
from harness.runs.header import RunHeader
from harness.runs.record import Record, Run


@pytest.fixture
def project(pytester, monkeypatch):
    """A project with an extractor and three goldens, in which pytest runs as a user runs it."""
    pytester.mkpydir("mypkg")
    pytester.path.joinpath("mypkg/module.py").write_text(EXTRACTOR)
    write_goldens(pytester.path / "pages", TEXTS)
    pids = pytester.mkdir("pids")
    monkeypatch.setenv("PIDS", str(pids))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("HARNESS_DUMPS", raising=False)

    class Project:
        path = pytester.path

        def fault(self, text, what):
            self.path.joinpath("fault").write_text(f"{text} {what}")

        def run(self, *arguments, apart=False):
            """Run pytest; apart: in a process of its own, which takes a second more."""
            plugin = [] if loaded_as_a_plugin() else ["-p", "harness.pytest_plugin"]
            run = pytester.runpytest_subprocess if apart else pytester.runpytest_inprocess
            return run(*plugin, *arguments)

        def accept(self, path="baseline.json", name="mypkg.module:extract"):
            """What `harness run` and `harness accept` write."""
            goldens = load_goldens(find_goldens([str(self.path / "pages")]), Dumps([])).goldens
            with monkeypatch.context() as patch:
                patch.chdir(self.path)
                runnables, _ = prepare(Registry().select(["mypkg.module:extract"]))
                events = evaluate(goldens, runnables, engine=LocalEngine())
                records = [event for event in events if isinstance(event, Record)]
            header = RunHeader("1", goldens={one.id: facts_of(one) for one in goldens}, definitions=definitions(OWN_METRICS))
            named = tuple(replace(record, extractor=name) for record in records)
            write_baseline(baseline_of(Run("1", header, {}, named, finished=True)), self.path / path)

        def workers(self):
            return [int(path.name.partition(".")[0]) for path in pids.iterdir()]

    return Project()


@pytest.fixture
def run_pytest(pytester, monkeypatch):
    """Runs pytest as a user does, in a folder with extractors and the goldens of one HTML page and one dump."""
    pytester.path.joinpath("mine.py").write_text(PLANTED.read_text() + MORE_EXTRACTORS)
    save_golden(pytester.path / "pages", html_golden(), "lamps")
    save_golden(pytester.path / "dumps", text_golden(), "dump")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), str(pytester.path)]))
    plugin = [] if loaded_as_a_plugin() else ["-p", "harness.pytest_plugin"]

    def run_pytest(*arguments, apart=False):
        """apart: in a process of its own, which takes a second more."""
        how = pytester.runpytest_subprocess if apart else pytester.runpytest_inprocess
        return how(*plugin, *arguments)

    return run_pytest
