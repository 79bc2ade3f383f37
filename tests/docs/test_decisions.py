"""docs/decisions: every file has the fixed form, and the index lists every file."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "docs/decisions"
DECISIONS = sorted(FOLDER.glob("2*.md"))


@pytest.mark.parametrize("file", DECISIONS, ids=lambda file: file.stem)
def test_a_decision_has_a_title_a_date_and_three_sections(file):
    text = file.read_text(encoding="utf-8")
    assert re.match(rf"# \S.*\n\nDate: {file.name[:10]}\n", text)
    assert re.findall(r"^## (.+)", text, re.M) == ["Context", "Decision", "Consequences"]


def test_the_index_has_every_decision_under_its_date_and_title():
    table = (FOLDER / "README.md").read_text(encoding="utf-8").partition("\n## ")[0]
    rows = re.findall(r"^\| (\S+) \| \[(.+)\]\((.+)\) \|$", table, re.M)
    titles = {file.name: file.read_text(encoding="utf-8").partition("\n")[0] for file in DECISIONS}
    assert {name: f"# {title}" for _, title, name in rows} == titles
    dates = [date for date, _, _ in rows]
    assert dates == [name[:10] for _, _, name in rows] == sorted(dates)
