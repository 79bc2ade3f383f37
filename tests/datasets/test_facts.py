"""Facts in JSONL in the shape of olmOCR-bench."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.baseline.file import read_baseline
from harness.cli.main import main
from harness.datasets import DatasetError
from harness.datasets.formats.facts import facts_entries
from harness.runs.find import read_run

BASE = {"pdf": "pond.html", "page": 1, "id": "pond_1", "max_diffs": 0, "checked": "verified"}
ROWS = [
    {"type": "present", "text": "It froze over", "case_sensitive": False, "url": "https://www.pond.example/a"},
    {"type": "absent", "text": "Read on", "first_n": 40, "max_diffs": 1},
    {"type": "order", "before": "It froze", "after": "It thawed"},
    {"type": "table", "cell": "9", "left_heading": "Days", "top_heading": "", "up": "Number"},
    {"type": "math", "math": "a^2"},
]


def dataset(folder: Path, rows: list[dict[str, object]]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "pond.html").write_text("<html lang=fi><p>It froze over.<p>It thawed.", encoding="utf-8")
    lines = (json.dumps({**BASE, **row}) for row in rows)
    (folder / "facts.jsonl").write_text("\n".join(lines) + "\n\n", encoding="utf-8")
    return folder


def test_rows_become_the_facts_of_their_page(tmp_path: Path) -> None:
    (entry,) = facts_entries(dataset(tmp_path / "ponds", ROWS))
    golden = entry.load()
    assert (entry.id, entry.site, golden.lang, entry.flags) == ("ponds/pond", "pond.example", "fi", ("facts-not-read",))
    present, absent, order, cell = golden.facts
    assert (present.texts, present.ignore_case) == (("It froze over",), True)
    assert (absent.first, absent.max_diffs) == (40, 1)
    assert order.texts == ("It froze", "It thawed")
    assert dict(cell.neighbours) == {"row": "Days", "up": "Number"}
    assert [fact.place for fact in golden.facts] == [f"facts.jsonl:{number}" for number in range(1, 5)]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"pdf": "a.pdf", "type": "present", "text": "a"}, "'a.pdf' is a PDF"),
        ({"pdf": "../a.html", "type": "present", "text": "a"}, "is not the name of a file"),
        ({"type": "present"}, "has no 'text'"),
        ({"type": "present", "text": "…"}, "'text' has no words"),
        ({"type": "absent", "text": "a", "first_n": -1}, "'first_n' must be a whole number"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(tmp_path: Path, row: dict[str, object], reason: str) -> None:
    with pytest.raises(DatasetError, match=r"facts\.jsonl:1: .*") as raised:
        list(facts_entries(dataset(tmp_path, [row])))
    assert reason in str(raised.value)


def test_a_run_over_facts_names_each_that_fails_with_its_places(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    dataset(tmp_path / "ponds", [ROWS[2], {"type": "absent", "text": "It thawed"}])
    assert main(["run", "-g", "facts:ponds", "-e", "html_text"]) == 0
    capsys.readouterr()
    assert main(["show", "--facts"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        'html_text  ponds/pond  facts.jsonl:2: absent "It thawed": came out in line 3 of the output',
        "1 fact failed on 1 page",
    ]
    (record,) = read_run().records
    assert record.failed_facts == {'facts.jsonl:2: absent "It thawed"': "came out in line 3 of the output"}
    assert main(["accept"]) == 0
    baseline = read_baseline(Path("reports/baseline.json"))
    assert [golden.facts for golden in baseline.goldens.values()] == [read_run().header.golden("ponds/pond").facts]
