"""Accepting a run: rows are replaced and added, and deleted only where whole sets were measured."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.records import EVERYTHING, record, run_of
from harness.baseline.accept import accept, goldens_of_whole_sets, why_incomplete
from harness.baseline.model import baseline_of
from harness.common.errors import OK
from harness.gate.judge import judge
from harness.gate.rules import Rules
from harness.metrics import METRICS
from harness.metrics.definitions import definitions
from harness.runs.record import Run

pairs = st.sets(st.tuples(st.sampled_from("xyz"), st.sampled_from(["core/a", "core/b", "web/a", "web/b"])), min_size=1)


def of_pairs(pairs: set[tuple[str, str]], f: float, **header: object) -> Run:
    return run_of(*(record(extractor, golden, f) for extractor, golden in pairs), **header)


@given(pairs, pairs)
def test_accepting_replaces_adds_and_never_deletes(old_pairs, new_pairs):
    old, run = baseline_of(of_pairs(old_pairs, 0.1)), of_pairs(new_pairs, 0.2)
    found = accept(old, baseline_of(run))
    rows = {pair: row.scores["F"] for pair, row in found.baseline.rows.items()}
    assert rows == {**dict.fromkeys(old_pairs, 0.1), **dict.fromkeys(new_pairs, 0.2)}
    assert set(found.kept) == old_pairs - new_pairs and not found.deleted and not found.conflicts
    assert set(found.baseline.extractors) == {extractor for extractor, _ in rows}
    assert set(found.baseline.goldens) == {golden for _, golden in rows}
    # What was accepted passes.
    verdict = judge(found.baseline.as_run(), found.baseline, Rules(), run_name="now", baseline_name="b")
    assert verdict.code == OK


@given(pairs, pairs, st.sets(st.sampled_from(["core/a", "core/b", "web/a"])))
def test_pruning_deletes_what_whole_sets_do_not_have(old_pairs, new_pairs, skipped):
    old, run = baseline_of(of_pairs(old_pairs, 0.1)), of_pairs(new_pairs, 0.2, skipped=sorted(skipped))
    new = baseline_of(run)
    assert why_incomplete(run, new) == []
    found = accept(old, new, prune=goldens_of_whole_sets(run, old, new))
    sets = {golden.partition("/")[0] for _, golden in new_pairs}
    gone = {pair for pair in old_pairs - new_pairs if pair[1].partition("/")[0] in sets and pair[1] not in skipped}
    assert set(found.deleted) == gone
    assert set(found.baseline.rows) == (old_pairs | new_pairs) - gone


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ({"arguments": {**EVERYTHING, "kind": ["forum"]}}, "--kind"),
        ({"arguments": {**EVERYTHING, "shard": "1/2"}}, "--shard"),
        ({"arguments": {**EVERYTHING, "without_flag": ["spa"]}}, "--without-flag"),
        ({"arguments": {**EVERYTHING, "goldens": ["core/a"]}}, "single goldens"),
        ({"arguments": {**EVERYTHING, "goldens": ["goldens/core/a.yaml"]}}, "single goldens"),
        ({"arguments": {"goldens": [], "predictions": ["x.json"]}}, "does not say"),
        ({"broken": ["core/b.yaml"]}, "core/b.yaml"),
    ],
)
def test_a_run_of_a_part_is_known(header, why):
    run = run_of(record(), **header)
    (reason,) = why_incomplete(run, baseline_of(run))
    assert why in reason


def test_rows_of_a_changed_golden_cannot_stay_beside_new_ones():
    old = baseline_of(of_pairs({("x", "core/a"), ("y", "core/a"), ("y", "core/b")}, 0.1))
    new = baseline_of(of_pairs({("x", "core/a")}, 0.2, labels="changed"))
    assert accept(old, new).conflicts == {("y", "core/a"): "its labels changed"}
    assert accept(old, new, prune={"core/a"}).conflicts == {}


def test_rows_of_another_definition_cannot_stay_beside_new_ones():
    known = definitions(METRICS)
    old = baseline_of(of_pairs({("x", "core/a"), ("y", "core/a")}, 0.1, definitions=known))
    new = baseline_of(of_pairs({("x", "core/a")}, 0.2, definitions={**known, "text": known["text"] + 1}))
    assert accept(old, new).conflicts == {("y", "core/a"): "what a word is changed"}
