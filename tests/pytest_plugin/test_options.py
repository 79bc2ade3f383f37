"""Options of the pytest plugin: impossible ones are named, and unused it changes nothing."""

import pytest

from factories.plugin_sessions import WANTED


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--harness-extractor", "trafilatur"], "unknown extractor 'trafilatur'; did you mean 'trafilatura'?"),
        (["--harness-extractor", "mypkg.module:extrat"], "no function 'extrat'; did you mean 'extract'?"),
        (["--harness-min", "F=1"], "--harness-min needs --harness-extractor"),
        (["--harness-baseline", "b"], "--harness-baseline needs --harness-extractor"),
        (["--harness-layouts", "0"], "--harness-layouts needs --harness-extractor"),
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


def test_unused_the_plugin_imports_nothing_heavy_and_changes_nothing(project):
    project.path.joinpath("test_own.py").write_text(
        """
import sys

def test_imports():
    assert "harness.pytest_plugin" in sys.modules
    ours = {name for name in sys.modules if name.startswith("harness.")}
    assert ours == {"harness.pytest_plugin"}
    assert not {"numpy", "rich", "selectolax", "yaml"} & {*sys.modules}
"""
    )
    project.run(apart=True).assert_outcomes(passed=1)
    assert project.workers() == []
