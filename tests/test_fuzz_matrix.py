"""The matrix: its cells, its statistics, and what the commands write and return."""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fuzz_cells import cell
from fuzz_pages import OTHER_BODY, html_golden, text_golden
from helpers import ready

from harness.commands import fuzz as fuzz_command
from harness.commands import replay as replay_command
from harness.errors import CannotTell, Impossible
from harness.fuzz.catalogue import all_operators, label_of, operator_of, usual, values_of
from harness.fuzz.findings import Finding, find, save
from harness.fuzz.limits import Result, probes, run_probes
from harness.fuzz.matrix import Cell, Setting, Skipped, run_matrix
from harness.fuzz.robustness import reliances_of, rows_of, totals_of
from harness.golden_file import Dumps, read_golden

PLANTED = Path(__file__).with_name("planted_extractors.py")


@pytest.fixture(scope="module")
def cells():
    runnables = tuple(ready(["sound", "aside_with_links", "until_heading"], [PLANTED]))
    goldens = (html_golden(), html_golden("dog", OTHER_BODY, "lake.example"), text_golden())
    return list(run_matrix(Setting(runnables, goldens, ("D1", "D15", "D18", "D33", "D38", "T12", "T7"))))


def test_each_extractor_meets_each_operator_of_its_track_once(cells):
    done = [item for item in cells if isinstance(item, Cell)]
    assert len({(item.extractor, item.golden, item.operator) for item in done}) == len(done)
    assert {item.code[0] for item in done if item.extractor == "until_heading"} == {"T"}
    assert {item.code[0] for item in done if item.extractor == "sound"} == {"D"}
    usual_ones = {repr(op) for op in usual("text/html", ("D1", "D15", "D18", "D33", "D38"))}
    for name in ("fuzz/lamps", "fuzz/dog"):
        own = {item.operator for item in done if item.golden == name and item.extractor == "sound"}
        skipped = {item.operator for item in cells if isinstance(item, Skipped) and item.golden == name}
        assert own | skipped == usual_ones
        assert not own & skipped


def test_what_does_not_apply_says_why(cells):
    assert all(item.reason for item in cells if isinstance(item, Skipped))


def test_inserted_stories_leak_from_an_extractor_that_takes_all_paragraphs(cells):
    stories = [c for c in cells if isinstance(c, Cell) and c.code == "D18" and c.extractor == "sound"]
    assert stories and all(c.leaked > 0.9 and c.kind == "leak" for c in stories)
    assert all(c.retention == 0 and c.dose > 0 for c in stories)


def test_headings_that_are_dropped_let_related_stories_in(cells):
    dropped = [c for c in cells if isinstance(c, Cell) and c.code == "T12" and c.extractor == "until_heading"]
    assert any(c.kind == "leak" and c.change < -0.1 for c in dropped)


def test_the_page_written_anew_changes_nothing(cells):
    control = [c for c in cells if isinstance(c, Cell) and c.code == "D1"]
    assert control and all(c.change == 0 and not c.changed for c in control)


def test_processes_give_what_one_process_gives():
    runnables = tuple(ready(["sound"], [PLANTED]))
    setting = Setting(runnables, (html_golden(), html_golden("dog", OTHER_BODY, "lake.example")), ("D18", "D1"))
    assert list(run_matrix(setting, jobs=2)) == list(run_matrix(setting))


def test_rows_are_what_their_definition_says():
    changes = [0.0, -0.04, -0.06, -0.3, 0.1]
    own = [
        cell(change=change, golden=f"s/{n}", after_recall=0.4 if change == -0.3 else 1.0, leaked=n / 4)
        for n, change in enumerate(changes)
    ]
    (row,) = rows_of(own)
    assert row.change.value == pytest.approx(np.mean(changes))
    assert row.failing == 2 / 5
    assert row.lost == 1 / 5
    assert row.leaked == 0.5 and row.leaking == 2 / 5
    assert row.worst == (pytest.approx(-0.3), "s/3")
    assert row.failing_interval.low < 2 / 5 < row.failing_interval.high


def test_hostile_layouts_are_in_no_mean_over_operators():
    own = [
        cell("A()", -0.1),
        cell("B()", -0.3, golden="s/a"),
        cell("C()", -0.9, nature="hostile"),
        cell("E()", -0.8, nature="limit"),
    ]
    (total,) = totals_of(own, rows_of(own))
    assert total.drop.value == pytest.approx(-0.2)
    assert total.worst["hostile"].operator == "C()"


def test_operators_count_the_same_however_many_pages_they_apply_to():
    own = [cell("A()", -0.4, golden="s/a"), *(cell("B()", -0.1, golden=f"s/{n}") for n in "abcd")]
    (total,) = totals_of(own, rows_of(own))
    assert total.drop.value == pytest.approx((-0.4 - 0.1) / 2)


