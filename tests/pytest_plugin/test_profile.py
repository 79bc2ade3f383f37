"""The Hypothesis profile `harness` is in force, in every process, unless a conftest changes it."""

from importlib.util import find_spec

import pytest

PROFILE = """
from hypothesis import given, settings
from hypothesis.strategies import integers

seen = []

@given(integers())
def test_profile(number):
    seen.append(number)

def test_settings():
    used = settings()
    assert (used.max_examples, used.deadline, used.derandomize, used.database) == ({}, None, True, None)
    assert len(seen) == used.max_examples
"""


@pytest.mark.slow
@pytest.mark.parametrize("on_ci", [False, True])
def test_the_profile_is_in_force(run_pytest, pytester, monkeypatch, on_ci):
    monkeypatch.setenv("CI", "true") if on_ci else monkeypatch.delenv("CI", raising=False)
    pytester.path.joinpath("test_own.py").write_text(PROFILE.replace("{}", "50"))
    run_pytest("--hypothesis-profile", "harness", apart=True).assert_outcomes(passed=2)
    result = run_pytest(apart=True)
    assert result.parseoutcomes()["failed"] == 1, "the test tests nothing"


def test_a_conftest_can_change_the_profile(run_pytest, pytester):
    pytester.makeconftest(
        "from hypothesis import settings\nfrom harness.fuzz import CI_SETTINGS\n"
        "settings.register_profile('harness', CI_SETTINGS, max_examples=7)\n"
    )
    pytester.path.joinpath("test_own.py").write_text(PROFILE.replace("{}", "7"))
    run_pytest("--hypothesis-profile=harness", apart=True).assert_outcomes(passed=2)


@pytest.mark.slow
@pytest.mark.skipif(not find_spec("xdist"), reason="pytest-xdist is not installed")
def test_the_profile_is_in_force_in_every_process(run_pytest, pytester):
    pytester.path.joinpath("test_own.py").write_text(PROFILE.replace("{}", "50"))
    run_pytest("--hypothesis-profile", "harness", "-n", "2", "--dist", "loadfile", apart=True).assert_outcomes(passed=2)
