"""What extractors return of hidden sentences: counted where the story came out, and nowhere else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from factories.exposure import NAMES, few_techniques
from factories.extractors import python_runnable
from harness.cli.main import main
from harness.common.errors import CannotTell
from harness.exposure.measure import Exposure, Trial, expose
from harness.exposure.record import ACCEPTED, MEASURED, read_records, record_of, write_records


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    return few_techniques(tmp_path, monkeypatch)


def counts(source: Path, name: str) -> dict[str, tuple[int, int]]:
    found = expose(python_runnable(source, name, media="text/html"))
    return {row.technique: (row.out, row.pages) for row in (*found.hidden(), *found.lookalikes()) if row.technique in NAMES}


def test_what_comes_out_is_counted_by_technique(few: Path) -> None:
    all_places = dict.fromkeys(NAMES, (18, 18))
    assert counts(few, "everything") == {**all_places, "json-ld": (3, 3)}
    seen = {**all_places, "template": (0, 18), "comment": (0, 18), "json-ld": (0, 3)}
    assert counts(few, "attributes_aside") == seen
    assert counts(few, "obeys_hidden") == {**seen, "hidden-attribute": (0, 18)}
    assert counts(few, "drops_aria") == {**seen, "aria-hidden": (0, 18)}


def test_pages_without_the_story_are_not_measured(few: Path) -> None:
    found = expose(python_runnable(few, "fails_in_tables", media="text/html"))
    hidden = {row.technique: row for row in found.hidden()}
    assert (hidden["hidden-attribute"].out, hidden["hidden-attribute"].pages) == (12, 12)
    assert found.unmeasured == 5 * 6 + 1
    none = expose(python_runnable(few, "nothing", media="text/html"))
    assert all(row.share is None and row.interval is None for row in (*none.hidden(), *none.lookalikes()))


def test_a_visible_sentence_is_only_lost_where_a_plain_one_comes_out() -> None:
    trials = (
        Trial("plain", "before", "div", True),
        Trial("plain", "after", "div", False),
        Trial("aria-hidden", "before", "div", False),
        Trial("aria-hidden", "after", "div", False),
    )
    rows = {row.technique: row for row in Exposure("x", None, "i", trials).lookalikes()}
    assert (rows["aria-hidden"].out, rows["aria-hidden"].pages) == (0, 1)


def test_the_command_shows_stores_and_accepts(few: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["exposure", "--plugins", "mine.py", "-e", "obeys_hidden"]
    assert main([*words, "--format", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["extractors"]
    assert row["hidden"]["hidden-attribute"] == {"pages": 18, "out": 0}
    assert row["lookalikes"]["plain"] == {"pages": 18, "out": 18}
    assert row["intervals"]["hidden-attribute"][0] == 0.0 < row["intervals"]["hidden-attribute"][1] < 0.25
    assert main(words) == 0
    assert "obeys_hidden" in capsys.readouterr().out
    assert main([*words, "--format", "md"]) == 0
    assert "| aria-hidden | 100% |" in capsys.readouterr().out
    assert main(["exposure", "--accept"]) == 0
    assert read_records(ACCEPTED) == read_records(MEASURED) and "obeys_hidden" in read_records()
    assert main(["exposure", "--accept", "-e", "nobody"]) == 3


def test_nothing_measured_is_no_result(few: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exposure", "--plugins", "mine.py", "-e", "nothing"]) == 3
    assert "nothing was measured" in capsys.readouterr().err
    assert not MEASURED.exists()
    capsys.readouterr()
    assert main(["exposure", "--accept"]) == 3
    assert "no exposure was measured in this project yet: harness exposure" in capsys.readouterr().err
    assert main(["exposure", "--accept", "-e", "nobody"]) == 3
    assert "exposure of nobody was not measured in this project yet: harness exposure -e nobody" in capsys.readouterr().err
    assert main(["exposure", "-e", "main_story"]) == 3
    assert "HTML" in capsys.readouterr().err


def test_other_extractors_keep_their_records_and_damage_is_named(few: Path) -> None:
    record = record_of(Exposure("one", "1", "i", (Trial("template", "before", "div", True),)))
    write_records({"one": record, "two": replace(record, extractor="two")})
    assert read_records()["two"] == replace(record, extractor="two")
    for damage in ("[]", "{", '{"exposure": 2}', MEASURED.read_text().replace('"out": 1', '"out": 7')):
        MEASURED.write_text(damage)
        with pytest.raises(CannotTell, match="remove it, and measure again"):
            read_records()
        ACCEPTED.write_text(MEASURED.read_text())
        with pytest.raises(CannotTell, match="restore it"):
            read_records(ACCEPTED)
        Path("mine.json").write_text(MEASURED.read_text())
        with pytest.raises(CannotTell, match="`harness exposure` writes such a file"):
            read_records(Path("mine.json"))
