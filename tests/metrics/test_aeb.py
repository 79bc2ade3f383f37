"""The metrics of article-extraction-benchmark: published figures, the definition as a reference, corner cases, failures."""

from __future__ import annotations

import re
import statistics
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given

from factories.benchmarks import aeb_gold, aeb_outputs, case_of, failed, over, words
from factories.places import needs_datasets
from harness.metrics.benchmarks import aeb
from harness.metrics.benchmarks.aeb import aeb_scores

# F1, P, R and accuracy: as the benchmark's README prints them, and as its script computes them from the outputs it stores.
AEB_PUBLISHED = {
    "boilerpipe": (".860/.850/.870/.006", (0.859639, 0.849747, 0.869764, 0.005525)),
    "dragnet": (".907/.925/.889/.221", (0.906764, 0.925143, 0.889102, 0.220994)),
    "go_trafilatura": (".960/.940/.980/.287", (0.959684, 0.940304, 0.979880, 0.287293)),
    "goose3": (".896/.940/.856/.232", (0.896417, 0.940276, 0.856467, 0.232044)),
    "inscriptis": (".679/.517/.992/.000", (0.679443, 0.516534, 0.992451, 0.0)),
    "justext": (".804/.858/.756/.088", (0.803829, 0.858198, 0.755938, 0.088398)),
    "newspaper": (".949/.964/.934/.326", (0.948664, 0.963877, 0.933924, 0.325967)),
    "readability_js": (".947/.914/.982/.166", (0.946748, 0.913944, 0.981993, 0.165746)),
    "rs_trafilatura": (".970/.951/.990/.287", (0.969955, 0.951014, 0.989665, 0.287293)),
    "trafilatura": (".958/.938/.978/.293", (0.957503, 0.938289, 0.977519, 0.292818)),
}
AEB_NAMES = ("aeb.F", "aeb.P", "aeb.R", "aeb.exact")


@cache
def scores_by_aeb(system: str) -> dict[str, dict[str, float | None]]:
    outputs = aeb_outputs(system)
    return {key: aeb_scores(case_of(outputs[key], text)) for key, text in aeb_gold().items()}


def aeb_reference(gold: str, output: str) -> tuple[Fraction | None, Fraction | None, bool]:
    """P, R and exactness: shingles of the gold are crossed off one by one as the output has them."""

    def shingles(tokens: list[str]) -> list[list[str]]:
        return [tokens[i : i + 4] for i in range(max(len(tokens) - 3, min(len(tokens), 1)))]

    wanted, written = re.findall(r"\w+", gold), re.findall(r"\w+", output)
    left: dict[str, int] = {}
    for shingle in shingles(wanted):
        left[" ".join(shingle)] = left.get(" ".join(shingle), 0) + 1
    tp, total_wanted, total_written = 0, len(shingles(wanted)), len(shingles(written))
    for shingle in shingles(written):
        if left.get(" ".join(shingle), 0) > 0:
            left[" ".join(shingle)] -= 1
            tp += 1
    p = Fraction(tp, total_written) if total_written else None
    r = Fraction(tp, total_wanted) if total_wanted else None
    return p, r, wanted == written


@needs_datasets
@pytest.mark.parametrize("system", AEB_PUBLISHED)
def test_aeb_gives_the_published_figures_of_ten_systems(system: str) -> None:
    printed, exact = AEB_PUBLISHED[system]
    value = over(aeb.AEB, list(scores_by_aeb(system).values()))
    assert "/".join(f"{value[name]:.3f}".removeprefix("0") for name in AEB_NAMES) == printed
    assert [value[name] for name in AEB_NAMES] == pytest.approx(exact, abs=5e-7)


