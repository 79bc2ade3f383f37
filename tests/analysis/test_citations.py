"""What `harness cite` names for a run: each publication once, with all that is from it."""

import json

from factories.records import record, run_of, store
from harness import __version__
from harness.analysis.citations import citations_of
from harness.cli.main import main
from harness.datasets.catalogue import CATALOGUE


def test_datasets_and_metrics_of_one_benchmark_are_one_citation_with_its_licence():
    records = [record(golden=name) for name in ("aeb/a", "aeb/b", "core/c", "wceb-dragnet/d")]
    found = citations_of(run_of(*records, metrics=("F", "MER", "aeb.F")))
    by_text = {one.text: (one.cited_for, one.licence) for one in found.known}
    assert next(iter(by_text)).startswith("extraction-harness ")
    assert by_text[CATALOGUE["aeb"].citation] == (("aeb (2 pages)", "aeb.F"), "MIT")
    assert by_text[CATALOGUE["wceb"].citation][0] == ("wceb-dragnet (1 page)",)
    assert found.known[0].cited_for == ("core (1 page)",)
    assert [names for text, (names, _) in by_text.items() if "WIL" in text] == [("MER",)], "F needs none"
    assert found.unknown == ()


def test_goldens_of_ones_own_are_named_as_having_no_citation(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    store(run_of(record(golden="mine/a")))
    assert main(["cite", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)[0] == {"text": f"extraction-harness {__version__}", "licence": "Apache-2.0", "cited_for": []}
    assert err == "nothing to cite is known of mine\n"


def test_without_a_run_there_is_nothing_to_cite(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["cite"]) == 3
    assert "harness run" in capsys.readouterr().err
