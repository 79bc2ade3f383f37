"""`harness run`: what it prints and stores, and what it says of all that cannot be measured."""

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from factories.ferries import RUN_FERRIES, make_ferries
from factories.goldens import write_golden
from factories.processes import start
from factories.tiny import RUN, RUN_ALL, runs
from harness.cli.main import main


@pytest.fixture
def ferries(tmp_path, monkeypatch):
    """Eight pages and a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    make_ferries(8)
    return tmp_path


@pytest.mark.parametrize("shard", ["0/2", "3/2", "1", "1/0", "a/b", "-1/2", "1/2/3"])
def test_what_is_no_shard_is_a_bad_option(ferries, capsys, shard):
    assert main([*RUN_FERRIES, f"--shard={shard}"]) == 2
    assert "such as 1/3" in capsys.readouterr().err


def test_a_shard_without_pages_cannot_tell(ferries, capsys):
    assert main([*RUN_FERRIES, "--shard", "9/9"]) == 3
    assert "no page" in capsys.readouterr().err


SLOW = """\
import time


def slow(page):
    if "Home" not in page.text:
        time.sleep(600)
    return page.text
"""


def test_json_of_a_run_key_by_key(tiny, capsys):
    assert main([*RUN, "-e", "whole_text", "-e", "breaks", "-g", "tiny", "--format", "json"]) == 0
    run = json.loads(capsys.readouterr().out)
    assert run.keys() >= {"run", "goldens", "extractors"}
    assert [path.stem for path in runs()] == [run["run"]]
    assert (run["goldens"]["pages"], run["goldens"]["skipped"]) == (2, 0)
    best, failing = run["extractors"]
    assert best["name"] == "whole_text"
    assert best["version"] is None
    assert (best["pages"], best["answered"], best["errors"], best["coerced"]) == (2, 2, 0, 1)
    # HTML page: ten of fifteen words are the story; text page: seven of twelve.
    p_html, p_text = 10 / 15, 7 / 12
    f_html, f_text = 2 * p_html / (1 + p_html), 2 * p_text / (1 + p_text)
    assert best["scores"]["P"] == pytest.approx((p_html + p_text) / 2)
    assert best["scores"]["R"] == 1.0
    assert best["scores"]["F"] == pytest.approx((f_html + f_text) / 2)
    assert best["scores"]["MER"] == pytest.approx((5 / 15 + 5 / 12) / 2)
    assert best["leaks"] == {"navigation": 10}
    assert best["misses"] == {}
    assert failing["name"] == "breaks"
    assert (failing["pages"], failing["answered"], failing["errors"]) == (2, 0, 2)
    assert (failing["scores"]["P"], failing["scores"]["R"], failing["scores"]["F"], failing["scores"]["MER"]) == (0, 0, 0, 1)
    assert failing["misses"] == {"body": 17}


def test_run_writes_its_report_to_a_file_too(tiny, capsys):
    assert main([*RUN, "-e", "paragraphs", "--format", "json", "-o", "out.json"]) == 0
    assert capsys.readouterr().out == ""
    assert json.loads(Path("out.json").read_text())["extractors"][0]["name"] == "paragraphs"


def test_scores_do_not_depend_on_the_number_of_jobs(tiny, capsys):
    found = []
    for jobs in ("1", "4"):
        assert main([*RUN_ALL, "-j", jobs, "--format", "csv"]) == 0
        found.append(capsys.readouterr().out)
    assert found[0] == found[1]


def test_all_unknown_names_come_in_one_message_and_nothing_runs(tiny, capsys):
    names = ["-e", "trafilatora", "-e", "./absent.py:run", "-g", "tinny", "-g", "goldens/none", "-m", "MERR", "-m", "Q"]
    assert main(["run", "--plugins", "mine.py", *names]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    for unknown in ("'trafilatora'", "absent.py", "'tinny'", "'goldens/none'", "'MERR'", "'Q'"):
        assert unknown in err
    for suggestion in ("'trafilatura'", "'tiny'", "'MER'"):
        assert f"did you mean {suggestion}?" in err
    assert runs() == []


def test_skipped_goldens_are_counted_with_the_way_to_supply_them(tiny, tmp_path_factory, capsys):
    page = "A dump that stays at home.\n"
    write_golden(Path("goldens/dumped"), "home", page, [{"keep": 1, "as": "body"}], dump=True)
    assert main([*RUN, "-e", "whole_text", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["goldens"] | {"broken": 0} == {"pages": 3, "skipped": 1, "broken": 0}
    for words in ("1 golden skipped", "dumped", "--dumps", "HARNESS_DUMPS"):
        assert words in err
    dumps = tmp_path_factory.mktemp("dumps")
    (dumps / "any name.bin").write_text(page)
    assert main([*RUN, "-e", "whole_text", "--format", "json", "--dumps", str(dumps)]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["goldens"]["pages"] == 4
    assert "skipped" not in err
    assert main([*RUN, "-e", "whole_text", "-g", "dumped"]) == 3, "no page is left"


def test_an_extractor_asked_for_by_name_that_is_not_installed_makes_the_run_incomplete(tiny, capsys):
    assert main([*RUN, "-e", "needy", "-e", "paragraphs", "-g", "tiny", "--format", "json"]) == 3
    out, err = capsys.readouterr()
    assert [row["name"] for row in json.loads(out)["extractors"]] == ["paragraphs"], "the others are measured"
    assert "needy cannot run: " in err and "surely-not-installed" in err
    assert main([*RUN, "-e", "needy", "-g", "tiny"]) == 3


def test_a_broken_golden_is_named_and_the_others_are_scored(tiny, capsys):
    Path("goldens/tiny/ferry.html").write_text("<p>changed</p>")
    Path("goldens/tiny/bad.yaml").write_text("labels: [\n")
    assert main([*RUN, "-e", "whole_text", "-g", "tiny", "--format", "json"]) == 3
    out, err = capsys.readouterr()
    run = json.loads(out)
    assert (run["goldens"]["pages"], run["goldens"]["broken"]) == (1, 2)
    assert run["extractors"][0]["pages"] == 1
    for words in ("ferry.yaml", "the page has changed", "bad.yaml", "2 goldens broken", "harness check"):
        assert words in err


def test_only_broken_goldens_is_no_page(tiny, capsys):
    Path("goldens/tiny/ferry.html").write_text("<p>changed</p>")
    assert main([*RUN, "-e", "whole_text", "-g", "tiny/ferry"]) == 3
    assert "no page" in capsys.readouterr().err


def test_ctrl_c_keeps_the_run_and_show_shows_it(tiny):
    Path("slow.py").write_text(SLOW)
    write_golden(Path("goldens/tiny"), "zz", "Waiting for the boat.\n", [{"keep": 1, "as": "body"}])
    process = start(
        *("run", "-e", "./slow.py:slow", "-g", "tiny", "-j", "1", "--timeout", "600"),
        # Where the tests run in the background, Ctrl-C is ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        while not (runs() and runs()[0].read_text().count('"type":"record"') == 2):
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert "Traceback" not in err
    hint = re.search(r"2 results are kept: harness (show \S+)", err)
    assert hint
    assert f"harness run --resume {runs()[0].stem}" in err
    shown = subprocess.run([sys.executable, "-m", "harness", *hint[1].split()], capture_output=True, text=True)
    assert shown.returncode == 0
    assert "was not finished: 2 results" in shown.stderr
    assert "slow.py:slow" in shown.stdout


def test_the_time_of_a_lone_page_is_shown(tiny, capsys):
    assert main([*RUN, "-e", "quiet", "-g", "tiny/ferry", "--fresh"]) == 0
    head, _, row = capsys.readouterr().out.splitlines()[1:4]
    columns = dict(zip(re.split(r"  +", head.strip()), re.split(r"  +", row.strip())))
    assert float(columns["first ms"]) >= 0
    assert "ms" not in columns and "ms 95%" not in columns


def test_the_worst_page_of_each_track_says_which_track_it_is_of(tiny, capsys):
    assert main([*RUN, "-e", "whole_text", "-e", "paragraphs", "-g", "tiny"]) == 0
    worst = [line.partition(":")[0] for line in capsys.readouterr().out.splitlines() if line.startswith("Worst page")]
    assert len(worst) == len({*worst}) and all("(HTML pages)" in line or "(Text dumps)" in line for line in worst)
    assert main([*RUN, "-e", "whole_text", "-g", "tiny/ferry"]) == 0
    assert "Worst page of whole_text: tiny/ferry" in capsys.readouterr().out
