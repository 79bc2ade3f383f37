"""Names of goldens and of datasets, found together and run alike."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from factories.datasets import write_aeb
from harness.cli.main import main
from harness.datasets.entries import find_entries
from harness.goldens.reader import Dumps
from harness.goldens.sets import UnknownGoldens
from harness.runs.find import read_run

STORY = "The ferry was late again because the winch had frozen."


@pytest.fixture
def aeb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A dataset in AEB's layout with three pages, one of them in German, and a working folder."""
    folder = tmp_path / "benchmark"
    texts = [f"{STORY} {number}" for number in range(3)]
    langs = ("en", "en", "de")
    write_aeb(
        folder,
        ((f"<html lang={lang}><body><nav>Menu</nav><p>{text}</p></body></html>", text) for lang, text in zip(langs, texts)),
    )
    monkeypatch.chdir(tmp_path)
    return folder


def test_names_and_datasets_are_found_together(aeb: Path) -> None:
    found = find_entries([f"aeb:{aeb}", "core"], Dumps([]))
    ids = [e.id for e in found.entries]
    assert ids == sorted(ids)
    assert Counter(e.id.partition("/")[0] for e in found.entries)["aeb"] == 3
    assert "core" in {e.id.partition("/")[0] for e in found.entries}
    assert [(e.lang, e.site) for e in found.entries if e.id.startswith("aeb/")][2] == ("de", "site2.example")


def test_every_name_that_stands_for_nothing_is_told(aeb: Path) -> None:
    with pytest.raises(UnknownGoldens) as error:
        find_entries(["aeb:nowhere", "abe:benchmark", "corr"], Dumps([]))
    message = str(error.value)
    assert "'aeb:nowhere': no such file or folder" in message
    assert "'abe:benchmark': no such format of datasets; did you mean 'aeb'?" in message
    assert "did you mean 'core'?" in message


def test_a_dataset_is_run_shown_and_resumed_like_a_set_of_goldens(aeb: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "-g", f"aeb:{aeb}", "-e", "keep_everything", "--lang", "en"]) == 0
    run = read_run()
    assert [record.golden[:4] for record in run.records] == ["aeb/", "aeb/"]
    assert run.header.request.choice.langs == ("en",)
    capsys.readouterr()
    assert main(["show", "--page", run.records[0].golden, "-e", "keep_everything"]) == 0
    assert "ferry" in capsys.readouterr().out
    assert main(["show", "--page", run.records[0].golden]) == 0
    assert "ferry" in capsys.readouterr().out
    assert main(["show", "--site", "site1.example", "--format", "csv"]) == 0
    assert capsys.readouterr().out.count("keep_everything") == 1
    assert main(["show", "--kind", "forum"]) == 3
    assert main(["run", "-g", f"aeb:{aeb}", "--kind", "forum"]) == 3
    assert main(["run", "-g", f"aeb:{aeb}", "--kind", "artikel", "--without-flag", "empty"]) == 2
    assert "unknown flag 'empty'" in capsys.readouterr().err


def test_a_page_that_is_missing_is_told_and_the_others_are_run(aeb: Path, capsys: pytest.CaptureFixture[str]) -> None:
    next(iter((aeb / "html").iterdir())).unlink()
    assert main(["run", "-g", f"aeb:{aeb}", "-e", "keep_everything"]) == 3
    assert "no such file" in capsys.readouterr().err
    assert len(read_run().records) == 2
