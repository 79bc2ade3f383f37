"""Goldens that are probably wrong: which are named, with which reason, and that right ones are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from factories.goldens import labelled_golden, lined_golden, plain_golden, write_golden
from factories.pages import html_page, text_page
from harness.analysis.audit import Audit, audit
from harness.cli.main import main
from harness.goldens.golden import Golden, Snippets
from harness.goldens.labels import Label

STORY = [
    "The ferry left the quay at seven with forty people on board.",
    "Halfway across the fjord its engine coughed twice and fell silent.",
    "The skipper dropped the anchor and asked everyone to keep still.",
    "A fishing boat towed the ferry home before the tide had turned.",
    "Nobody was hurt, and the kiosk gave everyone a free waffle.",
    "The engine had swallowed a plastic bag that drifted in the harbour.",
]
AROUND = [
    "Home News Weather Timetables Contact the harbour office",
    "Subscribe to our letter and read about boats every Friday",
]
PAGE = text_page("\n".join([AROUND[0], *STORY, AROUND[1]]))
RIGHT = "\n".join(STORY)
VOTERS = [RIGHT, "\n".join(STORY[:5]), "\n".join([*STORY, AROUND[1]]), RIGHT]


def text_gold(lines: list[str], id: str = "set/page") -> Golden:
    return plain_golden("\n".join(lines), id, PAGE)


def of(golden: Golden, *others: Golden, outputs: list[str] | None = None) -> Audit:
    found = VOTERS if outputs is None else outputs
    named = {f"extractor-{number}": text for number, text in enumerate(found)}
    return audit([golden, *others], {one.id: named for one in (golden, *others)})


def test_a_right_golden_is_not_suspected_though_extractors_err() -> None:
    assert of(text_gold(STORY)).suspicions == ()


def test_text_that_extractors_agree_on_and_the_golden_drops() -> None:
    (found,) = of(text_gold(STORY[:3])).suspicions
    assert (found.reason, found.golden, found.page) == ("dropped", "set/page", PAGE.sha256)
    assert found.passage == " ".join(STORY[3:]), "what all but one return"
    assert 0.2 < found.effect < 0.5


def test_a_golden_that_keeps_nothing_of_a_full_page() -> None:
    (found,) = of(text_gold([])).suspicions
    assert found.reason == "dropped" and found.effect > 0.9


def test_text_that_no_extractor_returns() -> None:
    (found,) = of(text_gold([AROUND[0], *STORY, AROUND[1]]), outputs=[RIGHT] * 4).suspicions
    assert (found.reason, found.passage, found.words) == ("kept", AROUND[1], 18)


def test_extractors_that_do_not_agree_with_each_other_add_nothing() -> None:
    """All return a line that the golden drops, but each of them with another part of the page."""
    outputs = ["\n".join([STORY[index], STORY[5]]) for index in range(4)]
    assert of(text_gold([STORY[0], STORY[2]]), outputs=outputs).suspicions == ()
    (found,) = of(text_gold([STORY[0], STORY[2]]), outputs=["\n".join([STORY[0], *STORY[2:]])] * 4).suspicions
    assert found.reason == "dropped"


@pytest.mark.parametrize("kind", ["product", "service", "listing", "collection"])
def test_on_pages_without_prose_extractors_may_all_be_wrong(kind: str) -> None:
    assert of(plain_golden("\n".join(STORY[:3]), "set/page", PAGE, kind=kind)).suspicions == ()
    (found,) = of(plain_golden("", "set/page", PAGE, kind=kind)).suspicions
    assert found.reason == "dropped"


def test_the_order_of_words_is_no_reason_to_miss_them() -> None:
    shuffled = " ".join(sorted(RIGHT.split()))
    assert [one.reason for one in of(text_gold([shuffled]), outputs=[]).suspicions] == []


def test_text_that_only_linked_data_has_is_not_on_the_page_and_hidden_text_is() -> None:
    written = json.dumps({"articleBody": RIGHT})
    linked = html_page(f"<p>Short.</p><script type='application/ld+json'>{written}</script>")
    (found,) = of(plain_golden(RIGHT, "set/page", linked), outputs=[]).suspicions
    assert found.reason == "not-on-page"
    assert of(plain_golden(RIGHT, "set/page", html_page(f"<div hidden>{RIGHT}</div>")), outputs=[]).suspicions == ()


def test_labels_that_are_shifted_by_a_line() -> None:
    (found,) = of(text_gold([AROUND[0], *STORY[:4]])).suspicions
    assert found.reason == "moved"


def test_text_that_a_rule_names_was_decided_by_somebody() -> None:
    blocks = [("keep", "body", line) for line in STORY[:3]]
    named = lined_golden([*blocks, *(("drop", "related", line) for line in STORY[3:])])
    forgotten = lined_golden([*blocks, *(("drop", "other", line) for line in STORY[3:])])
    assert of(named).suspicions == ()
    assert [one.reason for one in of(forgotten).suspicions] == ["dropped"]


def test_text_that_may_be_kept_is_no_mistake() -> None:
    blocks = [("keep", "body", line) for line in STORY[:4]]
    assert of(lined_golden([*blocks, *(("maybe", "caption", line) for line in STORY[4:])])).suspicions == ()


def test_text_that_labels_forget_though_they_name_the_rest() -> None:
    """Extractors need not agree: one that returns it is enough."""
    blocks = [("drop", "navigation", AROUND[0]), ("drop", "newsletter", " ".join(AROUND)), ("keep", "body", STORY[0])]
    forgotten = " ".join(STORY[1:3])
    outputs = ["\n".join([STORY[0], forgotten]), STORY[0], STORY[0]]
    (found,) = of(lined_golden([*blocks, ("drop", "other", forgotten)]), outputs=outputs).suspicions
    assert (found.reason, found.passage, found.words) == ("unnamed", forgotten, 22)
    assert found.effect == pytest.approx(22 / (22 + 2 * 12))
    assert of(lined_golden([*blocks, ("drop", "related", forgotten)]), outputs=outputs).suspicions == ()
    assert of(lined_golden([*blocks, ("drop", "other", forgotten)]), outputs=[STORY[0]] * 3).suspicions == ()


def test_a_selector_that_drops_what_all_return_beside_what_none_returns() -> None:
    boxes = [*STORY[3:5], " ".join(AROUND), " ".join(reversed(AROUND))]
    page = html_page("".join([*(f"<p>{line}</p>" for line in STORY[:3]), *(f"<div class=box>{box}</div>" for box in boxes)]))
    keep, drop = Label("keep", ("p",), "body"), Label("drop", (".box",), "related")
    (found,) = of(labelled_golden(page, [keep, drop]), outputs=["\n".join(STORY[:5])] * 3).suspicions
    assert (found.reason, found.passage) == ("unlike", " ".join(STORY[3:5]))
    assert found.effect > 0.1
    halves = (".box:nth-of-type(-n+2)", ".box:nth-of-type(n+3)")
    exact = [keep, *(Label("drop", (half,), "related") for half in halves)]
    assert of(labelled_golden(page, exact), outputs=["\n".join(STORY[:5])] * 3).suspicions == ()


def test_main_content_of_another_page() -> None:
    other = ["Bake the leeks for an hour under a lid.", "Let them cool and roll each of them in a slice of ham."]
    (found,) = of(text_gold(other)).suspicions
    assert (found.reason, found.effect) == ("not-on-page", 1.0)
    (found,) = of(text_gold(other), outputs=[]).suspicions
    assert (found.reason, found.effect) == ("not-on-page", 1.0), "needs no extractor"


def test_snippets_that_the_main_content_contradicts() -> None:
    snippets = Snippets(required=("the tide had turned",), forbidden=("asked everyone to keep still",))
    golden = plain_golden("\n".join(STORY[:3]), "set/page", PAGE, snippets=snippets)
    (found,) = of(golden, outputs=[]).suspicions
    assert found.reason == "snippets"
    assert "not kept: the tide had turned" in found.passage and "is kept: asked everyone to keep still" in found.passage
    right = Snippets(required=("the tide had turned",), forbidden=("every Friday",))
    assert of(plain_golden(RIGHT, "set/page", PAGE, snippets=right), outputs=[]).suspicions == ()


def test_copies_of_a_page_with_unlike_main_content() -> None:
    short, long = text_gold(STORY[:1], "set/a"), text_gold(STORY, "set/b")
    (found,) = of(short, long, outputs=[]).suspicions
    assert (found.golden, found.reason) == ("set/a", "copy")
    assert found.passage.startswith("set/b keeps ")
    assert of(long, text_gold(STORY, "set/c"), outputs=[]).suspicions == ()


def test_copies_with_other_main_contents_of_their_own() -> None:
    """Two pages of one shop with the same menus: each keeps what the other page does not have."""
    menus = [" ".join(f"menu{number}" for number in range(start, start + 40)) for start in range(0, 400, 40)]
    pages = [text_page("\n".join([*menus, line])) for line in (" ".join(STORY[:2]), " ".join(STORY[2:]))]
    goldens = [plain_golden(page.text.splitlines()[-1], f"set/{n}", page) for n, page in enumerate(pages)]
    assert of(*goldens, outputs=[]).suspicions == ()


def test_one_reason_for_each_golden_and_the_largest_effect_first() -> None:
    found = of(text_gold(STORY[:3], "set/a"), text_gold([], "set/b"), text_gold(STORY, "set/c"))
    assert [one.golden for one in found.suspicions] == ["set/b", "set/a"]
    assert (found.pages, found.voted) == (3, 3)
    assert found.share == pytest.approx(2 / 3)


@pytest.mark.parametrize("outputs", [[], [RIGHT, RIGHT], [RIGHT, RIGHT, "", " \n"]])
def test_few_outputs_tell_nothing(outputs: list[str]) -> None:
    found = of(text_gold(STORY[:1]), outputs=outputs)
    assert (found.suspicions, found.voted) == ((), 0)


def test_the_command_runs_extractors_and_names_the_golden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    page = "<html><body>" + "".join(f"<p>{line}</p>" for line in STORY) + "</body></html>"
    write_golden(tmp_path / "goldens/set", "right", page, [{"keep": "p", "as": "body"}])
    write_golden(tmp_path / "goldens/set", "wrong", page + "<!-- -->", [{"keep": "p:first-child", "as": "body"}])
    (tmp_path / "plug.py").write_text("\n\n".join(f"def {name}(page):\n    return page.text" for name in "abc"))
    voters = [word for name in "abc" for word in ("-e", f"./plug.py:{name}")]
    assert main(["audit", "goldens", *voters, "--format", "json", "-o", "found.json"]) == 0
    written = json.loads(Path("found.json").read_text(encoding="utf-8"))
    assert [one["golden"] for one in written["suspected"]] == ["set/wrong"]
    assert main(["run", "-g", "goldens", *voters]) == 0
    assert main(["audit", "--run", "latest"]) == 0
    shown = capsys.readouterr().out
    assert "set/wrong" in shown and "1 of 2 goldens suspected; extractors voted on 2" in shown
    assert main(["audit", "--run", "latest", "-g", "nowhere"]) == 2
    assert main(["audit", "goldens", "-e", "./plug.py:a"]) == 3
    assert "name more with -e" in capsys.readouterr().err
