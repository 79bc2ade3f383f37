"""The commands as people and programs use them: whole outputs, exit codes, messages."""

import csv
import hashlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from harness.cli.main import LISTS, main
from harness.cli.options import BY
from harness.engine.answer import FAILURES

ESCAPE = "\x1b"
STORY = "The ferry was late again because the winch had frozen."  # ten words
MENU = "Home News Sport Weather Jobs"  # five words
GOLD_PLAIN = "Rain fell on the valley all night."  # seven words

PLUGINS = '''\
"""Extractors of the tests."""
import re
from harness import extractor


@extractor(media="text/plain", licence="Apache-2.0")
def whole_text(page):
    """The whole text."""
    return page.text


@extractor
def paragraphs(page):
    return "\\n".join(re.findall("<p>(.*?)</p>", page.html))


@extractor(variants={"loud": {"suffix": " foreign"}}, media="text/plain")
def last_line(page, suffix=""):
    return page.text.strip().splitlines()[-1] + suffix


@extractor
def breaks(page):
    raise ValueError("\\x1b[31mno way\\x1b[0m")


@extractor
def returns_none(page):
    return None


@extractor
def quiet(page):
    return " "


@extractor(requires=["surely-not-installed>=2"])
def needy(page):
    return ""


@extractor(media="text/plain")
def hostile(page):
    return page.text + "\\x1b]0;owned\\x07\\x1b[2J wiped \\x9b31m"
'''
SLOW = """\
import time


def slow(page):
    if "Home" not in page.text:
        time.sleep(600)
    return page.text
"""


def write_golden(
    folder: Path, name: str, page: str, labels: str, *, kind="article", lang="en", site="a.example", dump=False
):
    suffix = "html" if page.startswith("<") else "txt"
    media = "text/html" if suffix == "html" else "text/plain"
    folder.mkdir(parents=True, exist_ok=True)
    if not dump:
        (folder / f"{name}.{suffix}").write_text(page, encoding="utf-8")
    (folder / f"{name}.yaml").write_text(
        "golden: 1\n"
        + ("" if dump else f"page: {json.dumps(f'{name}.{suffix}')}\n")
        + f"sha256: {hashlib.sha256(page.encode()).hexdigest()}\n"
        + f"media: {media}\nlang: {lang}\nkind: {kind}\nsite: {site}\nlabels:\n{labels}",
        encoding="utf-8",
    )


def make_project(folder: Path) -> Path:
    """Two sets of goldens small enough to score in one's head, and a file of extractors."""
    tiny = folder / "goldens" / "tiny"
    html_labels = "  - {keep: p, as: body}\n  - {drop: nav, as: navigation}\n"
    write_golden(tiny, "ferry", f"<nav>{MENU}</nav><p>{STORY}</p>", html_labels)
    write_golden(tiny, "rain", f"{MENU}\n{GOLD_PLAIN}\n", "  - {drop: 1, as: navigation}\n  - {keep: 2, as: body}\n")
    other = folder / "goldens" / "other"
    write_golden(other, "faehre", f"<p>{STORY}</p>", "  - {keep: p, as: post}\n", kind="forum", lang="de", site="b.example")
    (folder / "mine.py").write_text(PLUGINS)
    return folder


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.delenv("HARNESS_DUMPS", raising=False)
    monkeypatch.setenv("COLUMNS", "140")
    monkeypatch.chdir(tmp_path)
    return make_project(tmp_path)


@pytest.fixture(scope="module")
def stored_project(tmp_path_factory):
    """A project with one stored run of all usable extractors, and the id of that run."""
    folder = make_project(tmp_path_factory.mktemp("stored"))
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()):
        patch.delenv("HARNESS_DUMPS", raising=False)
        patch.chdir(folder)
        assert main([*RUN_ALL, "--format", "json"]) == 0
    return folder, json.loads(out.getvalue())


@pytest.fixture
def stored(stored_project, monkeypatch):
    """The stored project as the current folder; its run as the JSON that `run` printed."""
    monkeypatch.delenv("HARNESS_DUMPS", raising=False)
    monkeypatch.setenv("COLUMNS", "140")
    monkeypatch.chdir(stored_project[0])
    return stored_project[1]


