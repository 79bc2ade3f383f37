"""`harness new golden`: a draft that one word makes a golden, and never over another file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from factories.tiny import RUN
from harness.cli.main import main
from harness.goldens.reader import Dumps, read_golden


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("name", "content"), [("story.txt", "Home\n\nIt left: at #4.\n"), ("story.htm", "<p>It left</p><p>Home</p>")]
)
def test_turning_one_word_into_keep_makes_a_draft_a_golden(
    capsys: pytest.CaptureFixture[str], name: str, content: str
) -> None:
    Path(name).write_text(content, encoding="utf-8")
    assert main(["new", "golden", name]) == 0
    assert "harness check story.yaml" in capsys.readouterr().out
    golden = Path("story.yaml")
    assert main(["check", "story.yaml"]) == 1  # nothing is `keep` yet
    golden.write_text(golden.read_text(encoding="utf-8").replace("{drop:", "{keep:", 1), encoding="utf-8")
    assert main(["check", "story.yaml"]) == 0


def test_a_page_whose_name_is_not_utf_8_is_refused_and_nothing_is_left(capsys: pytest.CaptureFixture[str]) -> None:
    page = Path(os.fsdecode(b"caf\xe9.txt"))
    try:
        page.write_text("It left.", encoding="utf-8")
    except OSError:
        pytest.skip("this file system has no such names")
    assert main(["new", "golden", str(page)]) == 2
    assert "rename the page" in capsys.readouterr().err
    assert list(Path().iterdir()) == [page]


def test_a_draft_never_overwrites_a_golden(capsys: pytest.CaptureFixture[str]) -> None:
    Path("story.txt").write_text("It left.", encoding="utf-8")
    Path("story.yaml").write_text("labels by hand", encoding="utf-8")
    assert main(["new", "golden", "story.txt"]) == 2
    assert "story.yaml is there already" in capsys.readouterr().err
    assert Path("story.yaml").read_text(encoding="utf-8") == "labels by hand"


def test_a_page_in_its_own_encoding_can_be_drafted() -> None:
    Path("pond.html").write_bytes("<meta charset=koi8-r><p>Пруд замёрз</p>".encode("koi8-r"))
    assert main(["new", "golden", "pond.html"]) == 0
    assert "Пруд замёрз" in Path("pond.yaml").read_text(encoding="utf-8")


def test_a_draft_has_the_page_s_own_address_and_names_its_site_as_datasets_do() -> None:
    Path("pond.html").write_text('<link rel=canonical href="https://www.pond.example/a"><p>x</p>', encoding="utf-8")
    assert main(["new", "golden", "pond.html"]) == 0
    fields = yaml.safe_load(Path("pond.yaml").read_text(encoding="utf-8"))
    assert (fields["site"], fields["url"]) == ("pond.example", "https://www.pond.example/a")
    Path("odd.html").write_text('<link rel=canonical href="/a"><p>x</p>', encoding="utf-8")
    assert main(["new", "golden", "odd.html"]) == 0
    assert "url" not in yaml.safe_load(Path("odd.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "reason"), [("gone.html", "gone.html"), (".", "no page")])
def test_what_cannot_be_drafted_is_an_impossible_request(capsys: pytest.CaptureFixture[str], name: str, reason: str) -> None:
    assert main(["new", "golden", name]) == 2
    assert reason in capsys.readouterr().err
    assert list(Path().glob("*.yaml")) == []


@pytest.mark.parametrize("tag", ["span", "div"])
def test_a_page_nested_5000_deep_can_be_drafted(tag: str) -> None:
    Path("deep.html").write_text(f"<p>above{f'<{tag}>' * 5_000}core", encoding="utf-8")
    # As a program, since a draft that never ends is ended here.
    done = subprocess.run(
        [sys.executable, "-m", "harness", "new", "golden", "deep.html"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "core" in Path("deep.yaml").read_text(encoding="utf-8")


def test_new_golden_check_run_is_one_path(tiny, capsys):
    folder = Path("goldens/fresh")
    folder.mkdir()
    (folder / "page.html").write_text("<html lang=en><nav>Home</nav><p>One <b>two</b> three</p></html>")
    assert main(["new", "golden", str(folder / "page.html")]) == 0
    assert "harness check" in capsys.readouterr().out
    draft = (folder / "page.yaml").read_text()
    assert main(["check", str(folder)]) == 1, "a draft keeps nothing"
    assert "keep" in capsys.readouterr().out
    labelled = draft.replace("{drop: p, as: body}", "{keep: p, as: body}")
    assert labelled != draft
    (folder / "page.yaml").write_text(labelled)
    assert main(["check", str(folder)]) == 0
    capsys.readouterr()
    assert main([*RUN, "-e", "paragraphs", "-g", "fresh", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["extractors"][0]["misses"] == {}


def test_several_pages_are_drafted_in_one_call_or_none(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b"):
        Path(f"{name}.html").write_text(f"<p>{name}</p>", encoding="utf-8")
    assert main(["new", "golden", "a.html", "gone.html"]) == 2
    assert list(Path().glob("*.yaml")) == []
    assert main(["new", "golden", "a.html", "b.html"]) == 0
    assert "harness check a.yaml b.yaml" in capsys.readouterr().out
    assert sorted(path.name for path in Path().glob("*.yaml")) == ["a.yaml", "b.yaml"]


def test_two_pages_of_one_name_have_no_draft(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.html", "a.txt"):
        Path(name).write_text("<p>a</p>", encoding="utf-8")
    assert main(["new", "golden", "a.html", "a.txt"]) == 2
    assert "a.yaml" in capsys.readouterr().err
    assert not Path("a.yaml").exists()


STORY = "The pond froze over on the second night of the month.\n\nIt held until the thaw came, nine days later."


@pytest.mark.parametrize("suffix", ["html", "txt"])
def test_labels_are_found_from_a_main_content_that_is_known_as_text(suffix: str) -> None:
    paragraphs = STORY.split("\n\n")
    if suffix == "html":
        story = "".join(f"<p>{part}</p>" for part in paragraphs)
        content = f"<nav><a>The pond</a></nav><h1>The pond</h1><div>{story}<p>Read on: the dam</p></div>"
    else:
        content = "\n".join(["Home", *paragraphs, "Read on: the dam"])
    page = Path(f"pond.{suffix}")
    page.write_text(content, encoding="utf-8")
    Path("main.txt").write_text(STORY, encoding="utf-8")
    assert main(["new", "golden", page.name, "--from-text", "main.txt"]) == 0
    assert main(["check", "pond.yaml"]) == 0
    golden = read_golden(Path("pond.yaml"), Dumps([]))
    assert golden.main_content.split() == STORY.split()


def test_a_text_of_another_page_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    Path("pond.html").write_text(f"<p>{STORY}</p>", encoding="utf-8")
    Path("main.txt").write_text("Nobody has seen the dam since the flood of that year took it away.", encoding="utf-8")
    assert main(["new", "golden", "pond.html", "--from-text", "main.txt"]) == 0
    assert "pond.html: only 0% of the words" in capsys.readouterr().out


def test_the_labels_of_a_draft_are_seen_before_anything_is_run(capsys: pytest.CaptureFixture[str]) -> None:
    Path("pond.html").write_text("<nav>Home</nav><p>It froze.", encoding="utf-8")
    assert main(["new", "golden", "pond.html"]) == 0
    capsys.readouterr()
    assert main(["show", "--golden", "pond.yaml"]) == 1  # nothing is `keep` yet
    out = capsys.readouterr().out
    assert "drop  navigation Home" in out and "drop  body       It froze." in out and "no label is `keep`" in out
    golden = Path("pond.yaml")
    golden.write_text(golden.read_text(encoding="utf-8").replace("{drop: p,", "{keep: p,"), encoding="utf-8")
    assert main(["show", "--golden", "pond.yaml"]) == 0
    assert "keep  body       It froze." in capsys.readouterr().out


def test_goldens_are_found_from_folders_below_the_root_of_a_project(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("pyproject.toml").touch()
    folder = Path("goldens/ponds")
    folder.mkdir(parents=True)
    (folder / "pond.html").write_text("<p>It froze.", encoding="utf-8")
    monkeypatch.chdir(folder)
    assert main(["new", "golden", "pond.html"]) == 0
    golden = Path("pond.yaml")
    golden.write_text(golden.read_text(encoding="utf-8").replace("{drop:", "{keep:"), encoding="utf-8")
    assert main(["check", "ponds/pond"]) == 0
    assert main(["show", "--golden", "ponds/pond"]) == 0
    assert "It froze." in capsys.readouterr().out
