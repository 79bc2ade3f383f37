"""The pytest plugin, in sessions of its own."""

import json
import os
import re
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import pytest
from helpers import is_alive, write_goldens

from harness.baseline.file import write_baseline
from harness.baseline.model import baseline_of
from harness.evaluation.evaluate import evaluate, labels_hash
from harness.goldens.reader import Dumps
from harness.goldens.sets import find_goldens, load_goldens
from harness.metrics import OWN_METRICS
from harness.metrics.definitions import definitions
from harness.plugins.ready import prepare
from harness.plugins.registry import Registry
from harness.runs.record import Record, Run

pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parent.parent
TEXTS = [
    "The ferry leaves at nine.\nIt carries forty bicycles.",
    "The winch was built in 1911.\nNobody remembers by whom.",
    "A third page about tides.\nThey come twice a day.",
]
EXTRACTOR = """
import os, time
from pathlib import Path
from harness import extractor

Path(os.environ["PIDS"], str(os.getpid())).touch()

@extractor(media="text/plain")
def extract(page):
    where, what = Path("fault").read_text().split() if Path("fault").exists() else ("", "")
    if where not in page.text:
        what = ""
    if what == "raises":
        raise ValueError("the ladder is too short")
    if what == "hangs":
        time.sleep(60)
    if what == "crashes":
        os._exit(3)
    return {"drops": page.text.splitlines()[0], "empty": ""}.get(what, page.text)
"""
WANTED = ["--harness-extractor", "mypkg.module:extract", "--harness-goldens", "pages"]


def loaded_as_a_plugin():
    return any(entry.value == "harness.pytest_plugin" for entry in metadata.entry_points(group="pytest11", name="harness"))


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
                records = [event for event in evaluate(goldens, runnables) if isinstance(event, Record)]
            sys.modules.pop("mypkg.module"), sys.modules.pop("mypkg")
            header = {
                "goldens": {one.id: {"page": one.page.sha256, "labels": labels_hash(one)} for one in goldens},
                "definitions": definitions(OWN_METRICS),
            }
            named = tuple(replace(record, extractor=name) for record in records)
            write_baseline(baseline_of(Run("1", header, {}, named, finished=True)), self.path / path)

        def workers(self):
            return [int(path.name) for path in pids.iterdir() if int(path.name) != os.getpid()]

    return Project()


def test_there_is_a_test_for_each_golden_and_the_worker_ends_with_the_session(project):
    result = project.run(*WANTED, "-v")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["harness::pages/page-0 PASSED*", "harness::pages/page-1 PASSED*"])
    assert result.ret == 0
    assert len(project.workers()) == 1
    assert not any(map(is_alive, project.workers()))


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("raises", ["the extractor failed: error", "| ValueError: the ladder is too short*"]),
        ("hangs", ["the extractor failed: timeout", "*longer than 1 s*"]),
        ("crashes", ["the extractor failed: crash", "*exit code 3*"]),
        ("empty", ["no text came out", "*missed 10 (body 10)*"]),
    ],
)
def test_a_fault_is_one_failed_test(project, what, said):
    project.fault("winch", what)
    result = project.run(*WANTED, "--harness-timeout", "1")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*_ pages/page-1 _*", *said])
    assert "Traceback" not in result.stdout.str() and "pytest_goldens" not in result.stdout.str()


def test_without_a_baseline_a_page_must_reach_what_is_asked_for(project):
    project.fault("winch", "drops")
    project.run(*WANTED).assert_outcomes(passed=3)
    result = project.run(*WANTED, "--harness-min", "F=0.9", "--harness-min", "P=1")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        ["F is .750, and --harness-min asks for 0.9", "*missed 4 (body 4)*", "*-Nobody remembers*-]*"]
    )


def test_a_page_that_is_worse_than_the_baseline_fails_with_its_diff(project):
    project.accept()
    wanted = [*WANTED, "--harness-baseline", "baseline.json"]
    project.run(*wanted).assert_outcomes(passed=3)
    project.fault("winch", "drops")
    result = project.run(*wanted)
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        ["worse than baseline.json (page_drop)", "  F 1.000 → .*", "  missed 0 → 4 words", "*-Nobody remembers by whom.-]*"]
    )
    project.accept()
    project.run(*wanted).assert_outcomes(passed=3)


def test_a_new_failure_fails_and_an_accepted_one_is_expected(project):
    project.accept()
    wanted = [*WANTED, "--harness-baseline", "baseline.json"]
    project.fault("winch", "raises")
    result = project.run(*wanted)
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["the extractor failed: error, and had text in the baseline"])
    project.accept()
    project.run(*wanted).assert_outcomes(passed=2, xfailed=1)


