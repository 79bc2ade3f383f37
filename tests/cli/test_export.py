"""`harness export`: what a Parquet file has is what the run has; and runs that do not keep all texts."""

from __future__ import annotations

import re
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from factories.ferries import make_ferries, plain
from harness.cli.main import main
from harness.runs.find import read_run
from harness.runs.record import Run

DOCS = Path(__file__).resolve().parents[2] / "docs/scale.md"
RUN = ["run", "--plugins", "plugins.py", "-e", "steady", "-e", "moody", "-j", "1"]


@pytest.fixture
def ferries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Eight pages and a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    make_ferries(8)
    return tmp_path


def rows_of(file: str) -> list[dict[str, Any]]:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra `parquet` is not installed")
    return sorted(parquet.read_table(file).to_pylist(), key=lambda row: (row["extractor"], row["golden"]))


def expected(run: Run) -> list[dict[str, Any]]:
    about = (
        "extractor",
        "golden",
        "repeat",
        "media",
        "kind",
        "lang",
        "site",
        "coerced",
        "outcome",
        "page_bytes",
        "characters",
    )
    return [
        {
            **{name: getattr(record, name) for name in about},
            **dict(record.scores),
            **dict(record.counts),
            "wall": record.timing.get("wall"),
            "leaks": list(record.leaks.items()),
        }
        for record in run.records
    ]


def test_a_row_has_what_its_record_has(ferries: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    assert main(RUN) == 0
    capsys.readouterr()
    assert main(["export", "-o", "run.parquet", "--texts", "texts.parquet"]) == 0
    assert capsys.readouterr().out == "16 rows in run.parquet, 16 texts in texts.parquet\n"
    run = read_run()
    wanted, rows = expected(run), rows_of("run.parquet")
    assert [{name: row[name] for name in first} for row, first in zip(rows, wanted)] == wanted
    assert {row["error"] for row in rows if row["outcome"] == "ok"} == {None}
    assert [row["error"] for row in rows if row["outcome"] == "error"] == [r.error for r in run.records if r.error]
    assert all(row["other_scores"] == [] for row in rows)
    assert [row["text"] for row in rows_of("texts.parquet")] == [record.text for record in run.records]


def test_shards_that_are_not_merged_are_exported_like_the_run(ferries: Path) -> None:
    pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    assert main([*RUN, "--shards", "3", "--run-folder", "parts"]) == 0
    assert main(["export", "parts", "-o", "parts.parquet"]) == 0
    assert main(["export", "latest", "-o", "run.parquet"]) == 0
    assert rows_of("parts.parquet") == rows_of("run.parquet")
    Path("parts/00001-of-00003.jsonl").unlink()
    assert main(["export", "parts", "-o", "again.parquet"]) == 3
    assert not Path("again.parquet").exists()


def test_the_documented_query_runs(ferries: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    assert main(RUN) == 0
    assert main(["export", "-o", "run.parquet"]) == 0
    query = re.search(r"```sql\n(.*?)```", DOCS.read_text("utf-8"), re.S)
    assert query
    found = duckdb.connect().execute(query[1])
    assert [column[0] for column in found.description] == ["extractor", "site", "pages", "failed", "ms", "share"]
    assert [row[:4] for row in found.fetchall()] == [("moody", "a.example", 8, 1 / 8), ("steady", "a.example", 8, 0)]


def test_what_cannot_be_exported_is_refused(ferries: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert main(["export", "-o", "run.csv"]) == 2
    assert "run.csv: only Parquet files are written" in capsys.readouterr().err
    assert main(["export", "-o", "run.parquet"]) == 3
    assert "no run in reports/runs" in capsys.readouterr().err
    assert main(RUN) == 0
    Path("damaged.jsonl").write_text(
        Path(f"reports/runs/{read_run().id}.jsonl").read_text().replace('"outcome":"ok"', "", 1)
    )
    capsys.readouterr()
    if find_spec("pyarrow"):
        assert main(["export", "damaged.jsonl", "-o", "run.parquet"]) == 2
        assert re.search(r"damaged\.jsonl:\d+: ", capsys.readouterr().err)
        assert [path.name for path in ferries.glob("*run.parquet*")] == []
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert main(["export", "-o", "run.parquet"]) == 2
    assert "need pyarrow: python -m pip install 'extraction-harness[parquet]'" in capsys.readouterr().err


def test_a_run_without_texts_has_the_same_scores_and_says_what_it_lacks(ferries: Path, capsys) -> None:
    assert main(RUN) == 0
    whole = read_run()
    assert main([*RUN, "--keep-texts", "none"]) == 0
    bare = read_run()
    assert {record.text for record in bare.records} == {""}
    assert [{**vars(record), "text": ""} for record in plain(whole)] == [vars(record) for record in plain(bare)]
    capsys.readouterr()
    for view in (
        ["show", "--page", "many/p003", "-e", "steady"],
        ["show", "--agreement"],
        ["show", "-m", "aeb"],
        ["show", "--policy", "reader"],
        ["audit", "--run", "latest"],
    ):
        assert main(view) == 3, view
        assert "was made with --keep-texts none" in capsys.readouterr().err, view
    assert main(["show", "--worst", "2"]) == 0


def test_of_a_sample_of_texts_all_extractors_keep_the_same_pages(ferries: Path) -> None:
    make_ferries(40)
    assert main([*RUN, "--keep-texts", "4"]) == 0
    run = read_run()
    kept = {name: {r.golden for r in run.records if r.text and r.extractor == name} for name in ("steady", "moody")}
    answered = {r.golden for r in run.records if r.extractor == "moody" and r.outcome == "ok"}
    assert kept["moody"] == kept["steady"] & answered
    assert 3 <= len(kept["steady"]) <= 20
    assert main([*RUN, "--keep-texts", "4", "--shards", "3"]) == 0
    assert plain(read_run()) == plain(run)


@pytest.mark.parametrize("word", ["some", "0", "-1", ""])
def test_other_texts_to_keep_are_refused(ferries: Path, word: str, capsys) -> None:
    assert main([*RUN, f"--keep-texts={word}"]) == 2
    assert "neither all nor none" in capsys.readouterr().err
