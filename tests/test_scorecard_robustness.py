"""Robustness in scorecards: what is shown of a matrix of `harness fuzz`, and which files are matrices."""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import pytest
from fuzz_cells import cell
from fuzz_pages import html_golden
from hypothesis import given, settings
from hypothesis import strategies as st
from scorecards import record, run_of
from selectolax.lexbor import LexborHTMLParser
from test_scorecard import HOSTILE, Outline, call, tables_of

from harness.cli.main import main
from harness.fuzz.catalogue import label_of, usual
from harness.fuzz.measure.matrix import MatrixCell
from harness.goldens.writer import golden_text
from harness.runs.file import Run, new_run
from harness.scorecard.data import Scorecard, scorecard_object
from harness.scorecard.gather.build import scorecard
from harness.scorecard.gather.matrix_file import Matrix, MatrixError, read_matrix
from harness.scorecard.gather.robustness import robustness
from harness.scorecard.robustness_data import LOSSES, RobustTrack
from harness.scorecard.write.html import STEPS, html
from harness.scorecard.write.markdown import markdown

PLANTED = Path(__file__).with_name("planted_extractors.py")
CSS = Path(html.__code__.co_filename).parent / "templates"
NEUTRAL, TELLING = "RelatedStories(count=3, slot='after')", "LabelledRelatedStories(count=3, slot='after', class_='x')"


def matrix_of(cells: Iterable[MatrixCell], **versions: str | None) -> Matrix:
    return Matrix("1.0", "0" * 64, versions, tuple(cells))


def run_with(*names: str, **versions: str | None) -> Run:
    return run_of([record(name, f"set/{n:02}", 0.9) for name in names for n in range(3)], versions=versions)


def track_of(cells: Iterable[MatrixCell], *names: str) -> RobustTrack:
    names = names or ("a",)
    (track,) = robustness(matrix_of(cells), run_with(*names), names).tracks
    return track


def card_of(cells: Iterable[MatrixCell], *names: str) -> Scorecard:
    return scorecard(run_with(*names), lambda id: "not here", matrix=matrix_of(cells))


def written(path: Path, cells: Iterable[MatrixCell], **other: object) -> Path:
    content = {"matrix": 1, "harness": "1.0", "cells": list(map(asdict, cells)), **other}
    path.write_text(json.dumps(content))
    return path


# What is shown


def test_operators_stand_by_nature_with_the_most_harmful_first_and_a_gap_where_one_was_not_run():
    cells = [
        cell("Mild()", -0.1),
        cell("Bad()", -0.5),
        cell("Bad()", -0.3, "set/01"),
        cell("Bad()", 0.1, extractor="b"),
        cell("Same()", 0.0, code="D1", nature="same"),
        cell("Odd()", -0.9, code="D32", nature="hostile"),
        cell("Deep()", -0.8, code="D6", nature="limit"),
    ]
    track = track_of(cells, "a", "b")
    assert [heat.nature for heat in track.heats] == ["same", "noise", "hostile", "limit"]
    bad, mild = track.heats[1].rows
    assert (bad.operator, bad.pages, mild.operator) == ("Bad()", 2, "Mild()")
    assert bad.changes == (pytest.approx(-0.4), pytest.approx(0.1))
    assert mild.changes == (pytest.approx(-0.1), None)
    assert (track.pages, track.sites) == (2, 2)


def test_errors_of_authors_stand_beside_the_mean_and_are_not_in_it():
    word = "HostileClass(word='sidebar', level=0)"
    cells = [
        cell("Noise()", -0.2),
        cell(word, -0.5, code="D32", nature="hostile"),
        cell("HostileClass(word='unheard-of', level=0)", -0.8, code="D32", nature="hostile"),
        cell("Rewrite()", -0.1, code="D2", nature="same"),
    ]
    (line,) = track_of(cells).resistances
    assert line.drop == pytest.approx(-0.2)
    assert line.interval is None  # of one site
    assert line.violated == 1
    assert line.expected == pytest.approx(0.068 * -0.5)
    assert line.worst == (pytest.approx(-0.8), "label of HostileClass(word='unheard-of', level=0)")