def test_a_golden_that_the_baseline_lacks_is_judged_by_its_outcome(project):
    hidden = project.path / "pages/page-1.yaml"
    described = hidden.read_text()
    hidden.unlink()
    project.accept()
    hidden.write_text(described)
    project.fault("winch", "drops")
    project.run(*WANTED, "--harness-baseline", "baseline.json").assert_outcomes(passed=3)
    project.fault("winch", "raises")
    project.run(*WANTED, "--harness-baseline", "baseline.json").assert_outcomes(passed=2, failed=1)


def test_rules_about_single_pages_are_those_of_pyproject(project):
    project.accept()
    project.fault("winch", "drops")
    project.path.joinpath("pyproject.toml").write_text("[tool.harness.gate]\npage_drop = 0.5\n")
    project.run(*WANTED, "--harness-baseline", "baseline.json").assert_outcomes(passed=3)


def test_a_changed_golden_is_not_compared_and_a_missing_one_is_named(project):
    project.accept()
    changed = project.path / "pages/page-0.yaml"
    changed.write_text(changed.read_text().replace('"1-2"', '"1"'))
    project.path.joinpath("pages/page-1.yaml").unlink()
    result = project.run(*WANTED, "--harness-baseline", "baseline.json", "-rs")
    result.assert_outcomes(passed=1, failed=1, skipped=1)
    result.stdout.fnmatch_lines(["cannot be compared with baseline.json: its labels changed*"])
    result.stdout.fnmatch_lines(["*in baseline.json, and not among the goldens of this session*"])


def test_broken_goldens_fail_and_those_without_their_page_are_skipped(project):
    broken = project.path / "pages/page-0.yaml"
    broken.write_text(broken.read_text().replace('"1-2"', '"7-9"'))
    hidden = project.path / "pages/page-1.yaml"
    described = {key: value for key, value in json.loads(hidden.read_text()).items() if key != "page"}
    hidden.write_text(json.dumps({**described, "sha256": "0" * 64}))
    result = project.run(*WANTED, "-rs")
    result.assert_outcomes(passed=1, failed=1, skipped=1)
    result.stdout.fnmatch_lines(["*page-0.yaml:1: *line 7 is out of range*"])
    result.stdout.fnmatch_lines(["*HARNESS_DUMPS*"])


def test_k_chooses_by_id_and_other_tests_run_beside_it(project):
    project.path.joinpath("test_own.py").write_text("def test_own(): pass\n")
    project.run(*WANTED).assert_outcomes(passed=4)
    project.run(*WANTED, "-k", "pages/page-2").assert_outcomes(passed=1, deselected=3)
    project.run(*WANTED, "-k", "not harness").assert_outcomes(passed=1, deselected=3)


def test_failed_pages_can_be_run_again_and_reported(project):
    project.fault("winch", "raises")
    project.run(*WANTED).assert_outcomes(passed=2, failed=1)
    result = project.run(*WANTED, "--last-failed", "--junitxml", "out.xml")
    result.assert_outcomes(failed=1, deselected=2)
    (case,) = ET.parse(project.path / "out.xml").iter("testcase")
    assert (case.get("classname"), case.get("name")) == ("harness", "pages/page-1")
    assert "the ladder is too short" in case.find("failure").text


@pytest.mark.skipif(not find_spec("xdist"), reason="pytest-xdist is not installed")
def test_with_xdist_there_is_one_worker_for_each_process_of_pytest(project):
    project.fault("winch", "raises")
    result = project.run(*WANTED, "-n", "2")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["| ValueError: the ladder is too short*"])
    assert len(project.workers()) <= 2 + 2 + 1  # processes of pytest, their workers, the one that started them
    assert not any(map(is_alive, project.workers()))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--harness-extractor", "trafilatur"], "unknown extractor 'trafilatur'; did you mean 'trafilatura'?"),
        (["--harness-extractor", "mypkg.module:extrat"], "no function 'extrat'; did you mean 'extract'?"),
        (["--harness-min", "F=1"], "--harness-min says nothing without --harness-extractor"),
        (["--harness-baseline", "b"], "--harness-baseline says nothing without --harness-extractor"),
        (["--harness-layouts", "0"], "--harness-layouts says nothing without --harness-extractor"),
        ([*WANTED, "--harness-baseline", "gone.json"], "no baseline gone.json"),
        ([*WANTED, "--harness-min", "G=1"], "no metric 'G'"),
        ([*WANTED, "--harness-min", "F=9"], "write a value from 0 to 1, such as F=0.9"),
        ([*WANTED, "--harness-layouts", "0"], "--harness-layouts 0 is not a number of layouts from 1"),
        ([*WANTED, "--harness-timeout", "-1"], "--harness-timeout -1 is not a number of seconds above 0"),
    ],
)
def test_impossible_options_are_named(project, arguments, said):
    result = project.run(*arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert said in result.stderr.str()
    assert "Traceback" not in result.stderr.str()


def test_an_extractor_that_the_baseline_lacks_is_impossible(project):
    project.accept(name="mypkg.module:extracts")
    result = project.run(*WANTED, "--harness-baseline", "baseline.json")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*baseline.json has no extractor 'mypkg.module:extract'; did you mean*extracts*"])


def test_goldens_that_do_not_exist_stop_the_session(project):
    result = project.run("--harness-extractor", "mypkg.module:extract", "--harness-goldens", "pges")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["unknown goldens 'pges'*"])


