"""The note on how far two labellers agree."""

import json
from dataclasses import replace

import pytest

from factories.goldens import write_golden
from factories.records import record, run_of
from harness.runs.header import GoldenFacts
from harness.runs.request import RunRequest
from harness.scorecard.gather.agreed import Agreed, agreed, agreed_notes, ceilings
from harness.scorecard.gather.build import scorecard
from harness.scorecard.write.html import html
from harness.scorecard.write.markdown import markdown

PAGE = "<p>One two three four.</p><p>Five six seven eight.</p>"
BOTH = [{"keep": "p", "as": "body"}]


@pytest.fixture
def labelled_by_two(tmp_path, monkeypatch):
    """Ann keeps both paragraphs, Ben one of them: P .5 and R 1, or the reverse, so F is 2/3 both ways."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "goldens/pond"
    write_golden(folder, "ice", PAGE, BOTH)
    for who, labels in (("ann", BOTH), ("ben", [{"keep": "p:first-child", "as": "body"}])):
        file = write_golden(folder, "ice", PAGE, labels).rename(folder / f"ice.{who}.yaml")
        text = file.read_text()
        file.write_text(f"labels:\n{rules(labels)}labeller: {who}\n{head(text)}")
    write_golden(folder, "ice", PAGE, BOTH)
    return folder


def rules(labels):
    return "".join(f"  - {{keep: {label['keep']!r}, as: body}}\n" for label in labels)


def head(text):
    """The other keys of a golden file that is JSON, as YAML."""
    written = json.loads(text)
    written.pop("labels")
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in (written | {"golden": 2}).items())


def run_over(goldens, *names):
    run = run_of(*(record("a", name, 0.9) for name in names))
    header = replace(run.header, request=RunRequest(goldens=(str(goldens),)), goldens=dict.fromkeys(names, GoldenFacts()))
    return replace(run, header=header)


def test_the_f_by_each_others_labels_is_a_note(labelled_by_two):
    (note,) = agreed_notes(agreed(run_over(labelled_by_two, "pond/ice")))
    assert note.startswith("ann and ben, who labelled 1 page of pond, agree to F .667:")


def test_pages_that_the_run_does_not_have_do_not_count(labelled_by_two):
    assert list(agreed_notes(agreed(run_over(labelled_by_two, "pond/other")))) == []


def test_datasets_have_no_labellers(labelled_by_two):
    assert list(agreed_notes(agreed(run_over("aeb:nowhere", "aeb/1")))) == []


BESIDE = "two labellers agree to F .667"


def test_it_stands_beside_every_f_of_the_set(labelled_by_two):
    card = scorecard(run_over(labelled_by_two, "pond/ice"), lambda golden: "not here", extractors=["a"])
    assert f"| F ({BESIDE}) |" in markdown(card)
    page = html(card)
    assert f'F<br><small class="limit">{BESIDE}</small></th>' in page
    assert f"mean F on 1 HTML pages<br>{BESIDE}" in page


def test_of_several_sets_it_stands_beside_its_own_and_is_named(labelled_by_two):
    card = scorecard(run_over(labelled_by_two, "pond/ice", "mill/race"), lambda golden: "not here")
    text = markdown(card)
    assert f"| F (pond: {BESIDE}) |" in text
    assert f"pond ({BESIDE}) |" in text and "| mill |" in text


def test_no_other_metric_has_it(labelled_by_two):
    run = run_over(labelled_by_two, "pond/ice")
    records = tuple(replace(one, scores={"aeb.F": 0.5, "aeb.P": 0.5, "aeb.R": 0.5}) for one in run.records)
    assert "agree to F" not in markdown(scorecard(replace(run, records=records), lambda golden: "")).partition("ann and")[0]


def test_of_more_than_two_labellers_it_is_the_mean_of_each_two():
    found = [Agreed("pond", ("a", "b"), 9, 0.9), Agreed("pond", ("a", "c"), 9, 0.8), Agreed("mill", ("a", "b"), 9, 1.0)]
    assert ceilings(found) == {"pond": "each two labellers agree to F .850", "mill": "two labellers agree to F 1.000"}