def test_dumps_and_pages_stand_apart():
    tracks = robustness(matrix_of([cell(), cell(code="T10", extractor="b")]), run_with("a", "b"), ("a", "b")).tracks
    assert [(track.name, [line.extractor for line in track.resistances]) for track in tracks] == [
        ("HTML pages", ["a"]),
        ("Text dumps", ["b"]),
    ]


RELATED = [
    ("neutral", NEUTRAL),
    ("telling", TELLING),
    ("neutral", "AddRelated(stories=6, slot='end', collapsed=False, neutral=True, first=0)"),
    ("telling", "AddRelated(stories=6, slot='end', collapsed=False, neutral=False, first=0)"),
    (None, "AddRelated(stories=3, slot='top', collapsed=False, neutral=True, first=0)"),
    (None, "RelatedFar(count=3, neutral=True)"),
]
LOWS = (0, 0.5, 1, 2, 4, 8)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(RELATED),
            st.floats(0, 20) | st.sampled_from(LOWS),
            st.integers(-90, 0),
            st.none() | st.floats(0, 1),
        ),
        min_size=1,
        max_size=30,
    )
)
@settings(deadline=None)
def test_a_curve_has_the_mean_of_the_pairs_in_each_bin(pairs):
    cells = [
        cell(operator, change / 100, f"set/{number}", dose=dose, leaked=leaked)
        for number, ((_, operator), dose, change, leaked) in enumerate(pairs)
    ]
    curves = {curve.markup: curve.points for curve in track_of(cells).doses}
    for markup in ("neutral", "telling"):
        own = [(dose, change / 100, leaked) for (kind, _), dose, change, leaked in pairs if kind == markup]
        points = curves.get(markup, ())
        assert sum(point.pairs for point in points) == len(own)
        for point in points:
            inside = [
                item
                for item in own
                if (point.low < item[0] or point.low == 0) and (point.high is None or item[0] <= point.high)
            ]
            assert point.low in LOWS
            assert point.pairs == point.pages == len(inside)
            assert point.change == pytest.approx(sum(change for _, change, _ in inside) / len(inside))
            leaks = [leaked for _, _, leaked in inside if leaked is not None]
            assert point.leaked == (pytest.approx(sum(leaks) / len(leaks)) if leaks else None)


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100), st.sampled_from(["noise", "hostile", "same"]))))
@settings(deadline=None)
def test_a_tail_is_the_share_of_noise_that_loses_more(pairs):
    cells = [
        cell(f"Op({n})", nature=nature, before_f=before / 100, after_f=after / 100)
        for n, (before, after, nature) in enumerate(pairs)
    ]
    losses = [before - after for before, after, nature in pairs if nature == "noise"]
    tails = track_of([*cells, cell("Hostile()", nature="hostile")]).tails
    if not losses:
        assert tails == ()
        return
    (tail,) = tails
    assert tail.pairs == len(losses)
    for loss in LOSSES:
        assert tail.share(loss) == pytest.approx(sum(each > round(100 * loss) for each in losses) / len(losses))


def test_the_worst_page_of_each_operator_whatever_its_fields():
    cells = [
        cell("Stories(1)", -0.5, "set/00", label="D18 stories (1)"),
        cell("Stories(6)", -0.7, "set/01", label="D18 stories (6)"),
        cell("Comments()", -0.6, "set/00", code="D25"),
        cell("Hostile()", -0.9, "set/02", code="D32", nature="hostile"),
        cell("Harmless()", 0.05, "set/02", code="D26"),
    ]
    worst = track_of(cells).worst
    assert [(pair.label, pair.golden) for pair in worst] == [
        ("D18 stories (6)", "set/01"),
        ("label of Comments()", "set/00"),
    ]
    assert worst[0].after == pytest.approx(0.2)


