"""Goldens in sets, and goldens whose pages lie elsewhere: what is checked, and what is reported of all together."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from factories.checks import HTML, HTML_RULES, TEXT, TEXT_RULES, check, golden_text, write


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HARNESS_DUMPS", raising=False)


def test_mistakes_of_a_set_come_all_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    rules = HTML_RULES.replace("h1", "h7").replace("navigation", "navi") + '  - {drop: "b i u", as: promo}\n'
    write("set/many.yaml", yaml=golden_text(HTML, rules).replace("lang: en\n", "").replace("article\n", "articel\n"))
    write("set/changed.yaml", yaml=golden_text(HTML + " ", HTML_RULES))
    write("set/good.yaml")
    write("set/missing.yaml", yaml=golden_text(HTML, HTML_RULES, name="gone.html"))
    write("set/elsewhere.yaml", yaml=golden_text("another page", HTML_RULES, name=None))
    write("set/broken.yaml", yaml="golden: [1\n")
    code, mistakes, printed = check(capsys, "set")
    assert code == 1
    assert "6 goldens: 1 right, 4 with mistakes, 1 not checked" in printed
    by_file = {name: [m for m in mistakes if m.startswith(f"set/{name}.yaml")] for name in ("changed", "missing", "broken")}
    assert {name: len(found) for name, found in by_file.items()} == {"changed": 1, "missing": 1, "broken": 1}
    many = "\n".join(m for m in mistakes if m.startswith("set/many.yaml"))
    for reason in ("key 'lang' is missing", "'articel'", "unknown kind 'navi'", "nothing: 'h7'", "nothing: 'b i u'"):
        assert reason in many


def test_two_goldens_with_one_id_are_reported_and_both_are_checked(capsys: pytest.CaptureFixture[str]) -> None:
    write("one/set/ferry.yaml")
    write("two/set/ferry.yaml", yaml=golden_text(HTML, HTML_RULES.replace("h1", "h7")))
    shutil.copy("one/set/ferry.yaml", "one/set/ferry.yml")
    code, mistakes, printed = check(capsys, "one", "two")
    assert code == 1
    duplicates = [m for m in mistakes if "duplicate id set/ferry" in m]
    assert len(duplicates) == 2
    assert any(m.startswith("two/set/ferry.yaml:10: maybe: h7: selector matches nothing") for m in mistakes), printed


def test_the_same_golden_named_twice_is_checked_once(capsys: pytest.CaptureFixture[str]) -> None:
    write("set/ferry.yaml")
    code, mistakes, printed = check(capsys, "set", "set/ferry.yaml", ".")
    assert (code, mistakes) == (0, [])
    assert "1 goldens" in printed or "1 golden:" in printed


def elsewhere() -> None:
    write("set/away.yaml", yaml=golden_text(TEXT, TEXT_RULES, name=None, media="text/plain"))
    folder = Path("store/2024/deep")
    folder.mkdir(parents=True)
    (folder / "any name.bin").write_bytes(TEXT.encode())
    (folder / "other.txt").write_bytes(b"\xff\x00 not it")


def test_a_page_that_is_not_here_is_listed_as_not_checked(capsys: pytest.CaptureFixture[str]) -> None:
    elsewhere()
    code, mistakes, printed = check(capsys, "set")
    assert (code, mistakes) == (3, [])
    assert re.search(r"set/away: not checked.*--dumps", printed)
    write("set/here.yaml")
    code, _, printed = check(capsys, "set")
    assert code == 0
    assert "2 goldens: 1 right, 0 with mistakes, 1 not checked" in printed


def test_a_page_is_found_by_its_checksum_under_any_name(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere()
    Path("empty").mkdir()
    assert check(capsys, "set", "--dumps", "empty", "--dumps", "store")[0] == 0
    assert check(capsys, "set", "--dumps", "empty")[0] == 3
    monkeypatch.setenv("HARNESS_DUMPS", os.pathsep.join(["empty", "", "store"]))
    assert check(capsys, "set")[0] == 0
    assert check(capsys, "set", "--dumps", "empty")[0] == 0


def test_labels_are_checked_as_far_as_possible_without_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    elsewhere()
    write("set/away.yaml", yaml=golden_text(TEXT, TEXT_RULES.replace("footer", "foter"), name=None, media="text/plain"))
    code, mistakes, _ = check(capsys, "set")
    assert code == 1
    assert "unknown kind 'foter'" in mistakes[0]


def test_a_folder_of_dumps_that_does_not_exist_is_an_impossible_request(capsys: pytest.CaptureFixture[str]) -> None:
    elsewhere()
    code, _, printed = check(capsys, "set", "--dumps", "stroe")
    assert code == 2
    assert "stroe" in printed