def test_the_fixture_scores_extracts_and_shows(project):
    project.path.joinpath("test_own.py").write_text(
        """
import pytest
from harness.common.errors import Impossible
from harness.pytest_plugin.fixture import ExtractorFailed

def test_all(harness):
    first, second, third = harness.goldens("pages")
    assert harness.goldens() == harness.goldens("pages/page-0.yaml", "pages/page-1.yaml", "pages/page-2.yaml")
    assert harness.extract(first) == harness.extract(first, "mypkg.module:extract") == first.main_content
    assert harness.score(first, first.main_content).scores["F"] == 1
    assert harness.score(first, "<p>The ferry", "html").counts == {"kept": 2, "missed": 7, "leaked": 0, "free": 0}
    assert harness.score(first, "").outcome == "empty"
    assert "{+invented: unheard-of+}" in harness.diff(first, first.main_content + " unheard-of")
    with pytest.raises(ExtractorFailed, match="ladder") as failed:
        harness.extract(second)
    assert failed.value.answer.outcome == "error"
    with pytest.raises(Impossible, match="nobody"):
        harness.extract(first, "nobody")
    with pytest.raises(Impossible, match="nowhere"):
        harness.goldens("nowhere")
"""
    )
    project.fault("winch", "raises")
    result = project.run(*WANTED, "-k", "test_all")
    result.assert_outcomes(passed=1, deselected=3)


@pytest.mark.parametrize("on_ci", [False, True])
@pytest.mark.parametrize("processes", [0, 2])
def test_hostile_words_do_not_reach_the_terminal_as_they_are(project, monkeypatch, on_ci, processes):
    monkeypatch.setenv("CI", "true") if on_ci else monkeypatch.delenv("CI", raising=False)  # where pytest shortens nothing
    text = "::error::It rains. \x1b]0;owned\x07 <script>" + "word" * 100_000
    write_goldens(project.path / "nasty", [text])
    project.fault("rains", "empty")
    result = project.run("--harness-extractor", "mypkg.module:extract", "--harness-goldens", "nasty", "-n", str(processes))
    result.assert_outcomes(failed=1)
    shown = result.stdout.str()
    assert shown.count("It rains.") == 1
    assert not re.search(r"^\s*::", shown, re.M)
    assert "\x1b" not in shown and "\x07" not in shown and len(shown) < 40_000
    assert re.search(r"… [\d,]+ more characters", shown)


def test_unused_the_plugin_imports_nothing_heavy_and_changes_nothing(project):
    project.path.joinpath("test_own.py").write_text(
        """
import sys

def test_imports():
    assert "harness.pytest_plugin" in sys.modules
    ours = {name for name in sys.modules if name.startswith("harness.")}
    assert ours == {"harness.pytest_plugin", "harness.worker", "harness.worker.plugin"}
    assert not {"numpy", "rich", "selectolax", "yaml"} & {*sys.modules}
"""
    )
    project.run(apart=True).assert_outcomes(passed=1)
    assert project.workers() == []


def test_the_examples_in_the_docs_work(project):
    page = (ROOT / "docs/pytest.md").read_text(encoding="utf-8")
    names = []
    for example, name in re.findall(r"^```python\n(# (\w+\.py)\n.*?)^```$", page, re.M | re.S):
        project.path.joinpath(name).write_text(example)
        names.append(name)
    assert page.count("```python") == len(names)
    project.run(*names).assert_outcomes(passed=3)


def test_the_options_in_the_docs_are_those_that_there_are(project):
    page = (ROOT / "docs/pytest.md").read_text(encoding="utf-8")
    offered = re.findall(r"^ +(--harness-\w+)", project.run("--help").stdout.str(), re.M)
    assert [name for name in re.findall(r"^\| `(--harness-\w+) [A-Z]", page, re.M)] == offered