NAMES = ["whole_text", "paragraphs", "last_line", "last_line/loud", "breaks", "returns_none", "quiet", "hostile"]
RUN = ["run", "--plugins", "mine.py", "-j", "2"]
RUN_ALL = [*RUN, *(word for name in NAMES for word in ("-e", name))]


def command(*words: str, **options) -> subprocess.Popen:
    """`python -m harness …` as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "harness", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )


def runs() -> list[Path]:
    return sorted(Path("reports/runs").glob("*.jsonl"))


def row_of(table: str, name: str) -> list[str]:
    """The cells of an extractor's first row."""
    return next(line.split() for line in table.splitlines() if line.split()[:1] == [name])


# --- run: the numbers ---


def test_json_of_a_run_key_by_key(project, capsys):
    assert main([*RUN, "-e", "whole_text", "-e", "breaks", "-g", "tiny", "--format", "json"]) == 0
    run = json.loads(capsys.readouterr().out)
    assert run.keys() >= {"run", "goldens", "extractors"}
    assert [path.stem for path in runs()] == [run["run"]]
    assert (run["goldens"]["pages"], run["goldens"]["skipped"]) == (2, 0)
    best, failing = run["extractors"]
    assert best["name"] == "whole_text"
    assert best["version"] is None
    assert (best["pages"], best["answered"], best["errors"], best["coerced"]) == (2, 2, 0, 1)
    # HTML page: ten of fifteen words are the story; text page: seven of twelve.
    p_html, p_text = 10 / 15, 7 / 12
    f_html, f_text = 2 * p_html / (1 + p_html), 2 * p_text / (1 + p_text)
    assert best["scores"]["P"] == pytest.approx((p_html + p_text) / 2)
    assert best["scores"]["R"] == 1.0
    assert best["scores"]["F"] == pytest.approx((f_html + f_text) / 2)
    assert best["scores"]["MER"] == pytest.approx((5 / 15 + 5 / 12) / 2)
    assert best["leaks"] == {"navigation": 10}
    assert best["misses"] == {}
    assert failing["name"] == "breaks"
    assert (failing["pages"], failing["answered"], failing["errors"]) == (2, 0, 2)
    assert (failing["scores"]["P"], failing["scores"]["R"], failing["scores"]["F"], failing["scores"]["MER"]) == (0, 0, 0, 1)
    assert failing["misses"] == {"body": 17}


def test_errors_count_what_is_neither_an_answer_nor_an_empty_answer(stored):
    rows = {row["name"]: row for row in stored["extractors"]}
    assert rows.keys() == set(NAMES)
    counts = {name: (row["answered"], row["empty"], row["errors"]) for name, row in rows.items()}
    assert counts["paragraphs"] == (3, 0, 0)
    assert counts["quiet"] == (0, 3, 0)
    assert counts["breaks"] == counts["returns_none"] == (0, 0, 3)
    for row in rows.values():
        assert row["answered"] + row["empty"] + row["errors"] == row["pages"] == 3
        assert row["errors"] == sum(row["outcomes"].get(outcome, 0) for outcome in FAILURES)
    assert rows["paragraphs"]["coerced"] == 1
    assert rows["whole_text"]["coerced"] == 2


