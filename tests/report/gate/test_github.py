"""The verdict as annotations of GitHub, with hostile names and words."""

import re
import unicodedata

from hypothesis import given

from factories.gate_reports import FINE, GONE, NASTY, WORSE, broken_rule, fallen, hostile, verdict_of
from harness.gate.verdict import Doubt
from harness.report.gate.github import github_annotations


def unescaped(text):
    for escape, character in (("%3A", ":"), ("%2C", ","), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(escape, character)
    return text


def test_annotations_name_rules_doubts_and_the_worst_pages():
    lines = github_annotations(WORSE)
    assert len(lines) == 3 + 2
    first, *_, crash, fall = lines
    assert first == "::error title=mine%3A page_drop::F got worse on 1 page"
    assert crash.startswith("::error title=core/crashed%3A mine::F 0.900 → 0.000 error%0A") and "ladder" in crash
    assert unescaped(fall.partition("::F")[2]).splitlines()[-1] == "harness show 20240101-120000 --page core/fallen -e mine"
    assert github_annotations(FINE) == []
    assert github_annotations(GONE) == ["::error title=could not tell::1 page is missing%0Anext: harness run"]


@given(NASTY)
def test_an_annotation_is_one_command_with_any_text(text):
    lines = github_annotations(hostile(text))
    assert len(lines) == 4
    for line in lines:
        assert len(line.splitlines()) == 1
        assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co") for character in line)
        assert (parts := re.fullmatch(r"::error title=([^:,]*)::(.*)", line))
        assert all(re.fullmatch(r"(?:[^%]|%25|%0A|%3A|%2C)*", part) for part in parts.groups())


def test_names_and_words_in_an_annotation_are_no_other_command():
    for line in github_annotations(hostile("x ##[error]y ##vso[task.complete]z ##teamcity[a]")):
        assert "##" in line and not re.search(r"##\w*\[", line)


def test_no_more_annotations_than_github_shows():
    pages = [fallen(f"core/{number}") for number in range(50)]
    many = verdict_of(pages, (broken_rule(),) * 50, (Doubt("a", "b"),) * 50)
    assert len(github_annotations(many)) == 10
