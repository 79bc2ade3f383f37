"""The tests that `--harness-layouts` adds: what they find, how it is named, and what is accepted."""

import re
import shlex
from importlib.util import find_spec
from pathlib import Path

import pytest

from factories.layouts import BODY, RELATED
from harness.fuzz.catalogue import operators_of
from harness.fuzz.search.search import strategies_of
from harness.pages.words import words
from harness.pytest_plugin import goldens as pytest_goldens
from harness.pytest_plugin import layouts
from harness.pytest_plugin.layouts import natural_codes

ACCEPTED = Path("reports/findings.accepted.yaml")
TOLD = re.compile(
    r"^(?P<level>\w+): (?P<kind>[\w -]+) [01]\.\d\d, (?P<id>\S+)\n"
    r"  \[\w+\(.*\)\]\n"
    r"(?:  (?P<what>lost|leaked): .+\n)*"
    r"  the page:(?P<page>(?:\n\|.*)+)$",
    re.M,
)


def wanted(extractor, goldens="pages"):
    return ["--harness-extractor", f"mine:{extractor}", "--harness-goldens", goldens, "--harness-layouts", "60"]


def ids_in(shown):
    return re.findall(r"^\w+: [\w -]+ [\d.]+, (\S+)$", shown, re.M)


def test_a_layout_that_breaks_the_extractor_fails_a_test_of_its_own(run_pytest, monkeypatch):
    monkeypatch.setenv("COLUMNS", "140")  # pytest cuts its summary
    result = run_pytest(*wanted("until_heading", "dumps"))
    result.assert_outcomes(passed=1, failed=1)
    shown = result.stdout.str()
    told = list(TOLD.finditer(shown))
    assert [one["id"] for one in told] == ids_in(shown), "each with all its parts"
    # Which other failures are found, and by which layouts, differs between releases of Hypothesis.
    assert ("high", "leak", "leaked") in {(one["level"], one["kind"], one["what"]) for one in told}
    for one in told:
        assert one["id"].startswith(f"mine-until_heading/{one['kind'].replace(' ', '-')}_")
        page = " ".join(words(one["page"]))
        left = [text for text in (*BODY, *RELATED) if " ".join(words(text)[:5]) in page]
        assert 0 < len(left) < len((*BODY, *RELATED)), "the smallest page"
    result.stdout.fnmatch_lines(["*_ dumps/dump?layouts? _*"])
    kinds = ", ".join(one["kind"] for one in told)
    assert f"\nlayouts break it: {kinds}\n" in shown
    assert f"\nFAILED harness::dumps/dump[layouts] - layouts break it: {kinds}\n" in shown
    assert not ACCEPTED.parent.exists(), "tests write nothing"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["dump", "not a dump (or 2)"])
def test_the_command_in_the_message_finds_the_same_again(run_pytest, pytester, name):
    pytester.path.joinpath("dumps/dump.yaml").rename(f"dumps/{name}.yaml")
    shown = run_pytest(*wanted("until_heading", "dumps")).stdout.str()
    (command,) = re.findall(r"^again: pytest (.*)$", shown, re.M)
    result = run_pytest(*shlex.split(command))
    result.assert_outcomes(failed=1, deselected=1)
    assert ids_in(result.stdout.str()) == ids_in(shown) != []


@pytest.mark.slow
def test_what_was_accepted_is_expected_and_anything_else_fails(run_pytest):
    first, *others = ids_in(run_pytest(*wanted("until_heading", "dumps")).stdout.str())
    ACCEPTED.parent.mkdir()
    ACCEPTED.write_text(f"- {first}\n")
    if others:
        result = run_pytest(*wanted("until_heading", "dumps"))
        result.assert_outcomes(passed=1, failed=1)
        assert ids_in(result.stdout.str()) == others
    ACCEPTED.write_text("".join(f"- {id}\n" for id in (first, *others)))
    result = run_pytest(*wanted("until_heading", "dumps"), "-rx")
    result.assert_outcomes(passed=1, xfailed=1)
    assert first in result.stdout.str()


def test_an_extractor_that_nothing_breaks_passes(run_pytest):
    run_pytest(*wanted("two_words")).assert_outcomes(passed=2)


def test_where_nothing_can_be_searched_is_skipped_and_said(run_pytest):
    result = run_pytest(*wanted("until_heading"), "-rs")
    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(["*mine:until_heading is made for text/plain, and this page is text/html"])
    result = run_pytest(*wanted("fails"), "-rs")
    result.assert_outcomes(failed=1, skipped=1)
    result.stdout.fnmatch_lines(["*the extractor fails on the page as it is: error"])


@pytest.mark.slow
def test_a_layout_that_hangs_is_killed_and_named(run_pytest, monkeypatch):
    monkeypatch.setattr(layouts, "natural_codes", lambda media: ("D3",))  # each page that hangs takes the whole time
    result = run_pytest(*wanted("hangs_at_comments"), "--harness-timeout", "1", "--harness-layouts", "3")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["layouts break it: timeout", "critical: timeout 1.00, *", "  ?MarkupComments(*)?"])


def test_what_a_hostile_extractor_says_cannot_steer_the_terminal(run_pytest, monkeypatch):
    monkeypatch.setattr(layouts, "natural_codes", lambda media: ("D3",))  # of all, a search may not try comments
    result = run_pytest(*wanted("fails_at_comments"))
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["critical: crash 1.00, *", "  ?MarkupComments(*)?", "| *::error::owned*"])
    shown = result.stdout.str()
    assert not re.search(r"^\s*::", shown, re.M)
    assert "\x1b" not in shown and "\x07" not in shown


@pytest.mark.slow
@pytest.mark.skipif(not find_spec("xdist"), reason="pytest-xdist is not installed")
def test_processes_share_the_tests_and_find_the_same(run_pytest):
    goldens = ["--harness-goldens", "dumps"]
    alone = run_pytest(*wanted("until_heading"), *goldens)
    shared = run_pytest(*wanted("until_heading"), *goldens, "-n", "2", "-k", "layouts")
    shared.assert_outcomes(failed=1, skipped=1)
    assert ids_in(shared.stdout.str()) == ids_in(alone.stdout.str()) != []


def test_without_hypothesis_it_is_said_what_to_install(run_pytest, monkeypatch):
    monkeypatch.setattr(pytest_goldens, "find_spec", lambda name: None)
    result = run_pytest(*wanted("two_words"))
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--harness-layouts needs Hypothesis: python -m pip install 'extraction-harness?fuzz?'"])
    assert "Traceback" not in result.stderr.str()


def test_a_broken_list_of_accepted_findings_is_an_impossible_option(run_pytest):
    ACCEPTED.parent.mkdir()
    ACCEPTED.write_text("- [")
    result = run_pytest(*wanted("two_words"))
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*{ACCEPTED}: not YAML*"])


@pytest.mark.parametrize("media", ["text/html", "text/plain"])
def test_natural_layouts_are_all_that_real_pages_have_and_nobody_disputes(media):
    natures = {operator.code: operator.nature for operator in operators_of(media)}
    natural = natural_codes(media)
    assert {natures[code] for code in natural} == {"same", "noise"}
    rest = strategies_of(media, sorted(natures.keys() - {*natural}))
    assert len(strategies_of(media, natural)) + len(rest) == len(strategies_of(media)) + 2 * (media == "text/html"), (
        "D30 and D48 are disputed"
    )
