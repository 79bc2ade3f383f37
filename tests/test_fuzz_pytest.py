"""Layouts in pytest: the tests that `--harness-layouts` adds, the profile `harness`, and the API for tests of one's own."""

import os
import re
import shlex
from importlib.util import find_spec
from pathlib import Path

import pytest
from fuzz_pages import BODY, html_golden, text_golden
from test_pytest_plugin import loaded_as_a_plugin

from harness import pytest_goldens
from harness.fuzz import reading_of
from harness.fuzz.catalogue import operators_of
from harness.fuzz.golden_labels import golden_text
from harness.fuzz.search import strategies_of
from harness.pytest_layouts import natural_codes

pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs/fuzzing.md"
PLANTED = ROOT / "tests/planted_extractors.py"
MORE_EXTRACTORS = r"""
import time

@extractor
def two_words(page):
    return "The poles."

@extractor
def fails(page):
    raise ValueError("no ladder")

@extractor
def fails_at_comments(page):
    if "<!--" in page.html:
        raise ValueError("no ladder\n::error::owned\x1b]0;owned\x07")
    return "The poles."

@extractor
def hangs_at_comments(page):
    if "<!--" in page.html:
        time.sleep(600)
    return "The poles."
"""
ACCEPTED = Path("reports/findings.accepted.yaml")


def wanted(extractor, goldens="pages"):
    return ["--harness-extractor", f"mine:{extractor}", "--harness-goldens", goldens, "--harness-layouts", "60"]


@pytest.fixture
def run(pytester, monkeypatch):
    """Runs pytest as a user does, in a folder with extractors and the goldens of one HTML page and one dump."""
    pytester.path.joinpath("mine.py").write_text(PLANTED.read_text() + MORE_EXTRACTORS)
    for set, golden, page in (("pages", html_golden(), "lamps.html"), ("dumps", text_golden(), "dump.txt")):
        file = pytester.mkdir(set) / page
        file.write_bytes(golden.page.raw)
        file.with_suffix(".yaml").write_text(golden_text(golden, page, golden.labels))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), str(pytester.path)]))
    plugin = [] if loaded_as_a_plugin() else ["-p", "harness.pytest_plugin"]

    def run(*arguments, apart=False):
        """apart: in a process of its own, which takes a second more."""
        how = pytester.runpytest_subprocess if apart else pytester.runpytest_inprocess
        return how(*plugin, *arguments)

    return run


def ids_in(shown):
    return re.findall(r"^\w+: [\w -]+ [\d.]+, (\S+)$", shown, re.M)


def test_a_layout_that_breaks_the_extractor_fails_a_test_of_its_own(run):
    result = run(*wanted("until_heading", "dumps"))
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["*_ dumps/dump?layouts? _*", "layouts break it: *leak", "high: leak 0.??, mine-until_heading/leak_*", "  leaked: *"]
    )
    shown = result.stdout.str()
    operators = re.findall(r"^  \[(\w+\(.*\))\]$", shown, re.M)
    assert len(operators) == len(ids_in(shown)) > 0
    assert f"| {BODY[2]}" in shown, "the smallest page"
    assert re.search(r"^FAILED harness::dumps/dump\[layouts\] - layouts break it: .*leak$", shown, re.M)
    assert not ACCEPTED.parent.exists(), "tests write nothing"


@pytest.mark.parametrize("name", ["dump", "not a dump (or 2)"])
def test_the_command_in_the_message_finds_the_same_again(run, pytester, name):
    pytester.path.joinpath("dumps/dump.yaml").rename(f"dumps/{name}.yaml")
    shown = run(*wanted("until_heading", "dumps")).stdout.str()
    (command,) = re.findall(r"^again: pytest (.*)$", shown, re.M)
    result = run(*shlex.split(command))
    result.assert_outcomes(failed=1, deselected=1)
    assert ids_in(result.stdout.str()) == ids_in(shown) != []


def test_what_was_accepted_is_expected_and_anything_else_fails(run):
    first, *others = ids_in(run(*wanted("until_heading", "dumps")).stdout.str())
    ACCEPTED.parent.mkdir()
    ACCEPTED.write_text(f"- {first}\n")
    if others:
        result = run(*wanted("until_heading", "dumps"))
        result.assert_outcomes(passed=1, failed=1)
        assert ids_in(result.stdout.str()) == others
    ACCEPTED.write_text("".join(f"- {id}\n" for id in (first, *others)))
    result = run(*wanted("until_heading", "dumps"), "-rx")
    result.assert_outcomes(passed=1, xfailed=1)
    assert first in result.stdout.str()


def test_an_extractor_that_nothing_breaks_passes(run):
    run(*wanted("two_words")).assert_outcomes(passed=2)


def test_where_nothing_can_be_searched_is_skipped_and_said(run):
    result = run(*wanted("until_heading"), "-rs")
    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(["*mine:until_heading is made for text/plain, and this page is text/html"])
    result = run(*wanted("fails"), "-rs")
    result.assert_outcomes(failed=1, skipped=1)
    result.stdout.fnmatch_lines(["*the extractor fails on the page as it is: error"])


def test_a_layout_that_hangs_is_killed_and_named(run):
    result = run(*wanted("hangs_at_comments"), "--harness-timeout", "0.4")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["layouts break it: timeout", "critical: timeout 1.00, *", "  ?MarkupComments(*)?"])


