"""Two runs at once do not hurt each other."""

import pytest

from factories.ferries import RUN_FERRIES, make_ferries, plain
from factories.processes import start
from harness.runs.file import read_run_file
from harness.runs.find import list_runs, read_run


@pytest.fixture
def ferries(tmp_path, monkeypatch):
    """Eight pages and a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    make_ferries(8)
    return tmp_path


@pytest.mark.slow
def test_two_runs_at_once_do_not_hurt_each_other(ferries):
    processes = [start(*RUN_FERRIES) for _ in range(3)]
    for process in processes:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        assert "going on without the cache" not in err
    runs = [read_run_file(path) for path in list_runs()]
    assert len({run.id for run in runs}) == 3
    assert all(run.finished and plain(run) == plain(runs[0]) for run in runs)
    assert len(runs[0].records) == 24
    last = start(*RUN_FERRIES)  # another installation of the harness would not share what is kept
    _, err = last.communicate(timeout=120)
    assert last.returncode == 0, err
    known = {record.cached for record in read_run().records if record.outcome != "crash"}
    assert known == {True}
