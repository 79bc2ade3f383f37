"""Runs that were killed and go on, runs in shards, runs at once: always the same records as one undisturbed run."""

import hashlib
import json
import random
import re
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from harness.cli import main
from harness.store import Record, Run, latest_unfinished, list_runs, read_run, read_run_file

PLUGINS = '''\
"""Three extractors that take a little time, and fail in their ways."""
import os
import time

from harness import extractor


@extractor(media="text/plain")
def steady(page):
    time.sleep(0.004)
    return page.text


@extractor(media="text/plain")
def moody(page):
    time.sleep(0.004)
    if "7" in page.text:
        raise ValueError("seven")
    return page.text.split()[0]


@extractor(media="text/plain")
def fragile(page):
    time.sleep(0.004)
    if "33" in page.text:
        os._exit(3)
    return "" if "5" in page.text else page.text.upper()
'''
NAMES = ("steady", "moody", "fragile")
RUN = ["run", "--plugins", "plugins.py", "-j", "2", *(word for name in NAMES for word in ("-e", name))]
PAGES = 102


def write_golden(name: str, text: str) -> None:
    folder = Path("goldens/many")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.txt").write_text(text)
    (folder / f"{name}.yaml").write_text(
        f"golden: 1\npage: {name}.txt\nsha256: {hashlib.sha256(text.encode()).hexdigest()}\nmedia: text/plain\nlang: en\n"
        "kind: article\nsite: a.example\nlabels:\n  - {keep: 1, as: body}\n  - {drop: 2, as: promo}\n"
    )


def make_project(pages: int) -> None:
    for number in range(pages):
        write_golden(f"p{number:03}", f"The ferry number {number} was late.\nBuy a ticket for boat {number} now.\n")
    Path("plugins.py").write_text(PLUGINS)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Eight pages and a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    make_project(8)
    return tmp_path


