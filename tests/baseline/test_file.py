"""The baseline's file: what was written is read again, damage is named by its line, and a failed write changes nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.records import measured, run_of
from harness.baseline import file as baseline_module
from harness.baseline.file import BaselineError, baseline_json, read_baseline, write_baseline
from harness.baseline.model import EMPTY, baseline_of
from harness.engine.answer import FAILURES, OUTCOMES

names = st.text(min_size=1, max_size=5)
words = st.dictionaries(names, st.integers(0, 10**6), max_size=2)
values = st.none() | st.floats(0, 1)
records = st.builds(
    lambda golden, extractor, outcome, scores, kept, leaks, frees, coerced, repeats: [
        replace(
            measured(f"set/{golden}", extractor),
            outcome=outcome,
            scores={"F": 0.0 if outcome in FAILURES else scores[i], "aeb.F": scores[-1 - i]},
            counts={"kept": kept, "missed": 5, "leaked": sum(leaks.values()), "free": 9 + sum(frees.values())},
            leaks=leaks,
            frees=frees,
            coerced=coerced,
            repeat=i,
        )
        for i in range(repeats)
    ],
    names,
    names,
    st.sampled_from(sorted(OUTCOMES)),
    st.lists(values, min_size=3, max_size=3),
    st.integers(0, 10**6),
    words,
    words,
    st.booleans(),
    st.integers(1, 3),
)


@given(st.lists(records, max_size=4, unique_by=lambda rows: (rows[0].golden, rows[0].extractor)))
def test_what_is_written_is_read_again(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("baseline") / "deep" / "baseline.json"
    written = baseline_of(run_of(*(each for row in rows for each in row), references=[row[0].extractor for row in rows[:1]]))
    write_baseline(written, path)
    assert read_baseline(path) == written
    assert json.loads(path.read_text()) and [file.name for file in path.parent.iterdir()] == ["baseline.json"]


def test_a_name_that_is_no_unicode_is_read_again(tmp_path):
    written = baseline_of(run_of(measured(extractor="x\udcff")))
    write_baseline(written, tmp_path / "b.json")
    assert read_baseline(tmp_path / "b.json") == written


def written(tmp_path: Path, change: dict[str, str]) -> Path:
    path = tmp_path / "baseline.json"
    content = baseline_json(baseline_of(run_of(*(measured(f"core/{i}", name) for i in range(3) for name in ("x", "y")))))
    for old, new in change.items():
        assert old in content
        content = content.replace(old, new, 1)
    path.write_text(content)
    return path


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({'"rows": [\n': '"rows": [\n<<<<<<< ours\n'}, ":15: a conflict that a merge left"),
        ({'"outcome": "ok"': '"outcome": "good"'}, ":15: unknown outcome 'good'"),
        ({'"F": 0.5': '"F": "0.5"'}, ":15: no entry of `rows`: Expected `float | null`, got `str` - at `$.scores"),
        ({'"F": 0.5': '"F": -5.0'}, ":15: 'x' on 'core/0': F is -5, and can only be from 0 to 1"),
        ({'"F": 0.5': '"F": 1.01'}, ":15: 'x' on 'core/0': F is 1.01"),
        ({'"F": 0.5': '"F": NaN'}, ":15: no entry of `rows`"),
        ({'"aeb.F": 0.5': '"aeb.F": 7'}, ":15: 'x' on 'core/0': aeb.F is 7"),
        ({'"MER": 0.5': '"MER": -0.1'}, ":15: 'x' on 'core/0': MER is -0.1, and can only be 0 or more"),
        ({'"outcome": "ok"': '"outcome": "crash"'}, ":15: 'x' on 'core/0': the outcome is crash, and P and R and F not 0"),
        ({'"consent": 2': '"consent": 1'}, ":15: 'x' on 'core/0': `counts` has 2 words leaked, and its kinds have 1"),
        ({'"missed": 5': '"missed": 0'}, ":15: 'x' on 'core/0': `counts` has 0 words missed, and its kinds have 5"),
        ({'"title": 1': '"title": 2'}, ":15: 'x' on 'core/0': `counts` has 1 word free"),
        ({'"consent": 2': '"consent": -2'}, ":15: no entry of `rows`: Expected `int`"),
        ({'"consent": 2': '"consent": true'}, ":15: no entry of `rows`: Expected `int`"),
        ({', "free": 1': ""}, ":15: `counts` must have kept, missed, leaked and free"),
        ({'"golden": "core/1"': '"golden": "core/9"'}, ":16: the golden 'core/9' is not among `goldens`"),
        ({'"extractor": "y"': '"extractor": "z"'}, ":18: the extractor 'z' is not among `extractors`"),
        ({'"golden": "core/1"': '"golden": "core/0"'}, ":16: a second row of 'x' on 'core/0'"),
        (
            {'"x": {"version": "1.0"}': '"x": {"version": 1}'},
            ":6: no entry of `extractors`: Expected `str | null`, got `int` - at `$.version`",
        ),
        ({'"x": {"version": "1.0"}': '"x": {}'}, ":6: no entry of `extractors`"),
        ({'"y": {"version"': '"x": {"version"'}, ":7: 'x' occurs twice"),
        ({'"lang": "en"': '"lang": 3'}, ":10: no entry of `goldens`: Expected `str`, got `int` - at `$.lang`"),
        ({'"y": {"version"': '"z": {"version": null},\n"y": {"version"'}, ":7: the extractor 'z' has no row"),
        ({'"rows": [': '"lines": ['}, "`rows` is damaged or missing"),
        ({'"baseline": 1,': '"baseline": 2,'}, "format 2 is not 1"),
        ({'"baseline": 1,': ""}, "not a baseline"),
        ({'"unranked": []': '"unranked": [}'}, ":4: not JSON"),
    ],
)
def test_damage_is_named_with_its_line_and_what_to_do(tmp_path, change, said):
    path = written(tmp_path, change)
    with pytest.raises(BaselineError) as error:
        read_baseline(path)
    message = str(error.value)
    assert message.startswith(f"{path}:") and said in message
    assert "harness" in message


@given(st.data())
def test_any_damage_is_an_error_of_the_baseline_or_none(tmp_path_factory, data):
    path = written(tmp_path_factory.mktemp("damaged"), {})
    content = bytearray(path.read_bytes())
    start = data.draw(st.integers(0, len(content) - 1))
    content[start : start + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=5))
    path.write_bytes(bytes(content))
    try:
        found = read_baseline(path)
    except BaselineError:
        return
    assert all(row.golden in found.goldens and row.extractor in found.extractors for row in found.rows.values())
    baseline_json(found)


def test_a_missing_baseline_says_how_to_make_one(tmp_path):
    with pytest.raises(BaselineError, match="harness accept"):
        read_baseline(tmp_path / "none.json")


def test_a_write_that_fails_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    path = written(tmp_path, {})
    before = path.read_bytes()

    def fails(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(baseline_module.Path, "replace", fails)
    with pytest.raises(OSError, match="disk full"):
        write_baseline(EMPTY, path)
    assert path.read_bytes() == before and [file.name for file in tmp_path.iterdir()] == ["baseline.json"]