@needs_datasets
@pytest.mark.parametrize("system", AEB_PUBLISHED)
def test_aeb_equals_the_definition_on_every_page_of_ten_systems(system: str) -> None:
    reference = {key: aeb_reference(gold, aeb_outputs(system)[key]) for key, gold in aeb_gold().items()}
    for key, scores in scores_by_aeb(system).items():
        p, r, same = reference[key]
        assert (scores["aeb.P"] is None) == (p is None) and (scores["aeb.R"] is None) == (r is None), key
        assert (scores["aeb.P"] or 0, scores["aeb.R"] or 0) == pytest.approx((float(p or 0), float(r or 0)), abs=1e-9), key
        assert scores["aeb.exact"] == same, key
    p_mean = statistics.mean(p for p, _, _ in reference.values() if p is not None)
    r_mean = statistics.mean(r for _, r, _ in reference.values() if r is not None)
    same_mean = Fraction(sum(same for _, _, same in reference.values()), len(reference))
    exact = (2 * p_mean * r_mean / (p_mean + r_mean), p_mean, r_mean, same_mean)
    value = over(aeb.AEB, list(scores_by_aeb(system).values()))
    assert [value[name] for name in AEB_NAMES] == pytest.approx([float(number) for number in exact], abs=1e-9)


@given(words, words)
def test_aeb_equals_the_definition_on_short_texts(gold: str, output: str) -> None:
    p, r, same = aeb_reference(gold, output)
    scores = aeb_scores(case_of(output, gold))
    assert scores["aeb.P"] == (None if p is None else pytest.approx(float(p)))
    assert scores["aeb.R"] == (None if r is None else pytest.approx(float(r)))
    assert scores["aeb.exact"] == same


@pytest.mark.parametrize(
    ("gold", "output", "expected"),
    [
        ("", "", (None, None, None, 1)),
        ("", "An advert", (0, None, 0, 0)),
        ("The ferry", "", (None, 0, 0, 0)),
        ("…", "–", (None, None, None, 1)),
        ("The ferry", "the ferry", (0, 0, 0, 0)),
        ("The ferry.", "The, ferry", (1, 1, 1, 1)),
        ("one two three", "one two", (0, 0, 0, 0)),
        ("a b c d e", "a b c d e a b c d", (1 / 3, 1, 1 / 2, 0)),
    ],
)
def test_aeb_corners(gold: str, output: str, expected: tuple[float | None, ...]) -> None:
    scores = aeb_scores(case_of(output, gold))
    assert tuple(scores[name] for name in ("aeb.P", "aeb.R", "aeb.F", "aeb.exact")) == pytest.approx(expected)


def test_aeb_f_is_of_the_means_and_an_empty_output_costs_recall_alone() -> None:
    pages = [aeb_scores(case_of(output, "a b c d e")) for output in ("a b c d e", "", "a b c d f")]
    value = over(aeb.AEB, pages)
    assert (value["aeb.P"], value["aeb.R"]) == pytest.approx(((1 + 1 / 2) / 2, (1 + 0 + 1 / 2) / 3))
    assert value["aeb.F"] == pytest.approx(2 * (3 / 4) * (1 / 2) / (3 / 4 + 1 / 2))
    without_p_and_r = [{name: page[name] for name in ("aeb.F", *aeb.AEB.counts)} for page in pages]
    assert over(aeb.AEB, without_p_and_r)["aeb.F"] == value["aeb.F"]


def test_aeb_over_nothing_but_empty_outputs_is_zero_and_over_other_goldens_unknown() -> None:
    value = over(aeb.AEB, [aeb_scores(case_of("", "a b c d e"))])
    assert (value["aeb.P"], value["aeb.R"], value["aeb.F"]) == (None, 0, 0)
    assert over(aeb.AEB, [dict.fromkeys(aeb.AEB.names)]) == dict.fromkeys(metric.name for metric in aeb.AEB.metrics)


def test_aeb_failure_costs_precision_too() -> None:
    right = aeb_scores(case_of("a b c d e", "a b c d e"))
    wrong = failed(aeb.AEB, case_of("", "a b c d e"))
    assert over(aeb.AEB, [right, wrong]) == {"aeb.P": 0.5, "aeb.R": 0.5, "aeb.F": 0.5, "aeb.exact": 0.5}
