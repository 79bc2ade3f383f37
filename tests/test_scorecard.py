"""Scorecards: what they show, how they are written, and the command."""

import argparse
import json
import re
import statistics
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scorecards import golden_of, record, run_of, run_over, scored

from harness.baseline.file import write_baseline
from harness.baseline.model import baseline_of
from harness.cli.commands import scorecard as command
from harness.common.errors import CannotTell, Impossible
from harness.engine.answer import Answer
from harness.runs.file import new_run
from harness.runs.record import Run
from harness.scorecard.gather.build import scorecard
from harness.scorecard.values.card import Scorecard
from harness.scorecard.write import html as html_module
from harness.scorecard.write.html import html, strip_drawings
from harness.scorecard.write.json_file import scorecard_object
from harness.scorecard.write.markdown import escape, markdown
from harness.scorecard.write.phrases import band_names
from harness.scorecard.write.sanitise import clean, shorten

NOT_HERE = "not here"


def card_of(run: Run, **how: object) -> Scorecard:
    return scorecard(run, lambda id: NOT_HERE, **how)


def thirty(extractor: str, values: list[float], **other: object) -> list:
    return [record(extractor, f"set/{number:02}", values[number % len(values)], **other) for number in range(30)]


class Outline(HTMLParser):
    """Checks that elements are closed in order and ids are unique, and gathers tags, attributes and text."""

    VOID = frozenset({"meta", "br", "input", "link"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] not in (["style"], ["script"]):
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())


# What is shown


def test_a_leaderboard_ranks_who_competes_and_keeps_the_others_apart():
    records = [
        *thirty("good", [0.9, 0.95]),
        *thirty("twin", [0.95, 0.9]),
        *thirty("poor", [0.4, 0.5]),
        *thirty("reference", [1.0]),
        *thirty("converted", [0.99], coerced=True),
    ]
    (track,) = card_of(run_of(records, references=["reference"])).tracks
    assert [(line.extractor, line.rank) for line in track.lines] == [
        ("good", 1),
        ("twin", 1),
        ("poor", 3),
        ("reference", None),
        ("converted", None),
    ]
    assert track.headline == "good has the best mean, F\xa0.925; these pages cannot tell it from twin."
    assert 0 < track.detectable < 0.1
    low, high = track.lines[0].interval
    assert low < 0.925 < high


def test_a_lower_mean_may_rank_better_and_the_leader_is_still_who_has_the_best_mean():
    records = [
        *thirty("leader", [0.90]),
        *thirty("close", [0.89]),
        *thirty("wild", [0.2, 1.0, 1.0, 1.0, 1.0]),
    ]
    (track,) = card_of(run_of(records)).tracks
    assert [(line.extractor, line.rank) for line in track.lines] == [("leader", 1), ("wild", 1), ("close", 2)]
    assert track.headline.startswith("leader has the best mean")


def test_few_sites_have_ranks_but_no_interval_and_the_reason_is_said():
    records = [record(name, f"set/{n}", f) for name, f in (("a", 0.9), ("b", 0.1)) for n in range(7)]
    card = card_of(run_of(records))
    assert card.tracks[0].lines[0].interval is None
    assert "7 sites" in card.tracks[0].no_interval
    assert "pages of 7 sites; an interval needs 20" in html(card)
    assert card.tracks[0].headline == "a leads with F\xa0.900, clearly ahead of all others."


def test_sets_that_an_extractor_made_rank_nobody():
    (track,) = card_of(run_of([*thirty("a", [0.9]), *thirty("b", [0.1])], unranked=["set"])).tracks
    assert [line.rank for line in track.lines] == [None, None]
    assert "rank nobody" in track.headline


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 5)), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_best_trades_are_those_that_nobody_beats_in_quality_and_time(points):
    records = [
        record(f"e{number}", "set/page", quality / 5, timing={"wall": time / 1000})
        for number, (quality, time) in enumerate(points)
    ]
    (track,) = card_of(run_of(records)).tracks
    named = {line.extractor for line in track.lines if line.pareto}
    best = {
        (quality, time)
        for quality, time in points
        if not any((q >= quality and t <= time) and (q, t) != (quality, time) for q, t in points)
    }
    assert {points[int(name[1:])] for name in named} == best
    assert len(named) == len(best)


