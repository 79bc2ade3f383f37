"""Kinds of failure: each is told from the others, and its severity is what its definition says."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.goldens import lined_golden
from factories.layouts import BODY, OTHER_BODY, RELATED, html_golden, text_golden
from factories.pages import text_page
from harness.fuzz import reading_of
from harness.fuzz.measure.relations import (
    FLOORS,
    KINDS,
    failure,
    leaked_words,
    level_of,
    lost_words,
    read_output,
    severities,
    truth_of,
    word_distance,
)
from harness.goldens.golden import Golden, resolve
from harness.goldens.labels import Label
from harness.pages.words import words


def test_a_reading_says_what_a_text_holds_of_a_page():
    golden = html_golden()
    whole, half, nothing = (reading_of(golden, text) for text in (golden.main_content, "\n".join(BODY[:2]), " "))
    assert (whole.f, whole.retention, whole.outcome) == (1, 1, "ok")
    assert 0.3 < half.retention < half.recall < 0.7 and half.precision == 1
    assert (nothing.f, nothing.retention, nothing.outcome) == (0, 0, "empty")
    assert reading_of(golden, f"{golden.main_content} zephyr quokka fjord").invented > 0


WHOLE = "\n".join(BODY)
STORY = " ".join(RELATED)


def judged(before, after, inserted=(), outcome="ok", golden=None):
    golden = golden or text_golden()
    control, changed = truth_of(golden), truth_of(golden, inserted)
    return severities(control, read_output(control, "ok", before), changed, read_output(changed, outcome, after))


def kind(*outputs, **how):
    found = failure(judged(*outputs, **how))
    return found and found[0]


def test_the_main_content_alone_reads_as_perfect():
    reading = read_output(truth_of(text_golden()), "ok", WHOLE)
    assert (reading.precision, reading.recall, reading.f, reading.retention) == (1, 1, 1, 1)
    assert (reading.duplicated, reading.disorder, reading.invented, reading.leaked) == (0, 0, 0, None)


def test_what_came_out_twice_has_a_share_in_the_order_but_no_place():
    first, second, third = (" ".join(f"{name}{number}" for number in range(size)) for name, size in zip("abc", (8, 8, 40)))
    golden = lined_golden([("keep", "body", text) for text in (first, second, third)])
    reading = read_output(truth_of(golden), "ok", "\n".join([second, first, third, third]))
    assert reading.disorder == pytest.approx(4 / (4 + 4 + 36))


@pytest.mark.parametrize(
    ("after", "how", "expected"),
    [
        (WHOLE, {}, None),
        ("", {"outcome": "timeout"}, "timeout"),
        ("", {"outcome": "error"}, "crash"),
        ("", {"outcome": "memory"}, "crash"),
        ("", {"outcome": "empty"}, "body lost"),
        (STORY, {}, "body lost"),
        ("\n".join(BODY[:1]), {}, "body lost"),
        ("\n".join(BODY[:3]), {}, None),
        (WHOLE + "\n" + STORY, {}, "leak"),
        (WHOLE + "\n" + "\n".join(OTHER_BODY), {"inserted": OTHER_BODY}, "leak"),
        (WHOLE + "\n" + WHOLE, {}, "duplicate"),
        ("\n".join(reversed(BODY)), {}, "order"),
        (WHOLE + "\nNone None", {}, None),
        (WHOLE + "\n" + "brunnenkresse undefined zwölffach quer NaN " * 2, {}, "invented"),
    ],
)
def test_every_failure_has_the_first_kind_that_holds(after, how, expected):
    assert kind(WHOLE, after, **how) == expected


def test_what_failed_before_the_change_is_no_failure_of_the_change():
    golden = text_golden()
    truth = truth_of(golden)
    before = read_output(truth, "crash", "")
    assert failure(severities(truth, before, truth, read_output(truth, "timeout", ""))) is None


def test_what_leaked_before_is_no_leak_of_the_change():
    both = WHOLE + "\n" + STORY
    assert kind(both, both) is None


def test_a_leak_in_place_of_the_body_is_a_lost_body():
    assert kind(WHOLE, STORY, inserted=RELATED) == "body lost"


def test_the_severity_of_a_leak_is_its_share_of_what_was_inserted():
    (first, *_) = OTHER_BODY
    found = judged(WHOLE, f"{WHOLE}\n{first}", inserted=OTHER_BODY)
    grams = [len(words(text)) - 4 for text in OTHER_BODY]
    assert found["leak"] == pytest.approx(grams[0] / sum(grams))


def test_words_that_are_only_in_attributes_are_not_invented():
    golden = html_golden()
    page = golden.page.raw.replace(b'class="box"', b'class="box" title="candlelight Tuesday walkers"')
    changed = Golden(golden.id, type(golden.page)(page, "text/html"), "article", golden.site, golden.labelled, golden.labels)
    assert kind(WHOLE, WHOLE + "\ncandlelight Tuesday walkers", golden=changed) is None
    assert kind(WHOLE, WHOLE + "\ncandlelight Tuesday walkers", golden=golden) == "invented"


def test_scripts_without_spaces_are_compared_by_longer_grams():
    line = "山腰上的旧粮仓在上个星期六重新打开,里面摆着八千本由附近农户捐出来的书。"
    page = text_page(line)
    labels = (Label("keep", ("1",), "body"),)
    segments, _ = resolve(page, labels)
    truth = truth_of(Golden("x/y", page, "article", "s", segments, labels))
    assert truth.size == 10
    assert read_output(truth, "ok", line).retention == 1


def test_the_lost_and_leaked_words_are_told():
    golden = text_golden()
    truth = truth_of(golden)
    before, after = read_output(truth, "ok", WHOLE), read_output(truth, "ok", "\n".join([*BODY[1:], *RELATED]))
    assert lost_words(truth, after)[:4] == ("Seventeen", "lamplighters", "of", "the")
    assert "thumbprint" in leaked_words(truth, before, truth, after)
    assert "asters" not in leaked_words(truth, before, truth, after)


TEXTS = st.lists(st.sampled_from([*BODY, *RELATED, *OTHER_BODY, "logo", "wholly new words here"]), max_size=9).map("\n".join)


@given(TEXTS, TEXTS)
def test_laws_of_severities(before, after):
    found = judged(before, after)
    assert list(found) == list(KINDS)
    assert all(0 <= value <= 1 for value in found.values())
    assert sum(value >= FLOORS[name] for name, value in found.items()) <= 1, "one failure, one kind"
    assert failure(judged(before, before)) is None, "an output that stays the same does not fail"
    for name, value in found.items():
        assert level_of(name, value) in ("critical", "high", "medium", "low")


@given(st.lists(st.sampled_from("abcd"), max_size=8), st.lists(st.sampled_from("abcd"), max_size=8))
def test_unlike_is_by_the_longest_common_subsequence(a, b):
    def common():
        shorter, longer = sorted([a, b], key=len)
        for size in range(len(shorter), 0, -1):
            for part in combinations(shorter, size):
                rest = iter(longer)
                if all(item in rest for item in part):
                    return size
        return 0

    longest = max(len(a), len(b))
    assert word_distance(a, b) == pytest.approx(1 - common() / longest if longest else 0)
