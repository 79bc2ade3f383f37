"""Golden files of format 2: labels below the element, pages without main content, and how files come to it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from factories.checks import HTML, HTML_RULES, check, golden_text, write
from harness.cli.main import main
from harness.evaluation.digests import facts_of
from harness.goldens.labelling import Labelling
from harness.goldens.labels import Label, Quote
from harness.goldens.reader import Dumps, read_golden
from harness.goldens.vocabulary import NO_MAIN_CONTENT
from harness.goldens.writer import golden_text as written

QUOTED = '  - {drop: article, text: ["It left", Nobody], as: related}\n'
AROUND = '  - {maybe: article, text: "dawn", prefix: "left at", suffix: ".", as: byline}\n'
CHARACTERS = "  - {drop: h1, characters: 0:3, as: interface}\n"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def format_2(rules: str, head: str = "") -> str:
    return golden_text(HTML, rules).replace("golden: 1\n", f"golden: 2\n{head}")


def test_labels_below_the_element_are_read_and_written_alike(capsys: pytest.CaptureFixture[str]) -> None:
    path = write("set/ferry.yaml", yaml=format_2(HTML_RULES + QUOTED + AROUND + CHARACTERS))
    assert check(capsys, "set")[:2] == (0, [])
    golden = read_golden(path, Dumps([]))
    quoted, around, characters = golden.labels[3:]
    assert quoted == Label("drop", ("article",), "related", quoted.row, (Quote("It left"), Quote("Nobody")))
    assert around == Label("maybe", ("article",), "byline", around.row, (Quote("dawn", "left at", "."),))
    assert characters == Label("drop", ("h1",), "interface", characters.row, characters=(0, 3))
    path.write_text(written(golden, "ferry.html", golden.labels), encoding="utf-8")
    assert read_golden(path, Dumps([])).segments == golden.segments


@pytest.mark.parametrize(
    ("rule", "label", "reason"),
    [
        ("{drop: h1, text: [], as: title}", "drop: h1, text: ?, as: title", "`text` needs a text or a list of texts"),
        ("{drop: h1, prefix: The, as: title}", "drop: h1, prefix: The, as: title", "`prefix` goes with one `text`"),
        ("{drop: h1, characters: 3, as: title}", "drop: h1, characters: 3, as: title", "two numbers, as 0:14, not '3'"),
        ("{drop: h1, attribute: href}", "drop: h1, attribute: href", "known: alt, title, aria-label"),
        ("{drop: h1, attribute: alt, property: name}", "drop: h1, attribute: alt, property: name", "not both"),
        ("{drop: h1, text: a, characters: 0:1}", "drop: h1, text: a, characters: 0:1", "not both"),
        ("{drop: h1, property: [a, b]}", "drop: h1, property: a, b", "`property` needs one value"),
        ("{drop: h1, text: quay, as: title}", "drop: h1, text: quay: ", "text not found there: 'quay'"),
    ],
)
def test_a_mistake_names_the_line_the_label_and_the_reason(
    capsys: pytest.CaptureFixture[str], rule: str, label: str, reason: str
) -> None:
    write("set/ferry.yaml", yaml=format_2(f"{HTML_RULES}  - {rule}\n"))
    code, (mistake,), _ = check(capsys, "set")
    assert code == 1
    assert mistake.startswith(f"set/ferry.yaml:12: {label}") and reason in mistake


def test_a_page_without_main_content_is_a_golden_that_an_empty_output_is_right_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = write("set/ferry.yaml", yaml=format_2("  - {maybe: h1, as: title}\n", "main: none\n"))
    assert check(capsys, "set")[:2] == (0, [])
    golden = read_golden(path, Dumps([]))
    assert golden.has_main_content and golden.main_content == "" and golden.flags == (NO_MAIN_CONTENT,)
    path.write_text(written(golden, "ferry.html", golden.labels), encoding="utf-8")
    assert read_golden(path, Dumps([])).flags == (NO_MAIN_CONTENT,)


def test_labels_may_be_left_out_where_there_is_no_main_content(capsys: pytest.CaptureFixture[str]) -> None:
    path = write("set/ferry.yaml", yaml=format_2("", "main: none\n").replace("labels:\n", ""))
    assert check(capsys, "set")[:2] == (0, [])
    assert {segment.verdict for segment in read_golden(path, Dumps([])).segments} == {"drop"}


@pytest.mark.parametrize(
    ("main_content", "rules", "reason"),
    [
        ("none", HTML_RULES, "`keep` contradicts `main: none`"),
        ("nothing", "  - {maybe: h1, as: title}\n", "unknown main 'nothing'"),
        ("", "  - {maybe: h1, as: title}\n", "key 'main' needs one value"),
    ],
)
def test_what_main_can_say(capsys: pytest.CaptureFixture[str], main_content: str, rules: str, reason: str) -> None:
    write("set/ferry.yaml", yaml=format_2(rules, f"main: {main_content}\n"))
    code, mistakes, _ = check(capsys, "set")
    assert code == 1 and reason in mistakes[0]


def test_main_is_of_format_2(capsys: pytest.CaptureFixture[str]) -> None:
    write("set/ferry.yaml", yaml=format_2("  - {maybe: h1, as: title}\n", "main: none\n").replace("golden: 2", "golden: 1"))
    assert "`main` is of format 2: `harness upgrade goldens set/ferry.yaml`" in check(capsys, "set")[1][0]


def test_no_keep_label_points_to_main_none(capsys: pytest.CaptureFixture[str]) -> None:
    write("set/ferry.yaml", yaml=format_2("  - {maybe: h1, as: title}\n"))
    assert "`main: none`" in check(capsys, "set")[1][0]


def test_upgrade_changes_the_number_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    first = f"# by hand\r\n{golden_text(HTML, HTML_RULES).replace('golden: 1', 'golden:  1  # the first')}"
    path = write("set/ferry.yaml", yaml=first)
    before = read_golden(path, Dumps([]))
    write("set/newer.yaml", yaml=format_2(HTML_RULES))
    assert main(["upgrade", "goldens", "set"]) == 0
    assert "2 goldens: 1 rewritten, 1 already in the newest format, 0 left as they are" in capsys.readouterr().out
    assert path.read_bytes().decode() == first.replace("golden:  1  #", "golden:  2  #")
    assert read_golden(path, Dumps([])).segments == before.segments
    assert check(capsys, "set")[:2] == (0, [])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("golden: [1\n", "not YAML"),
        ("page: ferry.html\n", "it has no key 'golden'"),
        ("golden: 3\n", "unknown golden '3'"),
        ("golden: 1\nlang: \udcff\n", "not UTF-8: byte 16 is 0xff"),
    ],
)
def test_upgrade_leaves_what_it_does_not_understand(capsys: pytest.CaptureFixture[str], text: str, reason: str) -> None:
    path = write("set/ferry.yaml", yaml=text)
    before = path.read_bytes()
    assert main(["upgrade", "goldens", "set/ferry.yaml"]) == 1
    assert reason in capsys.readouterr().out
    assert path.read_bytes() == before


LABELLED = "labelled: {labeller: ann, date: 2026-11-30, seconds: 94, blind: true}\n"


def test_who_labelled_a_page_is_read_and_changes_no_hash() -> None:
    plain = read_golden(write("set/ferry.yaml", yaml=format_2(HTML_RULES)), Dumps([]))
    said = read_golden(write("set/ferry.yaml", yaml=format_2(HTML_RULES, LABELLED)), Dumps([]))
    assert said.labelling == Labelling("ann", date(2026, 11, 30), 94, True)
    assert str(said.labelling) == LABELLED.removeprefix("labelled: ").strip()
    assert facts_of(said) == facts_of(plain)


@pytest.mark.parametrize(
    ("labelled", "reason"),
    [
        ("ann", "`labelled` is a mapping"),
        ("{labeller: ann}", "key 'date' is missing"),
        ("{labeller: ann, date: 30.11.2026}", "`date` is a day such as 2026-11-30"),
        ("{labeller: ann, date: 2026-02-30}", "`date` is a day"),
        ("{labeller: ann, date: 2026-11-30, seconds: -3}", "`seconds` needs a whole number from 0 on, not '-3'"),
        ("{labeller: ann, date: 2026-11-30, blind: yes}", "`blind` is true or false"),
        ("{labeller: ann, date: 2026-11-30, from: [ann]}", "`from` needs a list of two labellers"),
        ("{labeler: ann, labeller: ann, date: 2026-11-30}", "unknown key 'labeler'; did you mean 'labeller'?"),
    ],
)
def test_mistakes_in_who_labelled_a_page(capsys: pytest.CaptureFixture[str], labelled: str, reason: str) -> None:
    write("set/ferry.yaml", yaml=format_2(HTML_RULES, f"labelled: {labelled}\n"))
    code, (mistake,), _ = check(capsys, "set")
    assert code == 1
    assert reason in mistake
