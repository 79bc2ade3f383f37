"""The cache on the command line: what a second run knows, and `harness cache`."""

import json
import re
from pathlib import Path

import pytest

from factories.counting import COUNTING, calls, damage_by_another_table, damage_with_garbage
from harness.cli.main import main
from harness.engine.cache import cache_path
from harness.runs.find import read_run


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder, with counting extractors and a cache of its own."""
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "counting.py").write_text(COUNTING)
    return tmp_path


@pytest.fixture
def project(folder):
    """Two pages, and no extractor but those that count."""
    Path("goldens/tiny").mkdir(parents=True)
    for name in ("ferry", "rain"):
        Path(f"goldens/tiny/{name}.txt").write_text(f"The {name} was late.\n")
        assert main(["new", "golden", f"goldens/tiny/{name}.txt"]) == 0
        path = Path(f"goldens/tiny/{name}.yaml")
        path.write_text(re.sub(r"\{drop: (.*), as: other\}", r"{keep: \1, as: body}", path.read_text()))
    assert main(["check"]) == 0
    return folder


RUN = ["run", "--plugins", "counting.py", "-e", "counted"]


def test_a_second_run_says_that_it_knew_the_outputs_and_shows_the_same_numbers(project, capsys):
    assert main([*RUN, "--format", "csv"]) == 0
    first = capsys.readouterr()
    assert "known" not in first.err
    assert main([*RUN, "--format", "csv"]) == 0
    second = capsys.readouterr()
    assert second.out == first.out
    assert "2 of 2 outputs came from the cache" in second.err
    assert "--fresh" in second.err
    assert calls() == 2
    assert main([*RUN, "-e", "counted/loud", "--fresh"]) == 0
    assert calls() == 4


def test_times_of_an_earlier_run_are_marked_in_every_report(project, capsys):
    earlier = "times of earlier runs (measure all by: harness run --fresh): counted"
    assert main(RUN) == 0
    assert "times of earlier runs" not in capsys.readouterr().out
    assert main([*RUN, "-e", "counted/loud"]) == 0
    table = capsys.readouterr().out
    assert earlier in " ".join(table.split())
    assert f"{earlier}, counted/loud" not in " ".join(table.split())
    assert main(["show", "--format", "md"]) == 0
    assert earlier in " ".join(capsys.readouterr().out.split())
    assert main(["show", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)["extractors"]
    assert {row["name"]: row["earlier_times"] for row in rows} == {"counted": 2, "counted/loud": 0}


def test_a_changed_label_is_scored_without_running_and_a_changed_plugin_runs(project, capsys):
    assert main([*RUN, "--format", "json"]) == 0
    path = Path("goldens/tiny/rain.yaml")
    path.write_text(path.read_text().replace("keep: 1", 'keep: "1[0:8]"'))
    capsys.readouterr()
    assert calls() == 2
    assert main([*RUN, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["extractors"][0]["scores"]["P"] == (1 + 2 / 4) / 2
    assert calls() == 0
    Path("counting.py").write_text(COUNTING.replace('mark=""', 'mark=" again"'))
    assert main([*RUN, "--format", "json"]) == 0
    assert calls() == 2


def test_cache_shows_its_place_and_size_and_is_cleared(project, capsys):
    def shown(*words: str) -> str:
        capsys.readouterr()
        assert main(["cache", *words]) == 0
        return capsys.readouterr().out

    assert str(cache_path()) in shown()
    assert "0 outputs" in shown()
    assert main(RUN) == 0
    assert re.search(r"2 outputs, [\d.]+ KiB", shown())
    assert "0 outputs" in shown("--clear")
    assert main(RUN) == 0
    assert calls() == 4


@pytest.mark.parametrize("damage", [damage_with_garbage, damage_by_another_table])
def test_a_broken_cache_is_cleared_too(project, capsys, damage):
    damage()
    assert main(RUN) == 0
    assert "harness cache" in capsys.readouterr().err
    if damage is damage_with_garbage:
        assert main(["cache"]) == 3
        assert "--clear" in capsys.readouterr().err
    assert main(["cache", "--clear"]) == 0
    assert main(RUN) == 0
    assert "0 outputs" in capsys.readouterr().out
    assert main(RUN) == 0
    assert calls() == 4


def test_repeats_are_averaged_and_pages_stay_pages(project, capsys):
    assert main([*RUN[:-1], "random", "--repeat", "3", "--format", "json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["goldens"]["pages"], summary["extractors"][0]["pages"]) == (2, 2)
    assert calls() == 6
    run = read_run()
    assert [(record.golden, record.repeat) for record in run.records] == [
        (f"tiny/{name}", n) for name in ("ferry", "rain") for n in range(3)
    ]
    mer = {id: [r.scores["MER"] for r in run.records if r.golden == id] for id in ("tiny/ferry", "tiny/rain")}
    wanted = sum(sum(values) / 3 for values in mer.values()) / 2
    assert summary["extractors"][0]["scores"]["MER"] == pytest.approx(wanted)
    assert main(["show", "--format", "csv"]) == 0
    assert [line.split(",")[2:4] for line in capsys.readouterr().out.splitlines()[1:]] == [
        [f"tiny/{name}", str(n)] for name in ("ferry", "rain") for n in range(3)
    ]
    assert main(["show", "--page", "tiny/rain", "-e", "random"]) == 0
    assert "the first of 3 times" in capsys.readouterr().out
    assert main(["show"]) == 0
    assert "(2 pages)" in capsys.readouterr().out
