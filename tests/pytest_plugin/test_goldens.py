"""A test for each golden: what passes, fails, is skipped and is expected to fail."""

import json
import xml.etree.ElementTree as ET
from importlib.util import find_spec

import pytest

from factories.plugin_sessions import WANTED
from factories.processes import is_alive


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


def test_a_known_failure_is_expected_until_its_day_and_fails_when_it_passes(project):
    project.accept()
    wanted = [*WANTED, "--harness-baseline", "baseline.json"]
    table = f'[[tool.harness.gate.known_failure]]\nextractor = "{WANTED[1]}"\npage = "pages/page-1"\nreason = "#12"\n'
    bound = "value = 0\nrules = ['page_drop', 'page_optional_loss', 'blocks.F', 'punctuation', 'code']\n"

    def outcomes(until: str, bound: str = bound):
        (project.path / "pyproject.toml").write_text(f"{table}until = {until}\n{bound}")
        return project.run(*wanted)

    passing = outcomes("9999-01-01")
    passing.assert_outcomes(passed=2, failed=1)
    passing.stdout.fnmatch_lines(["breaks no rule any more: take it out of the known failures (#12)"])
    project.fault("winch", "drops")
    outcomes("9999-01-01").assert_outcomes(passed=2, xfailed=1)
    outcomes("2020-01-01").assert_outcomes(passed=2, failed=1)
    beyond = outcomes("9999-01-01", bound.replace("0", "0.99"))
    beyond.assert_outcomes(passed=2, failed=1)
    beyond.stdout.fnmatch_lines(["worse than the known failure (#12): F is *, and its `value` is 0.99"])


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
    result.stdout.fnmatch_lines(["*in baseline.json, but its golden is not in this session*"])


def test_broken_goldens_fail_and_those_without_their_page_are_skipped(project):
    broken = project.path / "pages/page-0.yaml"
    broken.write_text(broken.read_text().replace('"1-2"', '"7-9"'))
    hidden = project.path / "pages/page-1.yaml"
    described = {key: value for key, value in json.loads(hidden.read_text()).items() if key != "page"}
    hidden.write_text(json.dumps({**described, "sha256": "0" * 64}))
    result = project.run(*WANTED, "-rs")
    result.assert_outcomes(passed=1, failed=1, skipped=1)
    result.stdout.fnmatch_lines(["*page-0.yaml:10: *line 7 is out of range*"])
    result.stdout.fnmatch_lines(["*HARNESS_DUMPS*"])


def test_where_no_page_is_there_the_session_is_not_green(project):
    for file in sorted(project.path.glob("pages/*.yaml")):
        described = {key: value for key, value in json.loads(file.read_text()).items() if key != "page"}
        file.write_text(json.dumps({**described, "sha256": "0" * 64}))
    result = project.run(*WANTED)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["none of these pages is here, so nothing would be tested: *HARNESS_DUMPS"])


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


@pytest.mark.slow
@pytest.mark.skipif(not find_spec("xdist"), reason="pytest-xdist is not installed")
def test_with_xdist_there_is_one_worker_for_each_process_of_pytest(project):
    project.fault("winch", "raises")
    result = project.run(*WANTED, "-n", "2")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["| ValueError: the ladder is too short*"])
    assert len(project.workers()) <= 2
    assert not any(map(is_alive, project.workers()))
