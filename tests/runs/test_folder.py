"""The folder of runs: ids sort by time, none is written over, and the latest is found."""

import json

import pytest

from factories.run_files import RECORD, write_run
from harness.runs.file import RUNS, RunError, read_run_file
from harness.runs.find import find_run, latest_unfinished, list_runs, read_run
from harness.runs.header import RUN_FILE_FORMAT


def test_a_run_is_found_by_id_by_path_and_as_the_latest(tmp_path):
    old = write_run(tmp_path, "20240101-000000", [RECORD])
    write_run(tmp_path, "20240102-000000", [])
    assert read_run("20240101-000000", tmp_path).records == (RECORD,)
    assert read_run(str(old), tmp_path).records == (RECORD,)
    assert read_run(None, tmp_path).id == read_run("latest", tmp_path).id == "20240102-000000"
    with pytest.raises(RunError, match="20240103"):
        read_run("20240103", tmp_path)


def test_without_runs_the_latest_is_an_error_that_says_how_to_make_one(tmp_path):
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(RunError, match="harness run"):
            read_run(None, folder)


def test_ids_of_one_second_differ_and_the_last_one_is_the_latest(tmp_path):
    ids = []
    for _ in range(12):
        ids.append(write_run(tmp_path, "20240101-000000", []).stem)
        assert read_run(None, tmp_path).id == ids[-1]
    assert len(set(ids)) == 12
    assert [path.stem for path in list_runs(tmp_path)] == ids
    write_run(tmp_path, "20240101-000001", [])
    assert read_run(None, tmp_path).id == "20240101-000001"


def test_a_run_is_never_written_over_another(tmp_path):
    path = write_run(tmp_path, "x", [RECORD])
    assert write_run(tmp_path, "x", []) != path
    assert read_run_file(path).records == (RECORD,)


def test_latest_n_counts_back_and_says_how_far_it_can(tmp_path):
    ids = [write_run(tmp_path, f"2024010{day}-000000", []).stem for day in (1, 2, 3)]
    assert [read_run(f"latest~{back}", tmp_path).id for back in range(3)] == ids[::-1]
    with pytest.raises(RunError, match="only 3"):
        read_run("latest~3", tmp_path)
    for name in ("latest~", "latest~x", "latest~-1", "latest~1~1"):
        with pytest.raises(RunError, match="list runs"):
            read_run(name, tmp_path)


def test_the_latest_unfinished_run_is_the_last_one_with_a_header_and_no_footer(tmp_path):
    with pytest.raises(RunError, match="no unfinished run"):
        latest_unfinished(tmp_path)
    write_run(tmp_path, "20240101-000000", [], finish=False)
    wanted = write_run(tmp_path, "20240102-000000", [RECORD], finish=False)
    write_run(tmp_path, "20240103-000000", [RECORD])
    (tmp_path / "20240104-000000.jsonl").write_bytes(b'{"type":"hea')
    assert latest_unfinished(tmp_path) == wanted


def begun(name: str, started: str, *, finished: str | None = "") -> None:
    """A run file without records that says when it was begun, and when finished: None if it was not."""
    lines = [{"type": "header", "format": RUN_FILE_FORMAT, "id": name, "started": started}]
    lines += [] if finished is None else [{"type": "footer", **({"finished": finished} if finished else {})}]
    RUNS.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    (RUNS / f"{name}.jsonl").write_text(text)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(("20991231-000000", "2026-01-01T00:00:00+00:00"), id="a later file name"),
        pytest.param(("20991231-000000", "2099-12-31T00:00:00+00:00"), id="a clock that was ahead"),
        pytest.param(("20991231-000000", "no time"), id="no time"),
    ],
)
def test_the_latest_run_is_the_newest_by_its_own_time(tmp_path, monkeypatch, other):
    monkeypatch.chdir(tmp_path)
    begun("20260301-000000", "2026-03-01T00:00:00+00:00")
    begun(*other)
    assert find_run("latest").stem == "20260301-000000"
    assert find_run("latest~1").stem == "20991231-000000"


def test_a_run_that_was_resumed_is_as_late_as_it_was_finished(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    begun("20260301-000000", "2026-03-01T00:00:00+00:00", finished="2026-03-03T00:00:00+00:00")
    begun("20260302-000000", "2026-03-02T00:00:00+00:00", finished="2026-03-02T00:01:00+00:00")
    assert find_run("latest").stem == "20260301-000000"


def test_an_unfinished_run_is_the_latest_too_so_that_none_before_it_is_taken_for_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    begun("20260301-000000", "2026-03-01T00:00:00+00:00")
    begun("20260302-000000", "2026-03-02T00:00:00+00:00", finished=None)
    assert find_run("latest") == latest_unfinished()
