"""Every mistake that a golden can have is reported once, with its file, line, label and reason."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from factories.checks import HTML, HTML_RULES, TEXT, TEXT_RULES, check, golden_text, write
from harness.cli.main import main
from harness.goldens.draft import draft
from harness.goldens.reader import Dumps, GoldenError, read_golden
from harness.pages.page import Page


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HARNESS_DUMPS", raising=False)


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
    # What format 2 added.
    ("nav, as", "nav, text: Home, as", "text: Home", "drop: nav, text: Home", "`text` is of format 2: `harness upgrade"),
    # Keys of the file.
    ("kind: article", "kind: artikel", "kind", "", "unknown kind 'artikel'; did you mean 'article'?"),
    ("media: text/html", "media: html", "media", "", "unknown media 'html'"),
    ("golden: 1", "golden: 3", "golden", "", "unknown golden '3'; known: 1, 2"),
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


def test_a_page_may_be_in_an_encoding_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    html = HTML.replace("<title>", "<meta charset=windows-1251><title>").replace("dawn", "Рассвет")
    page = html.encode("cp1251")
    yaml = golden_text(HTML, HTML_RULES).replace(hashlib.sha256(HTML.encode()).hexdigest(), hashlib.sha256(page).hexdigest())
    golden = write("set/ferry.yaml", page, yaml)
    code, mistakes, _ = check(capsys, "set")
    assert (code, mistakes) == (0, [])
    assert "Рассвет" in read_golden(golden, Dumps([])).main_content


def test_what_the_bytes_of_a_page_tell_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    page = HTML.replace("<title>", "<meta charset=iso-8859-1><title>").replace("dawn", "däwn")
    write("set/ferry.yaml", page, golden_text(page, HTML_RULES))
    assert main(["check", "set"]) == 0
    assert "set/ferry: encoding-misdeclared: another encoding is declared" in capsys.readouterr().out


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
    assert re.search(r"huge\.yaml: cannot be read: it has more than 1,000,000 bytes", mistakes[1])


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
    assert (code == 1) == bool(mistakes), printed


@pytest.mark.parametrize(
    ("stored", "found", "ends"), [(b"<p>a\n<p>b\n", b"<p>a\r\n<p>b\r\n", "LF"), (b"a\r\nb", b"a\nb", "CRLF")]
)
def test_line_ends_that_git_changed_are_told_with_how_to_keep_them(
    tmp_path: Path, stored: bytes, found: bytes, ends: str
) -> None:
    page = tmp_path / "pond.html"
    page.write_bytes(stored)
    golden = page.with_suffix(".yaml")
    golden.write_text(draft(page, Page(stored, "text/html")).replace("{drop:", "{keep:"), encoding="utf-8")
    read_golden(golden, Dumps([]))
    page.write_bytes(found)
    with pytest.raises(GoldenError) as raised:
        read_golden(golden, Dumps([]))
    (mistake,) = raised.value.mistakes
    assert f"only the line ends of pond.html have changed, from {ends}" in mistake.reason
    assert "`*.html -text`" in mistake.reason
    page.write_bytes(found + b"c")
    with pytest.raises(GoldenError, match="the page has changed"):
        read_golden(golden, Dumps([]))
