"""What all tests share."""

import io
import json
import os
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from factories.goldens import save_golden
from factories.layouts import html_golden, text_golden
from factories.places import PLANTED
from factories.searches import NAME, SEARCH
from factories.tiny import RUN_ALL, make_tiny
from harness.cli.main import main
from harness.fuzz.html import browser

pytest_plugins = ["pytester"]

# Every field is given: where CI is set, Hypothesis would otherwise start from a profile of its own.
settings.register_profile(
    "tests",
    max_examples=100,
    deadline=None,
    derandomize="CI" in os.environ,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    print_blob=False,
)
settings.load_profile("tests")


def pytest_addoption(parser):
    """`--kills 60` takes a quarter of an hour."""
    parser.addoption("--kills", type=int, default=9, help="how often runs are killed, and a third as often ended by SIGTERM")


@pytest.fixture(scope="session", autouse=True)
def cache_of_the_tests(tmp_path_factory):
    """Environments and outputs that tests make stay out of the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setenv("HARNESS_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session", autouse=True)
def no_browser():
    """Rules tell what a page shows: a browser takes half a second to start, and not every machine has one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(browser, "program", lambda: None)
        yield


@pytest.fixture(autouse=True)
def browser_for_slow_tests(request, monkeypatch, program=browser.program):
    """Slow tests ask the browser that is installed."""
    if request.node.get_closest_marker("slow"):
        monkeypatch.setattr(browser, "program", program)


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    monkeypatch.delenv("HARNESS_DUMPS", raising=False)
    monkeypatch.setenv("COLUMNS", "140")
    monkeypatch.chdir(tmp_path)
    return make_tiny(tmp_path)


@pytest.fixture(scope="session")
def tiny_stored(tmp_path_factory):
    """A project with one stored run of all usable extractors, and the id of that run."""
    folder = make_tiny(tmp_path_factory.mktemp("stored"))
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()):
        patch.delenv("HARNESS_DUMPS", raising=False)
        patch.chdir(folder)
        assert main([*RUN_ALL, "--format", "json"]) == 0
    return folder, json.loads(out.getvalue())


@pytest.fixture
def tiny_run(tiny_stored, monkeypatch):
    """The stored project as the current folder; its run as the JSON that `run` printed."""
    monkeypatch.delenv("HARNESS_DUMPS", raising=False)
    monkeypatch.setenv("COLUMNS", "140")
    monkeypatch.chdir(tiny_stored[0])
    return tiny_stored[1]


@pytest.fixture(scope="session")
def measured_project(tmp_path_factory):
    """A project with an extractor that takes every `p`, goldens of both tracks, a run, and that run as the baseline."""
    folder = tmp_path_factory.mktemp("measured")
    before = Path.cwd()
    os.chdir(folder)
    try:
        shutil.copy(PLANTED, "mine.py")
        save_golden(folder / "goldens", html_golden(), "lamps")
        save_golden(folder / "goldens", text_golden(), "dump")
        assert main(["run", "-e", NAME, "-g", "goldens"]) == 0
        assert main(["accept"]) == 0
    finally:
        os.chdir(before)
    return folder


@pytest.fixture(scope="session")
def searched_project(measured_project, tmp_path_factory):
    """The same after a search."""
    folder = shutil.copytree(measured_project, tmp_path_factory.mktemp("searched") / "project")
    before = Path.cwd()
    os.chdir(folder)
    try:
        assert main(SEARCH) == 1
    finally:
        os.chdir(before)
    return folder
