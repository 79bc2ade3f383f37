"""`harness check`: every kind of mistake that a golden can have (harness/golden_file.py, golden_sets.py)."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from harness.cli import main

HTML = """<!DOCTYPE html><title>Ferry</title><nav>Home</nav>
<article><h1>The ferry is back</h1><p>It left at dawn.</p><p>Nobody waved.</p></article>"""
TEXT = "Home\n\nThe ferry is back\nPORT (X) - It left at dawn.\nNobody waved.\n   \nAll rights reserved"
HTML_RULES = """\
  - {keep: "article p", as: body}
  - {maybe: h1, as: title}
  - {drop: nav, as: navigation}
"""
TEXT_RULES = """\
  - {keep: 4-5, as: body}
  - {maybe: "4[0:11]", as: dateline}
  - {maybe: 3, as: title}
  - {drop: [1, 7], as: footer}
"""


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HARNESS_DUMPS", raising=False)


def golden_text(page: str, rules: str, name: str | None = "ferry.html", media: str = "text/html") -> str:
    return f"""golden: 1
{f"page: {name}" if name else "# no page"}
sha256: {hashlib.sha256(page.encode()).hexdigest()}
media: {media}
lang: en
kind: article
site: harbour.example
labels:
{rules}"""


def write(path: str, page: str | bytes = HTML, yaml: str | None = None) -> Path:
    """A golden with its page `ferry.html` beside it."""
    golden = Path(path)
    golden.parent.mkdir(parents=True, exist_ok=True)
    (golden.parent / "ferry.html").write_bytes(page if isinstance(page, bytes) else page.encode())
    golden.write_bytes((yaml or golden_text(HTML, HTML_RULES)).encode("utf-8", "surrogateescape"))
    return golden


def check(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str], str]:
    """Exit code, the lines that tell of mistakes, and everything that was printed."""
    code = main(["check", *arguments])
    printed = capsys.readouterr()
    lines = (printed.out + printed.err).splitlines()
    return code, [line for line in lines if re.match(r"\S+\.ya?ml[:\d]*: ", line)], "\n".join(lines)


def test_right_goldens_of_both_media_pass(capsys: pytest.CaptureFixture[str]) -> None:
    write("set/html.yaml")
    write("text/text.yaml", TEXT, golden_text(TEXT, TEXT_RULES, media="text/plain"))
    code, mistakes, printed = check(capsys, "set", "text")
    assert (code, mistakes) == (0, [])
    assert "2 goldens: 2 right, 0 with mistakes" in printed


# Each: what is replaced in the golden, by what; a text of the line that is named (None: any); the label shown; the reason.
MISTAKES = [
    # Places in HTML.
    ("nav, as", "menu, as", "menu, as", "drop: menu", "selector matches nothing: 'menu'"),
    ("nav, as", "'p >> (', as", "p >> (", "drop: p >> (", "not a CSS selector: 'p >> ('"),
    ("nav, as", "[nav, aside.menu], as", "aside", "drop: nav, aside.menu", "selector matches nothing: 'aside.menu'"),
    ("nav, as", "'', as", "''", "drop: ", "needs a place"),
    ("nav, as", "[], as", "[]", "", "needs a place"),
    ("nav, as", "[nav, {a: hover}], as", "hover", "", "place"),
    ("nav, as", "title, as", "drop: title", "drop: title", "no text there"),
    # What a rule is made of.
    ("as: navigation", "as: navigaton", "navigaton", "drop: nav", "unknown kind 'navigaton'; did you mean 'navigation'?"),
    ("nav, as: navigation", "[nav, title], as: navi", "navi}", "drop: nav, title", "unknown kind 'navi'"),
    ("as: navigation", "as: [navigation]", "[navigation]", "drop: nav", "kind"),
    ("as: navigation", "as: {a: b}", "{a: b}", "drop: nav", "kind"),
    ("as: navigation", "of: navigation", "of:", "drop: nav", "unknown key 'of'"),
    ("as: navigation", "as: navigation, as: related", "as: related", "", "twice"),
    ("as: navigation", "as: navigation, drop: h1", "drop: h1", "", "twice"),
    ("{drop: nav", "{dropp: nav", "dropp", "", "unknown key 'dropp'; did you mean 'drop'?"),
    ("{drop: nav", "{maybe: h1, drop: nav", "drop: nav", "maybe: h1, drop: nav", "exactly one of keep, maybe, drop"),
    ("{drop: nav, as: navigation}", "drop", "- drop", "", "a label is a mapping"),
    # Keys of the file.
    ("kind: article", "kind: artikel", "kind", "", "unknown kind 'artikel'; did you mean 'article'?"),
    ("media: text/html", "media: html", "media", "", "unknown media 'html'"),
    ("golden: 1", "golden: 2", "golden", "", "unknown golden '2'"),
    ("lang: en", "langs: en\nlang: en", "langs", "", "unknown key 'langs'; did you mean 'lang'?"),
    ("lang: en", "lang: en\nlang: de", "lang: de", "", "key 'lang' stands here twice"),
    ("lang: en", "lang:", "lang", "", "key 'lang' needs one value"),
    ("lang: en", "lang: [en, de]", "lang", "", "key 'lang' needs one value"),
    ("site: harbour.example\n", "", None, "", "key 'site' is missing"),
    # The page.
    ("page: ferry.html", "page: fery.html", "page", "", "page 'fery.html' does not exist"),
    ("page: ferry.html", "page: ../ferry.html", "page", "", "beside its golden"),
    ("page: ferry.html", "page: /etc/hostname", "page", "", "beside its golden"),
    ("page: ferry.html", "page: .", "page", "", "does not exist"),
    ("page: ferry.html", 'page: "ferry\\0.html"', "page", "", "page"),
    # Not YAML, or not ours.
    ("lang: en", "lang: en: de", "lang", "", "not YAML: "),
    ("lang: en", "lang: 'en", None, "", "not YAML: "),
    ("as: navigation}", "as: navigation", None, "", "not YAML: "),
    ("lang: en", "\tlang: en", "lang", "", "not YAML: "),
    ("lang: en", "lang: \x01", None, "", "not YAML: "),
    ("lang: en", "lang: e\udcff", None, "", "not UTF-8: byte"),
    ("lang: en", "lang: &a en\nurl: *a", "url", "", "aliases are not allowed"),
    ("nav, as", f"{'[' * 9}nav{']' * 9}, as", "nav", "", "nested deeper than"),
    # Some releases of PyYAML refuse this before we can, in words of their own.
    ("nav, as", f"{'[' * 5_000}nav{']' * 5_000}, as", "nav", "", ""),
]


@pytest.mark.parametrize(("old", "new", "at", "label", "reason"), MISTAKES, ids=[f"{m[1][:30]!r}" for m in MISTAKES])
def test_a_mistake_is_reported_once_with_file_line_label_and_reason(
    capsys: pytest.CaptureFixture[str], old: str, new: str, at: str | None, label: str, reason: str
) -> None:
    text = golden_text(HTML, HTML_RULES).replace(old, new, 1)
    write("set/ferry.yaml", yaml=text)
    code, mistakes, printed = check(capsys, "set/ferry.yaml")
    assert code == 1, printed
    assert len(mistakes) == 1, printed
    if at is not None:
        row = next(number for number, line in enumerate(text.split("\n"), 1) if at in line)
        assert mistakes[0].startswith(f"set/ferry.yaml:{row}: {label}")
    assert reason in mistakes[0]


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("{drop: 8, as: footer}", "line 8 is out of range"),
        ("{drop: 0, as: footer}", "line 0 is out of range"),
        ("{drop: 5-9, as: footer}", "line 9 is out of range"),
        ("{drop: 5-4, as: footer}", "range 5-4 ends before it begins"),
        ("{drop: 2, as: footer}", "line 2 is blank"),
        ("{drop: 6, as: footer}", "line 6 is blank"),
        ('{drop: "5[0:14]", as: footer}', "characters 0:14 are not in line 5, which has 13"),
        ('{drop: "5[3:3]", as: footer}', "characters 3:3 are not in line 5"),
        ('{drop: "9[0:1]", as: footer}', "line 9 is out of range"),
        ('{drop: "4[10:11]", as: footer}', "no effect"),
        ("{drop: article p, as: footer}", "not a place in a text page: 'article p'"),
        ("{drop: -3, as: footer}", "not a place in a text page: '-3'"),
        ("{drop: 5-7, as: footer}", "contradicts the label of line 9 (keep: 4-5)"),
        ("{drop: 4-5, as: footer}", "contradicts the label of line 9 (keep: 4-5)"),
    ],
)
def test_a_wrong_place_in_a_text_dump_is_reported(capsys: pytest.CaptureFixture[str], rule: str, reason: str) -> None:
    rules = TEXT_RULES + f"  - {rule}\n"
    write("set/ferry.yaml", TEXT, golden_text(TEXT, rules, media="text/plain"))
    code, mistakes, printed = check(capsys, "set")
    assert code == 1
    shown = "drop: " + rule.split(": ", 1)[1].split(", as")[0].strip('"')
    assert any(m.startswith(f"set/ferry.yaml:13: {shown}: ") and reason in m for m in mistakes), printed


def test_two_verdicts_for_the_same_elements_contradict_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    write("set/ferry.yaml", yaml=golden_text(HTML, HTML_RULES + '  - {drop: "p", as: related}\n'))
    code, mistakes, _ = check(capsys, "set")
    assert code == 1
    assert any("set/ferry.yaml:12: drop: p: contradicts the label of line 9 (keep: article p)" in m for m in mistakes)


def test_a_golden_without_keep_measures_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    write("set/none.yaml", yaml=golden_text(HTML, HTML_RULES.replace("keep", "maybe")))
    write("set/empty.yaml", yaml=golden_text(HTML, "  []\n"))
    code, mistakes, _ = check(capsys, "set")
    assert code == 1
    assert [re.sub(": .*", "", m) for m in mistakes] == ["set/empty.yaml", "set/none.yaml"]
    assert all("`keep`" in m for m in mistakes)


def test_a_changed_page_names_its_new_checksum(capsys: pytest.CaptureFixture[str]) -> None:
    changed = HTML.replace("dawn", "noon")
    write("set/ferry.yaml", changed)
    code, mistakes, _ = check(capsys, "set")
    assert code == 1
    assert len(mistakes) == 1
    assert mistakes[0].startswith("set/ferry.yaml:3: ")
    assert hashlib.sha256(changed.encode()).hexdigest() in mistakes[0]


def test_a_page_that_is_not_utf8_is_reported_with_the_byte(capsys: pytest.CaptureFixture[str]) -> None:
    page = HTML.replace("dawn", "d\u00e4wn").encode("latin-1")
    yaml = golden_text(HTML, HTML_RULES).replace(hashlib.sha256(HTML.encode()).hexdigest(), hashlib.sha256(page).hexdigest())
    write("set/ferry.yaml", page, yaml)
    code, mistakes, _ = check(capsys, "set")
    assert code == 1
    assert len(mistakes) == 1
    assert f"ferry.html is not UTF-8: byte {page.index(0xE4)} is 0xe4" in mistakes[0]


def test_a_link_to_a_page_outside_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    golden = write("set/ferry.yaml")
    (tmp_path / "secret").write_text(HTML, encoding="utf-8")
    (golden.parent / "ferry.html").unlink()
    try:
        (golden.parent / "ferry.html").symlink_to(tmp_path / "secret")
    except OSError:
        pytest.skip("this system has no symbolic links")
    code, mistakes, _ = check(capsys, "set")
    assert code == 1
    assert "beside its golden" in mistakes[0]


@pytest.mark.parametrize(
    "content", ["", "just words", "- a\n- list\n", "# nothing\n", "---\na: 1\n---\nb: 2\n", "[" * 100_000]
)
def test_what_is_no_golden_at_all_is_reported(capsys: pytest.CaptureFixture[str], content: str) -> None:
    Path("set").mkdir()
    Path("set/odd.yaml").write_text(content, encoding="utf-8")
    code, mistakes, printed = check(capsys, "set")
    assert code == 1
    assert len(mistakes) == 1, printed


def test_a_huge_file_and_a_bomb_are_refused_before_they_are_read_as_yaml(capsys: pytest.CaptureFixture[str]) -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 40))
    write("set/bomb.yaml", yaml=bomb)
    write("set/huge.yaml", yaml=golden_text(HTML, HTML_RULES) + "#" * 1_000_000)
    code, mistakes, _ = check(capsys, "set")
    assert code == 1
    assert len(mistakes) == 2
    assert mistakes[0].startswith("set/bomb.yaml:2: ")
    assert re.search(r"huge\.yaml: the file has 1,000,\d{3} bytes", mistakes[1])


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


# --- pages that stay elsewhere ----------------------------------------------------------------------------------------


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


# --- what is checked --------------------------------------------------------------------------------------------------


def test_unknown_goldens_are_named_all_at_once_with_suggestions(capsys: pytest.CaptureFixture[str]) -> None:
    write("goldens/harbour/ferry.yaml")
    Path("void").mkdir()
    code, _, printed = check(capsys, "harbor", "harbour/fery", "void", "harbour")
    assert code == 2
    assert "'harbor'; did you mean 'harbour'?" in printed
    assert "'harbour/fery'; did you mean 'harbour/ferry'?" in printed
    assert "'void' holds no golden" in printed


@pytest.mark.parametrize("name", ["goldens", "harbour", "harbour/ferry", "goldens/harbour", "goldens/harbour/ferry.yaml"])
def test_goldens_go_by_folder_set_id_or_file(capsys: pytest.CaptureFixture[str], name: str) -> None:
    write("goldens/harbour/ferry.yaml")
    code, _, printed = check(capsys, name)
    assert code == 0
    assert "1 right" in printed


def test_without_arguments_the_goldens_of_this_folder_are_checked_else_those_that_come_along(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, _, printed = check(capsys)
    assert code == 0
    assert int(re.search(r"(\d+) right", printed)[1]) >= 45
    write("goldens/harbour/ferry.yaml", yaml=golden_text(HTML, HTML_RULES.replace("h1", "h7")))
    code, mistakes, _ = check(capsys)
    assert code == 1
    assert len(mistakes) == 1


def test_check_as_a_program_exits_with_1_and_no_traceback() -> None:
    write("set/ferry.yaml", yaml=golden_text(HTML, HTML_RULES.replace("h1", "h7")))
    done = subprocess.run(
        [sys.executable, "-m", "harness", "check", "set"], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 1
    assert "set/ferry.yaml:10: maybe: h7: selector matches nothing: 'h7'" in done.stdout
    assert done.stderr == ""


# --- anything at all --------------------------------------------------------------------------------------------------

SCRAPS = st.one_of(
    st.text(st.sampled_from("{}[]:,-#&*!|>'\"%@`?\\ \n\t019a\x00é")),
    st.sampled_from(
        ["keep", "[a]", "{a: b}", "? [a] : b", "<<: 1", "!!python/name:os.system x", "null", "~", "9[0:9]", "*", "'"]
    ),
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(media=st.sampled_from(["html", "plain"]), start=st.integers(0, 340), length=st.integers(0, 12), scrap=SCRAPS)
@example(media="html", start=golden_text(HTML, HTML_RULES).index("body"), length=4, scrap="[body]")
def test_no_file_however_spoiled_ends_in_a_traceback(
    capsys: pytest.CaptureFixture[str], media: str, start: int, length: int, scrap: str
) -> None:
    text = golden_text(HTML, HTML_RULES) if media == "html" else golden_text(TEXT, TEXT_RULES, media="text/plain")
    write("set/ferry.yaml", HTML if media == "html" else TEXT, text[:start] + scrap + text[start + length :])
    code, mistakes, printed = check(capsys, "set")
    assert code in (0, 1, 3), printed
    assert (code == 1) == bool(mistakes), printed


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(page=st.binary(), media=st.sampled_from(["text/html", "text/plain"]))
def test_any_bytes_can_be_a_page(capsys: pytest.CaptureFixture[str], page: bytes, media: str) -> None:
    rules = "  - {keep: body, as: body}" if media == "text/html" else "  - {keep: 1, as: body}"
    sha256 = hashlib.sha256(page).hexdigest()
    write("set/ferry.yaml", page, re.sub("sha256: .*", f"sha256: {sha256}", golden_text("", rules, media=media)))
    code, mistakes, printed = check(capsys, "set")
    try:
        page.decode("utf-8")
    except UnicodeDecodeError:
        assert any("not UTF-8" in m for m in mistakes), printed
    assert (code == 1) == bool(mistakes), printed
