"""The metrics of public benchmarks: published figures, references written from the definitions, corner cases, failures."""

from __future__ import annotations

import difflib
import gzip
import json
import os
import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.alignment.align import PageWords
from harness.evaluation import evaluate
from harness.goldens.golden import Golden, Snippets
from harness.metrics.base import Case, Family
from harness.metrics.benchmarks import aeb, cleaneval, trafilatura, wcxb
from harness.metrics.benchmarks.aeb import aeb_scores
from harness.metrics.benchmarks.cleaneval import cleaneval_scores
from harness.metrics.benchmarks.trafilatura import trafilatura_scores
from harness.pages.page import Page, visible_text

DATASETS = os.environ.get("HARNESS_DATASETS")
needs_datasets = pytest.mark.skipif(not DATASETS, reason="HARNESS_DATASETS names no folder with the data sets")

WORDS, SNIPPETS = wcxb.WCXB, wcxb.WCXB_SNIPPETS


@dataclass(frozen=True)
class Scored:
    """A page with its scores, as a run keeps it."""

    scores: Mapping[str, float | None]
    set: str = "set"


def golden_of(text: str | None = None, markdown: str | None = None, snippets: Snippets | None = None) -> Golden:
    page = Page(b"", "text/html")
    return Golden("set/page", page, "article", "quay.example", text=text, markdown=markdown, snippets=snippets)


def case_of(output: str, text: str | None = None, **known: Any) -> Case:
    return Case(golden_of(text, **known), output, PageWords((), (), (), (), ()))


def failed(family: Family, case: Case) -> dict[str, float | None]:
    """What a failed page scores in a run."""
    return evaluate.scores_of(case, [metric.name for metric in family.metrics], failed=True)


def over(family: Family, pages: Sequence[Mapping[str, float | None]]) -> dict[str, float | None]:
    return {metric.name: metric.over_pages([Scored(scores) for scores in pages]) for metric in family.metrics}


words = st.lists(st.sampled_from(["Ferry", "ferry", "winch", "drum", "the", "Fähre", "12"]), max_size=12).map(" ".join)


# article-extraction-benchmark

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
def aeb_gold() -> dict[str, str]:
    truth = json.loads(Path(str(DATASETS), "aeb", "ground-truth.json").read_bytes())
    return {key: row["articleBody"] for key, row in truth.items()}


@cache
def aeb_outputs(system: str) -> dict[str, str]:
    stored = json.loads(Path(str(DATASETS), "aeb", "output", f"{system}.json").read_bytes())
    pages = stored["output"] if set(stored) == {"version", "output"} else stored
    return {key: page["articleBody"] or "" for key, page in pages.items()}


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


# WCXB


def wcxb_reference(gold: str, output: str) -> tuple[float, float, float]:
    """P, R and F: tokens of the gold are struck from a list as the output has them."""
    wanted, written = re.findall(r"\w+", gold.lower()), re.findall(r"\w+", output.lower())
    if not wanted:
        return (0, 0, 0) if written else (1, 1, 1)
    if not written:
        return (0, 0, 0)
    both, i = 0, 0
    ordered = sorted(wanted)
    for token in sorted(written):
        while i < len(ordered) and ordered[i] < token:
            i += 1
        if i < len(ordered) and ordered[i] == token:
            both, i = both + 1, i + 1
    return both / len(written), both / len(wanted), 2 * both / (len(wanted) + len(written))


def wcxb_values(gold: str, output: str) -> tuple[float, ...]:
    scores = WORDS.score(case_of(output, gold))
    return tuple(scores[name] for name in ("wcxb.P", "wcxb.R", "wcxb.F"))  # type: ignore[misc]


@cache
def wcxb_pages() -> list[tuple[dict[str, Any], str]]:
    """The golds of some pages, with all text of the page."""
    files = sorted(Path(str(DATASETS), "wcxb", "dev", "ground-truth").glob("*.json"))[::60]
    return [
        (
            json.loads(file.read_bytes())["ground_truth"],
            visible_text(gzip.decompress((file.parents[1] / "html" / f"{file.stem}.html.gz").read_bytes()).decode()),
        )
        for file in files
    ]


@needs_datasets
def test_wcxb_equals_the_definition_on_real_pages() -> None:
    golds = [gold["main_content"] for gold, _ in wcxb_pages()]
    for (gold, text), other in zip(wcxb_pages(), golds[1:] + golds[:1]):
        for output in (text, other, gold["main_content"], ""):
            expected = wcxb_reference(gold["main_content"], output)
            assert wcxb_values(gold["main_content"], output) == pytest.approx(expected, abs=1e-12)