def test_groups_hold_every_page_once_even_where_small_ones_are_put_together():
    records = [record("a", f"set/{n}", n / 20, lang=f"l{n % 17:02}") for n in range(20)]
    (track,) = card_of(run_of(records)).tracks
    languages = next(grid for grid in track.groups if grid.title == "language")
    assert sum(languages.pages) == 20
    assert languages.columns[-1] == "others"
    assert languages.more == 6
    others = [r.scores["F"] for r in records if r.lang not in languages.columns]
    assert languages.rows[0][1][-1] == pytest.approx(statistics.fmean(others))


def test_words_are_counted_for_every_hundred_of_the_main_content():
    records = [
        record("a", "set/1", 0.5, leaks={"promo": 10}, misses={"body": 50}),
        record("a", "set/2", 1.0, leaks={"promo": 5, "footer": 1}),
    ]
    (track,) = card_of(run_of(records)).tracks
    assert dict(zip(track.leaks.columns, track.leaks.rows[0][1])) == {"all": 8.0, "promo": 7.5, "footer": 0.5}
    assert dict(zip(track.misses.columns, track.misses.rows[0][1])) == {"all": 25.0, "body": 25.0}


@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from(["ok", "empty", "timeout"])), min_size=1, max_size=20))
@settings(max_examples=40, deadline=None)
def test_the_spread_of_pages_adds_up(pages):
    records = [record("a", f"set/{n}", f, outcome=outcome) for n, (f, outcome) in enumerate(pages)]
    (track,) = card_of(run_of(records)).tracks
    (tails,) = track.tails
    limits = [0, 0.25, 0.5, 0.75, 0.9, 0.99, 2]
    expected = [sum(outcome != "ok" for _, outcome in pages)] + [
        sum(outcome == "ok" and low <= f < high for f, outcome in pages) for low, high in pairwise(limits)
    ]
    assert [round(share * len(pages)) for share in tails.shares] == expected
    assert len(band_names()) == len(tails.shares)
    assert tails.quantiles[0] == min(f for f, _ in pages)
    assert tails.quantiles[-1] == pytest.approx(statistics.median(f for f, _ in pages))


def test_failures_are_counted_by_outcome():
    records = [
        record("a", "set/1", 0.0, outcome="timeout"),
        record("a", "set/2", 0.0, outcome="empty"),
        record("a", "set/3", 1.0),
        record("b", "set/1", 1.0),
    ]
    (track,) = card_of(run_of(records)).tracks
    assert track.failures.columns == ("empty", "timeout")
    assert track.failures.rows == (("a", (1.0, 1.0)),)
    assert any("2 answers without text" in note for note in track.notes)


def test_repeats_of_a_page_count_once():
    records = [record("a", "set/1", f, repeat=number) for number, f in enumerate((0.2, 0.4))] + [record("a", "set/2", 0.9)]
    (track,) = card_of(run_of(records)).tracks
    assert track.pages == 2
    assert track.lines[0].value == pytest.approx(0.6)


def test_a_lone_extractor_has_strengths_and_weaknesses_against_the_others():
    def pages(name: str, article: float, forum: float) -> list:
        return [
            record(name, f"set/{kind}{n}", f, kind=kind, leaks={"promo": 5})
            for kind, f in (("article", article), ("forum", forum))
            for n in range(4)
        ]

    run = run_of([*pages("mine", 0.9, 0.3), *pages("b", 0.6, 0.5), *pages("c", 0.7, 0.6)], versions={"mine": "2.1"})
    card = card_of(run, extractors=["mine"])
    assert card.title == "mine"
    assert card.profile.strengths[0] == "article pages: F .900, .250 better than the median of the others (4 pages)"
    assert "forum pages: F .300, .250 worse than the median of the others (4 pages)" in card.profile.weaknesses
    assert "4 pages of 8 score worse than .500" in card.profile.weaknesses
    assert "leaks 5 words for every 100 of the main content: promo 100%" in card.profile.weaknesses
    assert [line.extractor for line in card.tracks[0].lines] == ["c", "mine", "b"]  # the others stay for comparison
    assert [name for name, _ in card.tracks[0].leaks.rows] == ["mine"]
    assert {result.extractor for result in card.pages.results} == {"mine"}


