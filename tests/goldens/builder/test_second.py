"""A second labelling of a site is checked, and compared with the first one."""

from __future__ import annotations

from pathlib import Path

import pytest

from goldens.builder import __main__ as command
from goldens.builder.agreement import two_labellings
from goldens.builder.build import build
from goldens.builder.second import read_second, second_labels
from goldens.builder.source import SiteError, read_site
from harness.goldens.labellers import agreement_of

SITE = """
site: mill.example
family: blog
lang: en
labels:
  - {drop: nav, as: navigation}
  - {keep: "main p", as: body}
  - {drop: .note, as: promo}
"""
PAGE = (
    "<title>Mill</title><nav title=Menu>Home page</nav><main><p>The mill turns by night.<p class=note>Give us flour.</main>"
)
OTHER = "<nav>Home page</nav><main><p>The sea is calm.</main>"
SECOND = """
labeller: ben
date: 2026-11-30
labels:
  - {drop: nav, as: navigation}
  - {keep: "main p", as: body}
"""
WAS = '{drop: .note, as: promo, reason: "The note belongs to the story."}'


def mill(folder: Path, second: str = SECOND, labels: str = SITE) -> Path:
    """A site of two pages; the second labeller keeps the note on one of them."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {"site.yaml": labels, "page.html": PAGE, "other.html": OTHER, "second.yaml": second}
    files |= dict.fromkeys(("page.yaml", "other.yaml"), "{kind: article}")
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def test_a_second_labelling_is_no_page_of_its_site(tmp_path: Path) -> None:
    assert [page.source.name for page in build(read_site(mill(tmp_path)))] == ["other", "page"]


def test_labels_of_all_pages_and_of_one_hold_where_the_page_has_what_they_name(tmp_path: Path) -> None:
    site = read_site(mill(tmp_path, f"{SECOND}  - {{drop: .note, as: promo}}\npages: {{other: [{{maybe: p, as: title}}]}}"))
    second = read_second(site)
    assert second is not None
    labels, wrong = second_labels(build(site), second)
    said = [{segment.text.strip(): segment.verdict for segment in rules.segments} for rules in labels]
    assert said[0] == {"Home page": "drop", "The sea is calm.": "maybe"}
    assert said[1] == {
        **dict.fromkeys(("Mill", "Menu", "Home page", "Give us flour."), "drop"),
        "The mill turns by night.": "keep",
    }
    assert wrong == []


def test_agreement_is_that_of_the_harness_over_all_words_of_the_pages(tmp_path: Path) -> None:
    compared = two_labellings(read_site(mill(tmp_path)))
    assert compared is not None
    found = agreement_of(compared.pairs)
    assert (found.pages, found.words, found.same_verdict) == (2, 16, 13)
    assert [(dispute.text, dispute.first[0], dispute.second[0]) for dispute in found.disputes] == [
        ("Give us flour", "drop", "keep")
    ]


def test_a_settled_dispute_is_none_any_more_and_leaves_the_agreement_as_it_was(tmp_path: Path) -> None:
    corrected = SITE.replace("{drop: .note, as: promo}", "{keep: .note, as: quote}")
    for labels in (SITE, corrected):
        compared = two_labellings(read_site(mill(tmp_path, f"{SECOND}settled: [{WAS}]", labels)))
        assert compared is not None
        assert agreement_of(compared.pairs).same_verdict == 13
        assert agreement_of(compared.unsettled).disputes == ()


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        (SECOND + "  - {drop: .sea, as: promo}\n", r"second\.yaml: the label .*\.sea.* has an effect on no page"),
        (SECOND + "pages: {page: [{drop: .sea, as: promo}]}", r"page: the label .*\.sea.* matches nothing"),
        (SECOND + "pages: {sea: []}", r"`pages` has a list of rules for names of pages: other, page"),
        (SECOND + "settled: [{drop: .note, as: promo}]", r"settled: a rule .* and a `reason`"),
        (SECOND + f"settled: [{WAS.replace('.note', '.sea')}]", r"\.sea.* has an effect on no page"),
        (SECOND + "  - {drop: .note, as: flour}\n", r"second\.yaml: the label .* unknown kind 'flour'"),
        (SECOND + "  - {drop: '[', as: promo}\n", r"second\.yaml: the label .* not a CSS selector"),
        (SECOND + "  - nav\n", r"a label is a mapping"),
        (SECOND.replace("2026-11-30", "today"), r"`date` is a day"),
        (SECOND.replace("labeller", "by"), r"unknown key 'by'"),
    ],
)
def test_mistakes_in_second_labels_name_the_file_and_the_rule(second: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=reason):
        two_labellings(read_site(mill(tmp_path, second)))


@pytest.fixture
def goldens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of sets with the site, as the command sees it."""
    monkeypatch.setattr(command, "GOLDENS", tmp_path)
    mill(tmp_path / "sites/mill")
    return tmp_path


def test_the_labeller_is_told_what_is_missing_and_shown_each_line(goldens: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["second", "mill"]) == 0
    assert capsys.readouterr().out == ""
    mill(goldens / "sites/mill", SECOND.replace('keep: "main p"', "keep: .note"))
    assert command.main(["second", "mill", "page"]) == 1
    shown = capsys.readouterr().out
    assert "keep  body       Give us flour." in shown
    assert "Menu" not in shown
    assert "web/mill-page  text/html  en  mill.example" in shown  # not the kind of page that the first labeller chose
    assert "page: no rule names 'The mill turns by night.'" in shown
    assert command.main(["second", "mill", "sea"]) == 2
    assert "its pages: other, page" in capsys.readouterr().err


def test_the_command_compares_all_sites_and_says_which_have_no_second_labels(
    goldens: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (mill(goldens / "sites/quay") / "second.yaml").unlink()
    assert command.main(["agreement"]) == 0
    shown = capsys.readouterr()
    assert "verdicts: .812 the same" in shown.out
    assert "Give us flour" not in shown.out
    assert "no second.yaml yet: quay" in shown.err
    assert command.main(["agreement", "mill"]) == 0
    assert "first: drop promo; second: keep body: Give us flour" in " ".join(capsys.readouterr().out.split())
    assert command.main(["agreement", "quay"]) == 2
    mill(goldens / "sites/quay", SECOND + "  - {drop: .sea, as: promo}\n")
    assert command.main(["agreement"]) == 1
    assert "quay/second.yaml: the label" in capsys.readouterr().err


def test_the_outline_is_that_of_the_page_that_ships(goldens: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["outline", "mill-page"]) == 2
    assert "mill-page.html.gz" in capsys.readouterr().err
    command.main(["mill"])
    capsys.readouterr()
    assert command.main(["outline", "mill-page"]) == 0
    assert '  nav "Home page"' in capsys.readouterr().out.splitlines()
