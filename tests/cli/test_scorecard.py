"""`harness scorecard`: formats, `--check`, and requests that cannot be met."""

import json
from pathlib import Path

import pytest

from factories.records import record, run_of, store
from factories.scorecards import Outline, run_scorecard, thirty
from harness.baseline.file import write_baseline
from harness.baseline.model import baseline_of
from harness.cli.main import main
from harness.common.errors import CannotTell, Impossible
from harness.runs.file import new_run
from harness.runs.header import RunHeader
from harness.scorecard.write import html as html_module
from harness.scorecard.write.html import strip_drawings


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    a, b = thirty("a", [0.9, 0.8], timing={"wall": 0.01}), thirty("b", [0.1], timing={"wall": 0.02})
    store(run_of(*a, *b, versions={"b": None}))
    return tmp_path


def test_a_folder_gets_every_format(stored):
    assert run_scorecard("cards") == 0
    assert sorted(path.name for path in Path("cards").iterdir()) == ["scorecard.html", "scorecard.json", "scorecard.md"]
    content = json.loads(Path("cards/scorecard.json").read_text())
    assert content["tracks"][0]["lines"][0]["extractor"] == "a"


def test_two_files_can_be_asked_for_at_once(stored):
    assert main(["scorecard", "-o", "a.md", "-o", "b.json"]) == 0
    assert Path("a.md").exists()
    assert Path("b.json").exists()


def test_times_can_be_left_out(stored):
    run_scorecard("with.html")
    run_scorecard("without.html", no_times=True)
    assert "Quality against speed" in Path("with.html").read_text()
    without = Path("without.html").read_text()
    assert "Quality against speed" not in without
    assert ">ms<" not in without


def test_check_notices_what_is_out_of_date_and_not_how_charts_are_drawn(stored, capsys):
    assert run_scorecard("card.md", check=True) == 1
    run_scorecard("card.md")
    assert run_scorecard("card.md", check=True) == 0
    assert run_scorecard("card.md", check=True, extractor=["a"]) == 1
    assert "card.md is not what" in capsys.readouterr().err
    run_scorecard("card.html")
    page = Path("card.html").read_text()
    assert "<svg" in page
    Path("card.html").write_text(strip_drawings(page))
    assert run_scorecard("card.html", check=True) == 0


def test_the_baseline_alone_makes_a_scorecard_without_times_and_texts(stored):
    from harness.runs.find import read_run

    write_baseline(baseline_of(read_run()), Path("reports/baseline.json"))
    assert run_scorecard("card.html", "baseline") == 0
    page = Outline(Path("card.html").read_text())
    assert "accepted baseline" in page.text
    assert "the baseline holds no texts" in page.text
    assert run_scorecard("card.html", "baseline", check=True) == 0
    assert run_scorecard("run.html") == 0  # the baseline is there, so changes are shown
    assert "Since the baseline" in Path("run.html").read_text()


def test_requests_that_cannot_be_met(stored):
    with pytest.raises(Impossible, match=r"card\.pdf: a scorecard is written as \.html, \.md, \.json"):
        run_scorecard("card.pdf")
    with pytest.raises(Impossible, match="has no extractor 'c'"):
        run_scorecard("card.html", extractor=["c"])
    with pytest.raises(Impossible, match="no run 'elsewhere'"):
        run_scorecard("card.html", "elsewhere")
    with pytest.raises(CannotTell, match="no baseline"):
        run_scorecard("card.html", "baseline")
    Path("damaged.json").write_text("{")
    with pytest.raises(Impossible, match=r"damaged\.json:1"):
        run_scorecard("card.html", baseline=Path("damaged.json"))
    with new_run("20270101-000000", RunHeader("")) as writer:
        writer.finish()
    with pytest.raises(CannotTell, match="holds no result"):
        run_scorecard("card.html")


def test_an_unfinished_run_says_so(stored):
    store(run_of(record("a", "set/00", 0.5), finished=False))
    run_scorecard("card.html")
    assert "The run was not finished: 1 result." in Path("card.html").read_text()


def test_markdown_and_json_need_no_library(stored, monkeypatch):
    import sys

    for module in ("jinja2", "markupsafe", "matplotlib"):
        for name in list(sys.modules):
            if name.split(".")[0] == module:
                monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, module, None)
    assert run_scorecard("card.md") == run_scorecard("card.json") == 0


@pytest.mark.parametrize("module", ["jinja2", "matplotlib"])
def test_a_missing_library_is_named(stored, monkeypatch, module):
    import sys

    html_module._environment.cache_clear()
    for name in list(sys.modules):
        if name.split(".")[0] == module:
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(Impossible, match=r"extraction-harness\[scorecard\]"):
        run_scorecard("card.html")


def test_a_baseline_without_the_chosen_pages_is_no_reason_to_write_nothing(stored):
    from harness.runs.find import read_run

    write_baseline(baseline_of(read_run()), Path("reports/baseline.json"))
    store(run_of(*(record("a", f"set/p{number}", 0.5, kind="product") for number in range(5))))
    assert main(["scorecard", "-o", "card.md", "--kind", "product"]) == 0
    card = Path("card.md").read_text()
    assert "Only pages that fit --kind product." in card and "Since the baseline" not in card
    assert f"harness scorecard {read_run().id} --kind product -o scorecard.html" in card
