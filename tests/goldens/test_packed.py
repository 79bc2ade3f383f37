"""Pages that are stored packed, and sets that are read only by name."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pytest

from harness.cli.main import main
from harness.goldens.reader import Dumps, read_golden
from harness.goldens.sets import BY_NAME_ONLY, find_goldens, load_goldens, set_names

HTML = b"<nav>Home</nav><main><p>The mill turns by night.</main>"


def golden_of(folder: Path, packed: bytes, name: str = "mill") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.html.gz").write_bytes(packed)
    head = f"golden: 2\npage: {name}.html.gz\nsha256: {hashlib.sha256(HTML).hexdigest()}\nmedia: text/html\n"
    path = folder / f"{name}.yaml"
    path.write_text(f"{head}lang: en\nkind: article\nsite: mill.example\nlabels:\n  - {{keep: main}}\n")
    return path


def test_a_packed_page_is_read_by_the_checksum_of_what_it_holds(tmp_path: Path) -> None:
    golden = read_golden(golden_of(tmp_path, gzip.compress(HTML)), Dumps([]))
    assert golden.page.raw == HTML
    assert golden.main_content == "The mill turns by night."


@pytest.mark.parametrize("packed", [HTML, gzip.compress(HTML, mtime=0)[:-9]], ids=["not packed", "cut off"])
def test_a_page_that_cannot_be_unpacked_is_a_mistake_of_its_golden(packed: bytes, tmp_path: Path) -> None:
    golden_of(tmp_path, packed)
    loaded = load_goldens(find_goldens([str(tmp_path)]), Dumps([]))
    assert loaded.goldens == []
    assert "cannot be unpacked" in str(loaded.mistakes[0])


def test_a_draft_of_a_packed_page_lies_beside_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "mill.html.gz"
    page.write_bytes(gzip.compress(HTML))
    assert main(["new", "golden", str(page)]) == 0
    draft = (tmp_path / "mill.yaml").read_text()
    assert "page: mill.html.gz\n" in draft.replace('"', "")
    assert "site: mill " in draft
    assert hashlib.sha256(HTML).hexdigest() in draft
    main(["show", "--golden", str(tmp_path / "mill.yaml")])
    assert "The mill turns by night." in capsys.readouterr().out


def test_a_set_that_says_so_is_read_only_where_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    golden_of(tmp_path / "goldens" / "usual", gzip.compress(HTML))
    golden_of(tmp_path / "goldens" / "more", gzip.compress(HTML))
    (tmp_path / "goldens" / "more" / BY_NAME_ONLY).write_text("")
    monkeypatch.chdir(tmp_path)
    assert [file.id for file in find_goldens()] == ["usual/mill"]
    assert [file.id for file in find_goldens(["more"])] == ["more/mill"]
    assert set_names() == ["more", "usual"]
