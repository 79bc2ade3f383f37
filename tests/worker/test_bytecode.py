"""What runs is the source as it is now, whatever bytecode of it there is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from factories.goldens import write_goldens
from harness.cli.main import main
from harness.common.errors import OK, WORSE
from harness.plugins.registry import Registry
from harness.runs.find import read_run


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)


def change_within_a_second(path: str, before: str, after: str) -> None:
    """Change a file so that its size and the whole seconds of its time stay."""
    file = Path(path)
    then = file.stat()
    assert len(before) == len(after)
    file.write_text(file.read_text().replace(before, after))
    os.utime(file, ns=(then.st_atime_ns, then.st_mtime_ns))


def test_code_that_was_changed_within_a_second_is_what_is_measured() -> None:
    write_goldens(Path("goldens"), ["a page", "another one"])
    Path("mine.py").write_text("from beside import text_of\ndef mine(page): return text_of(page)\n")
    Path("beside.py").write_text("def text_of(page): return page.text\n")
    run = ["run", "-e", "./mine.py:mine", "-g", "goldens"]
    assert main(run) == OK and main(["accept"]) == OK
    assert len([*Path("__pycache__").glob("beside.*")]) == 1, "there is bytecode"
    change_within_a_second("beside.py", "page.text", "page.lang")
    assert main(run) == OK and main(["gate"]) == WORSE
    assert [record.text for record in read_run().records] == ["en", "en"]
    change_within_a_second("mine.py", "text_of(page)", "page.text[:9]")
    assert main(run) == OK
    assert [record.text for record in read_run().records] == ["a page", "another o"]


def test_what_a_file_declares_is_what_it_declares_now() -> None:
    Path("mine.py").write_text("from harness import extractor\n@extractor\ndef mine(page): return ''\n")
    assert "mine" in Registry([Path("mine.py")]).plugins
    change_within_a_second("mine.py", "def mine", "def mind")
    assert "mind" in Registry([Path("mine.py")]).plugins
