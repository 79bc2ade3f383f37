"""`harness merge`: shards make the run that was not parted, and what is no whole set of shards is refused."""

import re
from pathlib import Path

import pytest

from factories.ferries import RUN_FERRIES, change_a_label, change_the_plugins, cut, make_ferries, plain
from harness.cli.main import main
from harness.runs.find import list_runs, read_run


@pytest.fixture
def ferries(tmp_path, monkeypatch):
    """Eight pages and a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    make_ferries(8)
    return tmp_path


@pytest.mark.parametrize("shards", [2, 3])
def test_merged_shards_are_the_run_that_was_not_parted(ferries, capsys, shards):
    assert main([*RUN_FERRIES, "--format", "csv"]) == 0
    whole = read_run()
    csv = capsys.readouterr().out
    for number in range(1, shards + 1):
        assert main([*RUN_FERRIES, "--shard", f"{number}/{shards}", "--fresh"]) == 0
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
    assert merged.header.goldens == whole.header.goldens
    assert main(["show", "--page", "many/p003", "-e", "moody"]) == 0


def test_a_shard_that_was_run_twice_counts_once(ferries):
    for shard in ("1/2", "2/2", "2/2"):
        assert main([*RUN_FERRIES, "--shard", shard, "--fresh"]) == 0
    assert main(["merge", "latest", "latest~1", "latest~2"]) == 0
    assert len(read_run().records) == 24


def test_an_extractor_that_could_not_be_loaded_is_told_of_the_merged_run_too(ferries, capsys):
    Path("late.py").write_text("import surely_not_installed\n")
    for shard in ("1/2", "2/2"):
        assert main([*RUN_FERRIES, "-e", "./late.py:late", "--shard", shard]) == 3
    capsys.readouterr()
    assert main(["merge", "latest~1", "latest"]) == 3
    assert "./late.py:late cannot be loaded" in capsys.readouterr().err
    assert "surely_not_installed" in read_run().not_loaded["./late.py:late"] and len(read_run().records) == 24


def shards(first=RUN_FERRIES, second=RUN_FERRIES, between=lambda: None, names=("1/2", "2/2")) -> None:
    assert main([*first, "--shard", names[0]]) == 0
    between()
    assert main([*second, "--shard", names[1]]) == 0


def mix_extractors() -> str:
    shards(second=RUN_FERRIES[:-2])
    return "extractor fragile"


def mix_code() -> str:
    shards(between=change_the_plugins)
    return "extractor fragile"


def mix_timeouts() -> str:
    shards(second=[*RUN_FERRIES, "--timeout", "9"])
    return "--timeout"


def mix_repeats() -> str:
    shards(second=[*RUN_FERRIES, "--repeat", "2"])
    return "--repeat"


def mix_choices() -> str:
    shards(second=[*RUN_FERRIES, "--limit", "6"])
    return "--limit"


def mix_numbers() -> str:
    shards(names=("1/2", "2/3"))
    return "different numbers"


def leave_one_out() -> str:
    shards(names=("1/3", "3/3"))
    return "shard 2/3 is missing"


def give_no_shard() -> str:
    assert main(RUN_FERRIES) == 0
    shards(names=("1/2", "1/2"))
    return "shard 2/2 is missing"


def leave_one_unfinished() -> str:
    shards()
    cut(list_runs()[-1], 2)
    return "not finished: harness run --resume"


@pytest.mark.parametrize(
    "mixture",
    [
        mix_extractors,
        mix_code,
        mix_timeouts,
        mix_repeats,
        mix_choices,
        mix_numbers,
        leave_one_out,
        give_no_shard,
        leave_one_unfinished,
    ],
    ids=lambda mixture: mixture.__name__,
)
def test_what_is_no_whole_set_of_shards_is_not_merged(ferries, capsys, mixture):
    message = mixture()
    number = len(list_runs())
    capsys.readouterr()
    assert main(["merge", "latest", "latest~1"]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert len(list_runs()) == number


def test_a_run_that_is_no_shard_is_not_merged(ferries, capsys):
    assert main(RUN_FERRIES) == 0
    assert main(["merge", "latest"]) == 3
    assert "latest is no shard" in capsys.readouterr().err


def test_two_different_results_for_one_page_are_not_merged(ferries, capsys):
    shards()
    other = Path("other.jsonl")
    other.write_text(list_runs()[0].read_text().replace('"outcome":"ok"', '"outcome":"empty"', 1))
    capsys.readouterr()
    assert main(["merge", "latest", "latest~1", str(other)]) == 3
    assert re.search(r"different results for\n  \w+ on many/p\d+\n$", capsys.readouterr().err)


def test_a_golden_that_changed_between_shards_is_a_contradiction(ferries, capsys):
    for shard in ("1/2", "2/2"):
        assert main([*RUN_FERRIES, "--shard", shard]) == 0
    change_a_label()
    assert main([*RUN_FERRIES, "--shard", "2/2"]) == 0
    capsys.readouterr()
    assert main(["merge", "latest", "latest~1", "latest~2"]) == 3
    assert "golden many/p003" in capsys.readouterr().err