def start(*words: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "harness", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def plain(run: Run) -> list[Record]:
    return [replace(record, timing={}, cached=False) for record in run.records]


def keys_in(path: Path) -> list[tuple[str, str, int]]:
    """What the whole lines of a file have a record for, in the file's order."""
    rows = [json.loads(line) for line in path.read_text().splitlines(keepends=True) if line.endswith("\n")]
    return [(row["extractor"], row["golden"], row["repeat"]) for row in rows if row["type"] == "record"]


def records_in(*paths: Path) -> int:
    """How many records are written in files, the last of which may be torn."""
    return sum(path.read_bytes().count(b'{"type":"record"') for path in paths)


def cut(path: Path, records: int, torn: int = 25) -> None:
    """Make a finished run one that was killed in the middle of a line, behind a number of records."""
    lines = path.read_bytes().splitlines(keepends=True)
    places = [index for index, line in enumerate(lines) if line.startswith(b'{"type":"record"')]
    end = places[records] if records < len(places) else len(lines) - 1
    path.write_bytes(b"".join(lines[:end]) + lines[end][:-1][:torn])


# --- killed and resumed ---


@pytest.mark.parametrize("kills", [6, pytest.param(50, marks=pytest.mark.slow)])
def test_killed_again_and_again_a_run_ends_as_if_undisturbed(tmp_path, monkeypatch, kills):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    make_project(PAGES)
    undisturbed = start(*RUN, "--fresh")
    _, err = undisturbed.communicate(timeout=120)
    assert undisturbed.returncode == 0, err
    wanted = plain(read_run())
    assert len(wanted) == PAGES * len(NAMES)
    assert {record.outcome for record in wanted} == {"ok", "error", "crash", "empty"}
    undisturbed_id = read_run().id

    rng = random.Random(kills)
    killed, moments = 0, set()

    def unfinished() -> list[Path]:
        return [path for path in list_runs() if path.read_bytes().count(b"\n") and not read_run_file(path).finished]

    while killed < kills or unfinished():
        # Only a run's own records are kept from attempt to attempt, not the outputs: `--fresh`.
        earlier = set(list_runs()).difference(unfinished())
        process = start(*(["run", "--resume", "-j", "2"] if unfinished() else RUN), "--fresh")
        if killed < kills:
            # Killed behind a number of records, not after a time: how fast this machine is does not matter.
            goal = rng.randrange(max(map(records_in, unfinished()), default=0), len(wanted))
            while process.poll() is None and records_in(*set(list_runs()).difference(earlier)) < goal:
                time.sleep(0.002)
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


@pytest.mark.parametrize("records", [0, 1, 13, 24])
def test_a_resumed_run_does_what_is_missing_and_reports_the_whole(project, capsys, records):
    assert main([*RUN, "--format", "csv"]) == 0
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


def test_repeats_and_a_shard_are_resumed_as_they_were_asked_for(project, capsys):
    assert main([*RUN, "--repeat", "2", "--shard", "1/2", "--timeout", "7"]) == 0
    wanted = plain(read_run())
    assert len(wanted) == 3 * 4 * 2
    cut(list_runs()[0], 11)
    assert main(["run", "--resume", "latest"]) == 0
    assert plain(read_run()) == wanted


def test_a_run_is_resumed_by_id_and_the_latest_unfinished_one_by_default(project, capsys):
    for _ in range(3):
        assert main(RUN) == 0
    first, second, _ = list_runs()
    cut(first, 3)
    cut(second, 5)
    assert latest_unfinished() == second
    assert main(["run", "--resume", first.stem]) == 0
    assert main(["run", "--resume"]) == 0
    assert len({tuple(map(str, plain(read_run_file(path)))) for path in list_runs()}) == 1
    capsys.readouterr()
    for words, message in (([], "no unfinished run"), ([first.stem], "is finished"), (["nonsense"], "no run 'nonsense'")):
        assert main(["run", "--resume", *words]) == 3
        assert message in capsys.readouterr().err


def change_a_label() -> str:
    path = Path("goldens/many/p003.yaml")
    path.write_text(path.read_text().replace("as: body", "as: title"))
    return "golden many/p003"


def change_a_page() -> str:
    write_golden("p003", "Another page.\nWith another second line.\n")
    return "golden many/p003"


def break_a_golden() -> str:
    Path("goldens/many/p003.txt").write_text("Another page.\n")
    return "golden many/p003"


def remove_a_golden() -> str:
    Path("goldens/many/p003.yaml").unlink()
    return "golden many/p003"


def add_a_golden() -> str:
    write_golden("p999", "A new page.\nWith two lines.\n")
    return "golden many/p999"


def change_the_plugins() -> str:
    Path("plugins.py").write_text(PLUGINS.replace("upper", "lower"))
    return "extractor fragile"


CHANGES = [change_a_label, change_a_page, break_a_golden, remove_a_golden, add_a_golden, change_the_plugins]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_run_is_not_resumed_with_something_else_than_it_began_with(project, capsys, change):
    assert main(RUN) == 0
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


def test_resume_takes_no_other_arguments_and_says_which_are_too_many(project, capsys):
    words = ["-e", "steady", "-g", "many", "--timeout", "3", "--with", ".", "--shard", "1/2"]
    assert main(["run", "--resume", "latest", *words]) == 2
    err = capsys.readouterr().err
    assert all(option in err for option in ("--extractor", "--goldens", "--timeout", "--with", "--shard"))
    assert "--jobs" not in err


def test_a_run_at_work_is_not_resumed(project, capsys):
    Path("plugins.py").write_text(PLUGINS.replace("0.004", "600"))
    process = start(*RUN)
    try:
        while not list_runs() or not list_runs()[0].read_bytes().endswith(b"\n"):
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.02)
        assert main(["run", "--resume"]) == 3
        assert "another process" in capsys.readouterr().err
    finally:
        process.kill()
        process.communicate()


def test_list_runs_says_when_by_what_and_how_far(project, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "140")
    assert main(RUN) == 0
    assert main([*RUN, "--shard", "2/2"]) == 0
    cut(list_runs()[1], 5)
    capsys.readouterr()
    assert main(["list", "runs"]) == 0
    whole, part = capsys.readouterr().out.splitlines()[2:4]
    assert re.fullmatch(r"\d{8}-\d{6}\S* +\d\S+ +– +3 +8 +24 +finished *", whole)
    assert re.search(r" 2/2 .* 5 +not finished", part)


# --- shards ---


@pytest.mark.parametrize("shards", [2, 3])
def test_merged_shards_are_the_run_that_was_not_parted(project, capsys, shards):
    assert main([*RUN, "--format", "csv"]) == 0
    whole = read_run()
    csv = capsys.readouterr().out
    for number in range(1, shards + 1):
        assert main([*RUN, "--shard", f"{number}/{shards}", "--fresh"]) == 0
    parts = [read_run(f"latest~{back}") for back in range(shards)]
    sizes = [len({record.golden for record in part.records}) for part in parts]
    assert sum(sizes) == 8
    assert max(sizes) - min(sizes) <= 1
    capsys.readouterr()
    assert main(["merge", *(part.id for part in parts)]) == 0
    hint = re.search(r"harness (show \S+)", capsys.readouterr().out)
    assert main([*hint[1].split(), "--format", "csv"]) == 0
    assert capsys.readouterr().out == csv
    merged = read_run()
    assert merged.finished
    assert plain(merged) == plain(whole)
    assert merged.header["goldens"] == whole.header["goldens"]
    assert main(["show", "--page", "many/p003", "-e", "moody"]) == 0


