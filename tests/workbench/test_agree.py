"""Two people's labels on one screen, and one golden of both."""

import pytest

from factories.workbench import Client, workbench
from harness.goldens.reader import Dumps, read_golden

ID = "ponds/pond"
BOTH = f"/api/agree/{ID}?a=ann&b=ben"


@pytest.fixture
def two(pond):
    """Ann and Ben have labelled the pond: they dispute the title and the last paragraph."""
    text = (pond / "pond.yaml").read_text()
    (pond / "pond.yaml").unlink()
    head, _, rules = text.partition("labels:\n")
    (pond / "pond.ann.yaml").write_text(
        f"{head}labeller: ann\nlabelled: {{labeller: ann, date: 2026-11-01}}\nlabels:\n{rules}"
    )
    ben = rules.replace("{maybe: h1, as: title}", "{drop: h1, as: title}")
    ben += "  - {drop: 'article > p:nth-child(4)', as: related}\n"
    (pond / "pond.ben.yaml").write_text(f"{head}labeller: ben\nlabels:\n{ben}")
    return pond


@pytest.fixture
def judge(two):
    return Client(workbench(two, "cara"))


def read(folder):
    return read_golden(folder / "pond.yaml", Dumps([]))


def said(golden):
    return {part.text.strip(): (part.verdict, part.kind) for part in golden.segments if part.text.strip()}


def test_only_what_differs_is_listed_with_both_sides(judge):
    disputes = judge.get(BOTH).json()["disputes"]
    assert [(one["text"], one["first"], one["second"]) for one in disputes] == [
        ("The pond froze over", ["maybe", "title"], ["drop", "title"]),
        ("The ducks have moved to the mill race.", ["keep", "body"], ["drop", "related"]),
    ]
    assert [one["block"] for one in disputes] == [1, 4]


def test_the_golden_has_what_was_decided_and_says_who_decided(judge, two):
    state = judge.post(BOTH, {"version": "", "choices": {"0": "second", "1": "first"}}).json()
    golden = read(two)
    assert said(golden)["The pond froze over"] == ("drop", "title")
    assert said(golden)["The ducks have moved to the mill race."] == ("keep", "body")
    assert (golden.labelling.labeller, golden.labelling.sources, golden.labeller) == ("cara", ("ann", "ben"), "")
    assert state["choices"] == {"0": "second", "1": "first"}
    assert judge.get(BOTH).json()["choices"] == state["choices"]  # also when the screen is opened again


def test_what_nobody_decides_is_maybe(judge, two):
    judge.post(BOTH, {"version": "", "choices": {"1": "maybe"}})
    assert said(read(two))["The ducks have moved to the mill race."][0] == "maybe"
    assert said(read(two))["The pond froze over"][0] == "maybe"


def test_a_golden_that_was_made_otherwise_is_not_overwritten(judge, two):
    (two / "pond.yaml").write_text("golden: 2\n")
    state = judge.get(BOTH).json()
    assert state["blocked"] is True
    answer = judge.post(BOTH, {"version": state["version"], "choices": {}})
    assert answer.status_code == 422
    assert (two / "pond.yaml").read_text() == "golden: 2\n"


def test_the_second_of_two_who_decide_is_told(judge, two):
    judge.post(BOTH, {"version": "", "choices": {"0": "first"}})
    saved = (two / "pond.yaml").read_bytes()
    assert judge.post(BOTH, {"version": "", "choices": {"0": "second"}}).status_code == 409
    assert (two / "pond.yaml").read_bytes() == saved


def test_kinds_that_differ_are_decided_after_verdicts(judge, two):
    """Ann calls the last paragraph `body`; for Ben it is a list, and both keep it."""
    ben = two / "pond.ben.yaml"
    was, now = "drop: 'article > p:nth-child(4)', as: related", "keep: 'article > p:nth-child(4)', as: list"
    ben.write_text(ben.read_text().replace(was, now))
    disputes = judge.get(BOTH).json()["disputes"]
    assert [(one["text"], one["kinds"]) for one in disputes] == [
        ("The pond froze over", False),
        ("The ducks have moved to the mill race.", True),
    ]
    judge.post(BOTH, {"version": "", "choices": {"0": "first"}})
    assert said(read(two))["The ducks have moved to the mill race."] == ("keep", "body")  # nobody has decided
    state = judge.get(BOTH).json()
    assert state["choices"] == {"0": "first"}
    judge.post(BOTH, {"version": state["version"], "choices": {"0": "first", "1": "second"}})
    assert said(read(two))["The ducks have moved to the mill race."] == ("keep", "list")
    assert judge.get(BOTH).json()["choices"] == {"0": "first", "1": "second"}


@pytest.mark.parametrize("choices", [{"7": "first"}, {"0": "third"}, {"x": "first"}, ["first"], {"0": 1}])
def test_choices_that_do_not_exist_are_refused(judge, two, choices):
    assert judge.post(BOTH, {"version": "", "choices": choices}).status_code == 422
    assert not (two / "pond.yaml").exists()


def test_the_overview_has_alpha_by_kind_and_how_alike_they_score(judge):
    page = judge.get("/agree").text
    assert "ann and ben" in page
    assert "F by each other&#39;s labels" in page or "F by each other's labels" in page
    for kind in ("body", "title", "related"):
        assert f'<th scope="row">{kind}</th>' in page
    assert f"/agree/{ID}?a=ann&amp;b=ben" in page


def test_the_screen_shows_the_page_in_its_frame(judge):
    page = judge.get(f"/agree/{ID}?a=ann&b=ben").text
    assert "<iframe sandbox class" in page
    frame = judge.get(f"/compared/{ID}?a=ann&b=ben")
    assert frame.headers["content-security-policy"].endswith("sandbox")
    assert frame.text.count('still"') == 6


@pytest.mark.parametrize("query", ["", "?a=ann", "?a=ann&b=../ben", "?a=ann&b=nobody"])
def test_people_who_have_not_labelled_the_page_are_refused(judge, query):
    assert judge.get(f"/api/agree/{ID}{query}").status_code == 422
    assert judge.get(f"/agree/{ID}{query}").status_code == 404