def test_changes_since_the_baseline():
    before = run_of([record("a", f"set/{n}", 0.5) for n in range(5)], versions={"a": "1"})
    after = run_of(
        [
            record("a", "set/0", 0.7),
            record("a", "set/1", 0.4),
            record("a", "set/2", 0.0, outcome="crash"),
            record("a", "set/3", 0.5),
            record("a", "set/4", 0.9),
            record("new", "set/0", 0.9),
        ],
        versions={"a": "2"},
    )
    changed = {**after.header["goldens"], "set/4": {"page": "another", "labels": "labels"}}
    after = Run(after.id, {**after.header, "goldens": changed}, after.versions, after.records, True)
    (changes,) = card_of(after, baseline=baseline_of(before).as_run()).changes
    assert (changes.pages, changes.incomparable, changes.versions) == (4, 1, ("1", "2"))
    assert (changes.better, changes.worse, changes.newly_failing, changes.fixed) == (1, 2, 1, 0)
    assert changes.difference == pytest.approx((0.2 - 0.1 - 0.5) / 4)
    assert [moved.golden for moved in changes.moved] == ["set/2", "set/0", "set/1"]
    assert "1 newly failing" in html(card_of(after, baseline=baseline_of(before).as_run(), extractors=["a"]))


def test_releases_have_a_history_in_the_order_of_their_versions():
    scores = {"x@1.9": (0.5, 0.5), "x@1.10": (0.9, 0.4), "x@2.0": (0.9, 0.5), "y": (0.1, 0.1), "z@main": (0.1, 0.1)}
    records = [record(name, f"set/{n}", f, timing={"wall": 0.01}) for name, row in scores.items() for n, f in enumerate(row)]
    card = card_of(run_of(records))
    (history,) = card.history
    assert [point.name for point in history.points] == ["1.9", "1.10", "2.0"]
    assert [(point.won, point.lost) for point in history.points] == [(None, None), (1, 1), (1, 0)]
    assert history.points[1].largest[0].golden == "set/0"
    page = Outline(html(card))
    assert "Largest changes in 1.10" in page.text
    assert "+0.400" in page.text


def test_metrics_that_disagree_are_marked():
    scores = {"a": (0.9, 0.1), "b": (0.8, 0.2), "c": (0.7, 0.3)}
    records = [
        record(name, "set/1", f, scores={"P": f, "R": f, "F": f, "MER": 0.5, "rouge5.F": other})
        for name, (f, other) in scores.items()
    ]
    (track,) = card_of(run_of(records)).tracks
    assert track.disagreement.metrics[0] == "F"
    assert "<mark>3</mark>" in html(card_of(run_of(records)))


# Pages with their words


def test_worst_pages_show_what_was_missed_and_leaked_in_place():
    golden = golden_of("set/ferry", "The ferry waits for the tide at seven.", "Read also about the lighthouse")
    run = run_over([golden], scored(golden, {"a": "The ferry waits for the tide Read also about the lighthouse"}))
    page = html(scorecard(run, lambda id: golden))
    assert re.search(r"<del>.*?missed .*?body.*?<s>at seven\.\s*</s></del>", page, re.DOTALL)
    assert re.search(r"<ins>.*?leaked .*?related.*?<u>Read also about the lighthouse\s*</u></ins>", page, re.DOTALL)
    assert "harness show 20260101-000000 --page set/ferry -e a" in page


def test_long_passages_are_folded_and_long_words_cut():
    golden = golden_of("set/long", " ".join(f"word{n}" for n in range(500)) + " end", "x")
    records = scored(golden, {"a": golden.main_content.removesuffix(" end") + " " + "z" * 1_000_000})
    page = html(scorecard(run_over([golden], records), lambda id: golden))
    assert "… 474 words …" in page
    assert "(1,000,000 characters)" in page
    assert len(page) < 100_000


def test_a_diff_is_left_out_with_the_reason_where_the_golden_is_not_what_was_measured():
    golden = golden_of("set/ferry", "one two", "three")
    records = scored(golden, {"a": "one"})
    for found, reason in ((golden_of("set/ferry", "one three", "two"), "its page changed"), ("its golden is not here",) * 2):
        card = scorecard(run_over([golden], records), lambda id, found=found: found)
        assert card.pages.results[0].diff is None
        assert reason in html(card)


