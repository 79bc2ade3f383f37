"""`harness compare`, and two outputs beside the golden as one text."""

from __future__ import annotations

import argparse
import json
import re
import shlex
import time
from collections import Counter
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from helpers import text_page, write_goldens
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from harness import stats
from harness.alignment.align import PageWords, align, page_words
from harness.analysis.compare import Compared, compare
from harness.cli.commands import compare as command
from harness.cli.main import main
from harness.common.errors import CannotTell, Impossible
from harness.goldens.golden import Golden, Segment
from harness.pages.words import words
from harness.report.comparison import comparison_markdown, p_value, print_comparison, show_commands, signed
from harness.report.kit.terminal import file_console
from harness.report.three_way import print_three_way, three_way
from harness.runs.file import Record, Run, new_run, read_run

SITES = 40


def record(extractor: str, golden: str, f: float | None, **fields: object) -> Record:
    usual = {
        "media": "text/html",
        "kind": "article",
        "lang": "en",
        "site": f"{golden.rpartition('/')[2]}.example",
        "coerced": False,
        "outcome": "ok",
        "error": "",
        "text": "",
        "scores": {"F": f, "MER": None if f is None else 1 - f},
        "counts": {"kept": 1, "missed": 0, "leaked": 0, "free": 0},
        "leaks": {},
        "misses": {},
    }
    return Record(extractor=extractor, golden=golden, **{**usual, **fields})


def run_of(records: list[Record], id: str = "20260101-000000", **header: object) -> Run:
    ordered = tuple(sorted(records, key=lambda r: r.key))
    goldens = {r.golden: {"page": "p", "labels": "l"} for r in ordered}
    about = {"id": id, "metrics": ["F", "MER"], "goldens": goldens, "arguments": {}, "extractors": {}, **header}
    return Run(id, about, {r.extractor: "1.0" for r in ordered}, ordered, finished=True)


def scored(extractor: str, scores: list[float], **fields: object) -> list[Record]:
    return [record(extractor, f"set/{number:04}", score, **fields) for number, score in enumerate(scores)]


def two(first: list[float], second: list[float], metric: str = "F") -> Compared:
    run = run_of(scored("a", first) + scored("b", second))
    (found,) = compare(run, run, [("a", "b")], metric)
    return found


def noise(count: int, spread: float, seed: int = 1) -> np.ndarray:
    return spread * np.random.default_rng(seed).standard_normal(count)


# What is computed


def test_the_difference_is_b_minus_a_page_by_page_and_the_statistics_are_those_of_harness_stats():
    first = list(np.linspace(0.2, 0.9, SITES))
    second = [min(1.0, score + change) for score, change in zip(first, 0.02 + noise(SITES, 0.03))]
    found = two(first, second).whole
    differences = np.array(second) - np.array(first)
    assert found.first == pytest.approx(np.mean(first)) and found.second == pytest.approx(np.mean(second))
    assert found.estimate.value == pytest.approx(differences.mean())
    sites = stats.sites_of([f"{number:04}.example" for number in range(SITES)], ["set"] * SITES)
    (expected,) = stats.compare(np.stack([second, first], axis=1), sites)
    assert found.estimate.interval.low == pytest.approx(expected.difference.interval.low)
    assert found.p == expected.p and found.detectable == pytest.approx(expected.detectable)
    assert (found.won, found.lost) == (sum(differences >= 0.005), sum(differences <= -0.005))
    assert found.won + found.tied + found.lost == found.pages == SITES


@settings(max_examples=15)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=30),
    st.sampled_from(["F", "MER"]),
)
def test_exchanging_a_and_b_mirrors_everything(pairs, metric):
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    there, back = two(first, second, metric), two(second, first, metric)
    assert there.whole.p == back.whole.p
    assert there.whole.estimate.value == pytest.approx(-back.whole.estimate.value)
    assert (there.whole.won, there.whole.tied, there.whole.lost) == (back.whole.lost, back.whole.tied, back.whole.won)
    mirrored = {"A better": "B better", "B better": "A better"}
    assert there.whole.verdict == mirrored.get(back.whole.verdict, back.whole.verdict)
    assert [change.golden for change in there.won] == [change.golden for change in back.lost]
    assert all(change.gain > 0 for change in there.won) and all(change.gain < 0 for change in there.lost)