def test_what_the_matrix_lacks_is_said():
    found = robustness(
        matrix_of([cell(), cell(extractor="c"), cell(golden="elsewhere/1")], a="1.0", c="2.0"),
        run_with("a", "b", "c", a="1.1", c="2.0"),
        ("a", "b", "c"),
    )
    assert found.warnings == ("Not in the matrix: b.", "The matrix is of a 1.0, the run of 1.1.")
    assert (found.pages, found.shared) == (2, 1)


def test_only_the_extractors_that_are_shown_are_in_it():
    run = run_with("a", "b")
    matrix = matrix_of([cell(change=-0.1), cell(change=-0.8, extractor="b")])
    card = scorecard(run, lambda id: "not here", extractors=["b"], matrix=matrix)
    assert [line.extractor for line in card.robustness.tracks[0].resistances] == ["b"]
    assert not card.robustness.warnings


# How it is written


def related(extractor: str, change: float, **other: object) -> list[MatrixCell]:
    """Twenty-four pages in two bins of doses, neutral and telling."""
    return [
        cell(operator, change, f"set/{n:02}", extractor, dose=1.5 + 1.5 * (n % 2), leaked=0.5, **other)
        for operator in (NEUTRAL, TELLING)
        for n in range(24)
    ]


def hostile_card() -> Scorecard:
    cells = [
        found
        for number, text in enumerate(HOSTILE)
        for found in related(text, -number / 10, label=f"D18 {text}", outcome=text, set=text)
    ]
    cells += [cell(text, -0.5, text, text, label=text) for text in HOSTILE]
    run = run_with(*HOSTILE, **{"a": "1"})
    return scorecard(run, lambda id: "not here", matrix=matrix_of(cells, **dict.fromkeys(HOSTILE, HOSTILE[0])))


def test_html_with_robustness_is_well_formed_and_everything_in_it_is_escaped():
    page = html(hostile_card())
    outline = Outline(page)
    assert len(outline.ids) == len(set(outline.ids))
    assert sum(tag == "script" for tag, _ in outline.tags) == 1
    assert not any(tag in ("img", "link", "iframe", "object", "base") for tag, _ in outline.tags)
    for _, attributes in outline.tags:
        assert not any(name.startswith("on") for name in attributes)
    section = LexborHTMLParser(page).css_first("#robustness")
    for text in HOSTILE[:6]:
        assert text in section.text(), text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe]", page)


def test_markdown_with_robustness_keeps_its_columns():
    text = markdown(hostile_card())
    for table in tables_of(text):
        assert len({len(row) for row in table}) == 1
    assert not re.search(r"(?<!\\)<|(?<!\\)!\[|(?<!\\)\]\(", re.sub(r"(?m)^    .*$", "", text))


def test_every_number_of_a_heat_map_can_be_read_without_its_colour():
    changes = [-0.9, -0.1, -0.004, 0.0, 0.03]
    card = card_of([cell(f"Op({n})", change) for n, change in enumerate(changes)], "a", "b")
    rows = LexborHTMLParser(html(card)).css("#robustness table.operators tbody tr")
    shown = [[node.text(strip=True) for node in row.css("td")] for row in rows]
    assert shown == [["-.900", "1"], ["-.100", "1"], ["-.004", "1"], ["0", "1"], ["+.030", "1"]]
    assert [row.css_first("td").attributes["class"].split()[1:] for row in rows] == [["loss5"], ["loss3"], [], [], ["gain2"]]
    assert "| label of Op(0) | -.900 | 1 |" in markdown(card)