def test_a_perfect_page_is_not_among_the_worst():
    golden = golden_of("set/ferry", "one two", "three")
    card = scorecard(run_over([golden], scored(golden, {"a": "one two"})), lambda id: golden)
    assert card.pages.results == ()
    assert "Worst pages" not in html(card)


def test_what_a_failed_extractor_said_is_shown():
    golden = golden_of("set/ferry", "one two", "three")
    records = scored(golden, {"a": Answer("error", error="ValueError: no <body> found")})
    page = html(scorecard(run_over([golden], records), lambda id: golden))
    assert "ValueError: no &lt;body&gt; found" in page


@pytest.mark.slow
def test_two_hundred_pages_of_twenty_extractors_make_less_than_three_megabytes():
    text = " ".join(f"passage {n} of the main content reads on" for n in range(60))
    goldens = {f"set/{n:03}": golden_of(f"set/{n:03}", f"{n} {text}", "Read also this", site=f"s{n}") for n in range(200)}
    records = [
        record(f"extractor_{e:02}", id, 0.3 + e / 50 + n / 1000, site=f"s{n}", text=text.replace("reads", f"{e} leaks {n}"))
        for e in range(20)
        for n, id in enumerate(goldens)
    ]
    card = scorecard(run_over(goldens.values(), records), goldens.__getitem__)
    page = html(card)
    assert len(page.encode()) < 3_000_000
    left_out = sum(result.diff is None for result in card.pages.results)
    assert left_out == 0 or f"{left_out} less bad pages" in card.pages.note


# How it is written

HOSTILE = [
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "]]></style><!--",
    "{{ 7*7 }}{% raw %}",
    "$\\frac{",
    "a\u202eb\u2066c\x00\x1b[31m\ud800\ufffe",
    "| [x](javascript:alert) ![y](http://z) `c` *d*\n# heading",
]


def hostile_run() -> tuple[Run, dict]:
    goldens = {
        f"set/{text}": golden_of(f"set/{text}", f"{text} kept {text}", f"{text} dropped", site=text, lang=text, kind=text)
        for text in HOSTILE
    }
    records = [r for golden in goldens.values() for r in scored(golden, {name: f"leaked {name} kept" for name in HOSTILE})]
    records.append(
        record(HOSTILE[0], f"set/{HOSTILE[0]}", 0.1, repeat=1, outcome="error", error=HOSTILE[1], timing={"wall": 0.1})
    )
    versions = dict(zip(HOSTILE, reversed(HOSTILE)))
    header = {name: HOSTILE[0] for name in ("started", "python", "platform", "harness", "seed")}
    arguments = {"goldens": HOSTILE, "extractor": HOSTILE, "plugins": HOSTILE}
    return run_over(goldens.values(), records, versions=versions, arguments=arguments, **header), goldens


def test_html_is_well_formed_and_everything_in_it_is_escaped():
    run, goldens = hostile_run()
    page = html(scorecard(run, goldens.__getitem__))
    outline = Outline(page)
    assert len(outline.ids) == len(set(outline.ids))
    assert sum(tag == "script" for tag, _ in outline.tags) == 1
    assert not any(tag in ("img", "link", "iframe", "object", "base") for tag, _ in outline.tags)
    for _, attributes in outline.tags:
        assert not any(name.startswith("on") for name in attributes)
        assert all(attributes[name].startswith("#") for name in ("href", "src") if name in attributes)
    for text in HOSTILE[:6]:
        assert text in "".join(outline.texts), text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe]", page)
    assert "a\\u202eb" in page


def test_the_policy_allows_the_one_script_and_nothing_else():
    import base64
    import hashlib

    page = html(card_of(run_of(thirty("a", [0.5]))))
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = next(a["content"] for tag, a in Outline(page).tags if a.get("http-equiv") == "Content-Security-Policy")
    assert f"script-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none';")


def test_the_same_input_gives_the_same_bytes():
    run, goldens = hostile_run()
    first, second = (html(scorecard(run, goldens.__getitem__)) for _ in range(2))
    assert first == second


def test_drawings_take_no_colour_of_their_own():
    page = html(card_of(run_of([*thirty("a", [0.5], timing={"wall": 0.1}), *thirty("b", [0.7], timing={"wall": 0.2})])))
    drawings = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(drawings) == 2
    for drawing in drawings:
        assert "var(--" in drawing
        assert not set(re.findall(r"#[0-9a-f]{6}\b", drawing)) - {"#ffffff", "#000000"}