@needs_datasets
def test_wcxb_snippets_equal_the_definition_on_real_pages() -> None:
    for gold, text in wcxb_pages():
        snippets = Snippets(tuple(gold["with"]), tuple(gold["without"]))
        scores = SNIPPETS.score(case_of(text, snippets=snippets))
        for side, listed in (("with", gold["with"]), ("without", gold["without"])):
            found = [snippet for snippet in listed if text.lower().find(snippet.lower()) >= 0]
            assert scores[f"wcxb.{side}"] == (len(found) / len(listed) if listed else 1)


@given(words, words)
def test_wcxb_equals_the_definition_on_short_texts(gold: str, output: str) -> None:
    assert wcxb_values(gold, output) == pytest.approx(wcxb_reference(gold, output))


@given(st.lists(st.sampled_from(["ferry", "winch", "drum"]), max_size=8), st.randoms(), words)
def test_wcxb_knows_neither_order_nor_case(tokens: list[str], random: Any, gold: str) -> None:
    shuffled = random.sample(tokens, len(tokens))
    assert wcxb_values(gold, " ".join(tokens)) == wcxb_values(gold, " ".join(shuffled).upper())


@pytest.mark.parametrize(
    ("gold", "output", "expected"),
    [
        ("", "", (1, 1, 1)),
        ("…", " – ", (1, 1, 1)),
        ("", "An advert", (0, 0, 0)),
        ("The ferry", "", (0, 0, 0)),
        ("The ferry", "An advert", (0, 0, 0)),
        ("The ferry", "FERRY, the", (1, 1, 1)),
        ("the the ferry", "the the the", (2 / 3, 2 / 3, 2 / 3)),
    ],
)
def test_wcxb_corners(gold: str, output: str, expected: tuple[float, ...]) -> None:
    assert wcxb_values(gold, output) == pytest.approx(expected)


def test_wcxb_counts_a_page_without_forbidden_snippets_as_leaked_and_the_listed_rate_leaves_it_out() -> None:
    snippets = Snippets(("winch", "The ferry"), ("its winch", "buy now", "cookie", "log in"))
    text = "The  ferry lost its WINCH"
    pages = [SNIPPETS.score(case_of(text, snippets=known)) for known in (snippets, Snippets((), ()))]
    assert over(SNIPPETS, pages) == {
        "wcxb.with": (1 / 2 + 1) / 2,
        "wcxb.with.listed": 1 / 2,
        "wcxb.without": (1 / 4 + 1) / 2,
        "wcxb.without.listed": 1 / 4,
    }
    assert over(SNIPPETS, pages[1:])["wcxb.without.listed"] is None


def test_wcxb_measures_what_a_golden_has() -> None:
    assert [family.applies(golden_of("a text")) for family in (WORDS, SNIPPETS)] == [True, False]
    assert [family.applies(golden_of(snippets=Snippets(("a",), ()))) for family in (WORDS, SNIPPETS)] == [False, True]


def test_wcxb_failure_scores_worst() -> None:
    case = case_of("", "", snippets=Snippets(("a",), ()))
    assert set(failed(WORDS, case).values()) == {0}
    assert failed(SNIPPETS, case) == {
        "wcxb.with": 0,
        "wcxb.with.listed": 0,
        "wcxb.without": 1,
        "wcxb.without.listed": 1,
    }


# trafilatura's evaluation

TRAFILATURA_NAMES = ("trafilatura.P", "trafilatura.R", "trafilatura.accuracy", "trafilatura.F")


def test_trafilatura_sums_counts_over_pages() -> None:
    """By hand: tp 1 + 2, fp 1 + 0, fn 2 + 0, tn 0 + 3."""
    pages = [
        trafilatura_scores(case_of("the ferry | log in", snippets=Snippets(("ferry", "Ferry", "winch"), ("log in",)))),
        trafilatura_scores(
            case_of("winch\n\tdrum", snippets=Snippets(("winch  drum", "drum"), ("Drum", "ad", "winchdrum")))
        ),
    ]
    assert [page["trafilatura.tp"] for page in pages] == [1, 2]
    assert [pages[0][name] for name in TRAFILATURA_NAMES] == pytest.approx([1 / 2, 1 / 3, 1 / 4, 2 / 5])
    value = over(trafilatura.TRAFILATURA, pages)
    assert [value[name] for name in TRAFILATURA_NAMES] == pytest.approx([3 / 4, 3 / 5, 6 / 9, 6 / 9])


