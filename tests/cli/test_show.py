"""`harness show`: a run, one page of it, and the worst ones."""

import json
import re
from pathlib import Path

import pytest

from factories.goldens import write_golden
from factories.tiny import ESCAPE, GOLD_PLAIN, MENU, RUN, STORY
from harness.cli.main import main
from harness.runs.find import list_runs


def test_show_repeats_what_run_printed(tiny_run, capsys):
    assert main(["show", tiny_run["run"], "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == tiny_run


def test_show_explains_its_table_where_that_is_asked_for(tiny_run, capsys):
    assert main(["show"]) == 0
    plain = capsys.readouterr().out
    assert main(["show", "--explain"]) == 0
    explained = capsys.readouterr().out
    assert [line for line in explained.splitlines() if line not in plain.splitlines()]
    assert "share of the main content's words that came out" in explained and "that came out" not in plain


def test_show_without_any_run_cannot_tell(tiny, capsys):
    assert main(["show"]) == 3
    assert "harness run" in capsys.readouterr().err


def test_show_page_is_a_diff_that_says_what_was_missed_and_leaked(tiny_run, capsys):
    assert main(["show", "--page", "tiny/ferry", "-e", "whole_text"]) == 0
    whole = capsys.readouterr().out
    assert main(["show", "--page", "tiny/ferry", "-e", "quiet"]) == 0
    quiet = capsys.readouterr().out
    assert "kept 10   missed 0   leaked 5 (navigation 5)" in whole
    assert f"{{+navigation: {MENU}+}}" in " ".join(whole.split())
    assert STORY in " ".join(whole.split())
    assert "missed 10 (body 10)" in quiet
    assert f"[-{STORY}-]" in " ".join(quiet.split())


def test_show_page_of_two_extractors_is_one_text_with_both(tiny_run, capsys):
    assert main(["show", "--page", "tiny/ferry", "-e", "whole_text", "-e", "quiet"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "A whole_text kept 10 missed 0 leaked 5 (navigation 5) B quiet kept 0 missed 10 leaked 0" in out
    assert f"{{+A navigation: {MENU}+}} [-B: {STORY}-]" in out


def test_show_page_of_a_failure_says_why(tiny_run, capsys):
    assert main(["show", "--page", "tiny/ferry", "-e", "returns_none", "-e", "breaks"]) == 0
    out = capsys.readouterr().out
    assert "returned NoneType, not str" in out
    assert "ValueError" in out
    assert ESCAPE not in out


def test_show_page_without_an_extractor_is_the_labelled_page(tiny_run, capsys):
    assert main(["show", "--page", "tiny/rain"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["1", "drop", "navigation", *MENU.split()] in lines
    assert ["2", "keep", "body", *GOLD_PLAIN.split()] in lines


def test_show_worst_lists_the_worst_pages_first_and_names_the_next_command(tiny_run, capsys):
    assert main(["show", "--worst", "2", "-e", "whole_text"]) == 0
    out = capsys.readouterr().out
    assert out.index("tiny/rain") < out.index("tiny/ferry")
    assert "other/faehre" not in out
    assert "harness show --page tiny/rain -e whole_text" in out


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--page", "tiny/fery", "-e", "quiet"], 2, "did you mean 'tiny/ferry'?"),
        (["--page", "tiny/fery"], 2, "did you mean 'tiny/ferry'?"),
        (["--page", "tiny/ferry", "-e", "quite", "-e", "brakes"], 2, "did you mean 'breaks'?"),
        (["-m", "FF"], 2, "unknown metric 'FF'"),
        (["no-such-run"], 2, "no run 'no-such-run'"),
        (["mine.py"], 2, "mine.py"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_show_meets_wrong_names_half_way(tiny_run, capsys, words, code, message):
    assert main(["show", *words]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err


def test_show_page_refuses_a_page_that_changed_since_the_run(tiny, capsys):
    assert main([*RUN, "-e", "whole_text", "-g", "tiny"]) == 0
    page = "<nav>Other</nav><p>Other words</p>"
    write_golden(Path("goldens/tiny"), "ferry", page, [{"keep": "p", "as": "body"}])
    assert main(["show", "--page", "tiny/ferry", "-e", "whole_text"]) == 3
    err = capsys.readouterr().err
    assert "changed since run" in err and "\n  harness run -e whole_text -g tiny" in err


def test_show_of_some_extractors_shows_these_only(tiny_run, capsys):
    assert main(["show", "--format", "json", "-e", "quiet", "-e", "breaks"]) == 0
    assert {row["name"] for row in json.loads(capsys.readouterr().out)["extractors"]} == {"quiet", "breaks"}
    assert main(["show", "-e", "quiet"]) == 0
    assert "paragraphs" not in capsys.readouterr().out
    assert main(["show", "--ranks", "-e", "quiet", "-e", "whole_text", "-m", "F", "-m", "R"]) == 0
    out = capsys.readouterr().out
    assert "whole_text" in out and "paragraphs" not in out
    assert "HTML pages, place of each extractor" in out and "Text dumps, place of each extractor" in out


def test_ranks_of_one_extractor_cannot_be_told(tiny_run, capsys):
    assert main(["show", "--ranks", "-e", "quiet"]) == 3
    assert "no two extractors" in capsys.readouterr().err


def test_worst_pages_are_those_by_the_metric_asked_for(tiny_run, capsys):
    assert main(["show", "--worst", "3", "-e", "whole_text", "-m", "P"]) == 0
    by_precision = capsys.readouterr().out
    assert re.search(r"^page +extractor +P +kept", by_precision, re.M)
    # The run was not scored by it: it is computed from the outputs that the run holds.
    assert main(["show", "--worst", "3", "-e", "whole_text", "-m", "wcxb.F"]) == 0
    assert re.search(r"^page +extractor +wcxb.F +kept", capsys.readouterr().out, re.M)


SNIPPETS = {
    "https://quay.example/plan": {
        "file": "plan.html",
        "with": ["sails at noon", "three boats"],
        "without": ["Share this", "Next page"],
    }
}


def test_a_golden_with_snippets_only_shows_them_and_calls_nothing_invented(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    page = "<html><body><p>The ferry sails at\nnoon.</p><p>Share this</p><p>One of three boats.</p></body></html>"
    (tmp_path / "set/tests/eval").mkdir(parents=True)
    (tmp_path / "set/tests/eval/plan.html").write_text(page)
    (tmp_path / "set/tests/evaldata.json").write_text(json.dumps(SNIPPETS))
    (tmp_path / "x.json").write_text(json.dumps({"plan": "The ferry sails at noon.\nShare this\nTides are kind."}))
    assert main(["score", "x.json", "-g", "trafilatura:set", "-m", "trafilatura"]) == 0
    capsys.readouterr()
    assert main(["show", "--page", "trafilatura/plan", "-e", "x"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "must come out in it sails at noon" in out and "must come out missed three boats" in out
    assert "must not leaked Share this" in out and "must not not in it Next page" in out
    assert "Tides are kind." in out and "invented" not in out.partition("must come out")[2]
    assert main(["show", "--page", "trafilatura/plan"]) == 0
    labelled = " ".join(capsys.readouterr().out.split())
    assert "must come out three boats" in labelled and "words: 0 keep" not in labelled
    assert main(["show", "--worst", "1"]) == 0
    assert re.search(r"^trafilatura/plan +x +\.\d+ +– +– +–", capsys.readouterr().out, re.M)


def test_the_ending_of_the_output_file_says_its_format_unless_one_is_asked_for(tiny_run, tmp_path):
    def written(name: str, *words: str) -> str:
        assert main(["show", "-o", str(tmp_path / name), *words]) == 0
        return (tmp_path / name).read_text()

    assert json.loads(written("run.json"))["run"] == tiny_run["run"]
    assert written("run.csv").startswith("extractor,version,")
    assert written("run.md").startswith("## ")
    assert written("run.txt").startswith("HTML pages")
    assert written("table.json", "--format", "table").startswith("HTML pages")
    assert main(["compare", "quiet", "breaks", "-o", str(tmp_path / "both.json")]) == 0
    assert json.loads((tmp_path / "both.json").read_text())


def test_a_run_is_found_by_the_beginning_of_its_id(tiny, capsys):
    for _ in range(2):
        assert main([*RUN, "-g", "tiny", "-e", "quiet"]) == 0
    first, second = (path.stem for path in list_runs())
    assert main(["show", second, "--format", "json"]) == 0
    Path(f"reports/runs/{second}.jsonl").rename("reports/runs/19990101-000000.jsonl")
    capsys.readouterr()
    assert main(["show", first[:11], "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["run"] == first
    Path("reports/runs/19990101-000000.jsonl").rename(f"reports/runs/{first[:8]}-x.jsonl")
    assert main(["show", first[:8]]) == 2
    assert f"2 runs begin with '{first[:8]}'" in capsys.readouterr().err
    assert main(["compare", first[:8], "latest"]) == 2
    assert "2 runs begin" in capsys.readouterr().err
    assert main(["show", first[:3]]) == 2
    assert f"no run '{first[:3]}'" in capsys.readouterr().err
