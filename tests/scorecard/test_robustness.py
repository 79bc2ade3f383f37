"""Robustness in scorecards: operators by nature, curves, tails and worst pages of a matrix."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories.cells import cell
from factories.matrices import NEUTRAL, TELLING, matrix_of, run_with, track_of
from factories.scorecards import NOT_HERE
from harness.scorecard.gather.build import scorecard
from harness.scorecard.gather.robustness import robustness
from harness.scorecard.values.robustness import LOSSES


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
    assert line.noise_change == pytest.approx(-0.2)
    assert line.interval is None  # of one site
    assert line.violation_rate == 1
    assert line.expected_change == pytest.approx(0.068 * -0.5)
    assert line.worst_hostile == (pytest.approx(-0.8), "label of HostileClass(word='unheard-of', level=0)")


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
    worst = track_of(cells).worst_pairs
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
    card = scorecard(run, lambda id: NOT_HERE, extractors=["b"], matrix=matrix)
    assert [line.extractor for line in card.robustness.tracks[0].resistances] == ["b"]
    assert not card.robustness.warnings