@pytest.mark.parametrize(
    ("output", "required", "forbidden", "expected"),
    [
        ("", ("a",), ("b",), (0, 0, 1 / 2, 0)),
        ("b", ("a",), ("b",), (0, 0, 0, 0)),
        ("a", ("a",), ("b",), (1, 1, 1, 1)),
        ("a", (), (), (0, 0, 0, 0)),
        ("", (), ("b",), (0, 0, 1, 0)),
    ],
)
def test_trafilatura_corners(
    output: str, required: tuple[str, ...], forbidden: tuple[str, ...], expected: tuple[float, ...]
) -> None:
    scores = trafilatura_scores(case_of(output, snippets=Snippets(required, forbidden)))
    value = over(trafilatura.TRAFILATURA, [scores])
    assert tuple(scores[name] for name in TRAFILATURA_NAMES) == pytest.approx(expected)
    assert tuple(value[name] for name in TRAFILATURA_NAMES) == pytest.approx(expected)


snippet_lists = st.lists(st.text("ab \n", min_size=1, max_size=3).filter(str.strip), max_size=4).map(tuple)
snippet_pages = st.tuples(st.text("abA \n\t\u00a0", max_size=12), snippet_lists, snippet_lists)


@given(st.lists(snippet_pages, min_size=1, max_size=4))
def test_trafilatura_equals_the_definition(pages: list[tuple[str, tuple[str, ...], tuple[str, ...]]]) -> None:
    def squeezed(text: str) -> str:
        return re.sub(r"\s+", " ", text).strip()

    found = [
        (wanted, squeezed(snippet) in squeezed(text))
        for text, required, forbidden in pages
        for wanted, snippets in ((True, required), (False, forbidden))
        for snippet in snippets
    ]
    tp, fp, fn = (found.count(kind) for kind in ((True, True), (False, True), (True, False)))
    value = over(
        trafilatura.TRAFILATURA,
        [trafilatura_scores(case_of(text, snippets=Snippets(required, forbidden))) for text, required, forbidden in pages],
    )
    assert value["trafilatura.P"] == pytest.approx(tp / (tp + fp) if tp + fp else 0)
    assert value["trafilatura.R"] == pytest.approx(tp / (tp + fn) if tp + fn else 0)
    assert value["trafilatura.accuracy"] == pytest.approx(1 - (fp + fn) / len(found) if found else 0)
    assert value["trafilatura.F"] == pytest.approx(2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 0)


@given(snippet_pages, st.text("ab", max_size=5))
def test_trafilatura_more_output_never_unsays_what_came_out(
    page: tuple[str, tuple[str, ...], tuple[str, ...]], more: str
) -> None:
    text, required, forbidden = page
    before, after = (
        trafilatura_scores(case_of(output, snippets=Snippets(required, forbidden))) for output in (text, f"{text}{more}")
    )
    assert after["trafilatura.tp"] >= before["trafilatura.tp"]
    assert after["trafilatura.tn"] <= before["trafilatura.tn"]
    assert after["trafilatura.R"] >= before["trafilatura.R"]


def test_trafilatura_failure_is_a_full_miss_and_other_goldens_do_not_count() -> None:
    snippets = Snippets(("a", "b"), ("c",))
    right = trafilatura_scores(case_of("a b", snippets=snippets))
    wrong = failed(trafilatura.TRAFILATURA, case_of("a b", snippets=snippets))
    assert [wrong[f"trafilatura.{count}"] for count in ("tp", "fp", "fn", "tn")] == [0, 0, 2, 1]
    assert [wrong[name] for name in TRAFILATURA_NAMES] == [0, 0, 0, 0]
    value = over(trafilatura.TRAFILATURA, [right, wrong, dict.fromkeys(trafilatura.TRAFILATURA.names)])
    assert [value[name] for name in TRAFILATURA_NAMES] == pytest.approx([1, 1 / 2, 4 / 6, 4 / 6])
    assert not trafilatura.TRAFILATURA.applies(golden_of("a text"))


# CleanEval

CLEANEVAL_NAMES = ("cleaneval.P", "cleaneval.R", "cleaneval.F", "cleaneval.tagP", "cleaneval.tagR", "cleaneval.tagF")


def cleaneval_file(text: str) -> bytes:
    """An output as it is given to the script: each line a segment."""
    return "".join(f"<p>{line}\n" for line in text.splitlines() if line.strip()).encode()


def cleaneval_reference(output: bytes, gold: bytes) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """(tp, fp, fn) of words and of tags, from two files, on bytes as in Python 2, one edit operation after the other."""

    def split(text: bytes) -> list[bytes]:
        kept = b"".join(re.split(rb"(?m)^\s*URL.*$", text))
        spaced = bytes(32 if byte < 32 else byte for byte in kept)
        for tag in (b"<p>", b"<h>", b"<l>", b"<P>", b"<H>", b"<L>"):
            spaced = spaced.replace(tag, b"\n<p> ")
        return re.split(rb"\s+", spaced)

    a, b = split(output), split(gold)
    counts: list[tuple[int, ...]] = []
    for weigh in (lambda token: 1, lambda token: int(token[:3] == b"<p>")):
        tp = fp = fn = 0
        for operation, i1, i2, j1, j2 in difflib.SequenceMatcher(None, a, b).get_opcodes():
            in_output, in_gold = sum(map(weigh, a[i1:i2])), sum(map(weigh, b[j1:j2]))
            if operation == "equal":
                tp += in_output
            else:
                fp, fn = fp + in_output, fn + in_gold
        counts.append((tp, fp, fn))
    return counts[0], counts[1]