def test_what_a_hostile_extractor_says_cannot_steer_the_terminal(run):
    result = run(*wanted("fails_at_comments"))
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["critical: crash 1.00, *", "  ?MarkupComments(*)?", "| *::error::owned*"])
    shown = result.stdout.str()
    assert not re.search(r"^\s*::", shown, re.M)
    assert "\x1b" not in shown and "\x07" not in shown


@pytest.mark.skipif(not find_spec("xdist"), reason="pytest-xdist is not installed")
def test_processes_share_the_tests_and_find_the_same(run):
    goldens = ["--harness-goldens", "dumps"]
    alone = run(*wanted("until_heading"), *goldens)
    shared = run(*wanted("until_heading"), *goldens, "-n", "2", "-k", "layouts")
    shared.assert_outcomes(failed=1, skipped=1)
    assert ids_in(shared.stdout.str()) == ids_in(alone.stdout.str()) != []


def test_without_hypothesis_it_is_said_what_to_install(run, monkeypatch):
    monkeypatch.setattr(pytest_goldens, "find_spec", lambda name: None)
    result = run(*wanted("two_words"))
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--harness-layouts needs Hypothesis: pip install 'extraction-harness?fuzz?'"])
    assert "Traceback" not in result.stderr.str()


def test_a_broken_list_of_accepted_findings_is_an_impossible_option(run):
    ACCEPTED.parent.mkdir()
    ACCEPTED.write_text("- [")
    result = run(*wanted("two_words"))
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*{ACCEPTED}: not YAML*"])


@pytest.mark.parametrize("media", ["text/html", "text/plain"])
def test_natural_layouts_are_all_that_real_pages_have_and_nobody_disputes(media):
    natures = {operator.code: operator.nature for operator in operators_of(media)}
    natural = natural_codes(media)
    assert {natures[code] for code in natural} == {"same", "noise"}
    rest = strategies_of(media, sorted(natures.keys() - {*natural}))
    assert len(strategies_of(media, natural)) + len(rest) == len(strategies_of(media)) + (media == "text/html"), (
        "D30 is disputed"
    )


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


@pytest.mark.parametrize("on_ci", [False, True])
def test_the_profile_is_in_force(run, pytester, monkeypatch, on_ci):
    monkeypatch.setenv("CI", "true") if on_ci else monkeypatch.delenv("CI", raising=False)
    pytester.path.joinpath("test_own.py").write_text(PROFILE.replace("{}", "50"))
    run("--hypothesis-profile", "harness", apart=True).assert_outcomes(passed=2)
    result = run(apart=True)
    assert result.parseoutcomes()["failed"] == 1, "the test tests nothing"


def test_a_conftest_can_change_the_profile(run, pytester):
    pytester.makeconftest(
        "from hypothesis import settings\nfrom harness.fuzz import CI_SETTINGS\n"
        "settings.register_profile('harness', CI_SETTINGS, max_examples=7)\n"
    )
    pytester.path.joinpath("test_own.py").write_text(PROFILE.replace("{}", "7"))
    run("--hypothesis-profile=harness", apart=True).assert_outcomes(passed=2)


@pytest.mark.skipif(not find_spec("xdist"), reason="pytest-xdist is not installed")
def test_the_profile_is_in_force_in_every_process(run, pytester):
    pytester.path.joinpath("test_own.py").write_text(PROFILE.replace("{}", "50"))
    run("--hypothesis-profile", "harness", "-n", "2", "--dist", "loadfile", apart=True).assert_outcomes(passed=2)


def test_the_examples_in_the_docs_work(run, pytester):
    """As they stand, for a user who has a golden and an extractor of these names."""
    own, profile = re.findall(r"^```python\n(.*?)^```$", DOCS.read_text(encoding="utf-8"), re.M | re.S)
    pytester.mkdir("goldens")
    for suffix in (".html", ".yaml"):
        text = pytester.path.joinpath(f"pages/lamps{suffix}").read_text()
        pytester.path.joinpath(f"goldens/flood{suffix}").write_text(text.replace("page: lamps", "page: flood"))
    pytester.path.joinpath("test_own.py").write_text(own)
    package = pytester.path / "mypackage.py"
    package.write_text("from mine import paragraphs\n\ndef extract(html):\n    return '\\n'.join(paragraphs(html))\n")
    pytester.makeconftest(profile + 'assert settings.get_profile("layouts").max_examples == 500\n')
    run("--hypothesis-profile", "harness", apart=True).assert_outcomes(passed=1)
    package.write_text("def extract(html):\n    return '' if '<span' in html else html\n")
    result = run("--hypothesis-profile", "harness", apart=True)
    result.assert_outcomes(failed=1)
    assert "retention > 0.9" in result.stdout.str()


def test_a_reading_says_what_a_text_holds_of_a_page():
    golden = html_golden()
    whole, half, nothing = (reading_of(golden, text) for text in (golden.main_content, "\n".join(BODY[:2]), " "))
    assert (whole.f, whole.retention, whole.outcome) == (1, 1, "ok")
    assert 0.3 < half.retention < half.recall < 0.7 and half.precision == 1
    assert (nothing.f, nothing.retention, nothing.outcome) == (0, 0, "empty")
    assert reading_of(golden, f"{golden.main_content} zephyr quokka fjord").invented > 0