def test_a_shard_that_was_run_twice_counts_once(project):
    for shard in ("1/2", "2/2", "2/2"):
        assert main([*RUN, "--shard", shard, "--fresh"]) == 0
    assert main(["merge", "latest", "latest~1", "latest~2"]) == 0
    assert len(read_run().records) == 24


def shards(first=RUN, second=RUN, between=lambda: None, names=("1/2", "2/2")) -> None:
    assert main([*first, "--shard", names[0]]) == 0
    between()
    assert main([*second, "--shard", names[1]]) == 0


def mix_extractors() -> str:
    shards(second=RUN[:-2])
    return "extractor fragile"


def mix_code() -> str:
    shards(between=change_the_plugins)
    return "extractor fragile"


def mix_timeouts() -> str:
    shards(second=[*RUN, "--timeout", "9"])
    return "--timeout"


def mix_repeats() -> str:
    shards(second=[*RUN, "--repeat", "2"])
    return "--repeat"


def mix_numbers() -> str:
    shards(names=("1/2", "2/3"))
    return "different numbers"


def leave_one_out() -> str:
    shards(names=("1/3", "3/3"))
    return "shard 2/3 is missing"


def give_no_shard() -> str:
    assert main(RUN) == 0
    shards(names=("1/2", "1/2"))
    return "shard 2/2 is missing"


def leave_one_unfinished() -> str:
    shards()
    cut(list_runs()[-1], 2)
    return "not finished: harness run --resume"


@pytest.mark.parametrize(
    "mixture",
    [mix_extractors, mix_code, mix_timeouts, mix_repeats, mix_numbers, leave_one_out, give_no_shard, leave_one_unfinished],
    ids=lambda mixture: mixture.__name__,
)
def test_what_is_no_whole_set_of_shards_is_not_merged(project, capsys, mixture):
    message = mixture()
    number = len(list_runs())
    capsys.readouterr()
    assert main(["merge", "latest", "latest~1"]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert len(list_runs()) == number


def test_a_run_that_is_no_shard_is_not_merged(project, capsys):
    assert main(RUN) == 0
    assert main(["merge", "latest"]) == 3
    assert "latest is no shard" in capsys.readouterr().err


def test_two_different_results_for_one_page_are_not_merged(project, capsys):
    shards()
    other = Path("other.jsonl")
    other.write_text(list_runs()[0].read_text().replace('"outcome":"ok"', '"outcome":"empty"', 1))
    capsys.readouterr()
    assert main(["merge", "latest", "latest~1", str(other)]) == 3
    assert re.search(r"different results for\n  \w+ on many/p\d+\n$", capsys.readouterr().err)


def test_a_golden_that_changed_between_shards_is_a_contradiction(project, capsys):
    for shard in ("1/2", "2/2"):
        assert main([*RUN, "--shard", shard]) == 0
    change_a_label()
    assert main([*RUN, "--shard", "2/2"]) == 0
    capsys.readouterr()
    assert main(["merge", "latest", "latest~1", "latest~2"]) == 3
    assert "golden many/p003" in capsys.readouterr().err


@pytest.mark.parametrize("shard", ["0/2", "3/2", "1", "1/0", "a/b", "-1/2", "1/2/3"])
def test_what_is_no_shard_is_a_bad_option(project, capsys, shard):
    with pytest.raises(SystemExit) as ending:
        main([*RUN, f"--shard={shard}"])
    assert ending.value.code == 2
    assert "such as 1/3" in capsys.readouterr().err


def test_a_shard_without_pages_cannot_tell(project, capsys):
    assert main([*RUN, "--shard", "9/9"]) == 3
    assert "no page" in capsys.readouterr().err


# --- at once ---


def test_two_runs_at_once_do_not_hurt_each_other(project):
    processes = [start(*RUN) for _ in range(3)]
    for process in processes:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        assert "cache" not in err
    runs = [read_run_file(path) for path in list_runs()]
    assert len({run.id for run in runs}) == 3
    assert all(run.finished and plain(run) == plain(runs[0]) for run in runs)
    assert len(runs[0].records) == 24
    assert main(RUN) == 0
    known = {record.cached for record in read_run().records if record.outcome != "crash"}
    assert known == {True}