def test_colours_of_the_heat_map_are_ordered_and_never_hide_the_number():
    """In both themes each step is further from the paper than the last, and text on it has a contrast of 4.5 (WCAG AA)."""

    def luminance(colour: str) -> float:
        values = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values]
        return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear))

    def contrast(one: str, other: str) -> float:
        high, low = sorted((luminance(one), luminance(other)), reverse=True)
        return (high + 0.05) / (low + 0.05)

    themes = [(CSS / name).read_text().split("prefers-color-scheme: dark") for name in ("scorecard.css", "robustness.css")]
    for page, heat in zip(*themes, strict=True):
        base, steps = (dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", text)) for text in (page, heat))
        for way in ("loss", "gain"):
            colours = [steps[f"{way}{number}"] for number in range(1, len(STEPS) + 1)]
            distances = [contrast(base["paper"], colour) for colour in colours]
            assert distances == sorted(distances) and distances[0] > 1.03
            assert all(contrast(base["ink"], colour) >= 4.5 for colour in colours)


def test_charts_are_drawn_for_whoever_was_measured_and_take_the_colours_of_the_page():
    section = re.search(r'<section id="robustness".*?</section>', html(card_of(related("a", -0.3), "a")), re.DOTALL)[0]
    drawings = re.findall(r"<svg.*?</svg>", section, re.DOTALL)
    assert [re.search(r"<title>(.*?)</title>", drawing)[1].split(",")[0] for drawing in drawings] == [
        "Change of F and leaked share against the dose of related stories",
        "Shares of pages and operators that lose more F than so much",
    ]
    for drawing in drawings:
        assert "var(--series0)" in drawing
        assert "var(--series1)" not in drawing
        assert not set(re.findall(r"#[0-9a-f]{6}\b", drawing)) - {"#ffffff", "#000000"}
    assert "neutral stories" in drawings[0] and "telling stories" in drawings[0]


def test_a_mean_over_few_pages_is_in_the_table_and_not_drawn():
    few = [cell(NEUTRAL, -0.3, f"set/{n}", dose=dose) for n, dose in enumerate((0.1, 0.7, 1.5))]
    page = html(card_of(few, "a"))
    assert "dose of related stories" not in page
    assert "Doses as a table" in page


def test_without_a_matrix_nothing_is_said_of_robustness():
    card = scorecard(run_with("a"), lambda id: "not here")
    assert "robustness" not in scorecard_object(card)
    for text in (html(card), markdown(card)):
        assert "robust" not in text.lower() and "--series" not in text


@pytest.mark.slow
def test_all_operators_on_twenty_extractors_make_less_than_three_megabytes():
    operators = [operator for media in ("text/html", "text/plain") for operator in usual(media)]
    cells = [
        cell(
            repr(operator),
            -0.01 * number,
            f"set/{page:02}",
            f"extractor_{number:02}",
            label=label_of(operator),
            code=operator.code,
            nature=operator.nature,
            dose=1.5 + page % 2,
        )
        for number in range(20)
        for operator in operators
        for page in range(20)
    ]
    page = html(card_of(cells, *(f"extractor_{number:02}" for number in range(20))))
    assert len(page.encode()) < 3_000_000
    assert len(set(re.findall(r"var\(--series(\d)\)", page))) == 6


# The file and the command


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    run = run_with("a", "b")
    with new_run("20260101-000000", run.header) as writer:
        for name in ("a", "b"):
            writer.extractor(name, "1.0")
        for row in run.records:
            writer.record(row)
        writer.finish()
    return tmp_path


def test_the_command_shows_a_matrix_and_checks_it(stored):
    path = written(Path("matrix.json"), related("a", -0.25), versions={"a": "0.9"})
    assert call("cards", robustness=path) == 0
    content = json.loads(Path("cards/scorecard.json").read_text())["robustness"]
    assert content["tracks"][0]["resistances"][0]["drop"] == pytest.approx(-0.25)
    assert content["warnings"] == ["Not in the matrix: b.", "The matrix is of a 0.9, the run of 1.0."]
    text = Path("cards/scorecard.md").read_text()
    assert re.search(r"\| a \| neutral \| 1–2 \| 12 \| 12 \| -\.250 \|", text)
    assert "harness scorecard 20260101-000000 --robustness matrix.json -o scorecard.html" in text
    assert call("cards", robustness=path, check=True) == 0
    assert call("cards", check=True) == 1
    written(path, related("a", -0.26), versions={"a": "0.9"})
    assert call("cards", robustness=path, check=True) == 1


def test_what_fuzz_writes_is_what_a_scorecard_reads(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    golden = html_golden()
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "lamps.html").write_bytes(golden.page.raw)
    (folder / "lamps.yaml").write_text(golden_text(golden, "lamps.html", golden.labels))
    common = ["-g", str(folder), "-e", f"{PLANTED}:sound"]
    assert main(["fuzz", *common, "--operators", "D1,D18,D33", "--format", "json", "-o", "m.json"]) == 0
    assert json.loads(Path("m.json").read_text())["versions"] == {f"{PLANTED}:sound": None}
    assert main(["run", *common]) == 0
    assert main(["scorecard", "--robustness", "m.json", "-o", "card.md", "-o", "card.html"]) == 0
    text = Path("card.md").read_text()
    assert "1 page, all of them in this run." in text
    shown = [row[0].strip() for table in tables_of(text) for row in table if row[0].strip().startswith("D")]
    assert sum(label.startswith("D18") for label in shown) >= 3
    assert sum(label.startswith("D1 ") for label in shown) == 1
    capsys.readouterr()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", r"m\.json:1: not JSON"),
        (b"\xff", "not JSON that can be read"),
        (b"[" * 200_000, "not JSON that can be read"),
        (b"[]", "not a matrix"),
        (b'{"cells": []}', "not a matrix, or one that an older harness wrote"),
        (b'{"matrix": 2}', "format 2 is not 1"),
        (b'{"matrix": 1}', "`cells` is missing or empty"),
        (b'{"matrix": 1, "cells": [7]}', "`extractor` of cell 1 is not a text"),
        (b'{"matrix": 1, "cells": [], "versions": {"a": 1}}', "`versions`"),
    ],
)
def test_a_file_that_is_no_matrix(stored, capsys, content, said):
    Path("m.json").write_bytes(content)
    assert main(["scorecard", "--robustness", "m.json", "-o", "card.md"]) == 2
    error = " ".join(capsys.readouterr().err.split())
    assert re.search(said, error)
    assert "harness fuzz --format json -o FILE" in error
    assert not Path("card.md").exists()


