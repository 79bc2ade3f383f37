"""`harness agree`: two people's labels of the same pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.cli.main import main
from harness.goldens.reader import Dumps, read_golden
from harness.goldens.sets import find_goldens

PAGE = """<nav>Home news</nav><article><h1>The pond</h1><p>It froze over. Read on: the dam leaks.</p>
<p>It thawed.</p><div class=note><p>Correction: nine days.</p><p>Not ten.</p></div></article>"""
ANN = """labels:
  - {keep: "article p", as: body}  # the story
  - {maybe: h1, as: title}
facts:
  - present: It froze over
"""
BEN = """labels:
  - {keep: "article p", as: body}
  - {maybe: h1, as: title}
  - {drop: "article > p", text: "Read on: the dam leaks.", as: related}
  - {drop: ".note", as: legal}
"""


@pytest.fixture(autouse=True)
def _labelled_by_two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path("goldens/ponds")
    folder.mkdir(parents=True)
    (folder / "pond.html").write_text(PAGE, encoding="utf-8")
    for name, labels in (("ann", ANN), ("ben", BEN)):
        assert main(["new", "golden", str(folder / "pond.html"), "--labeller", name]) == 0
        file = folder / f"pond.{name}.yaml"
        head = file.read_text(encoding="utf-8").partition("labels:")[0]
        file.write_text(head + labels, encoding="utf-8")


def test_agreement_is_shown_by_kind_with_each_dispute(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["agree", "ann", "ben"]) == 0
    out = capsys.readouterr().out
    rows = {row.split()[0]: row.split()[1:] for row in out.splitlines() if row.split()}
    # 19 words: Home news, The pond, 3 + 5 of the first paragraph, 2, 3 + 2 of the note.
    assert "Agreement on 19 words of 1 page" in out
    assert rows["body"] == ["15", "5", "5", ".333", "−.028"]  # alpha: 1 - (10 / 19) / (1 - (20 * 19 + 18 * 17) / (38 * 37))
    assert rows["related"][:3] == ["0", "5", "0"]
    assert rows["title"] == ["2", "2", "2", "1.000", "1.000"]
    assert "ponds/pond.ann  line 3  ann: keep body; ben: drop related: Read on: the dam leaks" in out
    assert "ponds/pond.ann  line 5  ann: keep body; ben: drop legal: Correction: nine days" in out


def test_label_files_of_several_people_are_no_goldens_of_a_set() -> None:
    with pytest.raises(Exception, match="unknown goldens"):
        find_goldens(["ponds"])
    assert main(["agree", "ann", "ben", "--write"]) == 0
    assert [file.id for file in find_goldens(["ponds"])] == ["ponds/pond"]


def test_disputes_become_maybe_with_what_was_said_and_all_else_as_the_first_has_it() -> None:
    assert main(["agree", "ann", "ben", "--write"]) == 0
    written = Path("goldens/ponds/pond.yaml").read_text(encoding="utf-8")
    assert "# the story" in written
    assert "labeller:" not in written
    assert "# ann: keep body; ben: drop related: Read on: the dam leaks." in written
    golden = read_golden(Path("goldens/ponds/pond.yaml"), Dumps([]))
    said = {segment.text.strip(): segment.verdict for segment in golden.segments if segment.text.strip()}
    assert said == {
        "Home news": "drop",
        "The pond": "maybe",
        "It froze over.": "keep",
        "Read on: the dam leaks.": "maybe",
        "It thawed.": "keep",
        "Correction: nine days.": "maybe",
        "Not ten.": "maybe",
    }
    assert len(golden.facts) == 1
    assert main(["check", "goldens"]) == 0
    assert main(["agree", "ann", "ben", "--write"]) == 2  # never over a golden


def test_text_dumps_are_merged_by_lines_and_characters(capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path("goldens/ponds")
    (folder / "dam.txt").write_text("Home\nIt leaks. Read on.\nIt was mended.\nNews\n", encoding="utf-8")
    labels = {"ann": "{keep: 2-4, as: body}", "ben": "{keep: ['2[0:9]', 3], as: body}"}
    for name, rule in labels.items():
        assert main(["new", "golden", str(folder / "dam.txt"), "--labeller", name]) == 0
        file = folder / f"dam.{name}.yaml"
        file.write_text(
            file.read_text(encoding="utf-8").partition("labels:")[0] + f"labels:\n  - {rule}\n", encoding="utf-8"
        )
    assert main(["agree", "ann", "ben", "--write"]) == 0
    golden = read_golden(folder / "dam.yaml", Dumps([]))
    said = [(segment.text.strip(), segment.verdict) for segment in golden.segments if segment.text.strip()]
    assert said == [
        ("Home", "drop"),
        ("It leaks.", "keep"),
        ("Read on.", "maybe"),
        ("It was mended.", "keep"),
        ("News", "maybe"),
    ]


def test_labels_that_are_disputed_as_a_whole_are_commented_out() -> None:
    folder = Path("goldens/ponds")
    for name, rules in (
        ("ann", ["{keep: 'article > p', as: body}", "{keep: .note, as: footnote}", "{maybe: h1, as: title}"]),
        ("ben", ["{keep: 'article > p', as: body}", "{maybe: h1, as: title}"]),
    ):
        file = folder / f"pond.{name}.yaml"
        head = file.read_text(encoding="utf-8").partition("labels:")[0]
        file.write_text(head + "labels:\n" + "".join(f"  - {rule}\n" for rule in rules), encoding="utf-8")
    assert main(["agree", "ann", "ben", "--write"]) == 0
    written = (folder / "pond.yaml").read_text(encoding="utf-8")
    assert "#   - {keep: .note, as: footnote}\n" in written
    assert written.count("h1") == 1  # both say so
    assert main(["check", "goldens"]) == 0


@pytest.mark.parametrize("theirs", ["keep", "drop"])
def test_what_the_first_one_leaves_open_is_marked_as_disputed_too(theirs: str) -> None:
    folder = Path("goldens/ponds")
    for name, verdict in (("ann", "maybe"), ("ben", theirs)):
        file = folder / f"pond.{name}.yaml"
        head = file.read_text(encoding="utf-8").partition("labels:")[0]
        rules = f"labels:\n  - {{keep: p, as: body}}\n  - {{{verdict}: h1, as: title}}\n"
        file.write_text(head + rules, encoding="utf-8")
    assert main(["agree", "ann", "ben", "--write"]) == 0
    written = (folder / "pond.yaml").read_text(encoding="utf-8")
    assert f"# ann: maybe title; ben: {theirs} title: The pond" in written
    said = {segment.text.strip(): segment.verdict for segment in read_golden(folder / "pond.yaml", Dumps([])).segments}
    assert said["The pond"] == "maybe" and said["It thawed."] == "keep"
    assert main(["check", "goldens"]) == 0


def test_one_disputed_place_of_several_leaves_the_others() -> None:
    folder = Path("goldens/ponds")
    (folder / "dam.txt").write_text("Home\nIt leaks.\nNews\nIt was mended.\n", encoding="utf-8")
    for name, places in (("ann", "[2, 3, 4]"), ("ben", "[2, 4]")):
        assert main(["new", "golden", str(folder / "dam.txt"), "--labeller", name]) == 0
        file = folder / f"dam.{name}.yaml"
        head = file.read_text(encoding="utf-8").partition("labels:")[0]
        file.write_text(f"{head}labels:\n  - {{keep: {places}, as: body}}\n", encoding="utf-8")
    assert main(["agree", "ann", "ben", "--write"]) == 0
    assert main(["check", "ponds/dam"]) == 0
    said = [segment.verdict for segment in read_golden(folder / "dam.yaml", Dumps([])).segments]
    assert said == ["drop", "keep", "maybe", "keep"]


def test_two_folders_with_the_same_pages_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("ann", "ben"):
        folder = Path(name)
        folder.mkdir()
        (folder / "pond.html").write_text(PAGE, encoding="utf-8")
        text = Path(f"goldens/ponds/pond.{name}.yaml").read_text(encoding="utf-8").replace(f"labeller: {name}\n", "")
        (folder / "pond.yaml").write_text(text, encoding="utf-8")
    capsys.readouterr()
    assert main(["agree", "ann/pond.yaml", "ben"]) == 0
    assert "Agreement on 19 words of 1 page" in capsys.readouterr().out


@pytest.mark.parametrize("sides", [("here", "there"), ("here/pond.yaml", "ben"), ("ann", "there")])
def test_only_files_of_labellers_are_merged(sides: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    for name, place in (("ann", "here"), ("ben", "there")):
        folder = Path(place)
        folder.mkdir()
        (folder / "pond.html").write_text(PAGE, encoding="utf-8")
        text = Path(f"goldens/ponds/pond.{name}.yaml").read_text(encoding="utf-8").replace(f"labeller: {name}\n", "")
        (folder / "pond.yaml").write_text(text, encoding="utf-8")
    before = {path: path.read_bytes() for path in Path().rglob("*.yaml")}
    capsys.readouterr()
    assert main(["agree", *sides, "--write"]) == 2
    said = capsys.readouterr().err
    assert "NAME.LABELLER.yaml" in said and "remove" not in said
    assert {path: path.read_bytes() for path in Path().rglob("*.yaml")} == before


@pytest.mark.parametrize("words", [["ann", "zoe"], ["ann", "ben", "-g", "nowhere"]])
def test_who_or_what_is_unknown_is_told(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert main(["agree", *words]) == 2
    assert words[-1] in capsys.readouterr().err


def test_a_labeller_needs_a_plain_name() -> None:
    assert main(["new", "golden", "goldens/ponds/pond.html", "--labeller", "a/b"]) == 2


def test_a_folder_with_labels_of_single_people_only_says_what_to_do_with_them(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("page.html").write_text("<p>The ferry was late.</p>")
    for name in ("ann", "ben"):
        assert main(["new", "golden", "page.html", "--labeller", name]) == 0
    capsys.readouterr()
    assert main(["run", "-g", ".", "-e", "main_story"]) == 2
    err = capsys.readouterr().err
    assert "name a file, such as 'page.ann.yaml'" in err and "harness agree ann ben -g . --write" in err