def test_errors_of_authors_weigh_what_they_occur():
    own = [
        cell("HostileClass(word='sidebar', level=0)", -0.5, nature="hostile"),
        cell("WrapContent(tag='aside')", -0.2, nature="hostile"),
        cell("HostileClass(word='nobody-knows', level=0)", -0.9, nature="hostile"),
    ]
    (total,) = totals_of(own, rows_of(own))
    assert total.expected == pytest.approx(0.068 * -0.5 + 0.005 * -0.2)


def test_reliance_is_the_gap_between_neutral_and_telling_markup_on_the_same_pages():
    own = [
        cell("RelatedFar(count=3, neutral=False)", -0.02, golden="s/a"),
        cell("RelatedFar(count=3, neutral=True)", -0.30, golden="s/a"),
        cell("RelatedFar(count=3, neutral=True)", -0.90, golden="s/b"),
        cell("RelatedStories(count=3, slot='after')", -0.4),
        cell("LabelledRelatedStories(count=3, slot='after', class_='related-articles')", -0.1),
    ]
    found = {item.neutral: item.value.value for item in reliances_of(own)}
    assert found["RelatedFar(count=3, neutral=True)"] == pytest.approx(0.28)
    assert found["RelatedStories(count=3, slot='after')"] == pytest.approx(0.3)


@pytest.mark.parametrize("kind", all_operators(), ids=lambda kind: kind.__name__)
def test_operators_survive_plain_values(kind):
    for operator in kind.usual():
        assert operator_of(json.loads(json.dumps(values_of(operator)))) == operator
        assert label_of(operator).startswith(kind.code)


def test_operators_that_do_not_exist_are_told():
    with pytest.raises(ValueError, match="no operator"):
        operator_of({"operator": "os.system", "code": "D1"})
    with pytest.raises(ValueError, match=r"operator NestDeep: .*depht"):
        operator_of({"operator": "NestDeep", "code": "D6", "depht": 3})


def test_probes_have_names_of_their_own():
    for media in ("text/html", "text/plain"):
        names = [probe.name for probe in probes(media)]
        assert len(set(names)) == len(names)


@pytest.mark.slow
def test_probes_tell_a_hang_and_an_answer(monkeypatch):
    from harness.fuzz import limits

    chosen = tuple(p for p in probes("text/html") if p.name in ("depth 256", "depth 400", "empty", "NUL characters"))
    monkeypatch.setattr(limits, "_HTML", chosen)
    found = {(r.extractor, r.probe): r for r in run_probes(ready(["sound", "hangs_when_deep"], [PLANTED]), timeout=1.5)}
    assert found["hangs_when_deep", "depth 400"].verdict == "timeout"
    assert found["hangs_when_deep", "depth 256"].verdict == "ok"
    assert found["sound", "depth 400"].retention == 1
    assert found["sound", "empty"].verdict == "ok"


def test_an_answer_without_the_story_is_lost():
    result = Result("x", "text/html", "depth 400", "empty", 0.0, 0.1, 1.0, "")
    assert result.verdict == "lost"
    assert replace(result, retention=None).verdict == "ok"


def arguments(tmp_path, **given):
    usual_values = {
        "extractor": [],
        "goldens": [],
        "kind": [],
        "lang": [],
        "site": [],
        "without_flag": [],
        "sample": None,
        "seed": 1,
        "limit": None,
        "shard": None,
        "operators": [],
        "search": False,
        "limits": False,
        "minimal": None,
        "accept": False,
        "examples": 40,
        "seconds": None,
        "findings": tmp_path / "findings",
        "accepted": tmp_path / "accepted.yaml",
        "format": "table",
        "output": None,
        "jobs": 1,
        "timeout": 10.0,
        "memory": 2**31,
        "isolated": False,
        "local_packages": [],
        "plugins": [PLANTED],
        "dumps": [],
        "names": [],
        "keep": False,
    }
    return argparse.Namespace(**{**usual_values, **given})


@pytest.fixture
def goldens(tmp_path):
    """A folder with one golden."""
    from harness.fuzz.golden_labels import golden_text

    golden = html_golden()
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "lamps.html").write_bytes(golden.page.raw)
    (folder / "lamps.yaml").write_text(golden_text(golden, "lamps.html", golden.labels))
    return str(folder)