def test_a_matrix_that_is_not_there_or_of_other_extractors(stored, capsys):
    assert main(["scorecard", "--robustness", "none.json", "-o", "card.md"]) == 2
    assert main(["scorecard", "--robustness", ".", "-o", "card.md"]) == 2
    written(Path("m.json"), [cell(extractor="other")])
    assert main(["scorecard", "--robustness", "m.json", "-o", "card.md"]) == 2
    error = " ".join(capsys.readouterr().err.split())
    assert "none.json: there is no such file" in error
    assert "m.json: has nothing of a and b, only of other" in error


JUNK = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.just([]) | st.just({})


@given(st.sampled_from([*asdict(cell())]), JUNK | st.just(...))
@settings(deadline=None)
def test_a_damaged_cell_is_refused_with_its_number_or_can_be_shown(tmp_path_factory, name, junk):
    damaged = {key: value for key, value in asdict(cell("Other()")).items() if key != name}
    if junk is not ...:
        damaged[name] = junk
    path = tmp_path_factory.mktemp("damaged") / "m.json"
    path.write_text(json.dumps({"matrix": 1, "cells": [asdict(cell()), damaged]}))
    try:
        matrix = read_matrix(path)
    except MatrixError as error:
        assert "cell 2" in str(error)
        return
    names = sorted({found.extractor for found in matrix.cells})
    markdown(scorecard(run_with(*names), lambda id: "not here", matrix=matrix))


def test_a_cell_that_is_there_twice_or_of_no_operator_is_refused(tmp_path):
    with pytest.raises(MatrixError, match=r"cell 2 says again what Op\(\) does to a on set/00"):
        read_matrix(written(tmp_path / "m.json", [cell(), cell(change=-0.1)]))
    with pytest.raises(MatrixError, match="cell 1 is of an operator that does not exist: 'D99'"):
        read_matrix(written(tmp_path / "m.json", [cell(code="D99")]))
