"""Probes of limits tell a hang, an answer and a lost story apart."""

from dataclasses import replace

import pytest

from factories.extractors import ready
from factories.places import PLANTED
from harness.fuzz.measure.limits import ProbeResult, probes, run_probes


def test_probes_have_names_of_their_own():
    for media in ("text/html", "text/plain"):
        names = [probe.name for probe in probes(media)]
        assert len(set(names)) == len(names)


@pytest.mark.slow
def test_probes_tell_a_hang_and_an_answer(monkeypatch):
    from harness.fuzz.measure import limits

    chosen = tuple(p for p in probes("text/html") if p.name in ("depth 256", "depth 400", "empty", "NUL characters"))
    monkeypatch.setattr(limits, "_HTML", chosen)
    found = {(r.extractor, r.probe): r for r in run_probes(ready(["sound", "hangs_when_deep"], [PLANTED]), timeout=1.5)}
    assert found["hangs_when_deep", "depth 400"].conclusion == "timeout"
    assert found["hangs_when_deep", "depth 256"].conclusion == "ok"
    assert found["sound", "depth 400"].retention == 1
    assert found["sound", "empty"].conclusion == "ok"


def test_an_answer_without_the_story_is_lost():
    result = ProbeResult("x", "text/html", "depth 400", "empty", 0.0, 0.1, 1.0, "")
    assert result.conclusion == "lost"
    assert replace(result, retention=None).conclusion == "ok"
