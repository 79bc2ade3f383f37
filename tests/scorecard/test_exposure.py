"""The scorecard's heat map of hidden text: shares by technique, what was not measured, names of others escaped."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from harness.cli.main import main
from harness.exposure.measure import Exposure, Trial
from harness.exposure.record import read_records, record_of, write_records
from harness.runs.find import read_run

TRIALS = (
    Trial("template", "before", "div", True),
    Trial("template", "after", "div", False),
    Trial("hidden-attribute", "before", "div", False),
    Trial("plain", "before", "div", True),
    Trial("aria-hidden", "before", "div", False),
)


@pytest.fixture
def exposed(measured_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A measured project as the current folder with a record of exposure in a file; the name of its extractor."""
    monkeypatch.chdir(measured_project)
    name = read_run().records[0].extractor
    identity = "of another version"
    write_records({name: record_of(Exposure(name, "1", identity, TRIALS))}, tmp_path / "exposure.json")
    return name


def test_the_heat_map_says_what_came_out(exposed: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cards = [tmp_path / f"card{suffix}" for suffix in (".html", ".md", ".json")]
    written = [word for card in cards for word in ("-o", str(card))]
    assert main(["scorecard", "--exposure", str(tmp_path / "exposure.json"), *written]) == 0, capsys.readouterr().err
    page, text, values = (card.read_text() for card in cards)
    assert '<section id="exposure"' in page and "measured with another version" in page
    assert "| template | 50% |" in text and "| hidden-attribute | 0% |" in text and "| aria-hidden | 0% |" in text
    view = json.loads(values)["exposure"]
    assert view["extractors"] == [exposed]
    hidden = next(group for group in view["groups"] if group["name"] == "Hidden")
    assert hidden["total"]["shares"] == [pytest.approx(1 / 3)]
    assert hidden["rows"][0] == {"technique": "template", "shares": [0.5]}
    assert {"technique": "opacity-0", "shares": [None]} in hidden["rows"]


def test_without_a_file_there_is_no_heat_map(exposed: str, tmp_path: Path) -> None:
    assert main(["scorecard", "-o", str(tmp_path / "card.html"), "-o", str(tmp_path / "card.json")]) == 0
    assert 'id="exposure"' not in (tmp_path / "card.html").read_text()
    assert "exposure" not in json.loads((tmp_path / "card.json").read_text())


def test_a_file_without_these_extractors_is_refused(
    exposed: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "exposure.json"
    write_records({"other": replace(read_records(path)[exposed], extractor="other")}, path)
    assert main(["scorecard", "--exposure", str(path), "-o", str(tmp_path / "card.html")]) == 3
    assert "nothing was measured" in capsys.readouterr().err
    assert main(["scorecard", "--exposure", str(tmp_path / "gone.json"), "-o", str(tmp_path / "card.html")]) == 3
    assert "gone.json: no such file; harness exposure writes one" in capsys.readouterr().err