def tables_of(text: str) -> list[list[list[str]]]:
    """The tables of a Markdown page, cell by cell."""
    tables, rows = [], []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            rows.append(re.split(r"(?<!\\)\|", line)[1:-1])
        elif rows:
            tables.append(rows)
            rows = []
    return tables


def test_markdown_tables_keep_their_columns_whatever_stands_in_them():
    run, goldens = hostile_run()
    text = markdown(scorecard(run, goldens.__getitem__))
    for table in tables_of(text):
        assert len({len(row) for row in table}) == 1
    assert "\n# heading" not in text
    inert = re.sub(r"(?m)^    .*$", "", text).replace("<!-- -->", "")
    assert not re.search(r"(?<!\\)<|(?<!\\)\[|(?<!\\)\]\(", inert)
    text.encode()


def test_markdown_shows_the_leaderboard():
    text = markdown(card_of(run_of([*thirty("a", [0.9, 0.8]), *thirty("b", [0.1])], versions={"a": "1.2"})))
    assert re.search(r"\| 1 \| a \| 1\.2 \| \.850 \| \.\d{3} – \.\d{3} \|", text)
    assert "| 2 | b | – | .100 |" in text


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_is_one_line_without_markup(text):
    assert "\n" not in escape(text)
    assert not re.search(r"(?<!\\)[\[\]<>`*|]", escape(text).replace("<!-- -->", ""))


def test_clean_text_keeps_what_people_write():
    for text in ("Straße, naïve café", "日本語", "שלום", "नमस्ते", "line\n\ttab"):
        assert clean(text) == text


@given(st.text())
def test_clean_text_can_be_stored_and_steers_nothing(text):
    cleaned = clean(text)
    cleaned.encode()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]", cleaned)
    assert clean(cleaned) == cleaned


@given(st.text(max_size=300))
def test_a_word_of_usual_length_is_not_cut(word):
    assert shorten(word[:80]) == word[:80]
    assert len(shorten(word)) <= 80


@st.composite
def runs(draw: st.DrawFn) -> tuple[Run, Run | None]:
    """Small runs of every sort, and a baseline or none."""
    score = st.none() | st.sampled_from([0.0, 0.25, 1.0])
    outcome = st.sampled_from(["ok", "ok", "empty", "timeout"])

    def rows(names: list[str]) -> list:
        return [
            record(
                name,
                f"{draw(st.sampled_from(['s', 't']))}/{number}",
                draw(score),
                outcome=draw(outcome),
                media=draw(st.sampled_from(["text/html", "text/plain"])),
                coerced=draw(st.booleans()),
                timing={"wall": draw(st.none() | st.just(0.0) | st.just(0.01))},
                leaks=draw(st.sampled_from([{}, {"promo": 3}])),
            )
            for name in names
            for number in range(draw(st.integers(1, 3)))
        ]

    names = draw(st.lists(st.sampled_from(["a", "b", "x@1", "x@2"]), min_size=1, unique=True))
    run = run_of(rows(names), references=draw(st.sampled_from([[], ["a"]])), unranked=draw(st.sampled_from([[], ["s"]])))
    return run, draw(st.none() | st.just(run) | st.builds(run_of, st.just(rows(["a", "b"]))))


@given(runs())
@settings(max_examples=40, deadline=None)
def test_every_run_has_a_scorecard(runs):
    run, baseline = runs
    for extractors in ([], [run.records[0].extractor]):
        card = card_of(run, baseline=baseline, extractors=extractors)
        assert markdown(card).startswith("# ")
        json.dumps(scorecard_object(card), allow_nan=False)


@pytest.mark.slow
@given(runs())
@settings(max_examples=40, deadline=None)
def test_every_run_has_a_scorecard_in_html(runs):
    run, baseline = runs
    outline = Outline(html(card_of(run, baseline=baseline)))
    assert len(outline.ids) == len(set(outline.ids))


# The command


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    run = run_of([*thirty("a", [0.9, 0.8], timing={"wall": 0.01}), *thirty("b", [0.1], timing={"wall": 0.02})])
    with new_run("20260101-000000", run.header) as writer:
        writer.extractor("a", "1.0")
        writer.extractor("b", None)
        for row in run.records:
            writer.record(row)
        writer.finish()
    return tmp_path


