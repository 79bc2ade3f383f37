"""A run in shards: a folder whose shards are whole or not there, which always become the run that was not parted."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from factories.ferries import PAGES, RUN_FERRIES, make_ferries, plain
from factories.processes import start
from harness.cli.main import main
from harness.runs.find import list_runs, read_run
from harness.runs.record import Record

RUN = ["run", "--plugins", "plugins.py", "-e", "moody", "-j", "1"]


@pytest.fixture
def ferries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Eight pages and a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    for variable in ("SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "JOB_COMPLETIONS"):
        monkeypatch.delenv(variable, raising=False)
    make_ferries(8)
    return tmp_path


def whole_run() -> list[Record]:
    """The records of the run that is not parted."""
    assert main(RUN) == 0
    return plain(read_run())


def slurm(monkeypatch: pytest.MonkeyPatch, number: int, first: int, last: int, count: int) -> None:
    for name, value in (("ID", number), ("MIN", first), ("MAX", last), ("COUNT", count)):
        monkeypatch.setenv(f"SLURM_ARRAY_TASK_{name}", str(value))


def test_the_tasks_of_a_slurm_array_make_the_shards_of_one_run(ferries, monkeypatch, capsys) -> None:
    whole = whole_run()
    for number in (3, 1, 2):
        slurm(monkeypatch, number, 1, 3, 3)
        assert main([*RUN, "--shard", "auto", "--run-folder", "parts", "--fresh"]) == 0
    assert sorted(path.name for path in Path("parts").iterdir()) == [
        *(f"0000{number}-of-00003.jsonl" for number in (1, 2, 3)),
        "plan.json",
    ]
    capsys.readouterr()
    assert main(["merge", "parts"]) == 0
    shown = re.search(r"run (\S+) has 8 results of 3 runs: harness show", capsys.readouterr().out)
    assert shown
    assert plain(read_run(shown[1])) == whole


def test_the_pods_of_an_indexed_job_make_the_shards_of_one_run(ferries, monkeypatch) -> None:
    whole = whole_run()
    monkeypatch.setenv("JOB_COMPLETIONS", "2")
    for index in ("1", "0"):
        monkeypatch.setenv("JOB_COMPLETION_INDEX", index)
        assert main([*RUN, "--shard", "auto", "--run-folder", "parts"]) == 0
    assert main(["merge", "parts"]) == 0
    assert plain(read_run()) == whole


def test_a_complete_shard_is_not_made_again(ferries, capsys) -> None:
    command = [*RUN, "--shard", "1/2", "--run-folder", "parts"]
    assert main(command) == 0
    before = Path("parts/00001-of-00002.jsonl").stat()
    capsys.readouterr()
    assert main(command) == 0
    assert "shard 1 of 2 is complete already" in capsys.readouterr().err
    after = Path("parts/00001-of-00002.jsonl").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_all_shards_of_a_run_on_this_machine_are_that_run(ferries, capsys) -> None:
    assert main([*RUN, "--format", "csv"]) == 0
    csv, whole = capsys.readouterr().out, plain(read_run())
    # More shards than pages, so that some have none.
    assert main([*RUN, "--shards", "11", "--run-folder", "parts", "--format", "csv"]) == 0
    assert capsys.readouterr().out == csv
    assert plain(read_run()) == whole
    assert read_run().header.request.choice.shard is None


def test_more_results_than_one_table_can_have_stay_in_shards(ferries, monkeypatch, capsys) -> None:
    monkeypatch.setattr("harness.evaluation.in_shards.MOST_MERGED", 7)
    assert main([*RUN, "--shards", "3", "--run-folder", "parts"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert re.search(r"^moody: 8 results, 0 empty, 1 failed, \d+\.\d ms a page$", err, re.M)
    assert "harness export parts -o run.parquet (or harness merge parts)" in err
    assert not list_runs()
    assert main(["merge", "parts"]) == 0
    assert len(read_run().records) == 8


def test_what_is_missing_of_a_folder_is_made_and_nothing_else(ferries, capsys) -> None:
    whole = whole_run()
    assert main([*RUN, "--shards", "4", "--run-folder", "parts"]) == 0
    stamps = {path.name: path.stat().st_mtime_ns for path in Path("parts").glob("*.jsonl")}
    Path("parts/00002-of-00004.jsonl").unlink()
    Path("parts/.unfinished-abc").mkdir()  # as a killed process leaves it
    capsys.readouterr()
    assert main(["merge", "parts"]) == 3
    assert re.search(r"1 of 4 shards of parts are missing.*harness run --resume parts", capsys.readouterr().err)
    assert main(["run", "--resume", "parts"]) == 0
    changed = {path.name for path in Path("parts").glob("*.jsonl") if path.stat().st_mtime_ns != stamps[path.name]}
    assert changed == {"00002-of-00004.jsonl"}
    assert not Path("parts/.unfinished-abc").exists()
    assert plain(read_run()) == whole


def test_a_folder_takes_the_shards_of_one_run_only(ferries, capsys) -> None:
    assert main([*RUN, "--shard", "1/2", "--run-folder", "parts"]) == 0
    for change, message in (
        (["--timeout", "9"], "other values of --timeout"),
        (["--limit", "2"], "other values of --limit"),
    ):
        assert main([*RUN, *change, "--shard", "2/2", "--run-folder", "parts"]) == 3
        assert message in capsys.readouterr().err
    assert main([*RUN, "--shard", "2/3", "--run-folder", "parts"]) == 3
    assert "it has 2 shards, not 3" in capsys.readouterr().err


def test_a_request_that_is_impossible_ends_with_its_first_shard(ferries, capsys) -> None:
    assert main(["run", "-e", "nobody", "-g", "goldens", "--shards", "50", "--run-folder", "parts"]) == 2
    assert capsys.readouterr().err.count("unknown extractor 'nobody'") == 1


def test_what_shards_tell_is_told_once(ferries, capsys) -> None:
    Path("goldens/many/broken.yaml").write_text("{")
    assert main([*RUN, "-g", "goldens", "--shards", "3"]) == 3
    assert capsys.readouterr().err.count("broken.yaml:2: not YAML") == 1
    assert len(read_run().records) == 8


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[]", "Expected"),
        ("{", "Expecting"),
        ('{"format": 9, "shards": 2}', "another version of harness"),
        ('{"format": 1, "shards": 0, "arguments": {}}', "0 is not a number of shards"),
        ('{"format": 1, "shards": 1000000000, "arguments": {}}', "1000000000 is not a number of shards"),
        ('{"format": 1, "shards": 2, "arguments": {"timeout": "soon"}}', "timeout"),
        ('{"format": 1, "shards": 2, "arguments": 7}', "expected an object at `arguments`"),
    ],
)
def test_a_damaged_plan_is_refused(ferries, capsys, content: str, message: str) -> None:
    Path("parts").mkdir()
    Path("parts/plan.json").write_text(content)
    for command in (["merge", "parts"], ["run", "--resume", "parts"]):
        assert main(command) == 2
        err = capsys.readouterr().err
        assert err.startswith("harness: parts/plan.json cannot be read: ")
        assert message in err


@pytest.mark.parametrize(
    "words",
    [
        ["--shards", "2", "--shard", "1/2", "--run-folder", "parts"],
        ["--shards", "2", "--locked", "latest"],
        ["--shards", "1000000"],
        ["--run-folder", ""],
    ],
)
def test_options_that_contradict_each_other(ferries, words: list[str]) -> None:
    assert main([*RUN, *words]) == 2
    assert not list_runs()


def test_a_damaged_shard_is_named(ferries, capsys) -> None:
    assert main([*RUN, "--shards", "2", "--run-folder", "parts"]) == 0
    file = Path("parts/00002-of-00002.jsonl")
    lines = file.read_text().splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith('{"type":"record"'))
    row = json.loads(lines[place])
    lines[place] = json.dumps({**row, "outcome": "marvellous"}, separators=(",", ":"))
    file.write_text("\n".join(lines) + "\n")
    number = len(list_runs())
    capsys.readouterr()
    assert main(["merge", "parts"]) == 2
    assert f"parts/00002-of-00002.jsonl:{place + 1}: damaged: unknown outcome 'marvellous'" in capsys.readouterr().err
    assert len(list_runs()) == number


@pytest.mark.slow
def test_killed_in_the_middle_of_shards_a_run_goes_on(ferries) -> None:
    make_ferries(PAGES)
    assert main(RUN_FERRIES) == 0
    whole = plain(read_run())
    words = [*RUN_FERRIES, "--shards", "10", "--run-folder", "parts", "--fresh"]
    for complete in (2, 5, 8):
        process = start(*words)
        while process.poll() is None and len(list(Path("parts").glob("0*.jsonl"))) < complete:
            time.sleep(0.02)
        process.kill()
        process.communicate(timeout=60)
    assert main(["run", "--resume", "parts"]) == 0
    assert plain(read_run()) == whole


def test_shards_that_are_complete_still_lack_what_could_not_be_loaded(ferries, capsys) -> None:
    Path("late.py").write_text("import surely_not_installed\n")
    words = [*RUN, "-e", "./late.py:late", "--shards", "2", "--run-folder", "parts"]
    for _ in range(2):
        assert main(words) == 3
        assert capsys.readouterr().err.count("./late.py:late cannot be loaded") == 1
