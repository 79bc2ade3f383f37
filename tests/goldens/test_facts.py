"""Facts in golden files: what they say, and what is said of those with mistakes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from harness.common.places import bundled
from harness.evaluation.digests import facts_of
from harness.goldens.reader import Dumps, GoldenError, read_golden
from harness.goldens.sets import find_goldens, load_goldens

PAGE = b"<nav>Home</nav><p>The light stays.</p>"
HEAD = f"""page: a.html
sha256: {hashlib.sha256(PAGE).hexdigest()}
media: text/html
lang: en
kind: article
site: a
"""


def golden_file(folder: Path, facts: str, labels: str = "labels:\n  - {keep: p}\n", number: int = 2) -> Path:
    (folder / "a.html").write_bytes(PAGE)
    file = folder / "a.yaml"
    file.write_text(f"golden: {number}\n{HEAD}{labels}{facts}", encoding="utf-8")
    return file


def test_facts_are_read_a_line_each(tmp_path: Path) -> None:
    facts = """facts:
  - present: The light
  - {absent: Home, max_diffs: 1}
  - order: [The light, stays]
  - {repeat: stays, times: 2}
  - {cell: "611", row: For}
  - code: "a\\n  b"
"""
    golden = read_golden(golden_file(tmp_path, facts), Dumps([]))
    assert [f"{fact.place}: {fact}" for fact in golden.facts] == [
        'a.yaml:11: present "The light"',
        'a.yaml:12: absent "Home"',
        'a.yaml:13: order "The light" … "stays"',
        'a.yaml:14: repeat "stays", 2 times',
        'a.yaml:15: cell "611", row "For"',
        'a.yaml:16: code "a b"',
    ]
    assert golden.facts[5].texts == ("a\n  b",)


def test_facts_need_no_labels_and_then_nothing_else_is_known(tmp_path: Path) -> None:
    golden = read_golden(golden_file(tmp_path, "facts:\n  - present: The light\n", labels=""), Dumps([]))
    assert not golden.has_main_content
    assert len(golden.facts) == 1


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        ("{presnt: a}", "unknown key 'presnt'; did you mean 'present'?"),
        ("{present: a, absent: b}", "a fact has exactly one of present, absent"),
        ("a", "a fact is a mapping"),
        ("{present: '…'}", "`present` needs a text with words"),
        ("{present: [a, b]}", "`present` needs one text"),
        ("{order: [a]}", "`order` needs a list of two texts or more"),
        ("{present: a, times: 2}", "`times` goes with `repeat`"),
        ("{repeat: a, times: two}", "`times` needs a number"),
        ("{cell: a}", "`cell` needs one of left, right"),
        ("{cell: a, row: '-'}", "`row` needs a text with words"),
    ],
)
def test_a_mistake_in_a_fact_is_told_with_its_line(tmp_path: Path, fact: str, reason: str) -> None:
    with pytest.raises(GoldenError) as raised:
        read_golden(golden_file(tmp_path, f"facts:\n  - {fact}\n"), Dumps([]))
    assert any(mistake.row == 11 and reason in mistake.reason for mistake in raised.value.mistakes)


def test_facts_are_of_the_second_format(tmp_path: Path) -> None:
    with pytest.raises(GoldenError, match="`facts` is of format 2"):
        read_golden(golden_file(tmp_path, "facts:\n  - present: a\n", number=1), Dumps([]))


def test_other_facts_change_no_hash_of_the_labels(tmp_path: Path) -> None:
    one = facts_of(read_golden(golden_file(tmp_path, "facts:\n  - present: The light\n"), Dumps([])))
    other = facts_of(read_golden(golden_file(tmp_path, "facts:\n  - present: stays\n"), Dumps([])))
    moved = facts_of(read_golden(golden_file(tmp_path, "# a comment\nfacts:\n  - present: stays\n"), Dumps([])))
    assert one.labels == other.labels
    assert one.facts != other.facts == moved.facts


def test_the_core_goldens_state_at_least_150_facts() -> None:
    goldens = load_goldens(find_goldens([str(bundled("goldens") / "core")]), Dumps([])).goldens
    facts = [fact for golden in goldens for fact in golden.facts]
    assert len(facts) >= 150
    assert {fact.category for fact in facts} == {"present", "absent", "order", "repeat", "cell", "code"}
