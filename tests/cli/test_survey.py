"""`harness survey`: pages without labels, from a folder to a report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from factories.records import record, run_of, store
from harness.cli.main import main

STORY = "The ferry left the quay at seven with forty people on board and came back at nine without any of them {}."
MENU = "Home News Weather Timetables Contact the harbour office"
PAGE = "<html lang=en><body><nav>{}</nav><article><p>{}</p></article></body></html>"
EXTRACTORS = """
from harness import extractor

@extractor
def story(page):
    return page.text.strip().splitlines()[-1]

@extractor
def everything(page):
    return page.text

@extractor
def menu(page):
    return page.text.strip().splitlines()[0]

@extractor
def opening(page):
    return " ".join(page.text.strip().splitlines()[-1].split()[:15])

@extractor
def broken(page):
    raise ValueError("no story")
"""


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of four pages of one site, and a file of extractors beside it."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "crawl/pond.example"
    folder.mkdir(parents=True)
    for number in range(4):
        (folder / f"{number}.html").write_text(PAGE.format(MENU, STORY.format(number)))
    Path("mine.py").write_text(EXTRACTORS)
    return tmp_path / "crawl"


def survey(*words: str) -> int:
    return main(["survey", *words])


def test_a_folder_of_pages_from_end_to_end(pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named = [word for name in ("story", "everything", "menu", "broken") for word in ("-e", name)]
    assert survey(str(pages), "--plugins", "mine.py", *named, "-j", "1", "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    rows = {row["extractor"]: row for row in found["extractors"]}
    assert len(found["pages"]) == 4 and {page["site"] for page in found["pages"]} == {"pond.example"}
    assert rows["broken"]["failures"] == {"error": 4} and rows["broken"]["empty"] == 0
    assert rows["story"]["words"] == 22 and rows["menu"]["words"] == 8
    assert rows["menu"]["copies"] == 3, "the same for every page of the site"
    assert rows["everything"]["agreement"] > rows["menu"]["agreement"] > rows["broken"]["agreement"]
    assert any(passage["text"].startswith("Home News Weather") for passage in rows["everything"]["passages"])
    assert found["doubts"]


def test_a_stored_run_and_its_reports(pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outputs = {"story": STORY, "everything": f"{MENU}\n{STORY}", "menu": MENU}
    rows = [record(name, f"set/{n}", None, text=text.format(n)) for name, text in outputs.items() for n in range(3)]
    store(run_of(*rows), "20260101-000000")
    assert survey("--run", "latest") == 0
    shown = capsys.readouterr().out
    assert "everything" in shown and "harness show 20260101-000000 --page set/" in shown
    assert survey("--run", "latest", "-o", "survey.md") == 0
    written = Path("survey.md").read_text(encoding="utf-8")
    assert written.startswith("# Survey of run 20260101-000000") and "| story |" in written
    assert "too few to order extractors" in written and "| .000 to .200 | 96% |" in written


def test_a_stored_run_says_itself_which_pages_and_extractors(pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store(run_of(record("story", "set/a", None, text=STORY)), "20260101-000000")
    assert survey("--run", "latest", "crawl", "-e", "story") == 2
    assert "leave out crawl, --extractor" in capsys.readouterr().err


def test_two_outputs_beside_each_other_on_a_page_without_labels(pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "-g", f"pages:{pages}", "--plugins", "mine.py", "-e", "story", "-e", "menu", "-j", "1"]) == 0
    capsys.readouterr()
    assert main(["show", "--page", "crawl/pond.example/0.html", "-e", "story", "-e", "menu"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert f"{{~B: {MENU}~}}" in shown and "{~A: The ferry left" in shown


def test_drafts_of_the_pages_that_are_worth_a_label(pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [*("--plugins", "mine.py", "-e", "story", "-e", "everything", "-e", "opening", "-j", "1"), "--format", "json"]
    assert survey(str(pages), *words, "--label", "2") == 0
    capsys.readouterr()
    drafts = sorted(Path("drafts").glob("*.yaml"))
    assert len(drafts) == 2 and all(draft.with_suffix(".html").is_file() for draft in drafts)
    written = drafts[0].read_text(encoding="utf-8")
    assert "everything, opening, story" in written and "site: pond.example" in written
    assert "{keep: p, as: body}" in written and "{drop: nav, as: navigation}" in written
    assert main(["check", *map(str, drafts)]) == 0
    assert survey("--run", "latest", "--label", "2") == 2, "drafts are never overwritten"
    assert "is there already" in capsys.readouterr().err
    assert survey("--run", "latest", "--to", "elsewhere") == 2, "a folder for drafts, and no drafts asked for"
    assert "--label" in capsys.readouterr().err


def test_what_holds_no_page_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert survey(str(tmp_path)) == 2
    assert f"{tmp_path}: holds no page" in capsys.readouterr().err
