"""`harness gate` after something changed and nobody ran it again: the newest run says nothing of that."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from factories.records import EVERYTHING, record, run_of
from harness.cli.main import main
from harness.common.errors import CANNOT_TELL, OK
from harness.evaluation.changes import changes_since
from harness.plugins.ready import code_of, tree_version
from harness.plugins.registry import Registry
from harness.runs.find import read_run

PAGE = (
    "<!doctype html><title>Tea</title><body><nav>Home</nav><article><p>Green tea is steeped at eighty degrees.</p></article>"
)
MATE = PAGE.replace("Green tea", "Mate")
GOLDEN = f"""golden: 2
page: tea.html
sha256: {sha256(PAGE.encode()).hexdigest()}
media: text/html
lang: en
kind: article
site: tea.example
labels:
  - {{keep: article, as: body}}
  - {{drop: nav, as: navigation}}
"""
EXTRACTOR = """from beside import clean

def mine(page):
    return clean(page.html.partition("<p>")[2].partition("</p>")[0])
"""
RUN = ["run", "-e", "./mine.py:mine", "-g", "pages"]


@pytest.fixture
def green(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """The id of a run that passes."""
    monkeypatch.chdir(tmp_path)
    Path("pages").mkdir()
    for name, text in {"pages/tea.html": PAGE, "pages/tea.yaml": GOLDEN, "mine.py": EXTRACTOR}.items():
        Path(name).write_text(text)
    Path("beside.py").write_text("def clean(text):\n    return text\n")
    assert main(RUN) == OK and main(["accept"]) == OK and main(["gate"]) == OK
    capsys.readouterr()
    return read_run().id


CHANGES = {  # a file, what it becomes, and what is told
    "its code": ("mine.py", "def mine(page):\n    return 'broken'\n", "the code of ./mine.py:mine has changed"),
    "its code, which cannot be loaded": ("mine.py", "def mine(", "cannot be loaded"),
    "a module beside it": (
        "beside.py",
        "def clean(text):\n    return 'broken'\n",
        "beside.py, which ./mine.py:mine imports",
    ),
    "a page": ("pages/tea.html", MATE, "are gone, or are broken by now"),
    "labels": ("pages/tea.yaml", GOLDEN.replace("as: navigation", "as: footer"), "pages, labels or facts have changed"),
}


@pytest.mark.parametrize(("file", "text", "told"), CHANGES.values(), ids=CHANGES)
def test_a_change_that_was_not_run_is_not_green(file, text, told, green, capsys):
    before = Path(file).read_text()
    Path(file).write_text(text)
    assert main(["gate"]) == CANNOT_TELL
    shown = " ".join(capsys.readouterr().out.split())
    assert told in shown and "harness run -e ./mine.py:mine -g pages" in shown
    assert main(["gate", green]) == OK, "a run that is named is judged as it was"
    Path(file).write_text(before)
    assert main(["gate"]) == OK, "what is back is what was measured"


def test_a_file_that_has_nothing_to_do_with_it_and_a_new_golden_do_not_matter(green):
    Path("other.py").write_text("1 / 0")
    Path("pages/mate.html").write_text(MATE)
    golden = GOLDEN.replace("tea.html", "mate.html").replace(*(sha256(page.encode()).hexdigest() for page in (PAGE, MATE)))
    Path("pages/mate.yaml").write_text(golden)
    assert main(["gate"]) == OK


def test_a_source_tree_that_changed_after_the_run_is_told(tmp_path):
    (tmp_path / "core.py").write_text("x = 1\n")
    adapter = Registry().plugins["justext"]
    facts = {"justext": {"code": code_of(adapter)}}
    asked = {**EVERYTHING, "extractors": ["justext"], "local_packages": [str(tmp_path)], "goldens": ["https://a.example/p"]}
    versions = {"justext": f"3.0.2+tree.{tree_version(tmp_path)}"}
    run = run_of(record("justext"), versions=versions, arguments=asked, extractors=facts)
    assert not list(changes_since(run, {"justext"}))
    (tmp_path / "core.py").write_text("x = 2\n")
    assert [change.message for change in changes_since(run, {"justext"})] == [
        "the code of justext has changed since the run"
    ]
    assert not list(changes_since(run, {"another"})), "that is judged"
