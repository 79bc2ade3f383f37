"""The folder of runs: ids sort by time, none is written over, and the latest is found."""

import pytest

from factories.run_files import RECORD, write_run
from harness.runs.file import RunError, latest_unfinished, list_runs, read_run, read_run_file


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