def test_csv_has_a_row_for_each_pair_and_agrees_with_the_json(stored, capsys):
    assert main(["show", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {(row["extractor"], row["golden"]) for row in rows} == {
        (name, page) for name in NAMES for page in ("tiny/ferry", "tiny/rain", "other/faehre")
    }
    assert len(rows) == 3 * len(NAMES)
    for summary in stored["extractors"]:
        own = [float(row["F"]) for row in rows if row["extractor"] == summary["name"]]
        assert sum(own) / len(own) == pytest.approx(summary["scores"]["F"], abs=1e-12)


def test_the_table_is_sorted_marks_coerced_rows_and_ends_with_the_worst_page(project, capsys):
    assert main([*RUN, "-g", "tiny", "-e", "whole_text", "-e", "paragraphs", "-e", "breaks", "-e", "keep_everything"]) == 0
    out = capsys.readouterr().out
    html, _, text = out.partition("Text dumps (1 page)")
    assert "HTML pages (1 page)" in html
    assert row_of(html, "paragraphs")[1] != "†"
    assert row_of(html, "whole_text")[1] == "†"
    assert row_of(text, "whole_text")[1] != "†"
    assert row_of(text, "paragraphs")[1] == "†"
    assert row_of(html, "keep_everything")[1] == "†‡"
    assert {"1.000", ".800", ".667"} <= {*row_of(html, "paragraphs"), *row_of(html, "whole_text")}
    rows = re.findall(r"^(paragraphs|whole_text|breaks) .*\d", html, re.M)
    assert rows[:3] == ["paragraphs", "whole_text", "breaks"]
    for meaning in ("† made for the other track", "‡ reference row"):
        assert meaning in out
    hint = re.search(r"harness (show --page (\S+) -e (\S+))", out)
    assert hint, "the output ends with the next command to type"
    assert main(hint[1].split()) == 0
    assert hint[2] in capsys.readouterr().out


def test_markdown_has_well_formed_tables(stored, capsys):
    assert main(["show", "--format", "md", "-m", "R", "-m", "WER"]) == 0
    tables = [block.splitlines() for block in re.findall(r"(?:^\|.*\n)+", capsys.readouterr().out, re.M)]
    assert len(tables) == 2
    for table in tables:
        assert {line.count("|") for line in table} == {table[0].count("|")}
        assert " R | WER |" in table[0]
        assert len(table) == 2 + len(NAMES)


@pytest.mark.parametrize("format", ["table", "json", "csv", "md"])
def test_output_goes_to_the_file_and_not_to_the_screen(stored, tmp_path, capsys, format):
    target = tmp_path / "new" / "folder" / "report"
    assert main(["show", "--format", format, "-o", str(target)]) == 0
    assert capsys.readouterr().out == ""
    written = target.read_text(encoding="utf-8")
    assert all(name in written for name in NAMES)
    assert ESCAPE not in written


def test_run_writes_its_report_to_a_file_too(project, capsys):
    assert main([*RUN, "-e", "paragraphs", "--format", "json", "-o", "out.json"]) == 0
    assert capsys.readouterr().out == ""
    assert json.loads(Path("out.json").read_text())["extractors"][0]["name"] == "paragraphs"


@pytest.mark.parametrize(
    ("key", "pages"),
    [
        ("kind", {"article": 2, "forum": 1}),
        ("lang", {"en": 2, "de": 1}),
        ("set", {"tiny": 2, "other": 1}),
        ("media", {"text/html": 2, "text/plain": 1}),
        ("site", {"a.example": 2, "b.example": 1}),
    ],
)
def test_by_parts_the_pages_and_loses_none(stored, capsys, key, pages):
    assert key in BY
    assert main(["show", "--by", key, "--format", "json"]) == 0
    for row in json.loads(capsys.readouterr().out)["extractors"]:
        groups = row["by"][key]
        assert {value: group["pages"] for value, group in groups.items()} == pages
        mean = sum(group["pages"] * group["scores"]["F"] for group in groups.values()) / row["pages"]
        assert mean == pytest.approx(row["scores"]["F"])
    assert main(["show", "--by", key]) == 0
    table = capsys.readouterr().out.partition(f"F by {key}")[2]
    assert all(value in table for value in pages)
    assert all(name in table for name in NAMES)


def test_show_repeats_what_run_printed(stored, capsys):
    assert main(["show", stored["run"], "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == stored


def test_scores_do_not_depend_on_the_number_of_jobs(project, capsys):
    found = []
    for jobs in ("1", "4"):
        assert main([*RUN_ALL, "-j", jobs, "--format", "csv"]) == 0
        found.append(capsys.readouterr().out)
    assert found[0] == found[1]


# --- run: what cannot be measured ---


def test_all_unknown_names_come_in_one_message_and_nothing_runs(project, capsys):
    names = ["-e", "trafilatora", "-e", "./absent.py:run", "-g", "tinny", "-g", "goldens/none", "-m", "MERR", "-m", "Q"]
    assert main(["run", "--plugins", "mine.py", *names]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    for unknown in ("'trafilatora'", "absent.py", "'tinny'", "'goldens/none'", "'MERR'", "'Q'"):
        assert unknown in err
    for suggestion in ("'trafilatura'", "'tiny'", "'MER'"):
        assert f"did you mean {suggestion}?" in err
    assert runs() == []


def test_skipped_goldens_are_counted_with_the_way_to_supply_them(project, tmp_path_factory, capsys):
    page = "A dump that stays at home.\n"
    write_golden(Path("goldens/dumped"), "home", page, "  - {keep: 1, as: body}\n", dump=True)
    assert main([*RUN, "-e", "whole_text", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["goldens"] | {"broken": 0} == {"pages": 3, "skipped": 1, "broken": 0}
    for words in ("1 golden skipped", "dumped", "--dumps", "HARNESS_DUMPS"):
        assert words in err
    dumps = tmp_path_factory.mktemp("dumps")
    (dumps / "any name.bin").write_text(page)
    assert main([*RUN, "-e", "whole_text", "--format", "json", "--dumps", str(dumps)]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["goldens"]["pages"] == 4
    assert "skipped" not in err
    assert main([*RUN, "-e", "whole_text", "-g", "dumped"]) == 3, "no page is left"


def test_an_extractor_asked_for_by_name_that_is_not_installed_makes_the_run_incomplete(project, capsys):
    assert main([*RUN, "-e", "needy", "-e", "paragraphs", "-g", "tiny", "--format", "json"]) == 3
    out, err = capsys.readouterr()
    assert [row["name"] for row in json.loads(out)["extractors"]] == ["paragraphs"], "the others are measured"
    assert "needy cannot run: " in err and "surely-not-installed" in err
    assert main([*RUN, "-e", "needy", "-g", "tiny"]) == 3


def test_a_broken_golden_is_named_and_the_others_are_scored(project, capsys):
    Path("goldens/tiny/ferry.html").write_text("<p>changed</p>")
    Path("goldens/tiny/bad.yaml").write_text("labels: [\n")
    assert main([*RUN, "-e", "whole_text", "-g", "tiny", "--format", "json"]) == 3
    out, err = capsys.readouterr()
    run = json.loads(out)
    assert (run["goldens"]["pages"], run["goldens"]["broken"]) == (1, 2)
    assert run["extractors"][0]["pages"] == 1
    for words in ("ferry.yaml", "the page has changed", "bad.yaml", "2 goldens broken", "harness check"):
        assert words in err


def test_only_broken_goldens_is_no_page(project, capsys):
    Path("goldens/tiny/ferry.html").write_text("<p>changed</p>")
    assert main([*RUN, "-e", "whole_text", "-g", "tiny/ferry"]) == 3
    assert "no page" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["run", "-j", "0"],
        ["run", "-j", "many"],
        ["run", "--timeout", "0"],
        ["run", "--timeout", "nan"],
        ["run", "--timeout", "-1"],
        ["run", "--repeat", "0"],
        ["run", "--shard", "3/2"],
        ["run", "--resume", "latest", "-g", "tiny"],
        ["merge"],
        ["run", "--format", "xml"],
        ["run", "--by", "colour"],
        ["run", "extra"],
        ["run", "--plugins", "absent"],
        ["show", "--worst", "0"],
        ["list"],
        ["list", "secrets"],
        ["new", "golden", "absent.html"],
        ["new", "golden", "goldens/tiny/ferry.html"],
        ["check", "absent"],
        ["shwo"],
        [],
    ],
    ids=" ".join,
)
def test_a_bad_option_is_exit_code_2_with_a_message_and_nothing_runs(project, capsys, words):
    try:
        code = main(words)
    except SystemExit as ending:
        code = ending.code
    out, err = capsys.readouterr()
    assert code == 2
    assert "harness" in err
    assert "Traceback" not in err
    assert out == ""
    assert runs() == []


@pytest.mark.parametrize(
    "words", [[], ["run"], ["show"], ["merge"], ["cache"], ["check"], ["list"], ["new"], ["new", "golden"]], ids=" ".join
)
def test_every_command_has_help(capsys, words):
    with pytest.raises(SystemExit) as ending:
        main([*words, "--help"])
    assert ending.value.code == 0
    assert "exit codes:" in capsys.readouterr().out


# --- show ---


def test_show_without_any_run_cannot_tell(project, capsys):
    assert main(["show"]) == 3
    assert "harness run" in capsys.readouterr().err


def test_show_page_is_a_diff_that_says_what_was_missed_and_leaked(stored, capsys):
    assert main(["show", "--page", "tiny/ferry", "-e", "whole_text"]) == 0
    whole = capsys.readouterr().out
    assert main(["show", "--page", "tiny/ferry", "-e", "quiet"]) == 0
    quiet = capsys.readouterr().out
    assert "kept 10   missed 0   leaked 5 (navigation 5)" in whole
    assert f"{{+navigation: {MENU}+}}" in " ".join(whole.split())
    assert STORY in " ".join(whole.split())
    assert "missed 10 (body 10)" in quiet
    assert f"[-{STORY}-]" in " ".join(quiet.split())


def test_show_page_of_two_extractors_is_one_text_with_both(stored, capsys):
    assert main(["show", "--page", "tiny/ferry", "-e", "whole_text", "-e", "quiet"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "A whole_text kept 10 missed 0 leaked 5 (navigation 5) B quiet kept 0 missed 10 leaked 0" in out
    assert f"{{+A navigation: {MENU}+}} [-B: {STORY}-]" in out


def test_show_page_of_a_failure_says_why(stored, capsys):
    assert main(["show", "--page", "tiny/ferry", "-e", "returns_none", "-e", "breaks"]) == 0
    out = capsys.readouterr().out
    assert "returned NoneType, not str" in out
    assert "ValueError" in out
    assert ESCAPE not in out


def test_show_page_without_an_extractor_is_the_labelled_page(stored, capsys):
    assert main(["show", "--page", "tiny/rain"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["1", "drop", "navigation", *MENU.split()] in lines
    assert ["2", "keep", "body", *GOLD_PLAIN.split()] in lines


def test_show_worst_lists_the_worst_pages_first_and_names_the_next_command(stored, capsys):
    assert main(["show", "--worst", "2", "-e", "whole_text"]) == 0
    out = capsys.readouterr().out
    assert out.index("tiny/rain") < out.index("tiny/ferry")
    assert "other/faehre" not in out
    assert "harness show --page tiny/rain -e whole_text" in out


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--page", "tiny/fery", "-e", "quiet"], 2, "did you mean 'tiny/ferry'?"),
        (["--page", "tiny/fery"], 2, "did you mean 'tiny/ferry'?"),
        (["--page", "tiny/ferry", "-e", "quite", "-e", "brakes"], 2, "did you mean 'breaks'?"),
        (["-m", "FF"], 2, "unknown metric 'FF'"),
        (["no-such-run"], 3, "no run 'no-such-run'"),
        (["mine.py"], 3, "mine.py"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_show_meets_wrong_names_half_way(stored, capsys, words, code, message):
    assert main(["show", *words]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err


def test_show_page_refuses_a_page_that_changed_since_the_run(project, capsys):
    assert main([*RUN, "-e", "whole_text", "-g", "tiny"]) == 0
    page = "<nav>Other</nav><p>Other words</p>"
    write_golden(Path("goldens/tiny"), "ferry", page, "  - {keep: p, as: body}\n")
    assert main(["show", "--page", "tiny/ferry", "-e", "whole_text"]) == 3
    assert "changed since run" in capsys.readouterr().err


# --- list, check, new ---


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("extractors", ["whole_text", "last_line/loud", "trafilatura/precision", "in an environment"]),
        ("goldens", ["tiny/ferry", "tiny/rain", "other/faehre", "b.example"]),
        ("metrics", ["MER", "WER", "F", "LF"]),
        ("kinds", ["navigation", "dateline", "metadata"]),
        ("operators", ["T26", "D33", "text/plain", "hostile", "Whole articles at the end of the body"]),
        ("runs", ["finished", str(3 * len(NAMES))]),
    ],
)
def test_every_list_has_its_rows(stored, capsys, what, expected):
    assert what in LISTS
    assert main(["list", what, "--plugins", "mine.py"]) == 0
    out = capsys.readouterr().out
    assert all(words in out for words in expected)


def test_list_runs_shows_a_torn_and_a_foreign_file_and_goes_on(project, capsys):
    assert main(["list", "runs"]) == 0
    assert "harness run" in capsys.readouterr().out
    assert main([*RUN, "-e", "quiet", "-g", "tiny"]) == 0
    whole = runs()[0].read_bytes()
    Path("reports/runs/torn.jsonl").write_bytes(whole[:-30])
    Path("reports/runs/foreign.jsonl").write_text("not a run\n")
    capsys.readouterr()
    assert main(["list", "runs"]) == 0
    out = capsys.readouterr().out
    assert "not finished" in out
    assert "not JSON" in out


def test_new_golden_check_run_is_one_path(project, capsys):
    folder = Path("goldens/fresh")
    folder.mkdir()
    (folder / "page.html").write_text("<html lang=en><nav>Home</nav><p>One <b>two</b> three</p></html>")
    assert main(["new", "golden", str(folder / "page.html")]) == 0
    assert "harness check" in capsys.readouterr().out
    draft = (folder / "page.yaml").read_text()
    assert main(["check", str(folder)]) == 1, "a draft keeps nothing"
    assert "keep" in capsys.readouterr().out
    labelled = re.sub(r"\{drop: (['\"]?[^,]*\bp\b[^,]*), as: other\}", r"{keep: \1, as: body}", draft)
    assert labelled != draft
    (folder / "page.yaml").write_text(labelled)
    assert main(["check", str(folder)]) == 0
    capsys.readouterr()
    assert main([*RUN, "-e", "paragraphs", "-g", "fresh", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["extractors"][0]["misses"] == {}


# --- terminals ---


@pytest.mark.parametrize("words", [["show"], ["show", "--by", "kind"], ["show", "--worst", "9"], ["list", "extractors"]])
def test_a_narrow_terminal_loses_no_row_and_no_digit(stored, capsys, monkeypatch, words):
    monkeypatch.setenv("COLUMNS", "60")
    assert main(words) == 0
    out = capsys.readouterr().out
    lines = out.splitlines()
    assert max(len(line) for line in lines if "harness show" not in line) <= 60
    assert "…" not in out
    if words == ["show"]:
        for name in NAMES:
            assert len(re.findall(rf"^{name} .*\.\d\d\d(?!\d)", out, re.M)) == 2, "one row in each track"


def test_a_narrow_terminal_loses_no_row_with_many_wide_scores(stored, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    assert main(["show", *(word for name in ("P", "R", "F", "WER", "MER", "duplicated") for word in ("-m", name))]) == 0
    squeezed = re.sub(r"\s", "", capsys.readouterr().out)
    for name in NAMES:
        assert name in squeezed or name[:8] in squeezed


def test_no_escape_code_where_output_is_no_terminal(stored, capsys):
    for words in (
        ["show"],
        ["show", "--by", "kind"],
        ["show", "--page", "tiny/ferry", "-e", "whole_text"],
        ["show", "--worst", "3"],
    ):
        assert main(words) == 0
        out, err = capsys.readouterr()
        assert ESCAPE not in out + err


def test_no_color_is_honoured_on_a_terminal(stored, capsys, monkeypatch):
    colour = re.compile(r"\x1b\[[\d;]*\b(3\d|4\d|9\d|10\d)[;m]")
    monkeypatch.setenv("FORCE_COLOR", "1")  # as if on a terminal
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    page = ["show", "--page", "tiny/ferry", "-e", "whole_text", "-e", "quiet"]
    assert main(page) == 0
    assert colour.search(capsys.readouterr().out), "the test sees colours where there are some"
    monkeypatch.setenv("NO_COLOR", "1")
    assert main(page) == 0
    assert not colour.search(capsys.readouterr().out)


CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def test_an_output_with_escape_codes_cannot_reach_the_terminal(stored, capsys):
    for words in (["--page", "tiny/ferry", "-e", "hostile"], ["--format", "md"], []):
        assert main(["show", *words]) == 0
        assert not CONTROLS.search(capsys.readouterr().out)


def test_a_hostile_name_cannot_reach_the_terminal(project, capsys):
    Path("a\x1b[31m\x07.py").write_text("def run(page): return page.text\n")
    name = "./a\x1b[31m\x07.py:run"
    assert main([*RUN, "-e", name, "-g", "tiny"]) == 0
    for words in (["--page", "tiny/ferry", "-e", name], ["--worst", "2"], ["--by", "kind"], ["--format", "md"]):
        assert main(["show", *words]) == 0
    out, err = capsys.readouterr()
    assert "run" in out
    assert sorted(set(CONTROLS.findall(out + err))) == []


def test_a_hostile_golden_cannot_reach_the_terminal(project, capsys):
    folder = Path("goldens/odd")
    page = f"<p>{STORY}\x1b[2J</p>"
    write_golden(folder, "x\x1b[31m", page, "  - {keep: p, as: body}\n", site='"\\e[5mblink"')
    write_golden(folder, "broken\x1b[31m", page, '  - {"\\e[2J": p, as: "\\e[2J"}\n', kind='"\\e[2J"')
    write_golden(folder, "skipped\x1b[31m", page, "  - {keep: p, as: body}\n", dump=True)
    codes = [
        main(["check", "odd"]),
        main(["list", "goldens"]),
        main([*RUN, "-e", "paragraphs", "-e", "quiet", "-g", "odd", "--by", "site"]),
        main(["show", "--page", "odd/x\x1b[31m"]),
        main(["show", "--page", "odd/x\x1b[31m", "-e", "quiet"]),
        main(["show", "--worst", "1", "-e", "quiet"]),
        main(["list", "runs"]),
    ]
    assert codes == [1, 0, 3, 0, 0, 0, 0]
    out, err = capsys.readouterr()
    assert "blink" in out
    assert sorted(set(CONTROLS.findall(out + err))) == []


def test_messages_of_broken_plugins_cannot_reach_the_terminal(project, capsys):
    Path("bad.py").write_text("raise ValueError('\\x1b[2J\\x1b]0;owned\\x07')\n")
    assert main(["run", "--plugins", "bad.py"]) == 2
    err = capsys.readouterr().err
    assert "bad.py" in err
    assert not CONTROLS.search(err)


def test_markup_in_names_is_printed_and_not_obeyed(project, capsys):
    Path("[bold]x[red].py").write_text("def run(page): return page.text\n")
    assert main([*RUN, "-e", "./[bold]x[red].py:run", "-g", "tiny"]) == 0
    assert "./[bold]x[red].py" in re.sub(r"\s", "", capsys.readouterr().out)


# --- processes ---


def test_ctrl_c_keeps_the_run_and_show_shows_it(project):
    Path("slow.py").write_text(SLOW)
    write_golden(Path("goldens/tiny"), "zz", "Waiting for the boat.\n", "  - {keep: 1, as: body}\n")
    process = command(
        *("run", "-e", "./slow.py:slow", "-g", "tiny", "-j", "1", "--timeout", "600"),
        # Where the tests run in the background, Ctrl-C is ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        while not (runs() and runs()[0].read_text().count('"type":"record"') == 2):
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert "Traceback" not in err
    hint = re.search(r"2 results are kept: harness (show \S+)", err)
    assert hint
    assert f"harness run --resume {runs()[0].stem}" in err
    shown = subprocess.run([sys.executable, "-m", "harness", *hint[1].split()], capture_output=True, text=True)
    assert shown.returncode == 0
    assert "was not finished: 2 results" in shown.stdout
    assert "slow.py:slow" in shown.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["list", "kinds"],
        ["show"],
        ["show", "--format", "json"],
        ["show", "--format", "csv"],
        ["show", "--page", "tiny/ferry", "-e", "quiet"],
    ],
    ids=" ".join,
)
def test_a_reader_that_goes_away_is_no_error(stored, monkeypatch, words):
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)  # so that what is left is written at the end, as usual
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.run([sys.executable, "-m", "harness", *words], stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    assert process.stderr == ""
    assert process.returncode == 0


def test_help_imports_nothing_heavy():
    code = (
        "import sys\nfrom harness.cli.main import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\nprint('modules', *sys.modules)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    modules = {name.partition(".")[0] for name in out.rpartition("modules")[2].split()}
    assert modules.isdisjoint({"rich", "jiwer", "rapidfuzz", "selectolax", "yaml", "regex", "packaging", "trafilatura"})