def test_what_is_better_follows_the_metric():
    first, second = [0.5] * SITES, list(0.8 + np.abs(noise(SITES, 0.02)))
    assert two(first, second, "F").whole.verdict == "B better"
    by_errors = two(first, second, "MER").whole
    assert by_errors.verdict == "B better" and by_errors.estimate.value < 0
    assert (by_errors.won, by_errors.lost) == (SITES, 0)


@pytest.mark.parametrize(
    ("count", "changes", "verdict"),
    [
        (SITES, np.zeros(SITES), "same"),
        (SITES, 0.1 + noise(SITES, 0.05), "B better"),
        (400, noise(400, 0.05), "not told apart"),
        (30, noise(30, 0.2), "too few pages"),
        (5, np.full(5, 0.3), "too few pages"),  # all the same way, yet five sites cannot reach p .05
        (400, np.r_[np.full(5, -0.01), np.zeros(395)], "too few pages"),  # five sites differ among many
    ],
)
def test_the_verdict_tells_no_difference_from_too_few_pages(count, changes, verdict):
    first = np.full(count, 0.5)
    assert two(list(first), list(first + changes)).whole.verdict == verdict


def test_many_pages_of_one_site_are_one_observation():
    first = scored("a", [0.5] * SITES)
    second = scored("b", [0.7] * SITES)
    apart = run_of(first + second)
    together = run_of([replace(r, site="one.example") for r in first + second])
    (many,), (one,) = (compare(run, run, [("a", "b")], "F") for run in (apart, together))
    assert many.whole.verdict == "B better" and many.whole.p < 0.001
    assert one.whole.verdict == "too few pages" and one.whole.p == 1


def test_repeats_of_a_page_count_once_with_their_mean():
    again = [replace(r, repeat=1, scores={"F": 0.9, "MER": 0.1}) for r in scored("b", [0.5] * 3)]
    run = run_of(scored("a", [0.5] * 3) + scored("b", [0.5] * 3) + again)
    (found,) = compare(run, run, [("a", "b")], "F")
    assert (found.whole.pages, found.whole.second) == (3, pytest.approx(0.7))


def test_slices_hold_their_own_pages_and_only_keys_with_several_values_are_shown():
    kinds = ["forum"] * 3 + ["article"] * 5
    first = [replace(r, kind=kind) for r, kind in zip(scored("a", [0.5] * 8), kinds)]
    second = [replace(r, kind=kind) for r, kind in zip(scored("b", [0.9] * 3 + [0.4] * 5), kinds)]
    run = run_of(first + second)
    (found,) = compare(run, run, [("a", "b")], "F")
    assert set(found.by) == {"kind"}
    rows = {row.name: row for row in found.by["kind"]}
    assert {name: (row.pages, row.won, row.lost) for name, row in rows.items()} == {"article": (5, 0, 5), "forum": (3, 3, 0)}
    assert rows["forum"].estimate.value == pytest.approx(0.4) and rows["article"].estimate.value == pytest.approx(-0.1)


