"""What the gate says to do is the command that the run was made by, changed where it must be."""

import shlex
from dataclasses import replace

from factories.records import EVERYTHING, record, run_of
from harness.baseline.file import read_baseline, write_baseline
from harness.baseline.model import baseline_of
from harness.cli.main import parser_for
from harness.cli.options import run_request
from harness.gate.judge import judge
from harness.gate.rules import Floor, Ratio, Rules

MADE_WITH = {**EVERYTHING, "goldens": ["set", "other set"], "extractor": ["a"], "metric": ["F"], "timeout": 5.0}


def request_of(remedy: str):
    words = shlex.split(remedy.partition(";")[0])
    assert words[:2] == ["harness", "run"]
    return run_request(parser_for(words[1:]).parse_args(words[1:]))


def remedies(before, after):
    return [doubt.remedy for doubt in judge(after, baseline_of(before), Rules(), run_name="x", baseline_name="b").doubts]


def test_a_missing_extractor_is_run_with_the_others_over_the_same_pages():
    before = run_of(record("a", "set/0", 0.5), record("b", "set/0", 0.5))
    after = run_of(record("a", "set/0", 0.5), arguments=MADE_WITH)
    (remedy,) = remedies(before, after)
    asked_for = request_of(remedy)
    assert asked_for.extractors == ("a", "b") and asked_for.goldens == ("set", "other set")
    assert (asked_for.metrics, asked_for.timeout) == (("F",), 5.0)


def test_missing_pages_are_run_without_what_left_them_out():
    before = run_of(record("a", "set/0", 0.5), record("a", "set/1", 0.5))
    after = run_of(record("a", "set/0", 0.5), arguments={**MADE_WITH, "sample": 1, "seed": 7, "kind": ["article"]})
    asked_for = request_of(remedies(before, after)[0])
    assert asked_for.choice == type(asked_for.choice)() and asked_for.goldens == ("set", "other set")


def test_sets_of_the_baseline_that_the_run_does_not_have_are_named():
    before = run_of(record("a", "core/0"), record("a", "situations/0"))
    after = run_of(record("a", "situations/0"), arguments={**EVERYTHING, "goldens": ["situations"], "extractor": ["a"]})
    assert remedies(before, after) == ["harness run -e a -g core -g situations"]
    other = run_of(record("a", "web/0"), arguments={**EVERYTHING, "goldens": ["web"], "extractor": ["a"]})
    assert remedies(before, other) == ["harness run -e a -g core -g situations"]


def test_pruning_is_advised_only_where_accept_would_do_it():
    before = run_of(record("a", "core/0"), record("a", "core/1"))
    after = run_of(record("a", "core/0"), arguments={**EVERYTHING, "goldens": ["core"]})
    assert remedies(before, after) == ["if they are gone, harness accept x --baseline b --prune"]
    part = run_of(record("a", "core/0"), arguments={**EVERYTHING, "goldens": ["core"], "kind": ["forum"]})
    assert remedies(before, part) == ["harness run -g core"]


def test_one_command_for_all_missing_extractors():
    before = run_of(*(record(name, "core/0") for name in "abc"))
    after = run_of(record("a", "core/0"), arguments={**EVERYTHING, "extractor": ["a"]})
    assert remedies(before, after) == [
        "harness run -e a -e b -e c; if they are gone or have other names, harness accept x --baseline b --prune"
    ]


def test_an_extractor_that_may_have_another_name_is_judged_under_it_and_not_thrown_away():
    before, after = run_of(record("one", "core/0")), run_of(record("uno", "core/0"), arguments={**EVERYTHING})
    (remedy,) = remedies(before, after)
    assert remedy.split("; ")[1:] == [
        "if it is called uno now, harness gate x --baseline b --as uno=one",
        "if it is gone, harness accept x --baseline b --prune",
    ]


def test_an_extractor_that_had_an_alias_is_asked_for_by_the_word_that_made_it(tmp_path):
    word = "fast=cmd:./extract --fast"
    before = run_of(record("a", "core/0"), record("fast", "core/0"), arguments={**EVERYTHING, "extractor": ["a", word]})
    after = run_of(record("a", "core/0"), arguments={**EVERYTHING, "extractor": ["a"]})
    write_baseline(baseline_of(before), path := tmp_path / "b.json")
    (doubt,) = judge(after, read_baseline(path), Rules(), run_name="x", baseline_name="b").doubts
    assert request_of(doubt.remedy).extractors == ("a", word)


def test_a_floor_and_a_reference_that_the_run_lacks_are_run_with_the_others():
    run = run_of(record("a", "core/0"), arguments={**EVERYTHING, "goldens": ["core"], "extractor": ["a"]})
    rules = Rules(floors=(Floor("b", "F", 0.5, "web"),), speed=Ratio("aa", 2))
    doubts = judge(run, baseline_of(run), rules, run_name="x", baseline_name="b").doubts
    asked_for = {request_of(doubt.remedy) for doubt in doubts}
    assert {(request.extractors, request.goldens) for request in asked_for} == {
        (("a", "b"), ("core", "web")),
        (("a", "aa"), ("core",)),
    }
    assert any("did you mean 'a'?" in doubt.message for doubt in doubts)


def test_what_could_not_be_loaded_is_run_with_all_others_by_the_options_of_the_run():
    """Three extractors used to send the user in circles, one name at a time."""
    before = run_of(*(record(name, "set/0", 0.5) for name in ("a", "b", "c")))
    after = replace(run_of(record("a", "set/0", 0.5), arguments=MADE_WITH), not_loaded={"b": "no module"})
    for remedy in remedies(before, after):
        asked_for = request_of(remedy.partition(",")[0])
        assert asked_for.extractors == ("a", "b", "c") and asked_for.goldens == ("set", "other set")
        assert asked_for.timeout == 5.0


def test_following_a_remedy_leads_to_the_end():
    """Each command that the gate prints measures all that it asks for."""
    before = run_of(*(record(name, f"{group}/0", 0.5) for name in "abc" for group in ("core", "situations")))
    after = run_of(record("a", "core/0", 0.5), arguments={**EVERYTHING, "goldens": ["core"], "extractor": ["a"]})
    for remedy in remedies(before, after):
        asked_for = request_of(remedy)
        assert {*asked_for.extractors} == {"a", "b", "c"} and {*asked_for.goldens} == {"core", "situations"}


def test_pages_that_were_not_found_are_supplied_to_the_command_of_the_run():
    before = run_of(record("a", "set/0", 0.5), record("a", "set/1", 0.5))
    after = run_of(record("a", "set/0", 0.5), arguments=MADE_WITH, skipped=["set/1"])
    (remedy,) = (remedy for remedy in remedies(before, after) if "DIR" in remedy)
    asked_for = request_of(remedy.partition(",")[0])
    assert [*map(str, asked_for.dumps)][-1:] == ["DIR"] and asked_for.goldens == ("set", "other set")
    assert asked_for.extractors == ("a",) and asked_for.timeout == 5.0
