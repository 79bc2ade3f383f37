"""A stand-in for a language model from its declaration to tables, views, scorecards and the gate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from factories.ferries import add_golden
from harness.cli.main import main
from harness.runs.find import list_runs, read_run
from harness.runs.record import Run

PLUGIN = """
import os

from harness import extractor

CALLS = os.open("calls", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

@extractor(media="text/plain", batch=4, generative=True, max_input=400)
def model(pages):
    os.write(CALLS, b"%d\\n" % len(pages))
    for page in pages:
        page.add_tokens(10, 5)
        page.retries += 1
        page.confidence = 0.25 if "7" in page.text else 0.75
    return [page.text.split("\\n")[0] + LIE for page in pages]
"""
RUN = ["run", "--plugins", "model.py", "-e", "model", "-j", "1"]
LIE = " Seven otters bit Prof. Zargle."


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ten small pages and a model that copies, as the current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "150")
    for number in range(10):
        more = " and late" * 60 if number == 7 else ""
        add_golden(f"p{number:03}", f"The ferry number {number} was late{more}.\nBuy a ticket.\n")
    write("")
    return tmp_path


def write(lie: str) -> None:
    Path("model.py").write_text(f"LIE = {lie!r}\n{PLUGIN}")


def run(*more: str, code: int = 0) -> Run:
    assert main([*RUN, *more]) == code
    return read_run(texts=False)


def calls() -> list[int]:
    return [int(line) for line in Path("calls").read_text().split()]


def test_pages_go_to_a_model_in_batches_and_known_ones_not_again(project, capsys):
    first = run()
    assert calls() == [4, 4, 2]
    assert len(first.records) == 10
    truncated = [record.golden for record in first.records if record.truncated]
    assert truncated == ["many/p007"]
    assert all(record.timing["tokens_in"] == 10 and record.timing["retries"] == 1 for record in first.records)
    Path("calls").unlink()
    add_golden("p010", "The ferry number ten was late.\nBuy a ticket.\n")
    again = {record.golden: record for record in run().records}
    assert calls() == [1]
    assert all(
        (again[one.golden].scores, again[one.golden].confidence) == (one.scores, one.confidence) for one in first.records
    )


def test_what_a_model_tells_is_in_the_table_and_its_json(project, capsys):
    run()
    capsys.readouterr()
    assert main(["show"]) == 0
    head = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("extractor"))
    assert {"fabricated", "tokens", "retries", "truncated", "confidence"} <= {*head.split()}
    assert main(["show", "--format", "json"]) == 0
    told = capsys.readouterr().out
    assert all(
        f'"{name}"' in told for name in ("tokens_in", "tokens_out", "retries", "truncated", "confidence", "fabricated")
    )


def test_a_model_that_begins_to_invent_turns_the_gate_red_and_is_quoted(project, capsys):
    run()
    assert main(["accept"]) == 0
    write(LIE)
    run()
    capsys.readouterr()
    assert main(["gate", "--rules", "release"]) == 1
    out = " ".join(capsys.readouterr().out.split())
    assert "fabricated" in out and "[Seven otters bit Prof. Zargle.]" in out
    assert main(["show", "--fabricated"]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.startswith("model: fabricated .") and head.endswith("on 10 of 10 pages")
    assert all("(5 words): … " in line and "[Seven otters bit Prof. Zargle.]" in line for line in lines)


def test_confidence_is_compared_with_the_score(project, capsys):
    run()
    capsys.readouterr()
    assert main(["show", "--confidence"]) == 0
    title, _, _, row = capsys.readouterr().out.splitlines()[:4]
    assert title == "Text dumps, confidence against F"
    name, pages, mean, *_ = row.split()
    assert (name, pages, mean) == ("model", "10", ".700")


def test_a_run_without_confidence_says_so(project, capsys):
    assert main(["run", "-e", "keep_everything"]) == 0
    assert main(["show", "--confidence"]) == 3
    assert "no extractor of run" in capsys.readouterr().err


def test_a_scorecard_has_a_section_for_models_only_where_there_is_one(project, capsys):
    write(LIE)
    run()
    cards = [f"card{suffix}" for suffix in (".html", ".md", ".json")]
    assert main(["scorecard", *(word for card in cards for word in ("-o", card))]) == 0
    page, text, values = (Path(card).read_text() for card in cards)
    assert '<section id="models"' in page and "risk: 1" in page and "Zargle" in page
    assert "## Language models" in text and "| model | 10 of 10 | .700 |" in text
    view = json.loads(values)["models"]
    assert view["fabrication"][0]["with_some"] == 10 and view["confidence"][0]["told"] == 10
    assert main(["run", "-e", "keep_everything"]) == 0
    assert main(["scorecard", "-o", "other.json"]) == 0
    assert "models" not in json.loads(Path("other.json").read_text())


def test_the_file_of_a_run_keeps_what_was_told(project):
    run()
    lines = [json.loads(line) for line in list_runs()[0].read_text().splitlines()]
    rows = {line["golden"]: line for line in lines if line["type"] == "record"}
    assert (rows["many/p007"]["truncated"], rows["many/p007"]["confidence"]) == (True, 0.25)
    assert "truncated" not in rows["many/p000"] and "fabricated" not in rows["many/p000"]
