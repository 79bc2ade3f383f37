"""The pytest plugin (docs/pytest.md): a test for each golden, and a fixture for tests of one's own.

Every pytest in the environment loads this module, so it imports nothing of the harness before somebody uses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from harness.pytest_plugin.fixture import Harness

_NEED_EXTRACTOR = {
    "harness_baseline": "--harness-baseline",
    "harness_min": "--harness-min",
    "harness_layouts": "--harness-layouts",
}
_PROFILE = "harness"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options, all of which begin with `--harness-`."""
    group = parser.getgroup("harness", "quality of an extractor (extraction-harness)")
    group.addoption(
        "--harness-extractor",
        metavar="EXTRACTOR",
        help="collect one test for each golden: mypkg.module:extract, FILE.py:extract, or a name as for `harness run`",
    )
    group.addoption(
        "--harness-goldens",
        action="append",
        default=[],
        metavar="GOLDENS",
        help="a folder, a set's name, one golden's id, or FORMAT:PATH (default: as for `harness run`)",
    )
    group.addoption("--harness-baseline", metavar="FILE", help="a page that is worse than in this baseline fails its test")
    group.addoption(
        "--harness-min",
        action="append",
        default=[],
        metavar="METRIC=VALUE",
        help="what every page must reach, such as F=0.9",
    )
    group.addoption(
        "--harness-layouts",
        type=int,
        metavar="N",
        help="one more test for each golden: none of N layouts of its page breaks the extractor (needs Hypothesis)",
    )
    group.addoption("--harness-timeout", type=float, default=30.0, metavar="S", help="seconds for one page (default: 30)")


@pytest.hookimpl(tryfirst=True)  # so that a conftest.py can register another profile under the name
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Register the settings that `--hypothesis-profile harness` asks for, before Hypothesis looks for them."""
    if getattr(early_config.known_args_namespace, "hypothesis_profile", None) == _PROFILE:
        from hypothesis import settings

        from harness.fuzz import CI_SETTINGS

        settings.register_profile(_PROFILE, CI_SETTINGS)


def pytest_configure(config: pytest.Config) -> None:
    """Add the tests of goldens where an extractor is given. Raises UsageError."""
    if config.getoption("harness_extractor"):
        from harness.pytest_plugin.goldens import GoldenTests

        config.pluginmanager.register(GoldenTests(config), "harness-goldens")
        return
    for name, option in _NEED_EXTRACTOR.items():
        if config.getoption(name) not in (None, []):
            raise pytest.UsageError(f"{option} needs --harness-extractor")


@pytest.fixture(scope="session")
def harness(pytestconfig: pytest.Config) -> Harness:
    """Goldens, extractors and scores, for assertions of your own (docs/pytest.md)."""
    from harness.pytest_plugin.fixture import harness_of

    return harness_of(pytestconfig)
