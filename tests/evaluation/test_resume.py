"""Runs that were killed and go on: always the same records as one undisturbed run."""

import json
import random
import time
from pathlib import Path

import pytest

from factories.ferries import (
    FERRIES,
    FERRY_PLUGINS,
    PAGES,
    RUN_FERRIES,
    add_golden,
    change_a_label,
    change_the_plugins,
    cut,
    make_ferries,
    plain,
)
from factories.processes import start
from harness.cli.main import main
from harness.runs.file import read_run_file
from harness.runs.find import latest_unfinished, list_runs, read_run


@pytest.fixture
def ferries(tmp_path, monkeypatch):
    """Eight pages and a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    make_ferries(8)
    return tmp_path


def keys_in(path: Path) -> list[tuple[str, str, int]]:
    """What the whole lines of a file have a record for, in the file's order."""
    rows = [json.loads(line) for line in path.read_text().splitlines(keepends=True) if line.endswith("\n")]
    return [(row["extractor"], row["golden"], row["repeat"]) for row in rows if row["type"] == "record"]


def records_in(*paths: Path) -> int:
    """How many records are written in files, the last of which may be torn."""
    return sum(path.read_bytes().count(b'{"type":"record"') for path in paths)


@pytest.mark.slow
@pytest.mark.parametrize("kills", [3, 50])
def test_killed_again_and_again_a_run_ends_as_if_undisturbed(tmp_path, monkeypatch, kills):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    make_ferries(PAGES)
    undisturbed = start(*RUN_FERRIES, "--fresh")
    _, err = undisturbed.communicate(timeout=120)
    assert undisturbed.returncode == 0, err
    wanted = plain(read_run())
    assert len(wanted) == PAGES * len(FERRIES)
    assert {record.outcome for record in wanted} == {"ok", "error", "crash", "empty"}
    undisturbed_id = read_run().id

    rng = random.Random(kills)
    killed, moments = 0, set()

    def unfinished() -> list[Path]:
        return [path for path in list_runs() if path.read_bytes().count(b"\n") and not read_run_file(path).finished]

    while killed < kills or unfinished():
        # Only a run's own records are kept from attempt to attempt, not the outputs: `--fresh`.
        earlier = set(list_runs()).difference(unfinished())
        process = start(*(["run", "--resume", "-j", "2"] if unfinished() else [*RUN_FERRIES, "-j", "2"]), "--fresh")
        if killed < kills:
            # Killed behind a number of records, not after a time: how fast this machine is does not matter.
            # All its records may be there, and only the end of the file be missing.
            written = max(map(records_in, unfinished()), default=0)
            goal = rng.randrange(min(written, len(wanted) - 1), len(wanted))
            while process.poll() is None and records_in(*set(list_runs()).difference(earlier)) < goal:
                time.sleep(0.02)
            if process.poll() is None:
                process.kill()
                killed += 1
        _, err = process.communicate(timeout=120)
        assert process.returncode in (0, -9), err
        moments.add(len(read_run().records))
    assert len(moments) > 2, "it was killed in the middle"
    for path in list_runs():
        if not path.read_bytes().count(b"\n"):
            continue  # killed before the header was written
        run = read_run_file(path)
        assert run.finished
        assert plain(run) == wanted
        assert len(keys_in(path)) == len(wanted), "none twice"
    assert read_run().id != undisturbed_id


@pytest.mark.parametrize("records", [0, 13, 24])
def test_a_resumed_run_does_what_is_missing_and_reports_the_whole(ferries, capsys, records):
    assert main([*RUN_FERRIES, "--format", "csv"]) == 0
    whole = capsys.readouterr().out
    wanted = plain(read_run())
    (path,) = list_runs()
    cut(path, records)
    kept = keys_in(path)
    assert main(["run", "--resume", "-j", "1", "--fresh", "--format", "csv"]) == 0
    out, err = capsys.readouterr()
    assert out == whole
    assert "8 pages" in err
    assert list_runs() == [path]
    assert plain(read_run()) == wanted
    assert (keys_in(path)[: len(kept)], len(keys_in(path))) == (kept, 24)


def test_repeats_and_a_shard_are_resumed_as_they_were_asked_for(ferries, capsys):
    assert main([*RUN_FERRIES, "--repeat", "2", "--shard", "1/2", "--timeout", "7"]) == 0
    wanted = plain(read_run())
    assert len(wanted) == 3 * 4 * 2
    cut(list_runs()[0], 11)
    assert main(["run", "--resume", "latest"]) == 0
    assert plain(read_run()) == wanted


@pytest.mark.slow
def test_a_run_is_resumed_by_id_and_the_latest_unfinished_one_by_default(ferries, capsys):
    for _ in range(3):
        assert main(RUN_FERRIES) == 0
    first, second, _ = list_runs()
    cut(first, 3)
    cut(second, 5)
    assert latest_unfinished() == second
    assert main(["run", "--resume", first.stem]) == 0
    assert main(["run", "--resume"]) == 0
    assert len({tuple(map(str, plain(read_run_file(path)))) for path in list_runs()}) == 1
    capsys.readouterr()
    for words, code, message in (
        ([], 3, "no unfinished run"),
        ([first.stem], 3, "is finished"),
        (["nonsense"], 2, "no run 'nonsense'"),
    ):
        assert main(["run", "--resume", *words]) == code
        assert message in capsys.readouterr().err


def change_a_page() -> str:
    add_golden("p003", "Another page.\nWith another second line.\n")
    return "golden many/p003"


def break_a_golden() -> str:
    Path("goldens/many/p003.txt").write_text("Another page.\n")
    return "golden many/p003"


def remove_a_golden() -> str:
    Path("goldens/many/p003.yaml").unlink()
    return "golden many/p003"


def add_a_golden() -> str:
    add_golden("p999", "A new page.\nWith two lines.\n")
    return "golden many/p999"


CHANGES = [change_a_label, change_a_page, break_a_golden, remove_a_golden, add_a_golden, change_the_plugins]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_run_is_not_resumed_with_something_else_than_it_began_with(ferries, capsys, change):
    assert main(RUN_FERRIES) == 0
    (path,) = list_runs()
    cut(path, 9)
    before = read_run_file(path)
    changed = change()
    capsys.readouterr()
    assert main(["run", "--resume"]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert "cannot be resumed" in err
    assert changed in err
    assert "many/p004" not in err
    assert read_run_file(path) == before


def test_resume_takes_no_other_arguments_and_says_which_are_too_many(ferries, capsys):
    words = ["-e", "steady", "-g", "many", "--timeout", "3", "--with", ".", "--shard", "1/2"]
    assert main(["run", "--resume", "latest", *words]) == 2
    err = capsys.readouterr().err
    assert all(option in err for option in ("--extractor", "--goldens", "--timeout", "--with", "--shard"))
    assert "--jobs" not in err


def test_a_run_at_work_is_not_resumed(ferries, capsys):
    Path("plugins.py").write_text(FERRY_PLUGINS.replace("0.004", "600"))
    process = start(*RUN_FERRIES)
    try:
        while not list_runs() or not list_runs()[0].read_bytes().endswith(b"\n"):
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.02)
        assert main(["run", "--resume"]) == 3
        assert "another process" in capsys.readouterr().err
    finally:
        process.kill()
        process.communicate()
