"""`harness fuzz`: the matrix, the search, what is accepted, and exit codes."""

import json

import pytest

from factories.fuzz_requests import fuzz_arguments
from factories.goldens import save_golden
from factories.layouts import html_golden
from harness.cli.commands import fuzz as fuzz_command
from harness.cli.commands import replay as replay_command
from harness.common.errors import Impossible
from harness.fuzz.findings.finding import find_findings
from harness.goldens.reader import Dumps, read_golden


@pytest.fixture
def goldens(tmp_path):
    """A folder with one golden."""
    return str(save_golden(tmp_path / "small", html_golden(), "lamps").parent)


def test_the_matrix_as_table_json_and_markdown(tmp_path, goldens, capsys):
    how = {"extractor": ["sound"], "goldens": [goldens], "operators": ["D18,D1", "D33"]}
    assert fuzz_command.run(fuzz_arguments(tmp_path, **how)) == 0
    assert "Robustness" in capsys.readouterr().out
    assert fuzz_command.run(fuzz_arguments(tmp_path, **how, format="json")) == 0
    written = json.loads(capsys.readouterr().out)
    assert {row["code"] for row in written["operators"]} == {"D1", "D18", "D33"}
    assert written["cells"] and written["totals"][0]["extractor"] == "sound"
    assert fuzz_command.run(fuzz_arguments(tmp_path, **how, format="md", output=tmp_path / "r.md")) == 0
    assert (tmp_path / "r.md").read_text().startswith("## Robustness")


@pytest.mark.slow
def test_new_findings_are_exit_code_1_and_accepted_ones_are_no_news(tmp_path, goldens, capsys, monkeypatch):
    how = {"extractor": ["sound"], "goldens": [goldens], "operators": ["D18"], "search": True}
    assert fuzz_command.run(fuzz_arguments(tmp_path, **how)) == 1
    (path,), _ = find_findings([], tmp_path / "findings")
    assert path.stem in capsys.readouterr().out
    assert fuzz_command.run(fuzz_arguments(tmp_path, **how)) == 0, "nothing is news twice"
    assert fuzz_command.run(fuzz_arguments(tmp_path, accept=True)) == 0
    path.unlink()
    assert fuzz_command.run(fuzz_arguments(tmp_path, **how)) == 0
    (tmp_path / "accepted.yaml").write_text("[]\n")
    assert fuzz_command.run(fuzz_arguments(tmp_path, **how)) == 1, "what is not on the list is news, whoever has seen it"

    assert fuzz_command.run(fuzz_arguments(tmp_path, minimal=path.stem)) == 0
    page = capsys.readouterr().out
    assert "lamplighters" in page and len(page.splitlines()) <= 40

    monkeypatch.chdir(tmp_path)
    assert fuzz_command.promote(path.stem, tmp_path / "findings") == 0
    (golden,) = (tmp_path / "found").glob("*.yaml")
    assert "lamplighters" in read_golden(golden, Dumps(())).main_content
    with pytest.raises(Impossible, match="already"):
        fuzz_command.promote(path.stem, tmp_path / "findings")

    assert replay_command.run(fuzz_arguments(tmp_path, instead=None)) == 1
    assert "FAILED" in capsys.readouterr().out
    assert find_findings([], tmp_path / "findings")[0], "what fails stays"


@pytest.mark.slow
def test_a_limit_of_memory_holds_in_the_search_and_in_replays(tmp_path, goldens, capsys):
    how = {"goldens": [goldens], "operators": ["D22"], "search": True, "memory": 500 * 2**20}
    assert fuzz_command.run(fuzz_arguments(tmp_path, extractor=["takes_memory"], **how)) == 1
    crash = next(path for path in find_findings([], tmp_path / "findings")[0] if path.stem.startswith("crash"))
    capsys.readouterr()
    for memory, state in ((500 * 2**20, "FAILED"), (2 * 2**30, "CHANGED")):
        assert replay_command.run(fuzz_arguments(tmp_path, instead=None, names=[crash.stem], memory=memory)) == 1
        assert capsys.readouterr().out.startswith(state)


def test_wrong_names_are_told(tmp_path):
    with pytest.raises(Impossible, match="unknown operator 'D99'"):
        fuzz_command.run(fuzz_arguments(tmp_path, operators=["D99"]))
    with pytest.raises(Impossible, match="no finding 'nonsense'"):
        fuzz_command.run(fuzz_arguments(tmp_path, minimal="nonsense"))
    with pytest.raises(Impossible, match="no finding 'nonsense'"):
        replay_command.run(fuzz_arguments(tmp_path, names=["nonsense"], instead=None))


def test_a_finding_that_cannot_be_read_is_an_error_and_no_verdict(tmp_path, capsys):
    folder = tmp_path / "findings" / "sound"
    folder.mkdir(parents=True)
    (folder / "leak_00000000.yaml").write_text("finding: 1\n")
    assert replay_command.run(fuzz_arguments(tmp_path, instead=None)) == 3
    assert "ERROR" in capsys.readouterr().out