def test_the_matrix_as_table_json_and_markdown(tmp_path, goldens, capsys):
    how = {"extractor": ["sound"], "goldens": [goldens], "operators": ["D18,D1", "D33"]}
    assert fuzz_command.run(arguments(tmp_path, **how)) == 0
    assert "Robustness" in capsys.readouterr().out
    assert fuzz_command.run(arguments(tmp_path, **how, format="json")) == 0
    written = json.loads(capsys.readouterr().out)
    assert {row["code"] for row in written["operators"]} == {"D1", "D18", "D33"}
    assert written["cells"] and written["totals"][0]["extractor"] == "sound"
    assert fuzz_command.run(arguments(tmp_path, **how, format="md", output=tmp_path / "r.md")) == 0
    assert (tmp_path / "r.md").read_text().startswith("## Robustness")


def test_new_findings_are_exit_code_1_and_accepted_ones_are_no_news(tmp_path, goldens, capsys, monkeypatch):
    how = {"extractor": ["sound"], "goldens": [goldens], "operators": ["D18"], "search": True}
    assert fuzz_command.run(arguments(tmp_path, **how)) == 1
    (path,), _ = find([], tmp_path / "findings")
    assert path.stem in capsys.readouterr().out
    assert fuzz_command.run(arguments(tmp_path, **how)) == 0, "nothing is news twice"
    assert fuzz_command.run(arguments(tmp_path, accept=True)) == 0
    path.unlink()
    assert fuzz_command.run(arguments(tmp_path, **how)) == 0
    (tmp_path / "accepted.yaml").write_text("[]\n")
    assert fuzz_command.run(arguments(tmp_path, **how)) == 1, "what is not on the list is news, whoever has seen it"

    assert fuzz_command.run(arguments(tmp_path, minimal=path.stem)) == 0
    page = capsys.readouterr().out
    assert "lamplighters" in page and len(page.splitlines()) <= 40

    monkeypatch.chdir(tmp_path)
    assert fuzz_command.promote(path.stem, tmp_path / "findings") == 0
    (golden,) = (tmp_path / "found").glob("*.yaml")
    assert "lamplighters" in read_golden(golden, Dumps(())).main_content
    with pytest.raises(Impossible, match="already"):
        fuzz_command.promote(path.stem, tmp_path / "findings")

    assert replay_command.run(arguments(tmp_path, extractor=None)) == 1
    assert "FAILED" in capsys.readouterr().out
    assert find([], tmp_path / "findings")[0], "what fails stays"


def test_a_limit_of_memory_holds_in_the_search_and_in_replays(tmp_path, goldens, capsys):
    how = {"goldens": [goldens], "operators": ["D22"], "search": True, "memory": 500 * 2**20}
    assert fuzz_command.run(arguments(tmp_path, extractor=["takes_memory"], **how)) == 1
    crash = next(path for path in find([], tmp_path / "findings")[0] if path.stem.startswith("crash"))
    capsys.readouterr()
    for memory, state in ((500 * 2**20, "FAILED"), (2 * 2**30, "CHANGED")):
        assert replay_command.run(arguments(tmp_path, extractor=None, names=[crash.stem], memory=memory)) == 1
        assert capsys.readouterr().out.startswith(state)


def test_what_is_fixed_goes_unless_it_is_kept(tmp_path, capsys):
    golden = html_golden()
    finding = Finding(
        kind="body lost",
        severity=1.0,
        level="critical",
        extractor="sound",
        version=None,
        identity="",
        options={},
        source="x/y",
        operators=(),
        python="[]",
        seed=0,
        before={"retention": 1.0},
        after={},
        lost="",
        leaked="",
        error="",
        shrunk="complete",
        made_with={},
        pages={"page": golden, "control": golden},
    )
    path = save(finding, tmp_path / "findings")
    assert replay_command.run(arguments(tmp_path, extractor=None, keep=True)) == 0
    assert path.exists()
    assert replay_command.run(arguments(tmp_path, extractor=None)) == 0
    assert "FIXED" in capsys.readouterr().out
    assert not list(path.parent.iterdir())
    with pytest.raises(CannotTell, match="no findings"):
        replay_command.run(arguments(tmp_path, extractor=None))


def test_wrong_names_are_told(tmp_path):
    with pytest.raises(Impossible, match="unknown operator 'D99'"):
        fuzz_command.run(arguments(tmp_path, operators=["D99"]))
    with pytest.raises(Impossible, match="no finding 'nonsense'"):
        fuzz_command.run(arguments(tmp_path, minimal="nonsense"))
    with pytest.raises(Impossible, match="no finding 'nonsense'"):
        replay_command.run(arguments(tmp_path, names=["nonsense"], extractor=None))


def test_a_finding_that_cannot_be_read_is_an_error_and_no_verdict(tmp_path, capsys):
    folder = tmp_path / "findings" / "sound"
    folder.mkdir(parents=True)
    (folder / "leak_00000000.yaml").write_text("finding: 1\n")
    assert replay_command.run(arguments(tmp_path, extractor=None)) == 3
    assert "ERROR" in capsys.readouterr().out