def call(output: str, run_name: str | None = None, **options: object) -> int:
    known = {"extractor": [], "baseline": None, "robustness": None, "no_times": False, "check": False, "dumps": []}
    return command.run(argparse.Namespace(run_name=run_name, output=[Path(output)], **{**known, **options}))


def test_a_folder_gets_every_format(stored):
    assert call("cards") == 0
    assert sorted(path.name for path in Path("cards").iterdir()) == ["scorecard.html", "scorecard.json", "scorecard.md"]
    content = json.loads(Path("cards/scorecard.json").read_text())
    assert content["tracks"][0]["lines"][0]["extractor"] == "a"


def test_two_files_can_be_asked_for_at_once(stored):
    arguments = argparse.Namespace(
        run_name=None, output=[Path("a.md"), Path("b.json")], extractor=[], baseline=None, robustness=None
    )
    assert command.run(argparse.Namespace(**vars(arguments), no_times=False, check=False, dumps=[])) == 0
    assert Path("a.md").exists()
    assert Path("b.json").exists()


def test_times_can_be_left_out(stored):
    call("with.html")
    call("without.html", no_times=True)
    assert "Quality against speed" in Path("with.html").read_text()
    without = Path("without.html").read_text()
    assert "Quality against speed" not in without
    assert ">ms<" not in without


def test_check_notices_what_is_out_of_date_and_not_how_charts_are_drawn(stored, capsys):
    assert call("card.md", check=True) == 1
    call("card.md")
    assert call("card.md", check=True) == 0
    assert call("card.md", check=True, extractor=["a"]) == 1
    assert "card.md is not what" in capsys.readouterr().err
    call("card.html")
    page = Path("card.html").read_text()
    assert "<svg" in page
    Path("card.html").write_text(strip_drawings(page))
    assert call("card.html", check=True) == 0


def test_the_baseline_alone_makes_a_scorecard_without_times_and_texts(stored):
    from harness.runs.file import read_run

    write_baseline(baseline_of(read_run()), Path("reports/baseline.json"))
    assert call("card.html", "baseline") == 0
    page = Outline(Path("card.html").read_text())
    assert "accepted baseline" in page.text
    assert "the baseline holds no texts" in page.text
    assert call("card.html", "baseline", check=True) == 0
    assert call("run.html") == 0  # the baseline is there, so changes are shown
    assert "Since the baseline" in Path("run.html").read_text()


def test_requests_that_cannot_be_met(stored):
    with pytest.raises(Impossible, match=r"card\.pdf: a scorecard is written as \.html, \.md, \.json"):
        call("card.pdf")
    with pytest.raises(Impossible, match="has no extractor 'c'"):
        call("card.html", extractor=["c"])
    with pytest.raises(CannotTell, match="no run 'elsewhere'"):
        call("card.html", "elsewhere")
    with pytest.raises(CannotTell, match="no baseline"):
        call("card.html", "baseline")
    Path("damaged.json").write_text("{")
    with pytest.raises(Impossible, match=r"damaged\.json:1"):
        call("card.html", baseline=Path("damaged.json"))
    with new_run("20270101-000000", {"arguments": {}}) as writer:
        writer.finish()
    with pytest.raises(CannotTell, match="holds no result"):
        call("card.html")


def test_an_unfinished_run_says_so(stored):
    with new_run("20270101-000000", run_of([]).header) as writer:
        writer.record(record("a", "set/00", 0.5))
    call("card.html")
    assert "The run was not finished: 1 results." in Path("card.html").read_text()


def test_markdown_and_json_need_no_library(stored, monkeypatch):
    import sys

    for module in ("jinja2", "markupsafe", "matplotlib"):
        for name in list(sys.modules):
            if name.split(".")[0] == module:
                monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, module, None)
    assert call("card.md") == call("card.json") == 0


@pytest.mark.parametrize("module", ["jinja2", "matplotlib"])
def test_a_missing_library_is_named(stored, monkeypatch, module):
    import sys

    html_module._environment.cache_clear()
    for name in list(sys.modules):
        if name.split(".")[0] == module:
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(Impossible, match=r"extraction-harness\[scorecard\]"):
        call("card.html")