def test_holm_counts_the_rows_of_each_table_and_not_those_of_others():
    names = ["x", "y", "z"]
    before = [r for name in names for r in scored(name, [0.5] * SITES)]
    kinds = ["forum", "article"] * (SITES // 2)
    after = [r for seed, name in enumerate(names) for r in scored(name, list(0.51 + noise(SITES, 0.05, seed)))]
    runs = [run_of([replace(r, kind=kinds[int(r.golden[-4:])]) for r in records]) for records in (before, after)]
    found = compare(*runs, [(name, name) for name in names], "F")
    assert [item.whole.adjusted for item in found] == stats.holm([item.whole.p for item in found])
    for item in found:
        assert [row.adjusted for row in item.by["kind"]] == stats.holm([row.p for row in item.by["kind"]])


def test_words_by_kind_are_summed_over_the_pages_compared_and_the_largest_change_comes_first():
    first = scored("a", [0.5, 0.5], leaks={"related": 10, "legal": 3}, misses={"body": 4})
    second = [*scored("b", [0.6, 0.6], leaks={"related": 4, "consent": 2}, misses={"body": 4})]
    alone = record("b", "set/alone", 0.1, leaks={"legal": 999})
    run = run_of([*first, *second, alone])
    (found,) = compare(run, run, [("a", "b")], "F")
    assert [(w.kind, w.first, w.second) for w in found.leaks] == [("related", 20, 8), ("legal", 6, 0), ("consent", 0, 4)]
    assert [(w.kind, w.first, w.second) for w in found.misses] == [("body", 8, 8)]


# Pages that cannot be compared


def test_pages_that_changed_between_the_runs_are_left_out_with_the_reason():
    before, after = (run_of(scored("x", [0.5] * 7), id) for id in ("1", "2"))
    goldens = {id: dict(hashes) for id, hashes in after.header["goldens"].items()}
    goldens["set/0000"]["page"] = "another"
    goldens["set/0001"]["labels"] = "others"
    kept = [r for r in after.records if r.golden != "set/0002"]
    kept = [replace(r, scores={"F": None, "MER": None}) if r.golden == "set/0003" else r for r in kept]
    after = replace(after, header={**after.header, "goldens": goldens}, records=(*kept, record("x", "set/new", 1.0)))
    (found,) = compare(before, after, [("x", "x")], "F")
    assert found.left_out == {
        "the golden's page changed": ("set/0000",),
        "the golden's labels changed": ("set/0001",),
        "only A has them": ("set/0002",),
        "F has no value": ("set/0003",),
        "only B has them": ("set/new",),
    }
    assert found.whole.pages == 3


@pytest.mark.parametrize(("what", "metric", "comparable"), [("F", "F", False), ("text", "MER", False), ("F", "MER", True)])
def test_scores_of_another_definition_are_not_compared(what, metric, comparable):
    before = run_of(scored("x", [0.5] * 2), "1")  # without definitions: the first ones
    after = run_of(scored("x", [0.5] * 2), "2", definitions={"text": 1, "words": 1, "F": 1, "MER": 1, what: 2})
    (found,) = compare(before, after, [("x", "x")], metric)
    assert (found.whole is not None) == comparable
    assert list(found.left_out) == ([] if comparable else [f"the definition of {what} changed"])


def test_sets_that_no_extractor_is_ranked_by_are_left_out():
    run = run_of([*scored("a", [0.5]), *scored("b", [0.9])], unranked=["set"])
    (found,) = compare(run, run, [("a", "b")], "F")
    assert found.whole is None and len(found.left_out) == 1


# The command


@pytest.fixture
def stored(tmp_path, monkeypatch):
    """Two runs: in the later one `x` is worse on pages of one kind and better on none, `y` as it was, `z` is gone."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    kinds = ["forum", "article"] * (SITES // 2)
    x, y = noise(SITES, 0.1) + 0.6, noise(SITES, 0.1, 2) + 0.7
    dropped = x - 0.3 * np.array([kind == "forum" for kind in kinds])
    before = scored("x", list(x)) + scored("y", list(y)) + scored("z", [0.1] * SITES) + scored("x@1.0", list(y))
    after = scored("x", list(dropped), leaks={"related": 7}) + scored("y", list(y))
    for id, records in (("20260101-000000", before), ("20260102-000000", after)):
        run = run_of([replace(r, kind=kinds[int(r.golden[-4:])]) for r in records])
        header = {key: value for key, value in run.header.items() if key != "id"}
        with new_run(id, header) as writer:
            for row in run.records:
                writer.record(row)
            writer.finish()
    return tmp_path


def arguments(first: str, second: str, **options: object) -> argparse.Namespace:
    usual = {"run_name": None, "baseline": None, "metric": None, "extractor": [], "format": "table", "output": None}
    return argparse.Namespace(first=first, second=second, **{**usual, **options})


def as_json(capsys, first: str, second: str, **options: object) -> dict:
    assert command.run(arguments(first, second, format="json", **options)) == 0
    return json.loads(capsys.readouterr().out)


def test_two_extractors_of_the_latest_run_or_of_the_one_given(stored, capsys):
    latest = as_json(capsys, "x", "y")["comparisons"]
    older = as_json(capsys, "x", "y", run_name="latest~1")["comparisons"]
    assert [(item["a"]["run"], item["b"]["run"]) for item in (*latest, *older)] == [
        ("20260102-000000",) * 2,
        ("20260101-000000",) * 2,
    ]
    assert latest[0]["all"]["difference"] > older[0]["all"]["difference"] > 0


def test_two_runs_compare_every_extractor_that_both_have(stored, capsys):
    found = as_json(capsys, "latest~1", "latest")
    assert [item["a"]["extractor"] for item in found["comparisons"]] == ["x", "y"]
    x, y = found["comparisons"]
    assert (x["all"]["verdict"], y["all"]["verdict"]) == ("A better", "same")
    assert x["by"]["kind"]["article"]["verdict"] == "same" and x["by"]["kind"]["forum"]["verdict"] == "A better"
    assert x["leaks"] == {"related": {"a": 0, "b": 7 * SITES}}
    assert found["notes"] == ["only in A: x@1.0, z"]
    only = as_json(capsys, "20260101-000000", "reports/runs/20260102-000000.jsonl", extractor=["y"])
    assert [item["a"]["extractor"] for item in only["comparisons"]] == ["y"]


def test_a_run_and_the_baseline(stored, capsys):
    baseline = pytest.importorskip("harness.baseline.file")
    rows = pytest.importorskip("harness.baseline.model")
    baseline.write_baseline(rows.baseline_of(read_run("latest~1")), Path("kept.json"))
    found = as_json(capsys, "baseline", "latest", baseline=Path("kept.json"))["comparisons"]
    assert [(item["all"]["verdict"], item["a"]["run"]) for item in found] == [("A better", "baseline"), ("same", "baseline")]
    assert all(len(change["commands"]) == 1 for change in found[0]["lost"]), "a baseline has no texts to show"


def test_the_table_names_the_verdict_the_pages_and_what_shows_them(stored, capsys):
    assert command.run(arguments("latest~1", "latest")) == 0
    out = capsys.readouterr().out
    assert re.search(r"^x +40 .* A better *$", out, re.M) and re.search(r"^y +40 .* same *$", out, re.M)
    assert "A is better, and by more than chance explains" in out
    assert re.search(r"^related +0 +280 +\+280$", out, re.M)
    assert "Pages on which B is better" not in out
    page = re.search(r"^  −\.300  \S+ → \S+  (\S+)$", out, re.M)[1]
    for run in ("20260101-000000", "20260102-000000"):
        assert f"  harness show {run} --page {page} -e x" in out


@pytest.mark.parametrize("columns", [60, 80, 100, 140])
def test_tables_fit_the_terminal(stored, capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    assert command.run(arguments("x", "y")) == 0
    out = capsys.readouterr().out
    assert all(len(line) <= columns for line in out.splitlines() if "harness show" not in line)
    assert re.search(r"^forum .* B better *$", out, re.M), "whatever else is left out, the verdict stays"


def test_markdown_escapes_names_and_a_file_is_written_where_asked(stored, capsys):
    target = stored / "deep" / "compared.md"
    assert command.run(arguments("latest~1", "latest", format="md", output=target)) == 0
    assert capsys.readouterr().out == ""
    text = target.read_text()
    assert "| x | 40 |" in text and "**F by kind**" in text
    run = run_of(scored("a|<b>\x1b[31m", [0.5, 0.6]) + scored("b", [0.7, 0.9]))
    compared = compare(run, run, [("a|<b>\x1b[31m", "b")], "F")
    assert "a\\|&lt;b>\\\\u001b[31m" in comparison_markdown(compared, "F", [])
    printed = StringIO()
    print_comparison(compared, "F", [], file_console(printed))
    assert "\x1b" not in printed.getvalue()
    assert command.run(arguments("x", "y", output=stored / "compared.txt")) == 0
    assert "95 % interval" in (stored / "compared.txt").read_text()


@pytest.mark.parametrize(
    ("first", "second", "options", "message"),
    [
        ("x", "yy", {}, "'yy' is no extractor of run 20260102-000000 and no run; did you mean 'y'?"),
        ("latest", "latest", {}, "with itself"),
        ("x", "latest", {}, "'latest' is a run and 'x' an extractor"),
        ("latest", "latest~7", {}, "only 2"),
        ("x", "y", {"metric": "f"}, "unknown metric 'f'"),
        ("x", "y", {"run_name": "nowhere"}, "no run 'nowhere'"),
        ("x", "y", {"extractor": ["x"]}, "named already"),
        ("latest~1", "latest", {"run_name": "latest"}, "named already"),
        ("latest~1", "latest", {"extractor": ["z"]}, "run 20260102-000000 has no extractor 'z'"),
        ("baseline", "latest", {"baseline": Path("none.json")}, "none.json"),
        ("x", "y", {"baseline": Path("kept.json")}, "name `baseline`"),
    ],
)
def test_what_cannot_be_asked_is_exit_code_2_and_says_why(stored, first, second, options, message):
    with pytest.raises(Impossible) as raised:
        command.run(arguments(first, second, **options))
    assert message in str(raised.value)


def test_names_with_two_meanings_are_not_guessed(stored):
    Path("x").write_bytes(Path("reports/runs/20260101-000000.jsonl").read_bytes())
    with pytest.raises(Impossible, match=r"'x' is an extractor of run 20260102-000000 and also a run; write \./x"):
        command.run(arguments("x", "y"))
    assert command.run(arguments("./x", "latest", output=Path("out.txt"))) == 0
    Path("x").unlink()
    with pytest.raises(Impossible, match="has no 'z' but z@1, z@2: write one of them"):
        releases = run_of(scored("z@1", [0.5]) + scored("z@2", [0.6]))
        with new_run("20260103-000000", {key: value for key, value in releases.header.items() if key != "id"}) as writer:
            for row in releases.records:
                writer.record(row)
        command.run(arguments("z", "z@2"))


def test_where_no_page_can_be_compared_the_exit_code_is_3(stored, tmp_path, monkeypatch):
    others = run_of([record("x", "other/page", 0.5)])
    with new_run("20260103-000000", {key: value for key, value in others.header.items() if key != "id"}) as writer:
        writer.record(others.records[0])
    with pytest.raises(CannotTell, match="no page can be compared"):
        command.run(arguments("latest~1", "latest"))
    with pytest.raises(CannotTell, match=r"wcxb\.F has no value on both sides: run again with `-m wcxb\.F`"):
        command.run(arguments("x", "y", run_name="20260102-000000", metric="wcxb.F"))
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    with pytest.raises(CannotTell, match="no run in"):
        command.run(arguments("x", "y"))


def test_the_commands_it_prints_show_the_page(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write_goldens(tmp_path / "pages", ["Ships come in at noon\nand leave at six", "A page of one line, with a comma"])
    assert main(["run", "-g", "pages", "-e", "keep_everything", "-e", "keep_nothing"]) == 0
    capsys.readouterr()
    found = as_json(capsys, "keep_nothing", "keep_everything")["comparisons"][0]
    assert found["all"]["won"] == 2
    for change in found["won"]:
        for line in change["commands"]:
            assert main(shlex.split(line)[1:]) == 0
    assert "keep_everything" in capsys.readouterr().out


def test_names_are_quoted_in_commands():
    run = run_of(scored("cmd:cat -n", [0.1]) + scored("b", [0.9]))
    (found,) = compare(run, run, [("cmd:cat -n", "b")], "F")
    (line,) = show_commands(found, "set/0000")
    assert shlex.split(line) == ["harness", "show", run.id, "--page", "set/0000", "-e", "cmd:cat -n", "-e", "b"]


@pytest.mark.parametrize(
    ("value", "shown"), [(0.0712, "+.071"), (-0.5, "−.500"), (1.0, "+1.000"), (-0.0004, "0"), (0.0, "0")]
)
def test_differences_have_a_sign(value, shown):
    assert signed(value) == shown


@pytest.mark.parametrize(("p", "shown"), [(0.00009, "<.001"), (0.034, ".034"), (0.25, ".25"), (1.0, "1")])
def test_p_values_are_short(p, shown):
    assert p_value(p) == shown


@pytest.mark.slow
def test_a_comparison_of_large_runs_takes_seconds():
    generator = np.random.default_rng(0)
    runs = []
    for id in "12":
        records = [
            replace(r, lang=f"l{int(r.golden[-4:]) % 9}", kind=f"k{int(r.golden[-4:]) % 9}")
            for number in range(20)
            for r in scored(f"extractor{number}", list(generator.random(2000)))
        ]
        runs.append(run_of(records, id))
    began = time.process_time()
    found = compare(*runs, [(f"extractor{number}", f"extractor{number}") for number in range(20)], "F")
    assert len(found) == 20 and all(item.whole.pages == 2000 for item in found)
    assert time.process_time() - began < 60


# Two outputs beside the golden

WORDS = st.lists(st.sampled_from("abcdefgh"), max_size=12).map(" ".join)
SEGMENTS = st.lists(st.tuples(WORDS, st.sampled_from(["keep", "maybe", "drop"])), max_size=8)


def page_of(*parts: tuple[str, str]) -> PageWords:
    kinds = {"keep": "body", "maybe": "title", "drop": "related"}
    segments = tuple(Segment(text, verdict, kinds[verdict], line) for line, (text, verdict) in enumerate(parts))
    return page_words(Golden("set/page", text_page("-"), "article", "x.example", segments))


def printed(page: PageWords, a: str, b: str, width: int = 60) -> str:
    out = StringIO()
    print_three_way(page, align(page, a), align(page, b), ("one", "two"), Console(file=out, width=width))
    return out.getvalue()


@given(SEGMENTS, WORDS, WORDS)
def test_the_text_holds_the_main_content_and_both_outputs_word_for_word_in_order(parts, first, second):
    page = page_of(*parts)
    pieces = list(three_way(page, align(page, first), align(page, second)))
    main_content = [piece for piece in pieces if piece.status in ("kept", "missed")]
    assert [word for piece in main_content for word in words(piece.text)] == [page.words[i] for i in page.keep]
    for side, output in (("A", first), ("B", second)):
        came = [piece for piece in pieces if (side in piece.who) == (piece.status in ("leaked", "free"))]
        assert [word for piece in came for word in words(piece.text)] == words(output)


@given(SEGMENTS, WORDS)
def test_of_two_equal_outputs_everything_is_of_both(parts, output):
    page = page_of(*parts)
    pieces = list(three_way(page, align(page, output), align(page, output)))
    assert {piece.who for piece in pieces} <= {"", "AB"}
    leaked = Counter(piece.certain for piece in pieces if piece.status == "leaked")
    assert leaked[True] == align(page, output).counts.leaked


PAGE = [
    ("The harbour opens at noon", "maybe"),
    ("Three ferries wait outside the wall and sound their horns", "keep"),
    ("Read next: the lighthouse that moved inland", "drop"),
    ("Nobody on the quay looks up any more", "keep"),
    ("At dusk the gates close behind the last boat", "keep"),
]


def test_marks_say_who_missed_and_who_leaked():
    page = page_of(*PAGE)
    a = "\n".join(PAGE[number][0] for number in (0, 1, 2, 4))
    b = "\n".join(PAGE[number][0] for number in (2, 3)) + "\nBrand new words of nobody"
    body = printed(page, a, b, 200).partition("~}\n\n")[2]
    assert body.splitlines() == [
        "{~A: The harbour opens at noon~}",
        "[-B: Three ferries wait outside the wall and sound their horns-]",
        "{+AB related: Read next: the lighthouse that moved inland+}",
        "[-A: Nobody on the quay looks up any more-]",
        "[-B: At dusk the gates close behind the last boat-]",
        "{+B invented: Brand new words of nobody+}",
    ]


def test_the_counts_are_those_of_each_output_and_of_both():
    page = page_of(*PAGE)
    out = printed(page, PAGE[1][0], PAGE[1][0] + "\n" + PAGE[2][0] + "\n" + PAGE[3][0], 120)
    assert "A one   kept 10   missed 17   leaked 0" in out
    assert "B two   kept 18   missed 9   leaked 7 (related 7)" in out
    assert "missed by both 9, by A alone 8, by B alone 0" in out


@pytest.mark.parametrize(
    ("page", "a", "b", "expected"),
    [
        pytest.param(
            [("We like the quiet of the old quay in spring", "keep"), ("Adverts: the best of the rest", "drop")],
            "Adverts: the best of the rest",
            "We like the quiet of the old quay in spring",
            ["[-A: We like the quiet of the old quay in spring-]", "{+A related: Adverts: the best of the rest+}"],
            id="single words that match by chance tear no passage apart",
        ),
        pytest.param(
            [("the old harbour wall of a quiet northern quay", "keep"), ("Sale the wall quiet quay now", "drop")],
            "Sale the wall quiet quay now",
            "the old harbour wall of a quiet northern quay",
            ["[-A: the old harbour wall of a quiet northern quay-]", "{+A related: Sale the wall quiet quay now+}"],
            id="nor do several that stand apart on the page",
        ),
        pytest.param(
            [("the harbour is quiet tonight says Tom", "keep"), ("Buy", "drop")],
            "the Buy harbour Buy is quiet tonight says Tom",
            "the harbour is quiet tonight says Tom",
            ["the {+A related: Buy+} harbour {+A related: Buy+} is quiet tonight says Tom"],
            id="where nothing is missed, short matches are no chance",
        ),
        pytest.param(
            [("Short start", "keep"), ("then a passage that nobody kept", "keep"), ("a word of our friends", "drop")],
            "Short start\na word of our friends",
            "Short start",
            ["Short start", "[-AB: then a passage that nobody kept-]", "{+A related: a word of our friends+}"],
            id="where all begin alike, the beginning is kept",
        ),
        pytest.param(
            [(PAGE[1][0], "keep"), (PAGE[2][0], "drop"), (PAGE[3][0], "keep")],
            f"{PAGE[2][0]}\n{PAGE[1][0]}",
            f"{PAGE[3][0]}\n{PAGE[2][0]}",
            [
                f"{{+A related: {PAGE[2][0]}+}}",
                f"[-B: {PAGE[1][0]}-]",
                f"[-A: {PAGE[3][0]}-]",
                f"{{+B related: {PAGE[2][0]}+}}",
            ],
            id="one leak in two places is two leaks",
        ),
        pytest.param(
            [(PAGE[1][0], "keep"), (PAGE[2][0], "drop"), ("sold out since May", "drop")],
            f"sold out since May\n{PAGE[2][0]}",
            f"{PAGE[2][0]}\n{PAGE[1][0]}",
            [
                "{+A related: sold out since May+}",
                f"{{+AB related: {PAGE[2][0]}+}}",
                f"[-A: {PAGE[1][0]}-]",
            ],
            id="what A leaked before a common leak stays before it",
        ),
        pytest.param(
            [(PAGE[1][0], "keep"), ("red tide warning", "drop"), ("high tide table", "drop")],
            f"{PAGE[1][0]}\nred tide warning",
            f"{PAGE[1][0]}\nhigh tide table",
            [PAGE[1][0], "{+A related: red tide warning+}", "{+B related: high tide table+}"],
            id="a word in common does not make one leak of two",
        ),
    ],
)
def test_differences_read_as_passages(page, a, b, expected):
    assert printed(page_of(*page), a, b, 200).partition("~}\n\n")[2].splitlines() == expected


def test_long_passages_are_folded_at_any_width_and_nothing_steers_the_terminal():
    page = page_of((" ".join(f"word{number}" for number in range(500)), "keep"), ("tail \x1b[31m end of it all", "keep"))
    everything = " ".join(page.words)
    for kept, lost in ((everything, everything), (everything, "")):
        out = printed(page, kept, lost, 60)
        assert re.search(r"… \d+ words …", re.sub(r"\s+", " ", out)) and "word250" not in out
        assert "\x1b" not in out
        assert all(len(line) <= 60 for line in out.splitlines())


def test_nothing_at_all_is_said():
    assert "(no text)" in printed(page_of(), "", "")