def cleaneval_counts(scores: Mapping[str, float | None]) -> tuple[tuple[float | None, ...], tuple[float | None, ...]]:
    words, tags = (tuple(scores[f"cleaneval.{unit}{n}"] for n in ("tp", "fp", "fn")) for unit in ("", "tag."))
    return words, tags


cleaneval_lines = st.lists(
    st.lists(
        st.sampled_from(["ferry", "winch", "the", "URL:", "<h>", "a<L>b", "x\u00a0y", "bell\x07ring", "Fähre"]), max_size=6
    ).map(" ".join),
    max_size=5,
).map("\n".join)


@given(cleaneval_lines, cleaneval_lines)
def test_cleaneval_equals_the_script_on_short_texts(gold: str, output: str) -> None:
    scores = cleaneval_scores(case_of(output, gold))
    assert cleaneval_counts(scores) == cleaneval_reference(cleaneval_file(output), cleaneval_file(gold))


@needs_datasets
def test_cleaneval_equals_the_script_on_real_pages() -> None:
    outputs = aeb_outputs("inscriptis")
    for key, gold in list(aeb_gold().items())[::4]:
        scores = cleaneval_scores(case_of(outputs[key], gold))
        assert cleaneval_counts(scores) == cleaneval_reference(cleaneval_file(outputs[key]), cleaneval_file(gold)), key


@pytest.mark.parametrize(
    ("gold", "output", "expected"),
    [
        # An empty text is one empty word; a text that is not empty begins and ends with one.
        ("", "", (1, 1, 1, 0, 0, 0)),
        ("The ferry", "", (1, 1 / 5, 1 / 3, 0, 0, 0)),
        ("", "The ferry", (1 / 5, 1, 1 / 3, 0, 0, 0)),
        ("The ferry", "The ferry", (1, 1, 1, 1, 1, 1)),
        ("The ferry", "\n The  ferry \n", (1, 1, 1, 1, 1, 1)),
        ("The ferry", "The\nferry", (5 / 6, 1, 10 / 11, 1 / 2, 1, 2 / 3)),
        ("The ferry", "The winch", (4 / 5, 4 / 5, 4 / 5, 1, 1, 1)),
    ],
)
def test_cleaneval_corners(gold: str, output: str, expected: tuple[float, ...]) -> None:
    scores = cleaneval_scores(case_of(output, gold))
    assert tuple(scores[name] for name in CLEANEVAL_NAMES) == pytest.approx(expected)


def test_cleaneval_keeps_lines_that_begin_with_url_since_a_tag_stands_before_them() -> None:
    scores = cleaneval_scores(case_of("URL: quay.example\nThe ferry", "The ferry"))
    assert cleaneval_counts(scores) == ((5, 3, 0), (1, 1, 0))


def test_cleaneval_takes_frequent_words_of_a_long_gold_for_junk() -> None:
    """difflib anchors no match at a word that is more than a hundredth of 200 words or more."""
    gold, output = "the ferry the winch the drum the rope " * 30, "the boat " * 100
    scores = cleaneval_scores(case_of(output, gold))
    assert cleaneval_counts(scores)[0] == cleaneval_reference(cleaneval_file(output), cleaneval_file(gold))[0]
    assert scores["cleaneval.tp"] == 4  # the empty words, the tag and the word beside it; 99 times "the" is lost
    short = "the ferry the winch the drum the rope " * 10
    assert cleaneval_scores(case_of(output, short))["cleaneval.tp"] == 3 + 40


def test_cleaneval_micro_sums_counts_and_a_failure_is_a_full_miss() -> None:
    pages = [cleaneval_scores(case_of("a b", "a b")), failed(cleaneval.CLEANEVAL, case_of("", "a b c d e f\ng"))]
    assert cleaneval_counts(pages[1]) == ((0, 0, 11), (0, 0, 2))
    value = over(cleaneval.CLEANEVAL, pages)
    assert [value[name] for name in CLEANEVAL_NAMES] == [1 / 2] * 6
    micro = [value[f"{name}.micro"] for name in CLEANEVAL_NAMES]
    assert micro == pytest.approx([1, 5 / 16, 10 / 21, 1, 1 / 3, 1 / 2])
